"""GeoJSON (RFC 7946): a collection, or a feature on each line.

It knows no time of a point: those of a line are its property `times`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import msgspec

from fairway.export.table import LAT, LINE, LON, TIME, Batch, Row, Table, Writer, line_of, rfc3339, times_of

BEGIN, BETWEEN, END = b'{"type":"FeatureCollection","features":[\n', b",\n", b"\n]}\n"

Feature = dict[str, Any]


@contextmanager
def collection(file: BinaryIO, table: Table) -> Iterator[Writer]:
    """One FeatureCollection, with a feature on each line."""
    to_feature, encode = _features(table), msgspec.json.Encoder().encode
    before = b""

    def write(batch: Batch) -> None:
        nonlocal before
        file.write(before + BETWEEN.join(encode(to_feature(row)) for row in batch))
        before = BETWEEN

    file.write(BEGIN)
    yield write
    file.write(END)


@contextmanager
def lines(file: BinaryIO, table: Table) -> Iterator[Writer]:
    """Features with an end of line after each, which programs can read one by one."""
    to_feature, encode = _features(table), msgspec.json.Encoder().encode
    yield lambda batch: file.write(b"".join(encode(to_feature(row)) + b"\n" for row in batch))


def _features(table: Table) -> Callable[[Row], Feature]:
    to_properties = _properties(table)
    if table.has_lines:
        number = table.number(LINE)
        return lambda row: _with_line(to_properties(row), row[number])
    lon, lat = table.number(LON), table.number(LAT)
    return lambda row: _feature(to_properties(row), _point(row[lon], row[lat]))


def _properties(table: Table) -> Callable[[Row], Feature]:
    columns = [(number, column.name, column.type == TIME) for number, column in table.properties]

    def properties(row: Row) -> Feature:
        return {
            name: rfc3339(row[number]) if is_time and row[number] is not None else row[number]
            for number, name, is_time in columns
        }

    return properties


def _point(lon: float | None, lat: float | None) -> Feature | None:
    return None if lon is None or lat is None else {"type": "Point", "coordinates": (lon, lat)}


def _with_line(properties: Feature, wkb: Any) -> Feature:
    line = line_of(wkb)
    if line is None:
        return _feature({**properties, "times": None}, None)
    geometry = {"type": "LineString", "coordinates": line[:, :2].tolist()}
    return _feature({**properties, "times": list(times_of(line))}, geometry)


def _feature(properties: Feature, geometry: Feature | None) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
