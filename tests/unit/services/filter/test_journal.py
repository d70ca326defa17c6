"""The file that outlives the filter: whole frames or none, one writer, and a disk that is full now and then."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import numpy as np
import pytest

from fairway.errors import BadSetting, BrokenWorld
from services.filter import journal as journal_module
from services.filter.journal import CannotWrite, Frame, Journal
from services.filter.known_vessels import KnownVessels
from services.filter.last_seen import LastSeen
from services.filter.reports import form_of, of_records


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "state", lock_seconds=0)
    journal.begin([Frame(done=["first"])])
    yield journal
    journal.close()


def _reopened(journal: Journal, folder: Path) -> list[Frame]:
    journal.close()
    other = Journal(folder / "state", lock_seconds=0)
    frames = list(other.read())
    other.close()
    return frames


def test_frames_are_read_as_they_were_written(journal: Journal, tmp_path: Path) -> None:
    frames = [Frame(done=["a"], marks=[("rule", -(1 << 62))]), Frame(held={"rule": {1: None}}), Frame(sent=True)]
    for frame in frames:
        journal.append(frame)
    assert _reopened(journal, tmp_path) == [Frame(done=["first"]), *frames]


def test_the_next_file_takes_the_place_of_the_last(journal: Journal, tmp_path: Path) -> None:
    journal.append(Frame(done=["a"]))
    journal.begin([Frame(done=["first", "a"])])
    journal.append(Frame(done=["b"]))
    assert _reopened(journal, tmp_path) == [Frame(done=["first", "a"]), Frame(done=["b"])]
    assert len(list((tmp_path / "state").iterdir())) == 2, "a file and the lock"


def test_a_file_that_was_being_begun_when_the_filter_was_killed_is_left_out(journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "state" / "state.9.new").write_bytes(b"half")
    assert _reopened(journal, tmp_path) == [Frame(done=["first"])]
    assert not (tmp_path / "state" / "state.9.new").exists()


def test_a_full_disk_is_waited_out_and_leaves_no_half_of_a_frame(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(descriptor: int, pieces: list[bytes]) -> int:
        os.write(descriptor, b"".join(pieces)[:11])
        raise OSError(errno.ENOSPC, "No space left on device")

    journal.append(Frame(done=["a"]))
    with monkeypatch.context() as full:
        full.setattr(os, "writev", half)
        for frame in (Frame(done=["b"]), Frame(done=["c"])):
            with pytest.raises(CannotWrite, match=r"cannot write its state to .*: No space left on device"):
                journal.append(frame)
        with pytest.raises(BrokenWorld):
            journal.begin([Frame(done=["all"])])
    journal.append(Frame(done=["d"]))
    assert _reopened(journal, tmp_path) == [Frame(done=["first"]), Frame(done=["a"]), Frame(done=["d"])]


def test_a_long_file_that_cannot_be_followed_by_another_goes_on(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "FEWEST_BYTES", 100)
    journal.begin([])
    journal.append(Frame(done=["x" * 200]))
    assert journal.is_long
    journal.put_off()
    assert not journal.is_long
    journal.append(Frame(done=["x" * 200]))
    assert journal.is_long


def test_two_filters_never_share_a_folder(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"another filter keeps its state in .*state; give each a FAIRWAY_STATE_DIR"):
        Journal(tmp_path / "state", lock_seconds=0.2)


def test_a_filter_waits_for_the_one_before_it_to_end(journal: Journal, tmp_path: Path) -> None:
    timer = Timer(0.3, journal.close)
    timer.start()
    Journal(tmp_path / "state", lock_seconds=10).close()
    timer.join()


def test_a_folder_that_cannot_be_one_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match=r"the filter cannot keep its state in .*: Not a directory"):
        Journal(tmp_path / "file" / "state")


def test_a_memory_told_as_changes_is_the_same_memory() -> None:
    one, other, dumped = (LastSeen({"at": np.int64, "low": np.dtype((np.float64, (4,)))}, 10_000) for _ in range(3))
    random = np.random.default_rng(1)
    for _ in range(20):
        keys = random.integers(0, 300, 100)
        draft = one.take(keys)
        draft.put(
            np.arange(len(draft.keys)),
            at=random.integers(0, 9, len(draft.keys)),
            low=random.random((len(draft.keys), 4)),
        )
        for change in one.changes():
            other.apply(change)
        one.commit()
    for change in one.dump():
        dumped.apply(change)
    keys = np.arange(300)
    for memory in (other, dumped):
        assert memory.layout == one.layout
        assert memory.take(keys).values.tobytes() == one.take(keys).values.tobytes()
    assert LastSeen({"at": np.int32}, 1).layout != LastSeen({"at": np.int64}, 1).layout


def test_what_vessels_said_is_written_only_when_it_changed_and_read_as_texts(position, static) -> None:
    one, other = KnownVessels(["name", "ship_type"], 100), KnownVessels(["name", "ship_type"], 100)
    other._texts.number("a text that the other process met first")
    form = form_of(["name", "ship_type"])

    def fill(vessels: KnownVessels, *reports: object) -> tuple[list[str | None], list[float]]:
        batch = of_records(reports, form)
        filled, texts = vessels.fill(batch, np.arange(len(reports)))
        names = [None if number < 0 else texts.text(number) for number in filled["name"].tolist()]
        return names, filled["ship_type"].tolist()

    batches = [
        [
            static(name="ÅSTRID", ship_type=82),
            static(mmsi=219000002, name=None, ship_type=70),
            position(mmsi=219000003),
        ],
        [position(), position(mmsi=219000002), static(name="ÅSTRID", ship_type=82)],
        [static(mmsi=219000002, name="KIEL")],
    ]
    sizes = []
    for reports in batches:
        fill(one, *reports)
        sizes.append(sum(len(change.keys) // 8 for change in one.changes()))
        for change in one.changes():
            other.apply(change)
        one.commit()
    assert sizes == [2, 0, 1]
    dumped = KnownVessels(["name", "ship_type"], 100)
    for change in one.dump():
        dumped.apply(change)
    for vessels in (one, other, dumped):
        assert fill(vessels, position(), position(mmsi=219000002)) == (["ÅSTRID", "KIEL"], [82.0, 70.0])
