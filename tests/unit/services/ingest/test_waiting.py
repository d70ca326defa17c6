"""Waiting for what becomes of every record, while the servers come and go."""

import time
from collections import deque
from collections.abc import Callable, Collection
from contextlib import closing
from threading import Event, current_thread

import pytest

from fairway.errors import BadSetting, BrokerAway, DatabaseAway, FairwayError
from fairway.messages import Account, Message
from services.ingest.waiting import DeadWatch, Entry, Outcome, RabbitDeadQueue, check_database, wait

NOWHERE = "127.0.0.1:1"  # no server listens on port 1


class FakeLedger:
    """Answers in turn, the last one again and again; an answer that is an error is raised."""

    def __init__(self, *answers: list[Entry] | DatabaseAway) -> None:
        self._answers = deque(answers)

    def read(self, prefixes: Collection[str]) -> list[Entry]:
        answer = self._answers.popleft() if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, DatabaseAway):
            raise answer
        return answer


class DeadBatches:
    def __init__(self, accounts: dict[str, Account]) -> None:
        self._accounts = accounts

    def accounts(self) -> dict[str, Account]:
        return self._accounts


class FakeQueue:
    """Hears in turn what it is given, an error by raising it; then nothing."""

    def __init__(self, *heard: list[Message] | FairwayError) -> None:
        self._heard = deque(heard)
        self.threads: set[str] = set()
        self.is_open = False

    def open(self) -> None:
        self.is_open = True

    def listen(self, seconds: float) -> list[Message]:
        self.threads.add(current_thread().name)
        if not self._heard:
            time.sleep(0.01)
            return []
        heard = self._heard.popleft()
        if isinstance(heard, FairwayError):
            raise heard
        return heard

    def close(self) -> None:
        self.is_open = False


def outcome_of(ledger: FakeLedger, dead: DeadBatches, *, patience: float = 30.0, stop: Event | None = None) -> Outcome:
    return wait({"p": 10}, ledger, dead, stop or Event(), patience, lambda outcome: None)


def test_every_record_is_found_in_the_ledger_or_among_the_dead() -> None:
    ledger = FakeLedger([Entry("p-000001", 3, {"bad_checksum": 1}, {"duplicate": 2})])
    outcome = outcome_of(ledger, DeadBatches({"p-000002": Account(4, {"bad_checksum": 1}, {}), "q-000001": Account(9)}))
    assert (outcome.stored, outcome.dead, outcome.outstanding) == (3, 3, 0)
    assert outcome.rejected == {"bad_checksum": 2}
    assert outcome.dropped == {"duplicate": 2}


def test_a_batch_that_came_back_from_the_dead_counts_as_stored_only() -> None:
    outcome = outcome_of(FakeLedger([Entry("p-000001", 10, {}, {})]), DeadBatches({"p-000001": Account(10)}))
    assert (outcome.stored, outcome.dead) == (10, 0)


def test_what_the_filter_holds_back_is_settled_for_the_batch_it_came_with() -> None:
    first = Entry("p-000001/d/f", 3, {}, {}, held=2)
    second = Entry("p-000002/d/f", 5, {}, {"redundant": 1}, held=1, released=2)
    outcome = outcome_of(FakeLedger([first], [second, first]), DeadBatches({}))
    assert (outcome.stored, outcome.held, outcome.outstanding) == (8, 1, 0)


def test_a_batch_that_died_with_reports_held_back_of_it_is_settled() -> None:
    outcome = outcome_of(FakeLedger([]), DeadBatches({"p-000001/d/f": Account(10, {}, {"redundant": 2}, held=3)}))
    assert (outcome.dead, outcome.held, outcome.outstanding) == (5, 3, 0)


def test_of_a_batch_in_parts_one_part_may_be_stored_and_the_other_dead() -> None:
    ledger = FakeLedger([Entry("p-000001/d/p1/f", 4, {"checksum": 1}, {})])
    outcome = outcome_of(ledger, DeadBatches({"p-000001/d/p2": Account(5)}))
    assert (outcome.stored, outcome.dead, outcome.outstanding) == (4, 5, 0)


def test_a_batch_that_was_given_back_and_died_again_later_is_dead_once() -> None:
    dead = DeadBatches({"p-000001": Account(10), "p-000001/d": Account(10)})
    assert outcome_of(FakeLedger([]), dead).dead == 10


def test_a_database_that_is_away_for_a_moment_does_not_end_the_wait() -> None:
    half, all_ = [Entry("p-000001", 5, {}, {})], [Entry("p-000001", 5, {}, {}), Entry("p-000002", 5, {}, {})]
    assert outcome_of(FakeLedger(half, DatabaseAway("away"), all_), DeadBatches({})).stored == 10


def test_when_the_database_stays_away_what_was_read_last_is_the_outcome() -> None:
    ledger = FakeLedger([Entry("p-000001", 5, {}, {})], DatabaseAway("away"))
    outcome = outcome_of(ledger, DeadBatches({}), patience=0.1)
    assert (outcome.stored, outcome.outstanding) == (5, 5)


def test_a_stop_ends_the_wait_with_what_is_known() -> None:
    stop = Event()
    stop.set()
    assert outcome_of(FakeLedger([]), DeadBatches({}), stop=stop).outstanding == 10


def test_the_dead_are_heard_on_a_thread_of_its_own_also_after_the_broker_was_away() -> None:
    queue = FakeQueue([dead("p-000001")], BrokerAway("away"), BadSetting("cannot reach"), [dead("p-000002/f")])
    with closing(DeadWatch(queue)) as watch:
        assert queue.is_open
        assert until(lambda: watch.accounts().keys() == {"p-000001", "p-000002/f"})
    assert queue.threads == {"dead watch"}
    assert not queue.is_open


def test_a_broker_that_is_away_at_first_is_one_sentence() -> None:
    with pytest.raises(BadSetting, match="cannot reach RabbitMQ") as caught:
        DeadWatch(RabbitDeadQueue(f"amqp://me:secret@{NOWHERE}/"))
    assert "secret" not in str(caught.value)


def test_a_database_that_is_away_at_first_is_one_sentence() -> None:
    with pytest.raises(BadSetting, match="--wait needs the database: PostgreSQL") as caught:
        check_database(f"postgresql://me:secret@{NOWHERE}/fairway")
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def dead(id_: str) -> Message:
    return Message("raw.ais.a", id_, b"{}\n", 1, Account(1), "")


def until(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 5
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()
