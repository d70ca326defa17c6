"""A checksum of positions of which the order makes no difference, computed in SQL and from a file alike.

A row's hash is a chain: that of each number is the seed for the next, by PostgreSQL's hashint8extended, on which its hash
partitions rely and which therefore stays as it is. The sum of all hashes modulo 2^64 is the checksum. So a value that is wrong,
lost, doubled or in the wrong row shows.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from services.db_maintainer.archive.columns import LABEL, ROW, Column, Way
from services.db_maintainer.archive.grouping import groups

NULL = -(1 << 62)  # what null counts as; no value is so small
_MODULUS = 1 << 64
_SEPARATOR = "\x1f"

U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]


def label_hash_sql(label: str) -> str:
    """SQL of the number that a row of ais.position_labels, by that alias, counts as."""
    said = ", ".join(f"coalesce('=' || {label}.{column.name}::text, '-')" for column in LABEL)
    return f"('x' || left(md5(concat_ws(E'\\x1f', {said})), 16))::bit(64)::bigint"


def row_hash_sql(label_hash: str) -> str:
    """SQL of the hash of a row of ais.position_rows, by the alias r; `label_hash` is the number of its label."""
    chain = "0"
    for counted in (*(column.counted for column in ROW), label_hash):
        chain = f"hashint8extended(coalesce({counted}, {NULL}), {chain})"
    return chain


def checksum_of(batch: pa.RecordBatch) -> int:
    """The sum of the hashes of rows that have the columns ROW and LABEL."""
    seeds = np.zeros(batch.num_rows, np.int64)
    for column in ROW:
        seeds = hash_int8(_numbers(batch.column(column.name), column), seeds)
    hashes = hash_int8(_labels(batch), seeds).view(np.uint64)
    high, low = hashes >> np.uint64(32), hashes & np.uint64(0xFFFFFFFF)
    return ((int(high.sum()) << 32) + int(low.sum())) % _MODULUS


def total(sums: Iterable[int]) -> str:
    """The checksum as it is written: 16 hexadecimal digits."""
    return f"{sum(sums) % _MODULUS:016x}"


def hash_int8(values: I64, seeds: I64) -> I64:
    """PostgreSQL's hashint8extended (src/backend/access/hash/hashfunc.c, src/common/hashfn.c)."""
    low = (values & 0xFFFFFFFF).astype(np.uint32)
    high = (values >> 32).astype(np.uint32)
    folded = low ^ np.where(values >= 0, high, ~high)
    seed = seeds.view(np.uint64)
    a, b, c = (np.full(len(values), 0x9E3779B9 + 4 + 3923095 & 0xFFFFFFFF, np.uint32) for _ in range(3))
    seeded = _mix(
        a + (seed >> np.uint64(32)).astype(np.uint32), b + (seed & np.uint64(0xFFFFFFFF)).astype(np.uint32), c
    )
    a, b, c = (np.where(seed != 0, with_seed, without) for with_seed, without in zip(seeded, (a, b, c), strict=True))
    b, c = _final(a + folded, b, c)
    return ((b.astype(np.uint64) << np.uint64(32)) | c.astype(np.uint64)).view(np.int64)


def _mix(a: U32, b: U32, c: U32) -> tuple[U32, U32, U32]:
    for bits in (4, 6, 8, 16, 19, 4):
        a = (a - c) ^ _rotated(c, bits)
        c = c + b
        a, b, c = b, c, a
    return a, b, c


def _final(a: U32, b: U32, c: U32) -> tuple[U32, U32]:
    for bits in (14, 11, 25, 16, 4, 14, 24):
        c = (c ^ b) - _rotated(b, bits)
        a, b, c = b, c, a
    return a, b


def _rotated(values: U32, bits: int) -> U32:
    return (values << np.uint32(bits)) | (values >> np.uint32(32 - bits))


def _numbers(values: pa.Array, column: Column) -> I64:
    if column.way is Way.MILLIONTHS:
        scaled = np.rint(values.fill_null(0).to_numpy(zero_copy_only=False).astype(np.float64) * 1_000_000)
        numbers = scaled.astype(np.int64)
    else:
        if column.way is Way.TIME:
            values = values.cast(pa.int64())
        elif column.way is Way.YES:
            values = values.cast(pa.int8())
        numbers = values.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    return np.where(values.is_null().to_numpy(zero_copy_only=False), np.int64(NULL), numbers.astype(np.int64))


def _labels(batch: pa.RecordBatch) -> I64:
    """The number of each row's label."""
    names = [column.name for column in LABEL]
    first, which = groups(batch, names)
    distinct = batch.select(names).take(pa.array(first))
    return np.array([_label(row) for row in distinct.to_pylist()], np.int64)[which]


def _label(row: dict[str, object]) -> int:
    said = _SEPARATOR.join("-" if row[column.name] is None else f"={_text(row[column.name])}" for column in LABEL)
    return int.from_bytes(hashlib.md5(said.encode(), usedforsecurity=False).digest()[:8], "big", signed=True)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
