"""The promise of track_error on every recording, every archive and a simulated harbour, held by the independent checker."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from fairway.errors import BadSetting
from fairway.flags import BITS, bits
from fairway.records import Decoded, Position
from services.filter.judge import Filter
from services.filter.rule_file import parse
from services.filter.trial import Trial
from services.offline import read_file
from simulator.command import simulate
from tests.unit.services.filter.rules.track_checker import Errors, check

DATA = Path(__file__).parents[3] / "shared" / "data"
FILES = [file for folder in ("raw_nmea", "timestamped", "decoded") for file in sorted((DATA / folder).glob("**/*.*"))]
TEXT = """
rules:
  - {rule: duplicate}
  - {rule: plausible, action: flag}
  - {rule: redundant, positions: track_error}
"""
BATCH = 1000
AT_ANCHOR, MOORED = 1, 5  # nav_status
FEWEST_MOORED = 500  # reports of moored vessels, for a share to mean something


def _judged(records: Sequence[Decoded]) -> list[tuple[Decoded, bool, int]]:
    """Each record that is not a copy, whether it was kept, and its flags."""
    trial = Trial(Filter(parse(TEXT, "test", Path())))
    for start in range(0, len(records), BATCH):
        trial.judge_records(records[start : start + BATCH])
    droppers = trial.droppers.tolist()
    judged = zip(records, droppers, trial.flags.tolist(), strict=True)
    return [(record, dropper < 0, flags) for record, dropper, flags in judged if dropper != 0]


def _checked(judged: Sequence[tuple[Decoded, bool, int]]) -> Errors:
    return check(judged, off_the_track=bits(["implied_speed", "null_island"]), late=BITS["late"])


@pytest.mark.skipif(not FILES, reason="the recordings are not on this machine")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_position_of_a_recording_is_further_from_the_track_than_promised(file: Path) -> None:
    try:
        records = read_file(file).decoded
    except BadSetting as error:
        pytest.skip(str(error))
    judged = _judged(records)
    found = _checked(judged)
    assert not found.broken
    assert max(found.metres, default=0.0) <= 25.0
    positions = [is_kept for record, is_kept, _ in judged if isinstance(record, Position)]
    if positions:
        print(f"{file.name}: {sum(positions):,} of {len(positions):,} positions kept")


def test_in_a_harbour_moored_vessels_keep_under_two_in_a_hundred(tmp_path: Path) -> None:
    file = tmp_path / "harbour.nmea"
    simulate(to=f"file:{file}", vessels=120, duration=10 * 3600.0, seed=3, rate=0, quiet=True)
    judged = _judged(read_file(file).decoded)
    found = _checked(judged)
    assert not found.broken
    assert len(found.metres) > FEWEST_MOORED
    kept, moored = _kept(judged, MOORED)
    anchored_kept, anchored = _kept(judged, AT_ANCHOR)
    print(
        f"moored: {kept:,} of {moored:,} kept; at anchor: {anchored_kept:,} of {anchored:,}; all: {_share(judged):.1%}"
    )
    assert moored > FEWEST_MOORED
    assert kept < 0.02 * moored
    assert anchored_kept < 0.05 * anchored


def _share(judged: Sequence[tuple[Decoded, bool, int]]) -> float:
    positions = [is_kept for record, is_kept, _ in judged if isinstance(record, Position)]
    return sum(positions) / len(positions)


def _kept(judged: Sequence[tuple[Decoded, bool, int]], status: int) -> tuple[int, int]:
    """Of the class A positions with this status: how many were kept, and how many there are."""
    kept = [is_kept for record, is_kept, _ in judged if isinstance(record, Position) and record.nav_status == status]
    return sum(kept), len(kept)
