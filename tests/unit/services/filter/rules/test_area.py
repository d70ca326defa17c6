"""Keeping what lies inside, or outside, of boxes and polygons."""

import json
from pathlib import Path

import pytest

from fairway.errors import BadSetting

BOX = {"rule": "area", "boxes": [[9, 54, 11, 56]]}
TRIANGLE = {"type": "Polygon", "coordinates": [[[9, 54], [11, 54], [9, 56], [9, 54]]]}


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
        ({"type": "Polygon", "coordinates": [[[0, 0], [5e5, 0], [5e5, 5e5], [0, 0]]]}, "reaches beyond longitude ±180"),
        ({"type": "Polygon", "coordinates": "north"}, "coordinates that make no polygon"),
        ({"type": "Polygon", "coordinates": []}, "not a sound polygon"),
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
