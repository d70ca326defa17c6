"""AISHub's XML, line by line."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairway import clock
from fairway.records import Position
from services.ingest.event_time import EventTimes
from services.ingest.formats.xml_vessels import LONGEST_TAIL, XmlFormat
from services.ingest.line_format import Moment, Taken, Tally

NOW = clock.to_ms("2026-01-02T03:04:05.678Z")
VESSEL = (
    b'<vessel MMSI="235000001" TIME="1302264927" LONGITUDE="-818067" LATITUDE="30453520" COG="2351" SOG="59" HEADING="511" '
    b'NAVSTAT="0" />'
)
HUMAN = b'<vessel MMSI="235000001" TIME="2011-04-12 10:40:27 GMT" LONGITUDE="118.44586666667" LATITUDE="24.43" NAME="A&amp;B"/>'
OPEN, CLOSE = b"<VESSELS>", b"</VESSELS>"
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'


class Reader:
    """A format, and what has come of it."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.out: list[Taken] = []
        self.format = XmlFormat("coastal.test", times=EventTimes(60_000), tally=self.tally)

    def read(self, *lines: bytes, at: int = 0) -> int:
        return self.format.read(lines, at, Moment(NOW, 0), self.out)


def read(*lines: bytes) -> Reader:
    reader = Reader()
    reader.read(*lines)
    reader.format.finish(reader.out)
    return reader


def test_a_document_gives_its_vessels() -> None:
    reader = read(HEAD, OPEN, VESSEL, HUMAN, CLOSE)
    position, human, static = reader.out
    assert isinstance(position, Position)
    assert (position.lon, position.lat, position.sog, position.cog) == (-1.363445, 50.755867, 5.9, 235.1)
    assert (position.event_time, position.time_source) == ("2011-04-08T12:15:27.000Z", "provider")
    assert isinstance(human, Position)
    assert (human.lon, human.event_time) == (118.445867, "2011-04-12T10:40:27.000Z")
    assert getattr(static, "name", None) == "A&B"
    assert (reader.tally.lines, reader.tally.data_lines, reader.tally.ignored) == (5, 4, {"text": 1})
    assert reader.tally.decoded == 3


def test_a_document_may_be_one_line_or_its_elements_several() -> None:
    assert read(HEAD + OPEN + VESSEL * 3 + CLOSE).tally.decoded == 3
    assert read(b"  " + OPEN, *VESSEL.split(b" "), b"", CLOSE, VESSEL).tally.decoded == 2


def test_other_xml_is_text() -> None:
    reader = read(b"<html>", b"<p>hello</p>", b"<vessels><ship/></vessels>")
    assert reader.tally.ignored == {"text": 3}


def test_lines_of_others_are_left_to_them() -> None:
    assert Reader().read(b"!AIVDM") == 0
    assert Reader().read(OPEN, b"!AIVDM", VESSEL) == 1
    assert Reader().read(OPEN, VESSEL, b'{"mmsi":1}') == 2
    assert Reader().read(OPEN, VESSEL, CLOSE, b"") == 3


def test_reading_goes_on_after_a_fault() -> None:
    reader = read(OPEN, b'<vessel MMSI="1" MMSI="2"/>', OPEN, VESSEL, CLOSE)
    assert (reader.tally.decoded, reader.tally.ignored) == (1, {"text": 1})


@pytest.mark.parametrize("start", [b"<!DOCTYPE VESSELS [", b'<!DOCTYPE x SYSTEM "file:///etc/passwd">'])
def test_a_document_type_is_refused(start: bytes) -> None:
    reader = Reader()
    reader.read(start)
    assert reader.tally.ignored == {"text": 1}
    entities = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><VESSELS><vessel MMSI="1" TIME="1302264927" NAME="&a;"/></VESSELS>'
    )
    assert read(entities).out == []


def test_an_element_without_end_is_not_kept() -> None:
    reader = Reader()
    endless = [OPEN, b'<vessel NAME="', *[b"a" * 100 for _ in range(LONGEST_TAIL // 50)]]
    assert reader.read(*endless) < len(endless)


def test_a_vessel_that_cannot_be_used_is_rejected() -> None:
    reader = read(OPEN + b'<vessel MMSI="?" TIME="1302264927" NAME="X"/>' + CLOSE)
    assert reader.tally.rejected == {"bad_mmsi": 1}


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                HEAD,
                OPEN,
                VESSEL,
                HUMAN,
                CLOSE,
                OPEN + VESSEL,
                VESSEL + CLOSE,
                b"<vessel",
                b'MMSI="1"',
                b"/>",
                b"",
                b"<!--",
                b"-->",
                b"<a>",
            ]
        ),
        st.binary(max_size=20),
        st.lists(st.sampled_from(list(b"<>/!\"'= vesl&;-")), max_size=20).map(bytes),
    ).filter(lambda line: b"\n" not in line),
    max_size=20,
)


def read_all(reader: Reader, lines: Sequence[bytes]) -> int:
    """How many lines others have to read."""
    at = left = 0
    while at < len(lines):
        end = reader.read(*lines, at=at)
        if end == at:
            left += 1
            end += 1
        at = end
    return left


@given(LINES)
@settings(max_examples=150, deadline=None)
def test_any_lines_are_accounted_for(lines: list[bytes]) -> None:
    reader = Reader()
    left = read_all(reader, lines)
    assert reader.tally.lines == reader.tally.data_lines + reader.tally.ignored.total() == len(lines) - left
    assert reader.tally.records == len(reader.out)


@given(LINES, st.integers(0, 20))
@settings(max_examples=150, deadline=None)
def test_a_format_that_is_restored_goes_on_as_the_one_that_was_asked(lines: list[bytes], cut: int) -> None:
    first, second = Reader(), Reader()
    read_all(first, lines[:cut])
    second.format.restore(msgspec.json.decode(msgspec.json.encode(first.format.checkpoint())))
    before = len(first.out)
    assert read_all(first, lines[cut:]) == read_all(second, lines[cut:])
    assert first.out[before:] == second.out
