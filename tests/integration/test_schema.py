"""The schema: complete, commented, forward only, and safe to hand to analysts."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copy
from threading import Barrier
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
import psycopg2.errors
import pytest
from psycopg2.extensions import connection as Connection

from fairway import database, flags
from fairway.errors import BadSetting, DatabaseAway
from fairway.records import DECODED_KINDS, field_sentences

PASSWORD = "it's a 100% secret"
TODAY = datetime.now(UTC).date()

# What a column's sentence says besides: what null means in it.
NOT_OF_THE_RECORD = re.compile("; null (in rows|for nothing)")

RELATIONS = """
    SELECT c.oid, n.nspname || '.' || c.relname, obj_description(c.oid, 'pg_class')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('ais', 'ops', 'ref') AND c.relkind IN ('r', 'p', 'v') ORDER BY 2
"""


def login_url(owner_url: str, login: str, password: str = PASSWORD) -> str:
    parts = urlsplit(owner_url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{login}:{quote(password, safe='')}@{place}"))


@pytest.fixture(scope="module")
def schema_url(migrated_url: str) -> str:
    """A migrated database that the tests of this file share; those that change the schema take a fresh one."""
    return migrated_url


@pytest.fixture
def schema(schema_url: str) -> Iterator[Connection]:
    """An owner's connection to a migrated database with one partition."""
    with closing(database.connect(schema_url)) as connection:
        connection.autocommit = True
        query(connection, "SELECT ais.ensure_partition(%s)", TODAY)
        yield connection


@pytest.fixture
def analyst(schema: Connection, schema_url: str) -> Iterator[Connection]:
    yield from logged_in(schema_url, "analyst")


@pytest.fixture
def writer(schema: Connection, schema_url: str) -> Iterator[Connection]:
    yield from logged_in(schema_url, "writer")


def logged_in(owner_url: str, role: str) -> Iterator[Connection]:
    login = database.ensure_logins(owner_url, {role: PASSWORD})[role]
    with closing(psycopg2.connect(login_url(owner_url, login))) as connection:
        connection.autocommit = True
        yield connection


def query(connection: Connection, statement: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def relations(connection: Connection) -> list[str]:
    return [str(name) for _, name, _ in query(connection, RELATIONS)]


def test_migrating_twice_does_nothing_the_second_time(database_url: str) -> None:
    names = database.migrate(database_url)
    assert names == sorted(path.stem for path in database.sql_folder().glob("*.sql"))
    assert database.migrate(database_url) == []
    with closing(database.connect(database_url)) as connection:
        assert query(connection, "SHOW jit") == [("off",)]  # of the database, which no schema dump tells


def test_a_lock_left_by_a_dead_migration_stops_nobody(schema: Connection, schema_url: str) -> None:
    query(schema, "INSERT INTO yoyo_lock (locked, ctime, pid) VALUES (1, now(), 1)")
    assert database.migrate(schema_url) == []


def test_every_migration_can_be_applied_again_after_a_crash(database_url: str, tmp_path: Path) -> None:
    for path in sorted(database.sql_folder().glob("*.sql")):
        copy(path, tmp_path)
        assert database.migrate(database_url, tmp_path) == [path.stem]
        with closing(database.connect(database_url)) as connection, connection:  # the note of the last one was lost
            query(connection, "DELETE FROM _yoyo_migration WHERE migration_id = %s", path.stem)
        assert database.migrate(database_url, tmp_path) == [path.stem]


def test_a_folder_without_migrations_is_a_bad_setting(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"no \.sql files"):
        database.migrate("postgresql:///", tmp_path)


def test_every_table_view_and_column_has_a_comment(schema: Connection) -> None:
    rows = query(
        schema,
        f"SELECT t.name, a.attname FROM ({RELATIONS}) AS t (oid, name, comment) JOIN pg_attribute a ON a.attrelid = t.oid"
        " AND a.attnum > 0 AND NOT a.attisdropped WHERE coalesce(col_description(t.oid, a.attnum), '') = ''",
    )
    assert rows == []
    assert [name for _, name, comment in query(schema, RELATIONS) if not comment] == []


def test_every_function_of_ours_has_a_comment(schema: Connection) -> None:
    rows = query(
        schema,
        "SELECT obj_description(oid) FROM pg_proc WHERE pronamespace::regnamespace::text IN ('ais', 'ops', 'ref')",
    )
    assert rows
    assert all(comment for (comment,) in rows)


def test_the_names_of_flags_in_the_database_are_those_of_the_filter(schema: Connection) -> None:
    for several in (0, *(flag.bit for flag in flags.FLAGS), sum(flags.BITS.values())):
        assert query(schema, "SELECT ais.flag_names(%s)", several) == [(flags.names(several),)]
    assert query(schema, "SELECT ais.flag_names(null), 'land' = ANY (ais.flag_names(null))") == [([], False)]
    [(comment,)] = query(schema, "SELECT obj_description('ais.flag_names(integer)'::regprocedure)")
    assert ", ".join(f"{flag.name} {flag.bit}" for flag in flags.FLAGS) in str(comment)
    assert max(flags.BITS.values()) < 1 << 15  # of a smallint


def test_a_column_that_is_a_record_field_carries_the_records_sentence(schema: Connection) -> None:
    sentences: dict[str, set[str]] = {}
    for kind in DECODED_KINDS:
        for name, sentence in field_sentences(kind).items():
            sentences.setdefault(name, set()).add(sentence)
    ours = {  # say which report's, or are made of several fields
        ("ais.vessels", "source"),
        ("ais.vessels", "station"),
        ("ais.static_reports", "received_at"),
        ("ais.static_reports", "flags"),
        ("ais.heard", "event_time"),
        ("ais.events", "event_time"),
        ("ais.position_reports", "ais_class"),
        ("ais.vessels_now", "ais_class"),
        *((table, name) for table in ("ais.vessels", "ais.vessels_now") for name in ("length", "width")),
    }
    rows = query(
        schema,
        f"SELECT t.name, a.attname, col_description(t.oid, a.attnum) FROM ({RELATIONS}) AS t (oid, name, comment)"
        " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 WHERE t.name LIKE 'ais.%'",
    )
    told = [
        (table, column, comment)
        for table, column, comment in rows
        if column in sentences and (table, column) not in ours
    ]
    told = [row for row in told if "1e-7 degrees" not in str(row[2])]  # of the rows behind ais.positions
    assert len(told) > 150
    assert [row for row in told if NOT_OF_THE_RECORD.split(str(row[2]))[0] not in sentences[str(row[1])]] == []


def test_an_analyst_reads_every_table_also_of_days_to_come(analyst: Connection, schema: Connection) -> None:
    query(schema, "SELECT ais.ensure_partition(%s)", days_ago(1))
    names = relations(schema)
    assert {"ais.positions", f"ais.positions_{days_ago(1):%Y%m%d}", "ops.ledger"} <= set(names)
    for name in names:
        query(analyst, f"SELECT * FROM {name} LIMIT 1")


REFUSALS = (
    psycopg2.errors.InsufficientPrivilege,
    psycopg2.errors.WrongObjectType,
    psycopg2.errors.ObjectNotInPrerequisiteState,  # a view of several tables
)


def test_an_analyst_writes_no_table(analyst: Connection, schema: Connection) -> None:
    attempts = (
        "INSERT INTO {0} DEFAULT VALUES",
        "DELETE FROM {0}",
        "TRUNCATE {0}",
        "DROP TABLE {0}",
        "ALTER TABLE {0} ADD x int",
    )
    for name in relations(schema):
        for attempt in attempts:
            with pytest.raises(REFUSALS):
                query(analyst, attempt.format(name))


@pytest.mark.parametrize("statement", ["SELECT ais.ensure_partition('2026-01-04')", "CREATE TABLE ais.mine (x int)"])
def test_an_analyst_makes_nothing(analyst: Connection, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        query(analyst, statement)


def test_an_analysts_query_ends_after_a_minute(analyst: Connection) -> None:
    assert query(analyst, "SHOW statement_timeout") == [("1min",)]


def test_a_writer_neither_drops_nor_empties_anything(writer: Connection, schema: Connection) -> None:
    for name in relations(schema):
        for attempt in ("TRUNCATE {0}", "DROP TABLE {0}"):
            with pytest.raises((psycopg2.errors.InsufficientPrivilege, psycopg2.errors.WrongObjectType)):
                query(writer, attempt.format(name))


def test_a_writer_makes_a_days_partition_once(writer: Connection) -> None:
    assert query(writer, "SELECT ais.ensure_partition(%s)", days_ago(2)) == [(True,)]
    assert query(writer, "SELECT ais.ensure_partition(%s)", days_ago(2)) == [(False,)]


def test_writers_that_want_a_partition_at_once_make_it_once(schema_url: str) -> None:
    others = [database.connect(schema_url) for _ in range(4)]
    begun = Barrier(len(others))
    for day in map(days_ago, range(20, 30)):  # the catalogue that a waiting session remembers is not always too old

        def ensure(connection: Connection, day: date = day) -> object:
            with connection:
                query(connection, "SELECT to_regclass(%s)", "ais.positions_" + day.strftime("%Y%m%d"))
                begun.wait(10)
                return query(connection, "SELECT ais.ensure_partition(%s)", day)[0][0]

        with ThreadPoolExecutor(len(others)) as pool:
            made = list(pool.map(ensure, others))
        assert sorted(map(bool, made)) == [False, False, False, True]
    for connection in others:
        connection.close()


def test_a_partition_is_a_day_in_utc_whatever_the_session_says(writer: Connection, schema: Connection) -> None:
    query(writer, "SET timezone = 'Pacific/Auckland'")
    query(writer, "SELECT ais.ensure_partition(%s)", days_ago(3))
    assert bounds(schema, f"positions_{days_ago(3):%Y%m%d}") == (
        f"FOR VALUES FROM ('{days_ago(3)} 00:00:00+00') TO ('{days_ago(2)} 00:00:00+00')"
    )


def test_a_partition_has_both_indexes_of_the_table(schema: Connection) -> None:
    name = f"positions_{TODAY:%Y%m%d}"
    rows = query(schema, "SELECT indexdef FROM pg_indexes WHERE tablename = %s ORDER BY indexdef", name)
    assert ["btree (mmsi)" in str(rows), "brin (event_time)" in str(rows), len(rows)] == [True, True, 2]


def test_a_month_that_ended_more_than_400_days_ago_is_one_partition(writer: Connection, schema: Connection) -> None:
    for day, is_new in ("2015-02-03", True), ("2015-02-28", False), ("2015-02-01", False), ("2015-03-01", True):
        assert query(writer, "SELECT ais.ensure_partition(%s)", day) == [(is_new,)]
    assert bounds(schema, "positions_201502") == (
        "FOR VALUES FROM ('2015-02-01 00:00:00+00') TO ('2015-03-01 00:00:00+00')"
    )
    assert "positions_201503" in partitions(schema)


def test_the_last_400_days_have_a_partition_each(writer: Connection, schema: Connection) -> None:
    for day in days_ago(399), days_ago(400):
        query(writer, "SELECT ais.ensure_partition(%s)", day)
        assert f"positions_{day:%Y%m%d}" in partitions(schema)
    long_ago = days_ago(400 + 31)
    query(writer, "SELECT ais.ensure_partition(%s)", long_ago)
    assert f"positions_{long_ago:%Y%m}" in partitions(schema)


def test_a_month_that_has_days_already_goes_on_in_days(writer: Connection, schema: Connection) -> None:
    query(schema, "CREATE TABLE ais.positions_20140605 (LIKE ais.position_rows INCLUDING ALL)")
    query(
        schema,
        "ALTER TABLE ais.position_rows ATTACH PARTITION ais.positions_20140605 FOR VALUES FROM ('2014-06-05') TO ('2014-06-06')",
    )
    query(writer, "SELECT ais.ensure_partition(day) FROM unnest('{2014-06-05,2014-06-06}'::date[]) AS day")
    assert {name for name in partitions(schema) if "201406" in name} == {"positions_20140605", "positions_20140606"}
    query(schema, "DROP TABLE ais.positions_20140605, ais.positions_20140606")


def bounds(schema: Connection, partition: str) -> str:
    rows = query(schema, "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = %s", partition)
    return str(rows[0][0])


def partitions(schema: Connection) -> set[str]:
    rows = query(schema, "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")
    return {str(name) for (name,) in rows}


@pytest.mark.parametrize("day", ["1999-12-31", days_ago(-400).isoformat()])
def test_no_partition_is_made_for_an_unlikely_day(writer: Connection, day: str) -> None:
    with pytest.raises(psycopg2.DataError):
        query(writer, "SELECT ais.ensure_partition(%s)", day)


def test_a_reader_does_not_keep_a_partition_from_being_made(writer: Connection, schema_url: str) -> None:
    with closing(database.connect(schema_url)) as reader:
        query(reader, "SELECT count(*) FROM ais.positions")  # and its transaction stays open
        query(writer, "SET lock_timeout = '2s'")
        assert query(writer, "SELECT ais.ensure_partition(%s)", days_ago(4)) == [(True,)]


def test_a_login_can_be_made_again_with_a_new_password(schema_url: str) -> None:
    for password in ("first", "second"):
        assert database.ensure_logins(schema_url, {"analyst": password}) == {"analyst": "fairway_analyst"}
        psycopg2.connect(login_url(schema_url, "fairway_analyst", password)).close()


def test_a_role_that_is_not_ours_is_a_bad_setting(schema_url: str) -> None:
    with pytest.raises(BadSetting, match="the roles are writer, analyst, maintainer and api"):
        database.create_login(schema_url, "someone", PASSWORD, "postgres")


def test_an_unreachable_database_is_away() -> None:
    with pytest.raises(DatabaseAway):
        database.connect("postgresql://127.0.0.1:1/nothing")


def test_an_upgrade_keeps_what_is_stored_and_completes_it(database_url: str, tmp_path: Path) -> None:
    """A database as it was before providers' decoded data had a place, with a partition and a ship."""
    for path in database.sql_folder().glob("00*.sql"):
        copy(path, tmp_path)
    database.migrate(database_url, tmp_path)
    with closing(database.connect(database_url)) as connection:
        connection.autocommit = True
        query(connection, "SELECT ais.ensure_partition(%s)", TODAY)
        for table in "ais.positions", "ais.latest_positions":
            query(
                connection,
                f"INSERT INTO {table} (event_time, received_at, mmsi, msg_type, own_ship, geom, time_source, source)"
                " SELECT %s, now(), type, type, false, 'SRID=4326;POINT(1 2)', 'received', 'a'"
                " FROM unnest('{1,18,27}'::int[]) AS type",
                TODAY,
            )
        query(
            connection,
            "INSERT INTO ais.vessels (first_time, last_time, mmsi, source, to_bow, to_stern, to_port, dimensions_time)"
            " VALUES (now(), now(), 1, 'a', 100, 20, 5, %s)",
            TODAY,
        )
        copy(database.sql_folder() / "010_decoded_feeds.sql", tmp_path)
        assert database.migrate(database_url, tmp_path) == ["010_decoded_feeds"]
        expected = [(1, False, "A"), (18, False, "B"), (27, True, None)]
        for view in "ais.position_reports", "ais.vessels_now":
            assert query(connection, f"SELECT mmsi, low_resolution, ais_class FROM {view} ORDER BY 1") == expected
        assert query(connection, "SELECT length, length_time::date, width, width_time FROM ais.vessels") == [
            (120.0, TODAY, None, None)
        ]
        assert query(connection, "SELECT length, width FROM ais.vessels_now WHERE mmsi = 1") == [(120, None)]
        partition = f"ais.positions_{TODAY:%Y%m%d}"
        assert query(
            connection,
            "SELECT attname, attnotnull FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND (attname = 'msg_type' OR col_description(attrelid, attnum) IS NULL)",
            partition,
        ) == [("msg_type", False)]
        query(connection, f"UPDATE {partition} SET msg_type = NULL")


def test_an_upgrade_notes_all_positions_for_what_is_derived_of_them(database_url: str, tmp_path: Path) -> None:
    for path in database.sql_folder().glob("*.sql"):
        if path.stem < "015":
            copy(path, tmp_path)
    database.migrate(database_url, tmp_path)
    with closing(database.connect(database_url)) as connection:
        connection.autocommit = True
        for day in date(2014, 2, 3), days_ago(3), days_ago(0), days_ago(-3):
            query(connection, "SELECT ais.ensure_partition(%s)", day)
        copy(database.sql_folder() / "015_derived_tables.sql", tmp_path)
        database.migrate(database_url, tmp_path)
        noted = query(connection, "SELECT period::date::text, count(*) FROM ops.changed_periods GROUP BY 1 ORDER BY 1")
        assert noted[0] == ("2014-02-01", 48)
        assert noted[27:] == [("2014-02-28", 48), (f"{days_ago(3)}", 48), (f"{TODAY}", 48)]


def test_a_second_database_of_the_same_cluster_can_be_migrated_too(schema_url: str, database_url: str) -> None:
    assert database.migrate(database_url)
