"""Estimated times of arrival as tables write them. Message 5 sends month, day, hour and minute, and no year."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from fairway.calendar import nearest_eta, utc_text
from services.ingest.formats.tables.cells import whole
from services.ingest.formats.tables.row_times import any_time, day_first


class Eta(NamedTuple):
    """Each part None when not known; UTC."""

    month: int | None
    day: int | None
    hour: int | None
    minute: int | None
    year: int | None = None


def of_bits(text: str) -> Eta | None:
    """The 20 bits of Message 5 as one number: month, day, hour, minute in 4, 5, 5 and 6 bits."""
    bits = whole(text)
    if not 0 <= bits < 1 << 20:
        return None
    return of_parts(bits >> 16, bits >> 11 & 31, bits >> 6 & 31, bits & 63)


def of_parts(month: int | None, day: int | None, hour: int | None, minute: int | None) -> Eta:
    """Parts as sent; month 0, day 0, hour 24 and minute 60 mean not available."""
    return Eta(_within(month, 1, 12), _within(day, 1, 31), _within(hour, 0, 23), _within(minute, 0, 59))


def of_day_first(text: str) -> Eta:
    """28/04/2026 08:00:00."""
    return _of_ms(day_first(text))


def of_month_first(text: str) -> Eta | None:
    """01-25 12:00, or any full time; 00-00 24:60 is not available."""
    if len(text) != 11 or text[2] + text[5] + text[8] != "- :":
        return _of_ms(any_time(text))
    return of_parts(whole(text[:2]), whole(text[3:5]), whole(text[6:8]), whole(text[9:]))


def spread(fields: dict[str, Any], event_time: str) -> None:
    """Put `eta` (an Eta) or the four parts into the fields of a Static: the parts, and the full time when all are known."""
    eta = fields.pop("eta", None)
    if eta is None and "eta_month" in fields:
        eta = of_parts(*(fields.get(f"eta_{part}") for part in ("month", "day", "hour", "minute")))
    if eta is None:
        return
    fields.update(eta_month=eta.month, eta_day=eta.day, eta_hour=eta.hour, eta_minute=eta.minute)
    fields["eta"] = _full(eta, event_time)


def _full(eta: Eta, event_time: str) -> str | None:
    """RFC 3339 in its year, or in the year that puts it nearest to `event_time`."""
    if eta.month is None or eta.day is None or eta.hour is None or eta.minute is None:
        return None
    if eta.year is not None:
        return utc_text(eta.year, eta.month, eta.day, eta.hour, eta.minute)
    return nearest_eta(event_time, eta.month, eta.day, eta.hour, eta.minute)


def _of_ms(epoch_ms: int) -> Eta:
    time = datetime.fromtimestamp(epoch_ms / 1000, UTC)
    return Eta(time.month, time.day, time.hour, time.minute, time.year)


def _within(value: int | None, low: int, high: int) -> int | None:
    return value if value is not None and low <= value <= high else None
