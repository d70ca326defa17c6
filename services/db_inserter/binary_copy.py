"""Rows as PostgreSQL's binary COPY reads them, made a column at a time.

    header    11 bytes of signature, 4 of flags, 4 of extension
    row       2 bytes: how many values; for each 4 bytes of length (-1 for null) and the value, all big-endian
    trailer   2 bytes: -1

All rows are first laid out at full width; then the bytes of values that are null are left out at one stroke.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from services.db_inserter.position_rows import COLUMNS, NULLS, REQUIRED, ROW, Rows

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
ROWS_AT_ONCE = 2000  # some 350 kB laid out, which a processor's cache holds

POSTGRES_EPOCH = 946_684_800_000_000  # 2000-01-01, microseconds since 1970
_NO_VALUE = 0xFFFFFFFF


def columns_of(rows: Rows) -> tuple[str, ...]:
    """The columns in which any row has a value: COPY makes the others null by itself."""
    return tuple(name for name in COLUMNS if name in REQUIRED or not is_null(name, rows[name]).all())


def binary_rows(rows: Rows, columns: Sequence[str] = COLUMNS) -> Iterator[bytes]:
    """The rows, these columns of them, in pieces which together are one COPY."""
    yield HEADER
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield _piece(rows[start : start + ROWS_AT_ONCE], tuple(columns))
    yield TRAILER


@lru_cache(maxsize=256)  # one for each set of columns that groups have
def _layout(columns: tuple[str, ...]) -> np.dtype[np.void]:
    parts = (
        [(f"length of {name}", ">u4") for name in columns],
        [(name, ROW[name].newbyteorder(">")) for name in columns],
    )
    return np.dtype([("values", ">u2"), *(part for pair in zip(*parts, strict=True) for part in pair)])


def _piece(rows: Rows, columns: tuple[str, ...]) -> bytes:
    layout = _layout(columns)
    laid_out, wanted = np.empty(len(rows), layout), np.ones((len(rows), layout.itemsize), np.bool_)
    laid_out["values"] = len(columns)
    for name in columns:
        values, lengths = rows[name], laid_out[f"length of {name}"]
        lengths[:] = ROW[name].itemsize
        laid_out[name] = values - POSTGRES_EPOCH if name in ("event_time", "received_at") else values
        if name not in REQUIRED and (null := is_null(name, values)).any():
            lengths[null] = _NO_VALUE
            place = _place(columns, name)
            wanted[:, place : place + ROW[name].itemsize] = ~null[:, np.newaxis]
    return laid_out.view(np.uint8).compress(wanted.ravel()).tobytes()  # twice as fast as indexing with the mask


@lru_cache(maxsize=4096)
def _place(columns: tuple[str, ...], name: str) -> int:
    """Where the value of a column is in a row that is laid out."""
    before = columns[: columns.index(name)]
    return 2 + sum(4 + ROW[column].itemsize for column in before) + 4


def is_null(column: str, values: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Which values of a column are null."""
    found: NDArray[np.bool_] = np.isnan(values) if ROW[column].kind == "f" else values == NULLS[column]
    return found
