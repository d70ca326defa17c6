"""A layout made ready for one header: rows in, records out, a column at a time.

A table may be long, so each step works on a column of many rows (map, zip), and Python's own loop runs once a row at most.
What a ship says of itself is compared as text with what it said last before any of it is read.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, groupby
from typing import Any, cast

from fairway import clock
from fairway.records import Decoded, Position, SarAircraft, Static
from services.ingest.event_time import EventTimes, Stamp
from services.ingest.formats.tables import constructors, ship_facts
from services.ingest.formats.tables import quantities as q
from services.ingest.formats.tables.batch import Batch, RowText
from services.ingest.formats.tables.cells import BAD
from services.ingest.formats.tables.column import Column, Rows, Table, select, values_of
from services.ingest.formats.tables.kinds import Kind
from services.ingest.formats.tables.last_said import LastSaid
from services.ingest.formats.tables.layout import Fields, Layout, Reading
from services.ingest.line_format import Moment, Taken, Tally

_ABOUT_SHIP = frozenset(Static.__struct_fields__) - frozenset(Decoded.__struct_fields__) - {"ais_class"}
_OF_ALL_KINDS = frozenset(["station", "ais_class"])  # in the record and in the Static beside it
_NO_ROWS: frozenset[int] = frozenset()


class Plan:
    """Reads rows under one header. Nothing but `last_said` is remembered from one call to the next."""

    def __init__(
        self, layout: Layout, names: Sequence[str], source: str, times: EventTimes, tally: Tally, last_said: LastSaid
    ) -> None:
        self.width = len(names)
        self.layout = layout
        self.source = source
        self._times, self._tally, self._last_said = times, tally, last_said
        self.places = {name: place for place, name in reversed(list(enumerate(names)))}  # the first of equal names
        self.mmsi = self._column(layout.mmsi, required=True) if layout.mmsi else None
        self.time = self._column(layout.time, required=True) if layout.time else None
        self._columns = [self._column(reading) for reading in layout.readings]
        self.of_all = [column for column in self._columns if column.field in _OF_ALL_KINDS]
        self.about_ship = [column for column in self._columns if column.reading.goal in _ABOUT_SHIP]
        self._columns_by_kind: dict[int, list[Column]] = {}  # by the id of a kind, which the layout keeps alive
        self._other = Plan(layout.other, names, source, times, tally, last_said) if layout.other else None

    def take(self, table: Table, row_text: RowText, moment: Moment, out: list[Sequence[Taken]]) -> None:
        """Append what each of a table's rows holds, and count it."""
        if self._other is None or self.layout.is_other is None:
            self._take(table, row_text, moment, out)
            return
        column, is_other = self.layout.is_other
        first = 0
        for other, run in groupby(map(is_other, table[self.places[column]])):
            end = first + sum(1 for _ in run)
            reader = self._other if other else self
            reader._take([cells[first:end] for cells in table], _shifted(row_text, first), moment, out)
            first = end

    def _take(self, table: Table, row_text: RowText, moment: Moment, out: list[Sequence[Taken]]) -> None:
        batch = self._batch(table, moment)
        about_ships: list[tuple[Rows, AbstractSet[int]]] = []
        for kind, rows, left_out in self._by_kind(batch):
            self._make(batch, kind, rows, left_out)
            if kind.has_static and self.about_ship:
                about_ships.append((rows, left_out))
        if about_ships:
            self._say(batch, *_together(about_ships))
        batch.give(row_text, self._tally, out)

    def _column(self, reading: Reading, *, required: bool = False) -> Column:
        return Column(reading, tuple(self.places[name] for name in reading.columns), required=required)

    def _batch(self, table: Table, moment: Moment) -> Batch:
        """The rows, with the fields that every record has."""
        alike = {"source": self.source, "received_at": clock.to_text(moment.received_ms), "station": moment.station}
        batch = Batch(table, moment, alike | dict(self.layout.constants))
        batch.made = [None] * batch.size
        if self.mmsi:
            batch.lists["mmsi"] = self.mmsi.values(table, None, batch.bad, "bad_mmsi")
        for column in self.of_all:
            batch.lists[column.field] = column.values(table, None, batch.bad, "bad_value")
        if "station" in batch.lists:
            batch.lists["station"] = [station or moment.station for station in batch.lists["station"]]
            del batch.alike["station"]
        self._stamp(batch)
        return batch

    def _stamp(self, batch: Batch) -> None:
        """Add the fields that say when each row was heard. A time is judged once for all rows of the call that have it."""
        received_ms = batch.moment.received_ms
        received = self._times.stamp(None, "received", received_ms)
        if self.time is None:
            batch.alike |= {"event_time": received.event_time, "time_source": received.time_source}
            return
        times = self.time.values(batch.table, None, batch.bad, "bad_time")
        stamps = {time: self._times.stamp(time, "provider", received_ms) for time in set(times) - {BAD}}
        _put_times(batch, times, stamps | {BAD: received} if BAD in times else stamps)
        defects = {time: stamp.defect for time, stamp in stamps.items() if stamp.defect}
        if defects:
            batch.note({row: defects[time] for row, time in enumerate(times) if time in defects})

    def _by_kind(self, batch: Batch) -> Iterator[tuple[Kind, Rows, AbstractSet[int]]]:
        """The kinds of record, the rows of each, and rows that are not of it all the same.

        The kind of most rows comes first, with all rows: to pick most of a column out costs more than to read all of it.
        """
        if self.layout.kind_column is None:
            yield self.layout.kind, None, _NO_ROWS
            return
        texts = batch.table[self.places[self.layout.kind_column]]
        kind_of = {text: self.kind_of(text) for text in set(texts)}
        main = kind_of[Counter(texts).most_common(1)[0][0]]
        rows_of: dict[str, list[int]] = {text: [] for text, kind in kind_of.items() if kind is not main or kind is None}
        for row, text in enumerate(texts) if rows_of else ():
            if text in rows_of:
                rows_of[text].append(row)
        if main is not None:
            yield main, None, frozenset(chain.from_iterable(rows_of.values()))
        for text, rows in rows_of.items():
            kind = kind_of[text]
            if kind is not None:
                yield kind, rows, _NO_ROWS
            else:
                batch.note(dict.fromkeys(rows, "unknown_type"))

    def kind_of(self, text: str) -> Kind | None:
        """What a row becomes by the text in the column of kinds; None for nothing."""
        kind = self.layout.kinds.get(text.strip().removesuffix(".0"))
        return kind if kind or self.layout.is_closed else self.layout.kind

    def columns_of(self, kind: Kind) -> list[Column]:
        """The columns that go into the kind's record."""
        columns = self._columns_by_kind.get(id(kind))
        if columns is None:
            wanted = set(kind.record.__struct_fields__) - {*_OF_ALL_KINDS, *self.layout.constants, *kind.constants}
            if kind.has_static:
                wanted -= _ABOUT_SHIP
            columns = [column for column in self._columns if column.reading.goal in wanted]
            if kind.record is SarAircraft:
                columns = [self._of_aircraft(column.reading) for column in columns]
            self._columns_by_kind[id(kind)] = columns
        return columns

    def _of_aircraft(self, reading: Reading) -> Column:
        """Aircraft are faster than what a ship can say."""
        fast = Reading(reading.field, reading.columns, q.aircraft_sog)
        return self._column(fast if reading.convert is q.sog else reading)

    def _make(self, batch: Batch, kind: Kind, rows: Rows, left_out: AbstractSet[int]) -> None:
        """The records of the rows of one kind."""
        columns, noted = self.columns_of(kind), dict[int, str]()
        own = values_of(columns, batch.table, rows, noted)
        batch.note({row: reason for row, reason in noted.items() if row not in left_out})
        lists = {name: select(values, rows) for name, values in batch.lists.items()} | own
        fixed = {name: value for name, value in (batch.alike | kind.constants).items() if value is not None}
        lists = {name: values for name, values in lists.items() if values.count(None) < len(values)}
        places = range(batch.size) if rows is None else rows
        if kind.record is Position and not any(column.reading.goal in _ABOUT_SHIP for column in columns):
            made = constructors.made(Position, fixed, lists)  # of bad rows too; nobody looks at those
            for row, record in zip(places, made, strict=True):
                batch.made[row] = record
            return
        for row, part in zip(places, zip(*lists.values(), strict=True), strict=True):
            if row not in batch.bad and row not in left_out:
                batch.made[row] = self._settled(kind.record, dict(zip(lists, part, strict=True)) | fixed)

    def _settled(self, record: type[Decoded], fields: Fields) -> Decoded:
        """A record of fields that must first be seen together."""
        if self.layout.combine:
            self.layout.combine(record, fields, fields["event_time"])
        if record is not SarAircraft:
            ship_facts.settle(fields, fields["event_time"])
        known = record.__struct_fields__
        return record(**{name: value for name, value in fields.items() if value is not None and name in known})

    def _say(self, batch: Batch, rows: Rows, left_out: AbstractSet[int]) -> None:
        """A Static for each row that says of its ship what the ship did not say last."""
        mmsis = batch.lists["mmsi"] if "mmsi" in batch.lists else [batch.alike["mmsi"]] * batch.size
        texts = zip(*(column.texts(batch.table, rows) for column in self.about_ship), strict=True)
        maybe = self._last_said.maybe_news(select(mmsis, rows), texts)
        if not maybe:
            return
        places = range(batch.size) if rows is None else rows
        facts_of, is_bad = self._facts(batch, {digest: places[place] for place, _, digest in reversed(maybe)})
        for place, mmsi, digest in maybe:
            row, facts = places[place], facts_of[digest]
            if row in batch.bad or row in left_out or not self._last_said.is_news(mmsi, digest):
                continue
            if digest in is_bad:
                batch.bad[row] = "bad_value"
            elif ship_facts.is_hollow(facts):
                self._last_said.is_hollow(digest)
            else:
                self._last_said.keep(mmsi, digest)
                own = {name: values[row] for name, values in batch.lists.items()}
                batch.beside[row] = cast(Static, self._settled(Static, facts | batch.alike | own))

    def _facts(self, batch: Batch, row_of: dict[int, int]) -> tuple[dict[int, Fields], set[int]]:
        """What is said under each digest, read once in the row it stands for; and the digests that cannot be read."""
        rows, noted = list(row_of.values()), dict[int, str]()
        lists = values_of(self.about_ship, batch.table, rows, noted)
        facts = [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)] or [
            {} for _ in rows
        ]
        is_bad = {digest for digest, row in row_of.items() if row in noted}
        return dict(zip(row_of, facts, strict=True)), is_bad


def _together(some: Sequence[tuple[Rows, AbstractSet[int]]]) -> tuple[Rows, AbstractSet[int]]:
    """Rows of several kinds as rows of one, in their order: what a ship said last does not depend on the kind of its reports."""
    picked = frozenset(chain.from_iterable(rows for rows, _ in some if rows is not None))
    left_out = next((left_out for rows, left_out in some if rows is None), None)
    return (sorted(picked), _NO_ROWS) if left_out is None else (None, left_out - picked)


def _put_times(batch: Batch, times: Sequence[Any], stamps: dict[Any, Stamp]) -> None:
    """The fields of stamps, in one value where they are alike."""
    for name in ("event_time", "time_source", "time_shift"):
        values = {time: getattr(stamp, name) for time, stamp in stamps.items()}
        if name != "event_time" and len(set(values.values())) == 1:
            batch.alike[name] = next(iter(values.values()))
        else:
            batch.lists[name] = list(map(values.__getitem__, times))


def _shifted(row_text: RowText, first: int) -> RowText:
    return lambda row: row_text(first + row)
