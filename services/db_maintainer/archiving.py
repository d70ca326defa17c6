"""The job `archive`, and `fairway db archive`: days of positions become files, each read back before it counts."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import structlog
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ
from psycopg2.extensions import connection as Connection

from services.db_maintainer import close, partitions
from services.db_maintainer.archive import writing
from services.db_maintainer.archive.writing import Archived
from services.db_maintainer.short_lock import PAUSE_SECONDS, TRIES, try_again_and_again

log = structlog.get_logger()

# Those that could be dropped if they were in the archive as they are now.
_TO_ARCHIVE = """
    SELECT p.name
    FROM ops.partitions AS p, ops.retention AS r
    WHERE r.table_name = 'positions'
    GROUP BY p.name, p.first_time, p.end_time, p.keep_until
    HAVING bool_or(r.source IS NULL) AND bool_or(r.archive)
        AND p.end_time + make_interval(days => max(r.days)) <= now() AND coalesce(p.keep_until <= now(), true)
        AND NOT ops.may_drop(p.name)
    ORDER BY p.first_time
"""
_OF_DAY = "SELECT name FROM ops.partitions WHERE first_time <= %s AND end_time > %s"
_NOTE = """
    INSERT INTO ops.archives (file, day, source, rows, bytes, checksum) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (file) DO UPDATE SET
        rows = excluded.rows, bytes = excluded.bytes, checksum = excluded.checksum, written_at = now(), dropped_at = NULL
"""


def archive_expired(
    connection: Connection, folder: Path, tries: int = TRIES, pause_seconds: float = PAUSE_SECONDS
) -> int:
    """Write the partitions that ops.retention wants in the archive before they are dropped; how many positions."""
    rows = 0
    for name in partitions.names(connection, _TO_ARCHIVE):
        if partitions.has_copy(connection, name):
            close.give_up(connection, name)  # its late rows are those since the copy
        watch = ["SELECT ops.watch_partition(%s)"]
        if try_again_and_again(connection, watch, name, tries, pause_seconds) is not None:
            rows += sum(archived.contents.rows for archived in archive_partition(connection, name, folder))
    return rows


def archive_partition(connection: Connection, name: str, folder: Path) -> list[Archived]:
    """Write a watched partition; it may be dropped afterwards, as long as no further row is noted."""
    with _one_snapshot(connection), connection.cursor() as cursor:
        # What is noted and seen goes into the files; what comes later stays noted, and lets nobody drop the partition.
        cursor.execute("DELETE FROM ops.late_rows WHERE partition_name = %s", [name])
        archived = list(_written(connection, name, folder, writing.days_of(cursor, name)))
        cursor.executemany(_NOTE, [_values(each) for each in archived])
        cursor.execute("UPDATE ops.partition_upkeep SET archived_at = now() WHERE name = %s", [name])
    log.info("archived", partition=name, files=len(archived))
    return archived


def archive_day(connection: Connection, day: date, folder: Path, noted: bool) -> list[Archived]:
    """Write one day of positions, at most a file for each source; `noted` in ops.archives when the folder is the archive's."""
    written: list[Archived] = []
    for name in partitions.names(connection, _OF_DAY, day, day):
        with _one_snapshot(connection), connection.cursor() as cursor:
            written += _written(connection, name, folder, [day])
            if noted:
                cursor.executemany(_NOTE, [_values(each) for each in written])
    return written


def _written(connection: Connection, name: str, folder: Path, days: Iterable[date]) -> Iterator[Archived]:
    with connection.cursor() as cursor:
        for day in days:
            for contents in writing.contents_of(cursor, name, day):
                yield writing.write(cursor, name, contents, folder)


def _values(archived: Archived) -> tuple[object, ...]:
    contents = archived.contents
    return archived.file, contents.day, contents.source, contents.rows, archived.bytes, contents.checksum


@contextmanager
def _one_snapshot(connection: Connection) -> Iterator[None]:
    """A transaction that sees the database as it was at its first statement."""
    before = connection.isolation_level
    connection.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ)
    try:
        with connection:
            yield
    finally:
        if not connection.closed:
            connection.set_session(isolation_level=before)
