"""Jobs run when they are due, one after the other, and what became of them is in ops.jobs."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from fairway.settings import MaintainerSettings, read
from services.db_maintainer import account, schedule
from services.db_maintainer.ahead import make_partitions
from services.db_maintainer.job import Job
from services.db_maintainer.jobs import jobs
from services.db_maintainer.schedule import Maintainer
from tests.integration.db_maintainer.days import days_ago, query, value

HOUR = timedelta(hours=1)


def job(name: str, run: Callable[[Connection], int], every: timedelta = HOUR) -> Job:
    return Job(name, every, run)


def sleep(connection: Connection) -> int:
    query(connection, "SELECT pg_sleep(60)")
    return 0


def fail(connection: Connection) -> int:
    query(connection, "SELECT 1 / 0")
    return 0


@contextmanager
def at_work(url: str, *jobs: Job) -> Iterator[Event]:
    stop = Event()
    thread = Thread(target=Maintainer(url, jobs, stop, look_seconds=0.05).work)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(5)
        assert not thread.is_alive()


def until(db: Connection, question: str) -> None:
    until = time.monotonic() + 10
    while not value(db, f"SELECT coalesce(bool_or({question}), false) FROM ops.jobs"):
        assert time.monotonic() < until, query(db, "SELECT * FROM ops.jobs")
        time.sleep(0.02)


def test_a_job_runs_when_it_is_due_and_its_row_says_so(db: Connection, maintainer_url: str) -> None:
    runs: list[int] = []

    def count(_: Connection) -> int:
        runs.append(1)
        return 7

    with at_work(maintainer_url, job("count", count)):
        until(db, "last_finished IS NOT NULL")
        time.sleep(0.2)
        assert len(runs) == 1
        query(db, "UPDATE ops.jobs SET next_due = now()")  # as an operator may
        until(db, "last_finished < now() AND next_due > now()")
    assert len(runs) == 2
    assert query(db, "SELECT name, rows, error, failures, enabled, next_due = last_started + every FROM ops.jobs") == [
        ("count", 7, None, 0, True, True)
    ]


def test_a_short_job_does_not_wait_for_one_of_hours(db: Connection, maintainer_url: str) -> None:
    with at_work(maintainer_url, job("sleep", sleep), Job("short", HOUR, lambda _: 1, is_short=True)):
        until(db, "name = 'sleep' AND last_started IS NOT NULL")
        until(db, "name = 'short' AND last_finished IS NOT NULL")
        assert query(db, "SELECT last_finished FROM ops.jobs WHERE name = 'sleep'") == [(None,)]


def test_a_failed_job_is_noted_and_tried_again_and_stops_no_other(db: Connection, maintainer_url: str) -> None:
    done = Event()

    def finish(_: Connection) -> int:
        done.set()
        return 0

    with at_work(maintainer_url, job("bad", fail), job("good", finish)):
        assert done.wait(10)
        until(db, "failures = 1")
    question = "SELECT error, rows, next_due - last_finished FROM ops.jobs WHERE name = 'bad'"
    [(error, rows, pause)] = query(db, question)
    assert (error, rows) == ("division by zero", None)
    assert timedelta(minutes=0.9) < pause < timedelta(minutes=2.1)


def test_pauses_after_failures_grow_to_what_every_says(
    db: Connection, maintainer: Connection, maintainer_url: str
) -> None:
    bad = job("bad", fail, timedelta(minutes=5))
    account.enter(maintainer, [bad])
    pauses = []
    for _ in range(5):
        assert schedule.run(maintainer_url, maintainer, bad, Event()) == "division by zero"
        pauses.append(value(db, "SELECT round(extract(epoch FROM next_due - last_finished) / 60) FROM ops.jobs"))
    assert pauses == [1, 2, 4, 5, 5]


def test_a_job_that_the_operator_has_disabled_does_not_run(
    db: Connection, maintainer: Connection, maintainer_url: str
) -> None:
    account.enter(maintainer, [job("bad", fail)])
    account.change(maintainer, "bad", enabled=False)
    with at_work(maintainer_url, job("bad", fail), job("good", lambda _: 1)):
        until(db, "name = 'good' AND last_finished IS NOT NULL")
    assert value(db, "SELECT last_started FROM ops.jobs WHERE name = 'bad'") is None


def test_what_the_operator_says_outlives_a_restart(db: Connection, maintainer: Connection) -> None:
    one = job("one", lambda _: 1)
    account.enter(maintainer, [one])
    account.change(maintainer, "one", every=timedelta(days=3))
    account.enter(maintainer, [one])
    assert value(db, "SELECT every FROM ops.jobs") == timedelta(days=3)


def test_a_stop_cuts_a_job_short_and_the_next_maintainer_runs_it(db: Connection, maintainer_url: str) -> None:
    with at_work(maintainer_url, job("long", sleep)) as stop:
        until(db, "last_started IS NOT NULL")
        began = time.monotonic()
        stop.set()
    assert time.monotonic() - began < 3
    assert query(db, "SELECT error, failures, next_due <= now() FROM ops.jobs") == [("stopped before its end", 0, True)]


def test_a_job_whose_connection_is_ended_is_a_failed_one(db: Connection, maintainer_url: str) -> None:
    with at_work(maintainer_url, job("long", sleep)):
        until(db, "last_started IS NOT NULL")
        time.sleep(0.2)
        query(
            db,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fairway db_maintainer long'",
        )
        until(db, "failures = 1")
    assert value(db, "SELECT error FROM ops.jobs").startswith("PostgreSQL")


def test_a_maintainer_whose_connection_is_ended_goes_on_with_another(db: Connection, maintainer_url: str) -> None:
    with at_work(maintainer_url, job("one", lambda _: 1)):
        until(db, "last_finished IS NOT NULL")
        query(
            db,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fairway db_maintainer'",
        )
        query(db, "UPDATE ops.jobs SET next_due = now(), last_finished = NULL")
        until(db, "last_finished IS NOT NULL")


def test_of_two_maintainers_one_works_and_the_other_takes_over(db: Connection, maintainer_url: str) -> None:
    one, other = job("one", lambda _: 1), job("one", lambda _: 2)
    with at_work(maintainer_url, one) as stop:
        until(db, "rows = 1")
        with at_work(maintainer_url, other):
            query(db, "UPDATE ops.jobs SET next_due = now(), last_finished = NULL")
            until(db, "last_finished IS NOT NULL")
            assert value(db, "SELECT rows FROM ops.jobs") == 1
            stop.set()
            query(db, "UPDATE ops.jobs SET next_due = now() + interval '0.5 s'")
            until(db, "rows = 2")


def test_partitions_are_made_ahead(db: Connection, maintainer: Connection) -> None:
    assert make_partitions(maintainer, 2) == 3
    assert make_partitions(maintainer, 3) == 1
    names = query(db, "SELECT name FROM ops.partitions ORDER BY 1")
    assert names == [(f"positions_{days_ago(-n):%Y%m%d}",) for n in range(4)]


def test_a_database_that_is_away_is_waited_for() -> None:
    with at_work("postgresql://127.0.0.1:1/nothing", job("one", lambda _: 1)):
        time.sleep(0.3)


def test_a_schema_that_is_missing_is_waited_for(database_url: str) -> None:
    with at_work(database_url, job("ahead", lambda connection: make_partitions(connection, 1))):
        database.migrate(database_url)
        with closing(database.connect(database_url)) as connection:
            connection.autocommit = True
            until(connection, "last_finished IS NOT NULL")
            query(connection, "UPDATE ops.jobs SET next_due = now() WHERE error IS NOT NULL")  # it met half a schema
            until(connection, "rows = 2")


@pytest.mark.parametrize("name", ["ahead", "close", "archive", "retain"])
def test_every_job_of_the_service_runs_as_the_maintainer(
    db: Connection, maintainer: Connection, maintainer_url: str, name: str, tmp_path: Path
) -> None:
    settings = read(MaintainerSettings, {"FAIRWAY_ARCHIVE_FOLDER": str(tmp_path), "FAIRWAY_CLOSE_QUIET_MINUTES": "0"})
    chosen = {job.name: job for job in jobs(settings)}[name]
    account.enter(maintainer, [chosen])
    assert schedule.run(maintainer_url, maintainer, chosen, Event()) is None
