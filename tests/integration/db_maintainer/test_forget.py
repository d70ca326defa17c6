"""Derived tables and static history are kept in bounds, and what was given up is not made again of a part."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg2.errors
import pytest
from psycopg2.extensions import connection as Connection

from fairway import clock, database
from services.db_inserter.stage import Inserter
from services.db_maintainer import forget as job
from services.db_maintainer import retain
from tests.integration.db_inserter.reports import filtered, static
from tests.integration.db_maintainer.days import days_ago, fill, query, value
from tests.integration.db_maintainer.queries import DERIVED, derived, refresh
from tests.integration.db_maintainer.test_jobs import NOTE
from tests.integration.db_maintainer.test_retain import rule

DAY = days_ago(70)  # of a month that ended 39 days ago at least
NOW = datetime.now(UTC)


def forget(maintainer: Connection, tries: int = 30) -> int:
    return job.forget(maintainer, tries=tries, pause_seconds=0.1)


@pytest.fixture
def computed(db: Connection, maintainer: Connection) -> dict[str, list[tuple[object, ...]]]:
    """All derived tables, of a day."""
    fill(db, DAY)
    query(db, NOTE, DAY)
    refresh(maintainer, NOW)
    tables = derived(db)
    assert all(tables.values())
    return tables


def straggler(db: Connection, maintainer: Connection) -> None:
    """A late position of the day, a million metres from the others, and a refresh."""
    query(
        db,
        "INSERT INTO ais.position_rows (event_time, received_at, mmsi, label, lon, lat)"
        " SELECT %s::date::timestamptz + interval '10 hours 7 minutes', now(), 219000001, min(id), 0, 0 FROM ais.position_labels",
        DAY,
    )
    query(db, "INSERT INTO ops.changed_periods (period) VALUES (%s::date::timestamptz + interval '10 hours')", DAY)
    refresh(maintainer, NOW)


@pytest.mark.parametrize("table", DERIVED)
def test_a_derived_table_loses_old_days_alone_and_for_good(
    db: Connection, maintainer: Connection, computed: dict[str, list[tuple[object, ...]]], table: str
) -> None:
    rule(db, table, 30)
    assert forget(maintainer) == (1 if value(db, "SELECT count(*) FROM ops.months") < 3 else len(computed[table]))
    assert derived(db) == {**computed, table: []}
    query(db, "DELETE FROM ops.retention")
    straggler(db, maintainer)
    after = derived(db)
    assert after[table] == []
    changed = {name for name in DERIVED if after[name] != computed[name]} - {table}
    assert "vessel_days" in changed | {table}
    if table == "positions_30min":  # of the one half hour that could be made again a half day would be wrong
        assert after["positions_12h"] == computed["positions_12h"]
    elif table == "positions_12h":
        assert "positions_30min" in changed
    assert value(db, "SELECT count(*) FROM ops.stale_periods") == 0


def test_what_is_young_enough_stays(db: Connection, maintainer: Connection, computed: dict[str, object]) -> None:
    for table in DERIVED:
        rule(db, table, 70)  # the day after it was 69 days ago
    assert forget(maintainer) == 0
    assert derived(db) == computed


def test_a_month_goes_when_its_last_day_may(
    db: Connection, maintainer: Connection, computed: dict[str, object]
) -> None:
    end = value(db, "SELECT end_day FROM ops.months WHERE table_name = 'tracks'")
    days = (datetime.now(UTC).date() - end).days
    rule(db, "tracks", days + 1)
    assert forget(maintainer) == 0
    query(db, "UPDATE ops.retention SET days = %s", days)
    assert forget(maintainer) == 1


def test_a_long_question_puts_a_drop_off(
    db: Connection, maintainer: Connection, owner_url: str, computed: dict[str, object]
) -> None:
    rule(db, "density", 30)
    with closing(database.connect(owner_url)) as reader:
        query(reader, "SELECT count(*) FROM ais.density")
        assert forget(maintainer, tries=1) == 0
    assert forget(maintainer, tries=1) == 1


def test_a_maintainer_drops_no_month_that_is_to_be_kept(
    db: Connection, maintainer: Connection, computed: dict[str, object]
) -> None:
    with maintainer:
        for (name,) in query(db, "SELECT name FROM ops.months"):
            query(maintainer, "INSERT INTO ops.forgotten VALUES (current_date, %s) ON CONFLICT DO NOTHING", name[:-7])
            assert value(maintainer, "SELECT ops.drop_month(%s)", name) is False  # there is no rule
        assert value(maintainer, "SELECT ops.drop_month('vessels')") is False
    with pytest.raises(psycopg2.errors.InvalidParameterValue):
        query(maintainer, "SELECT ops.delete_expired('static_reports', '-infinity', 'infinity', 10)")


def test_derived_rows_have_no_source(db: Connection) -> None:
    with pytest.raises(psycopg2.errors.CheckViolation):
        rule(db, "tracks", 30, source="coastal.a")


def said(days: float, mmsi: int, **fields: object) -> object:
    time = clock.to_text(int((NOW - timedelta(days=days)).timestamp() * 1000))
    return static(**{"event_time": time, "mmsi": mmsi, **fields})


def runs(db: Connection) -> list[tuple[object, ...]]:
    return query(db, "SELECT mmsi, destination, reports FROM ais.static_reports ORDER BY 1, 2")


def test_runs_that_ended_long_ago_are_deleted_and_those_that_go_on_are_not(
    db: Connection, maintainer: Connection, inserter: Inserter
) -> None:
    inserter.handle(
        [
            filtered(
                said(90, 1, destination="OLD"),
                said(80, 1, destination="NEW"),
                said(1, 1, destination="NEW"),
                said(50, 2, destination="KEPT", source="test.b"),
                said(90, 2, destination="OLD", source="test.b"),
            )
        ]
    )
    rule(db, "static_reports", 30)
    rule(db, "static_reports", 60, source="test.b")
    assert forget(maintainer) == 2
    assert runs(db) == [(1, "NEW", 2), (2, "KEPT", 1)]
    assert value(db, "SELECT count(*) FROM ais.vessels") == 2


def test_without_a_rule_every_run_stays(db: Connection, maintainer: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(said(900, 1, destination="OLD"))])
    rule(db, "static_reports", 30, source="test.b")
    assert forget(maintainer) == 0
    assert runs(db) == [(1, "OLD", 1)]


def test_a_run_to_which_an_inserter_may_be_adding_is_left(
    db: Connection, maintainer: Connection, inserter: Inserter, writer_url: str
) -> None:
    inserter.handle([filtered(*(said(90, mmsi, destination="OLD") for mmsi in (1, 2)))])
    rule(db, "static_reports", 30)
    with closing(database.connect(writer_url)) as storing:
        query(storing, "UPDATE ais.vessels SET last_time = now() WHERE mmsi = 1")  # as an inserter does first
        assert forget(maintainer) == 1
        assert runs(db) == [(1, "OLD", 1)]
        query(storing, "UPDATE ais.static_reports SET last_time = now(), reports = 2")
        storing.commit()
    assert forget(maintainer) == 0
    assert runs(db) == [(1, "OLD", 2)]


def test_events_and_copies_lose_old_rows_as_other_tables_do(db: Connection, maintainer: Connection) -> None:
    query(
        db,
        "INSERT INTO ais.events (event_time, kind, source)"
        " SELECT now() - make_interval(days => days), 'port', nullif(source, '') FROM unnest('{2,9}'::int[]) AS days,"
        " unnest(ARRAY['', 'test.a']) AS source",
    )
    query(
        db,
        "INSERT INTO ais.heard_copies (kept_time, event_time, received_at, mmsi, source)"
        " SELECT now() - make_interval(days => days), now(), now(), 1, 'test.a' FROM unnest('{2,9}'::int[]) AS days",
    )
    for table in "events", "heard_copies":
        rule(db, table, 5)
    assert retain.delete_expired(maintainer) == 3
    assert value(db, "SELECT count(*) FROM ais.events WHERE event_time > now() - interval '3 days'") == 2
    query(db, "DELETE FROM ais.events")
