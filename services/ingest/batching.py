"""Closes micro-batches: at N records or after a linger, whichever is first.

Raw records become a raw message, decoded ones a decoded message, and rejected ones go beside the decoded one, in whose
account they are. So one batch may close as several messages, each with an index of its own.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import uuid4

from fairway import clock, records
from fairway.messages import Account, Message
from fairway.records import Decoded, Raw, Record, Rejected
from fairway.topics import Stage, routing_key
from services.ingest.line_format import Taken

MAX_BYTES = 1 << 20  # of a body, if it holds more than one record: brokers refuse messages above some 16 MiB


class _Part(NamedTuple):
    """What goes into one message, and the rejected records that go beside it."""

    stage: Stage
    records: Sequence[Record]
    rejected: Sequence[Rejected] = ()


class Batcher:
    """Gathers one source's records. Without a `prefix` every batch gets a random id.

    With one (a file's content hash) ids are `<prefix>-<index>`: reading the same file again gives the same records the same
    id, and the ledger recognises what it has. Then nothing but the content may decide where a batch ends: ticks are not time.
    """

    def __init__(self, source: str, *, limit: int, linger: int, prefix: str | None = None, closed: int = 0) -> None:
        self._source = source
        self._limit = limit
        self._linger = linger
        self._prefix = prefix
        self._records: list[Taken] = []
        self._opened = 0
        self.closed = closed  # messages so far, without those of rejected records

    def add(self, taken: Iterable[Taken], tick: int) -> list[Message]:
        """The messages of the batches that these records complete. `tick` is in the unit of the linger."""
        messages = self.take_due(tick)
        for record in taken:
            if not self._records:
                self._opened = tick
            self._records.append(record)
            if len(self._records) >= self._limit:
                messages += self.take()
        return messages

    @property
    def is_open(self) -> bool:
        """Whether a batch has been begun."""
        return bool(self._records)

    def take_due(self, tick: int) -> list[Message]:
        """The open batch when it has lingered long enough."""
        return self.take() if self._records and tick - self._opened >= self._linger else []

    def take(self) -> list[Message]:
        """The open batch, whatever it holds."""
        batch, self._records = self._records, []
        return [message for part in _parts(batch) for message in self._messages(part)]

    def _messages(self, part: _Part) -> Iterator[Message]:
        body = records.encode(part.records)
        aside = records.encode(part.rejected)
        if max(len(body), len(aside)) > MAX_BYTES and len(part.records) + len(part.rejected) > 1:
            for half in _halves(part):
                yield from self._messages(half)
            return
        self.closed += 1
        id_ = f"{self._prefix}-{self.closed:06d}" if self._prefix else uuid4().hex
        counts = Counter(record.reason for record in part.rejected)
        account = Account(len(part.records) + len(part.rejected), rejected=dict(counts))
        published_at = clock.to_text(clock.now_ms())
        message = Message(routing_key(part.stage, self._source), id_, body, len(part.records), account, published_at)
        if part.rejected:
            yield message.derive(Stage.REJECTED, aside, len(part.rejected), Account(len(part.rejected)))
        yield message


def _parts(batch: Sequence[Taken]) -> Iterator[_Part]:
    raw = [record for record in batch if type(record) is Raw]
    if raw:
        yield _Part(Stage.RAW, raw)
    if len(raw) == len(batch):
        return
    rejected = [record for record in batch if type(record) is Rejected]
    yield _Part(Stage.DECODED, [record for record in batch if isinstance(record, Decoded)], rejected)


def _halves(part: _Part) -> tuple[_Part, _Part]:
    middle, aside = (len(part.records) + 1) // 2, len(part.rejected) // 2
    return (
        part._replace(records=part.records[:middle], rejected=part.rejected[:aside]),
        part._replace(records=part.records[middle:], rejected=part.rejected[aside:]),
    )
