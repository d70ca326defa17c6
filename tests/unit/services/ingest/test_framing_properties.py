"""Framing by the fast way and the slow one, whole and in pieces, gives the same."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from fairway.raw_block import RawBlock
from fairway.records import Raw, encode
from services.ingest import surrounded_lines
from services.ingest.event_time import EventTimes
from services.ingest.framing import LONGEST_LINE, Framer
from services.ingest.line_format import Moment, Taken, Tally
from services.ingest.usual_search import FINDERS, Find, UsualSearch
from tests.unit.services.ingest.nmea_lines import (
    FIRST,
    NOW,
    SECOND,
    SINGLE,
    block,
    is_accounted_for,
    pghp,
    raws,
    sentence,
    tagged,
)
from tests.unit.services.ingest.test_framing_forms import FORMS

_BODIES = st.sampled_from(
    [
        SINGLE,
        FIRST,
        SECOND,
        FIRST.replace(",5,", ",6,"),
        SECOND.replace("AI", "BS"),
        FIRST.replace("2,1", "2,3"),
        SINGLE.replace("?", "\\"),
    ]
)
_SAMPLES = [line.encode() for text, *_ in FORMS.values() for line in text.split("\n")]
_PLAIN = st.one_of(
    st.sampled_from(_SAMPLES),
    _BODIES.map(sentence),
    _BODIES.map(lambda body: sentence(body) + b"\r"),
    _BODIES.map(lambda body: sentence(body) + b",r003669945,1429287142\r"),
    st.tuples(
        st.sampled_from(
            [
                "g:1-2-3,s:x,c:1671533231",
                "g:2-2-3",
                "s:y",
                "c:1671533231123,s:z",
                "s:x,c:1671533231",
                "c:1671533232",
                "c:9671533231",
                "s:x y,c:1671533231",
            ]
        ),
        _BODIES,
    ).map(lambda pair: tagged(*pair)),
    st.sampled_from(["s:x,c:1671533231", "si:a,sb:2", "g:1-2-9"]).map(block),
    st.sampled_from(["28", "00", "", sentence(SINGLE)[-2:].decode()]).map(pghp),
    st.sampled_from([b"", b"\r", b"# note", b"$GPGLL,1*00", b"a,b", b"\\", b"!AIVDM", b",1541030400", b"x" * 5000]),
)
_EDITS = st.tuples(
    _PLAIN,
    st.integers(0, 120),
    st.integers(0, 3),
    st.sampled_from([b"", b"!", b"\\", b"*", b",", b"$", b"#", b"\xe9", b"{", b"0", b"\r"]),
).map(lambda edit: edit[0][: edit[1]] + edit[3] + edit[0][edit[1] + edit[2] :])
LINES = st.lists(
    st.one_of(_PLAIN, _PLAIN, _EDITS, st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b""))), max_size=40
)
TOO_LONG = b"!" * (LONGEST_LINE + 1)  # makes the lines beside it be read one by one


def in_columns(*finders: Find) -> UsualSearch:
    """As columns whenever there is a line that these find."""
    return UsualSearch(fewest=1, in_a_row=0, passed_over=0, finders=finders or FINDERS)


class _Reader:
    def __init__(self, search: UsualSearch | None = None) -> None:
        self.tally = Tally()
        self.framer = Framer(
            "a.b",
            patience=50,
            times=EventTimes(60_000),
            tally=self.tally,
            claims=lambda line: line[0] == 97,
            search=search,
        )
        self.out: list[Taken] = []

    def read(self, lines: list[bytes], tick: int = 0) -> None:
        at = 0
        while at < len(lines):
            at = self.framer.read(lines, at, Moment(NOW, tick, "10.0.0.7"), self.out)

    @property
    def records(self) -> list[Raw]:
        return raws(self.out)


@given(LINES, st.integers(1, 60))
@settings(max_examples=200, deadline=None)
def test_lines_read_together_give_what_they_give_one_by_one(lines: list[bytes], together: int) -> None:
    slow, *others = _Reader(), _Reader(), _Reader(in_columns()), _Reader(in_columns(surrounded_lines.find))
    for quick in others:
        for start in range(0, len(lines), together):
            quick.read(lines[start : start + together])
    for line in lines:
        slow.read([line, TOO_LONG])
    slow.tally.lines -= len(lines)
    slow.tally.ignored["too_long"] -= len(lines)
    for quick in others:
        assert quick.records == slow.records
        assert quick.tally == slow.tally
        assert quick.framer.checkpoint() == slow.framer.checkpoint()


@given(LINES)
@settings(max_examples=100, deadline=None)
def test_rows_of_blocks_hold_nothing_that_their_json_would_have_to_escape(lines: list[bytes]) -> None:
    reader = _Reader(in_columns())
    reader.read(lines)
    for rows in (each for each in reader.out if isinstance(each, RawBlock)):
        assert rows.encode() == encode(rows.raws())
        for sentence_, text in zip(rows.sentences, rows.tag_blocks, strict=True):
            assert (sentence_ + text).isascii()
            assert (sentence_ + text).decode().isprintable()
            assert not set(sentence_ + text) & set(b'"\\')


@given(LINES, LINES)
@settings(max_examples=100, deadline=None)
def test_a_reading_goes_on_from_a_checkpoint_as_if_it_had_not_stopped(before: list[bytes], after: list[bytes]) -> None:
    straight, stopped, resumed = _Reader(in_columns()), _Reader(), _Reader(in_columns())
    straight.read(before)
    stopped.read(before)
    resumed.framer.restore(json.loads(json.dumps(stopped.framer.checkpoint())))
    straight.read(after, tick=40)
    resumed.read(after, tick=40)
    assert straight.records == stopped.records + resumed.records
    assert straight.framer.checkpoint() == resumed.framer.checkpoint()


@given(LINES)
@settings(max_examples=100, deadline=None)
def test_every_line_and_sentence_is_accounted_for(lines: list[bytes]) -> None:
    reader = _Reader()
    for tick, line in enumerate(lines):
        reader.read([line], tick * 3)
    reader.framer.finish(reader.out)
    assert reader.tally.lines == len(lines)
    assert is_accounted_for(reader.tally, reader.records)
    assert reader.framer.checkpoint() == _Reader().framer.checkpoint()


@given(st.binary(max_size=300), st.integers(0, NOW))
@settings(max_examples=100, deadline=None)
def test_no_wrapped_bytes_break_it(text: bytes, event_ms: int) -> None:
    reader = _Reader()
    reader.framer.read_wrapped(text, Moment(NOW, 0), event_ms, reader.out)
    assert reader.tally.sentences == len(reader.out) == reader.tally.messages
