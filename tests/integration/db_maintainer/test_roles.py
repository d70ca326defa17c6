"""Who may write what the maintainer keeps: of all roles but the owner's, the writer alone, and only its notes."""

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import psycopg2.errors
import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from tests.integration.db_inserter.queries import query
from tests.integration.db_maintainer.queries import DERIVED, OPS
from tests.integration.logins import login_url

TABLES = [*(f"ais.{name}" for name in (*DERIVED, "events", "trips", "fixes")), *(f"ops.{name}" for name in OPS)]
REFUSALS = (
    psycopg2.errors.InsufficientPrivilege,
    psycopg2.errors.WrongObjectType,
    psycopg2.errors.ObjectNotInPrerequisiteState,  # a view of several tables
)


@pytest.fixture(params=["writer", "analyst"])
def login(request: pytest.FixtureRequest, db: Connection, owner_url: str) -> Iterator[Connection]:
    with closing(database.connect(login_url(owner_url, request.param), request.param)) as connection:
        connection.autocommit = True
        yield connection


@pytest.mark.parametrize("table", TABLES)
def test_a_role_reads_everything_and_writes_nothing_but_notes(login: Connection, table: str) -> None:
    query(login, f"SELECT * FROM {table}")
    statements = [f"INSERT INTO {table} DEFAULT VALUES", f"DELETE FROM {table}", f"TRUNCATE {table}"]
    if table == "ops.changed_periods" and "writer" in login.dsn:
        query(login, "INSERT INTO ops.changed_periods (period) VALUES (now())")
        del statements[0]
    for statement in statements:
        with pytest.raises(REFUSALS):
            query(login, statement)


def test_no_role_makes_partitions_of_months(login: Connection) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        query(login, "SELECT ais.ensure_month('tracks', '2026-01-02')")
