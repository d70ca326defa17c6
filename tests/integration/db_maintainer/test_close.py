"""A closed day is in order and has its spatial index, and no row is lost on the way."""

from contextlib import closing
from datetime import timedelta

import psycopg2
import pytest
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ
from psycopg2.extensions import connection as Connection

from fairway import database
from services.db_maintainer.close import Closing, close_partitions
from tests.integration.db_maintainer.days import content, days_ago, fill, killed_while_it_waits, query, value, writer

AT_ONCE = Closing(timedelta(0), timedelta(0), tries=40, pause_seconds=0.1)
ONE_TRY = Closing(timedelta(0), timedelta(0), tries=1)
DAY = days_ago(2)
IN_ORDER = """
    SELECT bool_and(place >= before)
    FROM (
        SELECT place, lag(place) OVER (ORDER BY at) AS before
        FROM (
            SELECT
                ctid AS at,
                ROW (floor(extract(hour FROM event_time) / 4), lat / 10000000, lon / 10000000, mmsi, event_time) AS place
            FROM ais.{}
        ) AS places
    ) AS neighbours
"""


def test_a_closed_day_is_in_order_with_all_its_indexes_and_the_same_rows(
    db: Connection, maintainer: Connection
) -> None:
    name = fill(db, DAY)
    query(db, f"CREATE INDEX ON ais.{name} (received_at) WHERE sog > 1")  # an operator's own
    before = content(db, DAY)
    assert not value(db, IN_ORDER.format(name))
    assert close_partitions(maintainer, AT_ONCE) == 1
    assert content(db, DAY) == before
    assert value(db, IN_ORDER.format(name))
    indexes = str(query(db, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'ais' AND tablename = %s", name))
    for part in "btree (mmsi)", "brin (event_time)", "brin (event_time, ", "btree (received_at) WHERE":
        assert indexes.count(part) == 1
    assert value(db, "SELECT reltuples FROM pg_class WHERE relname = %s", name) == len(before)


def test_a_closed_day_is_a_partition_like_any_other(db: Connection, maintainer: Connection) -> None:
    """Its indexes belong to the table's, its comments are there, nothing of the making is left, and late rows find it."""
    closed, other = fill(db, DAY), fill(db, days_ago(1))
    close_partitions(maintainer, Closing(timedelta(hours=24), timedelta(0)))
    for question in (
        "SELECT count(*) FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid WHERE indrelid = 'ais.{}'::regclass",
        "SELECT count(*) FROM pg_constraint WHERE conrelid = 'ais.{}'::regclass",
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'ais.{}'::regclass",
        "SELECT array_agg(col_description(attrelid, attnum) ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = 'ais.{}'::regclass",
        "SELECT relacl::text FROM pg_class WHERE oid = 'ais.{}'::regclass",
    ):
        assert value(db, question.format(closed)) == value(db, question.format(other))
    assert value(db, "SELECT obj_description(%s::regclass)", f"ais.{closed}") == f"ais.positions of {DAY}"
    assert value(db, "SELECT to_regclass(%s)", f"ops.{closed}_copy") is None
    query(db, f"INSERT INTO ais.position_rows (event_time, received_at, mmsi, label) SELECT '{DAY}', now(), 1, 1")
    assert value(db, f"SELECT count(*) FROM ais.{closed} WHERE mmsi = 1") == 1


def test_a_question_about_a_place_uses_the_spatial_index_of_a_closed_day(
    db: Connection, maintainer: Connection
) -> None:
    name = fill(db, DAY)
    close_partitions(maintainer, AT_ONCE)
    area = "st_makeenvelope(10, 54.9, 10.01, 55, 4326)"
    plan = str(query(db, f"EXPLAIN SELECT count(*) FROM ais.positions WHERE st_intersects(geom, {area})"))
    assert f"{name}_places" in plan


def test_no_row_is_lost_and_nobody_waits_while_days_are_closed(
    db: Connection, maintainer: Connection, writer_url: str
) -> None:
    days = [DAY, days_ago(3)]
    for day in days:
        fill(db, day, 30_000)
    with writer(writer_url, days_ago(0), *days) as written:
        assert close_partitions(maintainer, AT_ONCE) == 2
        between = len(written.committed)
    assert between > 100
    assert written.longest < 1.5
    stored = {number for (number,) in query(db, "SELECT radio FROM ais.position_rows WHERE radio >= 1000000")}
    assert stored == set(written.committed)
    assert value(db, "SELECT count(*) FROM ais.position_rows") == 60_000 + len(written.committed)


def test_a_reader_sees_every_row_at_every_moment(db: Connection, maintainer: Connection, owner_url: str) -> None:
    """Also one whose snapshot is older than the copy: the swap waits for it to end."""
    name = fill(db, DAY)
    with closing(database.connect(owner_url)) as reader:
        reader.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ)
        query(reader, "SELECT 1")  # a snapshot, and no lock on positions
        assert close_partitions(maintainer, ONE_TRY) == 0
        assert value(reader, "SELECT count(*) FROM ais.positions") == 5000
    assert close_partitions(maintainer, ONE_TRY) == 1
    assert value(db, "SELECT closed_at IS NOT NULL FROM ops.partitions WHERE name = %s", name)


def test_a_long_question_puts_the_swap_off_and_holds_nobody_up(
    db: Connection, maintainer: Connection, owner_url: str, writer_url: str
) -> None:
    fill(db, DAY)
    with closing(database.connect(owner_url)) as reader:
        query(reader, "SELECT count(*) FROM ais.positions")  # and its transaction stays open
        with writer(writer_url, days_ago(0), DAY) as written:
            assert close_partitions(maintainer, ONE_TRY) == 0
        assert written.longest < 1.5
    count = len(written.committed)
    assert close_partitions(maintainer, ONE_TRY) == 1  # goes on with the copy that it has
    assert value(db, "SELECT count(*) FROM ais.position_rows WHERE radio >= 1000000") == count


def test_rows_that_were_deleted_while_a_copy_waits_do_not_come_back(
    db: Connection, maintainer: Connection, owner_url: str
) -> None:
    fill(db, DAY)
    with closing(database.connect(owner_url)) as reader:
        query(reader, "SELECT count(*) FROM ais.positions")
        assert close_partitions(maintainer, ONE_TRY) == 0
    query(db, "DELETE FROM ais.position_rows WHERE mmsi = 219000007")
    query(db, "UPDATE ais.position_rows SET sog = 99 WHERE mmsi = 219000008")
    expected = content(db, DAY)
    assert close_partitions(maintainer, ONE_TRY) == 1
    assert content(db, DAY) == expected


def test_a_copy_that_a_migration_has_overtaken_is_given_up(
    db: Connection, maintainer: Connection, owner_url: str
) -> None:
    fill(db, DAY)
    with closing(database.connect(owner_url)) as reader:
        query(reader, "SELECT count(*) FROM ais.positions")
        assert close_partitions(maintainer, ONE_TRY) == 0
    query(db, "ALTER TABLE ais.position_rows ADD COLUMN new integer")
    try:
        query(
            db,
            "INSERT INTO ais.position_rows (event_time, received_at, mmsi, label, new) SELECT %s, now(), 1, 1, 7",
            DAY,
        )
        with pytest.raises(psycopg2.ProgrammingError):
            close_partitions(maintainer, ONE_TRY)
        assert close_partitions(maintainer, ONE_TRY) == 1
        assert value(db, "SELECT count(*) FROM ais.position_rows WHERE new = 7") == 1
    finally:
        query(db, "ALTER TABLE ais.position_rows DROP COLUMN new")


def test_a_day_is_closed_when_it_is_over_and_quiet_and_again_when_it_has_grown(
    db: Connection, maintainer: Connection
) -> None:
    fill(db, days_ago(0))
    name = fill(db, DAY)
    assert close_partitions(maintainer, Closing(timedelta(days=9), timedelta(0))) == 0
    assert close_partitions(maintainer, Closing(timedelta(0), timedelta(hours=1))) == 0
    assert close_partitions(maintainer, AT_ONCE) == 1
    assert close_partitions(maintainer, AT_ONCE) == 0
    fill(db, DAY, 20_000)
    assert close_partitions(maintainer, AT_ONCE) == 1
    assert value(db, IN_ORDER.format(name))


@pytest.mark.parametrize("step", ["copy_partition", "swap_partition"])
def test_a_maintainer_that_is_killed_leaves_nothing_wrong(
    db: Connection, maintainer_url: str, owner_url: str, step: str
) -> None:
    """Killed while it waits for a lock that the step takes."""
    fill(db, DAY)
    expected = content(db, DAY)
    with closing(database.connect(owner_url)) as holder, closing(database.connect(maintainer_url)) as victim:
        query(db, "INSERT INTO ops.partition_upkeep (name) VALUES (%s)", f"positions_{DAY:%Y%m%d}")
        if step == "copy_partition":
            query(
                holder,
                "LOCK TABLE ops.late_rows IN ACCESS SHARE MODE; UPDATE ops.partition_upkeep SET inserts = inserts",
            )
        else:
            query(holder, "LOCK TABLE ais.position_rows IN ACCESS SHARE MODE")
        error = killed_while_it_waits(db, victim, lambda: close_partitions(victim, AT_ONCE))
        assert isinstance(error, psycopg2.Error)
    assert content(db, DAY) == expected
    with closing(database.connect(maintainer_url)) as connection:
        assert close_partitions(connection, AT_ONCE) == 1
    assert content(db, DAY) == expected


def test_a_day_into_which_an_archive_is_loaded_is_let_alone(
    db: Connection, maintainer: Connection, owner_url: str
) -> None:
    """Its copy is given up, and its rows cost what they cost elsewhere."""
    name = fill(db, DAY)
    with closing(database.connect(owner_url)) as reader:
        query(reader, "SELECT count(*) FROM ais.positions")
        assert close_partitions(maintainer, ONE_TRY) == 0
    fill(db, DAY, 300)
    expected = content(db, DAY)
    few = Closing(timedelta(0), timedelta(hours=1), tries=1, most_late=100)
    assert close_partitions(maintainer, few) == 0
    assert value(db, "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass", f"ais.{name}") == 0
    assert query(db, "SELECT to_regclass(%s), (SELECT count(*) FROM ops.late_rows)", f"ops.{name}_copy") == [(None, 0)]
    assert content(db, DAY) == expected
    assert close_partitions(maintainer, ONE_TRY) == 1
    assert content(db, DAY) == expected
