"""A refresh and what may happen around it: others at work, a kill, what comes meanwhile, days that are frozen."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from threading import Event

import psycopg2
import pytest
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from fairway import database
from services.db_inserter.stage import Inserter
from services.db_maintainer import changed, rollups, tracks
from services.db_maintainer.changed import Closed, Periods
from tests.integration.db_inserter.queries import query, value
from tests.integration.db_inserter.reports import filtered, position
from tests.integration.db_maintainer.comparing import untrue
from tests.integration.db_maintainer.queries import LONG_AFTER, MIDNIGHT, refresh

NOON = MIDNIGHT + timedelta(hours=12)
MINUTE = timedelta(minutes=1)
SOON = 10  # seconds within which anything here is done


def store(inserter: Inserter, *moments: datetime, mmsi: int = 219000001) -> None:
    """A position for each, a little further on by the minute."""
    reports = [
        position(
            mmsi=mmsi,
            event_time=f"{moment:%Y-%m-%dT%H:%M:%S.000Z}",
            lon=10 + (moment - NOON) / timedelta(days=1),
            sog=9.0,
        )
        for moment in moments
    ]
    inserter.handle([filtered(*reports, id=f"{mmsi} {moments}")])


@contextmanager
def held(url: str, name: str) -> Iterator[Event]:
    """A refresh of tracks that has computed a day and goes no further until the event is set."""
    at_work, may_go_on = Event(), Event()

    def recompute(cursor: Cursor, day: date, periods: Periods) -> int:
        written = tracks.recompute(cursor, day, periods)
        at_work.set()
        assert may_go_on.wait(SOON)
        return written

    with closing(database.connect(url, name)) as connection, ThreadPoolExecutor(1) as pool:
        refreshing = pool.submit(changed.refresh, connection, "tracks", Closed(LONG_AFTER), recompute)
        assert at_work.wait(SOON)
        try:
            yield may_go_on
        finally:
            may_go_on.set()
            refreshing.result(SOON)


def test_an_insert_does_not_wait_for_a_refresh_and_is_not_lost_in_it(
    db: Connection, maintainer: Connection, owner_url: str
) -> None:
    with closing(Inserter(owner_url, ledger_days=14, partition_days_ahead=1, lock_seconds=1)) as inserter:
        store(inserter, NOON, NOON + MINUTE)
        with held(owner_url, "first"):
            store(inserter, NOON + 2 * MINUTE)
            store(inserter, NOON, NOON + MINUTE, mmsi=219000002)
            rollups.refresh(maintainer, LONG_AFTER)  # which takes the notes to all derived tables
    refresh(maintainer)
    assert value(db, "SELECT max(positions) FROM ais.tracks") == 3
    assert untrue(db) == []


def test_a_second_refresh_waits_for_the_first_and_takes_in_what_came_since(
    db: Connection, inserter: Inserter, owner_url: str
) -> None:
    store(inserter, NOON, NOON + MINUTE)
    with closing(database.connect(owner_url, "second")) as second, ThreadPoolExecutor(1) as pool:
        with held(owner_url, "first"):
            waiting = pool.submit(tracks.refresh, second)
            wait_until_waiting(db, "second")
            store(inserter, NOON + 2 * MINUTE)
            assert not waiting.done()
        assert waiting.result(SOON) == 1
    assert value(db, "SELECT max(positions) FROM ais.tracks") == 3


def wait_until_waiting(db: Connection, name: str) -> None:
    for _ in range(1000):
        if value(
            db, "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND wait_event = 'advisory'", name
        ):
            return
        query(db, "SELECT pg_sleep(0.01)")
    raise AssertionError(f"{name} waits for nothing")


@pytest.mark.parametrize("where", ["computed", "noted"])
def test_a_refresh_that_is_killed_leaves_the_truth_and_the_next_completes_it(
    db: Connection, inserter: Inserter, owner_url: str, where: str
) -> None:
    store(inserter, NOON, NOON + MINUTE)
    store(inserter, NOON - timedelta(days=1), NOON - timedelta(days=1) + MINUTE)
    days: list[date] = []

    def recompute(cursor: Cursor, day: date, periods: Periods) -> int:
        days.append(day)
        if where == "computed":
            tracks.recompute(cursor, day, periods)
        if len(days) == 2:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return tracks.recompute(cursor, day, periods)

    with closing(database.connect(owner_url)) as connection, pytest.raises(psycopg2.Error):
        changed.refresh(connection, "tracks", Closed(LONG_AFTER), recompute)
    assert query(db, "SELECT start_time::date::text FROM ais.tracks") == [("2026-01-02",)]
    assert value(db, "SELECT upto FROM ops.refreshed") == MIDNIGHT
    with closing(database.connect(owner_url)) as connection:
        refresh(connection)
    assert untrue(db) == []
    assert value(db, "SELECT upto FROM ops.refreshed WHERE name = 'tracks'") == LONG_AFTER


def test_half_hours_are_computed_a_little_after_they_ended_and_again_when_late_positions_come(
    db: Connection, inserter: Inserter, maintainer: Connection
) -> None:
    stored = "SELECT to_char(bucket, 'HH24:MI'), reports FROM ais.positions_30min ORDER BY 1"
    upto = "SELECT to_char(upto, 'HH24:MI') FROM ops.refreshed WHERE name = 'positions_30min'"
    store(inserter, NOON, NOON + 31 * MINUTE)
    for minutes, expected in (34, []), (35, [("12:00", 1)]), (64, [("12:00", 1)]), (65, [("12:00", 1), ("12:30", 1)]):
        rollups.refresh(maintainer, NOON + minutes * MINUTE)
        assert query(db, stored) == expected
    assert value(db, upto) == "13:00"
    store(inserter, NOON + 29 * MINUTE)
    assert rollups.refresh(maintainer, NOON + 66 * MINUTE) == 3  # the half hour, the half day and the day
    assert query(db, stored) == [("12:00", 2), ("12:30", 1)]
    assert untrue_but(db, "density", "tracks") == []


def untrue_but(db: Connection, *names: str) -> list[str]:
    return [sentence for sentence in untrue(db) if not sentence.startswith(names)]


def test_tracks_grow_while_their_half_hour_lasts(db: Connection, inserter: Inserter, maintainer: Connection) -> None:
    for minutes in 1, 2, 3:
        store(inserter, NOON, NOON + minutes * MINUTE)
        tracks.refresh(maintainer, NOON + minutes * MINUTE)
        assert query(db, "SELECT positions FROM ais.tracks") == [(minutes + 1,)]


def test_a_late_position_after_midnight_goes_on_the_day_before(
    db: Connection, inserter: Inserter, maintainer: Connection
) -> None:
    store(inserter, MIDNIGHT - 2 * MINUTE, MIDNIGHT - MINUTE)
    store(inserter, MIDNIGHT + 50 * MINUTE)
    refresh(maintainer)
    store(inserter, MIDNIGHT + MINUTE)
    refresh(maintainer)
    assert query(db, "SELECT end_time FROM ais.tracks ORDER BY start_time LIMIT 1") == [(MIDNIGHT + MINUTE,)]
    assert untrue(db) == []


def test_what_changed_a_vessels_day_leaves_those_of_others_alone(
    db: Connection, inserter: Inserter, maintainer: Connection
) -> None:
    store(inserter, NOON, NOON + MINUTE, NOON - timedelta(days=1))
    store(inserter, NOON - 31 * MINUTE, NOON - 32 * MINUTE, mmsi=219000002)
    refresh(maintainer)
    rows = "SELECT mmsi, day::text, ctid::text FROM ais.vessel_days"
    before = query(db, rows)
    store(inserter, NOON + 2 * MINUTE)
    refresh(maintainer)
    assert {row[:2] for row in before} - {row[:2] for row in before if row in query(db, rows)} == {
        (219000001, "2026-01-03")
    }


def test_a_watermark_tells_what_it_holds(db: Connection, inserter: Inserter, maintainer: Connection) -> None:
    before = changed.time_now(maintainer)
    refresh(maintainer, NOON)
    rows = query(db, "SELECT name, upto, refreshed_at >= %s, rows FROM ops.refreshed ORDER BY name", before)
    assert rows == [
        ("density", MIDNIGHT, True, 0),
        ("positions_30min", NOON - 30 * MINUTE, True, 0),
        ("tracks", NOON, True, 0),
        ("vessel_days", NOON - 30 * MINUTE, True, 0),
    ]
    store(inserter, NOON - MINUTE)
    assert value(db, "SELECT min(committed_at) FROM ops.ledger") > value(
        db, "SELECT max(refreshed_at) FROM ops.refreshed"
    )


def test_what_is_derived_of_a_frozen_day_stays_whatever_comes(
    db: Connection, inserter: Inserter, maintainer: Connection
) -> None:
    store(inserter, MIDNIGHT - 2 * MINUTE, MIDNIGHT - MINUTE, MIDNIGHT + MINUTE)
    refresh(maintainer)
    changed.freeze(maintainer, [(MIDNIGHT - MINUTE).date()])
    kept = """
        SELECT * FROM ais.vessel_days AS d JOIN ais.tracks AS t USING (mmsi)
        WHERE d.day < '2026-01-03' AND t.start_time < '2026-01-03'
    """
    before = query(db, kept)
    query(db, "DELETE FROM ais.position_rows WHERE event_time < '2026-01-03'")
    store(inserter, MIDNIGHT - 3 * MINUTE, MIDNIGHT + 2 * MINUTE)
    refresh(maintainer)
    assert query(db, kept) == before
    assert value(db, "SELECT fixes FROM ais.vessel_days WHERE day = '2026-01-03'") == 2
    assert value(db, "SELECT count(*) FROM ops.stale_periods") == 0


def test_all_day_may_be_noted_by_hand(db: Connection, inserter: Inserter, maintainer: Connection) -> None:
    store(inserter, NOON, NOON + MINUTE)
    query(db, "DELETE FROM ops.changed_periods")
    assert refresh(maintainer) == 0
    query(
        db,
        "INSERT INTO ops.changed_periods SELECT %s + n * interval '30 minutes' FROM generate_series(0, 47) AS n",
        MIDNIGHT,
    )
    refresh(maintainer)
    assert untrue(db) == []
