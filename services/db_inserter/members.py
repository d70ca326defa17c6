"""The members of JSON lines, all at once: which member, in which line, where its value begins and ends.

Members begin at a comma and a quotation mark: that pair stands nowhere else but at the end of a text, where no member's name
follows. The sixteen characters from there on hold the name, which is looked up in a table by four of them and then compared.
A line in which every such place is a member of a known name, none twice, has been understood to the last byte; any other line
is somebody else's to read. The order of members does not matter; white space between them does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.db_inserter.words import Body, Flags, Places, Words

_COMMA, _QUOTE, _COLON, _BRACE, _LINE_END = b',":}\n'
SLOT_BITS = 10  # of the place of a name in the table
COMPARED = 16  # characters of a name, with what stands around it, that are compared; the end of a longer one is checked besides


class Lines:
    """The lines of a body that are not empty: where each begins and ends (the place of its line end)."""

    def __init__(self, body: Body) -> None:
        self.body = body
        line_ends = np.flatnonzero(body.bytes[: body.size] == _LINE_END)
        if body.size and (not len(line_ends) or line_ends[-1] != body.size - 1):
            line_ends = np.append(line_ends, body.size)
        starts = np.concatenate(([0], line_ends[:-1] + 1)) if len(line_ends) else line_ends
        is_full = starts < line_ends
        self.start: Places = starts[is_full]
        self.end: Places = line_ends[is_full]

    def __len__(self) -> int:
        return len(self.end)

    def text(self, line: int) -> bytes:
        """The line without its end."""
        return self.body.bytes[self.start[line] : self.end[line]].tobytes()


@dataclass(frozen=True)
class Members:
    """Members sorted by the number of their name, and by line: number of the line, where the value begins and ends.

    Those of the name with number n are from `bounds[n]` up to `bounds[n + 1]`. `sound` are the lines that were understood.
    """

    lines: Places
    start: Places
    end: Places
    bounds: Sequence[int]
    sound: Flags


class Names:
    """The names of members, numbered in their order, and the table in which they are looked up."""

    def __init__(self, head: bytes, names: Sequence[str]) -> None:
        self._head = head
        self._forms = [b',"' + name.encode() + b'":' for name in names]
        self._lengths = np.array([len(form) for form in self._forms])
        self._long = [number for number, form in enumerate(self._forms) if len(form) > COMPARED]
        # With an entry for no name before the first, which no word agrees with.
        self._words = [np.array([np.uint64(1), *(_word(form, part) for form in self._forms)]) for part in (0, 1)]
        self._masks = [np.array([np.uint64(0), *(_mask(form, part) for form in self._forms)]) for part in (0, 1)]
        self._tables = self._build()

    def find(self, lines: Lines) -> Members:
        """The members of all lines that begin with the head."""
        body = lines.body
        places, ends, of_line, begun = self._places(lines)
        numbers, known = self._look_up(body, places)
        sound = begun & (body.bytes[lines.end - 1] == _BRACE)
        sound[of_line[~known]] = False
        order = np.argsort(numbers.astype(np.uint8), kind="stable")
        order = order[np.count_nonzero(~known) :]  # what is unknown sorts first
        numbers, of_line = numbers[order], of_line[order]
        sound[of_line[1:][(numbers[1:] == numbers[:-1]) & (of_line[1:] == of_line[:-1])]] = False
        start = places[order] + self._lengths[numbers - 1]
        bounds = np.searchsorted(numbers, np.arange(1, len(self._forms) + 2)).tolist()
        for number in self._long:
            some = slice(bounds[number], bounds[number + 1])
            well_ended = (body.bytes[start[some] - 1] == _COLON) & (body.bytes[start[some] - 2] == _QUOTE)
            sound[of_line[some][~well_ended]] = False
        return Members(of_line, start, ends[order], bounds, sound)

    def _places(self, lines: Lines) -> tuple[Places, Places, Places, Flags]:
        """Where members begin, where they end, in which line; and which lines begin with the head."""
        body = lines.body
        commas = np.flatnonzero(body.bytes[: body.size] == _COMMA)
        commas = commas[body.bytes[commas + 1] == _QUOTE]
        # Besides the closing brace, where the last member ends.
        last = np.searchsorted(commas, lines.end) + np.arange(len(lines))
        places = np.empty(len(commas) + len(lines), np.int64)
        is_last = np.zeros(len(places), np.bool_)
        is_last[last] = True
        places[last] = lines.end - 1
        places[~is_last] = commas
        first = np.concatenate(([0], last[:-1] + 1))
        begun = self._has_head(body, lines.start) & (places[first] == lines.start + len(self._head))
        members = np.flatnonzero(~is_last)
        of_line = np.repeat(np.arange(len(lines)), last - first)
        return places[members], places[members + 1], of_line, begun

    def _has_head(self, body: Body, start: Places) -> Flags:
        found: Flags = np.ones(len(start), np.bool_)
        for part in range(-(-len(self._head) // 8)):
            found &= (body.words(start + 8 * part) & _mask(self._head, part)) == _word(self._head, part)
        return found

    def _look_up(self, body: Body, places: Places) -> tuple[Places, Flags]:
        """The number of each member's name, from 1; 0 where it is not known."""
        words = body.pairs(places)
        first, second = np.ascontiguousarray(words[:, 0]), np.ascontiguousarray(words[:, 1])
        slots = _slots(first)
        numbers = self._tables[0][slots]
        known = self._agree(first, second, numbers)
        for table in self._tables[1:]:
            others = np.flatnonzero(~known)
            if not len(others):
                break
            numbers[others] = table[slots[others]]
            known[others] = self._agree(first[others], second[others], numbers[others])
        numbers[~known] = 0
        return numbers, known

    def _agree(self, first: Words, second: Words, numbers: Places) -> Flags:
        found: Flags = (first & self._masks[0][numbers]) == self._words[0][numbers]
        found &= (second & self._masks[1][numbers]) == self._words[1][numbers]
        return found

    def _build(self) -> list[Places]:
        tables: list[Places] = [np.zeros(1 << SLOT_BITS, np.int64)]
        for number, slot in enumerate(_slots(self._words[0]).tolist()):
            free = next((table for table in tables if not table[slot]), None)
            if free is None:
                free = np.zeros(1 << SLOT_BITS, np.int64)
                tables.append(free)
            free[slot] = number
        return tables


def _slots(words: Words) -> Words:
    """Where names are looked up: by their first four characters, of which a short name's last is its quotation mark."""
    first_four = (words >> np.uint64(16)) & np.uint64(0xFFFFFFFF)
    return (first_four * np.uint64(0x9E3779B1) >> np.uint64(32 - SLOT_BITS)) & np.uint64((1 << SLOT_BITS) - 1)


def _word(text: bytes, part: int) -> np.uint64:
    return np.uint64(int.from_bytes(text[8 * part : 8 * part + 8], "little"))


def _mask(text: bytes, part: int) -> np.uint64:
    return np.uint64((1 << 8 * len(text[8 * part : 8 * part + 8])) - 1)
