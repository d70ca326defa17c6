"""Positions as one array of rows: the form in which a group of them is gathered, sorted and copied.

A row holds the columns of ais.position_rows. Null is NaN in a real number, and in a whole number or a flag the least value of
its type, which no field can have.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairway import clock
from fairway.records import Position
from services.db_inserter.labels import Label, label_of
from services.db_inserter.words import MICROSECONDS_A_DAY

ROW = np.dtype(
    [
        ("event_time", np.int64),  # microseconds since 1970 UTC
        ("received_at", np.int64),
        ("mmsi", np.int32),
        ("lon", np.int32),  # 1e-7 degrees
        ("lat", np.int32),
        ("label", np.int32),  # number in ais.position_labels
        ("sog", np.float32),
        ("cog", np.float32),
        ("rot", np.float32),
        ("radio", np.int32),
        ("msg_type", np.int16),
        ("repeat", np.int16),
        ("heading", np.int16),
        ("nav_status", np.int16),
        ("second", np.int16),
        ("maneuver", np.int16),
        ("reserved", np.int16),
        ("accuracy", np.int8),
        ("raim", np.int8),
        ("cs", np.int8),
        ("display", np.int8),
        ("dsc", np.int8),
        ("band", np.int8),
        ("msg22", np.int8),
        ("assigned", np.int8),
        ("gnss", np.int8),
        ("time_shift", np.float64),
    ]
)
COLUMNS: tuple[str, ...] = ROW.names or ()
REQUIRED = frozenset({"event_time", "received_at", "mmsi", "label"})
UNITS_A_DEGREE = 10_000_000

Rows = NDArray[Any]
_PLAIN = np.dtype(f"V{ROW.itemsize}")


class BadValue(ValueError):
    """A position has a value that its column cannot hold."""


def null_of(column: str) -> float:
    """What stands for null in a column."""
    kind = ROW[column]
    return float("nan") if kind.kind == "f" else int(np.iinfo(kind).min)


NULLS: Mapping[str, float] = {column: null_of(column) for column in COLUMNS}
_NOTHING = np.array([tuple(NULLS.values())], dtype=ROW)
_FIELDS = tuple(column for column in COLUMNS if column not in {"event_time", "received_at", "lon", "lat", "label"})
_plain = attrgetter(*_FIELDS)


@dataclass(frozen=True)
class Positions:
    """Rows whose `label` is an index of `labels`, and for each row the number of its batch within the group."""

    rows: Rows
    labels: Sequence[Label]
    batch: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.rows)

    def of_batches(self, wanted: NDArray[np.bool_]) -> "Positions":
        """Those of the batches that are wanted."""
        if wanted.all():
            return self
        return self.of(np.flatnonzero(wanted[self.batch]))

    def in_order(self) -> "Positions":
        """By day (UTC), MMSI and event_time: a COPY stays within a partition, and a ship's rows lie beside each other."""
        return self.of(_order(self.rows))

    def of(self, chosen: NDArray[np.int64]) -> "Positions":
        """Some rows, in the order in which they are named."""
        return Positions(rows_of(self.rows, chosen), self.labels, self.batch[chosen])


def _order(rows: Rows) -> NDArray[np.int64]:
    mmsi, time = rows["mmsi"].astype(np.int64), rows["event_time"]
    day = time // MICROSECONDS_A_DAY
    if not len(rows) or (day != day[0]).any():
        return np.lexsort((time, mmsi, day))
    # One key of 31 bits of MMSI above the milliseconds of the day sorts in half the time.
    return np.argsort((mmsi << 32) + (time - day[0] * MICROSECONDS_A_DAY) // 1000)


def rows_of(rows: Rows, chosen: NDArray[np.int64]) -> Rows:
    """The chosen rows. As plain bytes: numpy would copy rows field by field."""
    found: Rows = rows.view(_PLAIN).take(chosen).view(ROW)
    return found


def empty_rows(count: int) -> Rows:
    """Rows in which every value is null."""
    return np.repeat(_NOTHING, count)


def join(parts: Iterable[Positions]) -> Positions:
    """All positions, under one list of labels."""
    all_rows, all_batches = [empty_rows(0).view(_PLAIN)], [np.empty(0, np.int32)]
    numbers: dict[Label, int] = {}
    for part in parts:
        if len(part):
            places = [numbers.setdefault(label, len(numbers)) for label in part.labels]
            part.rows["label"] = np.array(places, dtype=np.int32)[part.rows["label"]]
            all_rows.append(part.rows.view(_PLAIN))
            all_batches.append(part.batch)
    return Positions(np.concatenate(all_rows).view(ROW), list(numbers), np.concatenate(all_batches))


def of_records(numbered: Sequence[tuple[Position, int]]) -> Positions:
    """Positions from records, their times being sound, each with the number of its batch. Raises BadValue."""
    positions = [position for position, _ in numbered]
    numbers: dict[Label, int] = {}
    labels = [numbers.setdefault(label_of(position), len(numbers)) for position in positions]
    rows = empty_rows(len(positions))
    for column in "event_time", "received_at":
        rows[column] = [clock.to_ms(getattr(position, column)) * 1000 for position in positions]
    rows["label"] = labels
    for column, values in zip(_FIELDS, zip(*map(_plain, positions), strict=True), strict=False):
        rows[column] = _checked(column, values)
    located = [(p.lon, p.lat) if p.lon is not None and p.lat is not None else (None, None) for p in positions]
    for column, values in zip(("lon", "lat"), zip(*located, strict=True), strict=False):
        rows[column] = _checked(column, [None if v is None else round(v * UNITS_A_DEGREE) for v in values])
    return Positions(rows, list(numbers), np.array([number for _, number in numbered], dtype=np.int32))


def _checked(column: str, values: Sequence[Any]) -> list[float]:
    kind, null = ROW[column], NULLS[column]
    most = float(np.finfo(kind).max if kind.kind == "f" else np.iinfo(kind).max)
    for value in values:
        if value is not None and not abs(value) <= most:
            raise BadValue(f"{column} of a position cannot be {value}")
    return [null if value is None else value for value in values]
