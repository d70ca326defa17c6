"""Drops a report that tells nothing new: the ship has not moved or turned, the name is still the same.

The numbers together bound what is lost. With L metres and a turn of less than θ between two kept reports, a straight line
between them is never further than L·sin(θ)/2 from where the ship went: 43 m with the defaults at the worst zigzag, and
L·θ/8 = 11 m in a steady turn, which is the accuracy of the fix itself (10 m, ITU-R M.1371).
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Literal, NamedTuple

from msgspec import Struct
from pydantic import Field

from fairway.geo import angle_difference_degrees, distance_metres
from fairway.records import AnyDecoded, Aton, BaseStation, Decoded, Position, Static
from services.filter.memory import Memory
from services.filter.rescue import is_rescue
from services.filter.rules.rule import Rule, RuleOptions

REPORTS_A_VESSEL = 3  # its position and its static data, which come in two parts from class B


class RedundantOptions(RuleOptions):
    """What counts as nothing new. All must hold for a report to be dropped."""

    rule: Literal["redundant"] = "redundant"
    seconds: float = Field(
        60.0, gt=0, description="Seconds from the last kept position; at that age the next is kept anyway."
    )
    metres: float = Field(500.0, ge=0, description="Metres from the last kept position; one that moved as far is kept.")
    degrees: float = Field(
        10.0, ge=0, le=180, description="Degrees of turn since the last kept position; one that turned as much is kept."
    )
    course_knots: float = Field(
        1.0, ge=0, description="Knots below which cog is noise: then, and where cog is null, heading tells the turn."
    )
    static_seconds: float = Field(3600.0, gt=0, description="Seconds after which unchanged static data are kept again.")
    base_station_seconds: float = Field(
        600.0, gt=0, description="Seconds after which an unchanged base station is kept again."
    )
    aton_seconds: float = Field(
        3600.0, gt=0, description="Seconds after which an unchanged aid to navigation is kept again."
    )
    fixed_metres: float = Field(
        50.0, ge=0, description="Metres that a base station or aid may swing and still be unchanged."
    )
    max_vessels: int = Field(
        200_000, ge=1, description="Vessels remembered; the one whose report was kept longest ago is forgotten first."
    )

    def build(self) -> "Redundant":
        return Redundant(self)


class Redundant(Rule):
    """Remembers the last kept report of each vessel by class of report; kinds that are not in its table are always kept."""

    def __init__(self, options: RedundantOptions) -> None:
        self._degrees = options.degrees
        self._course_knots = options.course_knots
        self._bounds: dict[type[Decoded], _Bounds] = {
            Position: _Bounds(options.seconds * 1000, options.metres),
            Static: _Bounds(options.static_seconds * 1000, 0.0),
            BaseStation: _Bounds(options.base_station_seconds * 1000, options.fixed_metres),
            Aton: _Bounds(options.aton_seconds * 1000, options.fixed_metres),
        }
        self.memory: Memory[int, _Report] = Memory(options.max_vessels * REPORTS_A_VESSEL)

    def judge(self, record: AnyDecoded, at: int) -> bool:
        if type(record) not in self._bounds:
            return True
        last = self.memory.get(_subject(record))
        if last is None:
            return True
        milliseconds, metres = self._bounds[type(record)]
        if abs(at - last.at) >= milliseconds or _content(record) != last.content:
            return True
        if isinstance(record, Position):
            return self._has_turned(last, record) or _has_moved(last, record.lon, record.lat, metres)
        return isinstance(record, (BaseStation, Aton)) and _has_moved(last, record.lon, record.lat, metres)

    def remember(self, record: AnyDecoded, at: int) -> None:
        if type(record) is Position:
            course = record.cog if record.sog is None or record.sog >= self._course_knots else None
            report = _Report(at, _content(record), record.lon, record.lat, course, record.heading)
        elif type(record) is BaseStation or type(record) is Aton:
            report = _Report(at, _content(record), record.lon, record.lat)
        elif type(record) is Static:
            report = _Report(at, _content(record))
        else:
            return
        if not is_rescue(record):
            self.memory.put(_subject(record), report)

    def _has_turned(self, last: "_Report", now: Position) -> bool:
        course = now.cog if now.sog is None or now.sog >= self._course_knots else None
        if last.course is not None and course is not None:
            return angle_difference_degrees(last.course, course) >= self._degrees
        if last.heading is not None and now.heading is not None:
            return angle_difference_degrees(last.heading, now.heading) >= self._degrees
        return False


class _Bounds(NamedTuple):
    """A report is redundant only within these of the last kept one."""

    milliseconds: float
    metres: float


class _Report(Struct, frozen=True, gc=False):
    """What is compared of a kept report: its time, what must not change, and for some where and whither."""

    at: int
    content: int | None
    lon: float | None = None
    lat: float | None = None
    course: float | None = None
    heading: int | None = None


_IDENTITY = ("name", "ship_type", "to_bow", "to_stern", "to_port", "to_starboard", "fix_type", "dte")
_identity_of = attrgetter(*_IDENTITY)
_NO_IDENTITY = (None,) * len(_IDENTITY)
_FIELDS: dict[type[Decoded], Callable[[AnyDecoded], object]] = {
    Position: _identity_of,  # type 19, and providers' positions that carry static data
    Static: attrgetter(*(name for name in Static.__struct_fields__ if name not in Decoded.__struct_fields__)),
    BaseStation: attrgetter("fix_type", "accuracy"),
    Aton: attrgetter("aton_type", *_IDENTITY[:1], *_IDENTITY[2:7], "off_position", "aton_status", "virtual_aid"),
}
_CLASS = {1: 1, 2: 1, 3: 1}  # types of one class; any other type is a class of its own
# No message types; where other classes of reports are remembered.
_PART_B = 28  # part B of a type 24
_PROVIDED_POSITION = 29  # positions of a provider that does not say the type, as far as they fit no type
_PROVIDED: dict[type[Decoded], int] = {Static: 30, BaseStation: 4, Aton: 21}  # and its other reports


def _subject(record: AnyDecoded) -> int:
    """A key for the vessel and the class of its report."""
    msg_type = record.msg_type
    kind = _kind_without_type(record) if msg_type is None else _CLASS.get(msg_type, msg_type)
    if kind == 24 and type(record) is Static and record.part == "B":
        kind = _PART_B
    return record.mmsi << 5 | kind


def _kind_without_type(record: AnyDecoded) -> int:
    """The class of what a provider had decoded: that of a type, where the report says as much as that type does."""
    if type(record) is not Position:
        return _PROVIDED[type(record)]
    if record.low_resolution:
        return 27
    if record.ais_class == "A" and record.nav_status is not None:
        return 1
    return 18 if record.ais_class == "B" and record.nav_status is None else _PROVIDED_POSITION


def _content(record: AnyDecoded) -> int | None:
    """What must not change: the nav_status of a position, of others a 64-bit hash of their fields.

    A change that the hash misses happens once in 10^19 changes, and it saves 300 bytes a vessel.
    """
    if type(record) is Position and not _names_the_ship(record):
        return record.nav_status
    return hash(_FIELDS[type(record)](record))


def _names_the_ship(position: Position) -> bool:
    """Whether static data come with the position."""
    msg_type = position.msg_type
    return msg_type == 19 or (msg_type is None and _identity_of(position) != _NO_IDENTITY)


def _has_moved(last: _Report, lon: float | None, lat: float | None, metres: float) -> bool:
    """Whether the two are `metres` or more apart, or one has a position and the other not."""
    if last.lon is None or last.lat is None or lon is None or lat is None:
        return (last.lon is None or last.lat is None) != (lon is None or lat is None)
    return distance_metres(last.lon, last.lat, lon, lat) >= metres
