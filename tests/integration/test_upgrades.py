"""From every state that an installation could stand in, with data, the newest schema is reached and no value is lost.

The states are the migrations one by one. One database goes through all of them: in each it gets rows as that version stored
them, and whatever its tables and views said before a migration they say after it, in the columns that they had.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from shutil import copy

import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from fairway.schema.dump import schema_dump
from fairway.stack.local import LocalStack
from tests.integration.conftest import fresh_database
from tests.integration.db_inserter.queries import query

STATES = [path.stem for path in sorted(database.sql_folder().glob("*.sql"))]
TODAY = datetime.now(UTC).date()
LONG_AGO = date(2014, 2, 28)  # has a partition of a day until 009, and of a month afterwards
DAYS = (TODAY - timedelta(days=1), TODAY)
VARIANTS = (*DAYS, LONG_AGO)  # three rows a table: usual values, those at the edges, and nothing where null is allowed
BARE = 2

# Usual values and those at the edges; {n} is another number in each row, {day} one that has a partition.
VALUES: Mapping[str, tuple[str, str]] = {
    "smallint": ("3", "0"),
    "integer": ("219000000 + {n}", "1073741823 - {n}"),
    "bigint": ("42", "9007199254740993"),
    "real": ("12.3", "102.2"),
    "double precision": ("0.1", "-1e-7"),
    "boolean": ("true", "false"),
    "text": ("'coastal.denmark {n}'", "E'Ærø \\'x\\' \"y\" \\\\ {{}},|\\t {n}'"),
    "jsonb": ("'{{\"area\": 3}}'", '\'{{"é": [1.50, null, "\\""]}}\''),
    "uuid": ("md5('{n}')::uuid", "md5('{n}')::uuid"),
    "date": ("date '{day}'", "date '2000-01-01' + {n}"),
    "interval": ("'15 minutes'", "'1 mon 1 day 00:00:00.000001'"),
    "timestamp with time zone": ("timestamptz '{day} 10:11:12.345Z'", "timestamptz '{day} 23:59:59.999999Z'"),
    "geometry(Point,4326)": (
        "st_setsrid(st_point(12.3456789, -55.7654321), 4326)",
        "st_setsrid(st_point(-180, 90), 4326)",
    ),
    "geometry(Polygon,4326)": ("st_makeenvelope(1, 2, 3, 4, 4326)", "st_makeenvelope(-180, -90, 180, 90, 4326)"),
    "geometry(MultiPolygon,4326)": ("st_multi(st_makeenvelope(1, 2, 3, 4, 4326))", "'SRID=4326;MULTIPOLYGON EMPTY'"),
    "geometry(Geometry,4326)": ("st_makeenvelope(1, 2, 3, 4, 4326)", "'SRID=4326;LINESTRING(1 2, 3 4)'"),
}
# Columns in which not every value will do.
OF_THE_WRITER: Mapping[str, Mapping[str, str]] = {
    "ais.position_rows": {"lon": "1234567890 - {n}", "lat": "{n} - 900000000", "label": "{n} % 3 + 1"},
    "ais.latest_position_rows": {"lon": "{n} - 1800000000", "lat": "900000000", "label": "{n} % 3 + 1"},
    "ais.vessels": {"length": "{n}", "width": "{n} % 60"},  # whole metres, which ais.vessels_now does not round
}
# Tables that operators and the maintainer fill, which are worth keeping as well.
OTHERS: Mapping[str, Mapping[str, str]] = {
    "ais.events": {},
    "ais.vessel_days": {},
    "ops.archives": {},
    "ops.frozen_days": {"day": "date '2020-01-01' + {n}"},
    "ops.jobs": {},
    "ops.refreshed": {},
    "ref.areas": {"source": "'natural_earth'"},
    "ref.ports": {"source": "'natural_earth'"},
}
CHANGING = {("ais.vessels_now", "age")}  # with every look

# Labels first, to which others refer. Before 007 nobody had been told who may write.
TABLES = """
    SELECT c.oid, n.nspname || '.' || c.relname
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('ais', 'ops', 'ref') AND c.relkind IN ('r', 'p') AND NOT c.relispartition {}
        AND (
            has_table_privilege('writer', c.oid, 'INSERT') OR n.nspname || '.' || c.relname = ANY (%s)
            OR to_regclass('ops.ledger') IS NULL OR NOT has_table_privilege('writer', to_regclass('ops.ledger'), 'INSERT')
        )
    ORDER BY c.relname <> 'position_labels', 2
"""
VIEWS = """
    SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'ais' AND c.relkind = 'v'
"""
COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod), attnotnull
    FROM pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attgenerated = ''
"""

Seen = dict[str, tuple[list[str], Counter[str]]]  # by table or view: the columns, and the rows as text


@pytest.fixture(scope="module")
def newest(stack: LocalStack, migrated: str) -> Iterator[str]:
    """The whole schema of a database that was never older, with the partitions of DAYS."""
    with fresh_database(stack, migrated) as url:
        with closing(database.connect(url)) as connection, connection:
            make_partitions(connection, DAYS)
        yield schema_dump(url, whole=True)


def test_every_upgrade_keeps_every_value_and_they_end_in_the_newest_schema(
    database_url: str, newest: str, tmp_path: Path
) -> None:
    numbers, before = count(1), Seen()
    with closing(database.connect(database_url)) as connection:
        for state in STATES:
            copy(database.sql_folder() / f"{state}.sql", tmp_path)
            assert database.migrate(database_url, tmp_path) == [state]
            with connection:
                for name, (columns, rows) in before.items():
                    after = content(connection, name, columns)
                    assert rows - after == Counter(), f"{state} loses rows of {name}"
                    assert after == rows or not name.startswith("ais."), f"{state} adds rows to {name}"
                before = seen(connection, fill(connection, numbers))
        with connection:
            query(connection, "DROP TABLE ais.positions_20140228")  # a month would have its place now
            make_partitions(connection, DAYS)
    assert schema_dump(database_url, whole=True) == newest


def test_the_rows_that_are_upgraded_are_of_all_tables_that_are_worth_keeping(stack: LocalStack, migrated: str) -> None:
    with fresh_database(stack, migrated) as url, closing(database.connect(url)) as connection:
        filled = fill(connection, count(1))
        assert set(filled) > {*OTHERS, *OF_THE_WRITER, "ais.static_reports", "ais.safety_messages", "ops.ledger"}
        assert all(query(connection, f"SELECT count(*) >= 3 FROM {name}") == [(True,)] for name in filled)


def fill(connection: Connection, numbers: Iterator[int]) -> list[str]:
    """Put rows into all tables that are written to in this state; their names."""
    has_partitions = make_partitions(connection, VARIANTS)
    # Without, nothing could be stored in a table that should have them.
    tables = query(connection, TABLES.format("" if has_partitions else "AND c.relkind <> 'p'"), list(OTHERS))
    for oid, name in tables:
        columns = query(connection, COLUMNS, oid)
        for variant, day in enumerate(VARIANTS):
            row = {
                column: _value(name, column, kind, min(variant, 1))
                for column, kind, needed in columns
                if variant < BARE or needed
            }
            values = ", ".join(row.values()).format(n=next(numbers), day=day)
            query(connection, f"INSERT INTO {name} ({', '.join(row)}) VALUES ({values})")
    return [name for _, name in tables]


def make_partitions(connection: Connection, days: Sequence[date]) -> bool:
    """Whether this state has partitions, which are there now."""
    if query(connection, "SELECT to_regprocedure('ais.ensure_partition(date)')") == [(None,)]:
        return False
    query(connection, "SELECT ais.ensure_partition(day) FROM unnest(%s) AS day", list(days))
    return True


def _value(table: str, column: str, kind: str, variant: int) -> str:
    return {**OTHERS, **OF_THE_WRITER}.get(table, {}).get(column) or VALUES[kind][variant]


def seen(connection: Connection, tables: list[str]) -> Seen:
    """What is in the tables, and what the views of this state make of it."""
    views = [name for (name,) in query(connection, VIEWS)]
    found: Seen = {}
    for name in (*tables, *views):
        rows = query(connection, "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", name)
        columns = [column for (column,) in rows if (name, column) not in CHANGING]
        found[name] = columns, content(connection, name, columns)
    return found


def content(connection: Connection, name: str, columns: list[str]) -> Counter[str]:
    selected = ", ".join(f'"{column}"' for column in columns)
    return Counter(row for (row,) in query(connection, f"SELECT (t.*)::text FROM (SELECT {selected} FROM {name}) AS t"))
