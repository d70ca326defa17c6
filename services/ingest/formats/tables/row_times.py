"""When a row says it was heard: text to milliseconds since 1970 UTC. A time without a zone is UTC. Raises ValueError."""

import re
from collections.abc import Callable
from datetime import datetime

from fairway.clock import ms_of
from services.ingest.formats.tables.cells import number

TimeOfText = Callable[[str], int]

_ZONE_NAMES = (" UTC", " GMT")
_SLASHES = re.compile(r"([0-9]{4})/([0-9]{2})/([0-9]{2})(?![0-9])", re.ASCII)
EPOCH_UNITS = {"epoch_s": 1, "epoch_ms": 1_000, "epoch_us": 1_000_000, "epoch_ns": 1_000_000_000}  # in a second
_SIZES = (("epoch_s", 1e11), ("epoch_ms", 1e14), ("epoch_us", 1e17))


def any_time(text: str) -> int:
    """ISO 8601 in any of its common forms, or seconds, milliseconds, micro- or nanoseconds since 1970, told by size."""
    if text.replace(".", "", 1).isdigit() and len(text.partition(".")[0]) != 8:  # eight digits are a date
        return _of_any_size(text)
    return iso(text)


def iso(text: str) -> int:
    """2017-12-01T00:00:03, with slashes, a space for the T, a fraction, Z, +00:00, UTC or GMT, or the date alone."""
    if text[4:5] == "/":
        text = _SLASHES.sub(r"\1-\2-\3", text, count=1)
    if text.endswith(_ZONE_NAMES):
        text = text[:-4] + "Z"
    return ms_of(datetime.fromisoformat(text))


def day_first(text: str) -> int:
    """01/06/2018 00:00:00: day, month, year; or a time that begins with the year."""
    day, month, year, clock = text[:2], text[3:5], text[6:10], text[11:] or "00:00:00"
    if text[2:6:3] != "//":
        return iso(text)
    return ms_of(datetime.fromisoformat(f"{year}-{month}-{day}T{clock}"))


def strptime(form: str) -> TimeOfText:
    """Times of the form that Python's strptime takes."""
    return lambda text: ms_of(datetime.strptime(text, form))


def epoch(unit: str) -> TimeOfText:
    """Times that are numbers of one of EPOCH_UNITS."""
    return lambda text: _of_count(text, EPOCH_UNITS[unit])


def _of_any_size(text: str) -> int:
    """Seconds pass 1e11 in the year 5138, milliseconds were there in 1973: sizes cannot be mistaken."""
    count = number(text)
    unit = next((unit for unit, limit in _SIZES if count < limit), "epoch_ns")
    return _of_count(text, EPOCH_UNITS[unit])


def _of_count(text: str, in_a_second: int) -> int:
    if text.isascii() and text.isdigit():  # too many digits for a decimal number to keep
        return int(text) * 1000 // in_a_second
    return int(round(number(text) * 1000 / in_a_second, 3))
