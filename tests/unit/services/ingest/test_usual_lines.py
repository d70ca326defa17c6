"""The compiled reader by itself: what it reads, what it leaves, and what it refuses."""

import sys
from collections.abc import Collection

import pytest

from services.ingest.usual_lines import IGNORED, READ, Found, ReadUsual
from tests.unit.services.ingest.nmea_lines import FIRST, NOW, SECOND, SINGLE, block, pghp, sentence, tagged

if READ is None:
    pytest.skip("no compiler was at hand when Fairway was installed", allow_module_level=True)

READER: ReadUsual = READ
BARE = sentence(SINGLE)
TAGS = "s:2573535,c:1671533231"
SOURCE, ORIGIN = b'"source":"a.b"', b'"source":"a.b","station":"10.0.0.7"'
RECEIVED = b"2026-01-02T03:04:05.678Z"
TOLD = (
    b'"source":"a.b","station":"2573535","event_time":"2022-12-20T10:47:11.000Z",'
    b'"received_at":"2026-01-02T03:04:05.678Z","time_source":"tag_block"'
)
NOT_TOLD = (
    b'"source":"a.b","station":"10.0.0.7","event_time":"2026-01-02T03:04:05.678Z",'
    b'"received_at":"2026-01-02T03:04:05.678Z","time_source":"received"'
)


def read(
    lines: list[bytes],
    start: int = 0,
    *,
    longest: int = 4096,
    believed: tuple[int, int] = (0, NOW),
    waiting: Collection[bytes] | None = frozenset(),
) -> Found:
    """What the reader makes of lines of one feed."""
    return READER(lines, start, longest, SOURCE, ORIGIN, RECEIVED, believed, waiting)


def rows(found: Found) -> list[tuple[bytes, bytes, bytes]]:
    """Envelope, sentence and tag block of each row."""
    return list(zip(*found[1], strict=True))


def test_a_row_has_an_envelope_a_sentence_and_a_tag_block() -> None:
    found = read([BARE, tagged(TAGS, SINGLE), BARE + b"\r"])
    assert found[0] == 3
    assert rows(found) == [(NOT_TOLD, BARE, b""), (TOLD, BARE, TAGS.encode()), (NOT_TOLD, BARE, b"")]


def test_rows_of_one_station_and_time_share_an_envelope_and_a_sentence_is_the_line() -> None:
    lines = [tagged(TAGS, SINGLE), tagged(TAGS, SINGLE), BARE, bytes(bytearray(BARE))]
    envelopes, sentences, tag_blocks = read(lines)[1]
    assert envelopes[0] is envelopes[1]
    assert envelopes[2] is envelopes[3]
    assert tag_blocks[0] is tag_blocks[1]
    assert sentences[2] is lines[2]
    assert sentences[3] is lines[3]


def test_two_parts_are_a_row() -> None:
    both = b'%b","%b' % (sentence(FIRST), sentence(SECOND))
    end, columns, joined, *_ = read([tagged(TAGS, FIRST), sentence(SECOND), BARE])
    assert (end, joined, columns[1]) == (3, 1, (both, BARE))


@pytest.mark.parametrize("waiting", [None, {b"AI5,A"}])
def test_parts_are_left_while_others_of_their_family_wait(waiting: Collection[bytes] | None) -> None:
    assert read([BARE, sentence(FIRST), sentence(SECOND)], waiting=waiting)[0] == 1
    others = [sentence(body.replace(",5,A", ",6,A")) for body in (FIRST, SECOND)]
    assert read([BARE, *others], waiting=waiting)[0] == (1 if waiting is None else 3)


SECOND_PARTS = {
    "of another sequence": sentence(SECOND.replace(",5,", ",6,")),
    "of another channel": sentence(SECOND.replace(",A,", ",B,")),
    "of another talker": sentence(SECOND.replace("AI", "BS")),
    "of an own ship": sentence(SECOND.replace("VDM", "VDO")),
    "of three": sentence(SECOND.replace("2,2", "3,2")),
    "that is a first one": sentence(FIRST),
    "of another station": tagged("s:other", SECOND),
    "too late": tagged("c:1671533242", SECOND),
    "of a group": tagged("g:2-2-7", SECOND),
    "damaged": sentence(SECOND)[:-1],
    "that is none": BARE,
}


@pytest.mark.parametrize("second", SECOND_PARTS.values(), ids=SECOND_PARTS)
def test_a_part_is_left_whose_second_does_not_come_next(second: bytes) -> None:
    assert read([BARE, tagged(TAGS, FIRST), second])[0] == 1
    assert read([BARE, tagged(TAGS, FIRST)])[0] == 1


def test_a_second_part_of_a_group_has_from_the_first_what_it_does_not_say() -> None:
    lines = [tagged(f"g:1-2-77,{TAGS}", FIRST), tagged("g:2-2-77", SECOND), tagged("g:1-2-78", SINGLE)]
    end, columns, joined, _, groups, first_ms = read(lines)
    assert (end, joined, first_ms) == (3, 1, 1_671_533_231_000)
    assert groups == [("77", "2573535", 1_671_533_231_000), ("78", None, -1)]
    assert columns[0] == (TOLD, NOT_TOLD)
    assert columns[2] == (f"g:1-2-77,{TAGS}".encode(), b"g:1-2-78")


def test_lines_about_a_sentence_go_with_it_or_stay() -> None:
    about = [block("si:AISD"), b"", pghp(BARE[-2:].decode())]
    end, columns, _, ignored, *_ = read([BARE, *about, BARE])
    assert (end, ignored, columns[2]) == (5, (1, 1, 1, 0), (b"", b"si:AISD"))
    assert columns[0][1].endswith(b'"time_source":"pghp"')
    assert read([BARE, *about])[0] == 1
    assert read([BARE, *about, b"text", BARE])[0] == 1


def test_lines_that_say_nothing_are_counted_by_reason() -> None:
    lines = [b"", b"$PSHI,010,0003,0028,,,,,,*16\r", b"\r", b"$GPGLL,1*00", block("s:gps"), b"$GPGLL,1*00", BARE]
    end, columns, _, ignored, *_ = read(lines)
    assert (end, columns[2]) == (7, (b"",))
    assert dict(zip(IGNORED, ignored, strict=True)) == {
        "blank": 2,
        "tag_block_only": 1,
        "source_line": 1,
        "other_sentence": 2,
    }
    assert read(lines[:-1])[0] == 6


LEFT = {
    "another part of three": sentence(FIRST.replace("2,1", "3,2")),
    "a wrong sum": BARE[:-2] + b"00",
    "half a sum": BARE[:-1],
    "a part too many": sentence(SINGLE.replace("1,1", "1,2")),
    "a field too many": sentence(SINGLE + ",0"),
    "a field too few": sentence(SINGLE[:-2]),
    "two blocks": block("s:x") + tagged(TAGS, SINGLE),
    "a block and one before": block("s:x") + b"\n" + tagged(TAGS, SINGLE),
    "a block with a wrong sum": tagged(TAGS, SINGLE).replace(b"s:2", b"s:3"),
    "a block whose sum is none": block("s:x")[:-2] + b"i\\" + BARE,
    "a block with a quotation mark": tagged('s:"x"', SINGLE),
    "a block with nothing in it": tagged("", SINGLE),
    "a station with a space before it": tagged("s: x", SINGLE),
    "a station too long": tagged("s:" + "x" * 61, SINGLE),
    "an empty station": tagged("s:x,s:", SINGLE),
    "a time of eleven digits": tagged("c:16715332311", SINGLE),
    "a later line of a group": tagged("g:2-2-77", SINGLE),
    "a group of 4.10": tagged("1G2:77", SINGLE),
    "a byte that is not printable": sentence(SINGLE.replace("?", "\x7f")),
    "a byte that is not ASCII": BARE.replace(b"?", b"\xe9"),
    "a quotation mark": sentence(SINGLE.replace("?", '"')),
    "a backslash": sentence(SINGLE.replace("?", "\\")),
    "two sentences": BARE + BARE,
    "a carriage return within": b"\r" + BARE,
    "a prefix that may be another format": b"{2021-11-01T13:26:28.392} " + BARE,
    "a zone": b"2021-11-01T13:26:28.392 +02:00 " + BARE,
    "a day that is none": b"2021-02-29T13:26:28.392 " + BARE,
    "a leap second": b"2016-12-31T23:59:60 " + BARE,
    "words before": b"Net: " + BARE,
    "words behind": BARE + b" end",
    "a date behind": BARE + b",2021-11-01 13:26:28",
    "a comment": b"# " + BARE,
    "a $PGHP with a wrong sum": pghp("26")[:-2] + b"00",
    "a $PGHP of no time": pghp("26", at="2014,13,10,13,30,29,165"),
    "a time before 2000": tagged("c:946684799", SINGLE),
    "a time to come": tagged(f"c:{NOW // 1000 + 1}", SINGLE),
    "text": b"text",
    "commas and a star": b"!,,,,,,*",
}


@pytest.mark.parametrize("lines", LEFT.values(), ids=LEFT)
def test_lines_that_are_not_surely_usual_are_left(lines: bytes) -> None:
    for before in ([], [BARE], [BARE] * 3):
        found = read([*before, *lines.split(b"\n"), BARE])
        assert found[0] == len(before)
        assert found[1][1] == tuple(before)


def test_a_line_is_left_that_is_too_long_or_no_line_at_all() -> None:
    assert read([BARE], longest=len(BARE))[0] == 1
    assert read([BARE], longest=len(BARE) - 1)[0] == 0
    for nothing in ("text", None, bytearray(BARE)):
        assert read([BARE, nothing, BARE])[0] == 1  # type: ignore[list-item]


def test_a_call_reads_a_thousand_lines_or_so() -> None:
    lines = [BARE] * 3000
    end = read(lines)[0]
    assert 1000 <= end < 2000
    assert read(lines, end)[0] == 2 * end


def test_what_is_no_list_of_lines_or_no_place_in_it_is_refused() -> None:
    assert read([BARE], 5) == (5, ((), (), ()), 0, (0, 0, 0, 0), [], -1)
    with pytest.raises(IndexError):
        read([BARE], -1)
    with pytest.raises(TypeError):
        read((BARE,))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        read([sentence(FIRST), sentence(SECOND)], waiting=5)  # type: ignore[arg-type]


def test_nothing_is_kept_of_what_was_read() -> None:
    lines = [tagged(f"g:1-2-{number},s:station{number}", SINGLE) for number in range(100)]
    before = [sys.getrefcount(line) for line in lines]
    for _ in range(100):
        read(lines)
        read([BARE, *lines, sentence(FIRST)])
    assert [sys.getrefcount(line) for line in lines] == before
