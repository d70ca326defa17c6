"""COPY into a table, while the rows are still being laid out."""

from collections.abc import Iterator
from io import RawIOBase

from psycopg2.extensions import cursor as Cursor

from fairway.columns import Rows, Texts
from services.db_inserter.binary_copy import Order, binary_rows, columns_of
from services.db_inserter.tables import Table


def copy_rows(cursor: Cursor, table: Table, rows: Rows, texts: Texts, order: Order | None = None) -> None:
    """Store rows, or those that `order` names in its order; PostgreSQL works on one piece while the next is laid out."""
    columns = columns_of(table, rows)
    statement = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN WITH (FORMAT binary)"
    cursor.copy_expert(statement, _Pieces(binary_rows(table, columns, rows, texts, order)))


class _Pieces(RawIOBase):
    """What psycopg2 reads as a file; a piece may be longer than it asks for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces

    def read(self, _size: int = -1, /) -> bytes:
        return next(self._pieces, b"")
