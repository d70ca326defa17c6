"""Times as they travel: RFC 3339 in UTC with three millisecond digits, a fixed 24 characters.

`2026-01-02T03:04:05.678Z` sorts as text, goes into COPY as it is, and parses a whole column at a time; see
docs/decisions/0002-times-are-fixed-width-text.md.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from time import time

FORM = "YYYY-MM-DDTHH:MM:SS.mmmZ"

_MILLISECONDS = tuple(f".{number:03d}Z" for number in range(1000))

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
EARLIEST_MS = 946_684_800_000  # 2000-01-01: AIS carriage began after it; older stamps are unset clocks


def now_ms() -> int:
    """The wall clock, milliseconds since 1970 UTC."""
    return int(time() * 1000)


def to_text(epoch_ms: int) -> str:
    """`epoch_ms` (milliseconds since 1970 UTC) as fixed-width RFC 3339 text. Raises ValueError outside years 1 to 9999."""
    return _second_text(epoch_ms // 1000) + _MILLISECONDS[epoch_ms % 1000]


def ms_of(moment: datetime) -> int:
    """Whole milliseconds since 1970, cut. A naive time is UTC."""
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND


def midnight(day: date) -> datetime:
    """When a day begins, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def to_ms(text: str) -> int:
    """Milliseconds since 1970 UTC of fixed-width RFC 3339 text. Raises ValueError when `text` is not of that form."""
    if len(text) != 24 or text[19] != "." or text[23] != "Z":
        raise ValueError(f"{text!r} is not a time of the form {FORM}")
    return _second_ms(text[:19]) + int(text[20:23])


@lru_cache(maxsize=4096)  # a feed repeats the same few seconds thousands of times
def _second_text(epoch_s: int) -> str:
    try:
        return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    except (OverflowError, OSError, ValueError) as error:
        raise ValueError(f"{epoch_s} s since 1970 is not a time this calendar holds") from error


@lru_cache(maxsize=4096)
def _second_ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000
