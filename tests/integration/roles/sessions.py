"""Logins of each role, and what they are refused."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
import psycopg2.errors
from psycopg2.extensions import connection as Connection

from tests.integration.db_inserter.queries import query

READERS = ("analyst", "api")
REFUSALS = (
    psycopg2.errors.InsufficientPrivilege,
    psycopg2.errors.WrongObjectType,  # a view is not truncated
    psycopg2.errors.ObjectNotInPrerequisiteState,  # a view of several tables
)


@contextmanager
def session(url: str, autocommit: bool = True) -> Iterator[Connection]:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = autocommit
        yield connection


def is_refused(connection: Connection, statement: str) -> bool:
    try:
        query(connection, statement)
    except REFUSALS:
        return True
    finally:
        if not connection.autocommit:
            connection.rollback()
    return False
