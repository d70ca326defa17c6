"""The recipe of docs/operations.md: a dump is restored onto another server, as the page says it, and everything goes on there."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection

from fairway import clock, database
from fairway.records import Position
from fairway.schema.dump import schema_dump
from fairway.settings import MaintainerSettings
from fairway.stack.local import LocalStack
from fairway.stack.paths import prepare
from fairway.stack.programs import SearchPath, find_postgres
from services.db_inserter.stage import Inserter
from services.db_maintainer import schedule
from services.db_maintainer.close import close_partitions
from services.db_maintainer.jobs import jobs
from tests.integration import cookbook
from tests.integration.conftest import fresh_database
from tests.integration.db_inserter.queries import query, value
from tests.integration.db_inserter.reports import filtered, position
from tests.integration.db_maintainer.test_close import AT_ONCE, IN_ORDER

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
SECTION = PAGE[PAGE.index("## Backup\n") : PAGE.index("Besides the database:")]
CONNECT, BACK_UP, RESTORE = re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)
PASSWORD = "secret"
YESTERDAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
RECENT = f"positions_{YESTERDAY:%Y%m%d}"

# `compose` of the page, as deploy/docker-compose.yml has its containers; whatever else it is asked for fails.
COMPOSE = """#!/bin/sh -e
case "$*" in
    "run --rm migrate")
        fairway db migrate
        cd deploy/secrets
        fairway db roles --writer-password-file database_writer --analyst-password-file database_analyst \
            --maintainer-password-file database_maintainer ;;
    "up -d") ;;
    *) exit 1 ;;
esac
"""
ROWS = """
    SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND (n.nspname IN ('ais', 'ops', 'ref') OR c.relname = '_yoyo_migration') ORDER BY 1
"""
SEQUENCES = """
    SELECT schemaname, sequencename, last_value FROM pg_sequences WHERE schemaname IN ('ais', 'ops', 'ref') ORDER BY 1, 2
"""
QUESTIONS = (
    "SELECT v::text FROM ais.vessels_at('2026-01-02 11:00+00') AS v",
    "SELECT t::text FROM ais.vessel_track(219000001, '2026-01-02', '2026-01-03') AS t",
    "SELECT n.mmsi, n.name, n.country FROM ais.vessels_now AS n ORDER BY 1",
)


@pytest.fixture(scope="module")
def source(stack: LocalStack, migrated: str) -> Iterator[str]:
    """A database that has been used: reports, what is derived, a closed day, one about to be closed, a rule of retention."""
    with fresh_database(stack, migrated) as url:
        with closing(database.connect(url)) as owner, closing(an_inserter(url, renew=True)) as inserter:
            cookbook.fill(owner, inserter)
            owner.autocommit = True
            query(owner, "INSERT INTO ops.retention (table_name, days) VALUES ('binary_messages', 90)")
            with closing(connected_as("maintainer", url, renew=True)) as maintainer:
                assert close_partitions(maintainer, AT_ONCE) == 1
            inserter.handle([filtered(recent(0), recent(1), id="recent")])
            query(owner, "SELECT ops.watch_partition(%s)", RECENT)
            query(owner, "SELECT ops.copy_partition(%s)", RECENT)
            inserter.handle([filtered(recent(2), id="late")])
        yield url


@pytest.fixture(scope="module")
def empty_server(source: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The owner's URL of an empty database, of the source's name, on a server that has seen nothing yet."""
    stack = LocalStack(tmp_path_factory.mktemp("other") / ".fairway")
    try:
        prepare(stack.paths)
        stack.postgres.start()
        with closing(psycopg2.connect(stack.database_url())) as connection:
            connection.autocommit = True
            query(connection, "ALTER SYSTEM SET fsync = off")  # nobody needs this server after a loss of power
            query(connection, "SELECT pg_reload_conf()")
            query(connection, f"CREATE DATABASE {source.rpartition('/')[2]}")
        yield urlunsplit(urlsplit(stack.database_url())._replace(path=urlsplit(source).path))
    finally:
        stack.clean()


@pytest.fixture(scope="module")
def folder(source: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout, as far as the recipe needs one, with both dumps."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / "deploy/secrets").mkdir(parents=True)
    for role in database.ROLES:
        (folder / f"deploy/secrets/database_{role}").write_text(PASSWORD)
    (folder / "compose").write_text(COMPOSE)
    (folder / "compose").chmod(0o755)
    run(BACK_UP, source, folder)
    return folder


@pytest.fixture(scope="module")
def restored(empty_server: str, folder: Path) -> str:
    """The owner's URL of the restored database."""
    run(RESTORE, empty_server, folder)
    return empty_server


def test_the_page_sets_what_finds_the_database(source: str) -> None:
    assert {"PGPORT", *re.findall(r"PG[A-Z]+(?==)", CONNECT)} == set(database.client_environment(source))


def test_a_restored_database_has_every_row_and_right(source: str, restored: str) -> None:
    assert contents(restored) == contents(source)
    assert schema_dump(restored, whole=True) == schema_dump(source, whole=True)


def test_the_folder_of_a_dump_can_be_restored_as_well(source: str, restored: str, folder: Path) -> None:
    lines = [line for line in RESTORE.splitlines() if not line.startswith("compose")]  # roles are there now
    run("\n".join(lines).replace("fairway.dump", "fairway.dir"), restored, folder)
    assert contents(restored) == contents(source)


def test_analysts_have_the_answers_that_they_had(source: str, restored: str) -> None:
    login = url_of("analyst", source, renew=True), url_of("analyst", restored)
    with closing(psycopg2.connect(login[0])) as before, closing(psycopg2.connect(login[1])) as now:
        for question in QUESTIONS:
            assert sorted(query(now, question)) == sorted(query(before, question)) != []
        assert query(now, "SHOW statement_timeout") == [("1min",)]


def test_the_inserter_and_the_maintainer_go_on(source: str, restored: str, tmp_path: Path) -> None:
    with closing(database.connect(restored)) as owner:
        owner.autocommit = True
        assert value(owner, f"SELECT count(*) FROM ais.{RECENT}") == 3
        with closing(an_inserter(restored)) as inserter:
            inserter.handle([filtered(recent(2), id="late")])  # is known
            inserter.handle([filtered(recent(3), id="new")])
        assert value(owner, f"SELECT count(*) FROM ais.{RECENT}") == 4
        assert value(owner, "SELECT count(*) FROM ops.late_rows") == 2
        settings = MaintainerSettings(close_after_hours=0, close_quiet_minutes=0, state_dir=tmp_path)
        with closing(connected_as("maintainer", restored)) as maintainer:
            for job in jobs(settings):
                assert schedule.run(url_of("maintainer", restored), maintainer, job, Event()) is None
        assert query(owner, f"SELECT radio FROM ais.{RECENT} ORDER BY radio") == [(0,), (1,), (2,), (3,)]
        assert value(owner, IN_ORDER.format(RECENT))
        assert query(owner, "SELECT name FROM ops.partitions WHERE closed_at IS NULL AND about_rows > 0") == []
        assert value(owner, "SELECT sum(reports) FROM ais.vessel_days WHERE mmsi = 219000009") == 4


def run(commands: str, url: str, folder: Path) -> None:
    """Run lines of the page, in a folder, with the variables that find a database."""
    programs = find_postgres(SearchPath()), Path(sys.executable).parent, folder, "/usr/bin", "/bin"
    variables = {
        **database.client_environment(url),
        "PATH": ":".join(map(str, programs)),
        "LANG": "C.UTF-8",
        "FAIRWAY_DATABASE_URL": url,
    }
    done = subprocess.run(["bash", "-e", "-c", commands], cwd=folder, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def contents(url: str) -> dict[str, Any]:
    """Every row of every table, and how far rows are numbered."""
    with closing(database.connect(url)) as connection:
        names = [name for (name,) in query(connection, ROWS)]
        rows = {name: sorted(query(connection, f"SELECT t::text FROM {name} AS t")) for name in names}
        return {**rows, "sequences": query(connection, SEQUENCES)}


def recent(number: int) -> Position:
    """A position of yesterday noon, with its number in `radio`."""
    at = clock.to_text(round((YESTERDAY + timedelta(hours=12, seconds=number)).timestamp() * 1000))
    return position(mmsi=219000009, event_time=at, received_at=at, radio=number, lon=11.0 + number / 1000)


def an_inserter(owner_url: str, renew: bool = False) -> Inserter:
    return Inserter(url_of("writer", owner_url, renew), ledger_days=14, partition_days_ahead=1)


def connected_as(role: str, owner_url: str, renew: bool = False) -> Connection:
    return database.connect(url_of(role, owner_url, renew))


def url_of(role: str, owner_url: str, renew: bool = False) -> str:
    """The URL of a role's login, which is made where it is to be renewed."""
    if renew:
        database.ensure_logins(owner_url, {role: PASSWORD})
    parts = urlsplit(owner_url)
    return urlunsplit(parts._replace(netloc=f"fairway_{role}:{PASSWORD}@{parts.netloc.rpartition('@')[2]}"))
