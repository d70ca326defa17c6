"""What pyais says of a message, in our names: the decoder of reference, and where we knowingly differ from it.

The values that mean "not available" are written out here once more, on purpose: the table in fields.py is what is tested.
Known differences (docs/decisions/0010): pyais rounds the rate of turn to whole degrees; reads the corners of types 22 and
23 and the position of 17 in tenths of a minute, 17 without its sign; gives a part of a field that is cut short; strips
texts at both ends and keeps what follows padding; has no spare bits in addressed types 25 and 26, and takes 26 apart as
if its data had the greatest length.
"""

from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Any

from services.decoder.layout import Layout
from services.decoder.rules import Values

FIELDS = {
    "class_a": "status:nav_status speed:sog accuracy lon lat course:cog heading second maneuver raim radio",
    "station": "year:utc_year month:utc_month day:utc_day hour:utc_hour minute:utc_minute second:utc_second accuracy lon lat"
    " epfd:fix_type raim radio",
    "acks": " ".join(f"mmsi{n}:dest_mmsi_{n} mmsiseq{n}:seqno_{n}" for n in range(1, 5)),
    "sides": "to_bow to_stern to_port to_starboard",
}
BY_TYPE = {
    **dict.fromkeys((1, 2, 3), FIELDS["class_a"]),
    **dict.fromkeys((4, 11), FIELDS["station"]),
    5: "ais_version imo callsign shipname:name ship_type epfd:fix_type month:eta_month day:eta_day hour:eta_hour"
    f" minute:eta_minute draught destination dte {FIELDS['sides']}",
    6: "seqno dest_mmsi retransmit dac fid",
    **dict.fromkeys((7, 13), FIELDS["acks"]),
    8: "dac fid",
    9: "alt:altitude speed:sog accuracy lon lat course:cog second dte assigned raim radio",
    10: "dest_mmsi:dest_mmsi_1",
    12: "seqno dest_mmsi retransmit text",
    14: "text",
    15: "mmsi1:dest_mmsi_1 type1_1:type_1_1 offset1_1:offset_1_1 type1_2:type_1_2 offset1_2:offset_1_2 mmsi2:dest_mmsi_2"
    " type2_1:type_2_1 offset2_1:offset_2_1",
    16: "mmsi1:dest_mmsi_1 offset1:offset_1 increment1:increment_1 mmsi2:dest_mmsi_2 offset2:offset_2 increment2:increment_2",
    17: "",
    18: "speed:sog accuracy lon lat course:cog heading second cs display dsc band msg22 assigned raim radio",
    19: "speed:sog accuracy lon lat course:cog heading second shipname:name ship_type epfd:fix_type raim dte assigned"
    f" {FIELDS['sides']}",
    20: " ".join(
        f"offset{n}:offset_{n} number{n}:number_{n} timeout{n}:timeout_{n} increment{n}:increment_{n}"
        for n in range(1, 5)
    ),
    21: "aid_type:aton_type accuracy lon lat epfd:fix_type second off_position reserved_1:aton_status raim virtual_aid assigned"
    f" {FIELDS['sides']}",
    22: "channel_a channel_b txrx power:power_low dest1:dest_mmsi_1 dest2:dest_mmsi_2 ne_lon ne_lat sw_lon sw_lat addressed"
    " band_a band_b zonesize:zone_size",
    23: "ne_lon ne_lat sw_lon sw_lat station_type ship_type txrx interval quiet",
    24: "shipname:name ship_type vendorid:vendor_id model:vendor_model serial:vendor_serial callsign mothership_mmsi"
    f" {FIELDS['sides']}",
    25: "",
    26: "",
    27: "accuracy raim status:nav_status lon lat speed:sog course:cog gnss",
    28: "second lon lat status_bits:aton_status",
}

_ZERO_IS_NULL = {"imo", "ship_type", "fix_type", "draught", "quiet", "channel_a", "channel_b", "aton_type"}
_ZERO_IS_NULL |= {"utc_year", "utc_month", "utc_day", "eta_month", "eta_day", "dest_mmsi", "mothership_mmsi"}
_ZERO_IS_NULL |= {f"{name}_{n}" for name in ("dest_mmsi", "offset", "number", "timeout") for n in range(1, 5)}
_ZERO_IS_NULL |= {"type_1_1", "type_1_2", "type_2_1"}
_NULL: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(_ZERO_IS_NULL, lambda value: value == 0),
    **dict.fromkeys(("lon", "ne_lon", "sw_lon"), lambda value: abs(value) > 180),
    **dict.fromkeys(("lat", "ne_lat", "sw_lat"), lambda value: abs(value) > 90),
    **dict.fromkeys(("cog", "heading"), lambda value: value >= 360),
    **dict.fromkeys(("utc_hour", "eta_hour"), lambda value: value >= 24),
    **dict.fromkeys(("utc_minute", "utc_second", "eta_minute"), lambda value: value >= 60),
    "second": lambda value: value == 60,
    "nav_status": lambda value: value == 15,
    "maneuver": lambda value: value in (0, 3),
    "altitude": lambda value: value == 4095,
}
_NULL["utc_month"] = _NULL["eta_month"] = lambda value: not 1 <= value <= 12
_NULL["utc_year"] = lambda value: not 1 <= value <= 9999
_SOG_UNKNOWN = {9: 1023, 27: 63}
_TEXTS = {"name", "callsign", "destination", "text", "vendor_id"}
_INVERTED = {"dte", "gnss"}
_CORNERS = {"ne_lon", "ne_lat", "sw_lon", "sw_lat"}

# A field that we leave null when all of these are
_WITH: dict[str, tuple[str, ...]] = {
    **{f"seqno_{n}": (f"dest_mmsi_{n}",) for n in range(1, 5)},
    **{f"increment_{n}": (f"offset_{n}", f"number_{n}", f"timeout_{n}") for n in range(1, 5)},
    "offset_1_2": ("type_1_2",),
    "type_2_1": ("dest_mmsi_2",),
    "offset_2_1": ("dest_mmsi_2",),
}
_WITH_16 = {"offset_2": ("dest_mmsi_2",), "increment_2": ("dest_mmsi_2",), "increment_1": ("dest_mmsi_1", "offset_1")}
_OTHER_SIDE = {"to_bow": "to_stern", "to_stern": "to_bow", "to_port": "to_starboard", "to_starboard": "to_port"}


def disagreements(ours: Values, theirs: Any, layout: Layout, length: int) -> list[str]:
    """Each field on which we and pyais differ, with both values; what is cut short is left out."""
    msg_type = int(theirs.msg_type)
    whole = {field.name for field in layout.fields if field.end <= length}
    found = []
    for attribute, name in _pairs(msg_type):
        value = getattr(theirs, attribute, None)
        if name in whole and value is not None and not _agree(name, ours, value, msg_type):
            found.append(f"{name}: {ours[name]!r}, pyais {value!r}")
    if msg_type <= 3 and not _agree_on_turn(ours, theirs.turn):
        found.append(f"rot: {ours['rot']!r} {ours['turning']!r}, pyais {theirs.turn!r}")
    return found


@cache
def _pairs(msg_type: int) -> list[tuple[str, str]]:
    """pyais's name and ours of each field compared."""
    split = (pair.partition(":") for pair in ("repeat mmsi " + BY_TYPE[msg_type]).split())
    return [(theirs, ours or theirs) for theirs, _, ours in split]


def _agree(name: str, all_ours: Values, value: Any, msg_type: int) -> bool:
    ours = all_ours[name]
    if name in _TEXTS:
        return _stripped(ours) == _stripped(_to_padding(value) if name != "text" else value)
    if name in _CORNERS:
        value = round(value / 60, 6)
    if name in _INVERTED:
        return ours == (not value)
    if ours is None:
        return _is_null(name, all_ours, value, msg_type)
    if isinstance(value, Enum) and value != ours:  # pyais has one member for all reserved codes
        return type(value)(ours) == value  # type: ignore[no-any-return]
    return bool(ours == value)


def _is_null(name: str, ours: Values, value: Any, msg_type: int) -> bool:
    if name == "sog":
        return bool(value == _SOG_UNKNOWN.get(msg_type, 102.3))
    if name in _OTHER_SIDE:
        return value == 0 and ours[_OTHER_SIDE[name]] is None
    keys = (_WITH_16 if msg_type == 16 else {}).get(name) or _WITH.get(name)
    if keys and all(ours.get(key) is None for key in keys):
        return True
    return name in _NULL and _NULL[name](value)


def _agree_on_turn(ours: Values, theirs: Any) -> bool:
    if ours["turning"]:
        return bool(theirs == (127 if ours["turning"] == "right" else -127))
    if ours["rot"] is None:
        return bool(theirs == -128)
    return isinstance(ours["rot"], float) and abs(theirs - ours["rot"]) <= 0.5


def _to_padding(text: str) -> str:
    return text.partition("@")[0]


def _stripped(text: object) -> str:
    return str(text or "").strip(" @")
