"""The compiled reader of usual rows (rows.c), made ready for a plan; there is none where no compiler was at hand.

Usual is a row that has its width, of a kind and a time that need no second look, all cells of their kind, of a ship that says of
itself what it said last. It becomes a line of NDJSON at once, the same that the plan's record would give. Which member of the
record a cell comes to is asked of the plan's own columns, once for each text.
"""

import os
from collections.abc import Callable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec

from fairway import clock, records
from fairway.raw_block import origin
from fairway.records import Decoded, Position, Record, Rejected, kind_of
from services.ingest.decoded_block import DecodedBlock
from services.ingest.formats.tables import last_said, recent_rows, ship_facts
from services.ingest.formats.tables.cells import BAD, MOST_CELLS
from services.ingest.formats.tables.column import Column
from services.ingest.formats.tables.kinds import Kind
from services.ingest.formats.tables.plan import Plan
from services.ingest.line_format import Moment, Taken

if TYPE_CHECKING:
    from services.ingest.formats.tables import rows
else:
    try:
        from services.ingest.formats.tables import rows
    except ImportError:
        rows = None

Convert = Callable[[bytes], bytes | None]
Steps = tuple[tuple[int, Any], ...]
Row = Sequence[Taken]

MOST_TIMES = 100_000  # remembered; a day has 86,400 seconds
MOST_COLUMNS = 256
LATEST_MS = clock.EARLIEST_MS + 1000 * 365 * 86_400_000  # of a time whose text has the usual form
_MILLIONTHS = 1_000_000
_BEFORE_MMSI = frozenset(Record.__struct_fields__) | {"mmsi"}


def recent() -> "recent_rows.RecentRows | rows.RecentRows":
    """What remembers the rows that came just before."""
    return recent_rows.RecentRows() if rows is None else rows.RecentRows(recent_rows.GENERATION)


def reader(plan: Plan, delimiter: str, recent: "recent_rows.RecentRows | rows.RecentRows") -> "UsualRows | None":
    """What reads the usual rows of a plan's table; None when no row of it can be read so."""
    if rows is None or isinstance(recent, recent_rows.RecentRows):
        return None
    try:
        return UsualRows(plan, delimiter, recent)
    except _NotUsual:
        return None


class UsualRows:
    """Reads the usual rows of a plan's table."""

    def __init__(self, plan: Plan, delimiter: str, recent: "rows.RecentRows") -> None:
        made = _Readings(plan)
        self._reader = rows.RowReader(
            width=made.width,
            delimiter=delimiter.encode(),
            readings=tuple(made.readings),
            kinds=tuple(made.kinds),
            mmsi=made.mmsi,
            time=made.time,
            kind=made.kind,
            station=made.station,
            about_ship=tuple(chain.from_iterable(column.places for column in plan.about_ship)),
            convert=made.convert,
            recent=recent,
            most_ships=last_said.MOST_SHIPS,
            seed=os.urandom(16),
        )
        self._plan = plan
        self._crowded_out = 0

    def read(self, lines: list[bytes], start: int, longest: int, moment: Moment, believed: tuple[int, int]) -> "Found":
        """Read from `start` up to the first line that is not surely a row of at most `longest` bytes.

        The rows that are left over must be given to `settle` before more are read.
        """
        station = self._plan.layout.constants.get("station", moment.station)
        told = b"" if station is None else origin("", station).removeprefix(origin("", None))
        received_at = clock.to_text(moment.received_ms).encode()
        return Found(*self._reader.read(lines, start, longest, told, received_at, believed))

    def settle(self, parts: Sequence[Row], crowded_out: int) -> None:
        """What became of each row that was left over; how many ships were crowded out of what is remembered so far."""
        self._reader.settle(bytes(not any(isinstance(each, Rejected) for each in part) for part in parts))
        self._note(crowded_out)

    def note(self, parts: Sequence[Row], crowded_out: int) -> None:
        """Rows were read elsewhere."""
        for each in chain.from_iterable(parts):
            if isinstance(each, Decoded):
                self._reader.forget(each.mmsi)
        self._note(crowded_out)

    def forget(self) -> None:
        """Forget what ships said last."""
        self._reader.forget_all()

    def _note(self, crowded_out: int) -> None:
        if crowded_out != self._crowded_out:
            self._crowded_out = crowded_out
            self.forget()


class Found(msgspec.Struct, frozen=True, gc=False):
    """What was read up to `end`: a line for each row that is no copy of a recent one, None for those left over."""

    end: int
    lines: list[bytes | None]
    left_over: list[int]  # indexes of their lines
    copies: int
    first_ms: int  # -1 when there is none

    def taken(self, parts: Sequence[Row]) -> list[Taken]:
        """The records of all rows, in their order; `parts` are those of the rows that were left over."""
        if not parts:
            return [DecodedBlock(self.lines)] if self.lines else []  # type: ignore[arg-type]  # all of them are lines
        out: list[Taken] = []
        lines: list[bytes] = []
        left = iter(parts)
        for line in self.lines:
            if line is not None:
                lines.append(line)
                continue
            for each in next(left):
                if isinstance(each, Decoded):
                    lines.append(records.encode([each]))
                    continue
                if lines:
                    out.append(DecodedBlock(lines))
                    lines = []
                out.append(each)
        return [*out, DecodedBlock(lines)] if lines else out


class _NotUsual(Exception):
    """No row of the table can be read by compiled code."""


class _Readings:
    """The arguments of a RowReader, from a plan."""

    def __init__(self, plan: Plan) -> None:
        if plan.mmsi is None or plan.time is None or plan.layout.other is not None or plan.width > MOST_COLUMNS:
            raise _NotUsual
        self.width = plan.width
        self.readings: list[tuple[int, bytes, int, int]] = []
        self._converts: list[Convert] = []
        self._plan = plan
        stations = [column for column in plan.of_all if column.field == "station"]
        if len(stations) > 1:
            raise _NotUsual
        self.mmsi = self._add(plan.mmsi, _digits_of(plan.mmsi))
        self.time = self._add(plan.time, _time_of(plan.time), most=MOST_TIMES)
        self.station = self._add_member(Record, stations[0]) if stations else -1
        self.kinds: list[tuple[bytes, Steps, bool]] = []
        self.kind = self._add_kinds()
        if not self.kinds:
            raise _NotUsual

    def convert(self, reading: int, cell: bytes) -> bytes | None:
        """The member of JSON that a cell comes to; None when the row needs a second look."""
        return self._converts[reading](cell)

    def _add(
        self, column: Column, convert: Convert, *, name: bytes = b"", limit: int = 0, most: int = MOST_CELLS
    ) -> int:
        if column.place is None:
            raise _NotUsual
        self.readings.append((column.place, name, limit, most))
        self._converts.append(convert)
        return len(self.readings) - 1

    def _add_member(self, record: type[Record], column: Column) -> int:
        return self._add(column, _member_of(record, column))

    def _add_kinds(self) -> int:
        """The reading that tells kinds apart, or -1 when there is one alone. What is not among them is left over."""
        layout, plan = self._plan.layout, self._plan
        if layout.kind_column is None:
            self.kinds.append(self._kind(layout.kind))
            return -1
        numbers: dict[int, int] = {}
        for kind in {id(kind): kind for kind in (layout.kind, *layout.kinds.values())}.values():
            try:
                self.kinds.append(self._kind(kind))
            except _NotUsual:
                continue
            numbers[id(kind)] = len(self.kinds) - 1

        def number(cell: bytes) -> bytes | None:
            found = numbers.get(id(plan.kind_of(_text(cell))))
            return None if found is None else bytes([found])

        self.readings.append((plan.places[layout.kind_column], b"", 0, MOST_CELLS))
        self._converts.append(number)
        return len(self.readings) - 1

    def _kind(self, kind: Kind) -> tuple[bytes, Steps, bool]:
        plan, record = self._plan, kind.record
        columns = plan.columns_of(kind)
        names = set(record.__struct_fields__)
        if record is Position:
            is_seen_together = any(column in plan.about_ship for column in columns)
        else:
            is_seen_together = bool((ship_facts.SETTLED | plan.layout.combined) & names)
        if is_seen_together or not names >= {column.field for column in columns}:
            raise _NotUsual
        before = b'{"kind":' + msgspec.json.encode(kind_of(record)) + b"," + origin(plan.source, None)
        return before, tuple(self._steps(kind, columns)), kind.has_static and bool(plan.about_ship)

    def _steps(self, kind: Kind, columns: Sequence[Column]) -> list[tuple[int, Any]]:
        """What stands behind the MMSI of a record, in the order of its fields."""
        record, plan = kind.record, self._plan
        constants = {**plan.layout.constants, **kind.constants}
        by_field: dict[str, list[Column]] = {}
        for column in [*columns, *(each for each in plan.of_all if each.field != "station")]:
            by_field.setdefault(column.field, []).append(column)
        if by_field.keys() & constants.keys() or (constants.keys() - {"station"}) & _BEFORE_MMSI:
            raise _NotUsual
        steps: list[tuple[int, Any]] = []
        for field in (each for each in record.__struct_fields__ if each not in _BEFORE_MMSI):
            if field in constants:
                steps.append((rows.LITERAL, _member(record, field)(constants[field])))
            elif field == "lon" and {"lon", "lat"} <= by_field.keys():
                steps.append((rows.PAIR, tuple(self._degrees(each, by_field[each]) for each in ("lon", "lat"))))
            elif field in by_field and field not in ("lon", "lat"):
                steps.append((rows.MEMBER, tuple(self._add_member(record, each) for each in by_field[field])))
        return steps

    def _degrees(self, field: str, columns: Sequence[Column]) -> int:
        [column, *others] = columns
        if others or column.limit is None:
            raise _NotUsual
        limit = int(column.limit * _MILLIONTHS)
        return self._add(column, _member_of(Position, column), name=b',"' + field.encode() + b'":', limit=limit)


def _text(cell: bytes) -> str:
    return str(cell, "utf-8", "replace")


def _member_of(record: type[Record], column: Column) -> Convert:
    """The member of JSON that a cell comes to."""
    member = _member(record, column.field)

    def convert(cell: bytes) -> bytes | None:
        value = column.value(_text(cell))
        return None if value is BAD else member(value)

    return convert


def _member(record: type[Record], field: str) -> Callable[[Any], bytes]:
    """Writes a field's value as msgspec does, which leaves out what a field is unless it is told."""
    default = next(each.default for each in msgspec.structs.fields(record) if each.name == field)
    before = b',"' + field.encode() + b'":'
    return lambda value: b"" if value is None or value is default else before + msgspec.json.encode(value)


def _digits_of(column: Column) -> Convert:
    def digits(cell: bytes) -> bytes | None:
        value = column.value(_text(cell))
        return None if value is BAD or value is None else str(value).encode()

    return digits


def _time_of(column: Column) -> Convert:
    def time(cell: bytes) -> bytes | None:
        value = column.value(_text(cell))
        if value is BAD or value is None or not clock.EARLIEST_MS <= value < LATEST_MS:
            return None
        return clock.to_text(value).encode()

    return time
