"""Calendar times from the parts that a message sends, as the text of fairway.clock. An ETA comes without a year (Message 5)."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from fairway import clock

CLOCK = ("utc_year", "utc_month", "utc_day", "utc_hour", "utc_minute", "utc_second")  # the fields of a station's clock


@lru_cache(maxsize=4096)  # base stations of one feed say the same second, ships the same ETA for days
def utc_text(year: int, month: int, day: int, hour: int, minute: int, second: int = 0) -> str | None:
    """Fixed-width RFC 3339 text, or None when the calendar has no such day. The clock's parts must be sound."""
    try:
        return f"{date(year, month, day)}T{hour:02d}:{minute:02d}:{second:02d}.000Z"
    except ValueError:
        return None


def station_clock(values: Mapping[str, object]) -> str | None:
    """A station's clock from the fields of CLOCK, which must be sound; None unless all six are known."""
    parts = [value for name in CLOCK if isinstance(value := values.get(name), int)]
    return utc_text(*parts) if len(parts) == len(CLOCK) else None


def nearest_eta(event_time: str, month: int, day: int, hour: int, minute: int) -> str | None:
    """The ETA in the year that puts it nearest to `event_time`; None when none of the years at hand has that day.

    Message 5 sends no year. 29 February is looked for in the year before, the year of and the year after the event.
    """
    try:
        event_ms, year = clock.to_ms(event_time), int(event_time[:4])
    except ValueError:
        return None
    texts = [utc_text(year + shift, month, day, hour, minute) for shift in (0, 1, -1)]
    return min((text for text in texts if text), key=lambda text: abs(clock.to_ms(text) - event_ms), default=None)
