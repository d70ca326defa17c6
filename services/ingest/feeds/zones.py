"""Parts of the world that a person names, as boxes of latitude and longitude."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fairway.topics import BadTail, check_tail


class Box(NamedTuple):
    """Degrees; edges belong to it. What spans the 180th meridian is two boxes."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a position lies in it."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


class Zone(NamedTuple):
    """Boxes under one name, which follows the source's tail; without a name the tail stays as it is."""

    name: str
    boxes: tuple[Box, ...]

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a position lies in one of its boxes."""
        return any(box.holds(lat, lon) for box in self.boxes)


def zones_of(value: Any) -> tuple[Zone, ...]:
    """Of `name:lat,lon,lat,lon;…`, or of YAML: boxes [[lat, lon], [lat, lon]], a list of them, or names to these.

    Raises ValueError.
    """
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, Mapping):
        return tuple(Zone(_name(name), _boxes(boxes)) for name, boxes in value.items())
    return (Zone("", _boxes(value)),)


def _of_text(text: str) -> tuple[Zone, ...]:
    zones: dict[str, tuple[Box, ...]] = {}
    for part in text.split(";"):
        name, _, numbers = part.rpartition(":")
        corners = numbers.split(",")
        if len(corners) != 4:
            raise ValueError(f"{part!r} is not name:lat,lon,lat,lon")
        name = _name(name) if name else ""
        zones[name] = (*zones.get(name, ()), _box([corners[:2], corners[2:]]))
    return tuple(Zone(name, boxes) for name, boxes in zones.items())


def _name(name: Any) -> str:
    try:
        check_tail(str(name))
    except BadTail as error:
        raise ValueError(str(error)) from None
    return str(name)


def _boxes(value: Any) -> tuple[Box, ...]:
    if not _is_list(value) or not value:
        raise ValueError("a zone is [[lat, lon], [lat, lon]], or a list of such boxes")
    if _is_list(value[0]) and value[0] and _is_list(value[0][0]):
        return tuple(_box(box) for box in value)
    return (_box(value),)


def _box(corners: Any) -> Box:
    """Two opposite corners, whichever they are."""
    try:
        (lat_1, lon_1), (lat_2, lon_2) = ((float(lat), float(lon)) for lat, lon in corners)
    except (TypeError, ValueError):
        raise ValueError(f"{corners!r} is not a box [[lat, lon], [lat, lon]]") from None
    if not (abs(lat_1) <= 90 and abs(lat_2) <= 90 and abs(lon_1) <= 180 and abs(lon_2) <= 180):
        raise ValueError(f"{corners!r} is not on the globe: write latitude before longitude")
    return Box(min(lat_1, lat_2), min(lon_1, lon_2), max(lat_1, lat_2), max(lon_1, lon_2))


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
