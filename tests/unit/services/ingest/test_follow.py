"""A log that grows is read once and whole: through rotation of every kind, partial lines, and kills."""

import gzip
import json
import os
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from fairway import clock
from fairway.errors import BadSetting
from fairway.messages import Message
from services.ingest.feeds.rotation import rotated
from services.ingest.imports import Progress
from services.ingest.source import Means, Reading
from services.ingest.sources import parse
from tests.unit.services.ingest.file_samples import PARTS, Box, Killed, Reader, contents, numbered, sentence

FIRST = 1_671_533_231


def until(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def heard(messages: list[Message]) -> list[int]:
    """Numbers of the lines (see numbered) in different messages, in order of their publication."""
    different = {message.id: message for message in messages}
    records = [json.loads(line) for message in different.values() for line in message.body.splitlines()]
    return [clock.to_ms(record["event_time"]) // 1000 - FIRST for record in records]


class Run:
    """One process that follows a log. `box` has what it published."""

    def __init__(self, folder: Path, path: Path, dies_at: int | None = None, lag: int = 0, records: int = 5) -> None:
        reader = Reader(folder, f"a.b=follow:{path}", records, batch_linger_ms=20)
        self.stop = Event()
        self._progress = Progress(folder / "imports.sqlite")
        self.box = Box(self._progress, dies_at, lag)
        self.reading = Reading(reader.source)
        self._means = Means(reader.settings, self.box, self._progress, self.stop)  # type: ignore[arg-type]
        self.thread = Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.reading.source.feed.read(self.reading, self._means)
        except Killed:
            self.stop.set()

    def end(self) -> list[Message]:
        """Stop as a kill would: what is not confirmed stays so."""
        self.stop.set()
        self.thread.join(10)
        assert not self.thread.is_alive()
        self._progress.close()
        return self.box.taken

    @property
    def heard(self) -> list[int]:
        return heard(list(self.box.taken))


@contextmanager
def following(folder: Path, path: Path, lag: int = 0) -> Iterator[Run]:
    run = Run(folder, path, lag=lag)
    try:
        yield run
    finally:
        run.end()


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs" / "ais.log"


def test_reads_from_the_beginning_and_then_what_is_added(tmp_path: Path, log: Path) -> None:
    log.write_bytes(numbered(12))
    with following(tmp_path, log) as run:
        assert until(lambda: len(run.heard) == 12)
        append(log, numbered(3, 12))
        assert until(lambda: len(run.heard) == 15)
    assert run.heard == list(range(15))
    assert run.reading.tally.lines == 15


def test_a_line_is_taken_when_it_is_whole(tmp_path: Path, log: Path) -> None:
    line = numbered(1)
    log.write_bytes(line[:30])
    with following(tmp_path, log) as run:
        time.sleep(0.5)
        assert run.heard == []
        append(log, line[30:])
        assert until(lambda: run.heard == [0])


def test_a_log_may_appear_later(tmp_path: Path, log: Path) -> None:
    with following(tmp_path, log) as run:
        time.sleep(0.3)
        log.write_bytes(numbered(2))
        assert until(lambda: run.heard == [0, 1])


def test_a_log_that_is_renamed_is_read_to_its_end_and_then_the_new_one(tmp_path: Path, log: Path) -> None:
    log.write_bytes(numbered(4))
    with following(tmp_path, log) as run, log.open("ab") as writer:
        assert until(lambda: len(run.heard) == 4)
        log.rename(log.with_name("ais.log.1"))
        time.sleep(0.3)
        log.write_bytes(numbered(3, 10))
        writer.write(numbered(6, 4).rstrip())  # the writer goes on in the old file for a moment
        writer.flush()
        assert until(lambda: len(run.heard) == 13)
        append(log, numbered(2, 13))
        assert until(lambda: len(run.heard) == 15)
    assert run.heard == list(range(15))


def test_a_log_that_is_copied_and_emptied_goes_on_at_its_new_beginning(tmp_path: Path, log: Path) -> None:
    log.write_bytes(numbered(9))
    with following(tmp_path, log) as run:
        assert until(lambda: len(run.heard) == 9)
        shutil.copy(log, log.with_name("ais.log.1"))
        os.truncate(log, 0)
        time.sleep(0.5)
        append(log, numbered(3, 9))
        assert until(lambda: len(run.heard) == 12)
        append(log, numbered(20, 12))
        assert until(lambda: len(run.heard) == 32)
    assert run.heard == list(range(32))


def test_parts_of_a_message_may_stand_in_two_logs(tmp_path: Path, log: Path) -> None:
    log.write_bytes(sentence(PARTS[0].format(1)) + b"\n")
    run = Run(tmp_path, log)
    assert until(lambda: run.reading.tally.lines == 1)
    time.sleep(0.2)
    run.end()
    log.rename(log.with_name("ais.log-20260301"))
    log.write_bytes(sentence(PARTS[1].format(1)) + b"\n")
    with following(tmp_path, log) as again:
        assert until(lambda: len(again.heard) == 1)
    [record] = [json.loads(line) for line in again.box.taken[0].body.splitlines()]
    assert len(record["sentences"]) == 2


def rename(log: Path) -> None:
    log.rename(log.with_name("ais.log.1"))


def rename_and_compress(log: Path) -> None:
    log.with_name("ais.log.1.gz").write_bytes(gzip.compress(log.read_bytes()))
    log.unlink()


def rename_twice(log: Path) -> None:
    log.rename(log.with_name("ais.log.2"))
    os.utime(log.with_name("ais.log.2"), (1_700_000_000, 1_700_000_000))
    log.with_name("ais.log.1").write_bytes(numbered(7, 20))


def copy_and_empty(log: Path) -> None:
    shutil.copy(log, log.with_name("ais.log.1"))
    os.truncate(log, 0)


@pytest.mark.parametrize("rotate", [rename, rename_and_compress, rename_twice, copy_and_empty])
@pytest.mark.parametrize("lag", [0, 2])
def test_a_log_that_was_rotated_while_nobody_read_is_found_again(
    tmp_path: Path, log: Path, rotate: Callable[[Path], None], lag: int
) -> None:
    log.write_bytes(numbered(13))
    run = Run(tmp_path, log, lag=lag)
    assert until(lambda: len(run.heard) == 13)
    published = run.end()
    append(log, numbered(7, 13))
    rotate(log)
    append(log, numbered(4, 27))
    count = 31 if rotate is rename_twice else 24
    with following(tmp_path, log) as again:
        assert until(lambda: len(heard(published + again.box.taken)) >= count)
        time.sleep(0.5)
        found = heard(published + again.box.taken)
    assert found == list(range(20)) + (list(range(20, 27)) if rotate is rename_twice else []) + list(range(27, 31))


@hypothesis_settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deaths=st.lists(st.integers(1, 12), min_size=1, max_size=4), lag=st.integers(0, 4))
def test_whenever_it_is_killed_nothing_is_lost_or_said_twice(
    tmp_path_factory: pytest.TempPathFactory, deaths: list[int], lag: int
) -> None:
    folder = tmp_path_factory.mktemp("state")
    log = folder / "ais.log"
    log.write_bytes(numbered(97))
    published: list[Message] = []
    for number, dies_at in enumerate(deaths):
        run = Run(folder, log, dies_at, lag)
        until(run.stop.is_set, 1.0)
        published += run.end()
        if number == 1:
            log.rename(folder / "ais.log.1")
            log.write_bytes(numbered(40, 97))
    count = 137 if len(deaths) > 1 else 97
    with following(folder, log) as last:
        assert until(lambda: len(heard(published + last.box.taken)) >= count)
        time.sleep(0.1)
    published += last.box.taken
    assert Counter(heard(published)) == Counter(range(count))
    first = contents(reversed(published))
    assert all(contents([message])[message.id] == first[message.id] for message in published)


def test_what_is_remembered_of_a_log_does_not_grow(tmp_path: Path, log: Path) -> None:
    log.write_bytes(numbered(500))
    with following(tmp_path, log) as run:
        assert until(lambda: len(run.heard) == 500)
        time.sleep(0.2)
    with closing(sqlite3.connect(tmp_path / "imports.sqlite")) as database:
        assert database.execute("SELECT count(*), max(ends) FROM segment").fetchall() == [(1, log.stat().st_size)]


def test_a_writer_may_still_be_in_the_renamed_log_when_reading_begins_again(tmp_path: Path, log: Path) -> None:
    log.write_bytes(numbered(4))
    run = Run(tmp_path, log)
    assert until(lambda: len(run.heard) == 4)
    time.sleep(0.2)
    published = run.end()
    with log.open("ab") as writer:
        writer.write(numbered(2, 4))
        writer.flush()
        log.rename(log.with_name("ais.log.1"))
        log.write_bytes(numbered(3, 9))
        with following(tmp_path, log) as again:
            time.sleep(0.5)
            writer.write(numbered(3, 6))
            writer.flush()
            assert until(lambda: len(heard(published + again.box.taken)) >= 12)
            found = heard(published + again.box.taken)
    assert found == list(range(12))


def test_a_compressed_file_cannot_be_followed(tmp_path: Path, log: Path) -> None:
    log.write_bytes(gzip.compress(numbered(4)))
    with pytest.raises(BadSetting, match="does not grow"):
        Reader(tmp_path, f"a.b=follow:{log}").run()


def test_what_rotation_leaves_is_told_from_other_files(tmp_path: Path) -> None:
    names = ["ais.log.2.gz", "ais.log.1", "ais.log-20260301", "ais.log.2026-02-28.zst"]
    for age, name in enumerate(names):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1_700_000_000 + age, 1_700_000_000 + age))
    for other in ("ais.log", "ais.log.idx", "ais.log.bak", "other.log.1", "ais.log.1.tmp"):
        (tmp_path / other).touch()
    assert [path.name for path in rotated(tmp_path / "ais.log")] == names


def test_a_folder_cannot_be_followed(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="must name a file"):
        parse(f"a=follow:{tmp_path}")


def test_a_log_is_followed_by_one_process_at_a_time(tmp_path: Path, log: Path) -> None:
    log.write_bytes(numbered(1))
    with following(tmp_path, log) as run:
        assert until(lambda: run.heard == [0])
        with pytest.raises(BadSetting, match=r"another ingest follows .*ais\.log as a\.b"):
            Reader(tmp_path, f"a.b=follow:{log}").run()


def test_of_another_release_only_the_place_is_used(tmp_path: Path, log: Path) -> None:
    log.write_bytes(numbered(23))
    first = Run(tmp_path, log, lag=2)
    assert until(lambda: len(first.heard) == 23)
    first.end()
    with closing(sqlite3.connect(tmp_path / "imports.sqlite")) as database, database:
        [(place,)] = database.execute("SELECT ends FROM segment WHERE state IS NOT NULL").fetchall()
        database.execute("UPDATE segment SET version = version - 1")
    rest = log.read_bytes()[place:].count(b"\n")
    with following(tmp_path, log) as again:
        assert until(lambda: len(again.heard) == rest)
    assert 0 < rest < 23
    assert not {message.id for message in first.box.taken} & {message.id for message in again.box.taken}
