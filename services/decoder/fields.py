"""What each quantity of an AIS message looks like in bits, and which of its raw values mean nothing.

This is the one table of "not available" values: a raw value outside `low..high` or in `null` becomes null, and nowhere else
does a sentinel become null, save where two fields say it together (rules.py). Measurements outside the domain of their
table are null too (heading 400, latitude 95); code lists (navigation status, ship type, type of fix, type of aid) keep
reserved codes as sent, since a later edition gives them a meaning. Source: ITU-R M.1371-5, annex 8; the message whose
table says so is named at each.
"""

from dataclasses import dataclass
from enum import Enum, auto

from fairway.rate_of_turn import ROT_MOST, rate_of_turn

DEGREE_DIGITS = 6  # 1/10,000 minute, the finest there is, is 0.0000017 degree

Value = int | float | bool | str | None
Json = Value | list["Json"] | dict[str, "Json"]  # what the content of an application is made of


class Form(Enum):
    """How a raw number becomes a value."""

    INTEGER = auto()
    DECIMAL = auto()  # raw / per_unit, rounded to `digits`
    FLAG = auto()  # 1 is true
    INVERTED_FLAG = auto()  # 0 is true
    ROT = auto()  # degrees a minute from the square of raw
    TURNING = auto()  # left or right where ROT gives no number
    TEXT = auto()  # six-bit, ended by its first @
    FREE_TEXT = auto()  # six-bit, only the padding at its end removed


@dataclass(frozen=True)
class Field:
    """One field of one layout. `low`, `high` and `null` are raw values, before scaling."""

    name: str
    offset: int  # first bit; 0 is the first one sent
    width: int  # bits
    form: Form = Form.INTEGER
    signed: bool = False
    low: int | None = None
    high: int | None = None
    null: tuple[int, ...] = ()
    per_unit: int = 1
    digits: int = 0
    bias: int = 0  # added to the raw value
    step: int = 1  # and the sum multiplied by this

    @property
    def end(self) -> int:
        """The bit after the last one."""
        return self.offset + self.width

    def means_nothing(self, raw: int) -> bool:
        """Whether `raw` (with its sign) stands for "not available" or lies outside the field's domain."""
        below = self.low is not None and raw < self.low
        above = self.high is not None and raw > self.high
        return below or above or raw in self.null

    def value(self, raw: int) -> Value:
        """The value of `raw` (with its sign); not for text."""
        if self.means_nothing(raw):
            return None
        match self.form:
            case Form.DECIMAL:
                return round((raw + self.bias) * self.step / self.per_unit, self.digits)
            case Form.FLAG:
                return raw == 1
            case Form.INVERTED_FLAG:
                return raw == 0
            case Form.ROT:
                return rate_of_turn(raw)
            case Form.TURNING:
                return "right" if raw > 0 else "left"
        return (raw + self.bias) * self.step


def code(name: str, offset: int, width: int, null: int | None = None, high: int | None = None) -> Field:
    """An unsigned number or code as sent; `null` is the one that means "not available"."""
    return Field(name, offset, width, null=() if null is None else (null,), high=high)


def flag(name: str, offset: int) -> Field:
    return Field(name, offset, 1, Form.FLAG)


def inverted_flag(name: str, offset: int) -> Field:
    return Field(name, offset, 1, Form.INVERTED_FLAG)


def text(name: str, offset: int, characters: int) -> Field:
    """All @ means "not available" (Message 5: name, call sign, destination)."""
    return Field(name, offset, characters * 6, Form.TEXT)


def free_text(offset: int, characters: int) -> Field:
    return Field("text", offset, characters * 6, Form.FREE_TEXT)


def _degrees(name: str, offset: int, width: int, most: int, per_degree: int) -> Field:
    bound = most * per_degree
    return Field(name, offset, width, Form.DECIMAL, True, -bound, bound, (), per_degree, DEGREE_DIGITS)


def position(offset: int) -> tuple[Field, Field]:
    """Longitude and latitude in 1/10,000 minute. Message 1: 181° and 91° are not available."""
    return _degrees("lon", offset, 28, 180, 600_000), _degrees("lat", offset + 28, 27, 90, 600_000)


def coarse_position(offset: int, prefix: str = "") -> tuple[Field, Field]:
    """Longitude and latitude in 1/10 minute. Messages 17, 22, 23, 27: 181° and 91° are not available."""
    lon, lat = f"{prefix}lon", f"{prefix}lat"
    return _degrees(lon, offset, 18, 180, 600), _degrees(lat, offset + 18, 17, 90, 600)


def sog(offset: int) -> Field:
    """1/10 knot. Messages 1, 18: 1,023 not available; 1,022 means 102.2 or more."""
    return Field("sog", offset, 10, Form.DECIMAL, high=1022, per_unit=10, digits=1)


def aircraft_sog(offset: int) -> Field:
    """Whole knots. Message 9: 1,023 not available; 1,022 means 1,022 or more."""
    return Field("sog", offset, 10, Form.DECIMAL, high=1022)


def coarse_sog(offset: int) -> Field:
    """Whole knots. Message 27: 63 not available."""
    return Field("sog", offset, 6, Form.DECIMAL, high=62)


def cog(offset: int) -> Field:
    """1/10 degree. Messages 1, 9, 18: 3,600 not available; 3,601 to 4,095 should not be used."""
    return Field("cog", offset, 12, Form.DECIMAL, high=3599, per_unit=10, digits=1)


def coarse_cog(offset: int) -> Field:
    """Whole degrees. Message 27: 511 not available; 360 to 510 should not be used."""
    return Field("cog", offset, 9, Form.DECIMAL, high=359)


def heading(offset: int) -> Field:
    """Degrees. Messages 1, 18: 511 not available; 360 to 510 are outside its domain."""
    return Field("heading", offset, 9, high=359)


def rot(offset: int) -> tuple[Field, Field]:
    """Two fields from the same bits. Message 1: -128 not available; ±127 turns, but without a turn indicator."""
    number = Field("rot", offset, 8, Form.ROT, True, -ROT_MOST, ROT_MOST)
    side = Field("turning", offset, 8, Form.TURNING, True, null=(-128, *range(-ROT_MOST, ROT_MOST + 1)))
    return number, side


def second(offset: int) -> Field:
    """Messages 1, 9, 18, 21: 60 not available; 61 to 63 say in which mode the positioning system works."""
    return code("second", offset, 6, null=60)


def nav_status(offset: int) -> Field:
    """Message 1: 15 not defined, the default."""
    return code("nav_status", offset, 4, null=15)


def maneuver(offset: int) -> Field:
    """Message 1: 0 not available; 3 is not defined."""
    return code("maneuver", offset, 2, null=0, high=2)


def fix_type(offset: int) -> Field:
    """Message 5: 0 undefined, the default."""
    return code("fix_type", offset, 4, null=0)


def ship_type(offset: int) -> Field:
    """Message 5: 0 not available or no ship. Message 23: 0 means all types."""
    return code("ship_type", offset, 8, null=0)


def aton_type(offset: int, width: int = 5) -> Field:
    """Message 21: 0 not available, the default."""
    return code("aton_type", offset, width, null=0)


def altitude(offset: int) -> Field:
    """Metres. Message 9: 4,095 not available; 4,094 means 4,094 or more."""
    return code("altitude", offset, 12, high=4094)


def draught(offset: int) -> Field:
    """1/10 metre. Message 5: 0 not available, the default; 255 means 25.5 or more."""
    return Field("draught", offset, 8, Form.DECIMAL, null=(0,), per_unit=10, digits=1)


def dimensions(offset: int) -> tuple[Field, Field, Field, Field]:
    """A, B, C, D in metres as sent. Zero pairs become null in rules.py."""
    return (
        code("to_bow", offset, 9),
        code("to_stern", offset + 9, 9),
        code("to_port", offset + 18, 6),
        code("to_starboard", offset + 24, 6),
    )


def month(name: str, offset: int) -> Field:
    """Messages 4, 5: 0 not available; 13 to 15 should not be used."""
    return Field(name, offset, 4, low=1, high=12)


def day(name: str, offset: int) -> Field:
    """Messages 4, 5: 0 not available."""
    return Field(name, offset, 5, low=1)


def hour(name: str, offset: int) -> Field:
    """Messages 4, 5: 24 not available; 25 to 31 should not be used."""
    return Field(name, offset, 5, high=23)


def sixtieth(name: str, offset: int) -> Field:
    """A minute or the second of a clock. Messages 4, 5: 60 not available; 61 to 63 should not be used."""
    return Field(name, offset, 6, high=59)


def station(name: str, offset: int) -> Field:
    """An MMSI that a message is addressed to; 0 is nobody, which is how unused places of Messages 7 and 15 are filled."""
    return code(name, offset, 30, null=0)
