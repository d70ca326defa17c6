"""GeoJSON polygons, as people write them, are the places that they mean."""

import gzip
import json
from pathlib import Path

import pytest
import shapely

from fairway.errors import BadSetting
from fairway.polygons import read_polygons

CUT = {
    "type": "MultiPolygon",
    "coordinates": [
        [[[170, -20], [180, -20], [180, -10], [170, -10], [170, -20]]],
        [[[-180, -20], [-170, -20], [-170, -10], [-180, -10], [-180, -20]]],
    ],
}
JUMPS = {"type": "Polygon", "coordinates": [[[170, -20], [-170, -20], [-170, -10], [170, -10], [170, -20]]]}
GOES_ON = {"type": "Polygon", "coordinates": [[[170, -20], [190, -20], [190, -10], [170, -10], [170, -20]]]}
GOES_ON_WESTWARDS = {
    "type": "Polygon",
    "coordinates": [[[-170, -20], [-170, -10], [-190, -10], [-190, -20], [-170, -20]]],
}
TOUCHES = {
    "type": "Polygon",
    "coordinates": [
        [[170, -20], [180, -20], [-180, -20], [-170, -20], [-170, -10], [-180, -10], [180, -10], [170, -10], [170, -20]]
    ],
}
SQUARE = [[9, 54], [11, 54], [11, 56], [9, 56], [9, 54]]
HOLE = [[9.5, 54.5], [9.5, 55.5], [10.5, 55.5], [10.5, 54.5], [9.5, 54.5]]


def _covers(polygons: list[shapely.Polygon], lon: float, lat: float) -> bool:
    return any(shapely.intersects_xy(polygon, lon, lat) for polygon in polygons)


def _covered(geometry: dict[str, object], *places: tuple[float, float]) -> list[bool]:
    polygons = read_polygons(geometry)
    assert all(-180 <= polygon.bounds[0] <= polygon.bounds[2] <= 180 for polygon in polygons)
    return [_covers(polygons, *place) for place in places]


@pytest.mark.parametrize("geometry", [CUT, JUMPS, GOES_ON, GOES_ON_WESTWARDS, TOUCHES])
def test_a_polygon_across_the_antimeridian_is_there_however_it_is_written(geometry):
    inside = [(175.0, -15.0), (-175.0, -15.0), (180.0, -15.0), (-180.0, -15.0), (170.0, -20.0)]
    outside = [(0.0, -15.0), (169.9, -15.0), (-169.9, -15.0), (175.0, -21.0)]
    assert _covered(geometry, *inside, *outside) == [True] * 5 + [False] * 4


@pytest.mark.parametrize(
    "hole",
    [
        [[172, -18], [174, -18], [174, -16], [172, -16], [172, -18]],
        [[-178, -18], [-176, -18], [-176, -16], [-178, -16], [-178, -18]],
        [[178, -18], [-176, -18], [-176, -16], [178, -16], [178, -18]],
    ],
)
@pytest.mark.parametrize("outer", [JUMPS, GOES_ON])
def test_a_hole_is_on_its_side_of_the_antimeridian(outer, hole):
    with_hole = {"type": "Polygon", "coordinates": [*outer["coordinates"], hole]}
    in_hole = (hole[1][0] - 0.5, -17.0)
    assert _covered(with_hole, in_hole, (171.0, -17.0), (-171.0, -17.0)) == [False, True, True]


def test_an_edge_of_a_whole_turn_goes_around_the_world():
    tropics = {"type": "Polygon", "coordinates": [[[-180, -23], [180, -23], [180, 23], [-180, 23], [-180, -23]]]}
    assert _covered(tropics, (0.0, 0.0), (179.0, 10.0), (-90.0, -20.0), (0.0, 30.0)) == [True, True, True, False]


@pytest.mark.parametrize(("lat", "beyond"), [(70, 80.0), (-70, -80.0)])
def test_a_ring_around_the_world_has_the_pole_in_it(lat: int, beyond: float):
    ring = [[lon, lat] for lon in (-150, -60, 30, 120, -150)]
    cap = {"type": "Polygon", "coordinates": [ring]}
    assert _covered(cap, (0.0, beyond), (179.0, beyond), (0.0, 0.0), (0.0, -beyond)) == [True, True, False, False]


def test_a_ring_around_the_world_may_be_led_along_the_edges_of_the_map():
    ring = [[-180, -90], [180, -90], [180, -70], [0, -65], [-180, -70], [-180, -90]]
    antarctica = {"type": "Polygon", "coordinates": [ring]}
    assert _covered(antarctica, (0.0, -80.0), (179.0, -75.0), (0.0, -60.0)) == [True, True, False]


def test_a_hole_is_not_in_the_polygon():
    assert _covered({"type": "Polygon", "coordinates": [SQUARE, HOLE]}, (10.0, 55.0), (9.2, 55.0)) == [False, True]


def test_heights_are_not_looked_at():
    ring = [[*place, 12.5] for place in SQUARE]
    assert _covered({"type": "Polygon", "coordinates": [ring]}, (10.0, 55.0)) == [True]


def test_files_may_be_gzipped_and_in_a_folder(tmp_path: Path):
    first = {"type": "Polygon", "coordinates": [SQUARE]}
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "GeometryCollection", "geometries": [first]}))
    (tmp_path / "b.geojson.gz").write_bytes(gzip.compress(json.dumps(CUT).encode()))
    (tmp_path / "README.md").write_text("what these are")
    polygons = read_polygons(str(tmp_path))
    assert len(polygons) == 3
    assert _covers(polygons, 10.0, 55.0)
    assert _covers(polygons, 175.0, -15.0)


@pytest.mark.parametrize(("name", "content"), [("a.geojson.gz", b"{}"), ("a.geojson", b"\xff{"), ("a.geojson.gz", b"")])
def test_what_is_no_geojson_is_said(tmp_path: Path, name: str, content: bytes):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadSetting, match="is not GeoJSON"):
        read_polygons(str(tmp_path / name))


def test_a_gzipped_file_that_ends_too_soon_is_said(tmp_path: Path):
    path = tmp_path / "a.geojson.gz"
    path.write_bytes(gzip.compress(json.dumps(CUT).encode())[:-20])
    with pytest.raises(BadSetting, match="is not GeoJSON"):
        read_polygons(str(path))


def test_a_gzipped_file_with_a_wrong_bit_is_said(tmp_path: Path):
    path = tmp_path / "a.geojson.gz"
    packed = bytearray(gzip.compress(json.dumps(CUT).encode()))
    packed[10] |= 0b110  # a kind of block that there is not
    path.write_bytes(bytes(packed))
    with pytest.raises(BadSetting, match="is not GeoJSON"):
        read_polygons(str(path))


def test_a_folder_without_geojson_is_said(tmp_path: Path):
    with pytest.raises(BadSetting, match="holds no GeoJSON"):
        read_polygons(str(tmp_path))


def test_a_polygon_whose_border_crosses_itself_is_repaired_on_request():
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [0, 2], [2, 0], [0, 0]]]}
    with pytest.raises(BadSetting, match="not a sound polygon"):
        read_polygons(bow_tie)
    polygons = read_polygons(bow_tie, repairs=True)
    assert all(polygon.is_valid for polygon in polygons)
    assert _covers(polygons, 1.0, 0.5)
    assert _covers(polygons, 1.0, 1.5)
    assert not _covers(polygons, 0.2, 1.0)
