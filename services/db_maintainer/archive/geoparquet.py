"""The files of the archive: GeoParquet 1.1, points as WKB, compressed with zstd, sorted by mmsi and event_time.

https://geoparquet.org/releases/v1.1.0/. What makes them small: longitudes and latitudes are rounded to multiples of 2^-24 of
a degree, 3 mm, so that the last bytes of their doubles are zeros; the whole numbers of 1e-7 degrees that the database
has come back exactly. PostGIS has the same idea as ST_QuantizeCoordinates. Times are in milliseconds where all are whole ones.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fairway.errors import BadSetting
from fairway.geoparquet import KEY, POINT, Bounds, metadata, points
from services.db_maintainer.archive.columns import COLUMNS, GEOMETRY, PLACE, Way

ROWS_A_GROUP = 250_000  # held in memory at once: the process takes 350 MB then
COMPRESSION_LEVEL = 9
DEGREE = 1e7  # lon and lat are whole numbers of its parts
FINENESS = 2.0**24  # parts of a degree in a file; half a part is 0.3 of 1e-7 degrees, so that these are found again
OURS = b"fairway"
MILLISECONDS, MICROSECONDS = "ms", "us"

_IN_FILE = tuple(column for column in COLUMNS if column.name not in PLACE)
_TEXTS = [column.name for column in _IN_FILE if pa.types.is_string(column.type)]
# Without the lengths between them, points of 21 bytes compress by a sixth better; so do times of which only the steps are there.
_ENCODINGS = {
    GEOMETRY: "DELTA_LENGTH_BYTE_ARRAY",
    "event_time": "DELTA_BINARY_PACKED",
    "received_at": "DELTA_BINARY_PACKED",
}


class NotOurs(BadSetting):
    """A file that is not one of the archive."""


@dataclass(frozen=True)
class Contents:
    """What a file says of itself."""

    day: str  # YYYY-MM-DD, UTC
    source: str
    rows: int
    checksum: str
    time_unit: str = MICROSECONDS  # of event_time and received_at in the file


def schema(time_unit: str) -> pa.Schema:
    """The columns of a file."""
    time = pa.timestamp(time_unit, tz="UTC")
    columns = [(column.name, time if column.way is Way.TIME else column.type) for column in _IN_FILE]
    return pa.schema([(GEOMETRY, pa.binary()), *columns])


class Writer:
    """Writes the file that `contents` tells of; `close` completes it. Rows come as batches with the columns of COLUMNS."""

    def __init__(self, path: Path, contents: Contents) -> None:
        self._contents = contents
        self._schema = schema(contents.time_unit)
        self._file = pq.ParquetWriter(
            path,
            self._schema,
            compression="zstd",
            compression_level=COMPRESSION_LEVEL,
            use_dictionary=_TEXTS,
            column_encoding=_ENCODINGS,
            data_page_version="2.0",
        )
        self._waiting: list[pa.RecordBatch] = []
        self._bounds = Bounds()

    def write(self, batch: pa.RecordBatch) -> None:
        """Take rows in; they are written in groups of ROWS_A_GROUP."""
        self._waiting.append(batch)
        if sum(some.num_rows for some in self._waiting) >= ROWS_A_GROUP:
            self._write_group()

    def close(self) -> None:
        """Write what waits, and what the file says of itself."""
        self._write_group()
        self._file.add_key_value_metadata(
            {KEY: metadata(["Point"], self._bounds), OURS.decode(): json.dumps(vars(self._contents))}
        )
        self._file.close()

    def _write_group(self) -> None:
        table = pa.Table.from_batches(self._waiting).combine_chunks() if self._waiting else None
        self._waiting = []
        if table is None or not table.num_rows:
            return
        [batch] = table.to_batches()
        self._bounds.note(*(_degrees(batch.column(name).drop_null()) for name in PLACE))
        columns = [
            geometry_of(batch),
            *(batch.column(column.name).cast(self._schema.field(column.name).type) for column in _IN_FILE),
        ]
        self._file.write_batch(pa.RecordBatch.from_arrays(columns, schema=self._schema), row_group_size=ROWS_A_GROUP)


def geometry_of(batch: pa.RecordBatch) -> pa.Array:
    """The points of lon and lat; null where there is none."""
    lon, lat = (batch.column(name) for name in PLACE)
    is_null = lon.is_null().to_numpy(zero_copy_only=False)
    return points(_degrees(lon.fill_null(0)), _degrees(lat.fill_null(0)), is_null)


def place_of(geometry: pa.Array) -> dict[str, pa.Array]:
    """lon and lat of points, as geometry_of made them."""
    is_null = geometry.is_null().to_numpy(zero_copy_only=False)
    empty = np.zeros(1, POINT).tobytes()
    fixed = geometry.fill_null(empty).cast(pa.binary(POINT.itemsize))
    values = np.frombuffer(fixed.buffers()[1], POINT)[fixed.offset : fixed.offset + len(fixed)]
    return {name: pa.array(_whole(values[name]), pa.int32(), mask=is_null) for name in PLACE}


def _degrees(values: pa.Array) -> NDArray[np.float64]:
    """As they are in a file."""
    return np.asarray(np.rint(values.to_numpy() / DEGREE * FINENESS) / FINENESS, np.float64)


def _whole(degrees: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.rint(degrees.astype(np.float64) * DEGREE).astype(np.int32)


@contextmanager
def opened(path: Path) -> Iterator[tuple[pq.ParquetFile, Contents]]:
    """A file of the archive, and what it says of itself. Raises NotOurs."""
    try:
        with pq.ParquetFile(path) as file:
            yield file, _contents(file, path)
    except FileNotFoundError:
        raise NotOurs(f"there is no file {path}") from None
    except (OSError, pa.ArrowInvalid) as error:
        reason = str(error).strip().partition("\n")[0]
        raise NotOurs(f"{path} cannot be read as Parquet: {reason}") from None


def batches(file: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    """The rows of a file, with the columns of COLUMNS, some at a time."""
    for group in range(file.num_row_groups):
        for batch in file.iter_batches(batch_size=ROWS_A_GROUP // 4, row_groups=[group], use_threads=False):
            columns = {**{name: batch.column(name) for name in batch.schema.names}, **place_of(batch.column(GEOMETRY))}
            yield pa.RecordBatch.from_arrays(
                [columns[column.name].cast(column.type) for column in COLUMNS], [column.name for column in COLUMNS]
            )


def _contents(file: pq.ParquetFile, path: Path) -> Contents:
    found = (file.metadata.metadata or {}).get(OURS)
    if found is None or not set(schema(MICROSECONDS).names) <= set(file.schema_arrow.names):
        raise NotOurs(f"{path} is not a file of the archive: `fairway db archive` writes them")
    return Contents(**json.loads(found))
