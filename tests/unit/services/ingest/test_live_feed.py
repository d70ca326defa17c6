"""From lines of many senders to batches in the outbox, with their counts and clocks."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from prometheus_client import REGISTRY

from fairway import clock
from fairway.messages import Message
from fairway.records import Position, Raw, decode_raw
from fairway.settings import IngestSettings, read
from services.ingest.live_feed import LiveFeed
from services.ingest.nmea import checksum
from services.ingest.outbox import Outbox
from services.ingest.spool import Spool

LINE = b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"
PART_1 = b"!AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0*3E"
PART_2 = b"!AIVDM,2,2,3,B,1@0000000000000,2*55"
START_MS = 1_800_000_000_000


class Shelf(Outbox):
    """Keeps what is put in."""

    def __init__(self, spool: Spool) -> None:
        super().__init__(spool, Event())
        self.messages: list[Message] = []

    def put(self, message: Message, **_how: Any) -> bool:
        self.messages.append(message)
        return True

    @property
    def raw(self) -> list[Raw]:
        return [record for message in self.messages for record in decode_raw(message.body)]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    spool = Spool(tmp_path / "spool.sqlite", 1 << 20)
    yield Shelf(spool)
    spool.close()


@pytest.fixture
def settings() -> IngestSettings:
    return read(IngestSettings, {})


def stamped(epoch_s: float) -> bytes:
    tag = b"c:%d" % epoch_s
    return b"\\%s*%02X\\%s" % (tag, checksum(tag), LINE)


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def test_what_one_sender_leaves_unfinished_does_not_meet_what_another_sends(
    shelf: Shelf, settings: IngestSettings
) -> None:
    tag_block_only = b"\\s:one*%02X\\" % checksum(b"s:one")
    with LiveFeed("a", settings, shelf) as feed:
        feed.take([PART_1, tag_block_only], "192.0.2.1")
        feed.take([PART_2, LINE], "192.0.2.2")
        feed.take([PART_2], "192.0.2.1")
    assert [(record.station, len(record.sentences)) for record in shelf.raw] == [("192.0.2.2", 1), ("one", 2)]
    assert feed.tally.incomplete == 1


def test_a_streams_end_finishes_what_it_left_open(shelf: Shelf, settings: IngestSettings) -> None:
    with LiveFeed("a", settings, shelf) as feed:
        feed.take([PART_1])
        feed.end_stream()
        assert feed.tally.incomplete == 1
        feed.take([PART_2])
    assert shelf.raw == []


def test_many_senders_do_not_grow_memory(shelf: Shelf, settings: IngestSettings) -> None:
    with LiveFeed("a", settings, shelf, most_senders=3) as feed:
        for number in (1, 2, 3, 1, 4, 5):
            feed.take([PART_1], f"192.0.2.{number}")
        assert feed.tally.incomplete == 2, "those that were silent longest, 2 and 3, are finished"
        feed.take([PART_2], "192.0.2.1")
    assert [record.station for record in shelf.raw] == ["192.0.2.1"]


def test_what_is_not_new_is_neither_published_nor_counted_as_a_record(shelf: Shelf, settings: IngestSettings) -> None:
    other = LINE.replace(b",A,", b",B,")
    with LiveFeed("a", settings, shelf, is_new=lambda record: type(record) is Raw and record.defect is None) as feed:
        feed.take([LINE, other])
    assert [record.sentences for record in shelf.raw] == [(LINE.decode(),)]
    assert (feed.tally.lines, feed.tally.messages, feed.tally.records) == (2, 1, 1)


def test_records_without_lines_are_counted_and_published_as_decoded(shelf: Shelf, settings: IngestSettings) -> None:
    time = clock.to_text(clock.now_ms())
    record = Position(source="a", event_time=time, received_at=time, time_source="provider", mmsi=1)
    with LiveFeed("a", settings, shelf) as feed:
        feed.take_records([record, record])
    assert [(message.key, message.records) for message in shelf.messages] == [("decoded.ais.a", 2)]
    assert feed.tally.decoded == 2


def test_metrics_say_all_that_was_seen_once_the_feed_ends(shelf: Shelf, settings: IngestSettings) -> None:
    with LiveFeed("metered", settings, shelf) as feed:
        feed.take([LINE] * 5)
        feed.take([PART_1])
    assert value("fairway_ingest_lines_total", source="metered") == 6
    assert value("fairway_received_records_total", source="metered") == 5
    assert value("fairway_ingest_incomplete_messages_total", source="metered") == 1


def test_the_skew_of_the_worst_of_several_clocks_is_told(shelf: Shelf, settings: IngestSettings) -> None:
    with LiveFeed("skewed", settings, shelf, now_ms=count(START_MS, 1000).__next__) as feed:
        for second in range(START_MS // 1000, START_MS // 1000 + 300, 2):
            feed.take([stamped(second)], "192.0.2.1")
            feed.take([stamped(second - 89)], "192.0.2.2")
    assert value("fairway_feed_clock_skew_seconds", source="skewed") == 90.0


def test_each_senders_clock_is_corrected_by_its_own_skew(shelf: Shelf, settings: IngestSettings) -> None:
    with LiveFeed("a", settings, shelf, correct_clock=True, now_ms=count(START_MS, 1000).__next__) as feed:
        for second in range(START_MS // 1000, START_MS // 1000 + 300, 2):
            feed.take([stamped(second)], "192.0.2.1")
            feed.take([stamped(second - 89)], "192.0.2.2")
    *_, right, wrong = shelf.raw
    assert (right.time_shift, wrong.time_shift) == (None, 90.0)
    assert wrong.event_time == wrong.received_at


def test_while_the_publisher_is_behind_batches_grow_larger(tmp_path: Path) -> None:
    class Behind(Shelf):
        is_behind = True

    spool = Spool(tmp_path / "behind.sqlite", 1 << 20)
    shelf, settings = Behind(spool), read(IngestSettings, {}, batch_records=100)
    with LiveFeed("t", settings, shelf) as feed:
        feed.take([LINE] * 900)
        shelf.is_behind = False
        feed.take([LINE] * 50)
    assert [message.records for message in shelf.messages] == [400, 400, 100, 50]
    spool.close()
