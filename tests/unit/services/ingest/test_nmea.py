"""One line of NMEA 0183, taken apart."""

from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.nmea import checksum, parse_sentence, parse_tag_block, split_tag_block

POSITION = b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"


@given(st.binary(max_size=300))
def test_the_checksum_is_the_xor_of_all_bytes(data: bytes) -> None:
    assert checksum(data) == reduce(xor, data, 0)


def test_reads_a_sentence() -> None:
    sentence = parse_sentence(POSITION + b"\r")
    assert sentence is not None
    assert sentence == (POSITION.decode(), "AI", 1, 1, "", "A", None)


def test_what_follows_the_checksum_is_no_part_of_the_sentence() -> None:
    sentence = parse_sentence(POSITION + b",r003669945,1357134218")
    assert sentence is not None
    assert sentence.text == POSITION.decode()


@pytest.mark.parametrize(
    ("line", "defect"),
    [
        (POSITION.replace(b"*26", b"*27"), "checksum"),
        (POSITION.replace(b"*26", b"*zz"), "checksum"),
        (POSITION.replace(b"*26", b""), "malformed"),
        (b"!AIVDM,1,1,,A*00", "malformed"),
        (b"!AIVDM,1,1,,A,1,2,3,4*00", "malformed"),
        (b"!AIVDM,2,0,5,A,53m66:800000h4l4000pu8LD0000,0*" + b"%02X", "checksum"),
    ],
)
def test_names_what_is_wrong_with_a_sentence(line: bytes, defect: str) -> None:
    sentence = parse_sentence(line)
    assert sentence is not None
    assert sentence.defect == defect


@pytest.mark.parametrize("numbers", [b"2,0", b"2,3", b"0,1", b"x,1", b"10,1", b",1"])
def test_part_numbers_must_fit_each_other(numbers: bytes) -> None:
    body = b"AIVDM," + numbers + b",5,A,53m66:800000h4l4000pu8LD0000,0"
    sentence = parse_sentence(b"!" + body + b"*%02X" % checksum(body))
    assert sentence is not None
    assert sentence.defect == "malformed"


def test_another_sentence_is_not_ais() -> None:
    assert parse_sentence(b"!AIXYZ,1,1,,A,1,0*00") is None


@given(st.binary(max_size=120))
def test_no_bytes_break_the_parser(data: bytes) -> None:
    sentence = parse_sentence(b"!AIVDM" + data)
    assert sentence is not None
    tag = parse_tag_block(data)
    assert tag.is_sound in (True, False)


def test_reads_a_tag_block() -> None:
    block, rest = split_tag_block(rb"\s:2573535,c:1671533231*08\!BSVDM,1,1,,A,x,0*06")
    assert rest.startswith(b"!BSVDM")
    assert block is not None
    tag = parse_tag_block(block)
    assert (tag.station, tag.time, tag.group, tag.is_sound) == ("2573535", "1671533231", None, True)


def test_a_tag_block_with_a_wrong_checksum_is_not_sound() -> None:
    assert not parse_tag_block(b"s:2573535,c:1671533231*00").is_sound


@pytest.mark.parametrize(
    ("text", "group"),
    [(b"g:1-2-1234", ("1234", 1)), (b"2G2:20856", ("20856", 2)), (b"g:x", None), (b"aGb:1", None), (b"g:", None)],
)
def test_reads_groups_of_both_editions(text: bytes, group: tuple[str, int] | None) -> None:
    assert parse_tag_block(text + b"*%02X" % checksum(text)).group == group
