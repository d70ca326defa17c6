"""Derived tables with a real PostGIS and the real inserter: a database a file, empty tables a test."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from services.db_inserter.stage import Inserter
from tests.integration.db_maintainer.queries import empty


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
def maintainer(owner_url: str) -> Iterator[Connection]:
    """A connection as a job has it."""
    with closing(database.connect(owner_url, "fairway db_maintainer")) as connection:
        yield connection


@pytest.fixture
def inserter(db: Connection, owner_url: str) -> Iterator[Inserter]:
    with closing(Inserter(owner_url, ledger_days=14, partition_days_ahead=1)) as inserter:
        yield inserter
