"""Which files an address means, and pipes among them."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from fairway.errors import BadSetting
from fairway.settings import IngestSettings, read
from fairway.testing import MemoryBroker
from services.ingest.feeds.pipe import Pipe
from services.ingest.intake import Intake
from services.ingest.paths import check_readable, files_at
from services.ingest.sources import parse
from tests.unit.services.ingest.file_samples import Reader, numbered


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.log", "a.log.gz", "2024/02/x.nmea", "2024/01/y.nmea", ".hidden", "2024/.git/z.nmea", "q[1].log"):
        (tmp_path / "logs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "logs" / name).touch()
    return tmp_path / "logs"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ["2024/01/y.nmea", "2024/02/x.nmea", "a.log.gz", "b.log", "q[1].log"]),
        ("2024", ["2024/01/y.nmea", "2024/02/x.nmea"]),
        ("*.log", ["b.log", "q[1].log"]),
        ("**/*.nmea", ["2024/01/y.nmea", "2024/02/x.nmea"]),
        ("2024/0?/*", ["2024/01/y.nmea", "2024/02/x.nmea"]),
        ("q[1].log", ["q[1].log"]),
        ("not-there.log", ["not-there.log"]),
    ],
)
def test_an_address_means_a_file_a_folder_or_a_pattern(folder: Path, address: str, expected: list[str]) -> None:
    found = files_at(f"{folder}/{address}")
    assert [str(path.relative_to(folder)) for path in found] == expected


def test_each_file_of_a_pattern_is_a_source_of_its_own(folder: Path) -> None:
    sources = parse(f"a.b=file:{folder}/2024")
    assert [source.name for source in sources] == [f"{folder}/2024/01/y.nmea", f"{folder}/2024/02/x.nmea"]


def test_what_means_no_file_is_one_sentence(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(BadSetting, match="no file is named"):
        parse("a=file://")
    with pytest.raises(BadSetting, match=r"no file matches .*/\*\.csv"):
        parse(f"a=file:{folder}/*.csv")
    with pytest.raises(BadSetting, match=r"the folder .*/empty has no files in it"):
        parse(f"a=file:{folder}/empty")
    with pytest.raises(BadSetting, match="cannot be read: File name too long"):
        parse(f"a=file:{folder}/{'x' * 300}")
    for path in (folder / "no-such", folder / "empty"):
        with pytest.raises(BadSetting, match="is not a file"):
            check_readable(path)


def test_a_file_that_is_not_there_is_one_sentence_when_it_is_read(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="no-such cannot be read: No such file or directory"):
        Reader(tmp_path, f"a=file:{tmp_path}/no-such").run()


def test_a_clock_cannot_be_corrected_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "day.log").touch()
    with pytest.raises(BadSetting, match="correct_clock does not go with"):
        Reader(tmp_path, f"a=file:{tmp_path}/day.log?correct_clock=yes").run()


def until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "ais.fifo")
    return tmp_path / "ais.fifo"


class Pumping:
    """A source that is read in a thread."""

    def __init__(self, state: Path, pipe: Path, *, until_read: bool) -> None:
        self.broker, self.stop = MemoryBroker(), Event()
        settings = read(IngestSettings, {}, state_dir=state, batch_linger_ms=10)
        intake = Intake(parse(f"a=file:{pipe}"), settings, self.broker, self.stop)
        self.thread = Thread(target=intake.run, kwargs={"until_read": until_read})
        self.readings = intake.readings
        self.thread.start()

    @property
    def records(self) -> int:
        return sum(message.records for message in self.broker.published)


def test_a_pipe_ends_with_its_writer_for_the_command(tmp_path: Path, pipe: Path) -> None:
    assert isinstance(parse(f"a=file:{pipe}")[0].feed, Pipe)
    command = Pumping(tmp_path, pipe, until_read=True)
    time.sleep(0.2)
    pipe.write_bytes(numbered(5))
    command.thread.join(10)
    assert not command.thread.is_alive()
    assert command.records == 5
    assert command.readings[0].is_whole


def test_a_service_waits_for_the_next_writer_of_a_pipe(tmp_path: Path, pipe: Path) -> None:
    service = Pumping(tmp_path, pipe, until_read=False)
    for number in range(3):
        pipe.write_bytes(numbered(4))
        assert until(lambda number=number: service.records == 4 * (number + 1))  # type: ignore[misc]
    service.stop.set()
    service.thread.join(10)
    assert not service.thread.is_alive()


def test_a_pipe_that_nobody_writes_to_can_be_stopped(tmp_path: Path, pipe: Path) -> None:
    service = Pumping(tmp_path, pipe, until_read=False)
    time.sleep(0.2)
    service.stop.set()
    service.thread.join(5)
    assert not service.thread.is_alive()


def test_what_comes_through_a_pipe_must_be_unpacked(tmp_path: Path, pipe: Path) -> None:
    command = Pumping(tmp_path, pipe, until_read=True)
    pipe.write_bytes(b"\x1f\x8b\x08" + bytes(100))
    command.thread.join(10)
    assert "is compressed" in str(command.readings[0].error)
