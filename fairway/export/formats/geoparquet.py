"""GeoParquet, compressed with zstd: `geometry` in place of lon and lat, or a line, whose points have their times in `times`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fairway.export.table import (
    BOOLEAN,
    DOUBLE,
    INT2,
    INT4,
    INT8,
    LAT,
    LINE,
    LON,
    REAL,
    TIME,
    Batch,
    Table,
    Writer,
    flat_wkb,
    line_of,
    milliseconds,
)
from fairway.geoparquet import GEOMETRY, KEY, Bounds, metadata, points

ROWS_A_GROUP = 50_000  # held in memory at once, about 30 MB of positions
POINTS_A_GROUP = 1_000_000  # of lines, 32 MB
COMPRESSION_LEVEL = 9
TIMES = "times"

_TYPES = {
    BOOLEAN: pa.bool_(),
    INT2: pa.int16(),
    INT4: pa.int32(),
    INT8: pa.int64(),
    REAL: pa.float32(),
    DOUBLE: pa.float64(),
    TIME: pa.timestamp("us", tz="UTC"),
}
_TIMES = pa.list_(pa.timestamp("ms", tz="UTC"))


@contextmanager
def writing(file: BinaryIO, table: Table) -> Iterator[Writer]:
    """Writes rows in groups of ROWS_A_GROUP, or of lines with POINTS_A_GROUP."""
    sink = _Sink(file)
    groups = _Groups(sink, table)
    try:
        yield groups.take
        groups.close()
    finally:
        sink.is_open = False


class _Groups:
    """Gathers rows until they make a group."""

    def __init__(self, sink: "_Sink", table: Table) -> None:
        self._table = table
        self._schema = _schema(table)
        self._file = pq.ParquetWriter(sink, self._schema, compression="zstd", compression_level=COMPRESSION_LEVEL)
        self._bounds = Bounds()
        self._waiting: list[pa.RecordBatch] = []
        self._points = 0

    def take(self, batch: Batch) -> None:
        columns = list(zip(*batch, strict=True))
        place = self._lines(columns) if self._table.has_lines else self._places(columns)
        properties = [
            pa.array(columns[n], self._schema.field(column.name).type) for n, column in self._table.properties
        ]
        arrays = [place[0], *properties, *place[1:]]
        self._waiting.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        if sum(each.num_rows for each in self._waiting) >= ROWS_A_GROUP or self._points >= POINTS_A_GROUP:
            self._write_group()

    def close(self) -> None:
        self._write_group()
        kind = "LineString" if self._table.has_lines else "Point"
        self._file.add_key_value_metadata({KEY: metadata([kind], self._bounds)})
        self._file.close()

    def _write_group(self) -> None:
        if self._waiting:
            self._file.write_table(pa.Table.from_batches(self._waiting), row_group_size=ROWS_A_GROUP)
        self._waiting, self._points = [], 0

    def _places(self, columns: list[tuple[Any, ...]]) -> list[pa.Array]:
        lon, lat = (np.array(columns[self._table.number(name)], np.float64) for name in (LON, LAT))  # None is NaN
        is_null = np.isnan(lon) | np.isnan(lat)
        self._bounds.note(lon[~is_null], lat[~is_null])
        return [points(lon, lat, is_null)]

    def _lines(self, columns: list[tuple[Any, ...]]) -> list[pa.Array]:
        found = [line_of(wkb) for wkb in columns[self._table.number(LINE)]]
        for line in found:
            if line is not None:
                self._bounds.note(line[:, 0], line[:, 1])
                self._points += len(line)
        return [
            pa.array([None if line is None else flat_wkb(line) for line in found], pa.binary()),
            pa.array([None if line is None else milliseconds(line) for line in found], pa.list_(pa.int64())).cast(
                _TIMES
            ),
        ]


def _schema(table: Table) -> pa.Schema:
    return pa.schema(
        [
            (GEOMETRY, pa.binary()),
            *((column.name, _TYPES.get(column.type, pa.string())) for _, column in table.properties),
            *([(TIMES, _TIMES)] if table.has_lines else []),
        ]
    )


class _Sink:
    """A file that takes nothing more once an export has failed: pyarrow completes what it gives up, and it would look whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.is_open = True
        self.closed = False

    def write(self, data: Any) -> int:
        return self._file.write(data) if self.is_open else len(data)

    def flush(self) -> None:
        if self.is_open:
            self._file.flush()
