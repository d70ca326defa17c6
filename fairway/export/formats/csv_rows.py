"""CSV in UTF-8: a header, times as RFC 3339, true and false, nothing for null; a line is WKT with seconds since 1970 as M."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from fairway.export.table import BOOLEAN, LINE, TIME, Batch, Column, Table, Writer, line_of, rfc3339, wkt


@contextmanager
def writing(file: BinaryIO, table: Table) -> Iterator[Writer]:
    """Writes a row for each row."""
    changes = [(number, change) for number, column in enumerate(table.columns) if (change := _change(column))]

    def write(batch: Batch) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(_written(row, changes) for row in batch)
        file.write(text.getvalue().encode())

    file.write(f"{','.join(table.names)}\n".encode())
    yield write


Change = Callable[[Any], str]


def _written(row: tuple[Any, ...], changes: list[tuple[int, Change]]) -> list[Any]:
    values = list(row)
    for number, change in changes:
        if values[number] is not None:
            values[number] = change(values[number])
    return values


def _change(column: Column) -> Change | None:
    """How a value is written that Python's csv would write otherwise."""
    if column.name == LINE:
        return _line
    if column.type == TIME:
        return rfc3339
    return _truth if column.type == BOOLEAN else None


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _line(wkb: Any) -> str:
    line = line_of(wkb)
    return "" if line is None else wkt(line)
