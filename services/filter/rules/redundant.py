"""Drops a report that tells nothing new: the ship has not moved or turned, the name is still the same.

The numbers together bound what is lost. With L metres and a turn of less than θ between two kept reports, a straight line
between them is never further than L·sin(θ)/2 from where the ship went: 43 m with the defaults at the worst zigzag, and
L·θ/8 = 11 m in a steady turn, which is the accuracy of the fix itself (10 m, ITU-R M.1371).
"""

from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from fairway.flags import BITS, bits
from fairway.geo import METRES_PER_SECOND_IN_A_KNOT, distances_metres
from fairway.records import AnyDecoded, Aton, BaseStation, Decoded, Position, Static
from services.filter.last_seen import Columns, LastSeen
from services.filter.reports import (
    ATON,
    BASE_STATION,
    KIND_NAMES,
    NOTHING,
    POSITION,
    STATIC,
    Flags,
    Numbers,
    Places,
    Reals,
    Reports,
)
from services.filter.rows import Rows, rows_at
from services.filter.rules.rule import Bits, Holds, Rule, RuleOptions, found
from services.filter.rules.track import DROP, HOLD, LATE, Limits, Tracks
from services.filter.said import lasting, names_the_ship

NUMBERS = ("after_the_last_kept_seconds", "from_the_last_kept_metres", "turned_degrees")  # see Rule.numbers
EXTENDED_CLASS_B = 19  # a position that carries static data
OFF_THE_TRACK = bits(["implied_speed", "null_island"])
ODD = 1 << 40  # in the number of a subject
HEALTH_PAGE = 7
REPORTS_A_VESSEL = 3  # its position and its static data, which come in two parts from class B


class Case(BaseModel):
    """Thresholds of `thin` for positions that have one of some nav_status, if any are given, and a sog in a range."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    nav_status: tuple[Annotated[int, Field(ge=0, le=15)], ...] = ()
    from_knots: float = Field(0.0, ge=0)
    below_knots: float = Field(1000.0, gt=0)
    seconds: float | None = Field(None, gt=0)
    metres: float | None = Field(None, ge=0)
    degrees: float | None = Field(None, ge=0, le=180)

    @model_validator(mode="after")
    def _says_something(self) -> "Case":
        if self.seconds is None and self.metres is None and self.degrees is None:
            raise ValueError("a case needs seconds, metres or degrees")
        return self

    def fits(self, some: Rows) -> Flags:
        """Which of these rows it is for; a position without a sog is of no range but the whole."""
        fits: Flags = (some["sog"] >= self.from_knots) & (some["sog"] < self.below_knots)
        if self.from_knots == 0 and self.below_knots == 1000:
            fits = np.ones(len(some), np.bool_)
        return fits & np.isin(some["nav_status"], self.nav_status) if self.nav_status else fits

    def limits(self) -> dict[str, float]:
        """The thresholds that it says."""
        said = {
            "milliseconds": None if self.seconds is None else self.seconds * 1000,
            "metres": self.metres,
            "degrees": self.degrees,
        }
        return {name: value for name, value in said.items() if value is not None}


class RedundantOptions(RuleOptions):
    """What counts as nothing new. All must hold for a report to be dropped."""

    rule: Literal["redundant"] = "redundant"
    positions: Literal["thin", "track_error"] = Field(
        "thin",
        description="How positions are thinned: by seconds, metres and degrees, or so that the track stays within error_metres.",
    )
    error_metres: float = Field(
        25.0,
        gt=1,
        description="With track_error: metres that a dropped position may be off the line through the kept ones.",
    )
    gap_seconds: float = Field(
        180.0, gt=0, description="With track_error: seconds between kept positions at most, while a vessel moves."
    )
    rest_seconds: float = Field(21_600.0, gt=0, description="With track_error: the same of a vessel that rests.")
    rest_knots: float = Field(
        0.2,
        ge=0,
        description="With track_error: knots made good between two kept positions of a vessel that rests, at most.",
    )
    silence_seconds: float = Field(
        900.0, gt=0, description="With track_error: seconds of silence; what a vessel said before and after it is kept."
    )
    hold_seconds: float = Field(
        420.0,
        gt=0,
        description="With track_error: seconds after which the last position is published if no other comes.",
    )
    seconds: float = Field(
        60.0, gt=0, description="Seconds from the last kept position; at that age the next is kept anyway."
    )
    metres: float = Field(500.0, ge=0, description="Metres from the last kept position; one that moved as far is kept.")
    degrees: float = Field(
        10.0, ge=0, le=180, description="Degrees of turn since the last kept position; one that turned as much is kept."
    )
    cases: tuple[Case, ...] = Field(
        (),
        description="Other seconds, metres and degrees for some nav_status or speeds: the first that fits a position counts.",
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
        self._cases = options.cases
        self._course_knots = options.course_knots
        self._milliseconds = np.zeros(
            len(KIND_NAMES)
        )  # by kind: a report is redundant only nearer to the last kept one
        self._metres = np.full(len(KIND_NAMES), np.inf)
        for kind, seconds, metres in (
            (POSITION, options.seconds, options.metres),
            (STATIC, options.static_seconds, np.inf),
            (BASE_STATION, options.base_station_seconds, options.fixed_metres),
            (ATON, options.aton_seconds, options.fixed_metres),
        ):
            self._milliseconds[kind], self._metres[kind] = seconds * 1000, metres
        self._memory = LastSeen(_REPORT, options.max_vessels * REPORTS_A_VESSEL)
        self._tracks = _tracks(options)
        self.hold_ms = 0.0 if self._tracks is None else options.hold_seconds * 1000
        self.memories = (self._memory,) if self._tracks is None else (self._memory, self._tracks.memory)

    def judge(self, reports: Reports, rows: Places) -> Bits:
        self.holds = None
        dropped = np.zeros(len(rows), np.bool_)
        thinned = (self._milliseconds[reports.rows["kind"]] > 0) & ~reports.are_rescue
        judged = np.flatnonzero(thinned[rows])
        subjects, now, alarmed = self._subjects_and_values(reports, rows[judged])
        if alarmed:
            quiet = np.delete(np.arange(len(judged)), alarmed)
            judged, subjects, now = judged[quiet], subjects[quiet], rows_at(now, quiet)
        # What another rule found odd is compared with its like: it must not hide where the vessel was
        subjects = subjects | np.where(reports.flags[rows[judged]] & OFF_THE_TRACK, ODD, 0)
        if self.explains:
            self.numbers = {name: np.full(len(rows), np.nan) for name in NUMBERS}
        if self._tracks is None:
            dropped[judged] = self._tell_nothing_new(self._limits_of(reports, rows[judged]), subjects, now, judged)
            return found(dropped, BITS["redundant"])
        tracked = self._are_tracked(reports, rows[judged])
        others = np.flatnonzero(~tracked)
        dropped[judged[others]] = self._tell_nothing_new(
            self._limits_of(reports, rows[judged[others]]), subjects[others], rows_at(now, others), judged[others]
        )
        places = np.flatnonzero(tracked)
        fixes = judged[places]
        dropped[fixes] = self._follow(self._tracks, reports, rows[fixes], subjects[places], rows_at(now, places))
        return found(dropped, BITS["redundant"])

    def release(self, keys: Numbers) -> None:
        if self._tracks is not None:
            self._tracks.release(keys)

    def _are_tracked(self, reports: Reports, rows: Places) -> Flags:
        """Which have a place on a track: fixes that no rule found odd."""
        some = reports.of(rows)
        located = (some["kind"] == POSITION) & ~(np.isnan(some["lon"]) | np.isnan(some["lat"]))
        tracked: Flags = located & (reports.flags[rows] & OFF_THE_TRACK == 0)
        return tracked

    def _follow(self, tracks: Tracks, reports: Reports, rows: Places, subjects: Numbers, now: Rows) -> Flags:
        verdict = tracks.judge(subjects, now["at"], now["lon"], now["lat"], now["content"])
        reports.flags[rows[verdict.outcomes == LATE]] |= BITS["late"]
        self.holds = Holds(
            rows[verdict.outcomes == HOLD],
            verdict.held_keys,
            verdict.released,
            verdict.superseded,
            verdict.off_metres,
        )
        dropped: Flags = verdict.outcomes == DROP
        return dropped

    def _limits_of(self, reports: Reports, rows: Places) -> Columns:
        """For each row how near to the last kept report it must be to tell nothing new."""
        kinds = reports.rows["kind"][rows]
        limits: Columns = {
            "milliseconds": self._milliseconds[kinds],
            "metres": self._metres[kinds],
            "degrees": np.full(len(rows), self._degrees),
        }
        left = kinds == POSITION
        for case in self._cases:
            fits = left & case.fits(reports.of(rows))
            for name, value in case.limits().items():
                limits[name][fits] = value
            left &= ~fits
        return limits

    def _tell_nothing_new(self, limits: Columns, subjects: Numbers, now: Rows, told: Places) -> Flags:
        """Which are like the last kept report of their subject, or nearly so. `told` is where their numbers are left."""
        milliseconds, metres, degrees = limits["milliseconds"], limits["metres"], limits["degrees"]
        draft = self._memory.take(subjects)
        dropped = np.zeros(len(subjects), np.bool_)
        for some in draft.rounds:
            places = draft.which[some]
            last, this = rows_at(draft.values, places), rows_at(now, some)
            new = ~draft.is_known[places] | (np.abs(this["at"] - last["at"]) >= milliseconds[some])
            new |= this["content"] != last["content"]
            new |= _turns(last, this) >= degrees[some]  # never where no turn is known
            new |= _have_moved(last, this, metres[some], ~new)
            if self.explains:
                known = draft.is_known[places]
                self._explain(told[some[known]], last[known], this[known])
            draft.put_rows(places[new], rows_at(this, np.flatnonzero(new)))
            dropped[some] = ~new
        return dropped

    def _subjects_and_values(self, reports: Reports, rows: Places) -> tuple[Numbers, Rows, list[int]]:
        """For each row a key for the vessel and the class of its report, and what of it is compared; and aids in alarm."""
        alarmed = []
        some = reports.of(rows)
        classes = _CLASSES[some["msg_type"]]
        content = np.where(some["kind"] == POSITION, some["nav_status"].astype(np.int64), _fixed_content(some))
        for place in np.flatnonzero(_needs_record(some)).tolist():
            record = reports.record(int(rows[place]))
            classes[place] = _class_of(record)
            if type(record) is not Position or names_the_ship(record):
                content[place] = lasting(record)
            if type(record) is Aton and is_in_alarm(record):
                alarmed.append(place)
        moves = (some["sog"] >= self._course_knots) | np.isnan(some["sog"])
        is_position = some["kind"] == POSITION
        values = np.empty(len(some), self._memory.form)
        values["at"], values["content"] = some["event_time"], content
        values["lon"], values["lat"] = some["lon"], some["lat"]
        values["course"] = np.where(is_position & moves, some["cog"], np.nan)
        values["heading"] = np.where((some["heading"] >= 0) & is_position, some["heading"], np.nan)
        return _subjects(some["mmsi"], classes), values, alarmed

    def _explain(self, told: Places, last: Rows, now: Rows) -> None:
        """Leave how these differ from the last kept ones."""
        metres = distances_metres(last["lon"], last["lat"], now["lon"], now["lat"])
        for name, values in zip(NUMBERS, ((now["at"] - last["at"]) / 1000, metres, _turns(last, now)), strict=True):
            self.numbers[name][told] = values


def _turns(last: Rows, now: Rows) -> Reals:
    """Degrees by which the courses differ, or, where one is not known, the headings; NaN where neither is."""
    courses, headings = (_between(last[name], now[name]) for name in ("course", "heading"))
    return np.where(np.isnan(courses), headings, courses)


def _between(one: Reals, other: Reals) -> Reals:
    """Degrees between two directions, the shorter way round."""
    apart = np.abs(one - other)
    if (apart > 360.0).any():  # of a stranger
        apart %= 360.0
    return np.minimum(apart, 360.0 - apart)


def tracks_of(reports: Reports, rows: Places) -> Numbers:
    """For each of these positions a number of its own for the track that it belongs to: a vessel's reports of one class."""
    some = reports.of(rows)
    classes = _CLASSES[some["msg_type"]]
    for place in np.flatnonzero(some["msg_type"] == NOTHING).tolist():
        classes[place] = _class_of(reports.record(int(rows[place])))
    return _subjects(some["mmsi"], classes)


def _tracks(options: RedundantOptions) -> Tracks | None:
    if options.positions == "thin":
        return None
    limits = Limits(
        error_metres=options.error_metres,
        gap_ms=options.gap_seconds * 1000,
        rest_ms=options.rest_seconds * 1000,
        rest_metres_a_ms=options.rest_knots * METRES_PER_SECOND_IN_A_KNOT / 1000,
        silence_ms=options.silence_seconds * 1000,
    )
    return Tracks(limits, options.max_vessels)


def is_in_alarm(aid: Aton) -> bool:
    """Off its place (Message 21: only said while its second is one), or its health bit is set (IALA A-126, page 7)."""
    off = aid.off_position is True and (aid.second is None or aid.second < 60)
    status = aid.aton_status or 0
    return off or (status >> 5 == HEALTH_PAGE and bool(status & 1))


def _have_moved(last: Rows, now: Rows, metres: Reals, asked: Flags) -> Flags:
    """Which of those asked about are so many metres or more from the last, or one has a position and the other not."""
    was, is_ = ~(np.isnan(last["lon"]) | np.isnan(last["lat"])), ~(np.isnan(now["lon"]) | np.isnan(now["lat"]))
    moved: Flags = (was != is_) & np.isfinite(metres)
    both = np.flatnonzero(was & is_ & asked & np.isfinite(metres))
    ends = last["lon"][both], last["lat"][both], now["lon"][both], now["lat"][both]
    moved[both] = distances_metres(*ends) >= metres[both]
    return moved


_REPORT: dict[str, type[np.generic]] = {
    "at": np.int64,  # milliseconds since 1970
    "content": np.int64,  # what must not change
    "lon": np.float64,
    "lat": np.float64,
    "course": np.float64,
    "heading": np.float64,
}

# Types of one class; any other type is a class of its own.
_CLASSES = np.arange(64)
_CLASSES[[1, 2, 3]] = 1
# No message types; where other classes of reports are remembered.
_PART_B = 28  # part B of a type 24
_PROVIDED_POSITION = 29  # positions of a provider that does not say the type, as far as they fit no type
_PROVIDED: dict[type[Decoded], int] = {Static: 30, BaseStation: 4, Aton: 21}  # and its other reports


def _fixed_content(some: Rows) -> Numbers:
    """What of a base station stays the same: not its clock."""
    content: Numbers = (some["fix_type"].astype(np.int64) + 1) * 4 + some["accuracy"] + 1
    return content


def _needs_record(some: Rows) -> Flags:
    """Static data, aids, and positions that may carry static data or do not say their type."""
    needs: Flags = (some["kind"] == STATIC) | (some["kind"] == ATON) | (some["msg_type"] == EXTENDED_CLASS_B)
    needs |= some["msg_type"] == NOTHING
    return needs


def _subjects(mmsis: Numbers, classes: Numbers) -> Numbers:
    return mmsis << 5 | classes


def _class_of(record: AnyDecoded) -> int:
    msg_type = record.msg_type
    kind = _kind_without_type(record) if msg_type is None else int(_CLASSES[msg_type])
    return _PART_B if kind == 24 and type(record) is Static and record.part == "B" else kind


def _kind_without_type(record: AnyDecoded) -> int:
    """The class of what a provider had decoded: that of a type, where the report says as much as that type does."""
    if type(record) is not Position:
        return _PROVIDED[type(record)]
    if record.low_resolution:
        return 27
    if record.ais_class == "A" and record.nav_status is not None:
        return 1
    return 18 if record.ais_class == "B" and record.nav_status is None else _PROVIDED_POSITION
