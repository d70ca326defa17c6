"""Questions to the database, for tests of the inserter."""

from typing import Any

from hypothesis import HealthCheck, Phase, settings
from psycopg2.extensions import connection as Connection

from services.db_inserter.tables import TABLES

TABLES_OF_DATA = [table.name for table in TABLES.values()]
TABLES_OF_DATA += [
    "ais.position_rows",
    "ais.latest_position_rows",
    "ais.vessels",
    "ais.static_reports",
    "ais.heard_copies",
    "ops.ledger",
    "ops.imports",
    "ops.changed_periods",
]

SLOW = settings(
    deadline=None,
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink an example takes minutes with a database
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def empty(db: Connection) -> None:
    query(db, "; ".join(f"DELETE FROM {table}" for table in TABLES_OF_DATA))  # a truncation waits for the disk


def query(connection: Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def value(connection: Connection, statement: str, *values: object) -> Any:
    return query(connection, statement, *values)[0][0]
