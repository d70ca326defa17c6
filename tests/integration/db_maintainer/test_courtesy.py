"""A job stands back while records come fast, and only then."""

from collections.abc import Callable
from contextlib import closing

import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from services.db_maintainer.courtesy import BUSY_RECORDS, LOOK_SECONDS, courteous
from tests.integration.db_maintainer.days import query

SHARE = 0.25
WORKED = 3.0


class Clock:
    """Seconds that pass when something is said to take them; what happens in a rest is done by `meanwhile`."""

    def __init__(self) -> None:
        self.now = 0.0
        self.rests: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.now += seconds
        self.meanwhile()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def come(db: Connection, records: float) -> None:
    """So many records of the last seconds are accounted for, and no others."""
    query(db, "DELETE FROM ops.ledger")
    query(
        db,
        "INSERT INTO ops.ledger (batch_id, source, received, stored) VALUES ('a', 'x', 1, 0), ('b', 'x', %s, 0)",
        records - 1,
    )


def work(job: Connection, clock: Clock, seconds: float) -> None:
    """A transaction that takes so long."""
    with job, job.cursor() as cursor:
        cursor.execute("SELECT 1")
        clock.now += seconds


def test_it_rests_as_long_as_records_come(db: Connection, maintainer_url: str, clock: Clock) -> None:
    with closing(database.connect(maintainer_url, factory=courteous(SHARE, clock.wait, clock))) as job:
        clock.meanwhile = lambda: come(db, 10 * BUSY_RECORDS)
        come(db, 10 * BUSY_RECORDS)
        work(job, clock, WORKED)
        assert sum(clock.rests) == pytest.approx(WORKED * (1 / SHARE - 1))

        clock.rests.clear()
        clock.meanwhile = lambda: query(db, "DELETE FROM ops.ledger")
        work(job, clock, WORKED)
        assert clock.rests == [LOOK_SECONDS]


def test_a_slow_feed_and_what_came_before_hold_nobody_back(db: Connection, maintainer_url: str, clock: Clock) -> None:
    with closing(database.connect(maintainer_url, factory=courteous(SHARE, clock.wait, clock))) as job:
        come(db, 10 * BUSY_RECORDS - 10)
        work(job, clock, WORKED)
        come(db, 100 * BUSY_RECORDS)
        query(db, "UPDATE ops.ledger SET committed_at = committed_at - interval '20 seconds'")
        work(job, clock, WORKED)
        assert clock.rests == []


def test_short_work_is_added_up(db: Connection, maintainer_url: str, clock: Clock) -> None:
    with closing(database.connect(maintainer_url, factory=courteous(SHARE, clock.wait, clock))) as job:
        come(db, 10 * BUSY_RECORDS)
        work(job, clock, 0.5)
        assert clock.rests == []
        work(job, clock, 0.75)
        assert clock.rests


def test_who_is_to_work_always_never_rests(db: Connection, maintainer_url: str, clock: Clock) -> None:
    with closing(database.connect(maintainer_url, factory=courteous(1.0, clock.wait, clock))) as job:
        come(db, 10 * BUSY_RECORDS)
        work(job, clock, WORKED)
        assert clock.rests == []
