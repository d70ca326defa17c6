"""Decoded batches on their way to several filters: from the decoder, and from ingest for feeds that come decoded."""

from pathlib import Path
from threading import Event

import pytest

from fairway import records
from fairway.messages import Account, Message
from fairway.records import Position
from fairway.testing import START, MemoryBroker, broker_away, message, refused
from fairway.topics import Stage
from services.decoder.stage import Decoder
from services.ingest.outbox import Outbox
from services.ingest.publisher import Publisher
from services.ingest.spool import Spool

SENTENCES = (
    "!AIVDM,1,1,,B,181:Kjh01ewHFRPDK1s3IRcn06sd,0*08",
    "!AIVDM,1,1,,A,133REv0P00P=K?TMDH6P0?vN289>,0*46",
    "!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24",
    "!AIVDM,1,1,,B,,0*25",
)


def raw(sentence: str) -> records.Raw:
    return records.Raw(
        source="test", event_time=START, received_at=START, time_source="received", sentences=(sentence,)
    )


def decoded_batch(*mmsis: int, id: str = "prefix-000001") -> Message:
    reports = [
        Position(source="test", event_time=START, received_at=START, time_source="provider", mmsi=mmsi)
        for mmsi in mmsis
    ]
    return message(reports, stage=Stage.DECODED, id=id)


def test_the_decoder_hands_out_parts_whose_accounts_add_up() -> None:
    batch = message([raw(sentence) for sentence in SENTENCES], stage=Stage.RAW, id="b1")
    aside, *parts = Decoder(partitions=8).handle([batch])
    assert (aside.id, aside.records) == ("b1/r", 1)
    assert len(parts) > 1
    assert all(part.id.startswith("b1/d/p") for part in parts)
    assert sum(part.account.received for part in parts) == 4
    assert [dict(part.account.rejected) for part in parts] == [{"empty": 1}] + [{}] * (len(parts) - 1)
    _aside, whole = Decoder().handle([batch])
    shared = [record for part in parts for record in records.decode_decoded(part.body)]
    # By value: from the sixteenth message of its length on, a message is printed by a program, with all decimals of lon and lat.
    assert sorted(shared, key=repr) == sorted(records.decode_decoded(whole.body), key=repr)


def test_a_batch_of_which_all_is_rejected_is_one_part() -> None:
    _aside, part = Decoder(partitions=2).handle([message([raw(SENTENCES[-1])], stage=Stage.RAW, id="b1")])
    assert (part.id, part.records, part.account) == ("b1/d/p1of2", 0, Account(1, {"empty": 1}))


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(Spool(tmp_path / "spool.sqlite", max_bytes=1 << 20), Event())


def published(outbox: Outbox, broker: MemoryBroker, partitions: int = 8) -> list[str]:
    """Lets a publisher publish what there is; the ids of what it then calls safe."""
    safe: list[str] = []
    Publisher(outbox, broker, Event(), lambda message: safe.append(message.id), partitions).run(outbox.is_empty)
    return safe


def test_ingest_hands_out_parts_and_calls_the_batch_safe_under_its_own_id(outbox: Outbox) -> None:
    outbox.put(decoded_batch(219_000_001, 219_000_002, 219_000_003, 219_000_004))
    broker = MemoryBroker()
    assert published(outbox, broker) == ["prefix-000001"]
    assert len(broker.published) > 1
    assert sum(part.records for part in broker.published) == 4
    assert outbox.is_empty()


def test_raw_batches_are_not_taken_apart(outbox: Outbox) -> None:
    outbox.put(message([raw(sentence) for sentence in SENTENCES], stage=Stage.RAW))
    broker = MemoryBroker()
    assert published(outbox, broker) == ["b1"]
    assert [part.id for part in broker.published] == ["b1"]


def test_a_part_that_is_refused_is_published_again_without_those_before_it(outbox: Outbox) -> None:
    outbox.put(decoded_batch(219_000_001, 219_000_002, 219_000_003, 219_000_004))
    broker = MemoryBroker()
    broker.fail_publish.extend([None, refused(), refused()])
    published(outbox, broker)
    ids = [part.id for part in broker.published]
    assert len(ids) == len(set(ids)) > 1


def test_a_batch_whose_parts_were_cut_off_is_published_whole_again_under_the_same_ids(outbox: Outbox) -> None:
    outbox.put(decoded_batch(219_000_001, 219_000_002, 219_000_003, 219_000_004))
    broker = MemoryBroker()
    broker.fail_publish.extend([None, broker_away()])
    assert published(outbox, broker) == ["prefix-000001"]
    ids = [part.id for part in broker.published]
    assert ids[0] == ids[1]
    assert len(set(ids)) == len(ids) - 1
