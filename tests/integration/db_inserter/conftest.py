"""The inserter with a real PostGIS: a database a file, empty tables a test."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from services.db_inserter.stage import Inserter
from tests.integration.db_inserter.queries import empty
from tests.integration.logins import login_url


@pytest.fixture(scope="module")
def owner_url(migrated_url: str) -> str:
    """A migrated database that the tests of this file share; each starts with empty tables."""
    return migrated_url


@pytest.fixture
def db(owner_url: str) -> Iterator[Connection]:
    with closing(database.connect(owner_url)) as connection:
        connection.autocommit = True
        empty(connection)
        yield connection


@pytest.fixture
def writer_url(owner_url: str) -> str:
    return login_url(owner_url, "writer")


@pytest.fixture
def inserter(db: Connection, writer_url: str) -> Iterator[Inserter]:
    with closing(Inserter(writer_url, ledger_days=14, partition_days_ahead=1)) as inserter:
        yield inserter
