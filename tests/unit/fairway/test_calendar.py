"""Years that a message leaves out, and days that no calendar has."""

import pytest

from fairway.calendar import nearest_eta, utc_text


@pytest.mark.parametrize(
    ("event_time", "parts", "eta"),
    [
        ("2026-05-14T00:00:00.000Z", (5, 15, 14, 0), "2026-05-15T14:00:00.000Z"),
        ("2026-12-30T00:00:00.000Z", (1, 2, 6, 30), "2027-01-02T06:30:00.000Z"),
        ("2026-01-02T00:00:00.000Z", (12, 31, 23, 59), "2025-12-31T23:59:00.000Z"),
        ("2026-07-01T00:00:00.000Z", (12, 25, 0, 0), "2026-12-25T00:00:00.000Z"),
        ("2024-02-20T00:00:00.000Z", (2, 29, 8, 0), "2024-02-29T08:00:00.000Z"),
        ("2023-12-20T00:00:00.000Z", (2, 29, 8, 0), "2024-02-29T08:00:00.000Z"),
    ],
)
def test_the_year_is_the_one_nearest_to_the_event(event_time: str, parts: tuple[int, int, int, int], eta: str) -> None:
    assert nearest_eta(event_time, *parts) == eta


@pytest.mark.parametrize(("month", "day"), [(2, 30), (2, 31), (4, 31), (2, 29)])
def test_a_day_that_no_year_at_hand_has_is_no_eta(month: int, day: int) -> None:
    assert nearest_eta("2026-06-01T00:00:00.000Z", month, day, 8, 0) is None


def test_without_an_event_time_there_is_no_year() -> None:
    assert nearest_eta("yesterday", 5, 15, 14, 0) is None


def test_the_first_and_the_last_year_of_the_calendar() -> None:
    assert nearest_eta("0001-01-01T00:00:00.000Z", 1, 2, 0, 0) == "0001-01-02T00:00:00.000Z"
    assert nearest_eta("9999-12-31T00:00:00.000Z", 1, 2, 0, 0) == "9999-01-02T00:00:00.000Z"


def test_a_clock_beyond_the_calendar_is_no_time() -> None:
    assert utc_text(2011, 2, 29, 0, 0, 0) is None
    assert utc_text(2012, 2, 29, 23, 59, 58) == "2012-02-29T23:59:58.000Z"
