"""What words of a person mean."""

from datetime import UTC, datetime

import pytest

from fairway.errors import BadSetting
from fairway.export import asked
from fairway.export.asked import Box


@pytest.mark.parametrize(
    ("word", "moment"),
    [
        ("2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        ("2026-01-02T10:00", datetime(2026, 1, 2, 10, tzinfo=UTC)),
        ("2026-01-02 10:00:00.5Z", datetime(2026, 1, 2, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-01-02T10:00+02:00", datetime(2026, 1, 2, 8, tzinfo=UTC)),
    ],
)
def test_a_time_without_an_offset_is_utc(word: str, moment: datetime) -> None:
    assert asked.time(word, "--from") == moment


@pytest.mark.parametrize("word", ["", "yesterday", "2026-13-01", "02.01.2026", "0001-01-01T00:00+10:00"])
def test_what_is_no_time_is_refused(word: str) -> None:
    with pytest.raises(BadSetting, match="is not a time"):
        asked.time(word, "--to")


def test_a_box_over_the_180th_meridian_is_two() -> None:
    assert asked.boxes("10.5,55,11,56") == (Box(10.5, 55, 11, 56),)
    assert asked.boxes("170, -20, -170, 10") == (Box(170, -20, 180, 10), Box(-180, -20, -170, 10))


@pytest.mark.parametrize(
    "word", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "0,50,1,40", "0,0,181,1", "nan,0,1,1", "0,0,inf,1"]
)
def test_what_is_no_box_is_refused(word: str) -> None:
    with pytest.raises(BadSetting, match="--bbox"):
        asked.boxes(word)


def test_mmsis_come_with_commas_or_one_by_one() -> None:
    assert asked.mmsis(["2,1", "3", "1"]) == (1, 2, 3)
    assert asked.mmsis(["1073741823"]) == (1073741823,)
    assert asked.mmsis([]) == ()


@pytest.mark.parametrize("word", ["", "1,", "x", "-1", "1073741824", "1.5", "²", "9" * 5000])
def test_what_is_no_mmsi_is_refused(word: str) -> None:
    with pytest.raises(BadSetting, match="--mmsi"):
        asked.mmsis([word])
