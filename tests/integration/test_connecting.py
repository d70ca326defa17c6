"""The snippets of docs/connecting.md run as the analyst, over the sample of the cookbook."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from fairway.stack.programs import SearchPath, find_postgres
from services.db_inserter.stage import Inserter
from services.db_maintainer.archiving import archive_day
from tests.integration import cookbook
from tests.integration.db_inserter.queries import query, value
from tests.integration.logins import login_url

PAGE = (Path(__file__).parents[2] / "docs" / "connecting.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
# What Grafana puts in the place of its words, for a dashboard of the sample's hours.
GRAFANA = {
    r"\$__timeFilter\((\w+)\)": r"\1 BETWEEN '2026-01-02T10:00:00Z' AND '2026-01-02T14:00:00Z'",
    r"\$__timeTo\(\)": "'2026-01-02T14:00:00Z'",
}
REPORTS = {cookbook.COAST: 204, cookbook.ORBIT: 25}  # of the sample
ELSEWHERE = ("ssh ", "-- DuckDB with extensions")  # needs another machine, or the internet


def snippets(language: str, begin: str = "") -> list[str]:
    """Those of a language that begin so."""
    return [text for of, text in SNIPPETS if of == language and text.startswith(begin)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("analyst")


@pytest.fixture(scope="module")
def url(migrated_url: str, folder: Path) -> str:
    """The analyst's, with the sample in the database and its day in an archive."""
    with closing(database.connect(migrated_url)) as owner:
        with closing(Inserter(migrated_url, ledger_days=14, partition_days_ahead=1)) as inserter:
            cookbook.fill(owner, inserter)
        owner.commit()
        archive_day(owner, date(2026, 1, 2), folder / "archive", noted=False)
    return login_url(migrated_url, "analyst")


@pytest.fixture
def analyst(url: str) -> Iterator[Connection]:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        yield connection


@pytest.fixture(scope="module")
def python(url: str, folder: Path) -> dict[str, Any]:
    """What all that is written in Python leaves behind."""
    left: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("FAIRWAY_DATABASE_URL", url)
        for text in snippets("python"):
            exec(text, left)
    left["engine"].dispose()
    return left


def test_psql_is_understood(url: str, folder: Path) -> None:
    parts = psycopg2.extensions.parse_dsn(url)
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password", "PGDATABASE": "dbname"}
    path = f"{find_postgres(SearchPath())}:{os.environ['PATH']}"
    environment = {"PATH": path, "PGTZ": "UTC", **{name: parts[part] for name, part in names.items()}}
    [script] = snippets("sh", "psql")
    done = subprocess.run(
        ["sh", "-ec", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert not done.stderr
    assert "211000008 | HOLGER | 2026-01-02 14:00:00+00" in done.stdout
    assert "Maritime Mobile Service Identity" in done.stdout
    assert (folder / "days.csv").read_text().count("\n") == 1 + len(cookbook.SHIPS)


def test_pandas_reads_days_and_pieces(python: dict[str, Any]) -> None:
    days = python["days"].set_index("mmsi")
    assert len(days) == len(cookbook.SHIPS)
    assert days.moving_hours[219000001] == pytest.approx(4)
    assert python["reports"] == sum(REPORTS.values())
    assert str(python["piece"].event_time.dtype).endswith("UTC]")
    assert python["names"][0] == "ASTRID"


def test_geopandas_reads_tracks_and_the_archive(python: dict[str, Any], folder: Path) -> None:
    tracks, positions = python["tracks"], python["positions"]
    assert tracks.crs.to_epsg() == 4326
    assert set(tracks.geom_type) == {"LineString"}
    assert len(python["geopandas"].read_file(folder / "tracks.gpkg")) == len(tracks) == len(cookbook.SHIPS) + 1
    assert {"mmsi", "event_time", "geometry"} == set(positions.columns)
    astrid = positions[positions.mmsi == 219000001]
    assert astrid.geometry.iloc[0].coords[0] == pytest.approx((10.6, 55.3), abs=1e-7)
    assert astrid.event_time.iloc[0] == cookbook.BEGIN


def test_duckdb_reads_the_archive(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    [question] = snippets("sql", "-- DuckDB\n")
    with duckdb.connect() as here:
        here.execute("SET timezone = 'UTC'")
        rows = here.execute(question).fetchall()
    assert [row[:3] for row in rows] == [
        (cookbook.COAST, REPORTS[cookbook.COAST], 9),
        (cookbook.ORBIT, REPORTS[cookbook.ORBIT], 1),
    ]
    assert all(row[3].astimezone(UTC) == cookbook.BEGIN for row in rows)


@pytest.mark.parametrize("question", snippets("sql", "-- QGIS"))
def test_a_layer_of_qgis_has_a_key_and_geometries(analyst: Connection, question: str) -> None:
    layer = (
        f"({question}) AS _subq_1_ WHERE geom && st_makeenvelope(10, 55, 12, 56, 4326)"  # as QGIS asks for its window
    )
    [(rows, ids, srids)] = query(
        analyst, f"SELECT count(*), count(DISTINCT id), array_agg(DISTINCT st_srid(geom)) FROM {layer}"
    )
    assert rows == ids > 0
    assert srids == [4326]


@pytest.mark.parametrize("question", snippets("sql", "-- Grafana"))
def test_a_panel_of_grafana_has_rows(analyst: Connection, question: str) -> None:
    for word, meaning in GRAFANA.items():
        question = re.sub(word, meaning, question)
    rows = query(analyst, question)
    assert rows or "ops.jobs" in question  # no job has run


def test_the_analyst_is_as_the_page_says(analyst: Connection) -> None:
    settings = snippets("sql", "SET ")
    assert len(settings) == 2
    assert value(analyst, "SHOW statement_timeout") == "1min"
    for setting in settings:
        query(analyst, setting)
    assert value(analyst, "SHOW statement_timeout") == "10min"
    assert value(analyst, "SHOW timezone") == "UTC"
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        query(analyst, "DELETE FROM ais.vessels")


def test_every_snippet_is_run_here_or_said_not_to_be() -> None:
    run = [
        *snippets("python"),
        *snippets("sh", "psql"),
        *(text for begin in ("-- QGIS", "-- Grafana", "-- DuckDB\n", "SET ") for text in snippets("sql", begin)),
    ]
    assert len(run) + sum(text.startswith(ELSEWHERE) for _, text in SNIPPETS) == len(SNIPPETS)
