"""Layouts of data, safety texts and the network's own talk: Messages 6 to 8, 10, 12 to 17, 20, 22, 23, 25, 26.

ITU-R M.1371-5, annex 8, under the message named.
"""

from fairway.records import Binary, Other, Safety
from services.decoder import fields as f
from services.decoder import rules
from services.decoder.applications.catalogue import ADDRESSED, BROADCAST
from services.decoder.applications.rule import ContentFrom
from services.decoder.fields import Field
from services.decoder.layout import HEAD, SHORTEST, Layout, layout
from services.decoder.rules import Rule

# Messages 6 and 12 begin alike
_ADDRESSED = (f.code("seqno", 38, 2), f.station("dest_mmsi", 40), f.flag("retransmit", 70))

_APPLICATION = (f.code("dac", 72, 10), f.code("fid", 82, 6))
_BROADCAST_APPLICATION = (f.code("dac", 40, 10), f.code("fid", 50, 6))

# Message 6
ADDRESSED_BINARY = layout(
    Binary, "fid", *_ADDRESSED, *_APPLICATION, rules=(rules.DataFrom(88), ContentFrom(ADDRESSED, 88))
)

# Message 6 as IMO SN/Circ.236 had it for the number of persons on board: 72 bits and no address
UNADDRESSED_BINARY = layout(
    Binary, "fid", *_BROADCAST_APPLICATION, rules=(rules.DataFrom(56), ContentFrom(ADDRESSED, 56))
)

# Message 8
BROADCAST_BINARY = layout(
    Binary, "fid", *_BROADCAST_APPLICATION, rules=(rules.DataFrom(56), ContentFrom(BROADCAST, 56))
)

# Message 17
CORRECTIONS = layout(Binary, "lat", *f.coarse_position(40), rules=(rules.DataFrom(80),))

# Messages 12, 14
ADDRESSED_SAFETY = layout(Safety, "retransmit", *_ADDRESSED, f.free_text(72, 156))
BROADCAST_SAFETY = layout(Safety, "mmsi", f.free_text(40, 161))

# Message 10
INQUIRY = layout(Other, "dest_mmsi_1", f.station("dest_mmsi_1", 40))


def _acknowledgement() -> Layout:
    """Messages 7, 13: one to four stations, each with the sequence number that is acknowledged."""
    fields: list[Field] = []
    checks: list[Rule] = []
    for place in range(1, 5):
        offset = 40 + 32 * (place - 1)
        fields += [f.station(f"dest_mmsi_{place}", offset), f.code(f"seqno_{place}", offset + 30, 2)]
        checks.append(rules.ForgetWithout((f"dest_mmsi_{place}",), (f"seqno_{place}",)))
    return layout(Other, "seqno_1", *fields, rules=tuple(checks), blocks=(72, 104, 136))


def _reservations() -> Layout:
    """Message 20: one to four blocks of reserved slots; a block of zeros is none."""
    fields: list[Field] = []
    checks: list[Rule] = []
    for place in range(1, 5):
        offset = 40 + 30 * (place - 1)
        block = (
            f.code(f"offset_{place}", offset, 12, null=0),
            f.code(f"number_{place}", offset + 12, 4, null=0),
            f.code(f"timeout_{place}", offset + 16, 3, null=0),
        )
        increment = f.code(f"increment_{place}", offset + 19, 11)  # 0: one block a frame
        fields += [*block, increment]
        checks.append(rules.ForgetWithout(tuple(field.name for field in block), (increment.name,)))
    return layout(Other, "increment_1", *fields, rules=tuple(checks), blocks=(70, 100, 130))


ACKNOWLEDGEMENT = _acknowledgement()
RESERVATIONS = _reservations()

# Message 15: one or two messages asked of one station, one of a second. Places that are not used are zero
INTERROGATION = layout(
    Other,
    "offset_1_1",
    f.station("dest_mmsi_1", 40),
    f.code("type_1_1", 70, 6, null=0),
    f.code("offset_1_1", 76, 12),
    f.code("type_1_2", 90, 6, null=0),
    f.code("offset_1_2", 96, 12),
    f.station("dest_mmsi_2", 110),
    f.code("type_2_1", 140, 6, null=0),
    f.code("offset_2_1", 146, 12),
    rules=(
        rules.ForgetWithout(("type_1_2",), ("offset_1_2",)),
        rules.ForgetWithout(("dest_mmsi_2",), ("type_2_1", "offset_2_1")),
    ),
    blocks=(90, 110),
)

# Message 16: 96 bits for one station, 144 for two
ASSIGNMENT = layout(
    Other,
    "increment_1",
    f.station("dest_mmsi_1", 40),
    f.code("offset_1", 70, 12),
    f.code("increment_1", 82, 10),
    f.station("dest_mmsi_2", 92),
    f.code("offset_2", 122, 12),
    f.code("increment_2", 134, 10),
    rules=(rules.ForgetWithout(("dest_mmsi_2",), ("offset_2", "increment_2")),),
    blocks=(92,),
)

# Message 22, to an area or to two stations
_CHANNELS = (
    f.code("channel_a", 40, 12, null=0),
    f.code("channel_b", 52, 12, null=0),
    f.code("txrx", 64, 4),
    f.flag("power_low", 68),
    f.flag("addressed", 139),
    f.flag("band_a", 140),
    f.flag("band_b", 141),
    f.code("zone_size", 142, 3),
)
CHANNELS_OF_AREA = layout(Other, "zone_size", *_CHANNELS, *f.coarse_position(69, "ne_"), *f.coarse_position(104, "sw_"))
CHANNELS_OF_STATIONS = layout(
    Other, "zone_size", *_CHANNELS, f.station("dest_mmsi_1", 69), f.station("dest_mmsi_2", 104)
)

# Message 23
GROUP_ASSIGNMENT = layout(
    Other,
    "quiet",
    *f.coarse_position(40, "ne_"),
    *f.coarse_position(75, "sw_"),
    f.code("station_type", 110, 4),
    f.ship_type(114),
    f.code("txrx", 144, 2),
    f.code("interval", 146, 4),
    f.code("quiet", 150, 4, null=0),
)


def flexible_binary(addressed: bool, structured: bool, with_state: bool) -> Layout:
    """Messages 25 and 26: a destination with two spare bits, then an application identifier, each if its flag is set.

    Message 26 ends with its communication state. The four spare bits before that stay with the data: some units use them.
    """
    fields: tuple[Field, ...] = ()
    offset = 40
    if addressed:
        fields += (f.station("dest_mmsi", offset),)
        offset += 32
    if structured:
        fields += (f.code("dac", offset, 10), f.code("fid", offset + 10, 6))
        offset += 16
    after = rules.COMMUNICATION_STATE_BITS if with_state else 0
    checks: list[Rule] = [rules.DataFrom(offset, after)]
    if structured:
        checks.append(ContentFrom(ADDRESSED if addressed else BROADCAST, offset, after))
    if with_state:
        checks.append(rules.communication_state_after(offset))
    return Layout(Binary, SHORTEST, (*HEAD, *fields), tuple(checks))
