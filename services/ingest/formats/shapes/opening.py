"""The objects inside a JSON value: through lists, envelopes and GeoJSON features, down to what may be a report.

[{…},{…}]     {"protocol":"jsonaiscatcher","stationid":"MyStation","msgs":[…]}     {"type":"FeatureCollection","features":[…]}
{"timestamp":"2025-12-11T20:55:53+00:00","vessels":[…]}     [{"AIS":{…}},…]

An envelope's station and time are those of the objects in it that do not say their own.
"""

from typing import NamedTuple

from services.ingest.formats.shapes.conversions import Object, Unreadable, text
from services.ingest.formats.shapes.times import epoch_ms

LISTS = ("msgs", "features", "vessels", "data", "messages", "positions", "ships", "items", "results", "records")
FEATURE = "Feature"
SINGLE = "AIS"  # [{"AIS":{…}}]: how VesselFinder and VT Explorer answer
STATION_KEYS = ("stationid", "station_id", "station")
TIME_KEYS = ("timestamp", "time", "datetime", "updated", "dataUpdatedTime", "fetched_at")
_OPENED = frozenset((*LISTS, SINGLE))
DEEPEST = 6  # lists and envelopes within each other


class Found(NamedTuple):
    """An object, with the station and time of what it was in."""

    each: Object
    station: str | None = None
    event_ms: int | None = None


def objects(value: object) -> list[Found]:
    """All objects in `value` that are not envelopes, in order. Never raises."""
    if isinstance(value, dict) and _OPENED.isdisjoint(value) and value.get("type") != FEATURE:
        return [Found(value)]
    found: list[Found] = []
    _open(value, None, None, 0, found)
    return found


def _open(value: object, station: str | None, event_ms: int | None, depth: int, found: list[Found]) -> None:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            _open(each, station, event_ms, depth + 1, found)
    elif isinstance(value, dict):
        inside = _inside(value)
        if inside is None:
            found.append(Found(value, station, event_ms))
        else:
            _open(inside, _station(value) or station, _time(value) or event_ms, depth + 1, found)


def _inside(each: dict[str, object]) -> object:
    """What an envelope holds; None when it is none."""
    if each.get("type") == FEATURE:
        return _flattened(each)
    for key in LISTS:
        inside = each.get(key)
        if isinstance(inside, list) and inside and isinstance(inside[0], (dict, list)):
            return inside
    inside = each.get(SINGLE)
    return inside if isinstance(inside, dict) else None


def _flattened(feature: dict[str, object]) -> object:
    """A GeoJSON feature as one object: its properties, and its point as lon, lat, longitude and latitude."""
    properties, geometry = feature.get("properties"), feature.get("geometry")
    if not isinstance(properties, dict):
        return []
    point = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    lon, lat = point[:2] if isinstance(point, list) and len(point) >= 2 else (None, None)
    place = {"lon": lon, "lat": lat, "longitude": lon, "latitude": lat}
    own = {key: value for key, value in feature.items() if key not in ("type", "properties", "geometry", "id")}
    flat = {**place, **own, **properties}
    if flat.get("type") == FEATURE:
        del flat["type"]
    return flat


def _station(envelope: dict[str, object]) -> str | None:
    try:
        return text(next((envelope[key] for key in STATION_KEYS if key in envelope), None))
    except Unreadable:
        return None


def _time(envelope: dict[str, object]) -> int | None:
    for key in TIME_KEYS:
        if key in envelope:
            try:
                return epoch_ms(envelope[key])
            except Unreadable:
                return None
    return None
