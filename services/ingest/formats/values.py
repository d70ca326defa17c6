"""Values of decoded feeds made ours: what means "not available" or lies outside the domain becomes None, here and once.

Domains and sentinels as the decoder has them for payloads (ITU-R M.1371-5, annex 8), in the units of fairway.records.
"""

import re

from fairway.rate_of_turn import ROT_MOST
from fairway.rate_of_turn import rate_of_turn as degrees_a_minute

DEGREE_DIGITS = 6
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
MAX_MMSI = (1 << 30) - 1

BITS = {  # of fields that are sent as plain numbers; those of `reserved` are of type 19, the longest
    "repeat": 2,
    "seqno": 2,
    "dest_mmsi": 30,
    "mothership_mmsi": 30,
    "radio": 20,
    "reserved": 12,
    "aton_status": 8,
    "ais_version": 2,
    "vendor_model": 4,
    "vendor_serial": 20,
    "dac": 10,
    "fid": 6,
    "type": 6,
    "offset": 12,
    "increment": 11,
    "number": 4,
    "timeout": 3,
    "channel_a": 12,
    "channel_b": 12,
    "txrx": 4,
    "zone_size": 3,
    "station_type": 4,
    "interval": 4,
    "quiet": 4,
}


def most(field: str) -> int:
    """The biggest number that a field of BITS can hold; `offset_1_2` is one of the fields `offset`."""
    return (1 << BITS[field if field in BITS else field.rstrip("_1234")]) - 1


def degrees_east(value: float) -> float | None:
    """181 means not available."""
    return round(value, DEGREE_DIGITS) if -180.0 <= value <= 180.0 else None


def degrees_north(value: float) -> float | None:
    """91 means not available."""
    return round(value, DEGREE_DIGITS) if -90.0 <= value <= 90.0 else None


def knots(value: float) -> float | None:
    """102.3 means not available."""
    return round(value, 1) if 0.0 <= value < 102.25 else None


def course(value: float) -> float | None:
    """360 means not available."""
    return round(value, 1) % 360.0 if 0.0 <= value < 360.0 else None


def heading(value: float) -> int | None:
    """511 means not available."""
    return round(value) % 360 if 0 <= value < 360 else None


def rate_of_turn(value: float) -> float | None:
    """Degrees a minute; beyond 708 there is no number (M.1371-5, Message 1)."""
    return round(value, 2) if -708.75 <= value <= 708.75 else None


def rot_of_byte(value: float) -> float | None:
    """Degrees a minute of ROT as it is sent, signed or as an unsigned byte: 251 is -5. 128 means not available."""
    raw = _signed(value)
    return degrees_a_minute(raw) if -ROT_MOST <= raw <= ROT_MOST else None


def turning_of_byte(value: float) -> str | None:
    """The side that ROT as it is sent names when it gives no number: 127 or -127, no turn indicator."""
    raw = _signed(value)
    if abs(raw) != ROT_MOST + 1:
        return None
    return "right" if raw > 0 else "left"


def _signed(byte: float) -> float:
    return byte - 256 if 128 <= byte <= 255 else byte


def nav_status(value: int) -> int | None:
    """15 means not defined."""
    return value if 0 <= value < 15 else None


def ship_type(value: int) -> int | None:
    """0 means not available."""
    return value if 1 <= value <= 255 else None


def draught(metres: float) -> float | None:
    """0 means not available."""
    return round(metres, 1) if 0.0 < metres <= 25.5 else None


def imo(value: int) -> int | None:
    """0 means not available."""
    return value if 0 < value < 1 << 30 else None


def mmsi(value: int) -> int | None:
    """None for what 30 bits cannot hold; short and odd MMSIs are kept."""
    return value if 0 <= value <= MAX_MMSI else None


def text(value: str | None) -> str | None:
    """Without control characters, padding (@) and space around; None when nothing is left."""
    if not value:
        return None
    return CONTROL.sub("", value.partition("@")[0]).strip() or None
