"""The lines of message bodies: as reports for the rules, and those of them that were kept as bodies again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, starmap

import msgspec
import numpy as np
from numpy.typing import NDArray

from fairway import records
from fairway.columns import NOWHERE, Reader, Shape
from fairway.records import AnyDecoded
from services.filter.reports import (
    KIND_NAMES,
    NO_TIME,
    TIMES,
    Flags,
    Places,
    Reports,
    forget_strange_numbers,
    form_of,
    nulls_of,
    of_records,
)
from services.filter.rows import set_rows


@dataclass(frozen=True)
class Lines:
    """Where the line of each report of a body begins and ends, its line feed included; and the flags that rules put on it."""

    body: bytes  # ends with a line feed
    rows: slice  # of its reports, among those of all bodies that were read together
    begins: Places
    ends: Places
    flags: NDArray[np.int16]

    def each(self, rows: Places) -> list[bytes]:
        """The lines of some reports, with their flags."""
        body, flags = self.body, self.flags[rows]
        ends = zip(self.begins[rows].tolist(), self.ends[rows].tolist(), strict=True)
        lines = [body[begin:end] for begin, end in ends]
        for place in np.flatnonzero(flags).tolist():
            lines[place] = with_flags(lines[place], int(flags[place]))
        return lines

    def of(self, kept: Flags) -> bytes:
        """The lines of the kept reports, as they came but for their flags; neighbours without such are copied at once."""
        begins, ends, flags = self.begins[kept], self.ends[kept], self.flags[kept]
        if not len(begins):
            return b""
        marked = flags != 0
        apart = np.flatnonzero((begins[1:] != ends[:-1]) | marked[1:] | marked[:-1])
        first_rows, last_rows = np.concatenate(([0], apart + 1)), np.append(apart, len(ends) - 1)
        body = self.body
        pieces = [
            body[first:last] for first, last in zip(begins[first_rows].tolist(), ends[last_rows].tolist(), strict=True)
        ]
        for piece in np.flatnonzero(marked[first_rows]).tolist():
            pieces[piece] = with_flags(pieces[piece], int(flags[first_rows[piece]]))
        return b"".join(pieces)


def with_flags(line: bytes, flags: int) -> bytes:
    """The line of a record with these flags besides those that it has."""
    if line.endswith(b"}\n") and b'"flags"' not in line:
        return b'%b,"flags":%d}\n' % (line[:-2], flags)
    [record] = records.decode_decoded(line)
    return records.encode([msgspec.structs.replace(record, flags=(record.flags or 0) | flags)])


class LineReader:
    """Reads bodies into rows of ROW, and such other members as are named."""

    def __init__(self, more: Collection[str] = ()) -> None:
        self._form = form_of(more)
        self._times = [name for name in TIMES if name in (self._form.fields or ())]
        self._reader = Reader(Shape(kinds=KIND_NAMES, row=self._form, nulls=nulls_of(self._form), kind="kind"))

    def read(self, bodies: Sequence[bytes]) -> tuple[Reports, list[Lines]]:
        """The decoded records of some bodies, one behind the other, and the lines of each body.

        Raises msgspec.MsgspecError when a line is not a record, or ValueError for a strange time.
        """
        bodies = [body if body.endswith(b"\n") else body + b"\n" for body in bodies]
        found = self._reader.read(bodies)
        where, begins, ends = (found.lines[name] for name in ("body", "begin", "end"))
        left = found.left()
        rows = found.rows[0]
        if left:
            rows = np.zeros(len(begins), self._form)
            set_rows(rows, np.flatnonzero(found.lines["row"] != NOWHERE), found.rows[0])
        for name in self._times:
            rows[name] = np.where(rows[name] == NO_TIME, NO_TIME, rows[name] // 1000)
        forget_strange_numbers(rows)
        decoded = _one_a_line(list(map(found.line, left)))
        if decoded is None:
            strange = set(where[left].tolist())
            return self.read([_ours(body) if number in strange else body for number, body in enumerate(bodies)])
        rows[left] = of_records(decoded, self._form, found.texts).rows
        reports = Reports(rows, lambda row: _record(bodies[where[row]][begins[row] : ends[row]]), found.texts)
        edges = np.searchsorted(where, np.arange(len(bodies) + 1)).tolist()
        return reports, [
            Lines(body, span, begins[span], ends[span] + 1, reports.flags[span])
            for body, span in zip(bodies, starmap(slice, pairwise(edges)), strict=True)
        ]


@lru_cache(maxsize=8)
def reader_of(more: frozenset[str] = frozenset()) -> LineReader:
    """A reader of these members besides those of ROW; to make one takes some hundredths of a second."""
    return LineReader(more)


def _one_a_line(lines: Sequence[bytes]) -> list[AnyDecoded] | None:
    """The record of each line; None when one has none, or not a whole one: such a body is not from our decoder."""
    try:
        decoded = [records.decode_decoded(line) for line in lines]
    except msgspec.MsgspecError:
        return None
    return [record for (record,) in decoded] if all(decoded) else None


def _ours(body: bytes) -> bytes:
    """The same records as our decoder writes them, one a line."""
    return records.encode(records.decode_decoded(body))


def _record(line: bytes) -> AnyDecoded:
    return records.decode_decoded(line)[0]
