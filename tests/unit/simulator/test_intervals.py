"""Stations report as often as ITU-R M.1371-5 asks."""

import pytest

from simulator.intervals import class_a_interval, class_b_interval


@pytest.mark.parametrize(
    ("sog", "rot", "at_rest", "seconds"),
    [
        (0.0, 0.0, True, 180.0),
        (3.5, 0.0, True, 10.0),  # a ship that drags its anchor
        (12.0, 0.0, False, 10.0),
        (12.0, -25.0, False, 10 / 3),
        (18.0, 0.0, False, 6.0),
        (18.0, 25.0, False, 2.0),
        (30.0, 0.0, False, 2.0),
    ],
)
def test_class_a_reports_by_speed_turn_and_rest(sog: float, rot: float, at_rest: bool, seconds: float) -> None:
    assert class_a_interval(sog, rot, at_rest) == seconds


@pytest.mark.parametrize(("sog", "seconds"), [(0.0, 180.0), (2.0, 180.0), (6.0, 30.0)])
def test_class_b_reports_every_thirty_seconds_once_it_moves(sog: float, seconds: float) -> None:
    assert class_b_interval(sog) == seconds
