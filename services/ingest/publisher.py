"""The one thread that talks to the broker: takes from the outbox, publishes with confirms, for as long as it takes."""

from collections.abc import Callable, Iterator
from random import Random
from threading import Event

import structlog

from fairway import backoff, telemetry
from fairway.broker import Broker
from fairway.errors import BrokerAway, Refused
from fairway.messages import Message
from services.ingest.outbox import Outbox

log = structlog.get_logger()

IDLE_SECONDS = 0.2  # how often an idle publisher serves heartbeats


class Publisher:
    """Publishes what the outbox holds, in order, until stopped. `published` is told of each batch that is safe."""

    def __init__(self, outbox: Outbox, broker: Broker, stop: Event, published: Callable[[Message], None]) -> None:
        self._outbox = outbox
        self._broker = broker
        self._stop = stop
        self._published = published
        self._pauses = backoff.delays(Random())

    def run(self, finished: Callable[[], bool] = lambda: False) -> None:
        """Until stopped, or until `finished` says that no source will put anything more and the outbox is empty."""
        while not self._stop.is_set() and not (finished() and self._outbox.is_empty()):
            try:
                self._broker.connect()
                telemetry.broker_connected.set(1)
                self._drain(finished)
            except BrokerAway as error:
                telemetry.broker_connected.set(0)
                log.warning("broker is away", error=str(error))
                self._stop.wait(next(self._pauses))
        self._broker.close()

    def _drain(self, finished: Callable[[], bool]) -> None:
        self._pauses = backoff.delays(Random())
        while True:
            message = self._outbox.next(0.0 if self._stop.is_set() else IDLE_SECONDS)
            if message is not None:
                self._insist(message)
            elif self._stop.is_set() or finished():
                return
            else:
                self._broker.wait(0)

    def _insist(self, message: Message) -> None:
        """Publish one batch; while a queue is full, wait: pressure belongs in the spool."""
        pauses: Iterator[float] = backoff.delays(Random(), longest=2.0)
        while True:
            try:
                self._broker.publish(message)
                break
            except Refused as error:
                telemetry.retries.inc()
                log.warning("waiting", error=str(error))
                if self._stop.is_set():
                    raise BrokerAway("stopped while a queue was full") from error
                self._broker.wait(next(pauses))
        telemetry.published.labels("raw").inc(message.records)
        self._published(message)
        self._outbox.done(message)
