"""What tag blocks say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.tag_block import (
    LONGEST_NAME,
    LONGEST_TEXT,
    add_up,
    has_excused_sum,
    parse_tag_block,
    split_tag_blocks,
    without_tag_blocks,
)


def test_reads_a_tag_block() -> None:
    tag = parse_tag_block(r"\s:2573535,c:1671533231*08")
    assert tag == ("s:2573535,c:1671533231", "2573535", 1_671_533_231_000, None)


@pytest.mark.parametrize(
    ("body", "station", "event_ms"),
    [
        ("c:1671533231,s:x", "x", 1_671_533_231_000),
        ("s:Baie des Anges,c:1671533231", "Baie des Anges", 1_671_533_231_000),
        ("s:a:b,c:1671533231", "a:b", 1_671_533_231_000),
        ("s:x,c: 1671533231 ", "x", 1_671_533_231_000),
        ("s:x,c:1671533231,", "x", 1_671_533_231_000),
        ("s:x,:7,,c:1671533231123", "x", 1_671_533_231_123),
        ("i:|X=0|P=10.0.100.6:12113|,c:1671533231123456,s:x", "x", 1_671_533_231_123),
        ("c:1671533231.5", None, 1_671_533_231_500),
        ("s:,c:", None, None),
        ("c:soon,s:x", "x", None),
        ("si:foo,sb:2190047", "2190047", None),
        ("sb:2190047,s:x", "x", None),
        ("", None, None),
        ("s:\xff,c:1671533231", "\xff", 1_671_533_231_000),
    ],
)
def test_reads_odd_ones(body: str, station: str | None, event_ms: int | None) -> None:
    assert parse_tag_block(f"\\{body}*00") == (body, station, event_ms, None)


def test_names_have_no_control_characters_and_an_end() -> None:
    for body in ("s:a\0\x1bb,c:1671533231", "s: ab\x7f ,q:u"):
        assert parse_tag_block(f"\\{body}*00").station == "ab"
    for body in (f"s:{'x' * 999},c:1671533231", f"sb:{'x' * 999}"):
        assert parse_tag_block(f"\\{body}*00").station == "x" * LONGEST_NAME


def test_reads_names_in_utf_8() -> None:
    for body in ("s:Å,c:1671533231", "s:Å,q:u,c:1671533231"):
        assert parse_tag_block(f"\\{body.encode().decode('latin-1')}*00") == (body, "Å", 1_671_533_231_000, None)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("g:1-2-1234", ("1234", 1)),
        ("g:1-2--001", ("-001", 1)),
        ("2G2:20856", ("20856", 2)),
        ("g:x", None),
        ("aGb:1", None),
        ("g:", None),
        ("g:99999999999-1-1", None),
        ("g:²-1-1", None),
    ],
)
def test_reads_groups_of_both_editions(text: str, group: tuple[str, int] | None) -> None:
    assert parse_tag_block(f"\\{text}*00").group == group


def test_a_sum_that_was_never_computed_is_excused() -> None:
    assert has_excused_sum(r"\c:1420030798*00")
    assert not has_excused_sum(r"\c:1420030798*01")
    assert not has_excused_sum(r"\c:1420030798")


def test_a_sum_that_leaves_out_the_group_is_excused() -> None:
    assert has_excused_sum(r"\g:1-2-9999,c:1565218798*53")
    assert not has_excused_sum(r"\x:1-2-9999,c:1565218798*53")


def test_finds_the_blocks_before_a_sentence() -> None:
    assert split_tag_blocks(r"junk \s:x*00\\c:1*00" + "\\") == [r"\s:x*00", r"\c:1*00"]
    assert split_tag_blocks(r"C:\r\n") == []
    assert split_tag_blocks("\\s:x*00") == []
    assert without_tag_blocks(r"a\s:$!*00" + "\\b") == "ab"


def test_a_later_block_adds_to_an_earlier_one() -> None:
    earlier, later = parse_tag_block(r"\s:x,c:1671533231*00"), parse_tag_block(r"\s:y,g:1-2-3*00")
    assert add_up(earlier, later) == ("s:x,c:1671533231,s:y,g:1-2-3", "y", 1_671_533_231_000, ("3", 1))
    long = parse_tag_block(f"\\t:{'x' * LONGEST_TEXT}*00")
    assert add_up(long, later) == later


@given(st.text(st.characters(max_codepoint=255), max_size=120))
def test_no_text_breaks_it(text: str) -> None:
    parse_tag_block(f"\\{text}")
    for block in split_tag_blocks(text):
        assert has_excused_sum(block) in (True, False)
