"""Whole batches decoded in columns: raw records in, lines of decoded records out, without an object a record.

    rows ─▶ payload_columns ─▶ groups ─▶ lines (cells) ─▶ in their order again, each with its envelope ─▶ NDJSON
      └─ what is unusual, damaged or rare ─▶ decoding.decode_one ─────────────┘

decoding.py stays the one that says what a record means: it reads whatever the columns do not, rejects whatever is rejected,
and the tests hold both against each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from fairway import records
from fairway.raw_block import RawBlock
from fairway.records import Decoded, Raw, Rejected
from services.decoder import lines
from services.decoder.cells import Columns
from services.decoder.decoding import decode_batch, decode_one
from services.decoder.groups import groups
from services.decoder.payload_columns import Numbers, read_payloads
from services.decoder.raw_rows import RawRows, from_body, from_records

CHUNK = 4096  # rows; their lines and columns fit the cache of a core
FEWEST = 80  # rows; fewer are decoded one by one sooner

_LINE_END = 10


@dataclass(frozen=True)
class Made:
    """`body` is NDJSON of the decoded records, `records` of them; both keep the order of the raw records."""

    body: bytes
    records: int
    rejected: list[Rejected]


def decode_rows(rows: Sequence[Raw | RawBlock]) -> Made:
    """The raw records decoded, those of a block one by one, or rejected with their reasons."""
    return _decode(from_records(rows))


def decode_body(body: bytes) -> Made:
    """The raw records of a message body decoded. Raises msgspec.MsgspecError when a line is not a raw record."""
    if body.count(b"\n") < FEWEST:
        return _one_by_one(records.decode_raw(body))
    return _decode(from_body(body))


def _one_by_one(raws: Sequence[Raw]) -> Made:
    decoded, rejected = decode_batch(raws)
    return Made(records.encode(decoded), len(decoded), rejected)


def _decode(rows: RawRows) -> Made:
    if len(rows) < FEWEST:
        return _one_by_one(rows.raws(range(len(rows))))
    chunks = [_decode_chunk(rows, start, min(start + CHUNK, len(rows))) for start in range(0, len(rows), CHUNK)]
    if len(chunks) == 1:
        return chunks[0]
    return Made(
        b"".join(chunk.body for chunk in chunks),
        sum(chunk.records for chunk in chunks),
        [record for chunk in chunks for record in chunk.rejected],
    )


class _Chunk:
    """Lines of the rows of one chunk: all in one text, and for each row where its line is."""

    def __init__(self, size: int) -> None:
        self._texts: list[bytes] = []
        self._heads: list[bytes] = []
        self._size = 0
        self._group = np.full(size, -1)  # -1: no line
        self._begin = np.zeros(size, np.int64)
        self._end = np.zeros(size, np.int64)

    def add(self, rows: Numbers, body: bytes, head: bytes) -> None:
        """A line for each of `rows`; in it `head` and the row's envelope go where ENVELOPE is."""
        ends = np.flatnonzero(np.frombuffer(body, np.uint8) == _LINE_END) + 1 + self._size
        self._group[rows] = len(self._texts)
        self._end[rows] = ends
        self._begin[rows[1:]] = ends[:-1]
        self._begin[rows[:1]] = self._size
        self._texts.append(body)
        self._heads.append(head)
        self._size += len(body)

    def drop(self, rows: Numbers) -> None:
        """The lines of `rows` are not to be used."""
        self._group[rows] = -1

    def without_line(self) -> list[int]:
        """The rows that have no line yet."""
        return np.flatnonzero(self._group < 0).tolist()

    def body(self, envelopes: Sequence[bytes]) -> bytes:
        """The lines in the order of their rows; neighbours of one group and envelope go at once."""
        rows = np.flatnonzero(self._group >= 0)
        if not len(rows):
            return b""
        origins = np.fromiter(map(id, envelopes), np.int64, len(envelopes))[rows]
        begin, end = self._begin[rows], self._end[rows]
        apart = (begin[1:] != end[:-1]) | (np.diff(origins) != 0) | (np.diff(self._group[rows]) != 0)
        firsts = np.concatenate(([0], np.flatnonzero(apart) + 1))
        lasts = np.concatenate((firsts[1:] - 1, [len(rows) - 1]))
        text = b"".join(self._texts)
        spans = zip(
            rows[firsts].tolist(),
            self._group[rows[firsts]].tolist(),
            begin[firsts].tolist(),
            end[lasts].tolist(),
            strict=True,
        )
        heads = self._heads
        return b"".join(
            [
                text[first:last].replace(lines.ENVELOPE, heads[group] + envelopes[row])
                for row, group, first, last in spans
            ]
        )


def _decode_chunk(rows: RawRows, start: int, end: int) -> Made:
    envelopes = rows.envelopes[start:end]
    chunk = _Chunk(end - start)
    found, senders = read_payloads(rows.sentences[start:end])
    for group in chain.from_iterable(map(groups, found)):
        columns = Columns(group.payloads, envelopes, senders)
        chunk.add(group.payloads.rows, lines.lines(group.cells, columns), lines.head(group.layout))
        chunk.drop(group.payloads.rows[columns.unsure])
    rest = chunk.without_line()
    results = [decode_one(raw) for raw in rows.raws([start + row for row in rest])]
    decoded = [record for record in results if isinstance(record, Decoded)]
    places = [row for row, record in zip(rest, results, strict=True) if isinstance(record, Decoded)]
    chunk.add(np.array(places, np.int64), records.encode(decoded), b"")
    rejected = [record for record in results if isinstance(record, Rejected)]
    return Made(chunk.body(envelopes), end - start - len(rejected), rejected)
