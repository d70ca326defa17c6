"""A job stands back while others store positions fast, and only then."""

from contextlib import closing

import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from services.db_maintainer.courtesy import BUSY_ROWS, LOOK_SECONDS, courteous
from tests.integration.db_maintainer.days import days_ago, fill, query

DAY = days_ago(2)
SHARE = 0.25


class Clock:
    """Seconds that pass when something is said to take them; what happens in a rest is asked of `meanwhile`."""

    def __init__(self) -> None:
        self.now = 0.0
        self.rests: list[float] = []
        self.meanwhile = lambda: None

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.now += seconds
        self.meanwhile()


def worked(job: Connection, clock: Clock, seconds: float) -> None:
    """A transaction that took so long."""
    with job, job.cursor() as cursor:
        cursor.execute("SELECT 1")
        clock.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def stored(owner_url: str, rows: int) -> None:
    """And the statistics know it at once."""
    with closing(database.connect(owner_url)) as writer:
        writer.autocommit = True
        fill(writer, DAY, rows)
        query(writer, "SELECT pg_stat_force_next_flush()")


def test_it_rests_as_long_as_positions_come(db: Connection, owner_url: str, maintainer_url: str, clock: Clock) -> None:
    stored(owner_url, 1)
    with closing(database.connect(maintainer_url, factory=courteous(SHARE, clock.wait, clock))) as job:
        clock.meanwhile = lambda: stored(owner_url, int(LOOK_SECONDS * BUSY_ROWS))
        stored(owner_url, int(3 * BUSY_ROWS))
        worked(job, clock, 3)
        assert sum(clock.rests) == pytest.approx(3 * (1 / SHARE - 1))

        clock.rests.clear()
        clock.meanwhile = lambda: None  # nothing comes any more
        stored(owner_url, int(3 * BUSY_ROWS))
        worked(job, clock, 3)
        assert clock.rests == [LOOK_SECONDS]

        clock.rests.clear()
        worked(job, clock, 1000)
        assert clock.rests == []


def test_short_work_is_added_up(db: Connection, owner_url: str, maintainer_url: str, clock: Clock) -> None:
    stored(owner_url, 1)
    with closing(database.connect(maintainer_url, factory=courteous(SHARE, clock.wait, clock))) as job:
        stored(owner_url, int(2 * BUSY_ROWS))
        worked(job, clock, 0.5)
        assert clock.rests == []
        worked(job, clock, 0.75)
        assert clock.rests


def test_who_is_to_work_always_never_rests(db: Connection, owner_url: str, maintainer_url: str, clock: Clock) -> None:
    stored(owner_url, 1)
    with closing(database.connect(maintainer_url, factory=courteous(1.0, clock.wait, clock))) as job:
        stored(owner_url, int(2 * BUSY_ROWS))
        worked(job, clock, 1.5)
        assert clock.rests == []
        assert query(job, "SELECT 1") == [(1,)]
