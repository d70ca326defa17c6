"""The job `forget`: gives up old days of derived tables, and old runs of static reports, where ops.retention says so.

Days of a derived table are noted in ops.forgotten before they are deleted, and are not computed anew from then on: a late
position would make a half hour of a day again, and a half day of that one half hour. Months that are partitions are dropped
whole.
"""

from datetime import date

from psycopg2.extensions import connection as Connection

from services.db_maintainer import changed, partitions
from services.db_maintainer.short_lock import PAUSE_SECONDS, TRIES, try_again_and_again

ROWS_AT_ONCE = 10_000
BLOCKS_AT_ONCE = 256  # of static reports, 2 MB: an inserter waits for so many at most

_TODAY = "(now() AT TIME ZONE 'UTC')::date"
_GIVEN_UP = f"""
    SELECT r.table_name, CASE WHEN months THEN date_trunc('month', day)::date ELSE day END, months
    FROM ops.retention AS r
    CROSS JOIN LATERAL (
        SELECT
            {_TODAY} - r.days AS day,
            (SELECT relkind = 'p' FROM pg_class WHERE oid = format('ais.%I', r.table_name)::regclass) AS months
    ) AS given_up
    WHERE ops.is_derived(r.table_name) ORDER BY 1
"""
_MONTHS = "SELECT name FROM ops.months WHERE table_name = %s AND end_day <= %s ORDER BY end_day"
_BLOCKS = "SELECT pg_relation_size('ais.static_reports') / current_setting('block_size')::integer"
_HAS_RULE = "SELECT EXISTS (SELECT FROM ops.retention WHERE table_name = 'static_reports')"


def forget(connection: Connection, tries: int = TRIES, pause_seconds: float = PAUSE_SECONDS) -> int:
    """Delete what is given up; how many months, rows and runs. A month whose lock could not be had is left for the next time."""
    with connection, connection.cursor() as cursor:
        cursor.execute(_GIVEN_UP)
        given_up: list[tuple[str, date, bool]] = cursor.fetchall()
    deleted = 0
    for table, before, has_months in given_up:
        changed.forget(connection, table, before)
        if has_months:
            drop = ["SELECT ops.drop_month(%s)"]
            months = partitions.names(connection, _MONTHS, table, before)
            deleted += sum(bool(try_again_and_again(connection, drop, name, tries, pause_seconds)) for name in months)
        else:
            deleted += _delete_rows(connection, table, before)
    return deleted + (_delete_runs(connection) if partitions.ask(connection, _HAS_RULE) else 0)


def _delete_rows(connection: Connection, table: str, before: date) -> int:
    column = partitions.ask(connection, "SELECT ops.time_column(%s)", table)
    statement = (
        f"DELETE FROM ais.{table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ais.{table} WHERE {column} < %s LIMIT %s))"
    )
    deleted, of_slice = 0, ROWS_AT_ONCE
    while of_slice == ROWS_AT_ONCE:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, [before, ROWS_AT_ONCE])
            of_slice = cursor.rowcount
        deleted += of_slice
    return deleted


def _delete_runs(connection: Connection) -> int:
    """Block after block: an index of last_time would cost the inserter more than to read the table once a day."""
    question = "SELECT ops.delete_expired_runs(%s, %s)"
    blocks = range(0, int(partitions.ask(connection, _BLOCKS)) + 1, BLOCKS_AT_ONCE)
    return sum(partitions.ask(connection, question, block, block + BLOCKS_AT_ONCE) for block in blocks)
