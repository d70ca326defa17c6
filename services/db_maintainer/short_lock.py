"""Statements that need a lock which holds others up: they give up soon, and are tried again."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg2.errors
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

# Whoever comes while we wait for a lock waits behind us, for so long at most. Shorter than deadlock_timeout (1 s), so that in
# a deadlock it is we who give up, not the inserter.
LOCK_MILLISECONDS = 800
TRIES = 20
PAUSE_SECONDS = 3.0


@contextmanager
def short_lock(connection: Connection) -> Iterator[Cursor]:
    """A transaction in which no wait for a lock is long. Raises psycopg2.errors.LockNotAvailable."""
    with connection, connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_MILLISECONDS}ms'")
        yield cursor


def try_again_and_again(
    connection: Connection,
    statements: Sequence[str],
    name: str,
    tries: int = TRIES,
    pause_seconds: float = PAUSE_SECONDS,
) -> bool | None:
    """Execute statements about the partition `name`, each in a transaction of its own; what the last says.

    None when the locks could not be had; a pause lets those through who waited behind us.
    """
    for number in range(tries):
        if number:
            time.sleep(pause_seconds)
        try:
            for statement in statements:
                with short_lock(connection) as cursor:
                    cursor.execute(statement, [name])
                    answer = bool((cursor.fetchone() or (False,))[0])
            return answer
        except (psycopg2.errors.LockNotAvailable, psycopg2.errors.DeadlockDetected):
            continue
    return None
