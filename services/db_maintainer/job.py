"""What a job is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from psycopg2.extensions import connection as Connection


@dataclass(frozen=True)
class Job:
    """Something that is done to the database again and again.

    `run` gets a connection of its own, as the role maintainer, without an open transaction; it commits what it does and
    returns how many rows, or partitions, it dealt with. It must be safe to cut short at any statement, and to run again.
    """

    name: str
    every: timedelta  # unless the operator says otherwise in ops.jobs
    run: Callable[[Connection], int]
    is_short: bool = False  # of milliseconds, and cannot wait for one of hours: it runs beside the others
