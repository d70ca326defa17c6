"""Times as text of one fixed form."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway import clock


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_text_and_milliseconds_are_the_same_time(epoch_ms: int) -> None:
    text = clock.to_text(epoch_ms)
    assert len(text) == 24
    assert clock.to_ms(text) == epoch_ms


@given(st.integers(0, 253_402_300_799_999), st.integers(0, 253_402_300_799_999))
def test_text_sorts_as_time_does(one: int, other: int) -> None:
    assert (clock.to_text(one) < clock.to_text(other)) == (one < other)


def test_agrees_with_the_standard_library() -> None:
    moment = datetime(2026, 2, 28, 23, 59, 59, 999000, UTC)
    assert clock.to_text(round(moment.timestamp() * 1000)) == "2026-02-28T23:59:59.999Z"


@pytest.mark.parametrize("text", ["", "2026-01-02T03:04:05Z", "2026-01-02 03:04:05,678", "2026-13-02T03:04:05.678Z"])
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        clock.to_ms(text)


def test_a_time_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="calendar"):
        clock.to_text(10**18)
