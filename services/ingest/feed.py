"""One source's way from lines to the outbox: framing, batching, counting."""

from collections import Counter
from collections.abc import Iterable

from fairway import clock, telemetry
from fairway.messages import Message
from fairway.settings import IngestSettings
from services.ingest.batching import Batcher
from services.ingest.framing import Framer, Tally
from services.ingest.outbox import Outbox


class LiveFeed:
    """Lines as they come; ticks are milliseconds of our clock. With `can_wait` the sender is held up, not spooled."""

    def __init__(
        self, tail: str, settings: IngestSettings, outbox: Outbox, *, can_wait: bool = False, prefix: str | None = None
    ) -> None:
        self._framer = Framer(
            tail, patience=int(settings.fragment_seconds * 1000), future_ms=int(settings.future_seconds * 1000)
        )
        self._batcher = Batcher(tail, limit=settings.batch_records, linger=settings.batch_linger_ms, prefix=prefix)
        self._linger_seconds = settings.batch_linger_ms / 1000
        self._outbox = outbox
        self._can_wait = can_wait
        self._meter = Meter(tail)
        self.tail = tail

    def take(self, lines: Iterable[bytes], station: str | None = None) -> None:
        """Lines received now, from `station` unless their tag block says otherwise."""
        now = clock.now_ms()
        for line in lines:
            record = self._framer.frame(line, tick=now, received_ms=now, station=station)
            if record is not None:
                self._put(self._batcher.add(record, now))
        self._put(self._batcher.take_due(now))
        self._meter.read(self._framer.tally)

    def idle(self) -> None:
        """Nothing came for a while: close the open batch when it has lingered."""
        self._put(self._batcher.take_due(clock.now_ms()))

    def patience_seconds(self, idle: float) -> float:
        """How long a read may wait: the linger while a batch is open, else `idle`."""
        return self._linger_seconds if self._batcher.is_open else idle

    @property
    def tally(self) -> Tally:
        """What has been seen so far."""
        return self._framer.tally

    def finish(self) -> None:
        """The feed has ended or is being stopped: hand over what is open."""
        self._framer.finish()
        self._put(self._batcher.take())
        self._meter.read(self._framer.tally)

    def _put(self, message: Message | None) -> None:
        if message is not None:
            self._outbox.put(message, can_wait=self._can_wait)


class Meter:
    """Turns a growing tally into metrics, once a chunk rather than once a line."""

    def __init__(self, tail: str) -> None:
        self._tail = tail
        self._seen = Tally()

    def read(self, tally: Tally) -> None:
        """Add what has come since the last reading to the counters."""
        telemetry.lines.labels(self._tail).inc(tally.lines - self._seen.lines)
        telemetry.received.labels(self._tail).inc(tally.messages - self._seen.messages)
        telemetry.incomplete.labels(self._tail).inc(tally.incomplete - self._seen.incomplete)
        telemetry.bad_tag_blocks.labels(self._tail).inc(tally.bad_tag_blocks - self._seen.bad_tag_blocks)
        for reason, count in (tally.ignored - self._seen.ignored).items():
            telemetry.ignored.labels(reason).inc(count)
        self._seen = Tally(
            lines=tally.lines,
            messages=tally.messages,
            incomplete=tally.incomplete,
            bad_tag_blocks=tally.bad_tag_blocks,
            ignored=Counter(tally.ignored),
        )
