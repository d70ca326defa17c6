"""Files of GeoJSON (RFC 7946), which may be gzipped: loaded, and taken apart into features."""

import gzip
import zlib
from pathlib import Path
from typing import Any

import msgspec

from fairway.errors import BadSetting

SUFFIXES = (".geojson", ".json", ".geojson.gz", ".json.gz")  # of the files that are looked for in a folder

Feature = dict[str, Any]  # as it is written: whatever a file says


def load(path: Path) -> Any:
    """What a file says, whichever JSON that is. Raises BadSetting."""
    try:
        data = path.read_bytes()
        return msgspec.json.decode(gzip.decompress(data) if path.suffix == ".gz" else data)
    except (gzip.BadGzipFile, zlib.error, EOFError, msgspec.DecodeError):
        raise BadSetting(f"{path} is not GeoJSON") from None
    except OSError as error:
        raise BadSetting(f"{path} cannot be read: {error.strerror}") from None


def features(path: Path) -> list[Feature]:
    """The features of a file, a collection or a single one. Raises BadSetting."""
    thing = load(path)
    kind = thing.get("type") if isinstance(thing, dict) else None
    found = thing.get("features") if kind == "FeatureCollection" else [thing] if kind == "Feature" else None
    if not isinstance(found, list):
        raise BadSetting(f"{path} is not a GeoJSON FeatureCollection")
    return [each if isinstance(each, dict) else {} for each in found]


def properties(feature: Feature) -> dict[str, Any]:
    """What a feature says besides its geometry; nothing when it says that in no way that the standard knows."""
    said = feature.get("properties")
    return said if isinstance(said, dict) else {}
