"""The one run loop of every stage: take → handle → publish → commit → ack.

A stage acknowledges its input only after its output is confirmed. What can go wrong is one of three things:
  - the world is broken (BrokenWorld): wait and try the same again, nothing is acknowledged;
  - a bug, or a body that is not ours: logged with its trace, that one delivery is given back, and after the delivery limit
    RabbitMQ moves it to `ais.dead`; the rest goes on;
  - a stop is asked for: the group at hand is finished, then the loop ends.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Event
from typing import Protocol, runtime_checkable

import structlog

from fairway import backoff, clock, telemetry
from fairway.broker import Broker, Delivery
from fairway.errors import BrokenWorld, BrokerAway, Refused
from fairway.messages import Message

log = structlog.get_logger()

TAKE_SECONDS = 0.5  # how soon a stop is noticed on an idle queue
LONGEST_REFUSAL_PAUSE_SECONDS = 1.0  # a full queue soon has room; stages asleep in turn drain slowly
GIVE_BACK_PAUSE_SECONDS = 0.2  # keeps a poisoned batch from spinning through its delivery limit at full speed


class Stage(Protocol):
    """What a service does with what it takes; it knows no broker."""

    def handle(self, messages: Sequence[Message]) -> Sequence[Message]:
        """The output for a group of messages. Must not change what the stage remembers, except a draft of it.

        Raises BrokenWorld when it should be tried again.
        """

    def commit(self) -> None:
        """The output of the last `handle` is safe: make its draft of memory the memory."""


@runtime_checkable
class Prompter(Protocol):
    """A stage that also publishes without input. It is asked after each group, and while nothing comes."""

    def due(self) -> Sequence[Message]:
        """What is to be published now; the same until `sent`, also in the next process after a kill."""

    def sent(self) -> None:
        """What was due is safe."""


@dataclass(frozen=True)
class Gather:
    """When a group is complete: as soon as it has so many messages or records, or its time is up and no more is at hand.

    So a quiet stream is passed on in time, and a backlog in large groups, which are cheaper.
    """

    messages: int = 1
    records: int = 1
    seconds: float = 0.0  # between the first and the last message, by their publish times, or by our own clock


@dataclass
class _Group:
    deliveries: list[Delivery] = field(default_factory=list)
    records: int = 0
    opened: float = 0.0

    def add(self, delivery: Delivery, now: float) -> None:
        if not self.deliveries:
            self.opened = now
        self.deliveries.append(delivery)
        self.records += delivery.message.records

    def span_seconds(self) -> float:
        first, last = self.deliveries[0].message.published_at, self.deliveries[-1].message.published_at
        try:
            return (clock.to_ms(last) - clock.to_ms(first)) / 1000
        except ValueError:
            return 0.0  # a stranger's message without our header

    def is_full(self, gather: Gather) -> bool:
        return len(self.deliveries) >= gather.messages or self.records >= gather.records

    def seconds_left(self, gather: Gather, now: float) -> float:
        """How long it may still wait for more; not above 0 when its time is up. Of a group that has been begun."""
        return gather.seconds - max(now - self.opened, self.span_seconds())


class Worker:
    """Runs one stage on one broker connection until `stop` is set."""

    def __init__(
        self, stage: Stage, broker: Broker, stop: Event, gather: Gather = Gather(), random: Random | None = None
    ) -> None:
        self._stage = stage
        self._prompter = stage if isinstance(stage, Prompter) else None
        self._broker = broker
        self._stop = stop
        self._gather = gather
        self._random = random or Random()
        # Each reconnect costs what we hold one of its deliveries: only a group that got through makes pauses short again.
        self._pauses = backoff.delays(self._random)
        self._group = _Group()

    def run(self) -> None:
        """Work until stopped; then finish the group at hand and close."""
        while not self._stop.is_set():
            try:
                self._broker.connect()
                telemetry.broker_connected.set(1)
                self._work()
            except BrokerAway as error:
                telemetry.broker_connected.set(0)
                self._group = _Group()  # the broker will deliver these again
                log.warning("broker is away", error=str(error))
                self._stop.wait(next(self._pauses))
        self._broker.close()

    def _work(self) -> None:
        while not self._stop.is_set():
            took_one = self._take()
            if self._group.is_full(self._gather) or not (took_one or self._may_wait()):
                self._finish_group()
            if not self._group.deliveries:
                self._publish_due()
        if self._group.deliveries:
            self._finish_group()

    def _take(self) -> bool:
        """Whether a delivery came."""
        delivery = self._broker.take(self._patience())
        if delivery is None:
            return False
        telemetry.received.labels(delivery.message.source).inc(delivery.message.records)
        self._group.add(delivery, time.monotonic())
        return True

    def _may_wait(self) -> bool:
        return self._patience() > 0

    def _patience(self) -> float:
        """How long the next delivery may take."""
        if not self._group.deliveries:
            return TAKE_SECONDS
        return max(0.0, min(TAKE_SECONDS, self._group.seconds_left(self._gather, time.monotonic())))

    def _finish_group(self) -> None:
        group, self._group = self._group.deliveries, _Group()
        if self._process(group) or len(group) == 1:
            return
        for delivery in group:  # find the one that is bad; the others must not suffer
            self._process([delivery])

    def _publish_due(self) -> None:
        """What the stage has to publish of itself."""
        if self._prompter is None:
            return
        prompter = self._prompter
        try:
            self._insist(lambda: self._attempt_due(prompter))
        except BrokerAway:
            raise
        except Exception:
            log.exception("cannot publish what is due")
            telemetry.failed.inc()
            self._broker.wait(GIVE_BACK_PAUSE_SECONDS)

    def _process(self, group: list[Delivery]) -> bool:
        """Whether the group is done with. A group of one that cannot be handled is given back."""
        try:
            self._insist(lambda: self._attempt(group))
            return True
        except BrokerAway:
            raise
        except Exception:
            log.exception("cannot handle", batches=[delivery.message.id for delivery in group[:5]], size=len(group))
            telemetry.failed.inc(len(group))
            if len(group) == 1:
                self._broker.wait(GIVE_BACK_PAUSE_SECONDS)
                self._broker.give_back(group[0])
            return False

    def _insist(self, attempt: Callable[[], None]) -> None:
        """Attempt it until it is done; wait out a broken world. A stop gives up, and the broker delivers again."""
        for delay in backoff.delays(self._random):
            try:
                attempt()
                return
            except BrokerAway:
                raise
            except BrokenWorld as error:
                if isinstance(error, Refused):
                    delay = min(delay, LONGEST_REFUSAL_PAUSE_SECONDS)
                telemetry.retries.inc()
                log.warning("waiting", error=str(error), seconds=round(delay, 1))
                self._wait(delay)
                if self._stop.is_set():
                    raise BrokerAway("stopped while the world was broken") from error

    def _attempt(self, group: list[Delivery]) -> None:
        """Handle, publish, commit, acknowledge."""
        with telemetry.handling.time():
            output = self._stage.handle([delivery.message for delivery in group])
        self._publish(output)
        self._stage.commit()
        self._broker.ack(group)
        self._pauses = backoff.delays(self._random)

    def _attempt_due(self, prompter: Prompter) -> None:
        output = prompter.due()
        if output:
            self._publish(output)
            prompter.sent()

    def _publish(self, output: Sequence[Message]) -> None:
        for message in output:
            self._broker.publish(message)
            telemetry.published.labels(message.key.partition(".")[0]).inc(message.records)

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self._stop.is_set():
            self._broker.wait(min(left, TAKE_SECONDS))
