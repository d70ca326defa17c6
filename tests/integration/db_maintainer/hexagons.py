"""The grid of ais.density, slowly: a point is in the cell with the nearest centre, and polygons are cut with polygons."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from math import cos, hypot, log, pi, radians, sin, sqrt, tan

from shapely import LineString, Polygon

AROUND = 40075  # cells around the equator


def shares(lon_1: float, lat_1: float, lon_2: float, lat_2: float) -> dict[int, float]:
    """The cells that a leg touches, the short way around the Earth, with the share of its length in each."""
    lon_2 -= 360 * round((lon_2 - lon_1) / 360)
    start, end = _on_plane(lon_1, lat_1), _on_plane(lon_2, lat_2)
    if _nearest(start) == _nearest(end):
        return {_number(*_nearest(start)): 1.0}
    leg = LineString([start, end])
    lengths = {cell: leg.intersection(_hexagon(*cell)).length for cell in _around(leg)}
    return {_number(*cell): length / leg.length for cell, length in lengths.items() if length > 0}


def cell_at(lon: float, lat: float) -> int:
    return _number(*_nearest(_on_plane(lon, lat)))


def _on_plane(lon: float, lat: float) -> tuple[float, float]:
    return lon / 360 * AROUND, log(tan(pi / 4 + radians(lat) / 2)) / (2 * pi) * AROUND


def _centre(q: int, r: int) -> tuple[float, float]:
    return q - r / 2, r * sqrt(3) / 2


@cache
def _hexagon(q: int, r: int) -> Polygon:
    x, y = _centre(q, r)
    corners = [radians(angle) for angle in range(30, 390, 60)]
    return Polygon([(x + cos(corner) / sqrt(3), y + sin(corner) / sqrt(3)) for corner in corners])


def _around(leg: LineString) -> Iterator[tuple[int, int]]:
    left, bottom, right, top = leg.bounds
    for r in range(int(bottom / (sqrt(3) / 2)) - 2, int(top / (sqrt(3) / 2)) + 3):
        yield from ((q, r) for q in range(int(left + r / 2) - 2, int(right + r / 2) + 3))


def _nearest(point: tuple[float, float]) -> tuple[int, int]:
    x, y = point
    row = round(y / (sqrt(3) / 2))
    near = [(round(x + r / 2) + step, r) for r, step in product(range(row - 2, row + 3), range(-2, 3))]
    return min(near, key=lambda cell: hypot(_centre(*cell)[0] - x, _centre(*cell)[1] - y))


def _number(q: int, r: int) -> int:
    return (r + 32768) * 65536 + q % AROUND
