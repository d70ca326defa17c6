"""Tables in Parquet files, GeoParquet among them: the same columns by name as tables of text, streamed in batches.

Each column that a layout wants becomes text in one step of the Arrow library (numbers in their shortest form, times as ISO
8601), so that one set of rules reads both. Points in WKB give longitude and latitude when no columns do. pyarrow takes a
quarter of a second to import, so it is imported when the first Parquet file is read.
"""

import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairway.errors import BadSetting
from services.ingest.content.flow import Damaged
from services.ingest.event_time import EventTimes
from services.ingest.formats.tables.columns import plain
from services.ingest.formats.tables.last_said import LastSaid
from services.ingest.formats.tables.layout import Layout
from services.ingest.formats.tables.mapping import Mapping
from services.ingest.formats.tables.plan import Plan
from services.ingest.formats.tables.table import known_layout
from services.ingest.line_format import Moment, Taken, Tally

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 1_000
READ_ROWS = 16_000  # at a time from the file
FORGET_ROWS = 100_000  # what ships said last is forgotten at each multiple, so that reading may go on from there
GEOMETRY = ("geometry", "geom", "wkbgeometry", "thegeom")
LON_LAT = ("longitude", "latitude")  # the names of what is read from geometry
_POINT = 1  # WKB geometry type; EWKB puts flags into the high bits
_SRID_FLAG = 0x20000000


class ParquetTable:
    """One file. `rows` is how many it has."""

    def __init__(
        self, path: Path, source: str, times: EventTimes, tally: Tally, mapping: Mapping | None = None
    ) -> None:
        self._path, self._source, self._times, self._tally, self._mapping = path, source, times, tally, mapping

    @property
    def rows(self) -> int:
        """Raises Damaged when the file is not Parquet."""
        with self._open() as file:
            return int(file.metadata.num_rows)

    def batches(self, moment: Moment, start_row: int = 0) -> Iterator[list[Taken]]:
        """The records of every BATCH_ROWS rows from `start_row`, a multiple of it; the last batch may have fewer rows.

        From a multiple of FORGET_ROWS the records are those of a reading from the start. Raises BadSetting when Fairway
        does not know the columns, Damaged when the file is.
        """
        last_said = LastSaid()
        with self._open() as file:
            with _damage():
                names, layout = self._known(file)
            plan = Plan(layout, list(names.values()), self._source, self._times, self._tally, last_said)
            row = start_row
            for table in _texts(file, list(names), start_row):
                if row % FORGET_ROWS == 0:
                    last_said.forget()
                row += len(table[0])
                yield self._taken(plan, table, moment)

    def _taken(self, plan: Plan, table: Sequence[Sequence[str]], moment: Moment) -> list[Taken]:
        rows: list[Sequence[Taken]] = []
        self._tally.lines += len(table[0])
        self._tally.data_lines += len(table[0])
        plan.take(table, lambda row: ",".join(cells[row] for cells in table), moment, rows)
        return list(chain.from_iterable(rows))

    def _open(self) -> "pa.parquet.ParquetFile":
        import pyarrow.parquet as pq

        with _damage():
            return pq.ParquetFile(self._path, memory_map=True)

    def _known(self, file: "pa.parquet.ParquetFile") -> tuple[dict[str, str], Layout]:
        """The columns that are read, with their plain names, and how."""
        times = Counter(field.name for field in file.schema_arrow)  # Arrow cannot give one of two columns of a name
        fields = [field for field in file.schema_arrow if times[field.name] == 1]
        names = {field.name: plain(field.name) for field in fields if _can_be_text(field.type)}
        layout = known_layout(list(names.values()), self._mapping)
        point = next(
            (field.name for field in fields if plain(field.name) in GEOMETRY and _is_geometry(field.type)), None
        )
        if layout is None or (point is not None and not _has_position(layout)):
            names = names if point is None else names | {f"{point}.{name}": name for name in LON_LAT}
            layout = known_layout(list(names.values()), self._mapping)
        if layout is None:
            raise BadSetting(
                f"{self._path} has no columns that Fairway knows (they are {', '.join([*names][:12])});"
                " say with a mapping which are MMSI, time and position"
            )
        wanted = _columns_of(layout)
        return {name: its_plain for name, its_plain in names.items() if its_plain in wanted}, layout


def _has_position(layout: Layout) -> bool:
    return any(reading.field == "lon" for reading in layout.readings)


def _columns_of(layout: Layout) -> set[str]:
    """The plain names of all columns that a layout reads."""
    readings = [*layout.readings, *(each for each in (layout.mmsi, layout.time) if each)]
    columns = {column for reading in readings for column in reading.columns}
    if layout.kind_column:
        columns.add(layout.kind_column)
    return columns | (_columns_of(layout.other) if layout.other else set())


def _texts(file: "pa.parquet.ParquetFile", names: Sequence[str], start_row: int) -> Iterator[list[Sequence[str]]]:
    """Columns of text, BATCH_ROWS at a time. Row groups that end before `start_row` are not read."""
    import pyarrow as pa

    groups, skip = _groups_from(file, start_row)
    inside = list(dict.fromkeys(_inside(name) for name in names))
    held: pa.Table | None = None
    with _damage():
        for batch in file.iter_batches(READ_ROWS, row_groups=groups, columns=inside, use_threads=False):
            piece = pa.Table.from_batches([batch])
            held = piece if held is None else pa.concat_tables([held, piece])
            held, skip = held.slice(skip), max(0, skip - held.num_rows)
            while held.num_rows >= BATCH_ROWS:
                yield _as_text(held.slice(0, BATCH_ROWS), names)
                held = held.slice(BATCH_ROWS)
        if held is not None and held.num_rows:
            yield _as_text(held, names)


@contextmanager
def _damage() -> Iterator[None]:
    """What Arrow says of a file that is not as it should be is Damaged; what the system says of it goes on."""
    import pyarrow as pa

    try:
        yield
    except OSError as error:
        if error.errno is not None:
            raise
        raise Damaged(str(error)) from None
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise Damaged(str(error)) from None


def _groups_from(file: "pa.parquet.ParquetFile", start_row: int) -> tuple[list[int], int]:
    """The row groups to read, and how many rows of the first to leave out."""
    first = 0
    for group in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        if first + rows > start_row:
            return list(range(group, file.metadata.num_row_groups)), start_row - first
        first += rows
    return [], 0


def _as_text(table: "pa.Table", names: Sequence[str]) -> list[Sequence[str]]:
    points: dict[str, Sequence[str]] = {}
    columns: list[Sequence[str]] = []
    for name in names:
        if _inside(name) == name:
            columns.append(_cells(table.column(name)))
            continue
        points = points or dict(zip(LON_LAT, _points(table.column(_inside(name)).to_pylist()), strict=True))
        columns.append(points[name.rpartition(".")[2]])
    return columns


def _inside(name: str) -> str:
    """The name in the file: longitude and latitude of a geometry are `<geometry>.longitude` and `.latitude`."""
    geometry, _, part = name.rpartition(".")
    return geometry if part in LON_LAT and plain(geometry) in GEOMETRY else name


def _cells(column: "pa.ChunkedArray") -> list[str]:
    """Text of any scalar column; nothing for null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if _is_text(column.type):  # some writers forget to say that bytes are text, or that they are no UTF-8
        return [str(cell or b"", "utf-8", "replace") for cell in column.cast(pa.large_binary()).to_pylist()]
    cells: list[str] = pc.fill_null(column.cast(pa.string(), safe=False), "").to_pylist()
    return cells


def _points(geometries: Sequence[Any]) -> list[Sequence[str]]:
    """Longitudes and latitudes of points in WKB or as x and y; nothing for anything else."""
    pairs = [_point_of_parts(each) if isinstance(each, dict) else _point(each) for each in geometries]
    return [[lon for lon, _ in pairs], [lat for _, lat in pairs]]


def _point_of_parts(parts: dict[str, Any]) -> tuple[str, str]:
    lon, lat = parts.get("x"), parts.get("y")
    return ("", "") if lon is None or lat is None else (str(lon), str(lat))


def _point(wkb: bytes | None) -> tuple[str, str]:
    if wkb is None or len(wkb) < 21 or wkb[0] > 1:
        return "", ""
    order = "<" if wkb[0] == 1 else ">"
    (kind,) = struct.unpack_from(f"{order}I", wkb, 1)
    offset = 9 if kind & _SRID_FLAG else 5
    if (kind & 0xFF != _POINT and kind % 1000 != _POINT) or len(wkb) < offset + 16:
        return "", ""
    lon, lat = struct.unpack_from(f"{order}dd", wkb, offset)
    return str(lon), str(lat)


def _is_geometry(kind: Any) -> bool:
    """WKB, or a point as GeoParquet 1.1 writes it."""
    import pyarrow as pa

    if pa.types.is_struct(kind):
        return {"x", "y"} <= {kind.field(place).name for place in range(kind.num_fields)}
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    return any(test(kind) for test in (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary))


def _can_be_text(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    kind = kind.value_type if types.is_dictionary(kind) else kind
    tests = (types.is_integer, types.is_floating, types.is_boolean, types.is_timestamp, types.is_date, types.is_time)
    return _is_text(kind) or any(test(kind) for test in (*tests, types.is_decimal, types.is_null))
