"""Ports of a table (CSV) or of GeoJSON points, by the names of their columns; those of the World Port Index are known."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from fairway import geojson
from fairway.errors import BadSetting
from fairway.gazetteer.findings import Findings

# What each column may be called, in any case; the first is ours, the last that of the World Port Index.
COLUMNS = {
    "name": ("name", "main port name"),
    "lon": ("lon", "longitude"),
    "lat": ("lat", "latitude"),
    "locode": ("locode", "un/locode"),
    "country": ("country", "country code"),
}
NEEDED = ("name", "lon", "lat")

NO_NAME = "without a name"
NO_PLACE = "without a longitude and latitude in degrees"
NO_LOCODE = "with a locode that is none"
NO_COUNTRY = "of a country that is not known"

_LOCODE = re.compile("[A-Z]{2}[A-Z2-9]{3}")  # ISO 3166-1 alpha-2 and three characters (UNECE Recommendation 16)
_ALPHA2 = re.compile("[A-Z]{2}")


class Port(NamedTuple):
    """One port; `country` is an ISO 3166-1 alpha-2 code."""

    locode: str | None
    name: str
    country: str | None
    lon: float
    lat: float


def read_ports(path: Path, countries: Mapping[str, str]) -> Findings[Port]:
    """The ports of a file; `countries` has the code of each by its name in small letters. Raises BadSetting.

    A country may be written as code or name; where it is not, it is that of the locode.
    """
    found: Findings[Port] = Findings()
    for row in _rows(path):
        name = row["name"]
        place = _place(row)
        if not name or place is None:
            found.left_out[NO_PLACE if name else NO_NAME] += 1
            continue
        locode = row["locode"].replace(" ", "").upper()
        if not _LOCODE.fullmatch(locode):
            if locode:
                found.remarks[NO_LOCODE] += 1
            locode = ""
        country = _country(row["country"], locode, countries)
        if country is None:
            found.remarks[NO_COUNTRY] += 1
        found.places.append(Port(locode or None, name, country, *place))
    return found


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Each row with a text for every one of COLUMNS, empty where it has none."""
    rows = _features(path) if path.name.endswith(geojson.SUFFIXES) else _lines(path)
    for row in rows:
        said = {str(name).strip().casefold(): value for name, value in row.items() if value is not None}
        values = {ours: next((said[name] for name in names if name in said), "") for ours, names in COLUMNS.items()}
        yield {ours: str(value).replace("\0", "").strip() for ours, value in values.items()}


def _features(path: Path) -> Iterator[dict[str, Any]]:
    for feature in geojson.features(path):
        yield {**geojson.properties(feature), **_coordinates(feature.get("geometry"))}


def _coordinates(geometry: Any) -> dict[str, Any]:
    if isinstance(geometry, dict) and geometry.get("type") == "Point" and isinstance(geometry.get("coordinates"), list):
        return dict(zip(("lon", "lat"), geometry["coordinates"], strict=False))
    return {"lon": None, "lat": None}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    reader = csv.DictReader(io.StringIO(_text(path), newline=""))
    try:
        columns = {name.strip().casefold() for name in reader.fieldnames or ()}
        for ours in NEEDED:
            if not columns & set(COLUMNS[ours]):
                raise BadSetting(
                    f"{path} has no column {' or '.join(COLUMNS[ours])}; a table of ports needs its columns named"
                )
        yield from reader
    except csv.Error as error:
        raise BadSetting(f"{path} is not a table with commas (CSV): {error}") from None


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except (gzip.BadGzipFile, zlib.error, EOFError, UnicodeDecodeError):
        raise BadSetting(f"{path} is not a table in UTF-8, gzipped when its name ends with .gz") from None
    except OSError as error:
        raise BadSetting(f"{path} cannot be read: {error.strerror}") from None


def _place(row: Mapping[str, str]) -> tuple[float, float] | None:
    try:
        lon, lat = float(row["lon"]), float(row["lat"])
    except ValueError:
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _country(said: str, locode: str, countries: Mapping[str, str]) -> str | None:
    if _ALPHA2.fullmatch(said.upper()):
        return said.upper()
    return countries.get(said.casefold()) or locode[:2] or None
