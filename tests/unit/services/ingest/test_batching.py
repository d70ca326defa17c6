"""When a micro-batch is closed, what it is called, and into which messages it goes."""

import pytest

from fairway.raw_block import RawBlock, envelope
from fairway.records import Position, Raw, Rejected, decode_decoded, decode_raw
from services.ingest import batching
from services.ingest.batching import Batcher
from services.ingest.line_format import Taken

TIME = "2026-01-02T03:04:05.000Z"


def raw(number: int) -> Raw:
    return Raw(source="t", event_time=TIME, received_at=TIME, time_source="received", sentences=(f"!{number}",))


def block(*numbers: int) -> RawBlock:
    """The rows that `raw` makes of these numbers."""
    shared = envelope("t", None, TIME, TIME, "received")
    return RawBlock([shared] * len(numbers), [f"!{number}".encode() for number in numbers], [b""] * len(numbers))


def position(mmsi: int) -> Position:
    return Position(source="t", event_time=TIME, received_at=TIME, time_source="provider", mmsi=mmsi, lon=1.0, lat=2.0)


def rejected(text: str) -> Rejected:
    return Rejected(
        source="t", event_time=TIME, received_at=TIME, time_source="received", sentences=(text,), reason="bad_mmsi"
    )


def test_a_batch_closes_at_its_limit() -> None:
    batcher = Batcher("coastal.test", limit=3, linger=1000)
    messages = batcher.add([raw(number) for number in range(7)], 0)
    assert [message.records for message in messages] == [3, 3]
    assert [record.sentences[0] for record in decode_raw(messages[1].body)] == ["!3", "!4", "!5"]
    assert messages[0].key == "raw.ais.coastal.test"
    assert messages[0].id != messages[1].id


def test_a_batch_closes_after_its_linger() -> None:
    batcher = Batcher("t", limit=1000, linger=100)
    assert batcher.add([raw(1)], 50) == []
    assert batcher.take_due(149) == []
    assert [message.records for message in batcher.take_due(150)] == [1]
    assert batcher.take_due(1000) == []


def test_a_record_that_comes_late_opens_the_next_batch() -> None:
    batcher = Batcher("t", limit=1000, linger=100)
    batcher.add([raw(1)], 0)
    assert [message.records for message in batcher.add([raw(2)], 500)] == [1]
    assert batcher.is_open


def test_ids_with_a_prefix_follow_from_the_order() -> None:
    batcher = Batcher("t", limit=1, linger=100, prefix="abc")
    ids = [message.id for message in batcher.add([raw(number) for number in range(3)], 0)]
    assert ids == ["abc-000001", "abc-000002", "abc-000003"]


def test_decoded_records_go_past_the_decoder_and_rejected_ones_beside_them() -> None:
    batcher = Batcher("t", limit=4, linger=100, prefix="abc")
    aside, decoded = batcher.add([position(1), rejected("x"), position(2), rejected("y")], 0)
    assert [record.mmsi for record in decode_decoded(decoded.body)] == [1, 2]
    assert (decoded.key, decoded.id, decoded.account.received) == ("decoded.ais.t", "abc-000001", 4)
    assert decoded.account.rejected == {"bad_mmsi": 2}
    assert (aside.key, aside.id, aside.records, aside.account.received) == ("rejected.ais.t", "abc-000001/r", 2, 2)


def test_a_batch_of_both_is_two_messages_with_ids_and_accounts_of_their_own() -> None:
    batcher = Batcher("t", limit=3, linger=100, prefix="abc")
    messages = batcher.add([raw(1), position(1), raw(2)], 0)
    assert [(m.key, m.id, m.account.received) for m in messages] == [
        ("raw.ais.t", "abc-000001", 2),
        ("decoded.ais.t", "abc-000002", 1),
    ]


def test_a_batch_that_is_too_large_for_one_message_becomes_several() -> None:
    batcher = Batcher("t", limit=8, linger=100, prefix="abc")
    long = [rejected("x" * (batching.MAX_BYTES // 3)) for _ in range(8)]
    messages = batcher.add(long, 0)
    assert sum(message.records for message in messages if message.key == "rejected.ais.t") == 8
    assert sum(message.account.received for message in messages if message.key == "decoded.ais.t") == 8
    assert all(len(message.body) <= batching.MAX_BYTES for message in messages)
    assert len({message.id for message in messages}) == len(messages)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_blocks_and_single_records_are_batched_alike(limit: int) -> None:
    singly = Batcher("t", limit=limit, linger=1000, prefix="abc")
    in_blocks = Batcher("t", limit=limit, linger=1000, prefix="abc")
    expected = [*singly.add([raw(number) for number in range(12)], 0), *singly.take()]
    taken: list[Taken] = [block(0), raw(1), raw(2), block(3, 4, 5, 6, 7, 8, 9), raw(10), block(11)]
    found = [*in_blocks.add(taken, 0), *in_blocks.take()]
    assert [(m.id, m.body, m.records, m.account) for m in found] == [
        (m.id, m.body, m.records, m.account) for m in expected
    ]


def test_a_block_that_is_too_large_for_one_message_becomes_several() -> None:
    batcher = Batcher("t", limit=100, linger=100)
    rows = block(*range(7))
    long = RawBlock(rows.envelopes, [b"x" * (batching.MAX_BYTES // 3)] * 7, rows.tag_blocks)
    batcher.add([long, raw(7)], 0)
    messages = batcher.take()
    assert sum(message.records for message in messages) == 8
    assert all(len(message.body) <= batching.MAX_BYTES for message in messages)
    assert [record.sentences[0][:1] for message in messages for record in decode_raw(message.body)] == [*"xxxxxxx!"]


def test_batches_that_would_only_wait_grow_larger_and_linger_longer() -> None:
    batcher = Batcher("t", limit=3, linger=100)
    batcher.may_wait(True)
    assert [message.records for message in batcher.add([block(*range(30))], 0)] == [12, 12]
    assert batcher.take_due(399) == []
    batcher.may_wait(False)
    assert [message.records for message in batcher.take_due(100)] == [6]


def test_one_record_a_message_stays_one() -> None:
    batcher = Batcher("t", limit=1, linger=100)
    batcher.may_wait(True)
    assert [message.records for message in batcher.add([block(1, 2)], 0)] == [1, 1]
