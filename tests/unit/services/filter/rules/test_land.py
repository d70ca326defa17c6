"""Positions on land."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import shapely

from fairway.errors import BadSetting
from fairway.flags import BITS
from fairway.geo import METRES_IN_A_DEGREE, distances_metres
from fairway.polygons import read_polygons
from services.filter.land_mask import LandMask
from services.filter.reports import AIS_SART_ACTIVE

DATA = Path(__file__).parents[6] / "shared" / "data" / "reference"
# An island of a degree and a half, so of whole and undecided cells, with a lake; and one across the antimeridian.
ISLAND = [[10, 55], [11.5, 55], [11.5, 56], [10, 56], [10, 55]]
LAKE = [[10.6, 55.4], [10.9, 55.4], [10.9, 55.7], [10.6, 55.7], [10.6, 55.4]]
FIJI = [[179, -17], [-179, -17], [-179, -16], [179, -16], [179, -17]]


def _square(ring: list[list[float]]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    land = {"type": "GeometryCollection", "geometries": [_square(ISLAND), _square(FIJI)]}
    (tmp_path / "land.geojson").write_text(json.dumps(land))
    (tmp_path / "lakes.geojson").write_text(json.dumps(_square(LAKE)))
    return tmp_path


@pytest.fixture
def flagged(a_filter, position, folder):
    """Whether positions at some places are flagged."""

    def judge(options: dict[str, object], *places: tuple[float, float]) -> list[bool]:
        rule = {"rule": "land", "mask": "land.geojson", **options}
        decisions = a_filter(rule, folder=folder).decide([position(lon=lon, lat=lat) for lon, lat in places])
        assert all(decision.kept for decision in decisions)
        return [decision.flags == BITS["land"] for decision in decisions]

    return judge


def test_flags_a_position_on_land(flagged):
    assert flagged({}, (10.75, 55.5), (10.1, 55.1), (9.9, 55.5), (12.0, 55.5)) == [True, True, False, False]


@pytest.mark.parametrize("metres", [0, 500, 1000, 15_000])
def test_a_position_near_the_sea_is_not_found(flagged, metres: int):
    near, far = (metres + by for by in (-20, 20))
    north = [(10.75, 56 - each / METRES_IN_A_DEGREE) for each in (near, far)]
    east = [(11.5 - each / METRES_IN_A_DEGREE / np.cos(np.radians(55.5)), 55.5) for each in (near, far)]
    assert flagged({"coast_metres": metres}, *north, *east) == [False, True, False, True]


def test_the_antimeridian_is_no_coast(flagged):
    places = [(180.0, -16.5), (-180.0, -16.5), (179.995, -16.5), (-179.995, -16.5), (179.001, -16.5), (-179.001, -16.5)]
    assert flagged({}, *places) == [True, True, True, True, False, False]


def test_lakes_are_water_and_have_a_coast(flagged):
    in_the_lake, on_its_shore, inland = (10.75, 55.55), (10.75, 55.4 - 900 / METRES_IN_A_DEGREE), (10.75, 55.35)
    assert flagged({}, in_the_lake, on_its_shore, inland) == [True, True, True]
    assert flagged({"water": ["lakes.geojson"]}, in_the_lake, on_its_shore, inland) == [False, False, True]


def test_drops_on_request(a_filter, position, folder):
    judge = a_filter({"rule": "land", "mask": "land.geojson", "action": "drop"}, folder=folder)
    assert judge.droppers([position(lon=10.3, lat=55.5), position(lon=9.0)]) == ["land", None]


def test_only_ships_are_asked_for(a_filter, position, static, base_station, aton, folder):
    judge = a_filter({"rule": "land", "mask": "land.geojson"}, folder=folder)
    inland = {"lon": 10.3, "lat": 55.5}
    rescue = [position(mmsi=111219500, **inland), position(nav_status=AIS_SART_ACTIVE, **inland)]
    reports = [static(), base_station(**inland), aton(**inland), *rescue, position(lon=None, lat=None)]
    assert [decision.flags for decision in judge.decide(reports)] == [0] * len(reports)


def test_a_mask_may_be_a_folder(a_filter, position, tmp_path: Path):
    (tmp_path / "masks").mkdir()
    (tmp_path / "masks" / "island.json").write_text(json.dumps(_square(ISLAND)))
    judge = a_filter({"rule": "land", "mask": "masks"}, folder=tmp_path)
    assert [decision.flags for decision in judge.decide([position(lon=10.3, lat=55.5)])] == [BITS["land"]]


def test_a_mask_that_changed_is_read_anew(flagged, folder: Path):
    assert flagged({}, (10.3, 55.5)) == [True]
    (folder / "land.geojson").write_text(json.dumps(_square(LAKE)))
    os.utime(folder / "land.geojson", (1, 1))
    assert flagged({}, (10.3, 55.5)) == [False]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "name the land with `mask:`; Natural Earth has one"),
        ({"mask": "nowhere.geojson"}, "the land mask .*nowhere.geojson is not there; Natural Earth has one"),
        ({"mask": "land.geojson", "water": ["nowhere.geojson"]}, "nowhere.geojson cannot be read: No such file"),
        ({"mask": "land.geojson", "coast_metres": 30_000}, "less than or equal to 20000"),
    ],
)
def test_a_mask_that_is_not_right_is_said_in_one_sentence(a_filter, folder, options, said: str):
    with pytest.raises(BadSetting, match=said):
        a_filter({"rule": "land", **options}, folder=folder)


@pytest.mark.skipif(not DATA.is_dir(), reason="the reference tables are not there")
@pytest.mark.parametrize("metres", [0.0, 1000.0])
def test_the_land_at_hormuz(metres: float):
    land = read_polygons(str(DATA / "hormuz_land_mask_ne10m.geojson"), repairs=True)
    coast = shapely.get_coordinates(shapely.segmentize(land, 0.002))
    rng = np.random.default_rng(5)
    places = rng.choice(coast, 400) + rng.normal(0, 0.03, (400, 2))
    lon, lat = places[:, 0].copy(), places[:, 1].copy()
    ashore = np.any([shapely.intersects_xy(each, lon, lat) for each in land], axis=0)
    to_coast = np.array([distances_metres(coast[:, 0], coast[:, 1], *place).min() for place in places])
    found = LandMask(land, [], metres).covers(lon, lat)
    inland = ashore & (to_coast > metres * 1.03)
    assert inland.sum() > 30
    assert found[inland].all()
    assert not found[~ashore | (to_coast < metres * 0.97)].any()
