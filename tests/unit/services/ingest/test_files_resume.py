"""A reading that is killed anywhere and begun again publishes exactly what an unbroken one does, under the same ids."""

import gzip
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from fairway.errors import BadSetting
from services.ingest.event_time import EventTimes
from services.ingest.file_reader import CHECKPOINT_SLICES, Checkpoint, FileReader, checkpoint_from
from services.ingest.formats.tables.parquet import FORGET_ROWS
from services.ingest.imports import END
from tests.unit.services.ingest.file_samples import SINGLE, Reader, contents, mixed, numbered, tagged, tar, zipped

BATCH = 1  # records, so that there are many batches
SLICE = 3
PACKINGS: dict[str, Callable[[bytes, bytes, bytes], bytes]] = {
    "plain": lambda *parts: b"\n".join(parts),
    "gzip": lambda *parts: gzip.compress(b"\n".join(parts)),
    "tar": lambda *parts: tar({"a": parts[0], "b.gz": gzip.compress(parts[1]), "c": parts[2]}, "w:gz"),
    "zip": lambda *parts: zipped({"a": parts[0], "b.gz": gzip.compress(parts[1]), "c": parts[2]}),
}


def file_of(folder: Path, packing: str, seed: int, lines: int = 500) -> Path:
    path = folder / f"{packing}-{seed}"
    if not path.exists():
        path.write_bytes(PACKINGS[packing](mixed(lines, seed), mixed(lines + 200, seed + 1), mixed(20, seed + 2)))
    return path


@pytest.mark.parametrize("packing", PACKINGS)
@hypothesis_settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 3), deaths=st.lists(st.integers(1, 300), min_size=1, max_size=3), lag=st.integers(0, 5))
def test_whenever_it_is_killed_the_same_is_published(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, packing: str, seed: int, deaths: list[int], lag: int
) -> None:
    source = f"a.b=file:{file_of(tmp_path, packing, seed, lines=100)}"
    whole, whole_reading = Reader(tmp_path_factory.mktemp("whole"), source, BATCH).run()
    broken = Reader(tmp_path_factory.mktemp("broken"), source, BATCH)
    published = [message for dies_at in deaths for message in broken.run(dies_at, lag)[0]]
    last, reading = broken.run()
    published += last
    assert contents(published) == contents(whole)
    for message in published:
        assert contents([message])[message.id] == contents(whole)[message.id]
    if reading.imported_at is None:
        assert reading.tally == whole_reading.tally
    assert published[-1].id.endswith(END)


def test_a_reading_goes_on_at_its_last_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "day.log"
    path.write_bytes(numbered(2000))
    size, reader = path.stat().st_size, Reader(tmp_path / "state", f"a=file:{path}", BATCH)
    counted: list[int] = []
    first, _ = reader.run(dies_at=500)
    last, _ = reader.run(read_bytes=counted.append)
    assert len(last) < 2000 / BATCH + 2 - 500 + CHECKPOINT_SLICES
    assert sum(counted) == size, "what is passed over counts as read"
    with closing(sqlite3.connect(tmp_path / "state" / "imports.sqlite")) as database:
        assert database.execute("SELECT checkpoint FROM import").fetchone() == (None,), "a finished import needs none"
    assert len(first) == 500


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_reader_that_starts_at_any_checkpoint_gives_what_follows_it(tmp_path: Path, packing: str) -> None:
    path = file_of(tmp_path, packing, 1)
    times = EventTimes(0)
    whole, checkpoints = [], []
    reader = FileReader(path, "a", times=times, slice_lines=SLICE)
    for taken in reader:
        whole.append(taken)
        checkpoint = reader.checkpoint()
        if checkpoint is not None:
            checkpoints.append((len(whole), checkpoint_from(checkpoint.to_text())))
    assert len(checkpoints) >= 3
    for slices, start in checkpoints:
        again = FileReader(path, "a", times=times, slice_lines=SLICE, start=start)
        assert [len(taken) for taken in again] == [len(taken) for taken in whole[slices:]]
        assert again.tally == reader.tally


def test_a_checkpoint_of_another_release_is_not_used() -> None:
    assert checkpoint_from('{"offset": 3}') is None
    assert checkpoint_from("nonsense") is None
    checkpoint = Checkpoint(1, 2, 3, {"lines": 4}, {"formats": []})
    assert checkpoint_from(checkpoint.to_text()) == checkpoint


def test_a_replay_that_was_killed_is_gone_on_with_in_its_own_batches(tmp_path: Path) -> None:
    path = tmp_path / "day.log"
    path.write_bytes(b"\n".join(tagged(SINGLE, f"c:{1_671_533_231 + number // 7}") for number in range(700)))
    whole, _ = Reader(tmp_path / "whole", f"a=file:{path}", 50).run(speed=1e6)
    broken = Reader(tmp_path / "broken", f"a=file:{path}", 50)
    first, _ = broken.run(dies_at=5, lag=2, speed=1e6)
    last, _ = broken.run()
    assert contents(first + last) == contents(whole)


def test_an_import_with_another_mapping_does_not_go_on_with_the_batches_of_the_first(tmp_path: Path) -> None:
    path, mapping = tmp_path / "day.csv", tmp_path / "mapping.yaml"
    mapping.write_text("columns: {a: mmsi, b: lat, c: lon}\n")
    path.write_text("a,b,c\n" + "".join(f"{219_000_000 + number},55.0,12.0\n" for number in range(100)))
    first, _ = Reader(tmp_path / "state", f"a=file:{path}?mapping={mapping}").run(dies_at=3)
    mapping.write_text("columns: {a: mmsi, b: lon, c: lat}\n")
    second, _ = Reader(tmp_path / "state", f"a=file:{path}?mapping={mapping}").run()
    assert len(first) == 3
    assert not {message.id for message in first} & {message.id for message in second}


def test_a_damaged_file_of_an_archive_is_not_forgotten_by_a_reading_that_goes_on_after_it(tmp_path: Path) -> None:
    path = tmp_path / "month.tar"
    path.write_bytes(tar({"1.gz": gzip.compress(numbered(1000))[:-50], "2": numbered(900)}))
    reader = Reader(tmp_path / "state", f"a=file:{path}", BATCH)
    published, _ = reader.run(dies_at=1650)
    with pytest.raises(BadSetting, match="is damaged or cut short: the end is missing"):
        reader.run(dies_at=10_000)
    assert len(published) == 1650


def test_a_parquet_table_is_gone_on_with_in_the_middle(tmp_path: Path) -> None:
    rows = FORGET_ROWS + 2500
    columns = {
        "mmsi": pa.array([219_000_000 + row % 50 for row in range(rows)]),
        "base_date_time": pa.array([f"2024-01-01T00:{row // 60 % 60:02d}:{row % 60:02d}" for row in range(rows)]),
        "longitude": pa.array([row / rows for row in range(rows)]),
        "latitude": pa.array([55.0] * rows),
    }
    pq.write_table(pa.table(columns), tmp_path / "day.parquet", row_group_size=30_000)
    source = f"a=file:{tmp_path}/day.parquet"
    whole, reading = Reader(tmp_path / "whole", source, 1000).run()
    broken = Reader(tmp_path / "broken", source, 1000)
    first, _ = broken.run(dies_at=len(whole) - 2)
    last, again = broken.run()
    assert contents(first + last) == contents(whole)
    assert again.tally == reading.tally
    assert again.tally.lines == rows
