"""Fields that many applications share. `offset` counts from the start of the payload or record.

The unit is the end of the name. What is outside low..high is not available, reserved or made up, and is left out. Where the
clause says that the greatest value means "that or more", it stays.
"""

from services.decoder.fields import Field, Form

DEGREE_DIGITS = 6


def number(
    name: str, offset: int, width: int, low: int = 0, high: int | None = None, bias: int = 0, step: int = 1
) -> Field:
    """An unsigned number; `low` and `high` are before bias and step."""
    return Field(name, offset, width, low=low, high=high, bias=bias, step=step)


def code(name: str, offset: int, width: int, null: int | None = None) -> Field:
    """A code as sent."""
    return Field(name, offset, width, null=() if null is None else (null,))


def flag(name: str, offset: int) -> Field:
    return Field(name, offset, 1, Form.FLAG)


def tenths(name: str, offset: int, width: int, high: int, low: int = 0, bias: int = 0, step: int = 1) -> Field:
    """An unsigned number of tenths; `low` and `high` are before bias and step."""
    return Field(name, offset, width, Form.DECIMAL, False, low, high, (), 10, 1, bias, step)


def hundredths(name: str, offset: int, width: int, high: int, low: int = 0, bias: int = 0) -> Field:
    """An unsigned number of hundredths; `low` and `high` are before the bias."""
    return Field(name, offset, width, Form.DECIMAL, False, low, high, (), 100, 2, bias)


def signed_tenths(name: str, offset: int, width: int, low: int, high: int) -> Field:
    """A number of tenths in two's complement."""
    return Field(name, offset, width, Form.DECIMAL, True, low, high, per_unit=10, digits=1)


def signed_hundredths(name: str, offset: int, width: int, low: int, high: int) -> Field:
    """A number of hundredths in two's complement."""
    return Field(name, offset, width, Form.DECIMAL, True, low, high, per_unit=100, digits=2)


def text(name: str, offset: int, characters: int) -> Field:
    """Six-bit text of a fixed width, ended by its first @."""
    return Field(name, offset, characters * 6, Form.TEXT)


def free_text(name: str, offset: int, characters: int) -> Field:
    """Six-bit text to the end of the payload."""
    return Field(name, offset, characters * 6, Form.FREE_TEXT)


def degrees(name: str, offset: int, width: int, most: int, per_degree: int) -> Field:
    """A coordinate; what lies outside ±`most` is not available (181° and 91° by the clauses)."""
    bound = most * per_degree
    return Field(name, offset, width, Form.DECIMAL, True, -bound, bound, per_unit=per_degree, digits=DEGREE_DIGITS)


def place(offset: int, prefix: str = "") -> tuple[Field, Field]:
    """Longitude, then latitude, in 1/1,000 minute: the 49 bits of Circ.289."""
    lon = degrees(f"{prefix}lon", offset, 25, 180, 60_000)
    return lon, degrees(f"{prefix}lat", offset + 25, 24, 90, 60_000)


def fine_place(offset: int, prefix: str = "") -> tuple[Field, Field]:
    """Longitude, then latitude, in 1/10,000 minute: the 55 bits of a position report."""
    lon = degrees(f"{prefix}lon", offset, 28, 180, 600_000)
    return lon, degrees(f"{prefix}lat", offset + 28, 27, 90, 600_000)


def month(offset: int, prefix: str = "utc_") -> Field:
    return number(f"{prefix}month", offset, 4, low=1, high=12)


def day(offset: int, prefix: str = "utc_") -> Field:
    return number(f"{prefix}day", offset, 5, low=1)


def hour(offset: int, prefix: str = "utc_") -> Field:
    return number(f"{prefix}hour", offset, 5, high=23)


def minute(offset: int, prefix: str = "utc_") -> Field:
    return number(f"{prefix}minute", offset, 6, high=59)


def day_and_time(offset: int, prefix: str = "utc_") -> tuple[Field, Field, Field]:
    """Day, hour and minute in 16 bits."""
    return day(offset, prefix), hour(offset + 5, prefix), minute(offset + 10, prefix)


def date_and_time(offset: int, prefix: str = "utc_") -> tuple[Field, Field, Field, Field]:
    """Month, day, hour and minute in 20 bits."""
    return (month(offset, prefix), *day_and_time(offset + 4, prefix))


def duration(offset: int) -> Field:
    """Minutes; 0 cancels, 262,143 is not available (Circ.289, 1/22 and 1/27)."""
    return number("duration_minutes", offset, 18, high=262_142)


def linkage(offset: int) -> Field:
    """Links a message and the text that explains it; 0 is none (Circ.289)."""
    return code("linkage_id", offset, 10, null=0)


def direction(name: str, offset: int) -> Field:
    """Degrees from true north; 360 and above are not available."""
    return number(f"{name}_degrees", offset, 9, high=359)
