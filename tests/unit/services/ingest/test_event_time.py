"""When a report was made, and who says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway import clock
from services.ingest.event_time import FEWEST_SAMPLES, EventTimes

NOW = clock.to_ms("2026-01-02T03:04:05.678Z")


def test_nobody_says_so_it_is_the_receipt() -> None:
    assert EventTimes(0).stamp(None, "received", NOW) == ("2026-01-02T03:04:05.678Z", "received", None, None)


def test_the_senders_word_counts() -> None:
    times = EventTimes(0)
    for _ in range(2):
        assert times.stamp(NOW - 1678, "trailing", NOW) == ("2026-01-02T03:04:04.000Z", "trailing", None, None)
    assert times.stamp(NOW - 1678, "prefix", NOW).time_source == "prefix"


@pytest.mark.parametrize(
    ("event_ms", "defect"),
    [
        (NOW + 1000, None),
        (NOW + 1001, "time_in_future"),
        (clock.EARLIEST_MS, None),
        (clock.EARLIEST_MS - 1, "time_before_2000"),
    ],
)
def test_a_time_outside_reason_is_a_defect(event_ms: int, defect: str | None) -> None:
    stamp = EventTimes(1000).stamp(event_ms, "tag_block", NOW)
    assert stamp.defect == defect
    assert stamp.time_source == "tag_block"
    assert stamp.event_time == clock.to_text(NOW if defect else event_ms)


def _after_samples(skew_ms: int, *, correct: bool, count: int = FEWEST_SAMPLES) -> EventTimes:
    times = EventTimes(1000, correct=correct)
    for number in range(count):
        received_ms = NOW + number * 1000
        times.stamp(received_ms - skew_ms, "tag_block", received_ms)
        times.stamp(received_ms - 999_999, "tag_block", received_ms)  # one sample for each time of receipt
        times.stamp(None, "received", received_ms)
    return times


def test_knows_the_skew_of_a_source_after_enough_samples() -> None:
    assert _after_samples(7300, correct=False, count=FEWEST_SAMPLES - 1).skew_seconds is None
    assert _after_samples(7300, correct=False).skew_seconds == 7.3
    assert _after_samples(-172_800_000, correct=False).skew_seconds == -172_800


def test_corrects_a_clock_only_when_asked() -> None:
    later = NOW + 1_000_000
    event_ms = later - 172_800_000
    assert _after_samples(172_800_000, correct=False).stamp(event_ms, "trailing", later).time_shift is None
    stamp = _after_samples(172_800_000, correct=True).stamp(event_ms, "trailing", later)
    assert stamp == (clock.to_text(later), "trailing", 172_800.0, None)


def test_a_clock_ahead_of_ours_is_corrected_before_it_is_judged() -> None:
    later = NOW + 1_000_000
    times = _after_samples(-3_600_000, correct=True)
    assert times.stamp(later + 3_600_000, "tag_block", later) == (clock.to_text(later), "tag_block", -3600.0, None)
    assert times.stamp(later, "tag_block", later).event_time == clock.to_text(later - 3_600_000)


def test_a_clock_that_is_no_longer_behind_costs_no_report() -> None:
    later = NOW + 10_000_000
    times = _after_samples(100_000, correct=True)
    assert times.stamp(later, "tag_block", later) == (clock.to_text(later), "tag_block", None, None)
    assert times.stamp(later + 61_000_000, "tag_block", later).defect == "time_in_future"


def test_the_delay_of_the_way_here_is_not_corrected() -> None:
    later = NOW + 1_000_000
    assert _after_samples(2000, correct=True).stamp(later - 2000, "tag_block", later).time_shift is None


def test_outliers_do_not_move_the_skew() -> None:
    times = EventTimes(1000)
    for number in range(FEWEST_SAMPLES):
        received_ms = NOW + number * 1000
        times.stamp(0 if number % 3 == 0 else received_ms - 1000, "tag_block", received_ms)
    assert times.skew_seconds == 1.0


def test_a_skew_is_forgotten_when_the_clock_is_set_right() -> None:
    times = _after_samples(60_000, correct=True)
    for number in range(1000):
        received_ms = NOW + 10_000_000 + number * 1000
        times.stamp(received_ms, "tag_block", received_ms)
    assert times.skew_seconds == 0.0
    assert times.stamp(NOW, "tag_block", NOW + 1).time_shift is None


@given(st.integers(-(10**18), 10**18), st.integers(clock.EARLIEST_MS, NOW * 2), st.booleans())
def test_no_time_breaks_it(event_ms: int, received_ms: int, correct: bool) -> None:
    times = EventTimes(1000, correct=correct)
    for number in range(FEWEST_SAMPLES + 1):
        assert len(times.stamp(event_ms, "tag_block", received_ms + number).event_time) == 24


def test_a_report_that_is_stamped_elsewhere_is_a_sample_too() -> None:
    here, elsewhere = EventTimes(0), EventTimes(0)
    for number in range(FEWEST_SAMPLES):
        for event_ms in (NOW - 5000, NOW - 7000):
            here.stamp(event_ms, "trailing", NOW + number)
            elsewhere.note(event_ms, NOW + number)
    assert here.skew_seconds == elsewhere.skew_seconds == 5.0


def test_times_that_are_to_be_corrected_are_not_believed_as_they_stand() -> None:
    assert EventTimes(1000).believed(NOW) == (clock.EARLIEST_MS, NOW + 1000)
    times = EventTimes(1000, correct=True)
    first, last = times.believed(NOW)
    assert first > last  # the first report of each receipt decides whether there is anything to correct
    times.stamp(NOW, "trailing", NOW)
    assert times.believed(NOW) == (clock.EARLIEST_MS, NOW + 1000)
    first, last = _after_samples(60_000, correct=True).believed(NOW)
    assert first > last


def test_a_report_is_a_sample_though_its_stamp_is_known() -> None:
    times = EventTimes(0)
    for number in range(FEWEST_SAMPLES // 2):
        times.stamp(NOW - 5000, "trailing", NOW)
        times.stamp(NOW - 5001, "trailing", NOW - 1 - number)  # a message whose first part came earlier
    assert times.skew_seconds is not None
