"""The columns of what is exported, and which of them is the place."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from fairway import clock

Row = tuple[Any, ...]
Batch = list[Row]
Line = NDArray[np.float64]  # a row for each point: longitude, latitude, seconds since 1970

# PostgreSQL's numbers for types (pg_type.dat)
BOOLEAN, INT8, INT2, INT4, REAL, DOUBLE, TIME = 16, 20, 21, 23, 700, 701, 1184

LON, LAT, LINE = "lon", "lat", "geom"

_LINE_HEADER = np.dtype([("order", "u1"), ("type", "<u4"), ("points", "<u4")])
_LINE = 2  # geometry type in WKB
_LINE_WITH_TIME = 2002  # with an M


@dataclass(frozen=True)
class Column:
    """A column by its name and PostgreSQL's number for its type."""

    name: str
    type: int


@dataclass(frozen=True)
class Table:
    """Rows with a point each, whose lon and lat are columns, or with a line each, which is their last column as WKB."""

    columns: tuple[Column, ...]
    has_lines: bool

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def properties(self) -> list[tuple[int, Column]]:
        """The columns that are not the place, each with its number."""
        place = (LINE,) if self.has_lines else (LON, LAT)
        return [(number, column) for number, column in enumerate(self.columns) if column.name not in place]

    def number(self, name: str) -> int:
        """Which column has this name."""
        return self.names.index(name)


# What writes a format: begins a file when it is entered, takes batches, and completes the file when it is left without an error.
Writer = Callable[[Batch], object]
Writing = Callable[[BinaryIO, Table], AbstractContextManager[Writer]]


def rfc3339(moment: datetime) -> str:
    """A time in UTC, to the millisecond, or to the microsecond where that is needed."""
    text = moment.astimezone(UTC).isoformat(timespec="microseconds" if moment.microsecond % 1000 else "milliseconds")
    return text.replace("+00:00", "Z")


def line_of(wkb: Any) -> Line | None:
    """The points of a line with times; None for a stretch without one, as it has one position alone."""
    if wkb is None:
        return None
    [header] = np.frombuffer(wkb, _LINE_HEADER, 1)
    if (header["order"], header["type"]) != (1, _LINE_WITH_TIME):
        raise ValueError(f"a line with M was expected, not WKB of type {header['type']}")
    return np.frombuffer(wkb, "<f8", int(header["points"]) * 3, _LINE_HEADER.itemsize).reshape(-1, 3)


def flat_wkb(line: Line) -> bytes:
    """A line as WKB, without its times."""
    header = np.array([(1, _LINE, len(line))], _LINE_HEADER)
    return header.tobytes() + np.ascontiguousarray(line[:, :2]).tobytes()


def wkt(line: Line) -> str:
    """A line as text, with seconds since 1970 as M."""
    return f"LINESTRING M ({', '.join(f'{lon!r} {lat!r} {_number(m)}' for lon, lat, m in line.tolist())})"


def times_of(line: Line) -> Iterator[str]:
    """The time at each point of a line, to the millisecond."""
    return (clock.to_text(ms) for ms in milliseconds(line).tolist())


def milliseconds(line: Line) -> NDArray[np.int64]:
    """The times of a line since 1970."""
    return np.rint(line[:, 2] * 1000).astype(np.int64)


def _number(seconds: float) -> str:
    return f"{seconds:.3f}".rstrip("0").rstrip(".")
