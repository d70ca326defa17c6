"""Which kind of record goes to which table, and which of its fields to which column.

A column has its field's name. `derived` are the columns that are computed: `geom` of lon and lat, `fields` of the rest, and
`content` as JSON.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from struct import Struct
from typing import Any

import msgspec

from fairway import records
from fairway.records import Decoded

WKB_LITTLE_ENDIAN = 1
WKB_POINT_WITH_SRID = 0x20000001
WGS_84 = 4326
_point = Struct("<BIIdd").pack

# The digest serves to drop the second hearing of a transmission; after the filter it says nothing more.
NOT_STORED = frozenset({"digest"})
_POINT = frozenset({"lon", "lat"})

# What a type 19 says of who the ship is; it goes where all static data goes.
STATIC_FIELDS_OF_POSITION = ("name", "ship_type", "to_bow", "to_stern", "to_port", "to_starboard", "fix_type", "dte")

# The fields of `other` that several of its types have; each of the rest belongs to one or two types.
COMMON_FIELDS_OF_OTHER = ("dest_mmsi_1", "dest_mmsi_2", "dest_mmsi_3", "dest_mmsi_4")


def geometry(record: Any) -> str | None:
    """The record's position as EWKB in hex; None without one."""
    lon, lat = record.lon, record.lat
    if lon is None or lat is None:
        return None
    return _point(WKB_LITTLE_ENDIAN, WKB_POINT_WITH_SRID, WGS_84, lon, lat).hex()


def remaining_fields(record: Decoded) -> str:
    """The fields of an `other` record that have no column of their own, as a JSON object without nulls."""
    values = ((name, getattr(record, name)) for name in _REST_OF_OTHER)
    return msgspec.json.encode({name: value for name, value in values if value is not None}).decode()


def content_json(record: Any) -> str | None:
    """What an application says, as a JSON object; None when it is not known."""
    content = record.content
    if content is None:
        return None
    text = msgspec.json.encode(content).decode()
    if "\\u0000" in text:  # PostgreSQL stores no NUL
        return msgspec.json.encode(_without_nul(content)).decode()
    return text


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(each) for name, each in value.items()}
    return [_without_nul(each) for each in value] if isinstance(value, list) else value


Derive = Callable[[Any], str | None]


@dataclass(frozen=True)
class Table:
    """One table: its name, the columns that are plain fields, and those that are derived, at least one."""

    name: str
    plain: tuple[str, ...]
    derived: Mapping[str, Derive]
    get: Callable[[Any], tuple[Any, ...]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "get", attrgetter(*self.plain))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in the order of a row's values."""
        return (*self.plain, *self.derived)


def _fields(kind: type[Decoded], without: Sequence[str] = ()) -> tuple[str, ...]:
    return tuple(name for name in kind.__struct_fields__ if name not in NOT_STORED and name not in without)


def _located(name: str, kind: type[Decoded], without: Sequence[str] = (), **derived: Derive) -> Table:
    return Table(name, _fields(kind, (*without, *_POINT, *derived)), {"geom": geometry, **derived})


_COMMON = _fields(Decoded)
_REST_OF_OTHER = _fields(records.Other, (*_COMMON, *COMMON_FIELDS_OF_OTHER))

POSITION_ROWS = "ais.position_rows"  # of which position_rows.py tells the columns

# Positions are not here: see position_rows.py. Nor is static data: see vessels.py for the present, static_reports.py for the
# history.
TABLES: dict[type[Decoded], Table] = {
    records.BaseStation: _located("ais.base_station_reports", records.BaseStation),
    records.Aton: _located("ais.aton_reports", records.Aton),
    records.SarAircraft: _located("ais.sar_aircraft_positions", records.SarAircraft),
    records.Safety: Table("ais.safety_messages", _fields(records.Safety, ("text",)), {"text": attrgetter("text")}),
    records.Binary: _located("ais.binary_messages", records.Binary, content=content_json),
    records.Other: Table("ais.other_messages", (*_COMMON, *COMMON_FIELDS_OF_OTHER), {"fields": remaining_fields}),
}
