"""Whole batches decoded in columns: raw records in, lines of decoded records out, without an object a record.

    rows ─▶ payload_columns ─▶ groups ─▶ lines (cells) ─▶ in their order again, each with its envelope ─▶ NDJSON
      └─ what is unusual, damaged or rare ─▶ decoding.decode_one ─────────────┘

decoding.py stays the one that says what a record means: it reads whatever the columns do not, rejects whatever is rejected,
and the tests hold both against each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

import numpy as np

from fairway import records
from fairway.raw_block import RawBlock
from fairway.records import Decoded, Raw, Rejected
from services.decoder import lines
from services.decoder.cells import Columns
from services.decoder.decoding import decode_batch, decode_one
from services.decoder.groups import groups
from services.decoder.payload_columns import Numbers, read_payloads
from services.decoder.raw_rows import RawRows, from_body, from_records, joined

CHUNK = 16_384  # rows; of fewer the rarer types have not enough to be worth their columns, of more the caches have too little
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
    return _decode([from_records(rows)])[0]


def decode_body(body: bytes) -> Made:
    """The raw records of a message body decoded. Raises msgspec.MsgspecError when a line is not a raw record."""
    return decode_bodies([body])[0]


def decode_bodies(bodies: Sequence[bytes]) -> list[Made]:
    """What becomes of each of several bodies; together they cost less than one by one.

    Raises msgspec.MsgspecError when a line of any of them is not a raw record.
    """
    if sum(body.count(b"\n") for body in bodies) < FEWEST:
        return [_one_by_one(records.decode_raw(body)) for body in bodies]
    return _decode([from_body(body) for body in bodies])


def _one_by_one(raws: Sequence[Raw]) -> Made:
    decoded, rejected = decode_batch(raws)
    return Made(records.encode(decoded), len(decoded), rejected)


def _decode(bodies: Sequence[RawRows]) -> list[Made]:
    """What becomes of the rows of each body."""
    made: list[list[Made]] = [[] for _ in bodies]
    for chunk in _chunks(bodies):
        for (place, _), one in zip(chunk, _decode_pieces([piece for _, piece in chunk]), strict=True):
            made[place].append(one)
    return [_sum(parts) for parts in made]


def _chunks(bodies: Sequence[RawRows]) -> Iterator[list[tuple[int, RawRows]]]:
    """Pieces of bodies with the bodies' places, so many together as are well decoded at once."""
    chunk: list[tuple[int, RawRows]] = []
    room = CHUNK
    for place, body in enumerate(bodies):
        start = 0
        while start < len(body):
            piece = body.part(start, start + room)
            chunk.append((place, piece))
            start, room = start + len(piece), room - len(piece)
            if not room:
                yield chunk
                chunk, room = [], CHUNK
    if chunk:
        yield chunk


def _decode_pieces(pieces: Sequence[RawRows]) -> list[Made]:
    rows = joined(pieces)
    if len(rows) < FEWEST:
        return [_one_by_one(piece.raws(range(len(piece)))) for piece in pieces]
    return _decode_chunk(rows, [0, *accumulate(map(len, pieces))])


def _sum(parts: Sequence[Made]) -> Made:
    if len(parts) == 1:
        return parts[0]
    return Made(
        b"".join(part.body for part in parts),
        sum(part.records for part in parts),
        [record for part in parts for record in part.rejected],
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

    def text(self) -> bytes:
        """All lines, group by group."""
        return b"".join(self._texts)

    def body(self, text: bytes, envelopes: Sequence[bytes], first_row: int, end_row: int) -> tuple[bytes, int]:
        """The lines of some rows in their order, out of `text`, and how many; neighbours of one group and envelope go at once."""
        rows = first_row + np.flatnonzero(self._group[first_row:end_row] >= 0)
        if not len(rows):
            return b"", 0
        origins = np.fromiter(map(id, envelopes[first_row:end_row]), np.int64, end_row - first_row)[rows - first_row]
        begin, end = self._begin[rows], self._end[rows]
        apart = (begin[1:] != end[:-1]) | (np.diff(origins) != 0) | (np.diff(self._group[rows]) != 0)
        firsts = np.concatenate(([0], np.flatnonzero(apart) + 1))
        lasts = np.concatenate((firsts[1:] - 1, [len(rows) - 1]))
        spans = zip(
            rows[firsts].tolist(),
            self._group[rows[firsts]].tolist(),
            begin[firsts].tolist(),
            end[lasts].tolist(),
            strict=True,
        )
        heads = self._heads
        pieces = [
            text[first:last].replace(lines.ENVELOPE, heads[group] + envelopes[row]) for row, group, first, last in spans
        ]
        return b"".join(pieces), len(rows)


def _decode_chunk(rows: RawRows, ends: Sequence[int]) -> list[Made]:
    """What becomes of the rows between each two of `ends`."""
    envelopes = rows.envelopes
    chunk = _Chunk(len(rows))
    found, senders = read_payloads(rows.sentences)
    for group in chain.from_iterable(map(groups, found)):
        columns = Columns(group.payloads, envelopes, senders)
        chunk.add(group.payloads.rows, lines.lines(group.cells, columns), lines.head(group.layout))
        chunk.drop(group.payloads.rows[columns.unsure])
    rest = chunk.without_line()
    results = [decode_one(raw) for raw in rows.raws(rest)]
    decoded = [record for record in results if isinstance(record, Decoded)]
    places = [row for row, record in zip(rest, results, strict=True) if isinstance(record, Decoded)]
    chunk.add(np.array(places, np.int64), records.encode(decoded), b"")
    rejected = {row: record for row, record in zip(rest, results, strict=True) if isinstance(record, Rejected)}
    text = chunk.text()
    return [
        Made(*chunk.body(text, envelopes, start, end), [rejected[row] for row in rejected if start <= row < end])
        for start, end in pairwise(ends)
    ]
