"""Batches on disk while the broker is away: one SQLite file, bounded by bytes, first in first out."""

import fcntl
import json
import sqlite3
from pathlib import Path
from threading import Lock

import structlog

from fairway.errors import BadSetting
from fairway.messages import Message, from_wire

log = structlog.get_logger()

SCHEMA = """
CREATE TABLE IF NOT EXISTS batch (
    position INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    id TEXT NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS batch_id ON batch (id);
"""
LAST = "SELECT coalesce(max(position), 0) + 1 FROM batch"
FIRST = "SELECT coalesce(min(position), 0) - 1 FROM batch"


class SpoolInUse(BadSetting):
    """Another process works with this spool."""


class Spool:
    """A bounded queue of messages in the file `path`, of one process at a time. Survives a kill; safe for several threads.

    Raises SpoolInUse, or BadSetting when the file cannot be used.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._thread_lock = Lock()
        self._max_bytes = max_bytes
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._process_lock = path.with_suffix(".lock").open("w")
            fcntl.flock(self._process_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._process_lock.close()
            raise SpoolInUse(
                f"another ingest works with {path}; give this one a FAIRWAY_STATE_DIR of its own"
            ) from None
        except OSError as error:
            raise BadSetting(f"the spool {path} cannot be made: {error.strerror}") from None
        self._database = open_database(path, SCHEMA)
        row = self._database.execute("SELECT count(*), coalesce(sum(length(body)), 0) FROM batch").fetchone()
        self.batches, self.bytes = int(row[0]), int(row[1])

    def put(self, message: Message, *, first: bool = False) -> bool:
        """Keep a message behind, or with `first` before, all others; False when the spool or its disk is full."""
        with self._thread_lock:
            if self.bytes + len(message.body) > self._max_bytes:
                return False
            try:
                self._database.execute(
                    f"INSERT INTO batch VALUES (({FIRST if first else LAST}), ?, ?, ?, ?)",
                    (message.key, message.id, json.dumps(message.headers()), message.body),
                )
            except sqlite3.Error as error:
                log.error("cannot spool", error=str(error))
                return False
            self.batches += 1
            self.bytes += len(message.body)
            return True

    def peek(self) -> Message | None:
        """The oldest message, left in place; None when there is none."""
        with self._thread_lock:
            row = self._database.execute(
                "SELECT key, id, headers, body FROM batch ORDER BY position LIMIT 1"
            ).fetchone()
        return from_wire(row[0], row[1], json.loads(row[2]), row[3]) if row else None

    def remove(self, message: Message) -> None:
        """Forget a message that the broker has."""
        with self._thread_lock:
            cursor = self._database.execute("DELETE FROM batch WHERE id = ?", (message.id,))
            self.batches -= cursor.rowcount
            self.bytes -= len(message.body) * cursor.rowcount

    def close(self) -> None:
        """Release the file."""
        with self._thread_lock:
            self._database.close()
            self._process_lock.close()


def free_spool(folder: Path, name: str, max_bytes: int) -> Spool:
    """The first spool of that name that no other process works with; what an earlier one left in it goes on."""
    number = 1
    while True:
        try:
            return Spool(folder / f"spool-{name}-{number}.sqlite", max_bytes)
        except SpoolInUse:
            number += 1


def open_database(path: Path, schema: str) -> sqlite3.Connection:
    """A SQLite file for several threads that outlives a kill of the process. Raises BadSetting."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")  # an outage of the whole machine may cost the last moments
        database.executescript(schema)
    except (sqlite3.Error, OSError) as error:
        raise BadSetting(f"{path} cannot be used ({error}); move it away to begin anew") from None
    return database
