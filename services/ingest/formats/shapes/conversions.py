"""Values of JSON and XML made ours: a number may come as text, and nothing in many words.

None is for what is not there, means "not available" or lies outside the field's domain. What is not of its kind at all, such
as letters in a number, raises Unreadable: the object is rejected for it.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import isfinite

from services.ingest.formats import values

Object = Mapping[str, object]
Convert = Callable[[object], object]
Plan = tuple[tuple[str, str, Convert], ...]  # the field's name, the object's key, what makes the value ours

LONGEST_NUMBER = 40  # characters of a number written as text
LONGEST_TEXT = 256  # characters; the longest text of any AIS message has 161
BIGGEST_NUMBER = 1 << 70  # above any time in nanoseconds and any field of any message
NOTHING = frozenset({"", "-", "nan", "null", "none", "n/a", "na", "undefined", "unknown", "not available"})
TRUE, FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})


class Unreadable(ValueError):
    """A value is not of its kind. `reason` is one of fairway.records.REASONS."""

    def __init__(self, reason: str = "bad_value") -> None:
        super().__init__(reason)
        self.reason = reason


def plan(**columns: tuple[str, Convert]) -> Plan:
    """A table of field = (key, conversion)."""
    return tuple((name, key, convert) for name, (key, convert) in columns.items())


def read(each: Object, table: Plan) -> dict[str, object]:
    """The fields of `table` that `each` has something for. Raises Unreadable."""
    found: dict[str, object] = {}
    for name, key, convert in table:
        value = each.get(key)
        if value is not None:
            value = convert(value)
            if value is not None:
                found[name] = value
    return found


def number(value: object) -> int | float | None:
    """A finite number. Raises Unreadable."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return _of_bearable_size(value)
    if isinstance(value, str):
        return _number_of_text(value.strip())
    if value is None:
        return None
    raise Unreadable


def _number_of_text(text: str) -> int | float | None:
    if len(text) > LONGEST_NUMBER or "_" in text:  # Python reads 1_000, nobody else does
        raise Unreadable
    try:
        return _of_bearable_size(int(text)) if text.isdigit() else number(float(text))
    except ValueError:
        if text.lower() in NOTHING:
            return None
        raise Unreadable from None


def _of_bearable_size(value: int) -> int:
    if -BIGGEST_NUMBER < value < BIGGEST_NUMBER:
        return value
    raise Unreadable


def integer(value: object) -> int | None:
    """A whole number, also as 25.0 or "25". Raises Unreadable."""
    found = number(value)
    if found is None or isinstance(found, int):
        return found
    if found.is_integer() and abs(found) < BIGGEST_NUMBER:
        return int(found)
    raise Unreadable


def code(low: int, high: int, null: int | None = None) -> Convert:
    """A whole number from `low` to `high`, except `null`."""

    def convert(value: object) -> object:
        found = value if type(value) is int else integer(value)  # nearly all are, and bool is not
        return found if found is not None and low <= found <= high and found != null else None

    return convert


def worded_code(low: int, high: int, words: Mapping[str, int] | None = None) -> Convert:
    """A code that some write in words; None for words that are not in `words` (lower case)."""
    as_number = code(low, high)

    def convert(value: object) -> object:
        if isinstance(value, str) and not value.strip().replace(".", "", 1).isdigit():
            return words.get(value.strip().lower()) if words else None
        return as_number(value)

    return convert


def measure(check: Callable[[float], object], per_unit: int = 1) -> Convert:
    """A number of `per_unit` to the unit, which `check` (of values.py) makes ours."""

    def convert(value: object) -> object:
        found = value if type(value) is float else number(value)  # no check takes NaN or infinity
        return None if found is None else check(found / per_unit)

    return convert


def flag(value: object) -> bool | None:
    """True or false, also as 0 or 1. Raises Unreadable."""
    if value is True or value is False:
        return bool(value)
    if isinstance(value, str):
        word = value.strip().lower()
        if word in TRUE or word in FALSE:
            return word in TRUE
    found = number(value)
    if found is None or found in (0, 1):
        return None if found is None else found == 1
    raise Unreadable


def inverted_flag(value: object) -> bool | None:
    """Sent as 0 for true. Raises Unreadable."""
    found = flag(value)
    return None if found is None else not found


def text(value: object) -> str | None:
    """Six-bit text up to its first padding, without space around; a number is taken as it is written. Raises Unreadable."""
    return _text(_short_text(value))


_text = lru_cache(maxsize=4096)(values.text)  # a feed repeats its ships' names, and its channels


def free_text(value: object) -> str | None:
    """Text in which an @ may stand, as in a safety message: only the padding at its end goes. Raises Unreadable."""
    return values.CONTROL.sub("", _short_text(value).rstrip("@ ")).strip() or None


def _short_text(value: object) -> str:
    if type(value) is str and len(value) <= LONGEST_TEXT:
        return value
    if isinstance(value, str):
        raise Unreadable
    found = number(value)
    return "" if found is None else str(found)


def mmsi(value: object) -> int:
    """The sender's MMSI. Raises Unreadable, also when there is none."""
    try:
        found = value if type(value) is int else integer(value)
    except Unreadable:
        raise Unreadable("bad_mmsi") from None
    known = None if found is None else values.mmsi(found)
    if known is None:
        raise Unreadable("bad_mmsi")
    return known


def msg_type(value: object) -> int | None:
    """AIS message type, also as "AIS.18"; None when nobody says. Raises Unreadable."""
    found = value if type(value) is int else _type_number(value)
    if found is not None and not 1 <= found <= 27:
        raise Unreadable("unknown_type")
    return found


def _type_number(value: object) -> int | None:
    return integer(value.removeprefix("AIS.") if isinstance(value, str) else value)


def imo(value: object) -> int | None:
    """IMO number, also as "IMO9739666". Raises Unreadable."""
    if isinstance(value, str):
        value = value.strip().upper().removeprefix("IMO").strip()
    found = integer(value)
    return None if found is None else values.imo(found)


def raw_rot(value: object) -> float | None:
    """Degrees a minute of ROT as it is sent. Raises Unreadable."""
    raw = value if type(value) is int else number(value)
    return None if raw is None else values.rot_of_byte(raw)


def raw_turning(value: object) -> str | None:
    """The side that ROT as it is sent names when it gives no number. Raises Unreadable."""
    raw = value if type(value) is int else number(value)
    return None if raw is None else values.turning_of_byte(raw)


def aircraft_knots(value: float) -> float | None:
    """Message 9: 1023 means not available."""
    return round(value, 1) if 0 <= value <= 1022 else None


def coarse_knots(value: float) -> float | None:
    """Message 27: 63 means not available."""
    return round(value, 1) if 0 <= value < 63 else None


def metres(value: float) -> float | None:
    """A length or beam; 0 means not available."""
    return round(value, 1) if 0 < value <= 1022 else None


LON, LAT = measure(values.degrees_east), measure(values.degrees_north)
SOG, COG, HEADING = measure(values.knots), measure(values.course), measure(values.heading)
NAV_STATUS = code(0, 14)
SECOND = code(0, 63, null=60)
MANEUVER = code(1, 2)
FIX_TYPE = code(1, 15)
SHIP_TYPE = code(1, 255)
ATON_TYPE = code(1, 31)
RADIO = code(0, (1 << 20) - 1)
REPEAT = code(0, 3)
STATION = code(1, values.MAX_MMSI)  # an MMSI that a message is addressed to; 0 is nobody
DRAUGHT = measure(values.draught)
LENGTH = measure(metres)
TO_BOW = TO_STERN = code(0, 511)
TO_PORT = TO_STARBOARD = code(0, 63)


def forget_zero_dimensions(found: dict[str, object]) -> None:
    """A = B = 0: no length is known. C = D = 0: no beam (M.1371-5, Message 5)."""
    for one, other in (("to_bow", "to_stern"), ("to_port", "to_starboard")):
        if (one in found or other in found) and not found.get(one) and not found.get(other):
            found.pop(one, None)
            found.pop(other, None)


def ais_class(value: object) -> str | None:
    """A or B; None for any other word."""
    word = value.strip().upper().removeprefix("CLASS").strip() if isinstance(value, str) else ""
    return word if word in ("A", "B") else None
