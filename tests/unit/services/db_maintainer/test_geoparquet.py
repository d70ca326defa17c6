"""Places, times and checksums survive the way through a file."""

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from services.db_maintainer.archive import checksum, geoparquet
from services.db_maintainer.archive.columns import COLUMNS, PLACE, Column, Way
from services.db_maintainer.archive.geoparquet import Contents, Writer, batches, opened

LON = st.integers(-1_800_000_000, 1_800_000_000)
LAT = st.integers(-900_000_000, 900_000_000)


def rows(count: int) -> pa.RecordBatch:
    """Rows of which none is like another, with nulls in every column that may have them."""
    made = random.Random(count)
    texts = (None, "", "a", 'quoted "x", Ærø')

    def values(type_: pa.DataType) -> list[object]:
        if pa.types.is_string(type_):
            return [made.choice(texts) for _ in range(count)]
        if pa.types.is_boolean(type_):
            return [made.choice((None, True, False)) for _ in range(count)]
        if pa.types.is_floating(type_):
            return [made.choice((None, round(made.uniform(-700, 700), 1))) for _ in range(count)]
        if pa.types.is_timestamp(type_):
            return [1_767_323_045_678_000 + n * 1000 for n in range(count)]
        return [made.choice((None, made.randrange(-30_000, 30_000))) for _ in range(count)]

    columns = {column.name: pa.array(values(column.type), column.type) for column in COLUMNS}
    columns["lat"] = pc.if_else(columns["lon"].is_null(), None, columns["lat"].fill_null(0))
    return pa.RecordBatch.from_arrays(list(columns.values()), list(columns))


@given(st.lists(st.tuples(LON, LAT) | st.none(), min_size=1, max_size=50))
def test_the_whole_numbers_of_a_place_come_back_exactly(places: list[tuple[int, int] | None]) -> None:
    columns = [pa.array([place and place[n] for place in places], pa.int32()) for n in range(2)]
    points = geoparquet.geometry_of(pa.RecordBatch.from_arrays(columns, list(PLACE)))
    back = geoparquet.place_of(points)
    assert [back[name].to_pylist() for name in PLACE] == [column.to_pylist() for column in columns]
    for place, point in zip(places, shapely.from_wkb(points.to_pylist()), strict=True):
        assert (place is None) == (point is None)
        if place is not None:
            assert abs(point.x - place[0] / 1e7) <= 2**-25
            assert abs(point.y - place[1] / 1e7) <= 2**-25


@pytest.mark.parametrize("unit", [geoparquet.MILLISECONDS, geoparquet.MICROSECONDS])
def test_rows_come_back_from_a_file_as_they_were(tmp_path: Path, unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geoparquet, "ROWS_A_GROUP", 400)
    batch = rows(1000)
    contents = Contents("2026-01-02", "a", 1000, checksum.total([checksum.checksum_of(batch)]), unit)
    writer = Writer(tmp_path / "file.parquet", contents)
    for start in range(0, 1000, 150):
        writer.write(batch.slice(start, 150))
    writer.close()
    with opened(tmp_path / "file.parquet") as (file, told):
        back = pa.Table.from_batches(batches(file))
        assert file.num_row_groups > 1
    assert told == contents
    assert back.equals(pa.Table.from_batches([batch]))


def test_the_order_of_rows_makes_no_difference_to_the_checksum() -> None:
    batch = rows(500)
    order = np.random.default_rng(1).permutation(500)
    parts = [batch.take(pa.array(some)) for some in np.array_split(order, 7)]
    assert checksum.total(map(checksum.checksum_of, parts)) == checksum.total([checksum.checksum_of(batch)])


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_two_values_that_change_places_show_in_the_checksum(column: Column) -> None:
    batch = rows(200)
    name = column.name
    values = batch.column(name).to_pylist()
    place = batch.schema.get_field_index(name)
    one = next(n for n, value in enumerate(values) if value != values[0])
    values[0], values[one] = values[one], values[0]
    other = batch.set_column(place, name, pa.array(values, batch.column(name).type))
    assert checksum.checksum_of(other) != checksum.checksum_of(batch)


@pytest.mark.parametrize("column", [c for c in COLUMNS if c.way is not Way.TIME], ids=lambda column: column.name)
def test_null_is_not_the_same_as_nothing(column: Column) -> None:
    """Zero, no and the empty text are values."""
    batch = rows(3)
    name = column.name
    place, kind = batch.schema.get_field_index(name), batch.column(name).type
    empty = "" if pa.types.is_string(kind) else False if pa.types.is_boolean(kind) else 0
    sums = {checksum.checksum_of(batch.set_column(place, name, pa.array([value] * 3, kind))) for value in (None, empty)}
    assert len(sums) == 2


def test_a_file_without_rows_can_be_read(tmp_path: Path) -> None:
    Writer(tmp_path / "file.parquet", Contents("2026-01-02", "a", 0, "0" * 16)).close()
    with opened(tmp_path / "file.parquet") as (file, contents):
        assert (list(batches(file)), contents.rows) == ([], 0)
    assert b"bbox" not in pq.read_metadata(tmp_path / "file.parquet").metadata[b"geo"]
