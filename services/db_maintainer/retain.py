"""The job `retain`: deletes what ops.retention gives up, and nothing else.

Partitions of positions are dropped whole when all their sources have expired; rows of single sources, and of other tables, are
deleted in small slices, each a transaction of its own. The database checks the rules itself, in sql/016_maintenance.sql. What was
computed from these days stays as it is.
"""

from datetime import datetime, timedelta

from psycopg2.extensions import connection as Connection

from services.db_maintainer import changed, partitions
from services.db_maintainer.short_lock import PAUSE_SECONDS, TRIES, try_again_and_again

BLOCKS_AT_ONCE = 2048  # of a partition, 16 MB: about 150,000 rows
ROWS_AT_ONCE = 10_000

_TO_DROP = "SELECT name FROM ops.partitions WHERE ops.may_drop(name) ORDER BY first_time"
# Where rows came since, or a source has expired since, rows are to be looked for again.
_WITH_EXPIRED_SOURCES = """
    SELECT p.name
    FROM ops.partitions AS p JOIN ops.partition_upkeep AS u USING (name)
    CROSS JOIN LATERAL ops.expired_sources(p.name) AS expired
    WHERE expired <> '{}' AND ops.may_drop(p.name) IS NOT TRUE
        AND (u.deleted_inserts IS DISTINCT FROM u.inserts OR NOT expired <@ coalesce(u.deleted_sources, '{}'))
    ORDER BY p.first_time
"""
_BLOCKS = (
    "SELECT pg_relation_size(relation_id) / current_setting('block_size')::integer FROM ops.partitions WHERE name = %s"
)
_DELETED = """
    UPDATE ops.partition_upkeep
    SET deleted_inserts = inserts, deleted_sources = ops.expired_sources(name) WHERE name = %s
"""
# Those of which the job `forget` takes care have other ways.
_TABLES = """
    SELECT DISTINCT table_name FROM ops.retention
    WHERE table_name NOT IN ('positions', 'static_reports') AND NOT ops.is_derived(table_name) ORDER BY 1
"""
_DAY = timedelta(days=1)


def delete_expired(connection: Connection, tries: int = TRIES, pause_seconds: float = PAUSE_SECONDS) -> int:
    """Delete what has expired; how many partitions and rows.

    A partition for which the lock could not be had is left for the next run.
    """
    partitions.look(connection)
    deleted = 0
    for name in partitions.names(connection, _TO_DROP):
        changed.freeze(connection, partitions.days(connection, name))
        deleted += bool(try_again_and_again(connection, ["SELECT ops.drop_partition(%s)"], name, tries, pause_seconds))
    if partitions.ask(connection, "SELECT EXISTS (SELECT FROM ops.retention WHERE table_name = 'positions')"):
        deleted += sum(
            _delete_sources(connection, name) for name in partitions.names(connection, _WITH_EXPIRED_SOURCES)
        )
    return deleted + sum(_delete_rows(connection, table) for table in partitions.names(connection, _TABLES))


def _delete_sources(connection: Connection, name: str) -> int:
    changed.freeze(connection, partitions.days(connection, name))
    deleted = 0
    for block in range(0, int(partitions.ask(connection, _BLOCKS, name) or 0) + 1, BLOCKS_AT_ONCE):
        question = "SELECT ops.delete_expired_positions(%s, %s, %s)"
        deleted += partitions.ask(connection, question, name, block, block + BLOCKS_AT_ONCE)
    with connection, connection.cursor() as cursor:
        cursor.execute(_DELETED, [name])
    return deleted


def _delete_rows(connection: Connection, table: str) -> int:
    """From the oldest day on, so that no slice looks for long for what there is to delete."""
    column = partitions.ask(connection, "SELECT ops.time_column(%s)", table)
    oldest: datetime | None = partitions.ask(connection, f"SELECT min({column}) FROM ais.{table}")
    newest: datetime = partitions.ask(
        connection, "SELECT now() - make_interval(days => min(days)) FROM ops.retention WHERE table_name = %s", table
    )
    deleted = 0
    while oldest is not None and oldest < newest:
        of_slice = ROWS_AT_ONCE
        while of_slice == ROWS_AT_ONCE:
            question = "SELECT ops.delete_expired(%s, %s, %s, %s)"
            of_slice = partitions.ask(connection, question, table, oldest, oldest + _DAY, ROWS_AT_ONCE)
            deleted += of_slice
        oldest += _DAY
    return deleted
