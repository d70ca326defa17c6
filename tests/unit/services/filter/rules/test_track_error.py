"""The promise of track_error, held by an independent checker on random tracks, and on the cases that people would think of."""

from collections.abc import Sequence
from math import cos, pi, radians, sin
from random import Random

import pytest

from fairway import clock, records
from fairway.flags import BITS, bits
from fairway.testing import START
from services.filter.judge import Filter
from services.filter.rule_file import parse
from services.filter.trial import Trial
from tests.unit.services.filter.rules.track_checker import Errors, check

START_MS = clock.to_ms(START)
RULES = "rules: [{rule: redundant, positions: track_error%s}]"
OFF, LATE = bits(["implied_speed", "null_island"]), BITS["late"]


def _filter(options: str = "") -> Filter:
    return Filter(parse(RULES % options, "test", None))  # type: ignore[arg-type]


def _fix(at: float, lon: float, lat: float, *, mmsi: int = 219000001, status: int = 0) -> records.Position:
    lon = (lon + 180) % 360 - 180
    return records.Position(
        source="test",
        event_time=clock.to_text(START_MS + round(at * 1000)),
        received_at=START,
        time_source="tag_block",
        mmsi=mmsi,
        msg_type=1,
        lon=round(lon, 6),
        lat=round(lat, 6),
        sog=10.0,
        nav_status=status,
    )


def _judge(reports: Sequence[records.Position], sizes: Sequence[int], options: str = "") -> Trial:
    trial, at, number = Trial(_filter(options)), 0, 0
    while at < len(reports):
        size = sizes[number % len(sizes)]
        trial.judge_records(reports[at : at + size])
        at, number = at + size, number + 1
    return trial


def _checked(reports: Sequence[records.Position], trial: Trial) -> Errors:
    kept = (trial.droppers < 0).tolist()
    return check(zip(reports, kept, trial.flags.tolist(), strict=True), off_the_track=OFF, late=LATE)


def _walk(random: Random, mmsi: int) -> list[records.Position]:
    """A ship that steams, turns, stops, falls silent and jitters; some of its reports come late, some twice."""
    lon, lat = random.choice([(10.0, 55.0), (179.9995, -16.8), (-30.0, 78.0), (0.0, 0.0)])
    at, course, knots, status = random.uniform(0, 10), random.uniform(0, 2 * pi), random.choice([0, 1, 12, 35]), 0
    reports = []
    for _ in range(random.randrange(60, 240)):
        step = random.choice([2, 3, 6, 10, 10, 180]) if knots else random.choice([180, 180, 360])
        at += step if random.random() > 0.01 else random.choice([200, 1000, 5000])
        if random.random() < 0.05:
            knots = random.choice([0, 0.4, 5, 14, 28])
        if random.random() < 0.02:
            status = random.choice([0, 1, 5])
        course += random.gauss(0, 0.02 if random.random() > 0.1 else 0.6)
        metres = knots * 0.5144 * step
        lat += metres * cos(course) / 111_195
        lon += metres * sin(course) / 111_195 / cos(radians(lat))
        noise = random.choice([0, 3, 8])
        east, north = random.gauss(0, noise) / 111_195 / cos(radians(lat)), random.gauss(0, noise) / 111_195
        reports.append(_fix(at, lon + east, lat + north, mmsi=mmsi, status=status))
        if random.random() < 0.02:
            reports.append(reports[-1])
    for _ in range(len(reports) // 20):
        late = random.randrange(len(reports))
        reports.insert(min(late + random.randrange(1, 6), len(reports) - 1), reports.pop(late))
    return reports


def _fleet(seed: int) -> list[records.Position]:
    random = Random(seed)
    walks = [_walk(random, 219000000 + number) for number in range(6)]
    order = [number for number, walk in enumerate(walks) for _ in walk]
    random.shuffle(order)
    return [walks[number].pop(0) for number in order]


@pytest.mark.parametrize("seed", range(40))
def test_the_track_through_the_kept_positions_is_never_further_than_promised(seed: int) -> None:
    reports = _fleet(seed)
    trial = _judge(reports, [Random(seed).choice([1, 7, 100, 1000])])
    found = _checked(reports, trial)
    assert not found.broken
    assert found.metres, "nothing was dropped: the test would show nothing"


@pytest.mark.parametrize("seed", range(10))
def test_how_a_stream_is_cut_makes_no_difference(seed: int) -> None:
    reports = _fleet(seed)
    whole, pieces = _judge(reports, [10_000]), _judge(reports, [1, 3, 50, 2])
    assert whole.droppers.tolist() == pieces.droppers.tolist()
    assert whole.flags.tolist() == pieces.flags.tolist()


def test_a_checker_that_sees_a_broken_promise_says_so() -> None:
    straight = [_fix(10 * number, 10 + 0.001 * number, 55) for number in range(5)]
    off = [*straight[:2], _fix(20, 10.002, 55.001), *straight[3:]]
    found = check([(fix, number in (0, 4), 0) for number, fix in enumerate(off)], off_the_track=OFF, late=LATE)
    assert len(found.broken) == 1
    assert "111.2 m off" in found.broken[0]
    last = check([(fix, number == 0, 0) for number, fix in enumerate(straight)], off_the_track=OFF, late=LATE)
    assert any("the last fix was dropped" in each for each in last.broken)


def test_on_a_straight_line_only_the_gap_bounds_what_is_dropped() -> None:
    reports = [_fix(10 * number, 10 + 0.001 * number, 55) for number in range(100)]
    kept = [number for number, dropper in enumerate(_judge(reports, [100]).droppers.tolist()) if dropper < 0]
    assert kept == [0, 18, 36, 54, 72, 90, 99]


def test_a_ship_at_rest_is_kept_every_few_hours() -> None:
    reports = [_fix(180 * number, 10 + 0.00005 * (number % 3), 55) for number in range(1000)]
    kept = sum(dropper < 0 for dropper in _judge(reports, [500]).droppers.tolist())
    assert kept <= 20


def test_what_is_before_and_after_a_silence_and_a_change_of_status_are_kept() -> None:
    reports = [_fix(at, 10, 55, status=status) for at, status in ((0, 5), (180, 5), (360, 5), (2000, 5), (2180, 0))]
    kept = [dropper < 0 for dropper in _judge(reports, [2]).droppers.tolist()]
    assert kept == [True, False, True, True, True]


def test_a_position_that_comes_late_and_lies_off_the_line_is_kept_and_flagged() -> None:
    reports = [_fix(0, 10, 55), _fix(20, 10.002, 55), _fix(10, 10.001, 55.01), _fix(12, 10.0012, 55)]
    trial = _judge(reports, [4])
    assert [dropper < 0 for dropper in trial.droppers.tolist()] == [True, True, True, False]
    assert trial.flags.tolist() == [0, 0, LATE, 0]


def test_positions_that_another_rule_found_odd_are_kept_and_do_not_bend_the_track() -> None:
    text = "rules: [{rule: plausible, action: flag}, {rule: redundant, positions: track_error}]"
    reports = [_fix(10 * number, 10 + 0.001 * number, 55) for number in range(10)]
    reports[5] = _fix(50, 20, 60)
    trial = Trial(Filter(parse(text, "test", None)))  # type: ignore[arg-type]
    trial.judge_records(reports)
    assert [number for number, dropper in enumerate(trial.droppers.tolist()) if dropper < 0] == [0, 5, 9]
    assert trial.flags.tolist()[5] == BITS["implied_speed"]


def test_positions_without_a_place_are_thinned_by_time() -> None:
    reports = [_fix(10 * number, 10, 55) for number in range(3)]
    nowhere = [records.Position(**{**_values(each), "lon": None, "lat": None}) for each in reports]
    assert [dropper < 0 for dropper in _judge(nowhere, [3]).droppers.tolist()] == [True, False, False]


def _values(record: records.Position) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__struct_fields__}
