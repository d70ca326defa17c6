"""Real servers: one private RabbitMQ and PostgreSQL a session, a fresh database a test."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from uuid import uuid4

import pika
import psycopg2
import pytest

from fairway import database, topics
from fairway.broker import connection_parameters
from fairway.stack.errors import StackError
from fairway.stack.local import LocalStack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """Both servers, started for this session; skipped with the reason where they are not installed, except in CI."""
    stack = LocalStack(tmp_path_factory.mktemp("stack") / ".fairway")
    try:
        stack.start_servers(topics.definitions())
    except StackError as error:
        stack.clean()
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no servers here: {error}")
    yield stack
    stack.clean()


@contextmanager
def fresh_database(stack: LocalStack, template: str = "template1") -> Iterator[str]:
    """The owner's URL of a new database as the template is, gone afterwards."""
    name = f"test_{uuid4().hex[:12]}"
    owner = stack.database_url()
    _execute(owner, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield owner.rpartition("/")[0] + f"/{name}"
    _execute(owner, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated(stack: LocalStack) -> Iterator[str]:
    """The name of a migrated database that nobody may connect to: a copy of it costs a tenth of another migration."""
    with fresh_database(stack) as url:
        database.migrate(url)
        yield url.rpartition("/")[2]


@pytest.fixture
def database_url(stack: LocalStack) -> Iterator[str]:
    """The owner's URL of a fresh, empty database in which PostGIS can be made."""
    with fresh_database(stack) as url:
        yield url


@pytest.fixture(scope="module")
def migrated_url(stack: LocalStack, migrated: str) -> Iterator[str]:
    """The owner's URL of a migrated database that the tests of one file share."""
    with fresh_database(stack, migrated) as url:
        yield url


@pytest.fixture
def amqp_url(stack: LocalStack) -> str:
    """The operator's URL of a broker whose queues are empty."""
    url = stack.amqp_url("operator")
    with closing(pika.BlockingConnection(connection_parameters(url, "tests"))) as connection:
        channel = connection.channel()
        for queue in topics.QUEUES:
            if queue.name != topics.RAW_LOG:
                channel.queue_purge(queue.name)
    return url


def _execute(url: str, statement: str) -> None:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)
