"""Reading files into a broker in memory; the tests of other kinds of sources are in feeds/."""

import gzip
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from fairway.records import Raw, decode_raw
from fairway.settings import IngestSettings, read
from fairway.testing import MemoryBroker
from services.ingest.imports import END
from services.ingest.intake import Intake
from services.ingest.nmea import checksum
from services.ingest.source import Reading
from services.ingest.sources import gather

LINE = b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"


@pytest.fixture
def settings(tmp_path: Path) -> IngestSettings:
    return read(IngestSettings, {}, state_dir=tmp_path / "state", batch_records=10, batch_linger_ms=20)


def run(
    sources: list[str], settings: IngestSettings, broker: MemoryBroker, stop: Event | None = None, **options: object
) -> list[Reading]:
    intake = Intake(gather(sources, "", None), settings, broker, stop or Event(), **options)  # type: ignore[arg-type]
    intake.run(until_read=True)
    return intake.readings


def records(broker: MemoryBroker) -> list[Raw]:
    return [r for message in broker.published if message.key.startswith("raw.") for r in decode_raw(message.body)]


def numbered(count: int) -> bytes:
    return b"".join(LINE + b",%d\n" % number for number in range(count))


def until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


@pytest.mark.parametrize("name", ["day.log", "day.log.gz"])
def test_reads_a_file(tmp_path: Path, settings: IngestSettings, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(numbered(100)) if name.endswith("gz") else numbered(100))
    broker = MemoryBroker()
    [reading] = run([f"a.b=file:{path}"], settings, broker)
    assert [message.records for message in broker.published] == [40, 40, 20, 1]
    assert broker.published[-1].key == "event.import.a.b"
    assert reading.is_whole
    assert reading.tally.messages == 100


def test_a_second_reading_of_the_same_content_does_nothing_unless_asked(
    tmp_path: Path, settings: IngestSettings
) -> None:
    path, copy = tmp_path / "day.log", tmp_path / "copy.log"
    path.write_bytes(numbered(5))
    copy.write_bytes(numbered(5))
    run([f"a=file:{path}"], settings, MemoryBroker())
    second, third = MemoryBroker(), MemoryBroker()
    [reading] = run([f"a=file:{copy}"], settings, second)
    run([f"a=file:{path}"], settings, third, again=True)
    assert reading.imported_at
    assert second.published == []
    assert len(records(third)) == 5


def test_a_content_that_the_database_knows_is_not_read(tmp_path: Path, settings: IngestSettings) -> None:
    path = tmp_path / "day.log"
    path.write_bytes(numbered(5))
    broker = MemoryBroker()
    [reading] = run([f"a=file:{path}"], settings, broker, imported=lambda hash_, tail: "yesterday")
    assert (reading.imported_at, broker.published) == ("yesterday", [])


def test_a_reading_that_was_cut_off_goes_on_with_the_same_ids(tmp_path: Path, settings: IngestSettings) -> None:
    path = tmp_path / "day.log"
    path.write_bytes(numbered(400))
    whole, stop = MemoryBroker(), Event()
    run([f"a=file:{path}"], read(IngestSettings, {}, state_dir=tmp_path / "other", batch_records=10), whole)

    class Dying(MemoryBroker):
        def publish(self, message: object) -> None:
            super().publish(message)  # type: ignore[arg-type]
            if len(self.published) == 2:
                stop.set()

    first, second = Dying(), MemoryBroker()
    run([f"a=file:{path}"], settings, first, stop)
    run([f"a=file:{path}"], settings, second)
    ids = [message.id for message in first.published + second.published]
    assert len(first.published) < 41
    assert list(dict.fromkeys(ids)) == [message.id for message in whole.published]
    assert ids[-1].endswith(END)


def test_replay_keeps_the_original_times_and_their_distance(tmp_path: Path, settings: IngestSettings) -> None:
    path = tmp_path / "day.log"
    tags = (b"c:1671533231", b"c:1671533261")
    lines = [b"\\%s*%02X\\%s" % (tag, checksum(tag), LINE) for tag in tags]
    path.write_bytes(b"\n".join(lines))
    broker = MemoryBroker()
    began = time.monotonic()
    run([f"a=file:{path}"], settings, broker, speed=100.0)
    assert time.monotonic() - began >= 0.29
    assert [r.event_time for r in records(broker)] == ["2022-12-20T10:47:11.000Z", "2022-12-20T10:47:41.000Z"]
    assert len([message for message in broker.published if message.key.startswith("raw.")]) == 2


def test_of_a_damaged_archive_all_that_is_sound_is_kept_and_the_rest_said_in_one_sentence(
    tmp_path: Path, settings: IngestSettings
) -> None:
    path = tmp_path / "day.log.gz"
    path.write_bytes(gzip.compress(numbered(2000))[:-40])
    broker = MemoryBroker()
    [reading] = run([f"a=file:{path}"], settings, broker)
    assert reading.error is not None
    assert "damaged" in reading.error
    assert len(records(broker)) > 1900
    assert not any(message.key.startswith("event.") for message in broker.published)


def test_an_archive_of_several_members_is_read_whole(tmp_path: Path, settings: IngestSettings) -> None:
    path = tmp_path / "day.log.gz"
    path.write_bytes(gzip.compress(numbered(5)) + gzip.compress(b"") + gzip.compress(numbered(7)) + bytes(100))
    broker = MemoryBroker()
    [reading] = run([f"a=file:{path}"], settings, broker)
    assert (reading.error, reading.is_whole, len(records(broker))) == (None, True, 12)


def test_a_replay_that_is_gone_on_with_at_another_speed_loses_and_repeats_nothing(
    tmp_path: Path, settings: IngestSettings
) -> None:
    path = tmp_path / "day.log"
    tags = (b"c:%d" % (1_671_533_231 + number) for number in range(400))
    path.write_bytes(b"\n".join(b"\\%s*%02X\\%s" % (tag, checksum(tag), LINE) for tag in tags))
    stop, first, second = Event(), MemoryBroker(), MemoryBroker()
    thread = Thread(target=run, args=([f"a=file:{path}"], settings, first, stop), kwargs={"speed": 150.0})
    thread.start()
    assert until(lambda: len(first.published) > 5)
    stop.set()
    thread.join(10)
    run([f"a=file:{path}"], settings, second)
    batches = {message.id: message for message in first.published + second.published}
    assert len(first.published) < len(batches)
    times = [r.event_time for m in batches.values() if m.key.startswith("raw.") for r in decode_raw(m.body)]
    assert len(times) == len(set(times)) == 400


def test_readings_whose_batches_differ_have_different_ids(tmp_path: Path, settings: IngestSettings) -> None:
    path = tmp_path / "day.log"
    path.write_bytes(numbered(30))
    other = read(IngestSettings, {}, state_dir=tmp_path / "other", batch_records=15)
    one, two = MemoryBroker(), MemoryBroker()
    run([f"a=file:{path}"], settings, one)
    run([f"a=file:{path}"], other, two)
    assert not {message.id for message in one.published} & {message.id for message in two.published}
