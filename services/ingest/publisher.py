"""The one thread that talks to the broker: takes from the outbox, publishes with confirms, for as long as it takes."""

import sqlite3
from collections.abc import Callable
from random import Random
from threading import Event

import structlog

from fairway import backoff, telemetry
from fairway.broker import Broker
from fairway.errors import BrokerAway, FairwayError, Refused
from fairway.messages import Message
from fairway.partitioning import split
from services.ingest.outbox import Outbox

log = structlog.get_logger()

IDLE_SECONDS = 0.2  # how often an idle publisher serves heartbeats
LONGEST_REFUSAL_PAUSE_SECONDS = 10.0  # each try adds a copy to the queues that are not full, such as raw.log


class PublisherFailed(FairwayError):
    """The publisher ended before its work was done; what it did not publish was not lost by that, but not sent either."""


class Publisher:
    """Publishes what the outbox holds, in order, until stopped. `published` is told of each batch that is safe."""

    def __init__(
        self,
        outbox: Outbox,
        broker: Broker,
        stop: Event,
        published: Callable[[Message], None],
        partitions: int = 1,
    ) -> None:
        self._partitions = partitions  # filters among whom decoded batches are shared out
        self._outbox = outbox
        self._broker = broker
        self._stop = stop
        self._published = published
        self._pauses = backoff.delays(Random())
        self.error: BaseException | None = None  # why it ended, when that was a bug

    def run(self, finished: Callable[[], bool] = lambda: False) -> None:
        """Until stopped, or until `finished` says that no source will put anything more and the outbox is empty."""
        try:
            while not self._stop.is_set() and not (finished() and self._outbox.is_empty()):
                self._connect_and_drain(finished)
        except Exception as error:
            log.exception("publisher failed")
            self.error = error
        self._broker.close()

    def _connect_and_drain(self, finished: Callable[[], bool]) -> None:
        try:
            self._broker.connect()
            telemetry.broker_connected.set(1)
            self._drain(finished)
        except (BrokerAway, sqlite3.Error) as error:  # or the disk is full: a batch published twice keeps its id
            telemetry.broker_connected.set(0)
            log.warning("broker is away" if isinstance(error, BrokerAway) else "spool failed", error=str(error))
            self._stop.wait(next(self._pauses))

    def _drain(self, finished: Callable[[], bool]) -> None:
        while True:
            message = self._outbox.next(0.0 if self._stop.is_set() else IDLE_SECONDS)
            if message is not None:
                self._insist(message)
            elif self._stop.is_set() or finished():
                return
            else:
                self._broker.wait(0)

    def _insist(self, message: Message) -> None:
        """Publish one batch, whole; while a queue is full, wait: pressure belongs in the spool."""
        for part in split(message, self._partitions):
            self._publish(part)
        self._published(message)
        self._outbox.done(message)
        self._pauses = backoff.delays(Random())
        telemetry.published.labels(message.key.partition(".")[0]).inc(message.records)

    def _publish(self, message: Message) -> None:
        pauses = backoff.delays(Random(), longest=LONGEST_REFUSAL_PAUSE_SECONDS)
        while True:
            try:
                self._broker.publish(message)
                return
            except Refused as error:
                telemetry.retries.inc()
                log.warning("waiting", error=str(error))
                if self._stop.is_set():
                    raise BrokerAway("stopped while a queue was full") from error
                self._broker.wait(next(pauses))
