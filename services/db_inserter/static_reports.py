"""What ships said of themselves over time: runs of equal reports, read from and written to ais.static_reports.

The caller has merged the same reports into ais.vessels before, which locks these ships: nobody else changes their runs.
"""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from psycopg2.extensions import cursor as Cursor

from fairway import clock
from fairway.columns import Rows, Shape, Texts
from fairway.records import Decoded, Static, kind_of
from services.db_inserter import runs
from services.db_inserter.copying import copy_rows
from services.db_inserter.runs import Run
from services.db_inserter.tables import NOT_STORED, STATIC, Table, Type, is_null

_CHANGED_RUNS = Table(
    "changed_runs",
    {"id": Type.BIGINT, "first_time": Type.TIMESTAMP, "last_time": Type.TIMESTAMP, "reports": Type.INTEGER},
)
_SERIES_COLUMNS = {"mmsi": Type.INTEGER, "msg_type": Type.SMALLINT, "part": Type.TEXT, "source": Type.TEXT}
_SERIES = Table(
    "incoming_series",
    {"number": Type.INTEGER, **_SERIES_COLUMNS, "oldest": Type.TIMESTAMP, "newest": Type.TIMESTAMP},
)
CHANGED = """
    CREATE TEMPORARY TABLE changed_runs (
        id bigint, first_time timestamptz, last_time timestamptz, reports integer
    ) ON COMMIT DELETE ROWS
"""
INCOMING = """
    CREATE TEMPORARY TABLE incoming_series (
        number integer, mmsi integer, msg_type smallint, part text, source text, oldest timestamptz, newest timestamptz
    ) ON COMMIT DELETE ROWS
"""

_ETA_AS_SENT = ("eta_month", "eta_day", "eta_hour", "eta_minute")
_SAID = tuple(name for name in Static.__struct_fields__ if name not in Decoded.__struct_fields__)
# The year of `eta` is a guess from event_time: the same words in another year are not a change. Part is the series.
_WORDS = tuple(name for name in _SAID if name not in ("part", "eta"))
SHAPE = Shape(
    (kind_of(Static),),
    STATIC.row,
    STATIC.nulls,
    body="batch",
    line="line",
    gathered="said",
    gathers=_WORDS,
    gathers_pairs=True,
    passes_over=NOT_STORED,
)

_CONTENT = {name: kind for name, kind in STATIC.columns.items() if name not in ("event_time", "said", "line")}
_REPORTS = Table(
    "ais.static_reports",
    {
        "first_time": Type.TIMESTAMP,
        "last_time": Type.TIMESTAMP,
        "reports": Type.INTEGER,
        "fingerprint": Type.BIGINT,
        **_CONTENT,
    },
)

# For each series the runs that its reports may touch: the one that began last before them, those that began among
# them, and the next one.
_FIND = """
    SELECT s.number, r.id, {first} AS first_time, {last} AS last_time, r.reports, r.fingerprint
    FROM incoming_series s CROSS JOIN LATERAL (
        (SELECT * FROM ais.static_reports WHERE {same} AND first_time <= s.oldest
         ORDER BY first_time DESC, last_time DESC, id DESC LIMIT 1)
        UNION ALL
        (SELECT * FROM ais.static_reports WHERE {same} AND first_time > s.oldest AND first_time <= s.newest)
        UNION ALL
        (SELECT * FROM ais.static_reports WHERE {same} AND first_time > s.newest ORDER BY first_time, id LIMIT 1)
    ) r
    ORDER BY s.number, r.first_time, r.last_time, r.id
""".format(
    first="(extract(epoch FROM r.first_time) * 1000000)::bigint",
    last="(extract(epoch FROM r.last_time) * 1000000)::bigint",
    same="mmsi = s.mmsi AND coalesce(msg_type, 0::smallint) = coalesce(s.msg_type, 0::smallint)"  # as the index has it
    " AND part IS NOT DISTINCT FROM s.part AND source = s.source",
)
_CHANGE = """
    UPDATE ais.static_reports r SET first_time = c.first_time, last_time = c.last_time, reports = c.reports
    FROM changed_runs c WHERE r.id = c.id
"""
_REPEAT = f"""
    INSERT INTO ais.static_reports ({", ".join(_REPORTS.columns)})
    SELECT %s, %s, %s, fingerprint, {", ".join(_CONTENT)} FROM ais.static_reports WHERE id = %s
"""


def write(cursor: Cursor, reports: Rows, texts: Texts) -> None:
    """Add a group's reports to the history."""
    if not len(reports):
        return
    order, starts = _by_series(reports)
    known = _find(cursor, reports, order, starts, texts)
    times, words = reports["event_time"][order].tolist(), fingerprints(reports, texts)[order].tolist()
    of_series = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(order)))).tolist()
    for series, time, word, report in zip(of_series, times, words, order.tolist(), strict=True):
        runs.add(known[series], time, word, report)
    touched = [run for found in known for run in found]
    _change(cursor, [run for run in touched if run.id is not None and run.changed], texts)
    _repeat(cursor, [run for run in touched if run.id is None and run.like is not None])
    _insert(cursor, [run for run in touched if run.id is None and run.like is None], reports, texts)


def fingerprints(reports: Rows, texts: Texts) -> NDArray[np.int64]:
    """A 64-bit hash of what each report says. Nulls do not count, so that a field added later changes no old one."""
    different, which = np.unique(reports["said"], return_inverse=True)
    found: NDArray[np.int64] = np.array([_hash(texts.coded(said)) for said in different.tolist()], np.int64)[which]
    unsent: NDArray[np.bool_] = np.logical_and.reduce(
        [is_null(STATIC.columns[name], reports[name]) for name in _ETA_AS_SENT]
    )
    for report in np.flatnonzero(unsent & ~is_null(Type.TIMESTAMP, reports["eta"])).tolist():
        # From a provider that sends nothing else.
        said = bytes(texts.coded(reports["said"][report])).removesuffix(b"]")
        eta = f'["eta","{clock.to_text(int(reports["eta"][report]) // 1000)}"]]'.encode()
        found[report] = _hash(said + (b"," if said.endswith(b"]") else b"") + eta)
    return found


def _hash(said: bytes | bytearray) -> int:
    return int.from_bytes(blake2b(said, digest_size=8).digest(), "big", signed=True)


def _by_series(reports: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The order of reports by series and time, of the same moment as they came, and where in it each series begins."""
    keys = [reports[name] for name in _SERIES_COLUMNS]
    order = np.lexsort((reports["line"], reports["event_time"], *reversed(keys)))
    is_new: NDArray[np.bool_] = np.logical_or.reduce([key[order] != np.roll(key[order], 1) for key in keys])
    is_new[0] = True
    return order, np.flatnonzero(is_new)


def _find(
    cursor: Cursor, reports: Rows, order: NDArray[np.int64], starts: NDArray[np.int64], texts: Texts
) -> list[list[Run]]:
    """The known runs near each series' reports."""
    series = _SERIES.rows(len(starts))
    series["number"] = np.arange(len(starts))
    for name in _SERIES_COLUMNS:
        series[name] = reports[name][order[starts]]
    series["oldest"] = reports["event_time"][order[starts]]
    series["newest"] = reports["event_time"][order[np.append(starts[1:], len(order)) - 1]]
    copy_rows(cursor, _SERIES, series, texts)
    cursor.execute(_FIND)
    found: list[list[Run]] = [[] for _ in starts]
    for number, id, first_time, last_time, count, said in cursor.fetchall():
        found[number].append(Run(first_time, last_time, count, said, id=id))
    return found


def _change(cursor: Cursor, stored: list[Run], texts: Texts) -> None:
    if stored:
        copy_rows(cursor, _CHANGED_RUNS, _rows(_CHANGED_RUNS, stored), texts)
        cursor.execute(_CHANGE)


def _repeat(cursor: Cursor, parts: list[Run]) -> None:
    for run in parts:
        times = (clock.to_text(time // 1000) for time in (run.first_time, run.last_time))
        cursor.execute(_REPEAT, [*times, run.reports, run.like])


def _insert(cursor: Cursor, new: list[Run], reports: Rows, texts: Texts) -> None:
    if new:
        rows, said_by = _rows(_REPORTS, new), reports[np.array([run.report for run in new], np.int64)]
        for name in _CONTENT:
            rows[name] = said_by[name]
        copy_rows(cursor, _REPORTS, rows, texts)


def _rows(table: Table, some: list[Run]) -> Rows:
    """Rows with what the runs themselves say."""
    rows = table.rows(len(some))
    for name in table.columns.keys() & Run.__annotations__.keys():
        rows[name] = [getattr(run, name) for run in some]
    return rows
