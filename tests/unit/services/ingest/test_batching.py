"""When a micro-batch is closed and what it is called."""

from fairway.records import Raw, decode_raw
from services.ingest.batching import Batcher


def raw(number: int) -> Raw:
    time = "2026-01-02T03:04:05.000Z"
    return Raw(source="t", event_time=time, received_at=time, time_source="received", sentences=(f"!{number}",))


def test_a_batch_closes_at_its_limit() -> None:
    batcher = Batcher("coastal.test", limit=3, linger=1000)
    closed = [batcher.add(raw(number), 0) for number in range(7)]
    messages = [message for message in closed if message]
    assert [message.records for message in messages] == [3, 3]
    assert [record.sentences[0] for record in decode_raw(messages[1].body)] == ["!3", "!4", "!5"]
    assert messages[0].key == "raw.ais.coastal.test"
    assert messages[0].id != messages[1].id


def test_a_batch_closes_after_its_linger() -> None:
    batcher = Batcher("t", limit=1000, linger=100)
    assert batcher.add(raw(1), 50) is None
    assert batcher.take_due(149) is None
    message = batcher.take_due(150)
    assert message is not None
    assert message.records == 1
    assert batcher.take_due(1000) is None


def test_a_record_that_comes_late_opens_the_next_batch() -> None:
    batcher = Batcher("t", limit=1000, linger=100)
    batcher.add(raw(1), 0)
    message = batcher.add(raw(2), 500)
    assert message is not None
    assert message.records == 1
    assert batcher.is_open


def test_ids_with_a_prefix_follow_from_the_order() -> None:
    batcher = Batcher("t", limit=1, linger=100, prefix="abc")
    ids = [message.id for message in (batcher.add(raw(number), 0) for number in range(3)) if message]
    assert ids == ["abc-000001", "abc-000002", "abc-000003"]
