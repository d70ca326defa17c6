"""The decoder between two queues."""

from threading import Event

import msgspec
import pytest

from fairway import records, telemetry
from fairway.messages import Message
from fairway.testing import MemoryBroker, broker_away, message, refused
from fairway.topics import Stage
from fairway.worker import Worker
from services.decoder.stage import Decoder
from tests.unit.services.decoder.sentences import raw

POSITION = raw("!AIVDM,1,1,,B,181:Kjh01ewHFRPDK1s3IRcn06sd,0*08")
EMPTY = raw("!AIVDM,1,1,,B,,0*25")
SHORT = raw("!AIVDM,1,1,,B,181:Kjh0,0*25")


def batch(*raws: records.Raw, id: str = "b1") -> Message:
    return message(raws, stage=Stage.RAW, id=id)


def run(*batches: Message, broker: MemoryBroker | None = None) -> MemoryBroker:
    """Lets a worker decode the batches; the broker afterwards."""
    stop = Event()
    if broker is None:
        broker = MemoryBroker("decoder", stop)
    broker._stop = stop
    for one in batches:
        broker.queues["decoder"].append(one)
    Worker(Decoder(), broker, stop).run()
    return broker


def rejected_count(reason: str) -> float:
    return telemetry.rejected.labels(reason)._value.get()


def test_a_sound_batch_is_one_decoded_message() -> None:
    (output,) = Decoder().handle([batch(POSITION, POSITION)])
    assert (output.key, output.id, output.records) == ("decoded.ais.test", "b1/d", 2)
    assert (output.account.received, output.account.rejected) == (2, {})
    assert [record.mmsi for record in records.decode_decoded(output.body)] == [538090443, 538090443]


def test_rejected_records_go_first_and_the_account_says_why() -> None:
    aside, output = Decoder().handle([batch(EMPTY, POSITION, SHORT, EMPTY)])
    assert (aside.key, aside.id, aside.records, aside.account.received) == ("rejected.ais.test", "b1/r", 3, 3)
    assert b'"reason":"too_short"' in aside.body
    assert (output.key, output.records) == ("decoded.ais.test", 1)
    assert output.account.rejected == {"empty": 2, "too_short": 1}
    assert output.account.remaining == output.records


def test_an_account_goes_on_even_with_no_record_left() -> None:
    aside, output = Decoder().handle([batch(EMPTY)])
    assert (aside.records, output.records, output.body) == (1, 0, b"")
    assert output.account.remaining == 0


def test_each_message_of_a_group_has_its_own_output() -> None:
    outputs = Decoder().handle([batch(POSITION, id="a"), batch(EMPTY, id="b")])
    assert [output.id for output in outputs] == ["a/d", "b/r", "b/d"]


def test_a_body_that_is_not_raw_records_raises() -> None:
    strange = Message("raw.ais.test", "b1", b'{"kind":"position"}\n', 1, batch(EMPTY).account, "")
    with pytest.raises(msgspec.MsgspecError):
        Decoder().handle([strange])


def test_through_the_broker_every_record_arrives() -> None:
    broker = run(batch(POSITION, EMPTY, id="a"), batch(POSITION, id="b"))
    assert [output.id for output in broker.published] == ["a/r", "a/d", "b/d"]
    assert [queued.id for queued in broker.queues["filter"]] == ["a/d", "b/d"]
    assert not broker.queues["decoder"]


def test_a_batch_that_is_refused_is_tried_again_and_counted_once() -> None:
    before = rejected_count("empty")
    broker = MemoryBroker("decoder")
    broker.fail_publish.extend([None, refused()])
    run(batch(EMPTY, POSITION), broker=broker)
    assert [output.id for output in broker.published] == ["b1/r", "b1/r", "b1/d"]
    assert rejected_count("empty") == before + 1


def test_a_batch_whose_broker_goes_away_comes_again_under_the_same_ids() -> None:
    broker = MemoryBroker("decoder")
    broker.fail_ack.append(broker_away())
    run(batch(POSITION), broker=broker)
    assert [output.id for output in broker.published] == ["b1/d", "b1/d"]
