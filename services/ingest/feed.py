"""One source's way from lines to the outbox: framing, batching, counting."""

import time
from collections import Counter
from collections.abc import Iterable

from fairway import clock, telemetry
from fairway.messages import Message
from fairway.settings import IngestSettings
from services.ingest.batching import Batcher
from services.ingest.framing import Framer, Tally
from services.ingest.outbox import Outbox


class LiveFeed:
    """Lines as they come; ticks are milliseconds that only go forward. With `can_wait` the sender is held up, not spooled."""

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
        now, tick = clock.now_ms(), _tick()
        for line in lines:
            record = self._framer.frame(line, tick=tick, received_ms=now, station=station)
            if record is not None:
                self._put(self._batcher.add(record, tick))
        self._put(self._batcher.take_due(tick))
        self._meter.read(self._framer.tally)

    def idle(self) -> None:
        """Nothing came for a while: close the open batch when it has lingered."""
        self._put(self._batcher.take_due(_tick()))

    def hand_over(self) -> None:
        """The connection has ended: nothing more may come for long."""
        self._put(self._batcher.take())

    def patience_seconds(self, idle: float) -> float:
        """How long a read may wait: the linger while a batch is open, else `idle`."""
        return self._linger_seconds if self._batcher.is_open else idle

    @property
    def tally(self) -> Tally:
        """What has been seen so far."""
        return self._framer.tally

    def __enter__(self) -> "LiveFeed":
        return self

    def __exit__(self, *_error: object) -> None:
        """The feed has ended, failed or is being stopped: hand over what is open."""
        self._framer.finish()
        self.hand_over()
        self._meter.read(self._framer.tally)

    def _put(self, message: Message | None) -> None:
        if message is not None:
            self._outbox.put(message, can_wait=self._can_wait)


def _tick() -> int:
    """Milliseconds that only go forward, whatever happens to the wall clock."""
    return int(time.monotonic() * 1000)


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
