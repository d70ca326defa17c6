"""With what `fairway ingest` ends, what it refuses, and what it shows on the way."""

import gzip
from pathlib import Path

import pytest

from fairway.errors import BadSetting
from services.ingest.command import followed, ingest, status, that_grow, with_mapping
from services.ingest.display import Advance, size_of
from services.ingest.feeds.files import Files
from services.ingest.feeds.follow import Follow
from services.ingest.feeds.udp import UdpListener
from services.ingest.line_format import Tally
from services.ingest.source import Reading, Source
from services.ingest.sources import parse

FILE = Source("a", "file", Files(Path("day.log")))
[LIVE] = parse("b=udp://127.0.0.1:10110")
[INPUT] = parse("a=file:-")


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (Reading(FILE, is_whole=True), 0),
        (Reading(FILE, imported_at="2026-01-02T03:04:05.000Z"), 0),
        (Reading(FILE), 1),
        (Reading(FILE, error="day.log is damaged"), 1),
        (Reading(INPUT), 1),
        (Reading(LIVE), 0),
        (Reading(LIVE, error="the address is in use"), 1),
    ],
)
def test_the_exit_status_is_0_only_when_all_that_has_an_end_was_read(reading: Reading, expected: int) -> None:
    assert status([Reading(FILE, is_whole=True), reading]) == expected


def test_following_is_for_files() -> None:
    assert followed(FILE).feed == Follow(Path("day.log"))
    assert followed(FILE).is_live
    assert followed(LIVE) is LIVE
    assert isinstance(LIVE.feed, UdpListener)
    with pytest.raises(BadSetting, match="--follow does not end"):
        ingest(["a=file:day.log"], follow=True, wait=True)


def test_of_a_folder_only_logs_that_grow_are_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("ais.log", "ais.log.1", "other.log"):
        (tmp_path / name).write_bytes(b"x\n")
    for name in ("ais.log.2.gz", "day.log.gz"):
        (tmp_path / name).write_bytes(gzip.compress(b"x\n"))
    sources = that_grow(parse(f"a=file:{tmp_path}"))
    assert [source.name for source in sources] == [str(tmp_path / "ais.log"), str(tmp_path / "other.log")]
    assert capsys.readouterr().err.count("not followed") == 3
    with pytest.raises(BadSetting, match="nothing to follow"):
        that_grow(parse(f"a=file:{tmp_path}/*.gz"))


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_a_speed_at_which_nothing_can_be_replayed_is_refused(speed: float) -> None:
    with pytest.raises(BadSetting, match="--speed must be above 0"):
        ingest(["a=file:day.log"], speed=speed)


def test_a_mapping_is_for_files_that_have_none(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("columns: {who: mmsi, y: lat, x: lon}\n")
    explained, live = with_mapping([FILE, LIVE], path)
    assert explained.mapping is not None
    assert live.mapping is None


def test_the_display_says_where_the_reading_is_and_how_long_it_will_take(tmp_path: Path) -> None:
    paths = [tmp_path / "day1.log", tmp_path / "day2.log", tmp_path / "day3.log"]
    for path in paths:
        path.write_bytes(bytes(1_000_000))
    readings = [Reading(Source("a", "file", Files(path)), tally=Tally(messages=500)) for path in paths]
    advance = Advance(readings)
    readings[0].is_whole = True
    advance.add(1_500_000)
    assert advance.where() == "day2.log (2 of 3)"
    assert advance.line().startswith("day2.log (2 of 3), 1.5 of 3.0 MB, ")
    assert " s left, 1500 records, " in advance.line()


def test_what_has_no_length_has_no_time_left() -> None:
    readings = [Reading(LIVE)]
    advance = Advance(readings)
    assert (size_of(readings[0]), advance.total) == (None, None)
    assert "left" not in advance.line()


def test_nobody_can_wait_for_the_end_of_a_live_feed() -> None:
    with pytest.raises(BadSetting, match="--wait is for what has an end"):
        ingest(source=["coastal.denmark=udp://127.0.0.1:10110"], wait=True)
