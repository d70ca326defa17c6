"""The account of jobs, ops.jobs: what is due, and what became of each run. All times are the database's."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from fairway.errors import BadSetting
from services.db_maintainer.job import Job

FIRST_RETRY = timedelta(minutes=1)  # after a failure; doubled with each further one, up to what `every` says

_ENTER = "INSERT INTO ops.jobs (name, every) VALUES %s ON CONFLICT (name) DO NOTHING"
_DUE = "SELECT name FROM ops.jobs WHERE enabled AND next_due <= now()"
_BEGUN = "UPDATE ops.jobs SET last_started = clock_timestamp() WHERE name = %s"
_ENDED = """
    UPDATE ops.jobs SET
        last_finished = clock_timestamp(), duration = clock_timestamp() - last_started, rows = %s, error = NULL, failures = 0,
        next_due = greatest(last_started + every, clock_timestamp())
    WHERE name = %s
    RETURNING extract(epoch FROM duration)::float8, extract(epoch FROM last_finished)::float8
"""
_FAILED = """
    UPDATE ops.jobs SET
        last_finished = clock_timestamp(), duration = clock_timestamp() - last_started, rows = NULL, error = %s,
        failures = failures + 1,
        next_due = clock_timestamp() + least(every, %s * power(2, least(failures, 20)))
    WHERE name = %s
"""
_STOPPED = """
    UPDATE ops.jobs SET
        last_finished = clock_timestamp(), duration = clock_timestamp() - last_started, rows = NULL,
        error = 'stopped before its end', next_due = clock_timestamp()
    WHERE name = %s
"""


def enter(connection: Connection, jobs: Iterable[Job]) -> None:
    """A row for each job that has none yet; it is due at once."""
    with connection, connection.cursor() as cursor:
        execute_values(cursor, _ENTER, [(job.name, job.every) for job in jobs])


def due(connection: Connection, jobs: Sequence[Job]) -> list[Job]:
    """Those of the jobs that are enabled and due, in their order."""
    with connection, connection.cursor() as cursor:
        cursor.execute(_DUE)
        names = {name for (name,) in cursor.fetchall()}
    return [job for job in jobs if job.name in names]


def begun(connection: Connection, job: Job) -> None:
    """Note that a run began."""
    _note(connection, _BEGUN, job.name)


def ended(connection: Connection, job: Job, rows: int) -> tuple[float, float]:
    """Note that it ended well; how many seconds it took, and when it ended, seconds since 1970."""
    with connection, connection.cursor() as cursor:
        cursor.execute(_ENDED, [rows, job.name])
        seconds, at = cursor.fetchone() or (0.0, 0.0)
        return seconds, at


def failed(connection: Connection, job: Job, error: str) -> None:
    """Note why it failed; it is due again soon, and then ever later."""
    _note(connection, _FAILED, error, FIRST_RETRY, job.name)


def stopped(connection: Connection, job: Job) -> None:
    """Note that it was cut short by a stop of the maintainer; it is due at once."""
    _note(connection, _STOPPED, job.name)


def change(connection: Connection, name: str, every: timedelta | None = None, enabled: bool | None = None) -> None:
    """What the operator wants of a job; None leaves it. Raises BadSetting when there is no such job."""
    statement = (
        "UPDATE ops.jobs SET every = coalesce(%s, every), enabled = coalesce(%s, enabled),"
        " next_due = least(next_due, coalesce(last_started, now()) + coalesce(%s, every)) WHERE name = %s"
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(statement, [every, enabled, every, name])
        if not cursor.rowcount:
            raise BadSetting(f"there is no job {name!r} in ops.jobs; see `fairway db maintain --status`")


def make_due(connection: Connection, names: Sequence[str]) -> None:
    """Let jobs run as soon as the maintainer looks."""
    _note(connection, "UPDATE ops.jobs SET next_due = now() WHERE name = ANY (%s)", list(names))


def _note(connection: Connection, statement: str, *values: object) -> None:
    with connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
