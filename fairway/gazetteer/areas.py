"""Maritime areas of GeoJSON: every feature with a polygon and a name."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import shapely

from fairway import geojson
from fairway.errors import BadSetting
from fairway.gazetteer.findings import Findings
from fairway.polygons import polygons_of, read_polygons

NUL = "\0"  # which PostgreSQL has no place for, in text and in jsonb


class Area(NamedTuple):
    """One area, sound and within longitude ±180; `properties` is JSON."""

    name: str
    geometry: shapely.MultiPolygon
    properties: str


def read_areas(path: Path, name_property: str) -> Findings[Area]:
    """The areas of a GeoJSON file. The case of the letters of `name_property` does not matter. Raises BadSetting."""
    found: Findings[Area] = Findings()
    features = geojson.features(path)
    if features and all(_value(geojson.properties(feature), name_property) is None for feature in features):
        others = ", ".join(geojson.properties(features[0])) or "none"
        raise BadSetting(
            f"{path} has no property {name_property} for names; --name-property takes one of its own: {others}"
        )
    for feature in features:
        try:
            found.places.append(_area(feature, name_property))
        except BadSetting as error:
            found.left_out[str(error)] += 1
    return found


def _area(feature: geojson.Feature, name_property: str) -> Area:
    said = geojson.properties(feature)
    name = _value(said, name_property)
    if not isinstance(name, str | int | float) or not str(name).strip():
        raise BadSetting(f"without a property {name_property} for their name")
    properties = _without_nul(said)
    polygons = read_polygons(feature, name="of which the geometry", repairs=True)
    return Area(_without_nul(str(name).strip()), _together(polygons), json.dumps(properties, ensure_ascii=False))


def _value(said: dict[str, Any], asked: str) -> Any:
    if asked in said:
        return said[asked]
    return next((value for name, value in said.items() if name.casefold() == asked.casefold()), None)


def _without_nul(thing: Any) -> Any:
    """The same value with no zero character in any text of it."""
    if isinstance(thing, str):
        return thing.replace(NUL, "")
    if isinstance(thing, list):
        return [_without_nul(each) for each in thing]
    if isinstance(thing, dict):
        return {_without_nul(name): _without_nul(value) for name, value in thing.items()}
    return thing


def _together(polygons: list[shapely.Polygon]) -> shapely.MultiPolygon:
    whole = shapely.MultiPolygon(polygons)
    return whole if whole.is_valid else shapely.MultiPolygon(polygons_of(shapely.union_all(polygons)))
