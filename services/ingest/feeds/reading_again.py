"""Reads a stream of lines, and opens it again, there or elsewhere, whenever it ends, fails or falls silent."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import cycle
from random import Random
from threading import Event
from typing import Protocol

import structlog

from fairway import telemetry
from services.ingest.feeds.pauses import Pauses
from services.ingest.line_splitter import LineSplitter
from services.ingest.live_feed import LONGEST_LIVE_DOCUMENT, LiveFeed
from services.ingest.options import Options, seconds

log = structlog.get_logger()

IDLE_SECONDS = 0.5
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
GATHER_SECONDS = 0.001  # after lines came: those of a loud feed are cheaper together
MUCH_BYTES = 1 << 14  # of one reading, after which there may be more already


class Stream(Protocol):
    """An open connection or device."""

    def read(self, seconds: float) -> bytes | None:
        """What came; empty at the end; None when nothing came for `seconds`. Raises OSError."""


class Place(Protocol):
    """Where a stream can be opened; as text it is what the log calls it."""

    def open(self, stop: Event) -> AbstractContextManager[Stream]:
        """Raises OSError, soon when `stop` is set meanwhile."""


@dataclass(frozen=True)
class Patience:
    """When to give a stream up and how soon to try again, seconds. Without `silence` a stream may say nothing for ever."""

    silence: float | None = None
    retry: float = FIRST_PAUSE_SECONDS

    @staticmethod
    def of(options: Options) -> "Patience":
        """Raises BadSetting."""
        return Patience(options.take("silence", seconds, None), options.take("retry", seconds, FIRST_PAUSE_SECONDS))


def read_again(kind: str, places: Sequence[Place], feed: LiveFeed, stop: Event, patience: Patience) -> None:
    """Read lines until stopped: from the first place, and from the next one in the circle whenever one fails."""
    pauses = Pauses(Random(), patience.retry, max(patience.retry, LONGEST_PAUSE_SECONDS), hosts=len(places))
    connected = telemetry.feed_connected.labels(feed.tail)
    for place in cycle(places):
        session = _Session(feed, stop, patience.silence)
        why = session.read_from(place)
        connected.set(0)
        feed.end_stream()
        feed.hand_over()
        if why is not None and not stop.is_set():
            telemetry.feed_errors.labels(kind, why).inc()
            telemetry.reconnects.labels(feed.tail).inc()
        if stop.wait(pauses.after(session.read_seconds)):
            return


class _Session:
    """One open stream, from its opening to its end."""

    def __init__(self, feed: LiveFeed, stop: Event, silence: float | None) -> None:
        self._feed = feed
        self._stop = stop
        self._silence = silence
        self._splitter = LineSplitter(LONGEST_LIVE_DOCUMENT)
        self._opened: float | None = None
        self._first = self._last = 0.0  # when a line came, on the clock that only goes forward; 0 is never

    @property
    def read_seconds(self) -> float:
        """How long lines came."""
        return self._last - self._first

    def read_from(self, place: Place) -> str | None:
        """Why it ended: a reason for the metric; None when a stop was asked for."""
        try:
            with place.open(self._stop) as stream:
                log.info("connected", source=self._feed.tail, address=str(place))
                telemetry.feed_connected.labels(self._feed.tail).set(1)
                self._opened = time.monotonic()
                return self._read(stream)
        except OSError as error:
            if not self._stop.is_set():
                log.warning(
                    "feed is away", source=self._feed.tail, address=str(place), error=error.strerror or str(error)
                )
            return "away" if self._opened is None else "lost"
        finally:
            self._feed.take(self._splitter.finish())  # a sentence that was cut is told of in the account

    def _read(self, stream: Stream) -> str | None:
        while not self._stop.is_set():
            chunk = stream.read(self._feed.patience_seconds(IDLE_SECONDS))
            if chunk:
                self._take(chunk)
                if len(chunk) < MUCH_BYTES:
                    time.sleep(GATHER_SECONDS)
            elif chunk is not None:
                log.warning("feed has ended", source=self._feed.tail)
                return "ended"
            else:
                self._feed.idle()
            if self._is_silent():
                log.warning("feed is silent", source=self._feed.tail, seconds=self._silence)
                telemetry.feed_stalls.labels(self._feed.tail).inc()
                return "silent"
        return None

    def _take(self, chunk: bytes) -> None:
        lines = self._splitter.split(chunk)
        if lines:
            self._last = time.monotonic()
            self._first = self._first or self._last
            self._feed.take(lines)

    def _is_silent(self) -> bool:
        since = self._last or self._opened
        return self._silence is not None and since is not None and time.monotonic() - since > self._silence
