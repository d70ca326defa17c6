"""Which days of a derived table are to be computed anew, and the transaction in which each is.

    inserter     rows and, in the same transaction, their half hours   ops.changed_periods
    _spread      which tables and days these concern                   ops.stale_periods
    refresh      what it sees of both, computed from the rows; the     the derived table, ops.refreshed
                 half hours that it saw are deleted

All that a transaction of refresh does is of one snapshot: what is stored meanwhile is noted, and stays noted.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from services.db_maintainer.legs import MAX_GAP

GRACE = timedelta(minutes=5)  # after its end a period waits for those that are late by the usual seconds of a live feed
HALF_HOUR = timedelta(minutes=30)
NEVER = datetime.max.replace(tzinfo=UTC)

# Each derived table, and how long after the end of a day a row can still change what is derived of that day.
REACHES = {"positions_30min": timedelta(0), "vessel_days": MAX_GAP, "tracks": MAX_GAP, "density": MAX_GAP}

Periods = Sequence[datetime]
Recompute = Callable[[Cursor, date, Periods], int]  # of a day what these half hours touch; how many rows were written

# Computed together with another, under whose name a refresh goes.
_TOGETHER = {"positions_12h": "positions_30min"}

# Memory to sort a day of a fleet; to compile a query takes longer than what usually has come runs.
_BEGIN = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off"
_LOCK = "SELECT pg_advisory_lock(hashtextextended('ais.' || %s, 0))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended('ais.' || %s, 0))"

# Duplicates are harmless, and cheaper than to ask: a refresh may be about to delete the row that would have been found.
_SPREAD = """
    WITH seen AS (DELETE FROM ops.changed_periods RETURNING period)
    INSERT INTO ops.stale_periods (name, day, period)
    SELECT DISTINCT derived.name, ((seen.period - back.time) AT TIME ZONE 'UTC')::date, seen.period
    FROM seen
    CROSS JOIN unnest(%s::text[], %s::interval[]) AS derived (name, reach)
    CROSS JOIN LATERAL (VALUES (interval '0'), (derived.reach)) AS back (time)
"""
_OLDEST_DAY = """
    SELECT
        day,
        array_agg(DISTINCT period ORDER BY period),
        EXISTS (SELECT FROM ops.frozen_days AS f WHERE f.day = s.day)
        OR EXISTS (SELECT FROM ops.forgotten AS f WHERE f.name = %(name)s AND s.day < f.before)
    FROM ops.stale_periods AS s
    WHERE name = %(name)s AND period < %(period)s AND day < %(day)s
    GROUP BY day ORDER BY day LIMIT 1
"""
_TAKEN = "DELETE FROM ops.stale_periods WHERE name = %s AND day = %s AND period = ANY (%s)"
_WATERMARK = """
    INSERT INTO ops.refreshed AS r (name, upto, refreshed_at, rows)
    VALUES (
        %(name)s,
        least(%(upto)s, (
            SELECT min(day)::timestamp AT TIME ZONE 'UTC' FROM ops.stale_periods
            WHERE name = %(name)s AND period < %(period)s AND day < %(day)s
        )),
        %(seen_at)s,
        %(rows)s
    )
    ON CONFLICT (name) DO UPDATE SET upto = excluded.upto, refreshed_at = excluded.refreshed_at, rows = excluded.rows
"""
_FORGET = """
    INSERT INTO ops.forgotten AS f (name, before) VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE SET before = excluded.before WHERE f.before < excluded.before
"""
_IS_FORGOTTEN = "SELECT EXISTS (SELECT FROM ops.forgotten WHERE name = %s AND %s < before)"
_FREEZE = "INSERT INTO ops.frozen_days (day) SELECT unnest(%s::date[]) ON CONFLICT (day) DO NOTHING"


class Closed(NamedTuple):
    """Which half hours are computed: those that began before `period`, of days before `day`; complete up to `upto` then."""

    upto: datetime
    period: datetime = NEVER
    day: date = date.max


def refresh(connection: Connection, name: str, closed: Closed, recompute: Recompute) -> int:
    """Bring a derived table up to date, a day a transaction, the oldest first; how many rows were written.

    A second refresh of the same table waits for the first. One that is killed leaves the last whole day, and the rest noted.
    """
    rows = 0
    with _alone(connection, name):
        seen_at = _spread(connection)
        while True:
            with connection, connection.cursor() as cursor:
                cursor.execute(_BEGIN)
                day, written = _refresh_oldest_day(cursor, name, closed, recompute)
                rows += written
                account = {"name": name, "seen_at": seen_at, "rows": rows, **closed._asdict()}
                cursor.execute(_WATERMARK, account)
            if day is None:
                return rows


def freeze(connection: Connection, days: Iterable[date]) -> None:
    """Keep what is derived of these days as it is. Whoever deletes their positions calls this first.

    Waits for refreshes that run, for they may have begun before the days were frozen.
    """
    some = sorted(days)
    for name in REACHES:
        with _alone(connection, name), connection, connection.cursor() as cursor:
            cursor.execute(_FREEZE, [some])


def forget(connection: Connection, name: str, before: date) -> None:
    """Compute no day before this one of a derived table any more. Whoever deletes its rows calls this first.

    Waits for a refresh that runs, for it may have begun before.
    """
    with _alone(connection, _TOGETHER.get(name, name)):
        _execute(connection, _FORGET, name, before)


def is_forgotten(cursor: Cursor, name: str, day: date) -> bool:
    """Whether rows of a derived table of this day were given up."""
    cursor.execute(_IS_FORGOTTEN, [name, day])
    return bool(cursor.fetchone() == (True,))


def time_now(connection: Connection) -> datetime:
    """What the database's clock says, which also says when rows were stored."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return _first(cursor)


def last_half_hour(now: datetime) -> datetime:
    """The end of the last half hour that is closed."""
    return _floor(now - GRACE, HALF_HOUR)


def last_day(now: datetime) -> date:
    """The first day that is not closed: legs that begin in one before it can be no longer added to, except by late rows."""
    return (now - GRACE - MAX_GAP).astimezone(UTC).date()


def _refresh_oldest_day(cursor: Cursor, name: str, closed: Closed, recompute: Recompute) -> tuple[date | None, int]:
    """Which it was, None when there is none, and how many rows were written."""
    cursor.execute(_OLDEST_DAY, {"name": name, **closed._asdict()})
    found = cursor.fetchone()
    if found is None:
        return None, 0
    day, periods, is_kept_as_it_is = found
    written = 0 if is_kept_as_it_is else recompute(cursor, day, periods)
    cursor.execute(_TAKEN, [name, day, periods])
    return day, written


def _spread(connection: Connection) -> datetime:
    """Take the notes to all derived tables; the time before which everything stored had been noted."""
    with connection, connection.cursor() as cursor:
        cursor.execute(_SPREAD, [list(REACHES), list(REACHES.values())])
        cursor.execute("SELECT now()")  # when this transaction began
        return _first(cursor)


@contextmanager
def _alone(connection: Connection, name: str) -> Iterator[None]:
    """One session at a time. The lock is taken before a snapshot is, or this would be of the time before the wait."""
    _execute(connection, _LOCK, name)
    try:
        yield
    finally:
        if not connection.closed:  # else the server has freed it
            _execute(connection, _UNLOCK, name)


def _execute(connection: Connection, statement: str, *values: object) -> None:
    with connection, connection.cursor() as cursor:
        cursor.execute(statement, values)


def _first(cursor: Cursor) -> datetime:
    row = cursor.fetchone()
    assert row is not None
    found: datetime = row[0]
    return found


def _floor(moment: datetime, length: timedelta) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return moment - (moment - epoch) % length
