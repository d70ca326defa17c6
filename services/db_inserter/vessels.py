"""Who each ship is now: facts from several message types, merged within a group and then into ais.vessels.

A fact is a value that is replaced as a whole, with the time of the newest report that gave it. The length of a ship is
one fact of four columns: half of an old one and half of a new one would be no ship's. The choice of the newest is a
maximum over a total order, so that any order of arrival ends in the same row.

`length` and `width` are facts too, of every report that tells them: as the sum of the parts before and behind the
reference point, or as a provider's number. So a vessel has one of each, whoever said it.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg2.extensions import cursor as Cursor

from fairway.columns import NO_TEXT, Rows, Texts
from services.db_inserter.copying import copy_rows
from services.db_inserter.tables import STATIC, Table, Type, is_null

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

COMPUTED = {"length": ("to_bow", "to_stern"), "width": ("to_port", "to_starboard")}  # of which parts, if both are told

_VALUES: Mapping[str, Type] = {column: STATIC.columns[column] for columns in FACTS.values() for column in columns}
VESSELS = Table(
    "incoming_vessels",
    {
        "mmsi": Type.INTEGER,
        "first_time": Type.TIMESTAMP,
        "last_time": Type.TIMESTAMP,
        "source": Type.TEXT,
        "station": Type.TEXT,
        **{f"{fact}_time": Type.TIMESTAMP for fact in FACTS},
        **_VALUES,
    },
)

# What a null counts as where two reports of the same moment are compared, in Python and in SQL.
_STAND_INS: Mapping[Type, Any] = {Type.TEXT: "", Type.BOOLEAN: 0}  # of others -1
_NULL_IN_SQL = {Type.TEXT: "''", Type.TIMESTAMP: "'-infinity'", Type.BOOLEAN: "false"}  # likewise

Places = NDArray[np.int64]


def merge_reports(reports: Rows, texts: Texts) -> Rows:
    """One row of VESSELS for each MMSI of some reports, in the order of MMSI."""
    ranks = _ranks(reports, texts)
    order = np.lexsort((ranks, reports["event_time"], reports["mmsi"]))
    reports = reports[order]
    _compute(reports)
    first = np.flatnonzero(np.append(True, np.diff(reports["mmsi"]) != 0))
    last = np.append(first[1:], len(reports)) - 1
    vessels = VESSELS.rows(len(first))
    vessels["mmsi"], vessels["first_time"] = reports["mmsi"][first], reports["event_time"][first]
    vessels["last_time"], vessels["source"] = reports["event_time"][last], reports["source"][last]
    vessels["station"] = _without_empty(reports["station"][last], texts)
    for fact, columns in FACTS.items():
        chosen = _newest(reports, columns, first, texts)
        said = chosen >= 0
        for name, column in {f"{fact}_time": "event_time", **{column: column for column in columns}}.items():
            vessels[name][said] = reports[column][chosen[said]]
    return vessels


def _newest(reports: Rows, columns: tuple[str, ...], first: Places, texts: Texts) -> Places:
    """Of each vessel the report whose word counts; -1 where none says any of the columns.

    Reports are sorted by vessel and time, the first ones at `first`. Of the same moment the greatest word counts.
    """
    said = ~np.logical_and.reduce([is_null(_VALUES[column], reports[column]) for column in columns])
    if not said.any():
        return np.full(len(first), -1)
    places = np.arange(len(reports))
    chosen = np.maximum.reduceat(np.where(said, places, -1), first)
    ship = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(reports))))
    of_ship = chosen[ship]
    rivals = said & (reports["event_time"] == reports["event_time"][of_ship]) & (places != of_ship) & (of_ship >= 0)
    if rivals.any():
        differ = [reports[column] != reports[column][of_ship] for column in columns]
        for rival in np.flatnonzero(rivals & np.logical_or.reduce(differ)).tolist():
            known = chosen[ship[rival]]
            if _word(reports, columns, rival, texts) > _word(reports, columns, int(known), texts):
                chosen[ship[rival]] = rival
    return chosen


def _word(reports: Rows, columns: tuple[str, ...], place: int, texts: Texts) -> tuple[Any, ...]:
    """What a report says of some columns, so that two can be compared."""

    def comparable(column: str) -> Any:
        kind, value = _VALUES[column], reports[column][place]
        if is_null(kind, value):
            return _STAND_INS.get(kind, -1)
        return texts.text(int(value)) if kind is Type.TEXT else value.item()

    return tuple(map(comparable, columns))


def _compute(reports: Rows) -> None:
    """Let the sum of both parts be the whole."""
    for whole, (one, other) in COMPUTED.items():
        told = ~(is_null(Type.SMALLINT, reports[one]) | is_null(Type.SMALLINT, reports[other]))
        reports[whole][told] = reports[one][told].astype(np.int32) + reports[other][told]


def _ranks(reports: Rows, texts: Texts) -> Places:
    """For each report the place of its source and station in the order of all."""
    pairs = reports["source"].astype(np.int64) << 32 | (reports["station"].astype(np.int64) - NO_TEXT)
    different, which = np.unique(pairs, return_inverse=True)
    said = [(texts.text(pair >> 32), _text(texts, (pair & 0xFFFFFFFF) + NO_TEXT)) for pair in different.tolist()]
    ranks = np.empty(len(said), np.int64)
    ranks[sorted(range(len(said)), key=said.__getitem__)] = np.arange(len(said))
    found: Places = ranks[which]
    return found


def _text(texts: Texts, number: int) -> str:
    return "" if number == NO_TEXT else texts.text(number)


def _without_empty(stations: Rows, texts: Texts) -> Rows:
    """An empty name is none."""
    empty = [number for number in np.unique(stations).tolist() if not _text(texts, number)]
    return np.where(np.isin(stations, empty), NO_TEXT, stations)


def merge(cursor: Cursor, reports: Rows, texts: Texts) -> None:
    """Merge a group's reports into ais.vessels. Every ship named stays locked until the transaction ends.

    Ships are taken in the order of their MMSI, so that two inserters lock them in the same order.
    """
    if len(reports):
        copy_rows(cursor, VESSELS, merge_reports(reports, texts), texts)
        cursor.execute(_MERGE)


def _set_fact(fact: str, columns: tuple[str, ...]) -> str:
    """The assignments for one fact: the newer report's columns, all of them or none. A report without it has no time."""
    older = f"(coalesce(known.{fact}_time, '-infinity'), {_order('known', columns)})"
    newer = f"(excluded.{fact}_time, {_order('excluded', columns)})"
    choices = [f"{c} = CASE WHEN {older} < {newer} THEN excluded.{c} ELSE known.{c} END" for c in columns]
    return ", ".join([f"{fact}_time = greatest(known.{fact}_time, excluded.{fact}_time)", *choices])


def _order(table: str, columns: tuple[str, ...]) -> str:
    return ", ".join(
        f"coalesce({table}.{c}, {_NULL_IN_SQL.get(_VALUES[c], -1)})"
        + (' COLLATE "C"' if _VALUES[c] is Type.TEXT else "")
        for c in columns
    )


_NEWEST = '({0}.last_time, {0}.source COLLATE "C", coalesce({0}.station, \'\') COLLATE "C")'
_IS_NEWER = f"{_NEWEST.format('known')} < {_NEWEST.format('excluded')}"
_MERGE = f"""
    INSERT INTO ais.vessels AS known ({", ".join(VESSELS.columns)})
    SELECT {", ".join(VESSELS.columns)} FROM incoming_vessels ORDER BY mmsi
    ON CONFLICT (mmsi) DO UPDATE SET
        first_time = least(known.first_time, excluded.first_time),
        last_time = greatest(known.last_time, excluded.last_time),
        source = CASE WHEN {_IS_NEWER} THEN excluded.source ELSE known.source END,
        station = CASE WHEN {_IS_NEWER} THEN excluded.station ELSE known.station END,
        {", ".join(_set_fact(fact, columns) for fact, columns in FACTS.items())}
"""
