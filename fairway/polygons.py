"""Polygons of GeoJSON (RFC 7946), from files or written in place: sound ones, each within longitude ±180.

One that crosses the antimeridian may be cut there (3.1.9), go on beyond ±180, or jump from one side to the other:

    170 ─▶ 180 | -180 ─▶ -170        170 ─▶ 190        170 ─▶ -170
"""

from collections.abc import Iterator, Sequence
from math import ceil, floor
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from fairway import geojson
from fairway.errors import BadSetting

HALF_A_TURN = 180  # degrees

_FEWEST_POINTS = 4  # of a ring, the first being the last (RFC 7946, 3.1.6)
_Points = NDArray[np.float64]  # lon, lat; of a ring or several


def read_polygons(
    given: str | dict[str, Any], *, name: str = "a polygon", repairs: bool = False
) -> list[shapely.Polygon]:
    """The polygons of GeoJSON: an object, or a file by its path, which may be gzipped, or all files in a folder.

    A geometry, a collection of such, a feature or a collection of those. Raises BadSetting, which calls an object by `name`, also
    for a polygon that is not sound, whose border crosses itself say, unless such are to be repaired: coastlines of the world
    have a few.
    """
    if isinstance(given, dict):
        return _read(given, name, repairs)
    return [polygon for path in files_at(Path(given)) for polygon in _read(geojson.load(path), str(path), repairs)]


def files_at(path: Path) -> list[Path]:
    """The file at a path, or the GeoJSON files in the folder there. Raises BadSetting for a folder without any."""
    if not path.is_dir():
        return [path]
    files = sorted(each for each in path.iterdir() if each.name.endswith(geojson.SUFFIXES))
    if not files:
        raise BadSetting(f"{path} holds no GeoJSON; the names of its files end with {', '.join(geojson.SUFFIXES)}")
    return files


def within_the_world(polygon: BaseGeometry) -> list[shapely.Polygon]:
    """The parts of a polygon, each moved by whole turns to where its longitude is within ±180."""
    if polygon.is_empty:
        return []
    west, _, east, _ = polygon.bounds
    parts: list[shapely.Polygon] = []
    for turn in range(floor((west + 180) / 360), ceil((east + 180) / 360)):
        first, last = 360 * turn - 180, 360 * turn + 180
        inside = first <= west and east <= last
        part = polygon if inside else polygon.intersection(shapely.box(first, -90, last, 90))
        parts += polygons_of(translate(part, -360.0 * turn) if turn else part)
    return parts


def sound(geometry: BaseGeometry) -> BaseGeometry:
    """The geometry, repaired where its border crosses itself."""
    if geometry.is_valid:
        return geometry
    return shapely.make_valid(geometry, method="structure", keep_collapsed=False)


def polygons_of(geometry: BaseGeometry) -> list[shapely.Polygon]:
    """The polygons in a geometry; what has no area is left out."""
    if isinstance(geometry, shapely.Polygon):
        return [] if geometry.is_empty else [geometry]
    return [polygon for part in getattr(geometry, "geoms", ()) for polygon in polygons_of(part)]


def _read(thing: Any, name: str, repairs: bool) -> list[shapely.Polygon]:
    polygons = [
        polygon
        for geometry in _geometries(thing)
        for rings in _rings_of(geometry, name)
        for polygon in _polygons(rings, name, repairs)
    ]
    if not polygons:
        raise BadSetting(f"{name} holds no geometry; give a GeoJSON Polygon or MultiPolygon")
    return polygons


def _geometries(thing: Any) -> Iterator[Any]:
    inner = {"FeatureCollection": "features", "GeometryCollection": "geometries", "Feature": "geometry"}
    member = inner.get(str(thing.get("type"))) if isinstance(thing, dict) else None
    if member is None:
        yield thing
        return
    within = thing.get(member)
    for each in within if isinstance(within, list) else [within] if member == "geometry" else []:
        yield from _geometries(each)


def _rings_of(geometry: Any, name: str) -> list[Any]:
    """The rings of each polygon, as they are written."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise BadSetting(f"{name} is not a GeoJSON Polygon or MultiPolygon")
    written = geometry.get("coordinates")
    polygons = [written] if kind == "Polygon" else written
    if not isinstance(polygons, list | tuple) or not all(isinstance(each, list | tuple) and each for each in polygons):
        raise BadSetting(f"{name} has coordinates that make no polygon")
    return list(polygons)


def _polygons(written: Sequence[Any], name: str, repairs: bool) -> list[shapely.Polygon]:
    try:
        sizes = [len(ring) for ring in written]
        points = np.array([point for ring in written for point in ring], np.float64)[:, :2]
    except (ValueError, TypeError, IndexError):
        raise BadSetting(f"{name} has coordinates that make no polygon") from None
    if points.shape[1] != 2 or min(sizes) < _FEWEST_POINTS:
        raise BadSetting(f"{name} has coordinates that make no polygon")
    if not (np.abs(points) <= (360, 90)).all():
        raise BadSetting(f"{name} reaches beyond longitude ±360 or latitude ±90; coordinates are lon, lat in degrees")
    readings = list(_readings(points, sizes))
    polygon = readings[0] if len(readings) == 1 else next((each for each in readings if each.is_valid), readings[-1])
    if not polygon.is_valid:
        if not repairs:
            raise BadSetting(f"{name} is not a sound polygon: {shapely.is_valid_reason(polygon).lower()}")
        return within_the_world(sound(polygon))
    return within_the_world(polygon)


def _readings(points: _Points, sizes: Sequence[int]) -> Iterator[shapely.Polygon]:
    """What rings of so many points each may mean, the likelier first.

    An edge of more than half a turn goes the short way. One of a whole turn leads along a parallel around the world, or from the
    antimeridian to itself. A ring that goes around the world has the pole of its hemisphere in it.
    """
    ends = np.cumsum(sizes)
    east = np.diff(points[:, 0])
    east[ends[:-1] - 1] = 0  # from ring to ring
    written = np.split(points, ends[:-1])
    if (np.abs(east) <= HALF_A_TURN).all():
        yield _together(written)
        return
    as_parallels = [_unrolled(ring, most=np.nextafter(2 * HALF_A_TURN, 0)) for ring in written]
    if all(ring[0, 0] == ring[-1, 0] for ring in as_parallels):
        yield _together(as_parallels)
    yield _together([_with_pole(_unrolled(ring, most=2 * HALF_A_TURN)) for ring in written])


def _unrolled(ring: _Points, most: float) -> _Points:
    """The ring with edges of more than half a turn, and of `most` at most, going the short way beyond ±180."""
    ring = ring if (ring[0] == ring[-1]).all() else np.vstack((ring, ring[:1]))
    east = np.diff(ring[:, 0])
    turns = np.where((np.abs(east) > HALF_A_TURN) & (np.abs(east) <= most), -np.sign(east), 0)
    unrolled = ring.copy()
    unrolled[1:, 0] += 360 * np.cumsum(turns)
    return unrolled


def _with_pole(ring: _Points) -> _Points:
    first, last = ring[0, 0], ring[-1, 0]
    if first == last:
        return ring
    pole = 90 if ring[:, 1].mean() > 0 else -90
    return np.vstack((ring, [(last, pole), (first, pole)]))


def _together(rings: Sequence[_Points]) -> shapely.Polygon:
    outer = rings[0]
    return shapely.Polygon(outer, [_beside(outer, hole) for hole in rings[1:]])


def _beside(outer: _Points, hole: _Points) -> _Points:
    """The hole moved by whole turns to where its ring is."""
    middle, middle_of_hole = ((ring[:, 0].min() + ring[:, 0].max()) / 2 for ring in (outer, hole))
    moved: _Points = hole + np.array([360 * round((middle - middle_of_hole) / 360), 0])
    return moved
