"""The job `ahead`: partitions of positions for today and the next days, also while no inserter runs."""

from psycopg2.extensions import connection as Connection

_MAKE = "SELECT count(*) FILTER (WHERE ais.ensure_partition(current_date + n)) FROM generate_series(0, %s) AS n"


def make_partitions(connection: Connection, days: int) -> int:
    """Make those of today (UTC) and the next `days` that are missing; how many."""
    with connection, connection.cursor() as cursor:
        cursor.execute(_MAKE, [days])
        return int((cursor.fetchone() or (0,))[0])
