"""Who each ship is now: facts from several message types, merged within a group and then into ais.vessels.

A fact is a value that is replaced as a whole, with the time of the newest report that gave it. The length of a ship is
one fact of four columns: half of an old one and half of a new one would be no ship's. The choice of the newest is a
maximum over a total order, so that any order of arrival ends in the same row.

`length` and `width` are facts too, of every report that tells them: as the sum of the parts before and behind the
reference point, or as a provider's number. So a vessel has one of each, whoever said it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from psycopg2.extensions import cursor as Cursor

from fairway.records import Static
from services.db_inserter.copying import copy_rows
from services.db_inserter.rows import lines

INCOMING = "CREATE TEMPORARY TABLE incoming_vessels (LIKE ais.vessels) ON COMMIT DELETE ROWS"

FACTS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "callsign": ("callsign",),
    "imo": ("imo",),
    "ship_type": ("ship_type",),
    "dimensions": ("to_bow", "to_stern", "to_port", "to_starboard"),
    "fix_type": ("fix_type",),
    "eta": ("eta", "eta_month", "eta_day", "eta_hour", "eta_minute"),
    "draught": ("draught",),
    "destination": ("destination",),
    "dte": ("dte",),
    "ais_version": ("ais_version",),
    "vendor_id": ("vendor_id",),
    "vendor_model": ("vendor_model",),
    "vendor_serial": ("vendor_serial",),
    "mothership_mmsi": ("mothership_mmsi",),
    "ais_class": ("ais_class",),
    "length": ("length",),
    "width": ("width",),
}

_VALUES = tuple(column for columns in FACTS.values() for column in columns)
_COLUMNS = ("mmsi", "first_time", "last_time", "source", "station", *(f"{fact}_time" for fact in FACTS), *_VALUES)

# What a null counts as where two reports of the same moment are compared, in Python and in SQL.
_TEXTS = frozenset({"name", "callsign", "destination", "vendor_id", "ais_class"})
_NULL_IN_PYTHON = {**dict.fromkeys(_VALUES, -1), **dict.fromkeys(_TEXTS, ""), "eta": "", "dte": False}
_NULL_IN_SQL = {**dict.fromkeys(_VALUES, "-1"), **dict.fromkeys(_TEXTS, "''"), "eta": "'-infinity'", "dte": "false"}

Values = tuple[Any, ...]
_COMPUTED = ("length", "width")  # the last of _VALUES
_said_by = attrgetter(*_VALUES[: -len(_COMPUTED)])


def _values_of(report: Static) -> Values:
    """What the report says, for _VALUES."""
    length = _sum(report.to_bow, report.to_stern, report.length)
    return (*_said_by(report), length, _sum(report.to_port, report.to_starboard, report.width))


def _sum(one: int | None, other: int | None, provided: float | None) -> float | None:
    return provided if one is None or other is None else one + other


def _slices() -> list[tuple[slice, Values, Values]]:
    """For each fact: where its columns are among all values, no value at all, and what its nulls count as."""
    found, start = [], 0
    for columns in FACTS.values():
        part = slice(start, start + len(columns))
        found.append((part, (None,) * len(columns), tuple(_NULL_IN_PYTHON[column] for column in columns)))
        start = part.stop
    return found


_SLICES = _slices()


@dataclass(slots=True)
class Vessel:
    """What a group of reports says of one MMSI; `facts` has the time and values of each fact, or None."""

    mmsi: int
    first_time: str
    newest: tuple[str, str, str]  # event_time, source, station
    facts: list[tuple[str, Values] | None]

    def row(self) -> Values:
        """The values for _COLUMNS."""
        last_time, source, station = self.newest
        times = [fact[0] if fact else None for fact in self.facts]
        values: list[Any] = []
        for fact, (_, nothing, _) in zip(self.facts, _SLICES, strict=True):
            values += fact[1] if fact else nothing
        return (self.mmsi, self.first_time, last_time, source, station or None, *times, *values)


def merge_reports(reports: Iterable[Static]) -> dict[int, Vessel]:
    """One Vessel for each MMSI of a group."""
    vessels: dict[int, Vessel] = {}
    for report in reports:
        newest = (report.event_time, report.source, report.station or "")
        vessel = vessels.get(report.mmsi)
        if vessel is None:
            vessel = vessels[report.mmsi] = Vessel(report.mmsi, report.event_time, newest, [None] * len(FACTS))
        vessel.first_time = min(vessel.first_time, report.event_time)
        vessel.newest = max(vessel.newest, newest)
        _merge_facts(vessel.facts, report.event_time, _values_of(report))
    return vessels


def _merge_facts(facts: list[tuple[str, Values] | None], time: str, values: Values) -> None:
    for index, (part, nothing, stand_ins) in enumerate(_SLICES):
        given = values[part]
        if given == nothing:
            continue
        known = facts[index]
        if known is None or time > known[0] or (time == known[0] and _is_greater(given, known[1], stand_ins)):
            facts[index] = (time, given)


def _is_greater(left: Values, right: Values, stand_ins: Values) -> bool:
    return _comparable(left, stand_ins) > _comparable(right, stand_ins)


def _comparable(values: Values, stand_ins: Values) -> Values:
    return tuple(stand_in if value is None else value for value, stand_in in zip(values, stand_ins, strict=True))


def merge(cursor: Cursor, reports: Iterable[Static], careful: bool) -> None:
    """Merge a group's reports into ais.vessels. Every ship named stays locked until the transaction ends.

    Ships are taken in the order of their MMSI, so that two inserters lock them in the same order.
    """
    vessels = merge_reports(reports)
    if vessels:
        copy_rows(cursor, "incoming_vessels", _COLUMNS, [lines([vessel.row() for vessel in vessels.values()], careful)])
        cursor.execute(_MERGE)


def _set_fact(fact: str, columns: tuple[str, ...]) -> str:
    """The assignments for one fact: the newer report's columns, all of them or none. A report without it has no time."""
    older = f"(coalesce(known.{fact}_time, '-infinity'), {_order('known', columns)})"
    newer = f"(excluded.{fact}_time, {_order('excluded', columns)})"
    choices = [f"{c} = CASE WHEN {older} < {newer} THEN excluded.{c} ELSE known.{c} END" for c in columns]
    return ", ".join([f"{fact}_time = greatest(known.{fact}_time, excluded.{fact}_time)", *choices])


def _order(table: str, columns: tuple[str, ...]) -> str:
    return ", ".join(
        f"coalesce({table}.{c}, {_NULL_IN_SQL[c]})" + (' COLLATE "C"' if c in _TEXTS else "") for c in columns
    )


_NEWEST = '({0}.last_time, {0}.source COLLATE "C", coalesce({0}.station, \'\') COLLATE "C")'
_IS_NEWER = f"{_NEWEST.format('known')} < {_NEWEST.format('excluded')}"
_MERGE = f"""
    INSERT INTO ais.vessels AS known ({", ".join(_COLUMNS)})
    SELECT {", ".join(_COLUMNS)} FROM incoming_vessels ORDER BY mmsi
    ON CONFLICT (mmsi) DO UPDATE SET
        first_time = least(known.first_time, excluded.first_time),
        last_time = greatest(known.last_time, excluded.last_time),
        source = CASE WHEN {_IS_NEWER} THEN excluded.source ELSE known.source END,
        station = CASE WHEN {_IS_NEWER} THEN excluded.station ELSE known.station END,
        {", ".join(_set_fact(fact, columns) for fact, columns in FACTS.items())}
"""
