"""The bytes of many lines in one array, the marks among them, and the sentences that these show.

A mark is a byte outside `-` to `~`, or a backslash: of a usual sentence `!,,,,,,*`, of a line its feed. Only marks are looked at.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Places: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]

LINE_FEED, CARRIAGE_RETURN, BANG, DOLLAR, COMMA, STAR, BACKSLASH = b"\n\r!$,*\\"
SENTENCE_MARKS = len("!,,,,,,*")

_FIRST_PLAIN, _LAST_PLAIN = b"-~"
_NO_SUM = 256


def word(text: bytes) -> np.uint64:
    """Eight characters as one number, as `eights` gives them."""
    return np.uint64(int.from_bytes(text, "little"))


_MARKS_OF_A_SENTENCE = word(b"!,,,,,,*")
_VDM, _VDO = word(b"VDM,1,1,"), word(b"VDO,1,1,")
_SHORTEST = len("!AIVDM,1,1,,*")  # of those with fewer characters no eight can be read


def pairs_of(characters: bytes) -> list[int]:
    """All pairs of these characters as numbers, as `Marks.pairs` gives them."""
    return [low | high << 8 for high in characters for low in characters]


def _table_of_sums(digits: bytes) -> NDArray[np.uint16]:
    """The value of two hexadecimal digits, of those allowed, by both characters as a number; else _NO_SUM."""
    table = np.full(1 << 16, _NO_SUM, np.uint16)
    for pair in pairs_of(digits):
        table[pair] = int(pair.to_bytes(2, "little"), 16)
    return table


_UPPER = b"0123456789ABCDEF"
SUMS, SUMS_OF_ANY_CASE = _table_of_sums(_UPPER), _table_of_sums(_UPPER + b"abcdef")
_IS_TALKER = np.zeros(1 << 16, np.bool_)
_IS_TALKER[pairs_of(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")] = True


def marks_of(lines: Sequence[bytes]) -> "Marks | None":
    """Those of lines, a carriage return at the end of each left out; None where a line holds a line feed of its own."""
    text = b"\n".join(lines) + b"\n"
    marks = Marks(text.replace(b"\r\n", b"\n") if b"\r" in text else text)
    return marks if len(marks.ends) == len(lines) else None


class Marks:
    """Of a `text` of lines `data` has the bytes, `at` the places of marks in it, `values` the marks themselves.

    Of each line: `begins` and `feeds` in `data`, `firsts` (its first mark) and `ends` (its line feed) in `at`.
    """

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.data = data = np.frombuffer(text, np.uint8)
        is_mark = ((data - np.uint8(_FIRST_PLAIN)) > np.uint8(_LAST_PLAIN - _FIRST_PLAIN)) | (data == BACKSLASH)
        self.at = np.flatnonzero(is_mark)
        self.values = data[self.at]
        self.ends = np.flatnonzero(self.values == LINE_FEED)
        self.feeds = self.at[self.ends]
        none = np.zeros(1, np.intp)
        self.begins = np.concatenate((none, self.feeds[:-1] + 1))
        self.firsts = np.concatenate((none, self.ends[:-1] + 1))

    def last_sentences(self) -> tuple[Places, Places]:
        """Which lines end in a usual sentence, and where it begins."""
        firsts = self.ends - SENTENCE_MARKS
        rows = np.flatnonzero(firsts >= self.firsts)
        rows, bangs, stars = self._sound(rows, firsts[rows])
        is_last = stars + len("*hh") == self.feeds[rows]
        return rows[is_last], bangs[is_last]

    def lone_sentences(self) -> tuple[Places, Places, Places]:
        """Which lines hold a usual sentence, and no other, block or source line; where it begins and its star is."""
        firsts = np.flatnonzero(self.values == BANG)
        rows = np.searchsorted(self.ends, firsts)
        counts = np.bincount(rows, minlength=len(self.ends))
        for mark in (BACKSLASH, DOLLAR, CARRIAGE_RETURN):
            counts[np.searchsorted(self.ends, np.flatnonzero(self.values == mark))] = 2
        is_lone = (counts[rows] == 1) & (firsts + SENTENCE_MARKS <= self.ends[rows])
        rows, bangs, stars = self._sound(rows[is_lone], firsts[is_lone])
        is_within = stars + len("*hh") <= self.feeds[rows]
        return rows[is_within], bangs[is_within], stars[is_within]

    def sums(self, begins: Places, ends: Places) -> Bytes:
        """The exclusive or of the bytes from each of `begins` up to the one of `ends` (NMEA 0183, 5.3)."""
        return np.bitwise_xor.reduceat(self.data, np.column_stack((begins, ends)).ravel())[::2]

    def pairs(self, at: Places) -> NDArray[np.uint16]:
        """The two characters from each place as one number."""
        pairs = np.ndarray((len(self.data) - 1,), "<u2", self.data, strides=(1,))
        return pairs[at]

    def eights(self, at: Places) -> NDArray[np.uint64]:
        """The eight characters from each place as one number."""
        return _eights(self.data, at)

    def _sound(self, rows: Places, firsts: Places) -> tuple[Places, Places, Places]:
        """Of lines in which a usual sentence may begin at these marks: where it does, its place and that of its star."""
        has_marks = _eights(self.values, firsts) == _MARKS_OF_A_SENTENCE
        rows, firsts = rows[has_marks], firsts[has_marks]
        bangs, stars = self.at[firsts], self.at[firsts + SENTENCE_MARKS - 1]
        is_long = stars - bangs >= _SHORTEST
        rows, bangs, stars = rows[is_long], bangs[is_long], stars[is_long]
        is_long = stars + len("*h") < len(self.data)
        rows, bangs, stars = rows[is_long], bangs[is_long], stars[is_long]
        if not len(rows):
            return rows, bangs, stars
        heads = self.eights(bangs + len("!AI"))
        is_right = ((heads == _VDM) | (heads == _VDO)) & _IS_TALKER[self.pairs(bangs + 1)]
        is_right &= self.sums(bangs + 1, stars) == SUMS[self.pairs(stars + 1)]
        return rows[is_right], bangs[is_right], stars[is_right]


def _eights(data: Bytes, at: Places) -> NDArray[np.uint64]:
    if not len(at):
        return np.zeros(0, np.uint64)
    eights = np.ndarray((len(data) - 7,), "<u8", data, strides=(1,))
    return eights[at]
