"""What lies inside, or outside, of boxes and polygons."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from fairway.errors import BadSetting
from fairway.flags import BITS
from fairway.geo import METRES_IN_A_DEGREE

BOX = {"rule": "area", "boxes": [[9, 54, 11, 56]]}
TRIANGLE = {"type": "Polygon", "coordinates": [[[9, 54], [11, 54], [9, 56], [9, 54]]]}


HOLE = [[9.2, 54.2], [9.4, 54.2], [9.4, 54.4], [9.2, 54.4], [9.2, 54.2]]
DATA = Path(__file__).parents[6] / "shared" / "data" / "reference"


def test_keeps_what_lies_in_the_box(dropped, position):
    assert dropped(BOX, position(lon=10.0, lat=55.0)) == [False]


def test_drops_what_lies_beyond_any_side_of_the_box(dropped, position):
    beyond = [position(lon=8.9), position(lon=11.1), position(lat=53.9), position(lat=56.1)]
    assert dropped(BOX, *beyond) == [True] * 4


def test_a_border_belongs_to_the_box(dropped, position):
    assert dropped(BOX, position(lon=9.0, lat=54.0), position(lon=11.0, lat=56.0)) == [False, False]


def test_a_box_may_cross_the_antimeridian(dropped, position):
    pacific = {"rule": "area", "boxes": [[170, -30, -170, 0]]}
    reports = [position(lon=lon, lat=-10.0) for lon in (175.0, -175.0, 180.0, -180.0, 0.0)]
    assert dropped(pacific, *reports) == [False, False, False, False, True]


def test_several_boxes_add_up(dropped, position):
    both = {"rule": "area", "boxes": [[9, 54, 11, 56], [19, 54, 21, 56]]}
    assert dropped(both, position(lon=10.0), position(lon=15.0), position(lon=20.0)) == [False, True, False]


def test_keeping_the_outside_drops_the_inside(dropped, position):
    outside = {**BOX, "keep": "outside"}
    assert dropped(outside, position(lon=10.0), position(lon=15.0)) == [True, False]


def test_a_polygon_may_be_written_in_place(dropped, position):
    rule = {"rule": "area", "polygons": [TRIANGLE]}
    assert dropped(rule, position(lon=9.5, lat=54.5), position(lon=10.8, lat=55.8)) == [False, True]


def test_a_border_belongs_to_the_polygon(dropped, position):
    assert dropped({"rule": "area", "polygons": [TRIANGLE]}, position(lon=10.0, lat=54.0)) == [False]


@pytest.mark.parametrize(
    "geojson",
    [
        TRIANGLE,
        {"type": "Feature", "properties": {}, "geometry": TRIANGLE},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": TRIANGLE}]},
        {"type": "MultiPolygon", "coordinates": [TRIANGLE["coordinates"]]},
    ],
)
def test_a_polygon_file_is_found_from_the_folder_of_the_rules(a_filter, position, tmp_path: Path, geojson):
    (tmp_path / "strait.geojson").write_text(json.dumps(geojson))
    judge = a_filter({"rule": "area", "polygons": ["strait.geojson"]}, folder=tmp_path)
    assert judge.droppers([position(lon=9.5, lat=54.5), position(lon=10.8, lat=55.8)]) == [None, "area"]


def test_records_without_a_position_pass(dropped, position, static):
    assert dropped(BOX, static(), position(lon=None, lat=None)) == [False, False]


def test_records_without_a_position_are_dropped_on_request(dropped, static):
    assert dropped({**BOX, "unlocated": "drop"}, static()) == [True]


def test_base_stations_and_aids_are_judged_by_their_own_position(dropped, base_station, aton):
    assert dropped(BOX, base_station(lon=15.0), aton(lon=15.0), aton()) == [True, True, False]


@pytest.mark.parametrize(
    ("polygon", "said"),
    [
        ({"type": "Point", "coordinates": [9, 54]}, "is not a GeoJSON Polygon or MultiPolygon"),
        ({"type": "FeatureCollection", "features": []}, "holds no geometry"),
        ({"type": "FeatureCollection"}, "holds no geometry"),
        ({"type": "FeatureCollection", "features": [None]}, "is not a GeoJSON Polygon or MultiPolygon"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}, "not a sound polygon"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [5e5, 0], [5e5, 5e5], [0, 0]]]}, "reaches beyond longitude ±360"),
        ({"type": "Polygon", "coordinates": "north"}, "coordinates that make no polygon"),
        ({"type": "Polygon", "coordinates": []}, "coordinates that make no polygon"),
        ("nowhere.geojson", "nowhere.geojson cannot be read: No such file"),
    ],
)
def test_a_polygon_that_is_not_right_is_said_in_one_sentence(a_filter, polygon, said: str):
    with pytest.raises(BadSetting, match=said):
        a_filter({"rule": "area", "polygons": [polygon]})


def test_a_file_that_is_not_json_is_said_to_be_no_geojson(a_filter, tmp_path: Path):
    (tmp_path / "strait.geojson").write_text("POLYGON ((9 54")
    with pytest.raises(BadSetting, match="is not GeoJSON"):
        a_filter({"rule": "area", "polygons": ["strait.geojson"]}, folder=tmp_path)


@pytest.mark.parametrize(("keep", "found"), [("inside", [True, False]), ("outside", [False, True])])
def test_flags_what_lies_on_the_side_that_is_asked_for(a_filter, position, keep: str, found: list[bool]):
    judge = a_filter({**BOX, "keep": keep, "action": "flag"})
    decisions = judge.decide([position(lon=10.0), position(lon=15.0)])
    assert all(decision.kept for decision in decisions)
    assert [decision.flags == BITS["area"] for decision in decisions] == found


def test_routes_what_lies_inside(a_filter, position, static):
    judge = a_filter({**BOX, "action": "route", "to": "strait"})
    decisions = judge.decide([position(lon=10.0), position(lon=15.0), static()])
    assert [decision.routes for decision in decisions] == [("strait",), (), ()]


def test_a_hole_does_not_belong_to_the_area(dropped, position):
    with_hole = {"type": "Polygon", "coordinates": [*TRIANGLE["coordinates"], HOLE]}
    rule = {"rule": "area", "polygons": [with_hole]}
    assert dropped(rule, position(lon=9.3, lat=54.3), position(lon=9.1, lat=54.3)) == [True, False]


def test_polygons_that_overlap_add_up(dropped, position):
    square = {"type": "Polygon", "coordinates": [[[9, 54], [10, 54], [10, 55], [9, 55], [9, 54]]]}
    rule = {"rule": "area", "polygons": [TRIANGLE, square]}
    reports = [position(lon=9.6, lat=54.3), position(lon=9.9, lat=54.95), position(lon=9.1, lat=55.8)]
    assert dropped(rule, *reports, position(lon=10.9, lat=55.5)) == [False, False, False, True]


def test_a_buffer_makes_boxes_and_polygons_larger(dropped, position):
    rule = {**BOX, "polygons": [TRIANGLE], "buffer_metres": 5000}
    near, far = 4900 / METRES_IN_A_DEGREE, 5100 / METRES_IN_A_DEGREE
    reports = [position(lat=55.0), position(lat=56 + near), position(lat=56 + far), position(lat=54 - near)]
    assert dropped(rule, *reports) == [False, False, True, False]


def test_a_buffer_goes_on_across_the_antimeridian(dropped, position):
    rule = {"rule": "area", "boxes": [[170, -20, 179.99, -10], [-180, 10, -179.9, 11]], "buffer_metres": 5000}
    reports = [position(lon=-179.98, lat=-15.0), position(lon=-179.9, lat=-15.0), position(lon=179.97, lat=10.5)]
    assert dropped(rule, *reports) == [False, True, False]


def test_a_box_across_the_antimeridian_may_have_a_buffer(dropped, position):
    rule = {"rule": "area", "boxes": [[170, -20, -170, -10]], "buffer_metres": 5000}
    reports = [position(lon=lon, lat=-15.0) for lon in (180.0, -179.0, 169.98, -169.98, 169.9)]
    assert dropped(rule, *reports) == [False, False, False, False, True]


def test_a_buffer_over_a_pole_is_refused(a_filter):
    with pytest.raises(BadSetting, match="must not reach a pole"):
        a_filter({"rule": "area", "boxes": [[0, 80, 10, 90]], "buffer_metres": 1000})


@pytest.mark.skipif(not DATA.is_dir(), reason="the reference tables are not there")
def test_territorial_waters_on_both_sides_of_the_antimeridian(a_filter, position):
    path = DATA / "baltic_territorial_waters_helcom.geojson.gz"  # with Russia's, of 86,000 points
    waters = shapely.from_geojson(gzip.decompress(path.read_bytes()).decode())
    rng = np.random.default_rng(1)
    near = rng.choice(shapely.get_coordinates(waters), 3000)
    lon, lat = np.clip(near[:, 0] + rng.normal(0, 0.1, 3000), -180, 180), near[:, 1] + rng.normal(0, 0.1, 3000)
    every = list(waters.geoms)
    shapely.prepare(every)
    wanted = np.any([shapely.intersects_xy(each, lon, lat) for each in every], axis=0)
    judge = a_filter({"rule": "area", "polygons": [str(path)]})
    found = judge.droppers([position(lon=lon, lat=lat) for lon, lat in zip(lon.tolist(), lat.tolist(), strict=True)])
    assert 0.1 < wanted.mean() < 0.9
    assert [dropper is None for dropper in found] == wanted.tolist()
