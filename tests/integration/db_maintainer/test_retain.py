"""Nothing is deleted but what a rule gives up, and nobody waits for it."""

from contextlib import closing
from datetime import date, timedelta

import psycopg2
import psycopg2.errors
import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from services.db_maintainer.retain import ROWS_AT_ONCE, delete_expired
from tests.integration.db_maintainer.days import SOURCES, days_ago, fill, query, value, writer


def rule(db: Connection, table: str, days: int, source: str | None = None, archive: bool = False) -> None:
    statement = "INSERT INTO ops.retention (table_name, days, source, archive) VALUES (%s, %s, %s, %s)"
    query(db, statement, table, days, source, archive)


def retain(maintainer: Connection) -> int:
    return delete_expired(maintainer, tries=30, pause_seconds=0.1)


def rows_of(db: Connection, day: date, source: str) -> int:
    question = "SELECT count(*) FROM ais.positions WHERE event_time >= %s AND event_time < %s AND source = %s"
    return int(value(db, question, day, day + timedelta(days=1), source))


def names(db: Connection) -> list[str]:
    return [name for (name,) in query(db, "SELECT name FROM ops.partitions ORDER BY 1")]


def test_without_a_rule_everything_stays(db: Connection, maintainer: Connection) -> None:
    fill(db, days_ago(300))
    rule(db, "aton_reports", 1)
    assert retain(maintainer) == 0
    assert value(db, "SELECT count(*) FROM ais.position_rows") == 5000


def test_a_day_is_dropped_when_it_is_older_than_the_rule_says(db: Connection, maintainer: Connection) -> None:
    fill(db, days_ago(12))  # ended eleven days ago
    kept = [fill(db, days_ago(10)), fill(db, days_ago(1))]
    rule(db, "positions", 10)
    assert retain(maintainer) == 1
    assert names(db) == kept
    assert query(db, "SELECT name FROM ops.partition_upkeep ORDER BY 1") == [(name,) for name in kept]


def test_a_source_may_be_kept_shorter_than_the_others(db: Connection, maintainer: Connection) -> None:
    fill(db, days_ago(5))
    rule(db, "positions", 3, source=SOURCES[0])
    assert retain(maintainer) == 2500
    assert [rows_of(db, days_ago(5), source) for source in SOURCES] == [0, 2500]
    assert retain(maintainer) == 0


def test_a_source_may_be_kept_longer_than_the_others(db: Connection, maintainer: Connection) -> None:
    fill(db, days_ago(5))
    rule(db, "positions", 3)
    rule(db, "positions", 30, source=SOURCES[0])
    assert retain(maintainer) == 2500
    assert [rows_of(db, days_ago(5), source) for source in SOURCES] == [2500, 0]
    query(db, "UPDATE ops.retention SET days = 4 WHERE source IS NOT NULL")
    assert retain(maintainer) == 1
    assert names(db) == []


def test_rows_that_come_after_their_retention_are_deleted_too(db: Connection, maintainer: Connection) -> None:
    fill(db, days_ago(5))
    rule(db, "positions", 3, source=SOURCES[0])
    retain(maintainer)
    fill(db, days_ago(5), 1000)
    query(db, "SELECT pg_stat_force_next_flush()")
    assert retain(maintainer) == 500


def test_a_day_that_was_restored_is_kept_for_a_while(db: Connection, maintainer: Connection) -> None:
    name = fill(db, days_ago(50))
    rule(db, "positions", 3)
    query(db, "INSERT INTO ops.partition_upkeep (name, keep_until) VALUES (%s, now() + interval '1 hour')", name)
    assert retain(maintainer) == 0
    query(db, "UPDATE ops.partition_upkeep SET keep_until = now()")
    assert retain(maintainer) == 1


def test_a_day_that_belongs_in_the_archive_is_not_dropped_without_it(db: Connection, maintainer: Connection) -> None:
    name = fill(db, days_ago(50))
    rule(db, "positions", 3, archive=True)
    assert retain(maintainer) == 0
    with maintainer:
        assert value(maintainer, "SELECT ops.drop_partition(%s)", name) is False
    assert value(db, "SELECT count(*) FROM ais.position_rows") == 5000


def test_other_tables_lose_old_rows_in_slices(db: Connection, maintainer: Connection) -> None:
    query(
        db,
        "INSERT INTO ais.aton_reports (event_time, received_at, mmsi, msg_type, own_ship, time_source, source)"
        " SELECT now() - make_interval(days => days), now(), n, 21, false, 'received', source"
        " FROM unnest('{2,9,40}'::int[]) AS days, unnest('{a,b}'::text[]) AS source, generate_series(1, %s) AS n",
        ROWS_AT_ONCE + 3,
    )
    rule(db, "aton_reports", 30)
    rule(db, "aton_reports", 5, source="a")
    assert retain(maintainer) == 3 * (ROWS_AT_ONCE + 3)
    ages = "SELECT source, event_time > now() - interval '5 days', count(*) FROM ais.aton_reports GROUP BY 1, 2"
    left = query(db, ages)
    assert sorted(left) == [
        ("a", True, ROWS_AT_ONCE + 3),
        ("b", False, ROWS_AT_ONCE + 3),
        ("b", True, ROWS_AT_ONCE + 3),
    ]
    query(db, "DELETE FROM ais.aton_reports")


def test_a_writer_goes_on_while_days_are_dropped_and_sources_deleted(
    db: Connection, maintainer: Connection, writer_url: str
) -> None:
    for day in range(20, 26):
        fill(db, days_ago(day))
    mixed = days_ago(10)
    fill(db, mixed, 50_000)
    rule(db, "positions", 15)
    rule(db, "positions", 5, source=SOURCES[1])  # the writer's rows are of the other
    with writer(writer_url, days_ago(0), mixed) as written:
        assert retain(maintainer) >= 6 + 25_000
    assert written.longest < 1.5
    stored = {number for (number,) in query(db, "SELECT radio FROM ais.position_rows WHERE radio >= 1000000")}
    assert stored == set(written.committed)
    assert [rows_of(db, mixed, source) > 0 for source in SOURCES] == [True, False]


def test_a_long_question_puts_a_drop_off(db: Connection, maintainer: Connection, owner_url: str) -> None:
    fill(db, days_ago(20))
    rule(db, "positions", 3)
    with closing(database.connect(owner_url)) as reader:
        query(reader, "SELECT count(*) FROM ais.positions")
        assert delete_expired(maintainer, tries=1) == 0
    assert delete_expired(maintainer, tries=1) == 1


@pytest.mark.parametrize("table", ["vessels", "position_rows", "ledger", "pg_class"])
def test_there_is_no_rule_for_a_table_whose_rows_do_not_expire(db: Connection, table: str) -> None:
    with pytest.raises(psycopg2.errors.CheckViolation):
        rule(db, table, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ais.position_rows",
        "DROP TABLE ais.positions_{day}",
        "TRUNCATE ais.vessels",
        "INSERT INTO ops.retention (table_name, days) VALUES ('positions', 1)",
        "UPDATE ops.partition_upkeep SET closed_at = now()",
        "ALTER TABLE ais.position_rows DETACH PARTITION ais.positions_{day}",
        "CREATE TABLE ais.mine (x int)",
    ],
)
def test_a_maintainer_may_only_what_the_rules_say(db: Connection, maintainer: Connection, statement: str) -> None:
    name = fill(db, days_ago(30))
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        query(maintainer, statement.format(day=name[-8:]))
    maintainer.rollback()
    with maintainer:
        assert value(maintainer, "SELECT ops.drop_partition(%s)", name) is False  # there is no rule
        assert value(maintainer, "SELECT ops.drop_partition('position_labels')") is False


def test_a_writer_maintains_nothing(writer_url: str) -> None:
    with closing(database.connect(writer_url)) as connection:
        for function in "watch_partition", "unwatch_partition", "copy_partition", "swap_partition", "drop_partition":
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                query(connection, f"SELECT ops.{function}('positions_20260102')")
            connection.rollback()
