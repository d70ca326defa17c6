r"""Finds the lines of the usual forms among many, a column at a time instead of a line at a time.

    !AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26
    \s:2573535,c:1671533231*08\!BSVDM,1,1,,A,13nN34?000QFpgRWnQLLSPpF00SO,0*06

A whole message on a line of its own, with one tag block or none and nothing else, printable, both checksums right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple, TypeAlias, cast

import numpy as np

from fairway.raw_block import RawBlock
from services.ingest.marks import (
    BACKSLASH,
    COMMA,
    LINE_FEED,
    SENTENCE_MARKS,
    STAR,
    SUMS_OF_ANY_CASE,
    Flags,
    Marks,
    Places,
    pairs_of,
    word,
)

LONGEST_STATION = 60  # characters of a block's s that are taken as they are (see tag_block.py)

_IS_HARMLESS = np.zeros(256, np.bool_)  # of marks: what the text of a block may hold
_IS_HARMLESS[list(b" #%&'()+,")] = True
_BLOCK_MARKS = 5  # of a line with a block, besides harmless ones: both backslashes, both stars, `!`
_TIME = len("c:1671533231")
_HIGH_HALVES, _DIGITS, _SIX = word(b"\xf0" * 8), word(b"0" * 8), word(b"\6" * 8)
_C, _S = (np.uint16(int.from_bytes(text, "little")) for text in (b"c:", b"s:"))
_IS_TWO_DIGITS = np.zeros(1 << 16, np.bool_)
_IS_TWO_DIGITS[pairs_of(b"0123456789")] = True
_NO = np.zeros(1, np.bool_)


class Run(NamedTuple):
    """Usual lines without others between them."""

    block: RawBlock
    first_line: bytes


Runs: TypeAlias = dict[int, Run]  # by how many of the other lines come before


@dataclass(frozen=True)
class UsualLines:
    """`is_usual` has a flag for each line; the other columns have the usual lines only, in order.

    `tag_blocks` are their texts without checksum, empty for none. With `are_plain` all of them are `s:STATION,c:SECONDS` or
    `c:SECONDS`, ten digits, and the station's name is one that stands for itself. `surroundings` are the texts before and behind
    the sentences, where there may be any.
    """

    is_usual: Flags
    sentences: list[bytes]
    tag_blocks: list[bytes]
    are_plain: bool = False
    surroundings: list[tuple[bytes, bytes]] | None = None

    def runs(self, block: RawBlock, lines: Sequence[bytes]) -> Runs:
        """The runs of the `lines` in which these were found; `block` has a row for each usual one."""
        runs: Runs = {}
        flags = self.is_usual
        starts = np.flatnonzero(flags & ~np.concatenate((_NO, flags[:-1])))
        ends = np.flatnonzero(flags & ~np.concatenate((flags[1:], _NO))) + 1
        done = 0
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            runs[start - done] = Run(block.part(done, done + end - start), lines[start])
            done += end - start
        return runs

    def others(self) -> list[int]:
        """Which lines are not usual."""
        others: list[int] = np.flatnonzero(~self.is_usual).tolist()
        return others

    def without(self, refused: Sequence[bool]) -> "UsualLines":
        """Without those usual ones for which `refused` has a flag."""
        flags = ~np.array(refused, np.bool_)
        is_usual = self.is_usual.copy()
        is_usual[np.flatnonzero(is_usual)[~flags]] = False
        left = flags.tolist()
        sentences, tag_blocks = (list(compress(column, left)) for column in (self.sentences, self.tag_blocks))
        return UsualLines(is_usual, sentences, tag_blocks)


def are_in_rows(is_usual: Flags, in_a_row: int) -> bool:
    """Whether any line is usual, and so many lines, usual or not, follow each other on average."""
    changes = int(np.count_nonzero(is_usual[1:] != is_usual[:-1]))
    return bool(is_usual.any()) and in_a_row * changes <= len(is_usual)


def find(marks: Marks, longest: int, in_a_row: int) -> UsualLines | None:
    """The usual ones of some lines, none longer than `longest`; None when there are none, or on average fewer in a row."""
    text = marks.text
    rows, bangs = marks.last_sentences()
    is_alone = bangs == marks.begins[rows]
    bare = np.zeros(len(marks.ends), np.bool_)
    bare[rows[is_alone]] = True
    blocks = _blocks(marks, rows[~is_alone], bangs[~is_alone])
    is_usual = (bare | blocks.are_usual) & (marks.feeds - marks.begins <= longest)
    if not are_in_rows(is_usual, in_a_row):
        return None
    has_block = is_usual & blocks.are_usual
    if not has_block.any():
        sentences = text.split(b"\n")
        sentences.pop()
        if not is_usual.all():
            sentences = list(compress(sentences, is_usual.tolist()))
        return UsualLines(is_usual, sentences, [b""] * len(sentences))
    are_plain = bool((has_block <= blocks.are_plain).all()) and not (is_usual & bare).any()
    return UsualLines(is_usual, *_cut(text, blocks, is_usual, has_block), are_plain)


@dataclass(frozen=True)
class _Blocks:
    """Of each line whether it is usual and has a block, whether that is plain, and where it begins and its star is."""

    are_usual: Flags
    are_plain: Flags
    begins: Places
    stars: Places


def _blocks(marks: Marks, rows: Places, bangs: Places) -> _Blocks:
    """Which of these lines, in which a usual sentence begins at `bangs` and is the last thing, have one block before it."""
    none = np.zeros(len(marks.ends), np.bool_)
    found = _Blocks(none, none.copy(), marks.begins, np.zeros(len(none), np.intp))
    has_marks = _counts(marks, marks.ends[rows], marks.firsts[rows]) == _BLOCK_MARKS
    rows, bangs = rows[has_marks], bangs[has_marks]
    if not len(rows):
        return found
    firsts, begins = marks.firsts[rows], marks.begins[rows]
    closing = marks.ends[rows] - SENTENCE_MARKS - 1
    at, values = marks.at, marks.values
    stars = at[closing - 1]
    is_right = (values[firsts] == BACKSLASH) & (at[firsts] == begins) & (values[closing] == BACKSLASH)
    is_right &= (at[closing] + 1 == bangs) & (values[closing - 1] == STAR) & (stars + len("*hh") == at[closing])
    is_right &= marks.sums(begins + 1, stars) == SUMS_OF_ANY_CASE[marks.pairs(stars + 1)]
    are_plain = is_right & _are_plain(marks, begins, stars, closing - firsts - 2)
    found.are_usual[rows], found.are_plain[rows], found.stars[rows] = is_right, are_plain, stars
    return found


def _counts(marks: Marks, ends: Places, firsts: Places) -> Places:
    """How many marks that are not harmless lines have, without their line feeds."""
    if not len(ends):
        return ends
    so_far = np.cumsum(~_IS_HARMLESS[marks.values])
    return cast(Places, so_far[ends] - so_far[firsts] + ~_IS_HARMLESS[marks.values[firsts]] - 1)


def _are_plain(marks: Marks, begins: Places, stars: Places, commas: Places) -> Flags:
    """Whether blocks of this many harmless marks are `s:STATION,c:SECONDS` or `c:SECONDS`."""
    times = stars - _TIME
    could_be = times > begins
    times = np.where(could_be, times, begins)
    stations = times - begins - len("\\s:,")
    has_station = (marks.pairs(begins + 1) == _S) & (stations > 0) & (stations <= LONGEST_STATION) & (commas == 1)
    has_station &= marks.data[times - 1] == COMMA
    is_alone = (times == begins + 1) & (commas == 0)
    first_digits, last_digits = marks.eights(times + len("c:")), marks.pairs(times + len("c:16715332"))
    are_digits = (first_digits & _HIGH_HALVES == _DIGITS) & ((first_digits + _SIX) & _HIGH_HALVES == _DIGITS)
    are_digits &= _IS_TWO_DIGITS[last_digits]
    return cast(Flags, could_be & (has_station | is_alone) & (marks.pairs(times) == _C) & are_digits)


def _cut(text: bytes, blocks: _Blocks, is_usual: Flags, has_block: Flags) -> tuple[list[bytes], list[bytes]]:
    """Sentences and block texts of the usual lines: line feeds go where a block begins and ends, then all is split at once."""
    cut = np.frombuffer(text, np.uint8).copy()
    stars = blocks.stars[has_block]
    for places in (blocks.begins[has_block], stars, stars + len("*hh")):
        cut[places] = LINE_FEED
    pieces = cut.tobytes().split(b"\n")  # of a line with a block: nothing, its text, its sum, the sentence
    if has_block.all():
        return pieces[3::4], pieces[1::4]
    sentences = np.cumsum(np.where(has_block, 4, 1)) - 1
    texts = np.where(has_block, sentences - 2, len(pieces) - 1)  # the last piece is empty
    piece = pieces.__getitem__
    return list(map(piece, sentences[is_usual].tolist())), list(map(piece, texts[is_usual].tolist()))
