"""The kinds of bit field an AIS message is made of, and how a value becomes raw bits."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

Value = int | float | str | None  # what a field can hold; None means not available

DEGREE_STEPS = 600_000  # positions travel in 1/10,000 of a minute
ROT_STEPS = 4.733  # ROT_AIS = 4.733 √(degrees per minute), ITU-R M.1371-5 table 48

# Two's complement, cut to the width of the field.
LONGITUDE_MASK = (1 << 28) - 1
LATITUDE_MASK = (1 << 27) - 1
ROT_MASK = (1 << 8) - 1

# Raw values that mean not available.
SOG_MISSING = 1023
COG_MISSING = 3600
HEADING_MISSING = 511
ROT_MISSING = -128


class Field(NamedTuple):
    """`width` bits at one place of a message; `missing` is the raw value that means not available."""

    name: str
    width: int
    to_raw: Callable[..., int]
    missing: int


def fixed(width: int, raw: int) -> Field:
    """Bits that are the same in every message of this layout: type, part number, spare."""
    return Field("", width, int, raw)


def count(name: str, width: int, missing: int = 0) -> Field:
    """An unsigned whole number, sent as it is."""
    return Field(name, width, int, missing)


def tenths(name: str, width: int, missing: int) -> Field:
    """An unsigned number sent in tenths: knots, degrees or metres."""
    return Field(name, width, _tenths_to_raw, missing)


def longitude() -> Field:
    """28 bits, signed; 181 degrees when not available."""
    return Field("lon", 28, _longitude_to_raw, 181 * DEGREE_STEPS)


def latitude() -> Field:
    """27 bits, signed; 91 degrees when not available."""
    return Field("lat", 27, _latitude_to_raw, 91 * DEGREE_STEPS)


def rate_of_turn() -> Field:
    """8 bits, signed, the square root of degrees per minute; -128 when not available."""
    return Field("rot", 8, _rot_to_bits, ROT_MISSING & ROT_MASK)


def text(name: str, characters: int) -> Field:
    """Six-bit ASCII, padded with `@`; not available is all `@`."""
    return Field(name, characters * 6, lambda value: _text_to_raw(value, characters), 0)


def degrees_to_raw(degrees: float) -> int:
    """Whole 1/10,000 minutes, not yet in two's complement."""
    return round(degrees * DEGREE_STEPS)


def raw_to_degrees(raw: int) -> float:
    """Degrees with six decimals, as decoders give them."""
    # Whole-number arithmetic: round(raw / 600000, 6) to the bit, several times as fast.
    return ((10 * raw + 3) // 6) / 1e6


def rot_to_raw(rot: float) -> int:
    """Degrees per minute as ROT_AIS, not yet in two's complement; 708 and more all become ±126."""
    if not rot:
        return 0
    return round(math.copysign(min(126, round(ROT_STEPS * math.sqrt(abs(rot)))), rot))


def raw_to_rot(raw: int) -> float:
    """Degrees per minute to two digits, which keep all steps apart; the steps grow with the rate."""
    return math.copysign(round((raw / ROT_STEPS) ** 2, 2), raw) if raw else 0.0


def _tenths_to_raw(value: float) -> int:
    return round(value * 10)


def _longitude_to_raw(value: float) -> int:
    if not -180 <= value <= 180:
        raise ValueError(f"longitude {value} is not within ±180 degrees")
    return degrees_to_raw(value) & LONGITUDE_MASK


def _latitude_to_raw(value: float) -> int:
    if not -90 <= value <= 90:
        raise ValueError(f"latitude {value} is not within ±90 degrees")
    return degrees_to_raw(value) & LATITUDE_MASK


def _rot_to_bits(value: float) -> int:
    return rot_to_raw(value) & ROT_MASK


@lru_cache(maxsize=4096)
def _text_to_raw(value: str, characters: int) -> int:
    if len(value) > characters:
        raise ValueError(f"{value!r} is longer than {characters} characters")
    raw = 0
    for character in value.ljust(characters, "@"):
        code = ord(character)
        if not 32 <= code < 96:
            raise ValueError(f"{value!r} has a character outside six-bit ASCII: {character!r}")
        raw = raw << 6 | code & 63
    return raw
