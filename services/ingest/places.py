"""How far each growing log has been read, in segments: what a restart has to give again, byte for byte, and where it goes on.

Before the batches of a segment are handed on, where it begins and ends is written down; when the broker has them, what the
formats remember after it. So a restart rebuilds exactly what was not confirmed, under the same ids, and goes on after it.
"""

import sqlite3
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

PREFIX_OF_A_LOG = "."  # stands in the ids of a log's batches, between the log's own id and the ends of the segment

SCHEMA = """
CREATE TABLE IF NOT EXISTS segment (
    number INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    tail TEXT NOT NULL,
    prefix TEXT NOT NULL,
    inode INTEGER NOT NULL,
    head BLOB NOT NULL,
    begins INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    version INTEGER NOT NULL,
    lines INTEGER,
    state TEXT
);
CREATE INDEX IF NOT EXISTS segment_path ON segment (path, tail);
"""
COLUMNS = "number, prefix, inode, head, begins, ends, received_ms, version, lines, state"
OF_A_LOG = f"SELECT {COLUMNS} FROM segment WHERE path = ? AND tail = ? ORDER BY number"
PLAN = """
INSERT INTO segment (path, tail, prefix, inode, head, begins, ends, received_ms, version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
CONFIRM = "UPDATE segment SET lines = ?, state = ? WHERE number = ?"
FORGET = "DELETE FROM segment WHERE path = ? AND tail = ? AND number < ?"


@dataclass(frozen=True)
class Segment:
    """Lines of a log that are handed on together: bytes `begins` to `ends` of the file that `inode` and `head` tell.

    `prefix` is of the file's ids, `head` the first bytes it had. `lines` (read in all) and `state` (of the formats, JSON) are
    as they were at its end; None before it is confirmed.
    """

    number: int
    prefix: str
    inode: int
    head: bytes
    begins: int
    ends: int
    received_ms: int
    version: int
    lines: int | None = None
    state: str | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether the broker has all of it."""
        return self.state is not None


@dataclass(frozen=True)
class _Waiting:
    """A segment that was handed on: with the last of `ids` it is confirmed, without any when the one before is."""

    number: int
    log: tuple[str, str]
    ids: Sequence[str]
    lines: int
    state: str


class Places:
    """The segments of all logs, in a database that others use too, under their lock."""

    def __init__(self, database: sqlite3.Connection, lock: Lock, version: int) -> None:
        self._database = database
        self._lock = lock
        self._waiting: dict[tuple[str, str], deque[_Waiting]] = {}
        self._logs: dict[str, tuple[str, str]] = {}  # by the last id of a segment
        self.version = version
        database.executescript(SCHEMA)

    def of(self, path: str, tail: str) -> list[Segment]:
        """The segment that was confirmed last, if any, and those after it that were planned."""
        with self._lock:
            self._waiting.pop((path, tail), None)
            rows = self._database.execute(OF_A_LOG, (path, tail)).fetchall()
        return [Segment(*row) for row in rows]

    def plan(self, path: str, tail: str, segment: Segment) -> int:
        """Write down what is about to be handed on; gives its number."""
        one = segment
        values = (path, tail, one.prefix, one.inode, one.head, one.begins, one.ends, one.received_ms, self.version)
        with self._lock:
            return int(self._database.execute(PLAN, values).lastrowid or 0)

    def expect(self, path: str, tail: str, number: int, ids: Sequence[str], lines: int, state: str) -> None:
        """Tell which messages a planned segment has, and how things stand after it."""
        waiting = _Waiting(number, (path, tail), ids, lines, state)
        with self._lock:
            self._waiting.setdefault(waiting.log, deque()).append(waiting)
            if ids:
                self._logs[ids[-1]] = waiting.log
            self._settle(waiting.log, None)

    def confirm(self, id_: str) -> None:
        """The broker has this message safe."""
        with self._lock:
            log = self._logs.pop(id_, None)
            if log is not None:
                self._settle(log, id_)

    def forget(self, numbers: Sequence[int]) -> None:
        """Give up plans that nothing can be made of."""
        with self._lock:
            self._database.executemany("DELETE FROM segment WHERE number = ?", [(number,) for number in numbers])

    def _settle(self, log: tuple[str, str], id_: str | None) -> None:
        """Confirm the oldest segment if this is its last message, and those behind it that have none."""
        waiting = self._waiting.get(log, deque())
        last: _Waiting | None = None
        while waiting and (not waiting[0].ids or waiting[0].ids[-1] == id_):
            last = waiting.popleft()
        if last is not None:
            with self._database:
                self._database.execute("BEGIN")
                self._database.execute(CONFIRM, (last.lines, last.state, last.number))
                self._database.execute(FORGET, (*log, last.number))
