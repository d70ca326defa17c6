"""How rows are written, without a database."""

import csv
import io
import json
import struct
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pyarrow.parquet as pq
import pytest

from fairway.errors import BadSetting
from fairway.export import target
from fairway.export.formats import choice, csv_rows, geojson, geoparquet, gpx, kml
from fairway.export.table import BOOLEAN, INT4, TIME, Column, Table, Writing, rfc3339

TEXT, BYTES, DOUBLE = 25, 17, 701
AT = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
POINTS = Table(
    (
        *(Column("mmsi", INT4), Column("at", TIME), Column("raim", BOOLEAN), Column("name", TEXT)),
        *(Column("lon", DOUBLE), Column("lat", DOUBLE)),
    ),
    has_lines=False,
)
LINES = Table((Column("mmsi", INT4), Column("name", TEXT), Column("geom", BYTES)), has_lines=True)


def line(*points: tuple[float, float, float]) -> bytes:
    """WKB of a line with M."""
    return struct.pack("<BII", 1, 2002, len(points)) + b"".join(struct.pack("<ddd", *point) for point in points)


def written(writing: Writing, table: Table, *batches: list[tuple[Any, ...]]) -> bytes:
    file = io.BytesIO()
    with writing(file, table) as write:
        for batch in batches:
            write(batch)
    return file.getvalue()


def test_times_have_milliseconds_and_more_where_they_need_it() -> None:
    assert rfc3339(AT) == "2026-01-02T03:04:05.678Z"
    assert rfc3339(AT + timedelta(microseconds=1)) == "2026-01-02T03:04:05.678001Z"
    assert rfc3339(datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=1)))) == "2026-01-01T23:00:00.000Z"


def test_csv_comes_back_whatever_a_name_is() -> None:
    names = ['a,"b"', "c\nd", "Ærø", None]
    text = written(csv_rows.writing, POINTS, [(1, AT, True, name, 0.1, 0.2) for name in names]).decode()
    assert [row[3] for row in list(csv.reader(io.StringIO(text)))[1:]] == ['a,"b"', "c\nd", "Ærø", ""]
    assert text.splitlines()[1].startswith("1,2026-01-02T03:04:05.678Z,true,")


def test_a_position_without_a_place_has_no_geometry() -> None:
    rows = [(1, None, None, None, None, None), (2, AT, False, "B", 10.0, 55.0)]
    geometries = [json.loads(row)["geometry"] for row in written(geojson.lines, POINTS, rows).splitlines()]
    assert geometries == [None, {"type": "Point", "coordinates": [10.0, 55.0]}]
    table = pq.read_table(io.BytesIO(written(geoparquet.writing, POINTS, rows)))
    assert [row["geometry"] is None for row in table.to_pylist()] == [True, False]


def test_a_collection_of_several_batches_is_json() -> None:
    rows = [(number, AT, None, None, 1.0, 2.0) for number in range(5)]
    found = json.loads(written(geojson.collection, POINTS, rows[:2], rows[2:3], rows[3:]))
    assert [feature["properties"]["mmsi"] for feature in found["features"]] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("writing", [gpx.writing, kml.writing])
def test_a_name_that_is_no_xml_is_written_as_xml(writing: Writing) -> None:
    row = (1, "<A> & \x01\x00\ud800'B'", line((1, 2, 3), (2, 3, 4)))
    root = ET.fromstring(written(writing, LINES, [row]))
    assert "<A> & 'B' (1)" in [element.text for element in root.iter()]


def test_stretches_of_a_vessel_are_one_track_and_a_lone_position_is_none() -> None:
    way = line((1, 2, 0), (2, 3, 1.5))
    root = ET.fromstring(
        written(gpx.writing, LINES, [(1, None, way), (1, None, None)], [(1, None, way), (2, "B", way)])
    )
    space = "{http://www.topografix.com/GPX/1/1}"
    assert [len(track.findall(f"{space}trkseg")) for track in root] == [2, 1]
    assert [time.text for time in root.iter(f"{space}time")][:2] == [
        "1970-01-01T00:00:00.000Z",
        "1970-01-01T00:00:01.500Z",
    ]


def test_a_file_of_lines_is_cut_into_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geoparquet, "POINTS_A_GROUP", 4)
    way = line((1, 2, 0), (2, 3, 1))
    content = written(geoparquet.writing, LINES, *[[(number, None, way)] for number in range(5)], [(5, None, None)])
    file = pq.ParquetFile(io.BytesIO(content))
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [2, 2, 2]
    assert [row["mmsi"] for row in file.read().to_pylist()] == [0, 1, 2, 3, 4, 5]


def test_a_failed_geoparquet_is_not_completed() -> None:
    file = io.BytesIO()

    def fail() -> None:
        with geoparquet.writing(file, POINTS) as write:
            write([(1, AT, None, None, 1.0, 2.0)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not file.getvalue()[4:].endswith(b"PAR1")


@pytest.mark.parametrize("each", choice.FORMATS, ids=lambda each: each.name)
def test_a_format_is_known_by_its_endings_and_its_name(each: choice.Format) -> None:
    for ending in each.endings:
        assert choice.chosen(None, f"folder.d/OUT{ending.upper()}") is each
    assert choice.chosen(each.name, "-") is each


def test_what_is_no_format_is_refused() -> None:
    for name, to in ((None, "out"), (None, "-"), (None, "out.csv.gz"), ("CSV", "out.csv")):
        with pytest.raises(BadSetting, match="csv"):
            choice.chosen(name, to)


def test_a_file_appears_when_it_is_whole(tmp_path: Any) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")

    def fail() -> None:
        with target.opened(str(path)) as file:
            file.write(b"ne")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])
    with target.opened(str(path)) as file:
        file.write(b"new")
        assert path.read_text() == "old"
    assert (path.read_text(), list(tmp_path.iterdir())) == ("new", [path])
