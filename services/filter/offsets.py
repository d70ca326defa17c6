"""Polygons grown or shrunk by metres, in longitude and latitude: anywhere but over a pole, also across the antimeridian.

Each part is projected around its middle so that distances from there are true (azimuthal equidistant projection of the sphere,
Snyder 1987, Map Projections: a Working Manual, p. 195), where it is grown on the plane.
"""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from fairway.errors import BadSetting
from fairway.geo import EARTH_RADIUS_METRES, METRES_IN_A_DEGREE
from fairway.polygons import sound, within_the_world
from services.filter.cells import boxes, divide

TILE_DEGREES = 5.0  # of parts that are grown: at 1,000 km from their middle, lengths are 0.4 % off
EDGE_DEGREES = (
    0.25  # a straight line in lon and lat is none in the projection: so long a one at 70° N is off by 5 metres
)
ARC_SEGMENTS = 16  # of a quarter of a circle, which is 0.1 % too narrow

_Points = NDArray[np.float64]


def grown(polygon: shapely.Polygon, metres: float) -> Iterator[shapely.Polygon]:
    """Polygons within longitude ±180 that together are all places at most so far from the polygon. Raises BadSetting."""
    _, south, _, north = polygon.bounds
    if max(north, -south) + metres / METRES_IN_A_DEGREE >= 90:
        raise BadSetting("an area with buffer_metres must not reach a pole; leave that out and draw the area larger")
    parts, wholes = divide([polygon], TILE_DEGREES)
    whole_tiles = [
        shapely.box(*boxes(np.array([[column, row]]), np.array([[column + 1, row + 1]]), TILE_DEGREES)[0].tolist())
        for (west, south), (east, north) in zip(wholes.first.tolist(), wholes.behind.tolist(), strict=True)
        for row in range(south, north)
        for column in range(west, east)
    ]
    for piece in (*parts.pieces, *whole_tiles):
        yield from within_the_world(moved(piece, metres))


def moved(geometry: BaseGeometry, metres: float, arc_segments: int = ARC_SEGMENTS) -> BaseGeometry:
    """A geometry of a few degrees with its border moved outwards, or inwards for less than 0."""
    west, south, east, north = geometry.bounds
    lon, lat = (west + east) / 2, np.radians((south + north) / 2)
    flat = shapely.transform(shapely.segmentize(geometry, EDGE_DEGREES), lambda points: _to_plane(points, lon, lat))
    border_moved = sound(flat).buffer(metres, quad_segs=arc_segments)
    dense = shapely.segmentize(border_moved, EDGE_DEGREES * METRES_IN_A_DEGREE)
    return sound(shapely.transform(dense, lambda points: _to_sphere(points, lon, lat)))


def _to_plane(points: _Points, lon: float, lat: float) -> _Points:
    """Metres east and north of a middle, whose lat is in radians."""
    east, north = np.radians(points[:, 0] - lon), np.radians(points[:, 1])
    x = np.cos(north) * np.sin(east)
    y = np.cos(lat) * np.sin(north) - np.sin(lat) * np.cos(north) * np.cos(east)
    sine = np.hypot(x, y)
    angle = np.arctan2(sine, np.sin(lat) * np.sin(north) + np.cos(lat) * np.cos(north) * np.cos(east))
    scale = EARTH_RADIUS_METRES * angle / np.where(sine == 0, 1, sine)
    return np.column_stack((x * scale, y * scale))


def _to_sphere(points: _Points, lon: float, lat: float) -> _Points:
    x, y = points.T / EARTH_RADIUS_METRES
    angle = np.hypot(x, y)
    ratio = np.sinc(angle / np.pi)  # sin(angle) / angle
    north = np.arcsin(np.clip(np.cos(angle) * np.sin(lat) + y * ratio * np.cos(lat), -1, 1))
    east = np.arctan2(x * ratio, np.cos(lat) * np.cos(angle) - y * ratio * np.sin(lat))
    return np.column_stack((lon + np.degrees(east), np.degrees(north)))
