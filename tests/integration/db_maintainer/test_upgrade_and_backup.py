"""A database of before the maintainer goes on with it, and one with closed days can be dumped and restored."""

import os
import subprocess
from contextlib import closing
from pathlib import Path
from shutil import copy
from urllib.parse import urlsplit

from psycopg2.extensions import connection as Connection

from fairway import database
from fairway.stack.programs import SearchPath, find_postgres
from services.db_maintainer.close import close_partitions
from tests.integration.db_maintainer.days import SOURCES, content, days_ago, fill, query, value
from tests.integration.db_maintainer.test_close import AT_ONCE, IN_ORDER

DAY = days_ago(2)
LABELS = """
    INSERT INTO ais.position_labels (own_ship, low_resolution, source, time_source, channel)
    SELECT false, false, source, 'received', channel FROM unnest(%s) AS source, unnest('{A,B}'::text[]) AS channel
"""


def test_days_that_were_there_before_the_upgrade_can_be_closed(database_url: str, tmp_path: Path) -> None:
    for path in database.sql_folder().glob("*.sql"):
        if path.name < "013":
            copy(path, tmp_path)
    database.migrate(database_url, tmp_path)
    with closing(database.connect(database_url)) as owner:
        owner.autocommit = True
        query(owner, LABELS, list(SOURCES))
        name = fill(owner, DAY)
        query(owner, f"CREATE INDEX by_place ON ais.{name} USING gist ((ais.point(lon, lat)::geometry(Point, 4326)))")
        before = content(owner, DAY)
        database.migrate(database_url)
        assert content(owner, DAY) == before
    with closing(database.connect(database_url)) as connection:
        assert close_partitions(connection, AT_ONCE) == 1
        assert content(connection, DAY) == before
        indexes = query(connection, "SELECT indexdef FROM pg_indexes WHERE tablename = %s", name)
        assert str(indexes).count("USING gist") == 1  # the operator's own serves


def test_a_dump_of_closed_days_can_be_restored(
    db: Connection, maintainer: Connection, owner_url: str, database_url: str, tmp_path: Path
) -> None:
    """Their spatial index is of a function of ours, which pg_restore calls with an empty search_path."""
    name = fill(db, DAY)
    close_partitions(maintainer, AT_ONCE)
    programs, dump = find_postgres(SearchPath()), tmp_path / "dump"
    _run(programs / "pg_dump", "-Fc", "-f", str(dump), url=owner_url)
    _run(programs / "pg_restore", "--exit-on-error", "-d", urlsplit(database_url).path[1:], str(dump), url=database_url)
    with closing(database.connect(database_url)) as restored:
        assert content(restored, DAY) == content(db, DAY)
        assert value(restored, IN_ORDER.format(name))


def _run(program: Path, *arguments: str, url: str) -> None:
    environment = {**os.environ, **database.client_environment(url)}
    subprocess.run([program, *arguments], env=environment, check=True, capture_output=True, text=True)
