"""What the inserter notes of where it stored positions."""

from contextlib import closing

from psycopg2.extensions import connection as Connection

from fairway import database
from services.db_inserter.stage import Inserter
from tests.integration.db_inserter.queries import query, value
from tests.integration.db_inserter.reports import filtered, position, static

NOTED = "SELECT to_char(period, 'DD HH24:MI') FROM ops.changed_periods ORDER BY period"


def test_the_half_hours_of_positions_are_noted_once_a_group(db: Connection, inserter: Inserter) -> None:
    times = "02T03:29:59.999", "02T03:30:00.000", "02T03:31:00.000", "03T00:00:00.000"
    reports = [position(event_time=f"2026-01-{time}Z") for time in times]
    inserter.handle([filtered(*reports, id="1"), filtered(*reports, id="2")])
    assert query(db, NOTED) == [("02 03:00",), ("02 03:30",), ("03 00:00",)]


def test_what_stores_no_position_notes_nothing(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(static(), id="1")])
    assert query(db, NOTED) == []
    inserter.handle([filtered(position(), id="2")])
    inserter.handle([filtered(position(), id="2")])
    assert query(db, NOTED) == [("02 03:00",)]


def test_an_inserter_does_not_wait_for_who_takes_the_notes(db: Connection, writer_url: str, owner_url: str) -> None:
    with (
        closing(Inserter(writer_url, ledger_days=14, partition_days_ahead=1, lock_seconds=2)) as inserter,
        closing(database.connect(owner_url)) as taker,
    ):
        inserter.handle([filtered(position(), id="1")])
        query(taker, "DELETE FROM ops.changed_periods")  # and the transaction stays open
        inserter.handle([filtered(position(1), id="2")])
        taker.rollback()
    assert value(db, "SELECT count(*) FROM ops.changed_periods") == 2
