"""Rows of raw records as columns: their JSON is the one that the records themselves would have."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairway.raw_block import RawBlock, envelope
from fairway.records import Raw, encode

TIME, RECEIVED = "2026-01-02T03:04:05.678Z", "2026-01-02T03:04:06.000Z"
SENTENCE = "!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"
ENVELOPE = envelope("coastal.test", "x", TIME, RECEIVED, "tag_block")
_PLAIN = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\'), max_size=20)
_RAWS = st.builds(
    Raw,
    source=st.just("coastal.test"),
    station=st.none() | st.text(max_size=10),
    event_time=st.just(TIME) | st.text(max_size=5),
    received_at=st.just(RECEIVED) | st.text(max_size=5),
    time_source=st.sampled_from(["tag_block", "received", '\\"']),
    time_shift=st.none() | st.floats(-1e6, 1e6).map(lambda seconds: seconds + 0.0),  # without minus zero
    sentences=st.lists(_PLAIN, min_size=1, max_size=3).map(tuple),
    tag_block=st.none() | _PLAIN.filter(bool),
)


def block_of(raws: list[Raw]) -> RawBlock:
    return RawBlock(
        [
            envelope(raw.source, raw.station, raw.event_time, raw.received_at, raw.time_source, raw.time_shift)
            for raw in raws
        ],
        ['","'.join(raw.sentences).encode() for raw in raws],
        [(raw.tag_block or "").encode() for raw in raws],
    )


@given(st.lists(_RAWS, max_size=8))
@settings(max_examples=100, deadline=None)
def test_a_block_is_written_as_its_records_are(raws: list[Raw]) -> None:
    block = block_of(raws)
    assert block.encode() == encode(raws)
    assert block.raws() == raws
    assert len(block) == len(raws)


@given(st.lists(_RAWS, max_size=8), st.integers(0, 9), st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_a_part_holds_the_rows_between(raws: list[Raw], start: int, end: int) -> None:
    assert block_of(raws).part(start, end).raws() == raws[start:end]


@pytest.mark.parametrize("tag_block", [b"", b"s:x,c:1671533231"])
def test_rows_that_share_all_but_the_sentence_are_written_alike(tag_block: bytes) -> None:
    block = RawBlock([ENVELOPE] * 3, [SENTENCE.encode()] * 3, [tag_block] * 3)
    assert block.encode() == encode(block.raws())
    assert {raw.sentences for raw in block.raws()} == {(SENTENCE,)}


def test_an_envelope_is_the_members_of_the_origin_then_those_of_the_time() -> None:
    assert msgspec.json.decode(b"{" + ENVELOPE + b"}") == {
        "source": "coastal.test",
        "station": "x",
        "event_time": TIME,
        "received_at": RECEIVED,
        "time_source": "tag_block",
    }
