"""The estimated time of arrival, which AIS sends without a year (M.1371-5, Message 5)."""

from collections.abc import Mapping

from fairway.calendar import nearest_eta
from services.ingest.formats.shapes.conversions import integer

PARTS = ("eta_month", "eta_day", "eta_hour", "eta_minute")
DOMAINS = ((1, 12), (1, 31), (0, 23), (0, 59))
LONGEST_ETA = 40  # characters

Parts = dict[str, object]


def parts(month: int | None, day: int | None, hour: int | None, minute: int | None) -> Parts:
    """The parts of an ETA that are known: 0 months and days, 24 hours and 60 minutes mean not available."""
    numbers = zip(PARTS, (month, day, hour, minute), DOMAINS, strict=True)
    return {name: value for name, value, (low, high) in numbers if value is not None and low <= value <= high}


def of_bits(value: object) -> Parts:
    """The twenty bits as sent: month 4, day 5, hour 5, minute 6. Raises Unreadable."""
    bits = integer(value)
    if bits is None or not 0 <= bits < 1 << 20:
        return {}
    return parts(bits >> 16, bits >> 11 & 31, bits >> 6 & 31, bits & 63)


def of_text(value: object) -> Parts:
    """`05-15T14:00Z`, `05-15 14:00`, `05151400`, or a whole date; nothing of what is none of these."""
    if not isinstance(value, str) or len(value) > LONGEST_ETA:
        return {}
    digits = "".join(character for character in value if character.isascii() and character.isdigit())
    if len(digits) in (12, 14, 17) and digits[:4] > "0000":
        digits = digits[4:]
    if len(digits) < 8:
        return {}
    return parts(*(int(digits[at : at + 2]) for at in (0, 2, 4, 6)))


def nearest(event_time: str, found: Parts) -> str | None:
    """The ETA in the year that puts it nearest to `event_time`, as the text of fairway.clock; None unless all is known."""
    numbers = [value for name in PARTS if isinstance(value := found.get(name), int)]
    if len(numbers) < len(PARTS):
        return None
    return nearest_eta(event_time, *numbers)


def of_numbers(found: Mapping[str, object]) -> Parts:
    """From `month`, `day`, `hour` and `minute`, where they are numbers."""
    month, day, hour, minute = (
        value if isinstance(value := found.get(name), int) else None for name in ("month", "day", "hour", "minute")
    )
    return parts(month, day, hour, minute)
