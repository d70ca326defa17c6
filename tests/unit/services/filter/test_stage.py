"""Batches in, batches out; and what a broken broker must not change."""

from collections import deque
from threading import Event

import pytest

from fairway import records, telemetry
from fairway.messages import Message
from fairway.testing import MemoryBroker, broker_away, message
from fairway.topics import Stage
from fairway.worker import Worker
from services.filter.judge import Filter
from services.filter.rule_file import read
from services.filter.stage import FilterStage

REDUNDANT = {"rule": "redundant"}


def _lines(body: bytes) -> list[str]:
    return [record.event_time for record in records.decode_decoded(body)]


def test_the_output_follows_from_the_input(a_filter, position):
    batch = message([position(0), position(10), position(60)], tail="coastal.denmark", id="b1/d")
    (output,) = FilterStage(a_filter(REDUNDANT)).handle([batch])
    assert (output.key, output.id, output.records) == ("filtered.ais.coastal.denmark", "b1/d/f", 2)
    assert (dict(output.account.dropped), output.account.remaining) == ({"redundant": 1}, 2)
    assert output.body == records.encode([position(0), position(60)])


def test_a_batch_of_which_nothing_is_kept_still_gives_its_account(a_filter, position):
    stage = FilterStage(a_filter({"rule": "area", "boxes": [[0, 0, 1, 1]]}))
    (output,) = stage.handle([message([position(), position()])])
    assert (output.body, output.records, dict(output.account.dropped)) == (b"", 0, {"area": 2})


def test_a_batch_of_which_all_is_kept_passes_unchanged(a_filter, position):
    batch = message([position(0), position(60)])
    assert FilterStage(a_filter(REDUNDANT)).handle([batch])[0].body is batch.body


def test_without_rules_the_body_is_not_even_read():
    strange = Message("decoded.ais.test", "b1", b"not json", 1, message([]).account, "")
    (output,) = FilterStage(Filter(read("keep_all"))).handle([strange])
    assert (output.body, output.records) == (b"not json", 1)


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n\n"])
def test_a_body_with_other_line_ends_is_filtered_all_the_same(a_filter, position, line_end: bytes):
    batch = message([position(0), position(10), position(60)])
    strange = Message(batch.key, batch.id, batch.body.replace(b"\n", line_end), 3, batch.account, "")
    (output,) = FilterStage(a_filter(REDUNDANT)).handle([strange])
    assert _lines(output.body) == [position(0).event_time, position(60).event_time]


def test_a_body_without_a_last_line_end_is_filtered_all_the_same(a_filter, position):
    batch = message([position(0), position(10), position(60)])
    strange = Message(batch.key, batch.id, batch.body.rstrip(), 3, batch.account, "")
    assert FilterStage(a_filter(REDUNDANT)).handle([strange])[0].body == records.encode([position(0), position(60)])


def test_messages_of_one_group_are_judged_in_order(a_filter, position):
    first, second = FilterStage(a_filter(REDUNDANT)).handle(
        [message([position(0)], id="a"), message([position(10)], id="b")]
    )
    assert (first.records, second.records) == (1, 0)


def test_a_retried_batch_does_not_see_its_own_traces(a_filter, position):
    stage = FilterStage(a_filter({"rule": "duplicate"}, REDUNDANT))
    batch = message([position(digest=1)])
    assert stage.handle([batch]) == stage.handle([batch]) == stage.handle([batch])
    assert stage.handle([batch])[0].records == 1


def test_a_committed_batch_that_comes_again_has_no_output(a_filter, position):
    stage, before = FilterStage(a_filter(REDUNDANT)), telemetry.duplicate_batches._value.get()
    stage.handle([message([position()])])
    stage.commit()
    assert stage.handle([message([position()])]) == []
    assert telemetry.duplicate_batches._value.get() == before + 1


def test_a_batch_delivered_twice_in_one_group_has_one_output(a_filter, position):
    assert len(FilterStage(a_filter()).handle([message([position()]), message([position()])])) == 1


def test_batches_without_an_id_are_never_taken_for_each_other(a_filter, position):
    stage = FilterStage(a_filter())
    assert len(stage.handle([message([position()], id=""), message([position()], id="")])) == 2


def test_remembers_a_bounded_number_of_batches(a_filter):
    stage = FilterStage(a_filter(), remembered_batches=3)
    for number in range(5):
        stage.handle([message([], id=f"b{number}")])
        stage.commit()
    assert [len(stage.handle([message([], id=f"b{number}")])) for number in range(5)] == [1, 1, 0, 0, 0]


def test_drops_are_counted_once_however_often_a_batch_is_tried(a_filter, position):
    stage, metric = FilterStage(a_filter(REDUNDANT)), telemetry.dropped.labels("redundant", "test")
    before = metric._value.get()
    for _ in range(3):
        stage.handle([message([position(0), position(10)])])
    stage.commit()
    assert metric._value.get() == before + 1


def _run(a_filter, position, **faults: deque[Exception | None]) -> list[Message]:
    """What reaches the inserter's queue of four batches, with faults of the broker."""
    stop = Event()
    broker = MemoryBroker("filter", stop)
    for number in range(4):
        reports = [position(number * 40 + at, digest=number * 40 + at) for at in (0, 10, 20, 30)]
        broker.publish(message(reports, id=f"b{number}"))
    for name, errors in faults.items():
        setattr(broker, name, errors)
    Worker(FilterStage(a_filter({"rule": "duplicate"}, REDUNDANT)), broker, stop).run()
    assert not broker.queues["filter"]
    return list(broker.queues["db_inserter"])


def test_the_worker_publishes_what_the_filter_keeps(a_filter, position):
    output = _run(a_filter, position)
    assert [(batch.key.split(".")[0], batch.id, batch.records) for batch in output] == [
        (Stage.FILTERED, "b0/f", 1),
        (Stage.FILTERED, "b1/f", 1),
        (Stage.FILTERED, "b2/f", 0),
        (Stage.FILTERED, "b3/f", 1),
    ]
    assert sum(batch.records + sum(batch.account.dropped.values()) for batch in output) == 16


@pytest.mark.parametrize("fault", ["fail_publish", "fail_ack"])
def test_a_broker_that_goes_away_in_the_middle_changes_nothing(a_filter, position, fault: str):
    undisturbed = _run(a_filter, position)
    assert _run(a_filter, position, **{fault: deque([None, broker_away(), None])}) == undisturbed
