"""Days of positions, and a writer that goes on all the while."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread
from typing import Any

from psycopg2.extensions import connection as Connection

from fairway import database
from tests.integration.background import in_background

TODAY = datetime.now(UTC).date()
SOURCES = ("coastal.a", "coastal.b")

# Vessels in turn, so that rows come out of order of mmsi, as they do from a feed; nulls, flags and several labels among them.
_FILL = """
    INSERT INTO ais.position_rows
        (event_time, received_at, mmsi, lon, lat, label, sog, cog, rot, radio, msg_type, heading, nav_status, second, accuracy,
            flags)
    SELECT at, at + make_interval(secs => n %% 7 / 10.0), 219000000 + n %% 50,
        CASE WHEN n %% 11 > 0 THEN 100000000 + n * 37 END, CASE WHEN n %% 11 > 0 THEN 550000000 - n * 53 END,
        (SELECT array_agg(id ORDER BY id) FROM ais.position_labels)[1 + n %% %(labels)s],
        n %% 300 / 10.0, n %% 3600 / 10.0, CASE WHEN n %% 5 = 0 THEN n %% 127 END, n, 1 + n %% 3, n %% 360, n %% 16, n %% 60,
        n %% 2 = 0, CASE WHEN n %% 20 = 0 THEN 3 END
    FROM (
        SELECT n, %(day)s::date::timestamptz + make_interval(secs => n * 86399.0 / %(rows)s) AS at
        FROM generate_series(%(first)s, %(first)s + %(rows)s - 1) AS n
    ) AS numbers
"""
_LABELS = """
    INSERT INTO ais.position_labels (fingerprint, own_ship, low_resolution, source, station, time_source, channel)
    SELECT md5(source || channel)::uuid, false, false, source, CASE WHEN channel = 'A' THEN 'Ærø, "x"' END, 'received', channel
    FROM unnest(%s) AS source, unnest('{A,B}'::text[]) AS channel
"""
_PARTITIONS = "SELECT name FROM ops.partitions"


def empty(db: Connection) -> None:
    """No rows, no partitions, no rules."""
    for (name,) in query(db, _PARTITIONS):
        query(db, f"DROP TABLE ais.{name}; DROP TABLE IF EXISTS ops.{name}_copy")
    tables = "partition_upkeep", "late_rows", "retention", "archives", "jobs"
    query(db, "; ".join(f"DELETE FROM ops.{table}" for table in tables) + "; DELETE FROM ais.position_labels")
    query(db, _LABELS, list(SOURCES))


def killed_while_it_waits(db: Connection, victim: Connection, work: Callable[[], object]) -> BaseException:
    """End the victim's session as soon as its work waits for a lock; what the work raised."""
    thread, errors = in_background(work)
    waits = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"
    while thread.is_alive() and not query(db, waits, victim.info.backend_pid):
        time.sleep(0.01)
    query(db, "SELECT pg_terminate_backend(%s)", victim.info.backend_pid)
    thread.join()
    return errors[0]


def fill(db: Connection, day: date, rows: int = 5000) -> str:
    """A partition with so many rows of a day; its name."""
    query(db, "SELECT ais.ensure_partition(%s)", day)
    with db.cursor() as cursor:
        cursor.execute(_FILL, {"day": day, "rows": rows, "first": 0, "labels": 2 * len(SOURCES)})
    return f"positions_{day:%Y%m%d}"


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def content(db: Connection, day: date) -> list[tuple[Any, ...]]:
    """Every position of a day as people see it, in an order of its own."""
    question = "SELECT p::text FROM ais.positions AS p WHERE event_time >= %s AND event_time < %s ORDER BY 1"
    return query(db, question, day, day + timedelta(days=1))


def query(connection: Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def value(connection: Connection, statement: str, *values: object) -> Any:
    return query(connection, statement, *values)[0][0]


@dataclass
class Written:
    """What a writer has written."""

    committed: list[int] = field(default_factory=list)  # numbers of rows, which are in `radio`
    longest: float = 0.0  # seconds that a transaction took
    error: BaseException | None = None


@contextmanager
def writer(url: str, *days: date) -> Iterator[Written]:
    """Inserts rows of each of the days, a transaction each time, until the block ends; raises what went wrong."""
    written, stop = Written(), Event()

    def write() -> None:
        number = 1_000_000
        try:
            with closing(database.connect(url)) as connection:
                with connection:
                    query(connection, "SELECT ais.ensure_partition(day) FROM unnest(%s) AS day", list(days))
                while not stop.is_set():
                    began = time.monotonic()
                    with connection:
                        numbers = [_insert(connection, day, number + n) for n, day in enumerate(days)]
                    written.longest = max(written.longest, time.monotonic() - began)
                    written.committed += numbers
                    number += len(days)
                    stop.wait(0.002)
        except BaseException as error:
            written.error = error

    thread = Thread(target=write)
    thread.start()
    try:
        while not written.committed and thread.is_alive():
            time.sleep(0.01)
        yield written
    finally:
        stop.set()
        thread.join()
    if written.error:
        raise written.error


def _insert(connection: Connection, day: date, number: int) -> int:
    query(
        connection,
        "INSERT INTO ais.position_rows (event_time, received_at, mmsi, label, radio, lon, lat)"
        " SELECT %s::date::timestamptz + make_interval(secs => %s), now(), %s, min(id), %s, 1, 1 FROM ais.position_labels",
        day,
        number % 86_000,
        219_000_000 + number % 97,
        number,
    )
    return number
