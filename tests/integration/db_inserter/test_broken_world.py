"""A database that is away, old, full or slow."""

from contextlib import closing

import psycopg2
import psycopg2.errors
import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from fairway.errors import DatabaseAway
from services.db_inserter.stage import Inserter
from tests.integration.db_inserter.queries import query, value
from tests.integration.db_inserter.reports import filtered, position


def test_a_lost_connection_is_made_again(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(position(), id="1")])
    query(db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fairway db_inserter'")
    with pytest.raises(DatabaseAway):
        inserter.handle([filtered(position(), id="2")])
    inserter.handle([filtered(position(), id="2")])
    assert value(db, "SELECT count(*) FROM ais.positions") == 2


def test_a_missing_schema_is_said_in_one_sentence(database_url: str) -> None:
    with (
        closing(Inserter(database_url, 14, 1)) as inserter,
        pytest.raises(DatabaseAway, match="run `fairway db migrate`"),
    ):
        inserter.prepare()


def test_a_database_without_room_for_a_groups_locks_turns_the_group_away(db: Connection, inserter: Inserter) -> None:
    """What the worker answers by trying the batches one by one; a wait would never end."""
    inserter.handle([filtered(position(), id="1")])
    query(
        db,
        "CREATE FUNCTION ais.fail() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'out of shared memory' USING ERRCODE = 'out_of_memory'; END $$;"
        "CREATE TRIGGER fail BEFORE INSERT ON ais.position_rows FOR EACH ROW EXECUTE FUNCTION ais.fail()",
    )
    with pytest.raises(psycopg2.errors.OutOfMemory):
        inserter.handle([filtered(position(), id="2")])
    query(db, "DROP FUNCTION ais.fail() CASCADE")
    inserter.handle([filtered(position(), id="2")])
    assert value(db, "SELECT count(*) FROM ais.positions") == 2


def test_a_wait_for_a_lock_ends_as_a_database_that_is_away(db: Connection, owner_url: str, writer_url: str) -> None:
    with closing(Inserter(writer_url, 14, 1, lock_seconds=1)) as inserter:
        inserter.prepare()
        with closing(database.connect(owner_url)) as holder:
            query(holder, "LOCK TABLE ops.ledger")
            with pytest.raises(DatabaseAway, match="lock timeout"):
                inserter.handle([filtered(position())])
        inserter.handle([filtered(position())])
    assert value(db, "SELECT count(*) FROM ais.positions") == 1


def test_a_statement_that_takes_too_long_ends_as_a_database_that_is_away(
    db: Connection, owner_url: str, writer_url: str
) -> None:
    with closing(Inserter(writer_url, 14, 1, statement_seconds=1)) as inserter:
        inserter.prepare()
        with closing(database.connect(owner_url)) as holder:
            query(holder, "LOCK TABLE ops.ledger")
            with pytest.raises(DatabaseAway, match="statement timeout"):
                inserter.handle([filtered(position())])
        inserter.handle([filtered(position())])
    assert value(db, "SELECT count(*) FROM ais.positions") == 1


def test_only_the_inserters_session_is_limited(owner_url: str) -> None:
    with closing(database.connect(owner_url)) as connection:
        assert query(connection, "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')") == [
            ("0", "0")
        ]
