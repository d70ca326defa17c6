"""Which periods have ended, by the clock."""

from datetime import UTC, date, datetime

import pytest

from fairway.clock import midnight
from services.db_maintainer import changed


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-01-{text}:00+00:00")


@pytest.mark.parametrize(
    ("now", "end"),
    [("03T12:00", "03T11:30"), ("03T12:04", "03T11:30"), ("03T12:05", "03T12:00"), ("03T00:10", "03T00:00")],
)
def test_a_half_hour_is_closed_five_minutes_after_its_end(now: str, end: str) -> None:
    assert changed.last_half_hour(at(now)) == at(end)


@pytest.mark.parametrize(("now", "first_open"), [("03T01:04", 2), ("03T01:05", 3), ("04T01:04", 3)])
def test_a_day_is_closed_when_no_leg_that_begins_in_it_can_end_any_more(now: str, first_open: int) -> None:
    assert changed.last_day(at(now)) == date(2026, 1, first_open)


def test_a_day_is_of_utc_whatever_the_clock_is_set_to() -> None:
    new_zealand = datetime.fromisoformat("2026-01-03T13:00:00+13:00")
    assert changed.last_day(new_zealand) == date(2026, 1, 2)
    assert midnight(date(2026, 1, 2)) == datetime(2026, 1, 2, tzinfo=UTC)
