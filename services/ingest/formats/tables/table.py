"""Tables as lines: CSV and its kin with a header, read by the names of the columns.

A header is a line that a known table (TABLES) or the source's own mapping may begin with. Rows follow up to a line of
another format; another header on the way, as in files put one behind the other, begins a new table.
"""

import re
from collections.abc import Callable, Collection, Sequence
from itertools import chain

from services.ingest.event_time import EventTimes
from services.ingest.formats.tables import (
    aishub,
    collectors,
    columns,
    dialect,
    dma,
    exactearth,
    marinecadastre,
    usual_rows,
)
from services.ingest.formats.tables.batch import rejected
from services.ingest.formats.tables.last_said import LastSaid
from services.ingest.formats.tables.layout import Layout
from services.ingest.formats.tables.mapping import Mapping
from services.ingest.formats.tables.plan import Plan
from services.ingest.formats.tables.recent_rows import RecentRows
from services.ingest.formats.tables.usual_rows import UsualRows
from services.ingest.formats.values import CONTROL
from services.ingest.line_format import Moment, Taken, Tally
from services.ingest.nmea import has_sentence

LONGEST_ROW = 16_384  # bytes; the widest table known has 139 columns and rows of 500
ROWS_TOGETHER = 500  # taken at once; the cells of more do not stay in a processor's cache
FEW_ROWS = 16  # taken at once where compiled code stopped, as many cost little more than one; twice as many where it stops again
FEWEST_COLUMNS = 3  # of a header
OTHER_FORMATS = frozenset(
    [b"!", b"\\", b"$", b"{", b"[", b"<"]
)  # NMEA, tag blocks, JSON, XML: a line's first character

Recognise = Callable[[Collection[str]], Layout | None]

# The first that recognises a header's plain names (columns.plain) reads the table; the last takes any table that it can
TABLES: tuple[Recognise, ...] = (
    exactearth.layout,
    dma.layout,
    aishub.layout,
    collectors.skytruth,
    collectors.digitraffic,
    collectors.ntnu_ships,
    marinecadastre.derived_layout,
    marinecadastre.layout,
    lambda names: columns.by_synonyms("table", names),
)

_MAY_BE_HEADER = re.compile(rb"mmsi|user.?id", re.IGNORECASE)
_ROW_STARTS = frozenset(b"0123456789")
_NOT_A_TABLE = OTHER_FORMATS | {b""}


class TableFormat:
    """A LineFormat (line_format.py). Remembers recent rows and what ships said last; `checkpoint` forgets both.

    Unless it `is_quick`, compiled code (usual_rows.py) reads no rows, and all are made records of.
    """

    def __init__(
        self, source: str, *, times: EventTimes, tally: Tally, mapping: Mapping | None = None, is_quick: bool = True
    ) -> None:
        self._source, self._times, self._tally, self._mapping = source, times, tally, mapping
        self._sign = columns.plain(next(iter(mapping.columns))) if mapping is not None else None
        self._last_said = LastSaid()
        self._recent = usual_rows.recent() if is_quick else RecentRows()
        self._header: bytes | None = None
        self._delimiter = ","
        self._plan: Plan | None = None
        self._usual: UsualRows | None = None
        if mapping is not None and mapping.order is not None:
            names = [columns.plain(name) for name in mapping.order]
            self._use(mapping.delimiter or ",", names, mapping.layout(names))

    def begins(self, line: bytes) -> bool:
        """A header, or a row of the table that has begun."""
        if len(line) > LONGEST_ROW or line.lstrip()[:1] in _NOT_A_TABLE or _has_sentence(line):
            return False
        if self._recognise(line) is not None:
            return True
        if self._plan is None or line.lstrip()[:1] == b"#":
            return False
        return line.count(self._delimiter.encode()) >= self._plan.width - 1

    def read(self, lines: Sequence[bytes], start: int, moment: Moment, out: list[Taken]) -> int:
        """See LineFormat.read."""
        lines = lines if isinstance(lines, list) else list(lines)
        at, few = start, FEW_ROWS
        while at < len(lines):
            begin, at = at, self._read_usual(lines, at, moment, out)
            few = 2 * few if at == begin else FEW_ROWS
            end = len(lines) if self._usual is None else min(len(lines), at + few)
            stop = self._read_rows(lines, at, end, moment, out)
            if stop < end:
                return stop
            at = end
        return at

    def _read_usual(self, lines: list[bytes], start: int, moment: Moment, out: list[Taken]) -> int:
        """Append what usual rows from `start` on hold, up to the first line that may be none; its index."""
        usual, tally = self._usual, self._tally
        if usual is None:
            return start
        found = usual.read(lines, start, LONGEST_ROW, moment, self._times.believed(moment.received_ms))
        if found.first_ms >= 0:
            self._times.note(found.first_ms, moment.received_ms)
        tally.lines += found.end - start
        tally.data_lines += len(found.lines)
        tally.decoded += len(found.lines) - len(found.left_over)
        if found.copies:
            tally.ignored["duplicate_row"] += found.copies
        parts: list[Sequence[Taken]] = []
        for first in range(0, len(found.left_over), ROWS_TOGETHER):
            some = found.left_over[first : first + ROWS_TOGETHER]
            self._take_fresh([lines[index] for index in some], moment, parts)
        usual.settle(parts, self._last_said.crowded_out)
        out += found.taken(parts)
        return found.end

    def _read_rows(self, lines: Sequence[bytes], start: int, end: int, moment: Moment, out: list[Taken]) -> int:
        """Append what lines from `start` to `end` hold, up to the first of another format; its index, or `end`."""
        rows: list[bytes] = []
        index = start
        for index in range(start, end):
            line = lines[index]
            if (
                line
                and line[0] in _ROW_STARTS
                and b"!" not in line
                and len(line) <= LONGEST_ROW
                and self._plan is not None
            ):
                rows.append(line)
                continue
            if line and self._is_other_format(line):
                break
            why = self._why_no_row(line)
            if why is None:
                rows.append(line)
                continue
            if why == "header":  # the rows before it are of the table before it
                rows = self._take(rows, moment, out)
                self._begin(line)
            self._tally.lines += 1
            self._tally.ignored[why] += 1
        else:
            index = end
        self._take(rows, moment, out)
        return index

    def finish(self, out: list[Taken]) -> None:
        """Nothing stays open: each row is whole."""

    def checkpoint(self) -> object:
        """The header of the table that has begun, or None."""
        self._forget()
        return self._header.decode("latin-1") if self._header is not None else None

    def restore(self, state: object) -> None:
        """See LineFormat.restore."""
        self._forget()
        if isinstance(state, str):
            self._begin(state.encode("latin-1"))

    def _forget(self) -> None:
        self._last_said.forget()
        self._recent.forget()
        if self._usual is not None:
            self._usual.forget()

    def _is_other_format(self, line: bytes) -> bool:
        """Whether it is for another format: by its first character or a sentence in it, or because no table has begun."""
        if line.lstrip()[:1] in OTHER_FORMATS or _has_sentence(line):
            return True
        return self._plan is None and self._recognise(line) is None

    def _why_no_row(self, line: bytes) -> str | None:
        """What a line that is not a row is, a reason of IGNORED; None for a row."""
        if len(line) > LONGEST_ROW:
            return "too_long"
        bare = line.strip()
        if not bare:
            return "blank"
        if self._recognise(line) is not None:
            return "header"
        return "comment" if bare[:1] == b"#" else None

    def _recognise(self, line: bytes) -> tuple[str, list[str], Layout] | None:
        """The delimiter, plain names and layout of a header that we know."""
        if len(line) > LONGEST_ROW:
            return None
        if not _MAY_BE_HEADER.search(line) and not self._has_sign(line):
            return None
        for delimiter, cells in dialect.header_candidates(line):
            names = [columns.plain(cell) for cell in cells]
            layout = known_layout(names, self._mapping, delimiter)
            if layout is not None:
                return delimiter, names, layout
        return None

    def _has_sign(self, line: bytes) -> bool:
        """Whether it names the mapping's first column."""
        return self._sign is not None and self._sign in columns.plain(dialect.text_of(line))

    def _begin(self, line: bytes) -> None:
        """Read what follows as rows under this header."""
        known = self._recognise(line)
        if known is not None and (line != self._header or self._plan is None):
            self._header = line
            self._use(*known)

    def _use(self, delimiter: str, names: list[str], layout: Layout | None) -> None:
        if layout is not None:
            self._delimiter = delimiter
            self._plan = Plan(layout, names, self._source, self._times, self._tally, self._last_said)
            self._usual = usual_rows.reader(self._plan, delimiter, self._recent)

    def _take(self, rows: list[bytes], moment: Moment, out: list[Taken]) -> list[bytes]:
        """Append and count what the rows hold. The empty list, for the rows to come."""
        if not rows or self._plan is None:
            return []
        self._tally.lines += len(rows)
        fresh = self._recent.fresh(rows) if self._plan.layout.time is not None else rows
        if len(fresh) < len(rows):
            self._tally.ignored["duplicate_row"] += len(rows) - len(fresh)
        self._tally.data_lines += len(fresh)
        parts: list[Sequence[Taken]] = []
        for start in range(0, len(fresh), ROWS_TOGETHER):
            self._take_fresh(fresh[start : start + ROWS_TOGETHER], moment, parts)
        if self._usual is not None:
            self._usual.note(parts, self._last_said.crowded_out)
        out += chain.from_iterable(parts)
        return []

    def _take_fresh(self, lines: Sequence[bytes], moment: Moment, out: list[Sequence[Taken]]) -> None:
        """Append what each row holds.

        The plan is given all rows at once, or else runs of the right width; the others are rejected, in their place.
        """
        if self._plan is None or not lines:
            return
        width = self._plan.width
        table = dialect.columns_of(lines, self._delimiter, width)
        if table is not None:
            self._plan.take(table, lambda row: _shown(lines[row]), moment, out)
            return
        cells = dialect.split_lines([dialect.text_of(line) for line in lines], self._delimiter)
        first = 0
        for row in [row for row, each in enumerate(cells) if len(each) != width and not _trim(each, width)]:
            self._take_run(cells, lines, first, row, moment, out)
            self._tally.rejected["bad_row"] += 1
            out.append([rejected(_shown(lines[row]), "bad_row", self._source, moment.station, moment.received_ms)])
            first = row + 1
        self._take_run(cells, lines, first, len(lines), moment, out)

    def _take_run(
        self,
        cells: list[list[str]],
        lines: Sequence[bytes],
        first: int,
        end: int,
        moment: Moment,
        out: list[Sequence[Taken]],
    ) -> None:
        if first < end and self._plan is not None:
            table = list(zip(*cells[first:end], strict=True))
            self._plan.take(table, lambda row: _shown(lines[first + row]), moment, out)


def known_layout(names: Sequence[str], mapping: Mapping | None, delimiter: str | None = None) -> Layout | None:
    """How a table with these plain names is read: by the mapping if it has its columns, or as one of TABLES."""
    if mapping is not None and mapping.order is None and mapping.delimiter in (None, delimiter):
        layout = mapping.layout(names)
        if layout is not None:
            return layout
    if len(names) < FEWEST_COLUMNS:
        return None
    found = set(names)
    return next((layout for recognise in TABLES if (layout := recognise(found)) is not None), None)


def _has_sentence(line: bytes) -> bool:
    """Whether a VDM or VDO is in it: `2023-01-11 00:00:01: !AIVDM,…` is a line of a log, and no row."""
    return b"!" in line and has_sentence(line.decode("latin-1"))


def _trim(cells: list[str], width: int) -> bool:
    """Cut blank cells behind the last column. Whether the row then has its width."""
    if len(cells) <= width or any(cell.strip() for cell in cells[width:]):
        return False
    del cells[width:]
    return True


def _shown(line: bytes) -> str:
    """A row as text, without control characters."""
    return CONTROL.sub("", dialect.text_of(line))
