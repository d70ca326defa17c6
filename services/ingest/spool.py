"""Batches on disk while the broker is away: one SQLite file, bounded by bytes, first in first out."""

import json
import sqlite3
from pathlib import Path
from threading import Lock

from fairway.messages import Message, from_wire

SCHEMA = """
CREATE TABLE IF NOT EXISTS batch (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    id TEXT NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL
)
"""


class Spool:
    """A bounded queue of messages in the file `path`. Safe to use from several threads and after a kill."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = Lock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute(
            "PRAGMA synchronous=NORMAL"
        )  # outlives a kill of the process; an outage of the machine may cost the last moments
        self._database.execute(SCHEMA)
        self._max_bytes = max_bytes
        self.batches, self.bytes = self._measure()

    def _measure(self) -> tuple[int, int]:
        row = self._database.execute("SELECT count(*), coalesce(sum(length(body)), 0) FROM batch").fetchone()
        return int(row[0]), int(row[1])

    def put(self, message: Message) -> bool:
        """Keep a message; False when the spool is full."""
        with self._lock:
            if self.bytes + len(message.body) > self._max_bytes:
                return False
            self._database.execute(
                "INSERT INTO batch (key, id, headers, body) VALUES (?, ?, ?, ?)",
                (message.key, message.id, json.dumps(message.headers()), message.body),
            )
            self.batches += 1
            self.bytes += len(message.body)
            return True

    def peek(self) -> Message | None:
        """The oldest message, left in place; None when there is none."""
        with self._lock:
            row = self._database.execute(
                "SELECT key, id, headers, body FROM batch ORDER BY position LIMIT 1"
            ).fetchone()
        return from_wire(row[0], row[1], json.loads(row[2]), row[3]) if row else None

    def remove(self, message: Message) -> None:
        """Forget a message that the broker has."""
        with self._lock:
            cursor = self._database.execute("DELETE FROM batch WHERE id = ?", (message.id,))
            self.batches -= cursor.rowcount
            self.bytes -= len(message.body) * cursor.rowcount

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._database.close()
