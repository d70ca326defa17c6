"""What waits for the broker: a little in memory, the rest on disk; order is kept.

A file can wait, so its reader is held up. A live feed cannot: when the broker is slow or away its batches go to the spool,
and only when that is full are they lost, and counted.
"""

import time
from collections import deque
from threading import Condition, Event

import structlog

from fairway import telemetry
from fairway.messages import Message
from services.ingest.spool import Spool

log = structlog.get_logger()

MEMORY_BATCHES = 16  # enough to keep the publisher busy; more would only be lost in a kill
BEHIND_BATCHES = 4  # as many waiting say that the publisher is slower than the readers


class Outbox:
    """First in, first out, between the readers' threads and the publisher's."""

    def __init__(self, spool: Spool, stop: Event) -> None:
        self._spool = spool
        self._stop = stop
        self._memory: deque[tuple[Message, bool]] = deque()
        self._changed = Condition()

    def put(self, message: Message, *, can_wait: bool = False, can_repeat: bool = False) -> bool:
        """Take a batch; False when it is not taken.

        With `can_wait` this blocks while the outbox is full. What its source `can_repeat` is not taken once stopped; anything
        else is then kept on disk for the next start.
        """
        with self._changed:
            while can_wait and self._is_full() and not self._stop.is_set():
                self._changed.wait(0.5)
            if can_repeat and self._stop.is_set():
                return False
            kept = self._to_disk(message) if self._is_full() else self._to_memory(message, can_repeat)
            self._changed.notify_all()
            return kept

    def next(self, seconds: float) -> Message | None:
        """The oldest batch, left in place until `done`; None when there was none for `seconds`.

        Once stopped, what is on disk stays there for the next start.
        """
        until = time.monotonic() + seconds
        with self._changed:
            while not self._memory and not self._spool.batches:
                left = until - time.monotonic()
                if left <= 0:
                    return None
                self._changed.wait(left)
            if self._memory:
                return self._memory[0][0]
            return None if self._stop.is_set() else self._spool.peek()

    def done(self, message: Message) -> None:
        """The broker has it."""
        with self._changed:
            if self._memory and self._memory[0][0] is message:
                self._memory.popleft()
            else:
                self._spool.remove(message)
                telemetry.spooled_bytes.set(self._spool.bytes)
            self._changed.notify_all()

    @property
    def is_behind(self) -> bool:
        """Whether batches come faster than they are published. Asked without the lock: it is about speed alone."""
        return len(self._memory) >= BEHIND_BATCHES or self._spool.batches > 0

    def is_empty(self) -> bool:
        """Whether everything put in has been handed on."""
        with self._changed:
            return not self._memory and not self._spool.batches

    def rescue(self) -> None:
        """Before the process ends: what no source can give again goes to disk, before what is younger there."""
        with self._changed:
            for message, can_repeat in reversed(self._memory):
                if not can_repeat:
                    self._to_disk(message, first=True)
            self._memory.clear()

    def _is_full(self) -> bool:
        # While the spool drains, new batches queue behind it, so that a source's order is kept.
        return len(self._memory) >= MEMORY_BATCHES or self._spool.batches > 0

    def _to_memory(self, message: Message, can_repeat: bool) -> bool:
        self._memory.append((message, can_repeat))
        return True

    def _to_disk(self, message: Message, *, first: bool = False) -> bool:
        kept = self._spool.put(message, first=first)
        telemetry.spooled_bytes.set(self._spool.bytes)
        if not kept:
            telemetry.spool_dropped.labels(message.source).inc(message.records)
            log.error("spool is full, records lost", source=message.source, records=message.records)
        return kept
