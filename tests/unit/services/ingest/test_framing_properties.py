"""Framing many lines at a time and one by one, whole and in pieces, gives the same."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairway.raw_block import RawBlock
from fairway.records import Raw, encode
from services.ingest import usual_lines
from services.ingest.event_time import EventTimes
from services.ingest.framing import Framer
from services.ingest.line_format import Moment, Taken, Tally
from services.ingest.usual_lines import ReadUsual
from tests.unit.services.ingest.nmea_lines import NOW, is_accounted_for, raws
from tests.unit.services.ingest.random_lines import LINES, MOMENTS

DATA = Path(__file__).parents[5] / "shared" / "data"
RECORDINGS = [file for folder in ("raw_nmea", "timestamped") for file in sorted((DATA / folder).glob("**/*.*"))]
SLICE = 1000  # lines, as files are read


class _Reader:
    def __init__(self, read_usual: ReadUsual | None = usual_lines.READ, *, correct: bool = False) -> None:
        self.tally = Tally()
        self.times = EventTimes(60_000, correct=correct)
        self.framer = Framer(
            "a.b",
            patience=50,
            times=self.times,
            tally=self.tally,
            claims=lambda line: line[0] == 97,
            read_usual=read_usual,
        )
        self.out: list[Taken] = []

    def read(self, lines: list[bytes], moment: Moment = Moment(NOW, 0, "10.0.0.7")) -> list[int]:  # noqa: B008
        """Where another format might have begun."""
        stops = [0]
        while stops[-1] < len(lines):
            stops.append(self.framer.read(lines, stops[-1], moment, self.out))
        return stops

    @property
    def records(self) -> list[Raw]:
        return raws(self.out)


@given(LINES, MOMENTS, st.integers(1, 60), st.booleans())
@settings(max_examples=400, deadline=None)
def test_lines_read_together_give_what_they_give_one_by_one(
    lines: list[bytes], moments: list[Moment], together: int, correct: bool
) -> None:
    quick, slow = _Reader(correct=correct), _Reader(None, correct=correct)
    for start in range(0, len(lines), together):
        some, moment = lines[start : start + together], moments[start // together % len(moments)]
        assert quick.read(some, moment) == slow.read(some, moment)
        assert quick.tally == slow.tally
    assert quick.records == slow.records
    assert quick.framer.checkpoint() == slow.framer.checkpoint()
    assert quick.times.skew_seconds == slow.times.skew_seconds


@given(LINES)
@settings(max_examples=100, deadline=None)
def test_rows_of_blocks_hold_nothing_that_their_json_would_have_to_escape(lines: list[bytes]) -> None:
    reader = _Reader()
    reader.read(lines)
    for rows in (each for each in reader.out if isinstance(each, RawBlock)):
        assert rows.encode() == encode(rows.raws())
        for sentences, text in zip(rows.sentences, rows.tag_blocks, strict=True):
            plain = sentences.replace(b'","', b"") + text
            assert plain.isascii()
            assert plain.decode().isprintable()
            assert not set(plain) & set(b'"\\')


@given(LINES, LINES)
@settings(max_examples=100, deadline=None)
def test_a_reading_goes_on_from_a_checkpoint_as_if_it_had_not_stopped(before: list[bytes], after: list[bytes]) -> None:
    straight, stopped, resumed = _Reader(), _Reader(), _Reader()
    straight.read(before)
    stopped.read(before)
    resumed.framer.restore(json.loads(json.dumps(stopped.framer.checkpoint())))
    for reader in (straight, resumed):
        reader.read(after, Moment(NOW, 40, "10.0.0.7"))
    assert straight.records == stopped.records + resumed.records
    assert straight.framer.checkpoint() == resumed.framer.checkpoint()


@pytest.mark.parametrize("read_usual", [usual_lines.READ, None], ids=["together", "one by one"])
@given(lines=LINES)
@settings(max_examples=100, deadline=None)
def test_every_line_and_sentence_is_accounted_for(read_usual: ReadUsual | None, lines: list[bytes]) -> None:
    reader = _Reader(read_usual)
    for tick, line in enumerate(lines):
        reader.read([line], Moment(NOW, tick * 3))
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


@pytest.mark.skipif(not RECORDINGS, reason="the recordings are not here")
@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: file.name)
def test_a_recording_gives_what_its_lines_give_one_by_one(file: Path) -> None:
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    lines = data.split(b"\n")
    quick, slow = _Reader(), _Reader(None)
    for start in range(0, len(lines), SLICE):
        some, moment = lines[start : start + SLICE], Moment(NOW, start)
        assert quick.read(some, moment) == slow.read(some, moment)
    assert _ndjson(quick.out) == _ndjson(slow.out)
    assert quick.tally == slow.tally
    assert quick.framer.checkpoint() == slow.framer.checkpoint()


def _ndjson(taken: list[Taken]) -> bytes:
    return b"".join(each.encode() if isinstance(each, RawBlock) else encode([each]) for each in taken)
