"""The run loop: what is acknowledged when, and what a failure costs."""

from collections.abc import Callable, Sequence
from random import Random
from threading import Event

import pytest

from fairway.errors import DatabaseAway
from fairway.messages import Message
from fairway.testing import MemoryBroker, broker_away, message, refused
from fairway.topics import DEAD_QUEUE, DELIVERY_LIMIT, Stage
from fairway.worker import Gather, Worker


class Echo:
    """A stage that passes on what it gets and remembers what it committed."""

    def __init__(self, fail: Callable[[Message], Exception | None] = lambda message: None) -> None:
        self.draft: list[str] = []
        self.committed: list[str] = []
        self.groups: list[int] = []
        self._fail = fail

    def handle(self, messages: Sequence[Message]) -> list[Message]:
        for one in messages:
            error = self._fail(one)
            if error:
                raise error
        self.draft = [one.id for one in messages]
        self.groups.append(len(messages))
        return [one.derive(Stage.FILTERED, one.body, one.records, one.account) for one in messages]

    def commit(self) -> None:
        self.committed += self.draft


def run(stage: Echo, broker: MemoryBroker, stop: Event, gather: Gather | None = None) -> None:
    Worker(stage, broker, stop, gather or Gather(), Random(1)).run()


def broker_with(count: int) -> tuple[MemoryBroker, Event]:
    stop = Event()
    broker = MemoryBroker("filter", stop)
    for number in range(count):
        broker.queues["filter"].append(message([], id=f"b{number}"))
    return broker, stop


def ids(broker: MemoryBroker) -> list[str]:
    return [published.id for published in broker.published]


def test_takes_publishes_commits_and_acknowledges_in_order() -> None:
    broker, stop = broker_with(3)
    stage = Echo()
    run(stage, broker, stop)
    assert ids(broker) == ["b0/f", "b1/f", "b2/f"]
    assert stage.committed == ["b0", "b1", "b2"]
    assert not broker.queues["filter"]


def test_a_group_is_handled_together() -> None:
    broker, stop = broker_with(5)
    stage = Echo()
    run(stage, broker, stop, Gather(messages=3, records=10_000, seconds=0.05))
    assert stage.groups == [3, 2]


def test_what_is_at_hand_is_taken_together_without_waiting() -> None:
    broker, stop = broker_with(5)
    stage = Echo()
    run(stage, broker, stop, Gather(messages=8, records=10_000))
    assert stage.groups == [5]


def test_a_backlog_makes_full_groups_even_when_their_time_is_up() -> None:
    broker, stop = broker_with(7)
    stage = Echo()
    run(stage, broker, stop, Gather(messages=3, records=10_000, seconds=0.000001))
    assert stage.groups == [3, 3, 1]


@pytest.mark.parametrize("error", [broker_away(), refused()])
def test_nothing_is_committed_before_its_output_is_confirmed(error: Exception) -> None:
    broker, stop = broker_with(1)
    stage = Echo()
    broker.fail_publish.append(error)
    run(stage, broker, stop)
    assert ids(broker) == ["b0/f"]
    assert stage.committed == ["b0"]


def test_a_delivery_whose_acknowledgement_was_lost_comes_again_with_the_same_id() -> None:
    broker, stop = broker_with(1)
    broker.fail_ack.append(broker_away())
    run(Echo(), broker, stop)
    assert ids(broker) == ["b0/f", "b0/f"]


def test_a_broken_world_is_waited_out() -> None:
    broker, stop = broker_with(2)
    errors: list[Exception | None] = [DatabaseAway("gone"), DatabaseAway("still gone"), None, None]
    stage = Echo(lambda _message: errors.pop(0))
    run(stage, broker, stop)
    assert stage.committed == ["b0", "b1"]


def test_a_poisoned_batch_dies_after_the_limit_and_the_others_go_on() -> None:
    broker, stop = broker_with(4)
    stage = Echo(lambda one: RuntimeError("bug") if one.id == "b1" else None)
    run(stage, broker, stop, Gather(messages=4, records=10_000, seconds=0.05))
    assert stage.committed == ["b0", "b2", "b3"]
    assert [dead.id for dead in broker.queues[DEAD_QUEUE]] == ["b1"]
    assert broker.returned == {"b1": DELIVERY_LIMIT + 1}


def test_a_stop_while_the_world_is_broken_ends_the_loop_and_leaves_the_delivery() -> None:
    broker, stop = broker_with(1)

    def fail(_message: Message) -> Exception:
        stop.set()
        return DatabaseAway("gone")

    run(Echo(fail), broker, stop)
    assert [left.id for left in broker.queues["filter"]] == ["b0"]
