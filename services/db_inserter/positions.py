"""Positions as rows: the form in which a group of them is read, put in order and copied. They are nine records in ten.

A row holds the columns of ais.position_rows; what many reports say alike is one number, see labels.py.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairway.columns import Rows, Shape
from fairway.records import Position, kind_of
from services.db_inserter.binary_copy import Order
from services.db_inserter.labels import PARTS
from services.db_inserter.tables import NOT_STORED, POSITION_ROWS, Table, Type, is_null

MICROSECONDS_A_DAY = 86_400_000_000
MICROSECONDS_A_HALF_HOUR = 1_800_000_000

_TYPES: dict[Type, Sequence[str]] = {
    Type.TIMESTAMP: ("event_time", "received_at"),
    Type.INTEGER: ("mmsi", "lon", "lat", "label", "radio"),  # lon and lat in 1e-7 degrees
    Type.REAL: ("sog", "cog", "rot"),
    Type.SMALLINT: ("msg_type", "repeat", "heading", "nav_status", "second", "maneuver", "reserved", "flags"),
    Type.BOOLEAN: ("accuracy", "raim", "cs", "display", "dsc", "band", "msg22", "assigned", "gnss"),
    Type.DOUBLE: ("time_shift",),
}
POSITIONS = Table(POSITION_ROWS, {name: kind for kind, names in _TYPES.items() for name in names})
SHAPE = Shape(
    (kind_of(Position),),
    POSITIONS.row,
    POSITIONS.nulls,
    body="batch",
    label="label",
    parts=PARTS,
    passes_over=NOT_STORED,
)


# Each a column side by side: by these positions are chosen and put in order. In rows every look at one fetches all the others.
Keys = Mapping[str, NDArray[Any]]
_KEYS = ("event_time", "received_at", "mmsi", "lon", "lat", "label", "msg_type", "flags", "batch")
_ROWS_AT_ONCE = 2000  # that a processor's cache holds while their columns are picked one after the other


def keys_of(rows: Rows) -> Keys:
    """The keys of positions, in the order of their rows."""
    keys = {name: np.empty(len(rows), rows.dtype[name]) for name in _KEYS}
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = slice(start, start + _ROWS_AT_ONCE)
        for name, values in keys.items():
            values[some] = rows[some][name]
    return keys


def empty_halves(rows: Rows, keys: Keys) -> None:
    """Half a position is none."""
    half = is_null(Type.INTEGER, keys["lon"]) != is_null(Type.INTEGER, keys["lat"])
    if half.any():
        for column in "lon", "lat":
            rows[column][half] = keys[column][half] = Type.INTEGER.null


def in_order(keys: Keys) -> Order:
    """By day (UTC), MMSI and event_time: a COPY stays within a partition, and a ship's rows lie beside each other."""
    mmsi, time = keys["mmsi"].astype(np.int64), keys["event_time"]
    first, last = (int(time.min()), int(time.max())) if len(time) else (0, 0)
    if first // MICROSECONDS_A_DAY != last // MICROSECONDS_A_DAY:
        return np.lexsort((time, mmsi, time // MICROSECONDS_A_DAY))
    # One key of 31 bits of MMSI above the milliseconds since the first sorts in half the time.
    return np.argsort((mmsi << 32) + (time - first) // 1000)


def days(keys: Keys) -> list[int]:
    """The days of positions, since 1970."""
    return _periods(keys, MICROSECONDS_A_DAY)


def half_hours(keys: Keys) -> list[int]:
    """The half hours of positions, since 1970."""
    return _periods(keys, MICROSECONDS_A_HALF_HOUR)


def _periods(keys: Keys, microseconds: int) -> list[int]:
    found = keys["event_time"] // microseconds
    return sorted(set(found[np.flatnonzero(np.diff(found, prepend=-1))].tolist()))
