"""Closes micro-batches: at N records or after a linger, whichever is first.

Raw records become a raw message, decoded ones a decoded message, and rejected ones go beside the decoded one, in whose
account they are. So one batch may close as several messages, each with an index of its own.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from uuid import uuid4

from fairway import clock, records
from fairway.messages import Account, Message
from fairway.raw_block import RawBlock
from fairway.records import Decoded, Raw, Rejected
from fairway.topics import Stage, routing_key
from services.ingest.decoded_block import DecodedBlock
from services.ingest.line_format import Block, Taken, records_in, size_of

LARGER = 4  # times as large a batch may be when nobody waits for it: a broker's price is by the message first, then by the byte
MAX_BYTES = 1 << 20  # of a body, if it holds more than one record: brokers refuse messages above some 16 MiB


class _Part(NamedTuple):
    """What goes into one message, and the rejected records that go beside it."""

    stage: Stage
    records: Sequence[Taken]
    rejected: Sequence[Rejected] = ()


def larger(limit: int) -> int:
    """The limit of a batch that nobody waits for. One record a message stays one: then somebody wants them so."""
    return limit if limit == 1 else limit * LARGER


class Batcher:
    """Gathers one source's records. Without a `prefix` every batch gets a random id.

    With one (a file's content hash) ids are `<prefix>-<index>`: reading the same file again gives the same records the same
    id, and the ledger recognises what it has. Then nothing but the content may decide where a batch ends: ticks are not time.
    """

    def __init__(self, source: str, *, limit: int, linger: int, prefix: str | None = None, closed: int = 0) -> None:
        self._source = source
        self._limit, self._linger = self._usual = (limit, linger)
        self._prefix = prefix
        self._records: list[Taken] = []
        self._size = 0  # records in them
        self._opened = 0
        self.closed = closed  # messages so far, without those of rejected records

    def may_wait(self, it_may: bool) -> None:
        """Whether what is closed now would only wait for what is before it: then batches grow larger, and linger as much."""
        limit, linger = self._usual
        self._limit, self._linger = (larger(limit), linger * LARGER) if it_may else (limit, linger)

    def add(self, taken: Iterable[Taken], tick: int) -> list[Message]:
        """The messages of the batches that these records complete. `tick` is in the unit of the linger."""
        messages = self.take_due(tick)
        for each in taken:
            count = size_of(each)
            if isinstance(each, (RawBlock, DecodedBlock)) and self._size + count > self._limit:
                messages += self._add_parts(each, tick)
                continue
            if not self._size:
                self._opened = tick
            self._records.append(each)
            self._size += count
            if self._size >= self._limit:
                messages += self.take()
        return messages

    @property
    def is_open(self) -> bool:
        """Whether a batch has been begun."""
        return self._size > 0

    def take_due(self, tick: int) -> list[Message]:
        """The open batch when it has lingered long enough, or need not grow any more."""
        is_due = self._size >= self._limit or tick - self._opened >= self._linger
        return self.take() if self._size and is_due else []

    def take(self) -> list[Message]:
        """The open batch, whatever it holds."""
        batch, self._records, self._size = self._records, [], 0
        return [message for part in _parts(batch) for message in self._messages(part)]

    def _add_parts(self, block: Block, tick: int) -> Iterator[Message]:
        start = 0
        while start < len(block):
            if not self._size:
                self._opened = tick
            part = block.part(start, start + self._limit - self._size)
            self._records.append(part)
            self._size += len(part)
            start += len(part)
            if self._size >= self._limit:
                yield from self.take()

    def _messages(self, part: _Part) -> Iterator[Message]:
        body = encode(part.records)
        aside = records.encode(part.rejected)
        count = records_in(part.records)
        if max(len(body), len(aside)) > MAX_BYTES and count + len(part.rejected) > 1:
            for half in _halves(part, count):
                yield from self._messages(half)
            return
        self.closed += 1
        id_ = f"{self._prefix}-{self.closed:06d}" if self._prefix else uuid4().hex
        counts = Counter(record.reason for record in part.rejected)
        account = Account(count + len(part.rejected), rejected=dict(counts))
        published_at = clock.to_text(clock.now_ms())
        message = Message(routing_key(part.stage, self._source), id_, body, count, account, published_at)
        if part.rejected:
            yield message.derive(Stage.REJECTED, aside, len(part.rejected), Account(len(part.rejected)))
        yield message


def _parts(batch: Sequence[Taken]) -> Iterator[_Part]:
    raw = [each for each in batch if isinstance(each, (Raw, RawBlock))]
    if raw:
        yield _Part(Stage.RAW, raw)
    if len(raw) == len(batch):
        return
    rejected = [each for each in batch if isinstance(each, Rejected)]
    yield _Part(Stage.DECODED, [each for each in batch if isinstance(each, (Decoded, DecodedBlock))], rejected)


def encode(taken: Sequence[Taken]) -> bytes:
    """As NDJSON, in order."""
    bodies: list[bytes] = []
    for are_blocks, run in groupby(taken, _is_block):
        if are_blocks:
            bodies += [block.encode() for block in run if isinstance(block, (RawBlock, DecodedBlock))]
        else:
            bodies.append(records.encode([each for each in run if not isinstance(each, (RawBlock, DecodedBlock))]))
    return b"".join(bodies)


def _is_block(each: Taken) -> bool:
    return isinstance(each, (RawBlock, DecodedBlock))


def _halves(part: _Part, count: int) -> tuple[_Part, _Part]:
    middle, aside = (count + 1) // 2, len(part.rejected) // 2
    first, second = _split(part.records, middle)
    return (
        part._replace(records=first, rejected=part.rejected[:aside]),
        part._replace(records=second, rejected=part.rejected[aside:]),
    )


def _split(taken: Sequence[Taken], count: int) -> tuple[list[Taken], list[Taken]]:
    """The first `count` records, and the others."""
    first, second = list[Taken](), list[Taken]()
    for each in taken:
        if not isinstance(each, (RawBlock, DecodedBlock)):
            (first if count > 0 else second).append(each)
            count -= 1
            continue
        cut = min(max(count, 0), len(each))
        first += [each.part(0, cut)] if cut else []
        second += [each.part(cut, len(each))] if cut < len(each) else []
        count -= len(each)
    return first, second
