"""Closes micro-batches: at N records or after a linger, whichever is first."""

from uuid import uuid4

from fairway import clock, records
from fairway.messages import Account, Message
from fairway.records import Raw
from fairway.topics import Stage, routing_key

MAX_BYTES = 1 << 20  # of sentences, whatever the count: brokers refuse messages above some 16 MiB


class Batcher:
    """Gathers one source's records. Without a `prefix` every batch gets a random id.

    With one (a file's content hash) ids are `<prefix>-<index>`: reading the same file again gives the same records the same
    id, and the ledger recognises what it has. Then nothing but the content may decide where a batch ends: ticks are not time.
    """

    def __init__(self, source: str, *, limit: int, linger: int, prefix: str | None = None) -> None:
        self._key = routing_key(Stage.RAW, source)
        self._limit = limit
        self._linger = linger
        self._prefix = prefix
        self._records: list[Raw] = []
        self._bytes = 0
        self._opened = 0
        self.closed = 0

    def add(self, record: Raw, tick: int) -> Message | None:
        """The batch that `record` completes, or None. `tick` is in the unit of the linger."""
        due = self.take_due(tick)
        if not self._records:
            self._opened = tick
        self._records.append(record)
        self._bytes += sum(map(len, record.sentences))
        if due is None and (len(self._records) >= self._limit or self._bytes >= MAX_BYTES):
            return self.take()
        return due

    @property
    def is_open(self) -> bool:
        """Whether a batch has been begun."""
        return bool(self._records)

    def take_due(self, tick: int) -> Message | None:
        """The open batch when it has lingered long enough."""
        return self.take() if self._records and tick - self._opened >= self._linger else None

    def take(self) -> Message | None:
        """The open batch, whatever it holds; None when it is empty."""
        if not self._records:
            return None
        batch, self._records, self._bytes = self._records, [], 0
        self.closed += 1
        return Message(
            key=self._key,
            id=f"{self._prefix}-{self.closed:06d}" if self._prefix else uuid4().hex,
            body=records.encode(batch),
            records=len(batch),
            account=Account(len(batch)),
            published_at=clock.to_text(clock.now_ms()),
        )
