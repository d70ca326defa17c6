"""The maintainer with a real PostGIS: a database a file; each test makes the days that it needs."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from services.db_inserter.stage import Inserter
from tests.integration.db_maintainer import days, queries
from tests.integration.logins import login_url


@pytest.fixture(scope="module")
def owner_url(migrated_url: str) -> str:
    """A migrated database that the tests of this file share; each starts without rows."""
    return migrated_url


@pytest.fixture
def db(owner_url: str) -> Iterator[Connection]:
    """The owner's connection, each statement a transaction of its own."""
    with closing(database.connect(owner_url)) as connection:
        connection.autocommit = True
        days.empty(connection)
        queries.empty(connection)
        yield connection


@pytest.fixture
def owner(db: Connection, owner_url: str) -> Iterator[Connection]:
    """The owner's connection with transactions, as commands have one."""
    with closing(database.connect(owner_url)) as connection:
        yield connection


@pytest.fixture(scope="module")
def writer_url(owner_url: str) -> str:
    return login_url(owner_url, "writer")


@pytest.fixture(scope="module")
def maintainer_url(owner_url: str) -> str:
    return login_url(owner_url, "maintainer")


@pytest.fixture
def maintainer(db: Connection, maintainer_url: str) -> Iterator[Connection]:
    """A connection as jobs get one."""
    with closing(database.connect(maintainer_url, "fairway db_maintainer")) as connection:
        yield connection


@pytest.fixture
def inserter(db: Connection, writer_url: str) -> Iterator[Inserter]:
    with closing(Inserter(writer_url, ledger_days=14, partition_days_ahead=1)) as inserter:
        yield inserter
