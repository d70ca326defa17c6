"""What $PGHP says, and what $PSHI does not."""

import pytest

from fairway import clock
from services.ingest.source_lines import find_source_line, parse_source_line, read_source_line

DANISH = "$PGHP,1,2014,4,10,13,30,29,165,219,,2190067,1,28*22"


def test_reads_a_pghp() -> None:
    line = read_source_line(DANISH)
    assert line == (clock.to_ms("2014-04-10T13:30:29.165Z"), "2190067", 0x28)


def test_a_station_of_zeros_is_none() -> None:
    line = parse_source_line("$PGHP,1,2010,6,11,11,46,11,874,276,0,,1,55*2C")
    assert line is not None
    assert line.station is None
    line = parse_source_line("$PGHP,1,2010,6,11,11,46,11,874,276,0,0,1,55*2C")
    assert line is not None
    assert line.station is None


def test_the_online_field_may_hold_text() -> None:
    line = read_source_line("$PGHP,1,2012,1,31,5,7,2,151,316,2,316000002,1AIS_S,51*77")
    assert line == (clock.to_ms("2012-01-31T05:07:02.151Z"), "316000002", 0x51)


@pytest.mark.parametrize(
    "text",
    [
        DANISH.replace("*22", "*23"),
        "$PGHP,1,2014,4,10,13,30,29*22",
        "$PSHI,010,0003,0028,,,,,,*16",
        "$PGHP*00",
        "",
    ],
)
def test_what_cannot_be_believed_is_none(text: str) -> None:
    assert read_source_line(text) is None


@pytest.mark.parametrize(
    "time", ["2014,13,10,13,30,29,165", "2014,2,30,0,0,0,0", "2014,2,28,24,0,0,0", "0000,1,1,0,0,0,0"]
)
def test_a_time_that_cannot_be_is_none(time: str) -> None:
    assert parse_source_line(f"$PGHP,1,{time},219,,2190067,1,28*00") is None


def test_belongs_to_the_message_whose_checksum_it_has() -> None:
    line = parse_source_line(DANISH)
    assert line is not None
    assert line.is_about(["!AIVDM,…*28"])
    assert line.is_about(["!AIVDM,…*19", "!AIVDM,…*31"])
    assert not line.is_about(["!AIVDM,…*29"])
    assert not line.is_about(["!AIVDM,…*zz"])


def test_finds_a_source_line_in_a_line() -> None:
    assert find_source_line(f"2022-01-01 00:00:00,123: {DANISH},1327992119157") == DANISH
    assert find_source_line("$PSHI,001,47.04372373,0,02792") == "$PSHI,001,47.04372373,0,02792"
    assert find_source_line("$GPGLL,1*00") is None
