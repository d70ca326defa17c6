"""Polygons of GeoJSON (RFC 7946), from a file or written in place, ready for many questions."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from fairway.errors import BadSetting


class PreparedPolygon(NamedTuple):
    """A prepared polygon with its bounds: west, south, east, north."""

    polygon: BaseGeometry
    bounds: tuple[float, float, float, float]


def read_polygons(given: str | dict[str, Any]) -> list[PreparedPolygon]:
    """The polygons of a GeoJSON file (by path) or object: geometry, feature or collection. Raises BadSetting."""
    name = given if isinstance(given, str) else "a polygon in the rules"
    polygons = [_prepare(geometry, name) for geometry in _geometries(_load(given) if isinstance(given, str) else given)]
    if not polygons:
        raise BadSetting(f"{name} holds no geometry; give a GeoJSON Polygon or MultiPolygon")
    return polygons


def _load(path: str) -> Any:
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSetting(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise BadSetting(f"{path} is not GeoJSON; give a file with Polygon or MultiPolygon geometries") from None


def _geometries(thing: Any) -> list[Any]:
    if not isinstance(thing, dict):
        return [thing]
    if thing.get("type") == "FeatureCollection":
        features = thing.get("features")
        return [geometry for each in features for geometry in _geometries(each)] if isinstance(features, list) else []
    return [thing.get("geometry")] if thing.get("type") == "Feature" else [thing]


def _prepare(geometry: Any, name: str) -> PreparedPolygon:
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadSetting(f"{name} is not a GeoJSON Polygon or MultiPolygon")
    try:
        polygon = shape(geometry)
    except (ShapelyError, KeyError, TypeError, ValueError, IndexError):
        raise BadSetting(f"{name} has coordinates that make no polygon") from None
    if polygon.is_empty or not polygon.is_valid:
        raise BadSetting(f"{name} is not a sound polygon: {shapely.is_valid_reason(polygon).lower()}")
    west, south, east, north = polygon.bounds
    if west < -180 or south < -90 or east > 180 or north > 90:
        raise BadSetting(f"{name} reaches beyond longitude ±180 or latitude ±90; coordinates are lon, lat in degrees")
    shapely.prepare(polygon)
    return PreparedPolygon(polygon, (west, south, east, north))
