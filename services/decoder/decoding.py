"""Raw records to decoded ones: the one seam behind which all decoding lies.

    Raw ─ defect? ─ join sentences ─ unarmour ─ layout of its type ─ read fields ─ rules ─▶ Decoded
            └──────────────┴────────────┴───────────────┴─ a reason ───────────────────────▶ Rejected

Every raw record ends as exactly one of the two, in the order they came in; nothing here raises on what a record says.
"""

from collections.abc import Sequence
from zlib import crc32

from fairway.records import REASONS, Decoded, Raw, Rejected
from services.decoder.bits import Bits, unarmour
from services.decoder.layout import SHORTEST, Layout
from services.decoder.layouts import BY_CHOICE, BY_TYPE
from services.decoder.payload import Payload, join
from services.decoder.reading import read

TYPE_BITS = 6


def decode_batch(raws: Sequence[Raw]) -> tuple[list[Decoded], list[Rejected]]:
    """Each raw record decoded, or rejected with its reason; both lists keep the order of `raws`."""
    decoded: list[Decoded] = []
    rejected: list[Rejected] = []
    for raw in raws:
        record = decode_one(raw)
        if isinstance(record, Decoded):
            decoded.append(record)
        else:
            rejected.append(record)
    return decoded, rejected


def decode_one(raw: Raw) -> Decoded | Rejected:
    """One raw record decoded, or rejected with its reason."""
    if raw.defect is not None:
        return _rejected(raw, raw.defect if raw.defect in REASONS else "undecodable")
    payload = join(raw.sentences)
    if isinstance(payload, str):
        return _rejected(raw, payload)
    bits = unarmour(payload.text, payload.fill)
    if bits is None:
        return _rejected(raw, "armour")
    msg_type = bits.value >> (bits.length - TYPE_BITS) if bits.length >= TYPE_BITS else None
    layout = _layout(msg_type, bits)
    if isinstance(layout, str):
        return _rejected(raw, layout)
    return _decoded(raw, payload, bits, msg_type, layout)


def _layout(msg_type: int | None, bits: Bits) -> Layout | str:
    """The layout of the message, or the reason why there is none."""
    if msg_type is None:
        return "too_short"
    layout = BY_TYPE.get(msg_type)
    if layout is None:
        if msg_type not in BY_CHOICE:
            return "unknown_type"
        if bits.length < SHORTEST:
            return "too_short"
        layout = BY_CHOICE[msg_type](bits)
        if layout is None:
            return "undecodable"
    return "too_short" if bits.length < layout.required else layout


def _decoded(raw: Raw, payload: Payload, bits: Bits, msg_type: int | None, layout: Layout) -> Decoded:
    values = read(layout, bits)
    for rule in layout.rules:
        rule(values, bits, raw)
    # One by one into the dictionary that is there: to hand them over beside it would copy it
    values["source"] = raw.source
    values["station"] = raw.station
    values["event_time"] = raw.event_time
    values["received_at"] = raw.received_at
    values["time_source"] = raw.time_source
    values["time_shift"] = raw.time_shift
    values["msg_type"] = msg_type
    values["channel"] = payload.channel
    values["talker"] = payload.talker
    values["own_ship"] = payload.own_ship
    values["digest"] = crc32(payload.text)
    return layout.kind(**values)


def _rejected(raw: Raw, reason: str) -> Rejected:
    return Rejected(
        source=raw.source,
        station=raw.station,
        event_time=raw.event_time,
        received_at=raw.received_at,
        time_source=raw.time_source,
        time_shift=raw.time_shift,
        sentences=raw.sentences,
        reason=reason,
    )
