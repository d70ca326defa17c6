"""`fairway db load-areas` and `load-ports` against a real PostGIS: one source replaced whole, or not at all."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from psycopg2.extensions import connection as Connection
from typer.testing import CliRunner

from fairway import database
from fairway.commands import db as commands
from fairway.errors import BadSetting, DatabaseAway
from tests.integration.db_inserter.queries import query, value
from tests.integration.logins import login_url

WPI = "Main Port Name,UN/LOCODE,Country Code,Latitude,Longitude"
AREAS = "SELECT name, kind, source FROM ref.areas ORDER BY 1, 2, 3"
PORTS = "SELECT locode, name, country, st_x(geom), st_y(geom), source FROM ref.ports ORDER BY 2"


@pytest.fixture
def db(migrated_url: str) -> Iterator[Connection]:
    with closing(database.connect(migrated_url)) as connection:
        connection.autocommit = True
        query(connection, "DELETE FROM ref.ports; DELETE FROM ref.areas")
        query(connection, "DELETE FROM ref.sources WHERE what ~ 'of zones|of ports'")
        yield connection


def run(url: str, *arguments: object) -> str:
    """What a command prints. Raises what it raises."""
    done = CliRunner().invoke(commands.app, [str(each) for each in arguments], env={"FAIRWAY_DATABASE_URL": url})
    if done.exception is not None:
        raise done.exception
    return done.output.strip()


def zones(folder: Path, *names: str | None, west: float = 9) -> Path:
    ring = [[west, 54], [west + 2, 54], [west + 2, 56], [west, 56], [west, 54]]
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for name in names
    ]
    path = folder / "zones.v1.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def table(folder: Path, *lines: str) -> Path:
    path = folder / "ports.csv"
    path.write_text("\n".join(lines))
    return path


def test_areas_of_a_file_are_there_with_their_source(db: Connection, migrated_url: str, tmp_path: Path) -> None:
    said = run(migrated_url, "load-areas", zones(tmp_path, "A", "B", None), "--licence", "CC0", "--version", "2")
    assert said == "loaded 2 areas of kind area from zones; left out 1: 1 without a property name for their name"
    assert query(db, AREAS) == [("A", "area", "zones"), ("B", "area", "zones")]
    assert query(
        db,
        "SELECT st_area(geom), st_srid(geom), geometrytype(geom), properties FROM ref.areas"
        " WHERE name = 'A' AND st_intersects(geom, st_point(10, 55, 4326))",
    ) == [(4.0, 4326, "MULTIPOLYGON", {"name": "A"})]
    assert query(
        db,
        "SELECT what, licence, url, version, loaded_at > now() - interval '1 minute' FROM ref.sources WHERE name = 'zones'",
    ) == [("Areas of zones.v1.geojson", "CC0", None, "2", True)]


def test_a_second_file_replaces_the_areas_of_its_source_and_kind_alone(
    db: Connection, migrated_url: str, tmp_path: Path
) -> None:
    for name, *options in (
        ("old", "--source", "zones", "--kind", "eez"),
        ("territorial", "--source", "zones", "--kind", "territorial_sea"),
        ("other", "--source", "zones_of_others", "--kind", "eez"),
        ("new", "--source", "zones", "--kind", "eez"),
    ):
        run(migrated_url, "load-areas", zones(tmp_path, name), *options)
    assert query(db, AREAS) == [
        ("new", "eez", "zones"),
        ("other", "eez", "zones_of_others"),
        ("territorial", "territorial_sea", "zones"),
    ]


def test_what_the_schema_says_of_a_known_source_stays(db: Connection, migrated_url: str, tmp_path: Path) -> None:
    before = query(db, "SELECT what, licence, url FROM ref.sources WHERE name = 'marine_regions'")
    run(migrated_url, "load-areas", zones(tmp_path, "A"), "--source", "marine_regions", "--version", "12")
    assert query(db, "SELECT what, licence, url FROM ref.sources WHERE name = 'marine_regions'") == before
    assert value(db, "SELECT version FROM ref.sources WHERE name = 'marine_regions'") == "12"


def test_a_file_of_which_nothing_is_good_replaces_nothing(db: Connection, migrated_url: str, tmp_path: Path) -> None:
    run(migrated_url, "load-areas", zones(tmp_path, "A"))
    with pytest.raises(BadSetting, match="has no property name"):
        run(migrated_url, "load-areas", zones(tmp_path, None))
    run(migrated_url, "load-ports", table(tmp_path, "name,lon,lat", "A,1,2"))
    with pytest.raises(BadSetting, match="nothing that can be loaded: 1 without a longitude"):
        run(migrated_url, "load-ports", table(tmp_path, "name,lon,lat", "A,1,"))
    assert query(db, AREAS) == [("A", "area", "zones")]
    assert query(db, PORTS) == [(None, "A", None, 1.0, 2.0, "ports")]


def test_ports_of_the_world_port_index_are_there(db: Connection, migrated_url: str, tmp_path: Path) -> None:
    lines = [
        WPI,
        "Rotterdam,NL RTM,Netherlands,51.9,4.5",
        "Nowhere, ,Atlantis,1,2",
        "Lost,,Norway,,",
        "Bergen,,Norway,60.4,5.3",
    ]
    said = run(migrated_url, "load-ports", table(tmp_path, *lines), "--source", "world_port_index")
    assert said == (
        "loaded 3 ports from world_port_index; of them 1 of a country that is not known; "
        "left out 1: 1 without a longitude and latitude in degrees"
    )
    assert query(db, PORTS) == [
        (None, "Bergen", "NO", 5.3, 60.4, "world_port_index"),
        (None, "Nowhere", None, 2.0, 1.0, "world_port_index"),
        ("NLRTM", "Rotterdam", "NL", 4.5, 51.9, "world_port_index"),
    ]
    run(
        migrated_url, "load-ports", table(tmp_path, WPI, "Oslo,NO OSL,Norway,59.9,10.7"), "--source", "world_port_index"
    )
    assert [name for _, name, *_ in query(db, PORTS)] == ["Oslo"]


def test_a_reader_sees_the_old_areas_until_the_new_are_whole(db: Connection, migrated_url: str, tmp_path: Path) -> None:
    run(migrated_url, "load-areas", zones(tmp_path, "old"))
    with closing(database.connect(migrated_url)) as holding:
        query(holding, "SELECT FROM ref.sources WHERE name = 'zones' FOR UPDATE")  # as another loading of it would
        loading = Thread(target=run, args=(migrated_url, "load-areas", zones(tmp_path, "new")))
        loading.start()
        loading.join(1)
        assert loading.is_alive()
        assert query(db, AREAS) == [("old", "area", "zones")]
        holding.rollback()
        loading.join(30)
    assert query(db, AREAS) == [("new", "area", "zones")]


@pytest.mark.parametrize("role", ["analyst", "writer"])
def test_only_the_owner_loads(db: Connection, migrated_url: str, tmp_path: Path, role: str) -> None:
    url = login_url(migrated_url, role)
    for command, path in (
        ("load-areas", zones(tmp_path, "A")),
        ("load-ports", table(tmp_path, "name,lon,lat", "A,1,2")),
    ):
        with pytest.raises(DatabaseAway, match="permission denied for table sources"):
            run(url, command, path)
    assert query(db, AREAS) == []


@pytest.mark.parametrize("role", ["analyst", "writer"])
def test_everybody_reads(db: Connection, migrated_url: str, tmp_path: Path, role: str) -> None:
    run(migrated_url, "load-areas", zones(tmp_path, "A"))
    with closing(database.connect(login_url(migrated_url, role))) as reader:
        areas = "SELECT a.name, s.what FROM ref.areas a JOIN ref.sources s ON s.name = a.source"
        assert query(reader, areas) == [("A", "Areas of zones.v1.geojson")]
        assert value(reader, "SELECT ais.country_of(219000001)") == "Denmark"
        assert query(reader, "SELECT * FROM ais.fuzzy_name_search('x')") == []
