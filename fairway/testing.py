"""Twins and builders for tests: a broker in memory with the verbs of the real one, and faults on demand."""

from collections import deque
from collections.abc import Iterable, Sequence
from threading import Event

from fairway import records, topics
from fairway.broker import Delivery
from fairway.errors import BrokerAway, Refused
from fairway.messages import Account, Message

START = "2026-01-02T03:04:05.000Z"


class MemoryBroker:
    """The topology of topics.py in memory. Several may share one `queues`, as several connections share one RabbitMQ.

    `fail_publish` and `fail_ack` hold errors to raise, one a call, before the call has any effect.
    """

    def __init__(
        self, queue: str | None = None, stop: Event | None = None, shared: "MemoryBroker | None" = None
    ) -> None:
        self.queues: dict[str, deque[Message]] = shared.queues if shared else {q.name: deque() for q in topics.QUEUES}
        self.published: list[Message] = []
        self.fail_publish: deque[Exception | None] = deque()
        self.fail_ack: deque[Exception | None] = deque()
        self.returned: dict[str, int] = {}
        self._queue = queue
        self._stop = stop
        self._unacked: dict[int, Message] = {}
        self._next_tag = 1

    def connect(self) -> None:
        self._requeue()

    def take(self, seconds: float) -> Delivery | None:
        waiting = self.queues[self._queue or ""]
        if not waiting:
            if self._stop is not None and not self._unacked:
                self._stop.set()  # a test's worker ends when there is nothing left to do
            return None
        message = waiting.popleft()
        tag, self._next_tag = self._next_tag, self._next_tag + 1
        self._unacked[tag] = message
        return Delivery(tag, message)

    def publish(self, message: Message) -> None:
        _raise_next(self.fail_publish)
        self.published.append(message)
        for queue in topics.QUEUES:
            if queue.exchange == topics.EXCHANGE and any(topics.matches(key, message.key) for key in queue.bindings):
                self.queues[queue.name].append(message)

    def ack(self, deliveries: list[Delivery]) -> None:
        _raise_next(self.fail_ack)
        for delivery in deliveries:
            self._unacked.pop(delivery.tag)

    def give_back(self, delivery: Delivery) -> None:
        message = self._unacked.pop(delivery.tag)
        self.returned[message.id] = self.returned.get(message.id, 0) + 1
        dead = self.returned[message.id] > topics.DELIVERY_LIMIT
        self.queues[topics.DEAD_QUEUE if dead else self._queue or ""].appendleft(message)

    def wait(self, seconds: float) -> None:
        return

    def close(self) -> None:
        self._requeue()

    def _requeue(self) -> None:
        if self._queue:
            self.queues[self._queue].extendleft(reversed(self._unacked.values()))
        self._unacked.clear()


def message(
    body_of: Iterable[records.Record], *, stage: topics.Stage = topics.Stage.DECODED, tail: str = "test", id: str = "b1"
) -> Message:
    """A micro-batch of the given records, as ingest would publish it."""
    batch: Sequence[records.Record] = list(body_of)
    return Message(
        key=topics.routing_key(stage, tail),
        id=id,
        body=records.encode(batch),
        records=len(batch),
        account=Account(len(batch)),
        published_at=START,
    )


def broker_away() -> BrokerAway:
    """An error as a lost connection raises it."""
    return BrokerAway("away, as the test asked")


def refused() -> Refused:
    """An error as a full queue raises it."""
    return Refused("refused, as the test asked")


def _raise_next(errors: deque[Exception | None]) -> None:
    error = errors.popleft() if errors else None
    if error is not None:
        raise error
