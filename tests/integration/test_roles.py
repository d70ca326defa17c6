"""Who may what: each role tries what it must not on every table, view, sequence and function, and is refused."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from threading import Thread
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import psycopg2.errors
import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from fairway.stack.local import LocalStack
from services.db_inserter.stage import Inserter
from services.db_maintainer import runaways
from services.db_maintainer.close import Closing, close_partitions
from services.db_maintainer.retain import delete_expired
from tests.integration.conftest import fresh_database
from tests.integration.db_inserter.reports import filtered, position

PASSWORD = "secret"
READERS = ("analyst", "api")
SCHEMAS = "('ais', 'ref', 'ops', 'public')"
REFUSALS = (
    psycopg2.errors.InsufficientPrivilege,
    psycopg2.errors.WrongObjectType,  # a view is not truncated
    psycopg2.errors.ObjectNotInPrerequisiteState,  # a view of several tables
)
RELATIONS = f"""
    SELECT c.oid::regclass::text, c.relkind FROM pg_class AS c
    WHERE c.relnamespace::regnamespace::text IN {SCHEMAS} AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
        AND c.relname <> 'geometry_columns'  -- of PostGIS, whose rules let everybody change it and then do nothing
    ORDER BY 1
"""
# What the writer stores is what it may store; what it changes is the present of each vessel, the runs, and the ledger's end.
WRITERS = {
    "INSERT": {
        *("ais.position_rows", "ais.position_labels", "ais.latest_position_rows", "ais.vessels", "ais.static_reports"),
        *("ais.base_station_reports", "ais.aton_reports", "ais.sar_aircraft_positions", "ais.safety_messages"),
        *("ais.binary_messages", "ais.other_messages", "ais.heard_copies"),
        *("ops.ledger", "ops.imports", "ops.changed_periods"),
    },
    "UPDATE": {"ais.latest_position_rows", "ais.vessels", "ais.static_reports"},
    "DELETE": {"ops.ledger"},
}
HEAVY = "SELECT count(*) FROM generate_series(1, 1000000) AS a, generate_series(1, 1000000) AS b WHERE a % 7 = b % 11"


@pytest.fixture(scope="module")
def owner_url(stack: LocalStack) -> Iterator[str]:
    """A database migrated by itself: a copy of one has none of the privileges of the database as such."""
    with fresh_database(stack) as url:
        database.migrate(url)
        yield url


@pytest.fixture(scope="module")
def urls(owner_url: str) -> dict[str, str]:
    """Where each role logs in, as programs that know nothing of us do."""
    logins = database.ensure_logins(owner_url, dict.fromkeys(database.ROLES, PASSWORD))
    parts = urlsplit(owner_url)
    place = parts.netloc.rpartition("@")[2]
    return {role: urlunsplit(parts._replace(netloc=f"{name}:{PASSWORD}@{place}")) for role, name in logins.items()}


@pytest.fixture
def db(owner_url: str) -> Iterator[Connection]:
    with closing(database.connect(owner_url)) as connection:
        connection.autocommit = True
        yield connection


@contextmanager
def session(url: str, autocommit: bool = True) -> Iterator[Connection]:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = autocommit
        yield connection


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest, urls: dict[str, str]) -> Iterator[Connection]:
    with session(urls[request.param]) as connection:
        yield connection


@pytest.fixture
def inserter(urls: dict[str, str]) -> Iterator[Inserter]:
    with closing(Inserter(urls["writer"], ledger_days=14, partition_days_ahead=1, lock_seconds=5)) as inserter:
        yield inserter


def query(connection: Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def value(connection: Connection, statement: str, *values: object) -> Any:
    return query(connection, statement, *values)[0][0]


def is_refused(connection: Connection, statement: str) -> bool:
    try:
        query(connection, statement)
    except REFUSALS:
        return True
    finally:
        if not connection.autocommit:
            connection.rollback()
    return False


def first_column(db: Connection, relation: str) -> str:
    return str(
        value(
            db, "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", relation
        )
    )


def attempts(db: Connection, relation: str, kind: str) -> dict[str, str]:
    """What would change a relation, by the privilege that it takes."""
    if kind == "S":
        return {"USAGE": f"SELECT nextval('{relation}')", "UPDATE": f"SELECT setval('{relation}', 1)"}
    column = first_column(db, relation)
    return {
        "INSERT": f"INSERT INTO {relation} ({column}) OVERRIDING SYSTEM VALUE SELECT NULL WHERE false",
        "UPDATE": f"UPDATE {relation} SET {column} = DEFAULT WHERE false",
        "DELETE": f"DELETE FROM {relation} WHERE false",
        "TRUNCATE": f"TRUNCATE {relation}",
        "COPY": f"COPY {relation} FROM STDIN",
        "LOCK": f"LOCK TABLE {relation} IN ROW SHARE MODE",
        "FOR UPDATE": f"SELECT * FROM {relation} FOR UPDATE",
        "ALTER": f"ALTER TABLE {relation} ADD COLUMN mine integer",
        "DROP": f"DROP {'VIEW' if kind == 'v' else 'TABLE'} {relation}",
        "TRIGGER": f"CREATE TRIGGER mine BEFORE INSERT ON {relation} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "INDEX": f"CREATE INDEX ON {relation} ({column})",
        "COMMENT": f"COMMENT ON COLUMN {relation}.{column} IS 'mine'",
    }


def test_a_reader_changes_nothing_anywhere(db: Connection, reader: Connection) -> None:
    reader.autocommit = False
    query(db, "SELECT ais.ensure_partition(current_date), ais.ensure_month('tracks', current_date)")
    relations = query(db, RELATIONS)
    assert len(relations) > 50
    assert {kind for _, kind in relations} >= {"r", "p", "v", "S"}
    done = [
        statement
        for relation, kind in relations
        for statement in attempts(db, relation, kind).values()
        if not is_refused(reader, statement)
    ]
    assert done == []


def test_a_writer_changes_nothing_but_what_it_must(db: Connection, urls: dict[str, str]) -> None:
    query(db, "SELECT ais.ensure_partition(current_date)")
    tables = [(relation, kind) for relation, kind in query(db, RELATIONS) if kind != "S"]
    with session(urls["writer"], autocommit=False) as writer:
        may: dict[str, set[str]] = {}
        for relation, kind in tables:
            for privilege in ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "ALTER", "DROP", "INDEX", "TRIGGER"):
                if not is_refused(writer, attempts(db, relation, kind)[privilege]):
                    may.setdefault(privilege, set()).add(relation)
    assert may == WRITERS


FUNCTIONS_OF_THE_OWNER = f"""
    SELECT oid::regprocedure::text, format(
        'SELECT %%s(%%s)', oid::regproc,
        (SELECT string_agg('NULL::' || format_type(argument, NULL), ', ') FROM unnest(proargtypes) AS argument)
    )
    FROM pg_proc
    WHERE pronamespace::regnamespace::text IN {SCHEMAS} AND prosecdef AND prorettype <> 'trigger'::regtype
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')  -- of PostGIS
"""


@pytest.mark.parametrize("role", [*READERS, "writer"])
def test_no_function_lends_the_owners_rights_to_who_only_reads(db: Connection, urls: dict[str, str], role: str) -> None:
    functions = query(db, FUNCTIONS_OF_THE_OWNER.replace("%%", "%"))
    assert {"ais.ensure_partition(date)", "ops.drop_partition(text)", "ops.end_runaways()"} <= {f for f, _ in functions}
    mine = {"ais.ensure_partition(date)"} if role == "writer" else set()
    with session(urls[role]) as connection:
        assert {name for name, call in functions if name not in mine and not is_refused(connection, call)} == set()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (x int)",
        "CREATE TABLE public.mine (x int)",
        "CREATE TABLE ais.mine (x int)",
        "CREATE VIEW ref.mine AS SELECT 1",
        "CREATE TEMPORARY TABLE mine (x int)",
        "SELECT 1 AS x INTO TEMPORARY mine",
        "CREATE TABLE ops.mine AS SELECT 1",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION hstore",
        "CREATE FUNCTION public.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "SELECT lo_create(0)",
        "SELECT lo_creat(-1)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT pg_logical_emit_message(false, 'mine', 'x')",
        "SELECT pg_advisory_lock(hashtext('ais.ensure_partition'))",
        "SELECT pg_try_advisory_xact_lock(1, 2)",
        "ALTER SYSTEM SET work_mem = '1GB'",
        "SET ROLE writer",
        "SET ROLE maintainer",
        "SET SESSION AUTHORIZATION fairway_writer",
        "SET temp_file_limit = -1",
        "ALTER ROLE CURRENT_USER RESET temp_file_limit",
        "ALTER ROLE CURRENT_USER CONNECTION LIMIT -1",
        "SELECT pg_reload_conf()",
        "SELECT pg_switch_wal()",
        "SELECT pg_stat_reset()",
        "CHECKPOINT",
    ],
)
def test_a_reader_makes_nothing(reader: Connection, statement: str) -> None:
    if "RESET temp_file_limit" in statement:
        statement = statement.replace("CURRENT_USER", str(value(reader, "SELECT current_user")))
    try:
        query(reader, statement)
    except (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.InvalidParameterValue):
        return
    pytest.fail(f"{statement} was done")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT rolpassword FROM pg_authid",
        "SELECT passwd FROM pg_shadow",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT pg_read_binary_file('pg_hba.conf')",
        "SELECT pg_ls_dir('.')",
        "SELECT pg_stat_file('postgresql.conf')",
        "SELECT * FROM pg_hba_file_rules",
        "SELECT * FROM pg_file_settings",
        "SELECT subconninfo FROM pg_subscription",
        "SELECT umoptions FROM pg_user_mapping",
        "SELECT * FROM pg_statistic",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_export(1, '/tmp/mine')",
        "COPY ais.vessels TO '/tmp/mine'",
        "COPY ais.vessels TO PROGRAM 'cat'",
        "COPY (SELECT 1) TO PROGRAM 'cat'",
        "CREATE EXTENSION dblink",
        "CREATE EXTENSION file_fdw",
        "SELECT pg_terminate_backend(%s)",
        "SELECT pg_cancel_backend(%s)",
        "SELECT * FROM public._yoyo_migration",
    ],
)
def test_secrets_and_files_are_not_read(db: Connection, reader: Connection, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        query(reader, statement.replace("%s", str(db.info.backend_pid)))


def test_what_others_ask_is_not_shown(db: Connection, reader: Connection) -> None:
    pid = db.info.backend_pid
    assert value(db, "SELECT query FROM pg_stat_activity WHERE pid = %s /* secret */", pid).endswith("/* secret */")
    assert query(reader, "SELECT query, client_addr FROM pg_stat_activity WHERE pid = %s", pid) == [
        ("<insufficient privilege>", None)
    ]
    assert value(reader, "SELECT passwd FROM pg_user WHERE usename = 'fairway_writer'") == "********"


def test_the_api_reads_what_analysts_read_but_not_the_account(db: Connection, urls: dict[str, str]) -> None:
    with session(urls["api"]) as api, session(urls["analyst"]) as analyst:
        for relation, kind in query(db, RELATIONS):
            schema = relation.partition(".")[0]
            if schema in ("ais", "ref") and kind != "S":
                query(api, f"SELECT * FROM {relation} LIMIT 1")
                query(analyst, f"SELECT * FROM {relation} LIMIT 1")
            elif schema == "ops":
                assert is_refused(api, f"SELECT * FROM {relation}")
    functions = (
        "SELECT array_agg(oid::regprocedure::text ORDER BY 1) FROM pg_proc"
        " WHERE pronamespace::regnamespace::text IN ('ais', 'ref') AND has_function_privilege(%s, oid, 'EXECUTE')"
    )
    assert value(db, functions, "api") == value(db, functions, "analyst")


def test_the_api_has_less_time_than_an_analyst(urls: dict[str, str]) -> None:
    settings = ("statement_timeout", "idle_in_transaction_session_timeout", "temp_file_limit")
    found = {}
    for role in READERS:
        with session(urls[role]) as connection:
            found[role] = [value(connection, f"SHOW {name}") for name in settings]
    assert found == {"analyst": ["1min", "10min", "20GB"], "api": ["15s", "1min", "2GB"]}


def test_a_login_has_as_many_connections_as_the_limit_says(owner_url: str, db: Connection) -> None:
    limit = "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'fairway_api'"
    assert value(db, limit) == 20
    query(db, "UPDATE ops.role_limits SET connections = 7 WHERE role = 'api'")
    database.ensure_logins(owner_url, {"api": PASSWORD})
    assert value(db, limit) == 7


# ---- runaways ----


def in_background(work: Callable[[], object]) -> tuple[Thread, list[BaseException]]:
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    thread = Thread(target=run)
    thread.start()
    return thread, errors


def wait_until_active(db: Connection, pid: int) -> None:
    while not query(
        db, "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND state = 'active' AND query = %s", pid, HEAVY
    ):
        time.sleep(0.01)


def is_active(db: Connection, pid: int) -> bool:
    return bool(query(db, "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND state = 'active'", pid))


@pytest.fixture
def limits(db: Connection) -> Iterator[Callable[..., None]]:
    """Sets limits of analysts, and sets them back."""
    before = query(db, "SELECT statement, idle, transaction FROM ops.role_limits WHERE role = 'analyst'")[0]
    statement = "UPDATE ops.role_limits SET statement = %s, idle = %s, transaction = %s WHERE role = 'analyst'"

    def set_limits(statement_limit: str | None = None, idle: str | None = None, transaction: str | None = None) -> None:
        query(db, statement, statement_limit, idle, transaction)

    yield set_limits
    query(db, statement, *before)


def end_runaways(urls: dict[str, str]) -> int:
    with closing(database.connect(urls["maintainer"])) as maintainer:
        return runaways.end_runaways(maintainer)


def test_the_roles_own_timeout_ends_a_runaway(owner_url: str, db: Connection, urls: dict[str, str]) -> None:
    try:
        query(db, "ALTER ROLE analyst SET statement_timeout = '200ms'")
        database.ensure_logins(owner_url, {"analyst": PASSWORD})
        with (
            session(urls["analyst"]) as analyst,
            pytest.raises(psycopg2.errors.QueryCanceled, match="statement timeout"),
        ):
            query(analyst, HEAVY)
    finally:
        query(db, "ALTER ROLE analyst SET statement_timeout = '60s'")
        database.ensure_logins(owner_url, {"analyst": PASSWORD})


def test_who_lifts_the_timeout_is_stopped_all_the_same(
    db: Connection, urls: dict[str, str], limits: Callable[..., None]
) -> None:
    with session(urls["analyst"]) as analyst:
        query(analyst, "SET statement_timeout = 0")
        thread, errors = in_background(lambda: query(analyst, HEAVY))
        wait_until_active(db, analyst.info.backend_pid)
        assert end_runaways(urls) == 0  # well within a quarter of an hour
        assert is_active(db, analyst.info.backend_pid)
        # Between the limit and twice the limit it is cancelled; whoever is slower to ask finds it beyond that.
        limits(statement_limit="1 millisecond")
        assert end_runaways(urls) == 1
        thread.join()
        assert [isinstance(error, psycopg2.OperationalError) for error in errors] == [True]


def test_a_statement_is_cancelled_before_its_session_is_ended(
    db: Connection, urls: dict[str, str], limits: Callable[..., None]
) -> None:
    with session(urls["analyst"]) as analyst:
        query(analyst, "SET statement_timeout = 0")
        thread, errors = in_background(lambda: query(analyst, HEAVY))
        wait_until_active(db, analyst.info.backend_pid)
        time.sleep(0.5)  # so that twice the limit is half a second away when the next statement begins
        query(
            db,
            "UPDATE ops.role_limits SET statement = clock_timestamp() - query_start FROM pg_stat_activity WHERE pid = %s;"
            " SELECT ops.end_runaways()",
            analyst.info.backend_pid,
        )
        thread.join()
        assert [type(error) for error in errors] == [psycopg2.errors.QueryCanceled]
        assert query(analyst, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("limit", ["idle", "transaction"])
def test_an_open_transaction_is_ended(
    db: Connection, urls: dict[str, str], limits: Callable[..., None], limit: str
) -> None:
    with session(urls["analyst"], autocommit=False) as analyst:
        query(analyst, "SET idle_in_transaction_session_timeout = 0")
        query(analyst, "SELECT count(*) FROM ais.positions")
        assert end_runaways(urls) == 0
        limits(**{limit: "1 millisecond"})
        assert end_runaways(urls) == 1
        with pytest.raises((psycopg2.OperationalError, psycopg2.InterfaceError)):
            query(analyst, "SELECT 1")


def test_nobody_else_is_ended(db: Connection, urls: dict[str, str], limits: Callable[..., None]) -> None:
    limits("1 millisecond", "1 millisecond", "1 millisecond")
    query(db, "GRANT analyst TO fairway_writer")
    try:
        with (
            session(urls["writer"], autocommit=False) as writer,
            session(urls["api"], autocommit=False) as api,
            session(urls["analyst"]) as analyst,  # between two statements, it has no transaction
        ):
            for connection in writer, api, analyst:
                query(connection, "SELECT count(*) FROM ais.vessels")
            assert end_runaways(urls) == 0
            for connection in writer, api, analyst:
                query(connection, "SELECT 1")
    finally:
        query(db, "REVOKE analyst FROM fairway_writer")


def test_who_is_an_analyst_through_another_role_has_limits_too(
    db: Connection, urls: dict[str, str], limits: Callable[..., None]
) -> None:
    query(db, "CREATE ROLE some_team NOLOGIN; GRANT analyst TO some_team")
    query(db, "CREATE ROLE some_person LOGIN PASSWORD 'secret'; GRANT some_team TO some_person")
    try:
        with session(urls["analyst"].replace("fairway_analyst", "some_person"), autocommit=False) as person:
            query(person, "SELECT count(*) FROM ais.vessels")
            limits(transaction="1 millisecond")
            assert end_runaways(urls) == 1
    finally:
        query(db, "DROP ROLE some_person; DROP ROLE some_team")


# ---- nobody who reads holds up those who write ----


def test_an_analysts_strongest_lock_and_heaviest_question_stall_no_insert(
    db: Connection, urls: dict[str, str], inserter: Inserter
) -> None:
    """Of a day that has no partition yet, which is attached meanwhile."""
    inserter.handle([filtered(position(), id="before")])
    with session(urls["analyst"], autocommit=False) as holder, session(urls["analyst"]) as heavy:
        modes = ("ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE", "EXCLUSIVE", "ACCESS EXCLUSIVE")
        for table in "ais.position_rows", "ais.vessels", "ops.ledger":
            assert all(is_refused(holder, f"LOCK TABLE {table} IN {mode} MODE") for mode in modes)
        query(holder, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
        query(holder, "LOCK TABLE ais.position_rows, ais.vessels, ais.static_reports, ops.ledger IN ACCESS SHARE MODE")
        query(holder, "SELECT count(*) FROM ais.positions")
        thread, _ = in_background(lambda: query(heavy, HEAVY))
        wait_until_active(db, heavy.info.backend_pid)
        inserter.handle([filtered(position(event_time="2026-02-03T04:05:06.000Z"), position(1), id="meanwhile")])
        assert value(db, "SELECT count(*) FROM ais.positions") == 3
        assert is_active(db, heavy.info.backend_pid)
        assert holder.info.transaction_status == psycopg2.extensions.TRANSACTION_STATUS_INTRANS
        query(db, "SELECT pg_terminate_backend(%s)", heavy.info.backend_pid)
        thread.join()


def test_an_analyst_puts_the_maintainer_off_for_no_longer_than_the_limit(
    db: Connection, urls: dict[str, str], inserter: Inserter, limits: Callable[..., None]
) -> None:
    inserter.handle([filtered(position(event_time="2026-03-03T04:05:06.000Z"), id="march")])
    query(db, "INSERT INTO ops.retention (table_name, days) VALUES ('positions', 10)")
    assert datetime.now(UTC) > datetime(2026, 3, 20, tzinfo=UTC)
    closing_now = Closing(datetime.resolution, datetime.resolution, tries=1)
    with (
        session(urls["analyst"], autocommit=False) as analyst,
        closing(database.connect(urls["maintainer"])) as maintainer,
    ):
        query(analyst, "SET idle_in_transaction_session_timeout = 0")
        query(analyst, "SELECT count(*) FROM ais.positions")
        assert close_partitions(maintainer, closing_now) == 0
        assert delete_expired(maintainer, tries=1) == 0
        limits(transaction="1 millisecond")
        assert end_runaways(urls) == 1
        assert close_partitions(maintainer, closing_now) > 0
        assert delete_expired(maintainer, tries=1) > 0
