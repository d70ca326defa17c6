"""Who only reads holds up neither those who write nor the maintainer, and has limits that no session moves."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import psycopg2
import psycopg2.errors
import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from services.db_inserter.stage import Inserter
from services.db_maintainer import runaways
from services.db_maintainer.close import Closing, close_partitions
from services.db_maintainer.retain import delete_expired
from tests.integration.background import in_background
from tests.integration.db_inserter.queries import query, value
from tests.integration.db_inserter.reports import filtered, position
from tests.integration.logins import PASSWORD
from tests.integration.roles.sessions import is_refused, session

HEAVY = "SELECT count(*) FROM generate_series(1, 1000000) AS a, generate_series(1, 1000000) AS b WHERE a % 7 = b % 11"


def wait_until_active(db: Connection, pid: int) -> None:
    until = time.monotonic() + 30
    while not query(
        db, "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND state = 'active' AND query = %s", pid, HEAVY
    ):
        assert time.monotonic() < until
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
