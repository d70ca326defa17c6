"""Features become areas; what cannot is counted by reason and costs the others nothing."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from fairway.errors import BadSetting
from fairway.gazetteer.areas import read_areas

SQUARE = {"type": "Polygon", "coordinates": [[[9, 54], [11, 54], [11, 56], [9, 56], [9, 54]]]}
ACROSS = {"type": "Polygon", "coordinates": [[[170, -20], [-170, -20], [-170, -10], [170, -10], [170, -20]]]}
BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [0, 2], [2, 0], [0, 0]]]}
LAPPING = {
    "type": "GeometryCollection",
    "geometries": [SQUARE, {"type": "Polygon", "coordinates": [[[10, 55], [12, 55], [12, 57], [10, 57], [10, 55]]]}],
}
POINT = {"type": "Point", "coordinates": [9, 54]}
FAR = {"type": "Polygon", "coordinates": [[[900000, 54], [900001, 54], [900001, 55], [900000, 54]]]}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def written(folder: Path, *features: Any, name: str = "zones.geojson") -> Path:
    path = folder / name
    text = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return path


@pytest.mark.parametrize("name", ["zones.geojson", "zones.geojson.gz"])
def test_a_feature_with_a_polygon_and_a_name_is_an_area(tmp_path: Path, name: str) -> None:
    found = read_areas(written(tmp_path, feature(SQUARE, name=" Skagen ", depth=[1, {"m": 2.5}]), name=name), "name")
    [area] = found.places
    assert area.name == "Skagen"
    assert area.geometry.equals(shapely.box(9, 54, 11, 56))
    assert json.loads(area.properties) == {"name": " Skagen ", "depth": [1, {"m": 2.5}]}
    assert not found.left_out


def test_the_property_of_the_name_may_be_any_in_any_case(tmp_path: Path) -> None:
    path = written(tmp_path, feature(SQUARE, GEONAME="A", MRGID=7))
    assert [[area.name for area in read_areas(path, name).places] for name in ("geoname", "MRGID")] == [["A"], ["7"]]


def test_an_area_is_sound_and_cut_at_the_antimeridian(tmp_path: Path) -> None:
    path = written(tmp_path, *(feature(geometry, name="x") for geometry in (ACROSS, BOW_TIE, LAPPING)))
    across, bow_tie, lapping = (area.geometry for area in read_areas(path, "name").places)
    assert all(each.is_valid and each.geom_type == "MultiPolygon" for each in (across, bow_tie, lapping))
    assert across.equals(shapely.union(shapely.box(170, -20, 180, -10), shapely.box(-180, -20, -170, -10)))
    assert [bow_tie.area, lapping.area] == [2, 7]


def test_what_is_no_area_is_counted_by_reason_and_the_others_are_there(tmp_path: Path) -> None:
    bad = [
        feature(POINT, name="a"),
        feature(None, name="b"),
        feature(FAR, name="c"),
        feature(SQUARE),
        feature(SQUARE, name=" "),
        feature(SQUARE, name={"en": "d"}),
        {"type": "Feature", "properties": None, "geometry": SQUARE},
        "no feature",
    ]
    found = read_areas(written(tmp_path, feature(SQUARE, name="first"), *bad, feature(SQUARE, name="last")), "name")
    assert [area.name for area in found.places] == ["first", "last"]
    assert dict(found.left_out) == {
        "of which the geometry is not a GeoJSON Polygon or MultiPolygon": 2,
        "of which the geometry reaches beyond longitude ±360 or latitude ±90; coordinates are lon, lat in degrees": 1,
        "without a property name for their name": 5,
    }


def test_no_text_has_a_character_that_postgresql_refuses(tmp_path: Path) -> None:
    [area] = read_areas(written(tmp_path, feature(SQUARE, name="a\0b", other=["\0"], **{"c\0": 1})), "name").places
    assert area.name == "ab"
    assert json.loads(area.properties) == {"name": "ab", "other": [""], "c": 1}


def test_numbers_of_any_size_stay(tmp_path: Path) -> None:
    [area] = read_areas(written(tmp_path, feature(SQUARE, name="a", id=1 << 80)), "name").places
    assert json.loads(area.properties)["id"] == pytest.approx(1 << 80)


def test_a_property_that_no_feature_has_is_said_with_those_that_there_are(tmp_path: Path) -> None:
    path = written(tmp_path, feature(SQUARE, GEONAME="A", MRGID=7))
    with pytest.raises(BadSetting, match=r"no property name for names; --name-property takes .*: GEONAME, MRGID"):
        read_areas(path, "name")


@pytest.mark.parametrize("content", ['{"type": "Topology"}', "[]", '"x"', '{"type": "FeatureCollection"}'])
def test_a_file_without_features_is_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content)
    with pytest.raises(BadSetting, match="is not a GeoJSON FeatureCollection"):
        read_areas(path, "name")


def test_a_file_with_nothing_good_in_it_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, feature(POINT, name="a"))
    with pytest.raises(BadSetting, match="nothing that can be loaded: 1 of which the geometry is not"):
        read_areas(path, "name").check(path)
    path = written(tmp_path)
    with pytest.raises(BadSetting, match="nothing that can be loaded: it has no rows"):
        read_areas(path, "name").check(path)
