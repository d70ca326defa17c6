"""Which lines are found as columns, and which are left for a closer look."""

import pytest

from services.ingest import surrounded_lines, usual_lines
from services.ingest.marks import marks_of
from services.ingest.usual_lines import UsualLines
from services.ingest.usual_search import FEWEST, PASSED_OVER, Find, UsualSearch
from tests.unit.services.ingest.nmea_lines import FIRST, SINGLE, block, sentence, tagged

BARE = sentence(SINGLE)
PLAIN = tagged("s:2573535,c:1671533231", SINGLE)
NOT_USUAL = {
    "nothing": b"",
    "a part": sentence(FIRST),
    "a wrong sum": BARE[:-2] + b"00",
    "half a sum": BARE[:-1],
    "a small letter in the sum": sentence(SINGLE.replace("13a", "14a"))[:-1] + b"f",
    "a block alone": block("s:x"),
    "two blocks": block("s:x") + PLAIN,
    "a block with a wrong sum": PLAIN.replace(b"s:2", b"s:3"),
    "a block with a quotation mark": tagged('s:"x"', SINGLE),
    "a byte that is not ASCII": sentence(SINGLE.replace("?", "\x7f")),
    "another sentence": b"$GPGLL,1*00",
    "two sentences": BARE + BARE,
    "commas and a star": b"!,,,,,,*",
}


def found_by(find: Find, lines: list[bytes]) -> UsualLines | None:
    marks = marks_of(lines)
    assert marks is not None
    return find(marks, 4096, 0)


@pytest.mark.parametrize("line", NOT_USUAL.values(), ids=NOT_USUAL)
def test_lines_of_other_forms_are_left(line: bytes) -> None:
    for lines in ([BARE, line, BARE, PLAIN], [line, BARE, line], [BARE, line]):
        found = found_by(usual_lines.find, lines)
        assert found is not None
        assert found.is_usual.tolist() == [each != line for each in lines]
        assert set(found.sentences) == {BARE}


def test_blocks_of_station_and_second_are_told_from_others() -> None:
    for tags, is_plain in (("c:1671533231", True), ("s:a b,c:1671533231", False), ("c:16715332311", False)):
        found = found_by(usual_lines.find, [PLAIN, tagged(tags, SINGLE)])
        assert found is not None
        assert found.are_plain == is_plain
        assert found.sentences == [BARE, BARE]
        assert found.tag_blocks == [b"s:2573535,c:1671533231", tags.encode()]


def test_what_stands_around_sentences_is_cut_off() -> None:
    lines = [BARE + b",1541030400\r", b"2021-11-01 13:26:28 " + BARE, PLAIN, b"# " + BARE, BARE, BARE[:-1]]
    found = found_by(surrounded_lines.find, lines)
    assert found is not None
    assert found.is_usual.tolist() == [True, True, False, False, True, False]
    assert found.sentences == [BARE] * 3
    assert found.surroundings == [(b"", b",1541030400"), (b"2021-11-01 13:26:28 ", b""), (b"", b"")]


def test_few_lines_are_not_worth_it_nor_are_many_for_a_while_after_there_was_nothing_to_find() -> None:
    search = UsualSearch()
    assert search.find([BARE] * (FEWEST - 1), 4096) is None
    assert search.find([BARE] * FEWEST, 4096) is not None
    assert search.find([BARE, b"$GPGLL,1*00"] * FEWEST, 4096) is None
    assert [search.find([BARE] * FEWEST, 4096) for _ in range(PASSED_OVER)] == [None] * PASSED_OVER
    assert search.find([BARE] * FEWEST, 4096) is not None
