"""Which kind of record goes to which table, and which of its fields to which column.

A column has its field's name. `geom` is made of lon and lat, `fields` of what `other` says that has no column of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from fairway import records
from fairway.columns import NO_TEXT, Rows, Shape
from fairway.records import Decoded, kind_of

# The digest serves to drop the second hearing of a transmission; after the filter it says nothing more.
NOT_STORED = frozenset({"digest"})

# What a type 19 says of who the ship is; it goes where all static data goes.
STATIC_FIELDS_OF_POSITION = ("name", "ship_type", "to_bow", "to_stern", "to_port", "to_starboard", "fix_type", "dte")

# The fields of `other` that several of its types have; each of the rest belongs to one or two types.
COMMON_FIELDS_OF_OTHER = ("dest_mmsi_1", "dest_mmsi_2", "dest_mmsi_3", "dest_mmsi_4")

# Whole numbers that need four bytes; two are enough for all others.
WIDE = frozenset(
    {
        "mmsi",
        "radio",
        "imo",
        "vendor_serial",
        "mothership_mmsi",
        "altitude",
        "dest_mmsi",
        "bits",
        *COMMON_FIELDS_OF_OTHER,
    }
)
TIMES = frozenset({"event_time", "received_at", "utc_time", "eta"})
DOUBLES = frozenset({"time_shift"})


class Type(Enum):
    """A type of PostgreSQL, with the type of the fields of a row that hold its values."""

    TIMESTAMP = 0, np.int64  # microseconds since 1970 UTC
    BIGINT = 1, np.int64
    INTEGER = 2, np.int32
    SMALLINT = 3, np.int16
    REAL = 4, np.float32
    DOUBLE = 5, np.float64
    BOOLEAN = 6, np.int8
    TEXT = 7, np.int32  # by its number
    JSONB = 8, np.int32  # likewise
    POINT = 9, np.float64  # of two fields, lon and lat, in degrees

    @property
    def form(self) -> "np.dtype[Any]":
        """Of a field."""
        found: np.dtype[Any] = np.dtype(self.value[1])
        return found

    @property
    def null(self) -> float:
        """What stands for null in a field."""
        if self in (Type.TEXT, Type.JSONB):
            return NO_TEXT
        return float("nan") if self.form.kind == "f" else int(np.iinfo(self.form).min)


@dataclass(frozen=True, eq=False)
class Table:
    """A table: its name, and its columns with their types. `defaults` are fields that are never null where nobody says them."""

    name: str
    columns: Mapping[str, Type]
    defaults: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def fields(self) -> Mapping[str, Type]:
        """The fields of its rows: those of its columns."""
        found: dict[str, Type] = {}
        for name, kind in self.columns.items():
            found |= dict.fromkeys(("lon", "lat"), kind) if kind is Type.POINT else {name: kind}
        return found

    @cached_property
    def row(self) -> "np.dtype[np.void]":
        """The type of a row: its fields, and which batch of the group it came with."""
        return np.dtype([(name, kind.form) for name, kind in self.fields.items()] + [("batch", np.dtype(np.int32))])

    @cached_property
    def nulls(self) -> Rows:
        """A row that says nothing."""
        values = [self.defaults.get(name, kind.null) for name, kind in self.fields.items()]
        return np.array([(*values, 0)], self.row)

    def rows(self, count: int) -> Rows:
        """Rows that say nothing."""
        return np.repeat(self.nulls, count)


def is_null(kind: Type, values: NDArray[Any]) -> NDArray[np.bool_]:
    """Which values of a column are null."""
    found: NDArray[np.bool_] = np.isnan(values) if kind.form.kind == "f" else values == kind.null
    return found


def _type_of(name: str, hint: object) -> Type:
    if name in TIMES:
        return Type.TIMESTAMP
    for word, kind in (
        ("dict", Type.JSONB),
        ("float", Type.DOUBLE if name in DOUBLES else Type.REAL),
        ("bool", Type.BOOLEAN),
        ("int", Type.INTEGER if name in WIDE else Type.SMALLINT),
    ):
        if word in str(hint):
            return kind
    return Type.TEXT


def _columns(kind: type[Decoded]) -> dict[str, Type]:
    """All fields of a kind that are stored, lon and lat as one column."""
    hints = get_type_hints(kind)
    found = {name: _type_of(name, hints[name]) for name in kind.__struct_fields__ if name not in NOT_STORED}
    if "lon" in found:
        del found["lon"], found["lat"]
        found["geom"] = Type.POINT
    return found


# A report's own rows: its texts by their numbers, and beside the columns what it `said`, as JSON.
_COMMON = _columns(Decoded)
_DEFAULTS = {"own_ship": 0}


def _table(name: str, kind: type[Decoded]) -> Table:
    return Table(name, _columns(kind), _DEFAULTS)


# Positions are not here: see positions.py. Nor is static data: see vessels.py for the present, static_reports.py for the history.
TABLES: dict[type[Decoded], Table] = {
    records.BaseStation: _table("ais.base_station_reports", records.BaseStation),
    records.Aton: _table("ais.aton_reports", records.Aton),
    records.SarAircraft: _table("ais.sar_aircraft_positions", records.SarAircraft),
    records.Safety: _table("ais.safety_messages", records.Safety),
    records.Binary: _table("ais.binary_messages", records.Binary),
    records.Other: Table(
        "ais.other_messages",
        {**_COMMON, **dict.fromkeys(COMMON_FIELDS_OF_OTHER, Type.INTEGER), "fields": Type.JSONB},
        _DEFAULTS,
    ),
}
POSITION_ROWS = "ais.position_rows"  # of which positions.py tells the columns

# Static data as it comes; what it `said` is JSON that tells whether two reports say the same. The number of its line tells which
# of two came first.
STATIC = Table("", {**_columns(records.Static), "said": Type.TEXT, "line": Type.INTEGER}, _DEFAULTS)


def shape_of(kind: type[Decoded]) -> Shape:
    """How lines of a kind of TABLES become rows of its table."""
    table = TABLES[kind]
    gathered = "fields" if "fields" in table.columns else None
    rest = [name for name in kind.__struct_fields__ if name not in table.fields and name not in NOT_STORED]
    return Shape(
        (kind_of(kind),),
        table.row,
        table.nulls,
        body="batch",
        gathered=gathered,
        gathers=rest if gathered else (),
        passes_over=NOT_STORED,
    )
