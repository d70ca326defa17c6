"""Sentences of NMEA 0183, taken out of a line."""

from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.nmea import (
    checksum,
    has_sentence,
    parse_sentence,
    split_sentences,
)

POSITION = "!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"


@given(st.binary(max_size=300))
def test_the_checksum_is_the_xor_of_all_bytes(data: bytes) -> None:
    assert checksum(data) == reduce(xor, data, 0)


def test_reads_a_sentence() -> None:
    assert parse_sentence(POSITION + "\r") == (POSITION, "AI", 1, 1, "", "A", None, "\r")


def test_what_follows_the_checksum_is_no_part_of_the_sentence() -> None:
    sentence = parse_sentence(POSITION + ",r003669945,1357134218")
    assert (sentence.text, sentence.tail) == (POSITION, ",r003669945,1357134218")


@pytest.mark.parametrize(
    ("line", "defect"),
    [
        (POSITION.replace("*26", "*27"), "checksum"),
        (POSITION.replace("*26", "*zz"), "checksum"),
        (POSITION.replace("*26", "*2"), "checksum"),
        (POSITION.replace("*26", "*"), "checksum"),
        (POSITION.replace("*26", ""), "malformed"),
        ("!AIVDM,1,1,,A*00", "malformed"),
        ("!AIVDM", "malformed"),
        ("!AIVDM,1,1,,A,1,2,3,4*00", "malformed"),
    ],
)
def test_names_what_is_wrong_with_a_sentence(line: str, defect: str) -> None:
    assert parse_sentence(line).defect == defect


def test_a_checksum_may_have_small_letters() -> None:
    body = "AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL28:?,0"
    assert parse_sentence(f"!{body}*{checksum(body.encode()):02x}").defect is None


@pytest.mark.parametrize("numbers", ["2,0", "2,3", "0,1", "0,0", "x,1", "10,1", ",1"])
def test_part_numbers_must_fit_each_other(numbers: str) -> None:
    body = f"AIVDM,{numbers},5,A,53m66:800000h4l4000pu8LD0000,0"
    assert parse_sentence(f"!{body}*{checksum(body.encode()):02X}").defect == "malformed"


def test_another_sentence_is_not_ais() -> None:
    assert not has_sentence("!AIXYZ,1,1,,A,1,0*00")
    assert not has_sentence("AIVDM,1,1,,A,1,0*00")
    assert has_sentence("junk! !BSVDO,1")


def test_splits_a_line_at_its_sentences() -> None:
    first, cut, last = split_sentences(f"junk {POSITION},1357134218 {POSITION[:20]}\\c:1*00\\{POSITION}'")
    assert (first.before, first.sentence.text) == ("junk ", POSITION)
    assert (cut.before, cut.sentence.text, cut.sentence.defect) == (",1357134218 ", POSITION[:20], "malformed")
    assert (last.before, last.sentence.text, last.sentence.tail) == ("\\c:1*00\\", POSITION, "'")


@given(st.text(st.characters(max_codepoint=255), max_size=120))
def test_no_text_breaks_the_parser(text: str) -> None:
    assert parse_sentence(f"!AIVDM{text}").defect in (None, "checksum", "malformed")
    assert len(split_sentences(f"{text}!AIVDM{text}")) >= 1
