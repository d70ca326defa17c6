"""Runs due jobs one after the other, and short ones beside them; of several maintainers of a database one works, the others wait.

A job that fails is logged, noted in ops.jobs and tried again later; it never keeps the others from running.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from random import Random
from threading import Event, Thread

import psycopg2
import structlog
from psycopg2.extensions import connection as Connection

from fairway import backoff, telemetry
from fairway.database import connect, database_errors
from fairway.errors import DatabaseAway, FairwayError
from services.db_maintainer import account
from services.db_maintainer.courtesy import courteous
from services.db_maintainer.job import Job

log = structlog.get_logger()

LOOK_SECONDS = 5.0  # how often ops.jobs is looked at
CANCEL_SECONDS = (
    0.2  # how often a job is told to end, once a stop is asked for: a cancel between two statements is lost
)
# "MAIN"; any number that other programs do not use. Held by the connection of the maintainer at work.
_LOCK = 0x4D41494E


class Maintainer:
    """The maintainer of one database, until `stop` is set."""

    def __init__(
        self, url: str, jobs: Sequence[Job], stop: Event, look_seconds: float = LOOK_SECONDS, busy_share: float = 1.0
    ) -> None:
        self._url = url
        self._jobs = jobs
        self._stop = stop
        self._look_seconds = look_seconds
        self._busy_share = busy_share

    def work(self) -> None:
        """Run what is due, whenever it is, and wait out a database that is away."""
        pauses = backoff.delays(Random())
        while not self._stop.is_set():
            try:
                with database_errors(), closing(connect(self._url, "fairway db_maintainer")) as connection:
                    telemetry.database_connected.set(1)
                    pauses = backoff.delays(Random())
                    self._work(connection)
            except DatabaseAway as error:
                telemetry.database_connected.set(0)
                pause = next(pauses)
                log.warning("waiting for the database", error=str(error), seconds=round(pause, 1))
                self._stop.wait(pause)

    def _work(self, connection: Connection) -> None:
        account.enter(connection, self._jobs)
        while not take_lock(connection):
            if self._stop.wait(self._look_seconds):
                return
        log.info("at work", jobs=[job.name for job in self._jobs])
        with self._short_ones_beside():
            long = [job for job in self._jobs if not job.is_short]
            while not self._stop.is_set():
                self._run_due(connection, long)
                self._stop.wait(self._look_seconds)

    def _run_due(self, connection: Connection, jobs: Sequence[Job]) -> None:
        for job in account.due(connection, jobs):
            if not self._stop.is_set():
                run(self._url, connection, job, self._stop, self._busy_share)

    @contextmanager
    def _short_ones_beside(self) -> Iterator[None]:
        """On a thread and a connection of their own, while the block runs."""
        done = Event()
        short = [job for job in self._jobs if job.is_short]

        def go_on() -> None:
            while not done.is_set():
                with (
                    suppress(DatabaseAway),  # the others find out, too, and say so
                    database_errors(),
                    closing(connect(self._url, "fairway db_maintainer")) as connection,
                ):
                    while not done.wait(self._look_seconds):
                        self._run_due(connection, short)
                done.wait(self._look_seconds)

        thread = Thread(target=go_on, name="short jobs", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def take_lock(connection: Connection) -> bool:
    """Whether this connection is now the maintainer's at work, until it ends."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        return bool((cursor.fetchone() or (False,))[0])


def run(url: str, connection: Connection, job: Job, stop: Event, busy_share: float = 1.0) -> str | None:
    """Run a job on a connection of its own and note what became of it by `connection`; why it failed, if it did.

    It works for `busy_share` of the time while records come fast.
    """
    account.begun(connection, job)
    try:
        connections = courteous(busy_share, stop.wait)
        own_name = f"fairway db_maintainer {job.name}"
        with closing(connect(url, own_name, factory=connections)) as own, _ended_by(stop, own), database_errors():
            rows = job.run(own)
    except Exception as error:
        return _note_failure(connection, job, error, stop)
    seconds, at = account.ended(connection, job, rows)
    telemetry.job_runs.labels(job.name, "done").inc()
    telemetry.job_rows.labels(job.name).inc(rows)
    telemetry.job_seconds.labels(job.name).set(seconds)
    telemetry.job_done.labels(job.name).set(at)
    log.info("done", job=job.name, rows=rows, seconds=round(seconds, 2))
    return None


def _note_failure(connection: Connection, job: Job, error: Exception, stop: Event) -> str:
    if stop.is_set():
        account.stopped(connection, job)
        telemetry.job_runs.labels(job.name, "stopped").inc()
        log.info("stopped before its end", job=job.name)
        return "stopped before its end"
    reason = str(error).strip().partition("\n")[0] or type(error).__name__
    telemetry.job_runs.labels(job.name, "failed").inc()
    if isinstance(error, FairwayError):
        log.warning("failed", job=job.name, error=reason)
    else:
        log.error("failed", job=job.name, error=reason, exc_info=error)
    account.failed(connection, job, reason)
    return reason


@contextmanager
def _ended_by(stop: Event, connection: Connection) -> Iterator[None]:
    """Cancels what a connection does, again and again, from when `stop` is set."""
    done = Event()

    def watch() -> None:
        while not done.wait(CANCEL_SECONDS):
            if stop.is_set():
                with suppress(psycopg2.Error):  # it has just ended
                    connection.cancel()

    watcher = Thread(target=watch, name="cancel", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
