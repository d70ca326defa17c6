"""What `fairway db maintain --status` shows: jobs, partitions, and up to when each derived table is right."""

from typing import Any

from psycopg2.extensions import connection as Connection
from rich.console import Console
from rich.table import Column, Table

from fairway.database import database_errors

_QUESTIONS = {
    "jobs": """
        SELECT name, enabled, every::text AS every, last_started, last_finished,
            extract(epoch FROM duration)::float8 AS seconds, rows, next_due, error
        FROM ops.jobs ORDER BY name
    """,
    "partitions": """
        SELECT name, about_rows, table_bytes, index_bytes, closed_at, archived_at FROM ops.partitions
        ORDER BY first_time DESC, name
    """,
    "watermarks": "SELECT name, upto, refreshed_at, rows FROM ops.refreshed ORDER BY name",
}
MOST_PARTITIONS = 40  # shown in the table; --json has all


def report(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Each table as rows; times as RFC 3339. Raises DatabaseAway."""
    with database_errors(), connection, connection.cursor() as cursor:
        tables = {}
        for name, question in _QUESTIONS.items():
            cursor.execute(question)
            columns = [column.name for column in cursor.description or ()]
            tables[name] = [dict(zip(columns, map(_plain, row), strict=True)) for row in cursor.fetchall()]
    return tables


def show(tables: dict[str, list[dict[str, Any]]]) -> None:
    """Print the report for a person."""
    console = Console()
    for name, rows in tables.items():
        if not rows:
            print(f"no {name} yet")
            continue
        table = Table(*(Column(key, overflow="fold") for key in rows[0]), title=name, title_justify="left", box=None)
        table.columns[0].no_wrap = True
        for row in rows[:MOST_PARTITIONS]:
            table.add_row(*(_for_a_person(key, value) for key, value in row.items()))
        console.print(table)
        if len(rows) > MOST_PARTITIONS:
            print(f"… and {len(rows) - MOST_PARTITIONS} more")


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="seconds") if hasattr(value, "isoformat") else value


def _for_a_person(key: str, value: Any) -> str:
    if value is None:
        return ""
    if key.endswith("_bytes"):
        return f"{value / 1_000_000:,.1f} MB"
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
