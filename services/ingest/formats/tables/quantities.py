"""One cell of a table to the value of one field: units as in fairway.records, "not available" as None.

Raises ValueError for text that is not of the field's kind. Domains: values.py and ITU-R M.1371-5, annex 8.
"""

from services.ingest.formats import values
from services.ingest.formats.tables.cells import number, whole
from services.ingest.formats.tables.nav_statuses import code_of_words

MOST_ROT = 708.75  # degrees/minute; Message 1: raw 126 is 708.71, raw 127 (719.99) says only to which side
LONGEST_TEXT = 170  # characters; a name has 20, a safety text (Message 14) 161
MOST_LENGTH, MOST_WIDTH = 1022, 126  # metres; Message 5: A + B and C + D at their most
NO_TEXT = "-99"  # how some research tables write an unknown call sign
TRUE, FALSE = frozenset(["1", "true", "t", "yes", "1.0"]), frozenset(["0", "false", "f", "no", "0.0"])


def mmsi(text: str) -> int:
    """Who sends. Never None."""
    value = values.mmsi(whole(text))
    if value is None:
        raise ValueError(f"{text[:40]!r} is not an MMSI")
    return value


def lon(text: str) -> float | None:
    return values.degrees_east(number(text))


def lat(text: str) -> float | None:
    return values.degrees_north(number(text))


def sog(text: str) -> float | None:
    return values.knots(number(text))


def aircraft_sog(text: str) -> float | None:
    """Message 9: whole knots to 1,022; 1,023 means not available."""
    speed = number(text)
    return round(speed, 1) if 0.0 <= speed < 1023 else None


def cog(text: str) -> float | None:
    return values.course(number(text))


def heading(text: str) -> int | None:
    return values.heading(number(text))


def rot(text: str) -> float | None:
    """Degrees a minute. 128 is the raw "not available" and no rate that any raw value gives."""
    rate = number(text)
    return round(rate, 2) if abs(rate) <= MOST_ROT and abs(rate) != 128 else None


def turning(text: str) -> str | None:
    """The side, where the rate is that of raw 127: it turns, without a turn indicator."""
    rate = number(text)
    if abs(rate) <= MOST_ROT:
        return None
    return "right" if rate > 0 else "left"


def rot_of_byte(text: str) -> float | None:
    """The raw eight bits, signed or not."""
    return values.rot_of_byte(whole(text))


def turning_of_byte(text: str) -> str | None:
    """The raw eight bits, where they name only the side."""
    return values.turning_of_byte(whole(text))


def nav_status(text: str) -> int | None:
    """A code or, as NOAA and the Danish Maritime Authority write it, words; words nobody knows are None."""
    if text[0].isalpha():
        return code_of_words(text)
    return values.nav_status(whole(text))


def imo(text: str) -> int | None:
    """With or without the letters IMO before it."""
    digits = text[3:].strip() if text[:3].upper() == "IMO" else text
    return values.imo(whole(digits)) if digits else None


def ship_type(text: str) -> int | None:
    """A code; words are a provider's own classes, which are not the standard's."""
    return None if text[0].isalpha() else values.ship_type(whole(text))


def draught(text: str) -> float | None:
    return values.draught(number(text))


def draught_tenths(text: str) -> float | None:
    """In 1/10 metre."""
    return values.draught(number(text) / 10)


def length(text: str) -> float | None:
    """0 means not available."""
    metres = number(text)
    return round(metres, 1) if 0 < metres <= MOST_LENGTH else None


def width(text: str) -> float | None:
    """0 means not available."""
    metres = number(text)
    return round(metres, 1) if 0 < metres <= MOST_WIDTH else None


def along(text: str) -> int | None:
    """Metres from the reference point to bow or stern; Message 5: 511 at most."""
    metres = number(text)
    return round(metres) if 0 <= metres <= 511 else None


def across(text: str) -> int | None:
    """Metres from the reference point to a side; Message 5: 63 at most."""
    metres = number(text)
    return round(metres) if 0 <= metres <= 63 else None


def fix_type(text: str) -> int | None:
    """0 means undefined."""
    code = whole(text)
    return code if 1 <= code <= 15 else None


def text(text: str) -> str | None:
    """What someone typed, without control characters and padding."""
    return None if text == NO_TEXT else values.text(text[:LONGEST_TEXT])


def flag(text: str) -> bool:
    """1 is true."""
    word = text.lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ValueError(f"{text[:40]!r} is neither true nor false")


def inverted_flag(text: str) -> bool:
    """0 is true."""
    return not flag(text)


def ais_class(text: str) -> str | None:
    """A or B, alone or after the word class."""
    letter = text[-1].upper()
    return letter if letter in "AB" and text[:-1].strip().lower() in ("", "class") else None


def msg_type(text: str) -> int:
    """1 to 27, never None."""
    code = whole(text)
    if not 1 <= code <= 27:
        raise ValueError(f"{text[:40]!r} is not a message type")
    return code
