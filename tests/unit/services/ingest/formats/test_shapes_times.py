"""Times as providers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway import clock
from services.ingest.formats.shapes.conversions import Unreadable
from services.ingest.formats.shapes.times import epoch_ms


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1505969059, "2017-09-21T04:44:19.000Z"),
        ("1505969059.25", "2017-09-21T04:44:19.250Z"),
        (1487615269007, "2017-02-20T18:27:49.007Z"),
        ("1487615269007", "2017-02-20T18:27:49.007Z"),
        (1487615269007123, "2017-02-20T18:27:49.007Z"),
        (1487615269007123456, "2017-02-20T18:27:49.007Z"),
        (1704067200.0, "2024-01-01T00:00:00.000Z"),
        ("20221102171324", "2022-11-02T17:13:24.000Z"),
        ("2014-08-01T00:13:07.000000Z", "2014-08-01T00:13:07.000Z"),
        ("2014-01-01 01:14:25.500000", "2014-01-01T01:14:25.500Z"),
        ("2021-01-06T07:33:48+02:00", "2021-01-06T05:33:48.000Z"),
        ("2011-04-12 10:40:27 GMT", "2011-04-12T10:40:27.000Z"),
        ("2017-08-11 11:17:37 UTC", "2017-08-11T11:17:37.000Z"),
        ("2023-05-10 11:46:52.509865357 +0000 UTC", "2023-05-10T11:46:52.509Z"),
        ("2023-05-10 13:46:52.5 +0200 CEST", "2023-05-10T11:46:52.500Z"),
    ],
)
def test_a_time_is_read(value: object, text: str) -> None:
    milliseconds = epoch_ms(value)
    assert milliseconds is not None
    assert clock.to_text(milliseconds) == text


@pytest.mark.parametrize("value", [None, "", "  ", "null", "NaN", float("nan"), float("inf")])
def test_nothing_is_no_time(value: object) -> None:
    assert epoch_ms(value) is None


@pytest.mark.parametrize(
    "value", ["noon", True, [1], {}, "1" * 80, 10**30, "2023-13-01", "2023-05-10 11:46:52 +9900 X", "²"]
)
def test_what_is_no_time_is_bad(value: object) -> None:
    with pytest.raises(Unreadable) as raised:
        epoch_ms(value)
    assert raised.value.reason == "bad_time"


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.from_regex(r"[0-9T:. +-]{1,30}", fullmatch=True)))
def test_anything_is_a_time_or_none_or_bad(value: object) -> None:
    reason = None
    try:
        epoch_ms(value)
    except Unreadable as unreadable:
        reason = unreadable.reason
    assert reason in (None, "bad_time")
