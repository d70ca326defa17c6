"""What the maintainer asks of ops.partitions."""

from datetime import date
from typing import Any

from psycopg2.extensions import connection as Connection

# When the count of inserts has changed, rows came; also after a crash, which sets it to nothing.
_LOOK = """
    INSERT INTO ops.partition_upkeep AS u (name, inserts)
    SELECT name, coalesce(pg_stat_get_tuples_inserted(relation_id), 0) FROM ops.partitions
    ON CONFLICT (name) DO UPDATE SET inserts = excluded.inserts, inserts_since = now() WHERE u.inserts <> excluded.inserts
"""


def look(connection: Connection) -> None:
    """Note which partitions have got rows since the last look."""
    with connection, connection.cursor() as cursor:
        cursor.execute(_LOOK)


_DAYS = """
    SELECT array_agg(day::date ORDER BY day)
    FROM ops.partitions, generate_series(first_time, end_time - interval '1 day', interval '1 day') AS day WHERE name = %s
"""


def days(connection: Connection, name: str) -> list[date]:
    """The days that a partition is of, UTC; none when there is no such partition."""
    return ask(connection, _DAYS, name) or []


def has_copy(connection: Connection, name: str) -> bool:
    """Whether an ordered copy of a partition waits to be swapped in."""
    return bool(ask(connection, "SELECT copied_in IS NOT NULL FROM ops.partition_upkeep WHERE name = %s", name))


def names(connection: Connection, question: str, *values: object) -> list[str]:
    """The first column of every row."""
    with connection, connection.cursor() as cursor:
        cursor.execute(question, values or None)
        return [str(row[0]) for row in cursor.fetchall()]


def ask(connection: Connection, question: str, *values: object) -> Any:
    """The first value of the first row, in a transaction of its own."""
    with connection, connection.cursor() as cursor:
        cursor.execute(question, values or None)
        row = cursor.fetchone()
    return row[0] if row else None
