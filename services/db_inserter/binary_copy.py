"""Rows as PostgreSQL's binary COPY reads them.

    header    11 bytes of signature, 4 of flags, 4 of extension
    row       2 bytes: how many values; for each 4 bytes of length (-1 for null) and the value, all big-endian
    trailer   2 bytes: -1

Rows are laid out by the compiled `tuples`; without it one at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairway.columns import Rows, Texts
from services.db_inserter.tables import Table, Type, is_null

try:
    from services.db_inserter import tuples as compiled
except ImportError:
    compiled = None  # type: ignore[assignment]

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
ROWS_AT_ONCE = 2000  # some 300 kB laid out, which a processor's cache holds

POSTGRES_EPOCH = 946_684_800_000_000  # 2000-01-01, microseconds since 1970
WKB_BIG_ENDIAN = 0
WKB_POINT_WITH_SRID = 0x20000001
WGS_84 = 4326
JSONB_VERSION = b"\x01"

Order = NDArray[np.int64]


def columns_of(table: Table, rows: Rows) -> tuple[str, ...]:
    """The columns in which any row has a value: COPY makes the others null by itself."""
    names = tuple(table.columns)
    if compiled is not None:
        return tuple(names[place] for place in compiled.columns_used(rows, rows.itemsize, _plan(table, names)))
    return tuple(name for name in names if not all(_values(table.columns[name], rows, name)[1]))


def binary_rows(
    table: Table, columns: Sequence[str], rows: Rows, texts: Texts, order: Order | None = None
) -> Iterator[bytes]:
    """These columns of the rows, or of those that `order` names, in pieces which together are one COPY."""
    lay_out = _lay_out if compiled is None else _tuples
    yield HEADER
    for start in range(0, len(rows if order is None else order), ROWS_AT_ONCE):
        yield lay_out(table, tuple(columns), rows, texts, order, start)
    yield TRAILER


def _tuples(table: Table, columns: tuple[str, ...], rows: Rows, texts: Texts, order: Order | None, start: int) -> bytes:
    stop = min(start + ROWS_AT_ONCE, len(rows if order is None else order))
    plan = _plan(table, columns)
    return compiled.tuples_of(rows, rows.itemsize, order, start, stop, plan, texts.heap, texts.ends)


@lru_cache(maxsize=1024)  # one for each set of columns that groups have
def _plan(table: Table, columns: tuple[str, ...]) -> tuple["compiled.Column", ...]:
    """Of each column the number of its type, and where in a row its value is, or its two values."""
    places = {name: int(place[1]) for name, place in (table.row.fields or {}).items()}
    return tuple(
        (kind.value[0], *((places["lon"], places["lat"]) if kind is Type.POINT else (places[name], 0)))
        for name, kind in ((name, table.columns[name]) for name in columns)
    )


def _lay_out(
    table: Table, columns: tuple[str, ...], rows: Rows, texts: Texts, order: Order | None, start: int
) -> bytes:
    """The same without a compiler."""
    some = rows[start : start + ROWS_AT_ONCE] if order is None else rows[order[start : start + ROWS_AT_ONCE]]
    writers = [(_FORMS[table.columns[name]], *_values(table.columns[name], some, name)) for name in columns]
    laid_out = [
        [_value(write, value, null, texts) for value, null in zip(*each, strict=True)] for write, *each in writers
    ]
    count = len(columns).to_bytes(2, "big")
    return b"".join(count + b"".join(values) for values in zip(*laid_out, strict=True))


def _values(kind: Type, rows: Rows, name: str) -> tuple[list[Any], list[bool]]:
    """The values of a column, and which of them are null."""
    if kind is not Type.POINT:
        return rows[name].tolist(), is_null(kind, rows[name]).tolist()
    nulls = is_null(kind, rows["lon"]) | is_null(kind, rows["lat"])
    return list(zip(rows["lon"].tolist(), rows["lat"].tolist(), strict=True)), nulls.tolist()


def _value(write: Callable[[Any, Texts], bytes], value: Any, is_null: bool, texts: Texts) -> bytes:
    if is_null:
        return b"\xff\xff\xff\xff"
    written = write(value, texts)
    return len(written).to_bytes(4, "big") + written


def _packed(form: str) -> Callable[[Any, Texts], bytes]:
    pack = Struct(f">{form}").pack
    return lambda value, _texts: pack(value)


_point = Struct(">BIIdd").pack
_FORMS: dict[Type, Callable[[Any, Texts], bytes]] = {
    Type.TIMESTAMP: lambda value, _texts: (value - POSTGRES_EPOCH).to_bytes(8, "big", signed=True),
    Type.BIGINT: _packed("q"),
    Type.INTEGER: _packed("i"),
    Type.SMALLINT: _packed("h"),
    Type.REAL: _packed("f"),
    Type.DOUBLE: _packed("d"),
    Type.BOOLEAN: _packed("?"),
    Type.TEXT: lambda value, texts: bytes(texts.coded(value)),
    Type.JSONB: lambda value, texts: JSONB_VERSION + texts.coded(value),
    Type.POINT: lambda value, _texts: _point(WKB_BIG_ENDIAN, WKB_POINT_WITH_SRID, WGS_84, *value),
}
