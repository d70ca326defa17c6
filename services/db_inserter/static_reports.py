"""What ships said of themselves over time: runs of equal reports, read from and written to ais.static_reports.

The caller has merged the same reports into ais.vessels before, which locks these ships: nobody else changes their runs.
"""

from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b
from operator import attrgetter

import msgspec
from psycopg2.extensions import cursor as Cursor

from fairway.records import Decoded, Static
from services.db_inserter import runs
from services.db_inserter.copying import copy_rows
from services.db_inserter.rows import lines
from services.db_inserter.runs import Run
from services.db_inserter.tables import NOT_STORED

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

_ENVELOPE = tuple(name for name in Decoded.__struct_fields__ if name not in {*NOT_STORED, "event_time"})
_SAID = tuple(name for name in Static.__struct_fields__ if name not in Decoded.__struct_fields__)
_CONTENT = (*_ENVELOPE, *_SAID)
_COLUMNS = ("first_time", "last_time", "reports", "fingerprint", *_CONTENT)

# The year of `eta` is a guess from event_time: the same words in another year are not a change. Part is the series.
_WORDS = tuple(name for name in _SAID if name not in ("part", "eta"))
_ETA_AS_SENT = ("eta_month", "eta_day", "eta_hour", "eta_minute")

_content_of = attrgetter(*_CONTENT)
_words_of = attrgetter(*_WORDS)

# For each series the runs that its reports may touch: the one that began last before them, those that began among
# them, and the next one.
_FIND = """
    SELECT s.number, r.id, {time} AS first_time, {last} AS last_time, r.reports, r.fingerprint
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
    time='to_char(r.first_time, \'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\')',
    last='to_char(r.last_time, \'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\')',
    same="mmsi = s.mmsi AND coalesce(msg_type, 0::smallint) = coalesce(s.msg_type, 0::smallint)"  # as the index has it
    " AND part IS NOT DISTINCT FROM s.part AND source = s.source",
)
_CHANGE = """
    UPDATE ais.static_reports r SET first_time = c.first_time, last_time = c.last_time, reports = c.reports
    FROM changed_runs c WHERE r.id = c.id
"""
_REPEAT = f"""
    INSERT INTO ais.static_reports ({", ".join(_COLUMNS)})
    SELECT %s, %s, %s, fingerprint, {", ".join(_CONTENT)} FROM ais.static_reports WHERE id = %s
"""

Series = tuple[int, int | None, str | None, str]


def write(cursor: Cursor, reports: Iterable[Static], careful: bool) -> None:
    """Add a group's reports to the history."""
    by_series = _by_series(reports)
    if not by_series:
        return
    known = _find(cursor, by_series, careful)
    for number, group in enumerate(by_series.values()):
        for report in group:
            runs.add(known[number], report, fingerprint(report))
    touched = [run for found in known.values() for run in found]
    _change(cursor, [run for run in touched if run.id is not None and run.changed])
    _insert(cursor, [run for run in touched if run.id is None], careful)


def fingerprint(report: Static) -> int:
    """A 64-bit hash of what a report says. Nulls do not count, so that a field added later changes no old one."""
    words = [pair for pair in zip(_WORDS, _words_of(report), strict=True) if pair[1] is not None]
    if report.eta is not None and all(getattr(report, name) is None for name in _ETA_AS_SENT):
        words.append(("eta", report.eta))  # from a provider that sends nothing else
    return int.from_bytes(blake2b(msgspec.json.encode(words), digest_size=8).digest(), "big", signed=True)


def _by_series(reports: Iterable[Static]) -> dict[Series, list[Static]]:
    """Reports by series, in order of time."""
    by_series: defaultdict[Series, list[Static]] = defaultdict(list)
    for report in reports:
        by_series[report.mmsi, report.msg_type, report.part, report.source].append(report)
    for group in by_series.values():
        group.sort(key=lambda report: report.event_time)
    return by_series


def _find(cursor: Cursor, by_series: dict[Series, list[Static]], careful: bool) -> dict[int, list[Run]]:
    """The known runs near each series' reports, by the number of the series."""
    rows = [
        (number, *series, group[0].event_time, group[-1].event_time)
        for number, (series, group) in enumerate(by_series.items())
    ]
    columns = ("number", "mmsi", "msg_type", "part", "source", "oldest", "newest")
    copy_rows(cursor, "incoming_series", columns, [lines(rows, careful)])
    cursor.execute(_FIND)
    found: dict[int, list[Run]] = {number: [] for number in range(len(by_series))}
    for number, id, first_time, last_time, count, said in cursor.fetchall():
        found[number].append(Run(first_time, last_time, count, said, content=id, id=id))
    return found


def _change(cursor: Cursor, stored: list[Run]) -> None:
    if stored:
        rows = [(run.id, run.first_time, run.last_time, run.reports) for run in stored]
        copy_rows(cursor, "changed_runs", ("id", "first_time", "last_time", "reports"), [lines(rows, careful=False)])
        cursor.execute(_CHANGE)


def _insert(cursor: Cursor, new: list[Run], careful: bool) -> None:
    rows = []
    for run in new:
        if isinstance(run.content, int):
            cursor.execute(_REPEAT, [run.first_time, run.last_time, run.reports, run.content])
        else:
            content = _content_of(run.content)
            rows.append((run.first_time, run.last_time, run.reports, run.fingerprint, *content))
    if rows:
        copy_rows(cursor, "ais.static_reports", _COLUMNS, [lines(rows, careful)])
