"""Lines over two datagrams."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.feeds.cut_lines import LONGEST_CUT, MOST_SENDERS, WAIT_SECONDS, CutLines, Sender

ONE: Sender = ("192.0.2.1", 1)
TWO: Sender = ("192.0.2.2", 1)
LINE = b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"


def test_a_line_cut_over_two_datagrams_is_put_together() -> None:
    cut = CutLines()
    assert cut.lines_of(LINE + b"\n" + LINE[:30], ONE, 0.0) == [LINE]
    assert cut.lines_of(LINE[30:] + b"\n" + LINE + b"\n", ONE, 0.1) == [LINE, LINE]


def test_a_line_that_looks_whole_is_given_at_once_with_or_without_a_line_end() -> None:
    for line in (LINE, LINE + b"\r", b'{"mmsi":1}', b"</VESSELS>", b"219000001,55.1,12.3"):
        assert CutLines().lines_of(line, ONE, 0.0) == [line]


def test_what_begins_as_a_line_does_continues_nothing() -> None:
    for beginning in (b"!", b"\\", b"$", b"{"):
        cut = CutLines()
        cut.lines_of(LINE[:30], ONE, 0.0)
        assert cut.lines_of(beginning + b"x\n", ONE, 0.1) == [LINE[:30], beginning + b"x"]


def test_another_senders_datagram_continues_nothing() -> None:
    cut = CutLines()
    cut.lines_of(LINE[:30], ONE, 0.0)
    assert cut.lines_of(LINE[30:] + b"\n", TWO, 0.1) == [LINE[30:]]


def test_a_cut_line_is_given_as_it_is_after_a_while() -> None:
    cut = CutLines()
    cut.lines_of(LINE[:30], ONE, 0.0)
    assert list(cut.due(WAIT_SECONDS / 2)) == []
    assert list(cut.due(WAIT_SECONDS)) == [(ONE, LINE[:30])]
    assert cut.lines_of(LINE[30:] + b"\n", ONE, 1.0) == [LINE[30:]]


def test_neither_many_senders_nor_long_lines_grow_memory() -> None:
    cut = CutLines()
    for number in range(MOST_SENDERS + 5):
        cut.lines_of(b"!x", ("192.0.2.1", number), 0.0)
    assert len(list(cut.due(0.0))) == 5
    long = b"!" + b"x" * LONGEST_CUT
    assert cut.lines_of(long, TWO, 0.0) == [long]


@settings(max_examples=50)
@given(st.binary(max_size=300).map(lambda b: b.replace(b"\0", b"")), st.lists(st.integers(0, 300), max_size=6))
def test_no_byte_is_lost_or_doubled(content: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(content), *(cut for cut in cuts if cut < len(content))})
    cut = CutLines()
    lines = [line for start, end in pairwise(edges) for line in cut.lines_of(content[start:end], ONE, 0.0)]
    lines += [line for _, line in cut.due(float("inf"))]
    assert b"".join(lines) == content.replace(b"\n", b"")
