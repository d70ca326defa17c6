"""Looking positions up in cells says the same as asking the polygons themselves."""

import numpy as np
import pytest
import shapely

from services.filter.cells import Pieces


def _star(rng: np.random.Generator, lon: float, lat: float, degrees: float, points: int = 200) -> shapely.Polygon:
    """A ragged polygon around a place, with a hole in its middle."""
    angles = np.sort(rng.uniform(0, 2 * np.pi, points))
    reach = degrees * rng.uniform(0.6, 1.0, points)
    hole = degrees * 0.3
    ring = np.column_stack((lon + reach * np.cos(angles), lat + reach * np.sin(angles)))
    return shapely.Polygon(ring, [np.column_stack((lon + hole * np.cos(angles), lat + hole * np.sin(angles)))])


def _agree(polygons: list[shapely.Polygon], lon: np.ndarray, lat: np.ndarray) -> bool:  # type: ignore[type-arg]
    wanted = np.zeros(len(lon), np.bool_)
    for polygon in polygons:
        wanted |= shapely.intersects_xy(polygon, lon, lat)
    assert 0 < wanted.mean() < 1
    return bool((Pieces(polygons).locator().covers(lon, lat) == wanted).all())


@pytest.mark.parametrize("degrees", [0.05, 0.4, 3.0, 12.0])
@pytest.mark.parametrize("seed", range(5))
def test_random_polygons_that_overlap(degrees: float, seed: int):
    rng = np.random.default_rng(seed)
    places = rng.uniform(-degrees, degrees, (4, 2))
    polygons = [_star(rng, 10 + east, 55 + north, degrees) for east, north in places.tolist()]
    lon, lat = (rng.uniform(middle - 2.5 * degrees, middle + 2.5 * degrees, 5000) for middle in (10, 55))
    assert _agree(polygons, lon, lat)


def test_borders_on_the_lines_between_cells_belong_to_the_polygon():
    square = shapely.box(9, 54, 11, 56)
    steps = np.arange(8.5, 11.6, 0.25)
    lon, lat = (each.ravel() for each in np.meshgrid(steps, steps + 45))
    assert _agree([square], lon, lat)


def test_the_edges_of_the_map_belong_to_it():
    covers = Pieces([shapely.box(-180, -90, 180, 90)]).locator().covers
    lon, lat = np.array([-180.0, 180.0, 0.0, 0.0, 180.0]), np.array([0.0, 0.0, 90.0, -90.0, 90.0])
    assert covers(lon, lat).all()


def test_what_is_no_position_on_earth_is_not_covered():
    covers = Pieces([shapely.box(-180, -90, 180, 90)]).locator().covers
    assert not covers(np.array([181.0, -1e300, 10.0]), np.array([0.0, 0.0, 90.5])).any()


def test_nothing_covers_nothing():
    assert not Pieces([]).locator().covers(np.array([10.0]), np.array([55.0])).any()
