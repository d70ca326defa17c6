"""How long a server asks us to stay away."""

from datetime import UTC
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 3600.0  # whatever it says


def retry_after(header: str | None, now: float) -> float:
    """Seconds of a Retry-After header, a number or a date (RFC 9110, 10.2.3); 0 when there is none. `now` is since 1970."""
    if header is None:
        return 0.0
    text = header.strip()
    try:
        wanted = float(int(text)) if text.isdecimal() else _until(text) - now
    except (ValueError, OverflowError):
        return 0.0
    return min(max(0.0, wanted), LONGEST_SECONDS)


def _until(date: str) -> float:
    when = parsedate_to_datetime(date)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
