"""Rows between the database and Arrow, by COPY as CSV, which both read and write in compiled code; some at a time."""

import os
from collections.abc import Iterable, Iterator, Sequence
from threading import Thread

import pyarrow as pa
import pyarrow.csv as csv
from psycopg2.extensions import cursor as Cursor

from services.db_maintainer.archive.columns import COLUMNS, TIME, Column, Way

BLOCK_BYTES = 8 << 20  # of CSV, which become one batch
_EMPTY_IS_NULL = {"null_values": [""], "strings_can_be_null": True, "quoted_strings_can_be_null": False}


def copied_from(cursor: Cursor, rows: str) -> Iterator[pa.RecordBatch]:
    """The rows of `rows`, the part of a SELECT from FROM on (aliases r and l), as batches with the columns of COLUMNS."""
    selected = ", ".join(_selected(column) for column in COLUMNS)
    types = {column.name: pa.int64() if column.way is Way.TIME else column.type for column in COLUMNS}
    with _Copy(cursor, f"COPY (SELECT {selected} {rows}) TO STDOUT (FORMAT csv)") as stream:
        try:
            batches = csv.open_csv(
                stream,
                csv.ReadOptions(column_names=list(types), block_size=BLOCK_BYTES, use_threads=False),
                csv.ParseOptions(newlines_in_values=True),
                csv.ConvertOptions(column_types=types, true_values=["t"], false_values=["f"], **_EMPTY_IS_NULL),
            )
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return
            raise
        for batch in batches:
            yield pa.RecordBatch.from_arrays(
                [batch.column(c.name).cast(TIME) if c.way is Way.TIME else batch.column(c.name) for c in COLUMNS],
                list(types),
            )


def copy_into(cursor: Cursor, table: str, columns: Sequence[str], batches: Iterable[pa.RecordBatch]) -> None:
    """Store batches, which have these columns, in a table."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)"
    for batch in batches:
        sink = pa.BufferOutputStream()
        csv.write_csv(pa.Table.from_batches([batch]), sink, csv.WriteOptions(include_header=False))
        cursor.copy_expert(statement, pa.BufferReader(sink.getvalue()))


def _selected(column: Column) -> str:
    name = f"{'l' if column.of_label else 'r'}.{column.name}"
    return Way.TIME.value.format(name) if column.way is Way.TIME else name


class _Copy:
    """What a COPY writes, as a file to read; the COPY runs in a thread of its own and waits for the reader."""

    def __init__(self, cursor: Cursor, statement: str) -> None:
        self._cursor, self._statement = cursor, statement
        self._error: BaseException | None = None
        reading, self._writing = os.pipe()
        self._reader = os.fdopen(reading, "rb")
        self._thread = Thread(target=self._copy, name="copy")

    def __enter__(self) -> pa.NativeFile:
        self._thread.start()
        return pa.PythonFile(self._reader, "r")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._reader.close()  # a COPY that is not read to its end fails, and ends
        self._thread.join()
        # An early end of the rows, which is not CSV either, has its cause there.
        if self._error is not None and (kind is None or issubclass(kind, pa.ArrowInvalid)):
            raise self._error

    def _copy(self) -> None:
        try:
            with os.fdopen(self._writing, "wb") as sink:
                self._cursor.copy_expert(self._statement, sink, 1 << 16)
        except BaseException as error:  # raised again where the rows are read
            self._error = error
