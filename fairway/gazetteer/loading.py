"""Ports and areas into the database: all of one source in a transaction, so that readers see the old or the new."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import shapely
from psycopg2.extensions import cursor as Cursor
from psycopg2.extras import execute_values

from fairway import database
from fairway.gazetteer.areas import Area, read_areas
from fairway.gazetteer.findings import Findings
from fairway.gazetteer.ports import Port, read_ports

WGS_84 = 4326  # EPSG

# The row's lock lets one loading of a source wait for another's end.
_SOURCE = """
    INSERT INTO ref.sources AS s (name, what, licence, url, version, loaded_at) VALUES (%s, %s, %s, %s, %s, now())
    ON CONFLICT (name) DO UPDATE SET
        licence = coalesce(excluded.licence, s.licence),
        url = coalesce(excluded.url, s.url),
        version = coalesce(excluded.version, s.version),
        loaded_at = excluded.loaded_at
"""


class Source(NamedTuple):
    """Where a file is from; None leaves what ref.sources says already."""

    name: str
    licence: str | None = None
    url: str | None = None
    version: str | None = None


def load_areas(url: str, path: Path, source: Source, kind: str, name_property: str) -> Findings[Area]:
    """Replace the areas of a source and kind by those of a GeoJSON file. Raises BadSetting, DatabaseAway."""
    found = read_areas(path, name_property)
    found.check(path)
    with _transaction(url, "fairway load areas") as cursor:
        _note_source(cursor, source, f"Areas of {path.name}")
        cursor.execute("DELETE FROM ref.areas WHERE source = %s AND kind = %s", [source.name, kind])
        for area in found.places:  # one at a time: the largest have some megabytes
            cursor.execute(
                "INSERT INTO ref.areas (name, kind, geom, properties, source) VALUES (%s, %s, %s, %s, %s)",
                [area.name, kind, _written(area.geometry), area.properties, source.name],
            )
        cursor.execute("ANALYZE ref.areas")
    return found


def load_ports(url: str, path: Path, source: Source) -> Findings[Port]:
    """Replace the ports of a source by those of a file. Raises BadSetting, DatabaseAway."""
    with _transaction(url, "fairway load ports") as cursor:
        found = read_ports(path, _countries(cursor))
        found.check(path)
        _note_source(cursor, source, f"Ports of {path.name}")
        cursor.execute("DELETE FROM ref.ports WHERE source = %s", [source.name])
        rows = [
            (port.locode, port.name, port.country, _written(shapely.Point(port.lon, port.lat)), source.name)
            for port in found.places
        ]
        execute_values(cursor, "INSERT INTO ref.ports (locode, name, country, geom, source) VALUES %s", rows)
        cursor.execute("ANALYZE ref.ports")
    return found


@contextmanager
def _transaction(url: str, name: str) -> Iterator[Cursor]:
    with (
        closing(database.connect(url, name)) as connection,
        database.database_errors(),
        connection,
        connection.cursor() as cursor,
    ):
        yield cursor


def _countries(cursor: Cursor) -> dict[str, str]:
    """ISO 3166-1 alpha-2 codes by the name of the country in small letters."""
    cursor.execute("SELECT DISTINCT country, alpha2 FROM ref.mids WHERE alpha2 IS NOT NULL")
    return {country.casefold(): alpha2 for country, alpha2 in cursor.fetchall()}


def _note_source(cursor: Cursor, source: Source, what: str) -> None:
    cursor.execute(_SOURCE, [source.name, what, source.licence, source.url, source.version])


def _written(geometry: shapely.Geometry) -> str:
    """As PostGIS reads it, with its reference system."""
    return shapely.to_wkb(shapely.set_srid(geometry, WGS_84), hex=True, include_srid=True)
