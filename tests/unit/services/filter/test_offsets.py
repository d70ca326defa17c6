"""Polygons are grown by true distances: within one per cent, at any latitude and across the antimeridian."""

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from fairway.errors import BadSetting
from fairway.geo import METRES_IN_A_DEGREE, distances_metres
from services.filter.offsets import grown, moved

Reals = NDArray[np.float64]


def _metres_to(polygon: shapely.Polygon, lon: Reals, lat: Reals) -> Reals:
    """From each position to the polygon, by looking at its border every few hundred metres."""
    border = shapely.get_coordinates(shapely.segmentize(polygon, 0.004))
    metres = np.array(
        [distances_metres(border[:, 0], border[:, 1], *place).min() for place in zip(lon, lat, strict=True)]
    )
    return np.where(shapely.intersects_xy(polygon, lon, lat), 0.0, metres)


@pytest.mark.parametrize("metres", [3_000.0, 20_000.0, 100_000.0])
@pytest.mark.parametrize("place", [(10.0, 0.0), (10.0, 55.0), (20.0, 70.0), (-179.9, -60.0)])
def test_what_is_nearer_is_in_it_and_what_is_farther_is_not(metres: float, place: tuple[float, float]):
    lon, lat = place
    shape = shapely.Polygon([(lon - 1, lat - 0.4), (lon + 1.5, lat - 0.3), (lon, lat), (lon + 0.7, lat + 0.6)])
    rng = np.random.default_rng(7)
    spread = 3 * metres / METRES_IN_A_DEGREE
    east = lon + rng.uniform(-1 - spread / np.cos(np.radians(lat)), 1.5 + spread / np.cos(np.radians(lat)), 3000)
    north = lat + rng.uniform(-0.4 - spread, 0.6 + spread, 3000)
    true = _metres_to(shape, east, north)
    in_world = (east + 180) % 360 - 180
    parts = [part for polygon in _cut(shape) for part in grown(polygon, metres)]
    inside = np.any([shapely.intersects_xy(part, in_world, north) for part in parts], axis=0)
    assert (true < metres).sum() > 100
    assert (true > metres).sum() > 100
    assert inside[true < metres * 0.99].all()
    assert not inside[true > metres * 1.01].any()


def _cut(polygon: shapely.Polygon) -> list[shapely.Polygon]:
    east, west = shapely.box(-180, -90, 180, 90), shapely.box(-540, -90, -180, 90)
    parts = [
        polygon.intersection(east),
        shapely.transform(polygon.intersection(west), lambda points: points + np.array([360, 0])),
    ]
    return [part for part in parts if not part.is_empty]


def test_a_hole_gets_smaller():
    with_hole = shapely.box(9, 54, 11, 56).difference(shapely.box(9.9, 54.9, 10.1, 55.1))
    parts = list(grown(with_hole, 3000))
    assert any(shapely.intersects_xy(part, 9.92, 55.0) for part in parts)  # 1.3 km from the hole's border
    assert not any(shapely.intersects_xy(part, 10.0, 55.0) for part in parts)


def test_a_shrunk_polygon_keeps_away_from_its_border():
    square = moved(shapely.box(9, 54, 10, 55), -5000)
    lon = np.array([9.5, 9.5, 9.5, 9.5])
    lat = np.array([54.5, 54.0, 54 + 4900 / METRES_IN_A_DEGREE, 54 + 5100 / METRES_IN_A_DEGREE])
    assert shapely.intersects_xy(square, lon, lat).tolist() == [True, False, False, True]


def test_a_pole_is_not_reached():
    with pytest.raises(BadSetting, match="pole"):
        list(grown(shapely.box(0, 80, 20, 89.5), 100_000))
