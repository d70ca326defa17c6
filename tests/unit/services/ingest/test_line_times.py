"""Times around sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway import clock
from services.ingest.line_times import any_prefix_ms, epoch_ms, is_only_a_time, prefix_ms, read_trailing


@pytest.mark.parametrize(
    ("before", "time"),
    [
        ("2021-11-01T13:26:28.392 IN 20 Net: '", "2021-11-01T13:26:28.392Z"),
        ("2022-01-01 00:00:00,123: ", "2022-01-01T00:00:00.123Z"),
        ("2022-01-01 00:00:00.1: ", "2022-01-01T00:00:00.100Z"),
        ("2022-01-01T00:00:00.123456789Z ", "2022-01-01T00:00:00.123Z"),
        ("2022-01-01T02:00:00+02:00,", "2022-01-01T00:00:00.000Z"),
        ("2022-01-01T02:00:00+0200;", "2022-01-01T00:00:00.000Z"),
        ("2021-12-31T20:30:00-03:30\t", "2022-01-01T00:00:00.000Z"),
        ("[2022-01-01 00:00:00 UTC] ", "2022-01-01T00:00:00.000Z"),
        ("  2022-01-01 00:00:00", "2022-01-01T00:00:00.000Z"),
        ("2016-12-31T23:59:60Z ", "2017-01-01T00:00:00.000Z"),
        ("1550303566 ", "2019-02-16T07:52:46.000Z"),
        ("1550303566:", "2019-02-16T07:52:46.000Z"),
        ("1550303566.25,", "2019-02-16T07:52:46.250Z"),
        ("1550303566167\t", "2019-02-16T07:52:46.167Z"),
        ("1550303566167726;", "2019-02-16T07:52:46.167Z"),
        ("1550303566167726840", "2019-02-16T07:52:46.167Z"),
        ("0001-01-01T00:00:00 ", "0001-01-01T00:00:00.000Z"),
        ("INFO 2022-01-01 00:00:00,123: ", "2022-01-01T00:00:00.123Z"),
        ("<13>1 2022-01-01T00:00:00.123Z host ais: ", "2022-01-01T00:00:00.123Z"),
        ('"2022-01-01 00:00:00","', "2022-01-01T00:00:00.000Z"),
        ("{'time': '2022-01-01T00:00:00z', 'nmea': '", "2022-01-01T00:00:00.000Z"),
        ("2022/01/01 00:00:00 ", "2022-01-01T00:00:00.000Z"),
        ("2022-01-01_00:00:00 GMT ", "2022-01-01T00:00:00.000Z"),
        ("20220101T000000.5Z ", "2022-01-01T00:00:00.500Z"),
        ("station7,1550303566,", "2019-02-16T07:52:46.000Z"),
        ("ts=1550303566.25 ", "2019-02-16T07:52:46.250Z"),
        ("10.0.0.7:4001 1550303566167: ", "2019-02-16T07:52:46.167Z"),
    ],
)
def test_reads_a_time_before_a_sentence(before: str, time: str) -> None:
    assert prefix_ms(before) == clock.to_ms(time)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "x2022-01-01 00:00:00 ",
        "x 2573535123 ",
        "20221301T000000 ",
        "01/01/2022 00:00:00 ",
        "2022-13-01 00:00:00 ",
        "2022-02-30 00:00:00 ",
        "2022-01-01 24:00:00 ",
        "0000-01-01 00:00:00 ",
        "2022-01-01 00:00 ",
        "155030356 ",
        "15503035661 ",
        "1550303566a ",
        "r1550303566",
        "\u0661\u0662",
    ],
)
def test_what_is_no_time_is_none(before: str) -> None:
    assert prefix_ms(before) is None


@pytest.mark.parametrize(
    "line", [",1541030400", "1541030400", "2021-11-01T13:26:28.392", "[2022-01-01 00:00:00,123]:", "1541030400123\r"]
)
def test_knows_a_line_that_holds_a_time_and_nothing_else(line: str) -> None:
    assert is_only_a_time(line)


@pytest.mark.parametrize("line", ["", ",", "12", "1541030400 ok", "1541030400,1541030401", "2021-11-01"])
def test_knows_a_line_that_holds_more_or_less(line: str) -> None:
    assert not is_only_a_time(line)


@pytest.mark.parametrize(
    ("tail", "station", "event_s"),
    [
        (",d-095,S1651,t161344.00,T44.03018211,r3669963,1429287142", "r3669963", 1429287142),
        (",r08ACERDC,1429287223\r", "r08ACERDC", 1429287223),
        (",b2003669950,1272412827", "b2003669950", 1272412827),
        (",rB0003160049,1152921694", "rB0003160049", 1152921694),
        (",d-101,S2233,t000059.00,T59.552019,D13MN-CR-ELKBS1,1428796799", "D13MN-CR-ELKBS1", 1428796799),
        (",s22613,d-125,T48.04022115,x4928,r003669946,1218999946", "r003669946", 1218999946),
        (",r003669946,1325394060,1325394001", "r003669946", 1325394060),
        (",1daasd4218,,1357134222", None, 1357134222),
        (",1357134218", None, 1357134218),
        (",d-095,S1651", None, None),
        (",003669963,1429287142", None, 1429287142),
        (" ,r003669946", "r003669946", None),
        (" 1357134218", None, 1357134218),
        (";2013-01-02T13:43:38Z", None, 1357134218),
        (",2013-01-02 13:43:38,r003669946", "r003669946", 1357134218),
        (",2573535123.5.1", None, None),
        (" end 1357134218", None, None),
        (",", None, None),
        ("'", None, None),
    ],
)
def test_reads_what_follows_a_sentence(tail: str, station: str | None, event_s: int | None) -> None:
    assert read_trailing(tail) == (station, event_s and event_s * 1000)


@given(
    st.lists(
        st.sampled_from(["d-095", "S1651", "r003669946", "b12", "D01AB-1", "1429287142", "x", "", "1daa", "\r"]),
        max_size=6,
    )
)
def test_the_usual_forms_are_read_as_the_others(fields: list[str]) -> None:
    tail = "".join(f",{field}" for field in fields)
    assert read_trailing(tail) == read_trailing(tail + ",")


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1671533231", 1671533231000),
        ("946684799", 946684799000),
        ("12415440354", 12415440354000),
        ("1671533231123", 1671533231123),
        ("1671533231123456", 1671533231123),
        ("1671533231.123", 1671533231123),
        ("1671533231123456789", 1671533231123),
        ("1" * 21, None),
        ("-1", None),
        ("", None),
        ("1.x", None),
        ("\u0661", None),
    ],
)
def test_reads_an_epoch_in_the_unit_of_its_length(text: str, milliseconds: int | None) -> None:
    assert epoch_ms(text) == milliseconds


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    prefix_ms(text)
    is_only_a_time(text)
    read_trailing(text)
    epoch_ms(text)


@given(
    st.sampled_from(["2021-11-01T13:26:28", "2021-02-30 13:26:28", "1550303566167726840", "2021-11-01 25:26:28"]),
    st.text("0123456789.,:;ZUTC+- IN|\t²", max_size=12),
)
def test_the_short_cut_finds_what_the_long_way_finds(time: str, rest: str) -> None:
    assert prefix_ms(time + rest) == any_prefix_ms(time + rest)
