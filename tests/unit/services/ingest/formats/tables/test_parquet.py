import struct
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from fairway.errors import BadSetting
from fairway.records import Position, Static
from services.ingest.content.flow import Damaged
from services.ingest.event_time import EventTimes
from services.ingest.formats.tables import mapping
from services.ingest.formats.tables.parquet import ParquetTable
from services.ingest.line_format import Taken, Tally
from tests.unit.services.ingest.formats.tables.table_reading import MOMENT, position, rejected, static

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
pq = pytest.importorskip("pyarrow.parquet")

START = datetime(2024, 1, 1)


def _table(path: Path, *, tally: Tally | None = None, text: str | None = None) -> ParquetTable:
    columns = mapping.parse(text, "m") if text else None
    return ParquetTable(path, "archive.test", EventTimes(600_000), tally or Tally(), columns)


def _read(path: Path, columns: dict[str, object], text: str | None = None) -> list[Taken]:
    pq.write_table(pa.table(columns), path / "t.parquet")
    return [record for batch in _table(path / "t.parquet", text=text).batches(MOMENT) for record in batch]


def test_native_types_are_read_by_the_same_names(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        {
            "mmsi": pa.array([366996430], pa.int64()),
            "base_date_time": pa.array([START], pa.timestamp("us")),
            "longitude": pa.array([-82.55641], pa.float64()),
            "latitude": pa.array([38.40362], pa.float32()),
            "sog": pa.array([None], pa.float32()),
            "cog": pa.array([295.2], pa.float32()),
            "heading": pa.array([511], pa.int16()),
            "vessel_name": pa.array(["CAPT JEFF IRBY"]).dictionary_encode(),
            "status": pa.array([12], pa.int32()),
            "transceiver": pa.array(["A"]),
        },
    )
    where = position(found)
    assert (where.mmsi, where.event_time) == (366996430, "2024-01-01T00:00:00.000Z")
    assert (where.lon, where.lat, where.sog, where.cog, where.heading, where.nav_status) == (
        -82.55641,
        38.40362,
        None,
        295.2,
        None,
        12,
    )
    assert (static(found).name, static(found).ais_class) == ("CAPT JEFF IRBY", "A")


@pytest.mark.parametrize(
    "times",
    [
        pa.array([START + timedelta(milliseconds=250)], pa.timestamp("ns")),
        pa.array([(START + timedelta(milliseconds=250)).replace(tzinfo=UTC)], pa.timestamp("ms", tz="UTC")),
        pa.array(
            [(START + timedelta(hours=2, milliseconds=250)).replace(tzinfo=timezone(timedelta(hours=2)))],
            pa.timestamp("us", tz="+02:00"),
        ),
        pa.array([1704067200250], pa.int64()),
        pa.array(["2024-01-01T00:00:00.250Z"]),
    ],
)
def test_times_of_every_type(tmp_path: Path, times: object) -> None:
    found = _read(tmp_path, {"mmsi": [219000001], "timestamp": times, "lon": [10.5], "lat": [55.5]})
    assert position(found).event_time == "2024-01-01T00:00:00.250Z"


def test_points_in_wkb_stand_in_for_columns(tmp_path: Path) -> None:
    little = struct.pack("<BIdd", 1, 1, -80.5, 30.25)
    big_with_srid = struct.pack(">BIIdd", 0, 0x20000001, 4326, -80.5, 30.25)
    line = struct.pack("<BIIdddd", 1, 2, 2, 0.0, 0.0, 1.0, 1.0)
    points = pa.array([little, big_with_srid, line, None, b"\x01"], pa.binary())
    times = pa.array([START + timedelta(seconds=n) for n in range(5)])
    found = _read(tmp_path, {"MMSI": [219000001] * 5, "BaseDateTime": times, "geometry": points})
    places = [(record.lon, record.lat) for record in found if isinstance(record, Position)]
    assert places == [(-80.5, 30.25), (-80.5, 30.25), (None, None), (None, None), (None, None)]


def test_every_batch_covers_the_same_number_of_rows_whatever_the_row_groups(tmp_path: Path) -> None:
    count = 3_456
    columns = {
        "mmsi": [219000000 + n % 50 for n in range(count)],
        "timestamp": [1704067200 + n for n in range(count)],
        "lon": [10.0] * count,
        "lat": [55.0] * count,
    }
    pq.write_table(pa.table(columns), tmp_path / "t.parquet", row_group_size=700)
    tally = Tally()
    table = _table(tmp_path / "t.parquet", tally=tally)
    batches = list(table.batches(MOMENT))
    assert table.rows == count
    assert [len(batch) for batch in batches] == [1000, 1000, 1000, 456]
    assert (tally.lines, tally.data_lines, tally.decoded) == (count, count, count)
    assert list(_table(tmp_path / "t.parquet").batches(MOMENT, 2_000)) == batches[2:]


def test_bad_rows_are_rejected_with_what_was_read_of_them(tmp_path: Path) -> None:
    found = _read(tmp_path, {"mmsi": [None], "timestamp": [1704067200], "lon": [10.0], "lat": [55.0], "secret": ["x"]})
    assert rejected(found).reason == "bad_mmsi"
    assert rejected(found).sentences == (",1704067200,10,55",)


def test_a_mapping_explains_columns_of_other_names(tmp_path: Path) -> None:
    text = "columns: {boat: mmsi, east: lon, north: lat, title: name}\ntime: {columns: [when], format: epoch_s}"
    found = _read(
        tmp_path, {"boat": [219000001], "when": [1704067200], "east": [10.0], "north": [55.0], "title": ["ODIN"]}, text
    )
    assert [type(record) for record in found] == [Position, Static]


def test_unknown_columns_are_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="has no columns that Fairway knows"):
        _read(tmp_path, {"id": [1], "x": [2.0]})


def test_a_broken_file_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(Damaged):
        list(_table(tmp_path / "t.parquet").batches(MOMENT))


def test_pyarrow_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys; import services.ingest.formats.tables.parquet; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_bytes_that_nobody_said_are_text_are_text_and_need_not_be_utf_8(tmp_path: Path) -> None:
    names = pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xffX"]).buffers())
    for name in (pa.array([b"\xffX"]), names):
        found = _read(
            tmp_path, {"mmsi": pa.array([b"211000001"]), "time": [START], "lon": [1.0], "lat": [2.0], "name": name}
        )
        assert (position(found).mmsi, static(found).name) == (211000001, "\ufffdX")


def test_points_of_x_and_y_stand_in_for_columns(tmp_path: Path) -> None:
    points = pa.array([{"x": -82.5, "y": 38.25}, None])
    found = _read(tmp_path, {"mmsi": [211000001, 211000002], "time": [START, START], "geometry": points})
    assert [(each.lon, each.lat) for each in found if isinstance(each, Position)] == [(-82.5, 38.25), (None, None)]


def test_date_and_time_may_be_two_columns(tmp_path: Path) -> None:
    text = "columns: {ship: mmsi, x: lon, y: lat}\ntime: {columns: [day, at]}"
    columns = {"ship": [211000001], "x": [1.0], "y": [2.0], "day": [START.date()], "at": [START.time()]}
    assert position(_read(tmp_path, columns, text)).event_time == "2024-01-01T00:00:00.000Z"


@pytest.mark.parametrize("place", range(1, 20))
def test_a_footer_with_a_changed_byte_is_damaged_or_read(tmp_path: Path, place: int) -> None:
    columns = {"mmsi": [211000001], "time": [START], "lon": [1.0], "lat": [2.0], "name": ["ALFA"]}
    _read(tmp_path, columns)
    raw = bytearray((tmp_path / "t.parquet").read_bytes())
    raw[-len(raw) * place // 24] ^= 0xE0
    (tmp_path / "changed.parquet").write_bytes(raw)
    with suppress(Damaged, BadSetting):
        list(_table(tmp_path / "changed.parquet").batches(MOMENT))
