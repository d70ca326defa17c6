"""What waits for the broker, in memory and on disk."""

from pathlib import Path
from threading import Event, Thread

import pytest

from fairway.errors import BadSetting
from fairway.messages import Message
from fairway.testing import MemoryBroker, broker_away, message, refused
from fairway.topics import Stage
from services.ingest.outbox import BEHIND_BATCHES, MEMORY_BATCHES, Outbox
from services.ingest.publisher import Publisher
from services.ingest.spool import Spool, free_spool


def batch(number: int) -> Message:
    return message([], stage=Stage.RAW, tail="t", id=f"b{number}")


def big(number: int) -> Message:
    return Message("raw.ais.t", f"b{number}", b"x" * 1000, 1, batch(0).account, "")


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool.sqlite", max_bytes=1 << 20)


def drained(spool: Spool) -> list[str]:
    ids = []
    while (message := spool.peek()) is not None:
        ids.append(message.id)
        spool.remove(message)
    return ids


def ids(broker: MemoryBroker) -> list[str]:
    return [message.id for message in broker.published]


def test_the_spool_gives_back_what_it_was_given_in_order_also_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "spool.sqlite"
    first = Spool(path, 1 << 20)
    assert first.put(big(1))
    assert first.put(big(2))
    first.close()
    second = Spool(path, 1 << 20)
    assert (second.batches, second.bytes) == (2, 2000)
    oldest = second.peek()
    assert oldest == big(1)
    second.remove(big(1))
    assert second.peek() == big(2)


def test_a_full_spool_says_so(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.sqlite", max_bytes=1500)
    assert spool.put(big(1))
    assert not spool.put(big(2))


def test_a_live_feed_overflows_to_disk_and_order_is_kept(spool: Spool) -> None:
    stop = Event()
    outbox = Outbox(spool, stop)
    total = MEMORY_BATCHES + 5
    for number in range(total):
        assert outbox.put(batch(number), can_wait=False)
    assert spool.batches == 5
    broker = MemoryBroker()
    Publisher(outbox, broker, stop, lambda message: None).run(lambda: True)
    assert ids(broker) == [f"b{number}" for number in range(total)]
    assert outbox.is_empty()


def test_a_file_is_held_up_instead(spool: Spool) -> None:
    stop = Event()
    outbox = Outbox(spool, stop)
    reader = Thread(target=lambda: [outbox.put(batch(number), can_wait=True) for number in range(MEMORY_BATCHES * 3)])
    reader.start()
    broker = MemoryBroker()
    Publisher(outbox, broker, stop, lambda message: None).run(lambda: not reader.is_alive())
    assert len(broker.published) == MEMORY_BATCHES * 3
    assert spool.batches == 0


def test_a_stop_frees_a_reader_that_is_held_up(spool: Spool) -> None:
    stop = Event()
    outbox = Outbox(spool, stop)
    stop.set()
    assert not outbox.put(batch(1), can_wait=True, can_repeat=True)


def test_what_cannot_be_read_again_is_rescued_to_disk(spool: Spool) -> None:
    outbox = Outbox(spool, Event())
    outbox.put(batch(1))
    outbox.put(batch(2), can_wait=True, can_repeat=True)
    outbox.put(batch(3), can_wait=True)  # standard input waits, but nobody can give it again
    outbox.rescue()
    assert drained(spool) == ["b1", "b3"]


def test_what_is_rescued_goes_before_what_was_spooled_later(spool: Spool) -> None:
    outbox = Outbox(spool, Event())
    for number in range(MEMORY_BATCHES + 3):
        outbox.put(batch(number))
    outbox.rescue()
    assert drained(spool) == [f"b{number}" for number in range(MEMORY_BATCHES + 3)]


def test_two_processes_never_share_a_spool_and_the_next_takes_over_what_was_left(tmp_path: Path) -> None:
    first, second = (free_spool(tmp_path, "command", 1 << 20) for _ in range(2))
    first.put(batch(1))
    second.put(batch(2))
    first.close()
    assert drained(free_spool(tmp_path, "command", 1 << 20)) == ["b1"]


@pytest.mark.parametrize("content", [b"this is no database " * 100])
def test_a_damaged_spool_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "spool.sqlite").write_bytes(content)
    with pytest.raises(BadSetting, match="move it away"):
        Spool(tmp_path / "spool.sqlite", 1 << 20)


def test_a_bug_of_the_publisher_is_kept_for_whoever_waits_for_it(spool: Spool) -> None:
    outbox, broker = Outbox(spool, Event()), MemoryBroker()
    broker.fail_publish.append(RuntimeError("bug"))
    outbox.put(batch(1))
    publisher = Publisher(outbox, broker, Event(), lambda message: None)
    publisher.run(lambda: True)
    assert isinstance(publisher.error, RuntimeError)
    assert not outbox.is_empty()


def test_once_stopped_what_is_on_disk_stays_there(spool: Spool) -> None:
    stop = Event()
    spool.put(batch(1))
    stop.set()
    assert Outbox(spool, stop).next(0) is None


def test_a_refused_batch_is_tried_until_the_queue_has_room(spool: Spool) -> None:
    stop = Event()
    outbox, broker = Outbox(spool, stop), MemoryBroker()
    broker.fail_publish.extend([refused(), refused(), None])
    outbox.put(batch(1), can_wait=True)
    confirmed: list[str] = []
    Publisher(outbox, broker, stop, lambda message: confirmed.append(message.id)).run(lambda: True)
    assert ids(broker) == confirmed == ["b1"]


def test_a_lost_connection_costs_nothing(spool: Spool) -> None:
    stop = Event()
    outbox, broker = Outbox(spool, stop), MemoryBroker()
    broker.fail_publish.extend([None, broker_away(), None])
    for number in range(3):
        outbox.put(batch(number), can_wait=True)
    Publisher(outbox, broker, stop, lambda message: None).run(lambda: True)
    assert ids(broker) == ["b0", "b1", "b2"]


def test_is_behind_while_several_batches_wait(spool: Spool) -> None:
    outbox = Outbox(spool, Event())
    for number in range(BEHIND_BATCHES):
        assert not outbox.is_behind
        outbox.put(batch(number))
    assert outbox.is_behind
    outbox.done(batch_that_waits(outbox))
    assert not outbox.is_behind


def batch_that_waits(outbox: Outbox) -> Message:
    waiting = outbox.next(0)
    assert waiting is not None
    return waiting
