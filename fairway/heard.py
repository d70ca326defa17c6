"""Who else heard a transmission: the lines of `event.heard.<tail>`, which the filter makes of the copies that it drops."""

import msgspec

KIND = "heard"


class HeardCopy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag_field="kind", tag=KIND):
    """One copy; members are those of its record (records.py), times of our form. `kept_time` is the event_time of the report
    that was kept of the same transmission, by which ais.heard_copies finds it.
    """

    mmsi: int
    msg_type: int | None = None
    digest: int | None = None
    kept_time: str
    event_time: str
    received_at: str
    source: str
    station: str | None = None


_encode = msgspec.json.Encoder().encode_lines
_decode = msgspec.json.Decoder(HeardCopy).decode_lines


def encode(copies: list[HeardCopy]) -> bytes:
    """NDJSON, one copy a line."""
    return _encode(copies)


def decode(body: bytes) -> list[HeardCopy]:
    """The copies in a body. Raises msgspec.MsgspecError when a line is not one."""
    return _decode(body)
