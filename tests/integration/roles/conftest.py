"""A database with a login for each role."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from fairway.stack.local import LocalStack
from services.db_inserter.stage import Inserter
from tests.integration.conftest import fresh_database
from tests.integration.logins import login_url
from tests.integration.roles.sessions import READERS, session


@pytest.fixture(scope="package")
def owner_url(stack: LocalStack) -> Iterator[str]:
    """A database migrated by itself: a copy of one has none of the privileges of the database as such."""
    with fresh_database(stack) as url:
        database.migrate(url)
        yield url


@pytest.fixture(scope="package")
def urls(owner_url: str) -> dict[str, str]:
    """Where each role logs in, as programs that know nothing of us do."""
    return {role: login_url(owner_url, role) for role in database.ROLES}


@pytest.fixture
def db(owner_url: str) -> Iterator[Connection]:
    with closing(database.connect(owner_url)) as connection:
        connection.autocommit = True
        yield connection


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest, urls: dict[str, str]) -> Iterator[Connection]:
    with session(urls[request.param]) as connection:
        yield connection


@pytest.fixture
def inserter(urls: dict[str, str]) -> Iterator[Inserter]:
    with closing(Inserter(urls["writer"], ledger_days=14, partition_days_ahead=1, lock_seconds=5)) as inserter:
        yield inserter
