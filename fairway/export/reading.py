"""Rows out of the database, some at a time, so that neither side ever holds them all.

Each page is read in a transaction of its own that may only read, through a cursor that stays in the database. Every statement
fetches so many rows, so that the time limit of an analyst's statements is one for these, not for the whole export.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2 import extensions
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from fairway import database
from fairway.errors import FairwayError
from fairway.export.asked import Asked
from fairway.export.subjects import Subject
from fairway.export.table import Batch, Column, Table

CURSOR = "export"

Values = dict[str, object]


class Reader:
    """The rows of a subject that are asked for. `table` says which columns they have. Raises DatabaseAway, FairwayError."""

    def __init__(self, connection: Connection, subject: Subject, asked: Asked) -> None:
        self._connection = connection
        self._subject = subject
        self._limit = asked.limit
        self._values: Values = {
            "begin": asked.begin,
            "end": asked.end,
            "mmsis": list(asked.mmsis),
            "source": asked.source,
        }
        connection.set_session(readonly=True)
        with _errors(connection), connection, connection.cursor() as cursor:
            self._question = subject.question(asked).format(columns=_columns(cursor, subject))
            self.table = _table(cursor, self._question, self._page(None, None, 0), subject.has_lines)

    def batches(self) -> Iterator[Batch]:
        """The rows, at most `rows_at_once` of the subject in each batch."""
        left = self._limit
        for begin, end in self._pages():
            for batch in self._of_page(self._page(begin, end, left)):
                yield batch
                left = None if left is None else left - len(batch)
            if left == 0:
                return

    def _pages(self) -> list[tuple[object, object]]:
        if self._subject.pages is None:
            return [(None, None)]
        with _errors(self._connection), self._connection, self._connection.cursor() as cursor:
            cursor.execute(self._subject.pages, self._values)
            return [(begin, end) for begin, end in cursor.fetchall()]

    def _page(self, begin: object, end: object, limit: int | None) -> Values:
        return {**self._values, "page_begin": begin, "page_end": end, "limit": limit}

    def _of_page(self, values: Values) -> Iterator[Batch]:
        with _errors(self._connection), self._connection, self._connection.cursor(CURSOR) as cursor:
            cursor.execute(self._question, values)
            while batch := cursor.fetchmany(self._subject.rows_at_once):
                yield batch


@contextmanager
def interruptible() -> Iterator[None]:
    """Lets Ctrl-C end a wait for the database, whose question is cancelled; libpq alone would wait for the answer."""
    before = extensions.get_wait_callback()
    extensions.set_wait_callback(_wait)
    try:
        yield
    finally:
        extensions.set_wait_callback(before)


def _wait(connection: Connection) -> None:
    try:
        while (state := connection.poll()) != extensions.POLL_OK:
            reading = [connection] if state == extensions.POLL_READ else []
            writing = [connection] if state == extensions.POLL_WRITE else []
            select.select(reading, writing, [])
    except KeyboardInterrupt:
        connection.cancel()
        raise


def _columns(cursor: Cursor, subject: Subject) -> str:
    if subject.relation is None:
        return ""
    cursor.execute(f"SELECT * FROM {subject.relation} LIMIT 0")
    names = [column.name for column in cursor.description or () if column.name not in subject.left_out]
    return ", ".join(f"p.{name}" for name in names)


def _table(cursor: Cursor, question: str, values: Values, has_lines: bool) -> Table:
    cursor.execute(question, values)
    columns = tuple(Column(column.name, column.type_code) for column in cursor.description or ())
    return Table(columns, has_lines)


@contextmanager
def _errors(connection: Connection) -> Iterator[None]:
    with database.database_errors():
        try:
            yield
        except psycopg2.errors.QueryCanceled as error:
            raise FairwayError(
                f"the database ended a statement ({str(error).strip()}); the file would not be whole and was not written. "
                f"The limit of this login is {_time_limit(connection)}: ask for less, or let the owner raise it "
                "(ALTER ROLE … SET statement_timeout)"
            ) from error
        except psycopg2.InterfaceError as error:  # Ctrl-C in a wait closes the connection, which then cannot be tidied
            if _came_of_an_interrupt(error):
                raise KeyboardInterrupt from None
            raise


def _came_of_an_interrupt(error: BaseException | None) -> bool:
    return error is not None and (isinstance(error, KeyboardInterrupt) or _came_of_an_interrupt(error.__context__))


def _time_limit(connection: Connection) -> str:
    connection.rollback()
    with connection, connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        [(limit,)] = cursor.fetchall()
    return str(limit)
