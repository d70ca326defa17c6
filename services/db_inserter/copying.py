"""COPY into a table, while the rows are still being made."""

from collections.abc import Iterable, Iterator, Sequence
from io import RawIOBase

from psycopg2.extensions import cursor as Cursor

from services.db_inserter.rows import NULL


def copy_rows(cursor: Cursor, table: str, columns: Sequence[str], chunks: Iterable[str]) -> None:
    """Send chunks of lines (see rows.py) to `table`; PostgreSQL works on one chunk while the next is made."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT text, NULL '{NULL}')"
    cursor.copy_expert(statement, _Chunks(chunk.encode() for chunk in chunks))


def copy_binary(cursor: Cursor, table: str, columns: Sequence[str], chunks: Iterable[bytes]) -> None:
    """The same with rows in binary form; see binary_copy.py."""
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT binary)", _Chunks(iter(chunks)))


class _Chunks(RawIOBase):
    """What psycopg2 reads as a file; a chunk may be longer than it asks for."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks

    def read(self, _size: int = -1, /) -> bytes:
        return next((chunk for chunk in self._chunks if chunk), b"")  # an empty chunk would end the file
