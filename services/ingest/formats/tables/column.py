"""Columns of a table: where a field's cells are, and their values."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from services.ingest.formats.tables import quantities as q
from services.ingest.formats.tables.cells import BAD, NOTHING, Cells, Convert, DegreeCells
from services.ingest.formats.tables.layout import Reading

Table = Sequence[Sequence[str]]  # columns of cells, all of one length
Rows = Sequence[int] | None  # some rows of a table; None: all of them
Lists = dict[str, Sequence[Any]]  # by field, the values of rows

_LIMITS: dict[Convert, float] = {q.lon: 180.0, q.lat: 90.0}


class Column:
    """A reading with the places of its columns in the table. A required one takes no text for "not available"."""

    def __init__(self, reading: Reading, places: tuple[int, ...], *, required: bool = False) -> None:
        self.reading = reading
        self.field = reading.field
        self.places = places
        limit = self.limit
        nothing: frozenset[str] = frozenset() if required else NOTHING
        self._cells = DegreeCells(reading.convert, limit) if limit else Cells(reading.convert, nothing)

    @property
    def place(self) -> int | None:
        """Of its column; None when it has several."""
        return self.places[0] if len(self.places) == 1 else None

    @property
    def limit(self) -> float | None:
        """Of degrees, which hardly come twice; None of anything else."""
        return _LIMITS.get(self.reading.convert)

    def value(self, text: str) -> Any:
        """What a cell means: None when that is "not available", BAD when it is not of its kind."""
        [value] = self._cells.column([text])
        self._cells.bad = False
        return value

    def texts(self, table: Table, rows: Rows = None) -> Sequence[str]:
        """What the rows say."""
        columns = [select(table[place], rows) for place in self.places]
        return columns[0] if len(columns) == 1 else [" ".join(texts) for texts in zip(*columns, strict=True)]

    def values(self, table: Table, rows: Rows, bad: dict[int, str], reason: str) -> list[Any]:
        """What the rows mean; a row whose cell is not of its kind is noted in `bad`."""
        return self.values_of_texts(self.texts(table, rows), rows, bad, reason)

    def values_of_texts(self, texts: Sequence[str], rows: Rows, bad: dict[int, str], reason: str) -> list[Any]:
        """What `texts` of those rows mean."""
        values = self._cells.column(texts)
        if self._cells.bad:
            self._cells.bad = False
            places = range(len(values)) if rows is None else rows
            for row, value in zip(places, values, strict=True):
                if value is BAD:
                    bad.setdefault(row, reason)
        return values


def values_of(columns: Sequence[Column], table: Table, rows: Rows, bad: dict[int, str]) -> Lists:
    """The values of columns by field, without those that are blank in all rows.

    Where a field has several columns, the first that says something counts.
    """
    lists: Lists = {}
    for column in columns:
        texts = column.texts(table, rows)
        if not any(texts):
            continue
        values: Sequence[Any] = column.values_of_texts(texts, rows, bad, "bad_value")
        before = lists.get(column.field)
        if before is not None:
            values = [late if early is None else early for early, late in zip(before, values, strict=True)]
        lists[column.field] = values
    _pair_positions(lists)
    return lists


def select(values: Sequence[Any], rows: Rows) -> Sequence[Any]:
    """The values of some rows."""
    if rows is None:
        return values
    return itemgetter(*rows)(values) if len(rows) > 1 else [values[row] for row in rows]


def _pair_positions(lists: Lists) -> None:
    """Half a position is none: (0, not available) stands for unknown where only one half has a value for that."""
    lons, lats = lists.get("lon"), lists.get("lat")
    if lons is None or lats is None:
        lists.pop("lon" if lats is None else "lat", None)
        return
    if not (None in lons or None in lats):
        return
    pairs = [(None, None) if lon is None or lat is None else (lon, lat) for lon, lat in zip(lons, lats, strict=True)]
    lists["lon"], lists["lat"] = zip(*pairs, strict=True)
