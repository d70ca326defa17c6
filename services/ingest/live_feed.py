"""One live source's way from lines, or from records, to the outbox: interpreting, batching, counting."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from fairway import clock, telemetry
from fairway.messages import Message
from fairway.settings import IngestSettings
from services.ingest.batching import Batcher
from services.ingest.event_time import EventTimes
from services.ingest.formats.tables.mapping import Mapping
from services.ingest.interpreter import Interpreter
from services.ingest.line_format import Moment, One, Taken, Tally, one_by_one, records_in
from services.ingest.meter import Meter
from services.ingest.outbox import Outbox

LONGEST_LIVE_DOCUMENT = 1 << 20  # bytes; a receiver's JSON of all it heard in a minute has some hundred thousand
MOST_SENDERS = 1_000  # whose unfinished messages are remembered; of more, the one that was silent longest is finished


@dataclass(frozen=True)
class _Sender:
    interpreter: Interpreter
    times: EventTimes


class LiveFeed:
    """Lines as they come; ticks are milliseconds that only go forward. With `can_wait` the sender is held up, not spooled.

    Each sender's lines are a stream of its own, with its own unfinished messages, format and clock; their records share
    batches. What `is_new` denies is not published, nor counted as a record.
    """

    def __init__(
        self,
        tail: str,
        settings: IngestSettings,
        outbox: Outbox,
        *,
        can_wait: bool = False,
        prefix: str | None = None,
        correct_clock: bool = False,
        mapping: Mapping | None = None,
        longest_document: int = LONGEST_LIVE_DOCUMENT,
        is_new: Callable[[One], bool] | None = None,
        most_senders: int = MOST_SENDERS,
        now_ms: Callable[[], int] = clock.now_ms,
    ) -> None:
        self.tail = tail
        self.tally = Tally()
        self._settings = settings
        self._correct_clock = correct_clock
        self._mapping = mapping
        self._longest_document = longest_document
        self._is_new = is_new
        self._most_senders = most_senders
        self._now_ms = now_ms
        self._senders: OrderedDict[Hashable, _Sender] = OrderedDict()
        self._batcher = Batcher(tail, limit=settings.batch_records, linger=settings.batch_linger_ms, prefix=prefix)
        self._outbox = outbox
        self._can_wait = can_wait
        self._meter = Meter(tail)
        self.times = self._new_times()

    def take(self, lines: Sequence[bytes], station: str | None = None, *, sender: Hashable = None) -> None:
        """Lines received now, from `station` unless they say otherwise themselves.

        `sender` tells streams apart; without one, stations do.
        """
        if not lines:
            return
        now, tick = self._now_ms(), _tick()
        interpreter = self._interpreter(station if sender is None else sender)
        self._add(interpreter.read(lines, Moment(now, tick, station)), tick)

    def take_records(self, taken: Sequence[Taken]) -> None:
        """Records of a source that does not send lines; they are counted here, what they came from by the caller."""
        for record in taken:
            self.tally.count(record)
        self._add(taken, _tick())

    def idle(self) -> None:
        """Nothing came for a while: close the open batch when it has lingered."""
        tick = _tick()
        self._batcher.may_wait(self._outbox.is_behind)
        self._put(self._batcher.take_due(tick))
        self._measure(tick)

    def end_stream(self, sender: Hashable = None) -> None:
        """This sender's stream has ended: what it left open is finished, and what it sends next begins anew."""
        known = self._senders.pop(sender, None)
        if known is not None:
            self._add(known.interpreter.finish(), _tick())

    def hand_over(self) -> None:
        """The connection has ended: nothing more may come for long."""
        self._put(self._batcher.take())

    def patience_seconds(self, idle: float) -> float:
        """How long a read may wait: the linger while a batch is open, else `idle`."""
        return self._settings.batch_linger_ms / 1000 if self._batcher.is_open else idle

    def __enter__(self) -> "LiveFeed":
        return self

    def __exit__(self, *_error: object) -> None:
        """The feed has ended, failed or is being stopped: hand over what is open."""
        skew = self._skew()
        for sender in list(self._senders):
            self.end_stream(sender)
        self.hand_over()
        self._meter.read(self.tally, skew)

    def _interpreter(self, sender: Hashable) -> Interpreter:
        known = self._senders.get(sender)
        if known is None:
            known = self._senders[sender] = self._begin(sender)
        elif len(self._senders) > 1:
            self._senders.move_to_end(sender)
        return known.interpreter

    def _begin(self, sender: Hashable) -> _Sender:
        if len(self._senders) >= self._most_senders:
            self.end_stream(next(iter(self._senders)))
        times = self.times if sender is None else self._new_times()
        interpreter = Interpreter(
            self.tail,
            patience=int(self._settings.fragment_seconds * 1000),
            times=times,
            longest_document=self._longest_document,
            mapping=self._mapping,
            tally=self.tally,
        )
        return _Sender(interpreter, times)

    def _new_times(self) -> EventTimes:
        return EventTimes(int(self._settings.future_seconds * 1000), correct=self._correct_clock)

    def _add(self, taken: Sequence[Taken], tick: int) -> None:
        self._batcher.may_wait(self._outbox.is_behind)
        self._put(self._batcher.add(taken if self._is_new is None else self._new(taken, self._is_new), tick))
        self._measure(tick)

    def _new(self, taken: Sequence[Taken], is_new: Callable[[One], bool]) -> list[Taken]:
        new: list[Taken] = []
        for record in one_by_one(taken):
            if is_new(record):
                new.append(record)
            else:
                self.tally.count(record, -1)
        telemetry.feed_dropped.labels(self.tail, "unchanged").inc(records_in(taken) - len(new))
        return new

    def _measure(self, tick: int) -> None:
        if self._meter.is_due(tick):
            self._meter.read(self.tally, self._skew())

    def _skew(self) -> float | None:
        skews = [each.times.skew_seconds for each in self._senders.values()]
        skews.append(self.times.skew_seconds)
        return max((skew for skew in skews if skew is not None), key=abs, default=None)

    def _put(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._outbox.put(message, can_wait=self._can_wait)


def _tick() -> int:
    """Milliseconds that only go forward, whatever happens to the wall clock."""
    return int(time.monotonic() * 1000)
