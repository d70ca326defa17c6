"""How far left-out positions are off the line through the kept ones, held against a checker that shares no code with it."""

from random import Random

import numpy as np
import pytest

from fairway import clock, records
from fairway.flags import BITS
from services.filter.track_errors import TrackErrors, track_errors
from tests.unit.services.filter.rules.track_checker import check

LATE = BITS["late"]
Decisions = list[tuple[records.Position, bool, int]]


def _measured(decisions: Decisions) -> TrackErrors:
    fixes = [record for record, _, _ in decisions]
    kept = np.array([is_kept for _, is_kept, _ in decisions])
    late = np.array([flags == LATE for _, _, flags in decisions])
    return track_errors(
        np.array([fix.mmsi for fix in fixes]),
        np.array([clock.to_ms(fix.event_time) for fix in fixes]),
        np.array([fix.lon for fix in fixes], np.float64),
        np.array([fix.lat for fix in fixes], np.float64),
        kept & ~late,
        ~kept,
    )


def _decisions(seed: int, position) -> Decisions:
    """Of three vessels, some near the antimeridian; reports out of order, several at one time, some late."""
    random = Random(seed)
    lon, lat = random.choice([(10.0, 55.0), (179.999, -16.8), (-30.0, 78.0)])
    made = []
    for _ in range(random.randrange(1, 120)):
        east = (lon + random.uniform(-0.01, 0.01) + 180) % 360 - 180
        fix = position(
            random.randrange(60),
            mmsi=219000001 + random.randrange(3),
            lon=round(east, 6),
            lat=round(lat + random.uniform(-0.01, 0.01), 6),
        )
        is_kept = random.random() < 0.4
        made.append((fix, is_kept, LATE if is_kept and random.random() < 0.1 else 0))
    return sorted(made, key=lambda each: each[0].mmsi)  # the checker answers track by track


@pytest.mark.parametrize("seed", range(50))
def test_errors_are_those_of_the_checker(seed: int, position):
    decisions = _decisions(seed, position)
    metres = _measured(decisions).metres[[not is_kept for _, is_kept, _ in decisions]]
    expected = check(decisions, off_the_track=0, late=LATE).metres
    assert np.where(np.isnan(metres), np.inf, metres) == pytest.approx(expected, abs=0.01)


def test_errors_are_known_only_between_kept_positions(position):
    fixes = [(position(at, lat=lat), is_kept, 0) for at, lat, is_kept in ((0, 55.0, False), (10, 55.0, True))]
    fixes += [(position(at, lat=lat), is_kept, 0) for at, lat, is_kept in ((15, 55.001, False), (20, 55.0, True))]
    fixes += [(position(30, lat=55.0), False, 0)]
    found = _measured(fixes)
    assert found.metres == pytest.approx([np.nan, np.nan, 111.2, np.nan, np.nan], abs=0.1, nan_ok=True)
    assert found.seconds == pytest.approx([np.nan, np.nan, 5, 10, 10], nan_ok=True)


def test_without_any_position_there_is_no_error():
    nothing = np.zeros(0, np.int64)
    found = track_errors(nothing, nothing, np.zeros(0), np.zeros(0), nothing > 0, nothing > 0)
    assert (len(found.metres), len(found.seconds)) == (0, 0)
