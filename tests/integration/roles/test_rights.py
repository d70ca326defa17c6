"""Who may what: each role tries what it must not on every table, view, sequence and function, and is refused."""

import psycopg2
import psycopg2.errors
import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from tests.integration.db_inserter.queries import query, value
from tests.integration.logins import PASSWORD
from tests.integration.roles.sessions import READERS, is_refused, session

SCHEMAS = "('ais', 'ref', 'ops', 'public')"
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
