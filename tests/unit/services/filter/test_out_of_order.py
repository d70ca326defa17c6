"""What the rules make of batches that overtook each other, as they do behind several decoders."""

from itertools import pairwise
from random import Random

import pytest

from fairway import clock
from fairway.records import Position

REPORT_SECONDS, KEPT_SECONDS = 10, 60
BATCH = 5  # reports a batch


@pytest.mark.parametrize("reach", [1, 2, 4])
def test_no_gap_grows_by_more_than_batches_were_displaced(a_filter, position, reach: int) -> None:
    reports = [position(at * REPORT_SECONDS, digest=at) for at in range(300)]
    rules = a_filter({"rule": "duplicate"}, {"rule": "plausible", "action": "drop"}, {"rule": "redundant"})
    kept = _kept(rules, _displaced(reports, reach))
    times = sorted(clock.to_ms(report.event_time) / 1000 for report in kept)
    assert max(later - earlier for earlier, later in pairwise(times)) <= (KEPT_SECONDS + reach * BATCH * REPORT_SECONDS)


@pytest.mark.parametrize("reach", [1, 2, 4])
def test_a_report_that_comes_late_is_neither_implausible_nor_a_copy(a_filter, position, reach: int) -> None:
    reports = [position(at * REPORT_SECONDS, lon=10 + at * 0.0008, digest=at) for at in range(300)]  # some ten knots
    late = _displaced(reports, reach)
    assert _kept(a_filter({"rule": "duplicate"}, {"rule": "plausible", "action": "drop"}), late) == late


def _displaced(reports: list[Position], reach: int) -> list[Position]:
    """The reports with their batches displaced by up to `reach` places."""
    random = Random(reach)
    batches = [reports[start : start + BATCH] for start in range(0, len(reports), BATCH)]
    order = sorted(range(len(batches)), key=lambda place: place + random.random() * (reach + 1))
    return [report for place in order for report in batches[place]]


def _kept(rules, reports: list[Position]) -> list[Position]:
    return [report for report, dropper in zip(reports, rules.droppers(reports), strict=True) if dropper is None]
