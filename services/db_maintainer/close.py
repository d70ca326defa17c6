"""The job `close`: a day to which no more rows come is put in order, gets its spatial index and fresh statistics.

An ordered copy is made beside the partition while a trigger notes rows that still come; then the copy takes the partition's
place under a lock of some milliseconds. sql/016_maintenance.sql has each step.
"""

from dataclasses import dataclass
from datetime import timedelta

import psycopg2
import structlog
from psycopg2.extensions import connection as Connection

from services.db_maintainer import partitions
from services.db_maintainer.short_lock import PAUSE_SECONDS, TRIES, try_again_and_again

log = structlog.get_logger()

# Closed ones again when they have grown by a tenth: rows of late stand behind the others, out of order.
_TO_CLOSE = """
    SELECT p.name
    FROM ops.partitions AS p JOIN ops.partition_upkeep AS u USING (name)
    WHERE p.end_time + %s <= now() AND u.inserts_since + %s <= now() AND u.archived_at IS NULL
        AND pg_relation_size(p.relation_id) > coalesce(u.closed_bytes * 1.1 + 1048576, 0)
    ORDER BY p.end_time DESC
"""
COPIES = 3  # that are made at once, while somebody deletes rows of the partition
# A noted row costs its writer some thirty microseconds: who loads an archive into old days is not to pay that.
_FLOODED = "SELECT partition_name FROM ops.late_rows GROUP BY partition_name HAVING count(*) > %s"


@dataclass(frozen=True)
class Closing:
    """When a partition is closed, and how patiently."""

    after: timedelta  # its end
    quiet: timedelta  # without a new row
    tries: int = TRIES
    pause_seconds: float = PAUSE_SECONDS
    most_late: int = 20_000  # rows that may come meanwhile


class NotQuiet(Exception):
    """So many rows reach the partition while it is copied that its day is not over."""


def close_partitions(connection: Connection, closing: Closing) -> int:
    """Close what is to be closed, the newest first; how many partitions.

    One for which the lock could not be had keeps its copy for the next run, and so do those after it their turn.
    """
    for name in partitions.names(connection, _FLOODED, closing.most_late):
        give_up(connection, name)
    partitions.look(connection)
    closed = 0
    for name in partitions.names(connection, _TO_CLOSE, closing.after, closing.quiet):
        try:
            if not close_partition(connection, name, closing):
                log.warning("the lock to swap a partition in could not be had; later again", partition=name)
                break
            closed += 1
        except NotQuiet:
            log.info("rows come still; later again", partition=name)
    return closed


def close_partition(connection: Connection, name: str, closing: Closing) -> bool:
    """Whether it is closed now; when not, its copy waits. Raises NotQuiet, and gives the copy up."""

    def attempt(*statements: str) -> bool | None:
        return try_again_and_again(connection, statements, name, closing.tries, closing.pause_seconds)

    if attempt("SELECT ops.watch_partition(%s)") is None:
        return False
    try:
        waits = partitions.has_copy(connection, name)
        for _ in range(COPIES):
            if not waits:
                rows = partitions.ask(connection, "SELECT ops.copy_partition(%s)", name)
                log.info("copied in order", partition=name, rows=rows)
            if name in partitions.names(connection, _FLOODED, closing.most_late):
                raise NotQuiet(name)
            swapped = attempt("SELECT ops.take_in_late_rows(%s)", "SELECT ops.swap_partition(%s)")
            if swapped is not False:
                return bool(swapped)
            waits = False  # rows were changed or deleted since: the copy is worth nothing
        return False
    except (NotQuiet, psycopg2.ProgrammingError, psycopg2.DataError, psycopg2.IntegrityError):
        give_up(connection, name)
        raise


def give_up(connection: Connection, name: str) -> None:
    """Drop what was made for it, and let its rows come unnoted."""
    connection.rollback()
    try_again_and_again(connection, ["SELECT ops.unwatch_partition(%s) IS NULL"], name)
