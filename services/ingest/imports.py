"""Which files have been read, and how far: so that a second run does nothing and a killed one goes on where it was.

A file is known by its content and the source name it is read under. Its batches have ids that follow from both, and the
broker's confirmations come in order, so the number of confirmed batches tells what is safe. A checkpoint is kept besides,
once all batches closed before it are safe: from there a later reading goes on.
"""

import json
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from uuid import uuid4

import psycopg2
import structlog

from fairway import clock, database
from fairway.errors import DatabaseAway
from fairway.messages import Account, Message
from fairway.topics import event_key
from services.ingest.places import PREFIX_OF_A_LOG, Places
from services.ingest.spool import open_database

log = structlog.get_logger()

SCHEMA = """
CREATE TABLE IF NOT EXISTS import (
    prefix TEXT PRIMARY KEY,
    content_hash TEXT NOT NULL,
    tail TEXT NOT NULL,
    batch_records INTEGER NOT NULL,
    linger INTEGER NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0,
    finished_at TEXT,
    manner TEXT,
    checkpoint TEXT,
    checkpoint_batches INTEGER
);
CREATE INDEX IF NOT EXISTS import_content ON import (content_hash, tail);
"""
ADDED = {"manner": "TEXT", "checkpoint": "TEXT", "checkpoint_batches": "INTEGER"}  # since the first release
BEGUN = """
SELECT prefix, batch_records, linger, confirmed, finished_at, checkpoint, checkpoint_batches FROM import
WHERE content_hash = ? AND tail = ? AND (finished_at IS NOT NULL OR manner = ?)
ORDER BY finished_at IS NULL DESC, rowid DESC LIMIT 1
"""
LEFT = "SELECT 1 FROM import WHERE content_hash = ? AND tail = ? AND finished_at IS NULL AND confirmed > 0"
IMPORTED = "SELECT published_at FROM ops.imports WHERE content_hash = %s AND source = %s"
CONFIRM = "UPDATE import SET confirmed = ? WHERE prefix = ?"
REMEMBER = "UPDATE import SET checkpoint = ?, checkpoint_batches = ? WHERE prefix = ?"
FRAMING_VERSION = 4  # part of the ids: a change of framing changes what a batch holds
END = "/import"  # ends the id of the message that says a file is published whole
HASH_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Import:
    """One reading of one file. `confirmed` batches were safe before; `batch_records` and `linger` decide where batches end.

    `checkpoint`, if any, is where to go on, after `checkpoint_batches` batches.
    """

    prefix: str
    content_hash: str
    tail: str
    batch_records: int
    linger: int
    confirmed: int = 0
    finished_at: str | None = None
    checkpoint: str | None = None
    checkpoint_batches: int | None = None


Lookup = Callable[[str, str], str | None]


def known_to(database_address: str) -> Lookup:
    """A function that tells when the database says that a content came in under a name; None when it does not say."""

    def look_up(hash_: str, tail: str) -> str | None:
        try:
            with closing(database.connect(database_address, "ingest")) as connection, connection.cursor() as cursor:
                cursor.execute(IMPORTED, (hash_, tail))
                row = cursor.fetchone()
        except (psycopg2.Error, DatabaseAway):
            return None  # an edge host may have no database; its own progress file knows what it has read
        return row[0].isoformat() if row else None

    return look_up


def content_hash(path: Path) -> str:
    """SHA-256 of the file's bytes, as they lie on disk."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(HASH_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


class Progress:
    """How far each import has come, in a SQLite file. Safe to use from several threads and after a kill.

    `places` has the same for logs that grow.
    """

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._database = open_database(path, SCHEMA)
        _add_columns(self._database)
        self._confirmed: dict[str, int] = {}
        self._checkpoints: dict[str, deque[tuple[int, str]]] = {}  # taken, but not yet all confirmed before them
        self.places = Places(self._database, self._lock, FRAMING_VERSION)

    def begin(self, hash_: str, tail: str, batch_records: int, linger: int, *, again: bool, manner: str = "") -> Import:
        """The import of this content under this name: the one that was begun before, as it was begun, or a new one.

        `manner` is whatever else decides what a batch holds, such as a mapping; one begun in another manner, or by a release
        that frames otherwise, is not gone on with.
        """
        manner = f"{FRAMING_VERSION} {manner}".strip()
        with self._lock:
            row = None if again else self._database.execute(BEGUN, (hash_, tail, manner)).fetchone()
            if row:
                self._confirmed[row[0]] = row[3]
                return Import(row[0], hash_, tail, *row[1:])
            if not again and self._database.execute(LEFT, (hash_, tail)).fetchone():
                log.warning("import begins anew: it was begun by another release or with another mapping", source=tail)
            prefix = _prefix(hash_, tail, batch_records, linger, uuid4().hex if again else "", manner)
            self._database.execute(
                "INSERT OR REPLACE INTO import (prefix, content_hash, tail, batch_records, linger, manner)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (prefix, hash_, tail, batch_records, linger, manner),
            )
        return Import(prefix, hash_, tail, batch_records, linger)

    def remember(self, prefix: str, batches: int, checkpoint: str) -> None:
        """Keep the checkpoint that was taken after so many batches; when they are confirmed it is written down."""
        with self._lock:
            self._checkpoints.setdefault(prefix, deque()).append((batches, checkpoint))
            self._write_checkpoint(prefix)

    def confirm(self, message: Message) -> None:
        """The broker has this message safe. Messages that are no part of an import are none of our business."""
        prefix, _, index = message.id.partition("-")
        if PREFIX_OF_A_LOG in prefix:
            self.places.confirm(message.id)
            return
        with self._lock:
            if message.id.endswith(END):
                self._finish(message.id.removesuffix(END))
            elif index.isdigit():
                self._confirmed[prefix] = int(index)
                self._database.execute(CONFIRM, (int(index), prefix))
                self._write_checkpoint(prefix)

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._database.close()

    def _finish(self, prefix: str) -> None:
        now = clock.to_text(clock.now_ms())
        self._database.execute("UPDATE import SET finished_at = ?, checkpoint = NULL WHERE prefix = ?", (now, prefix))
        self._confirmed.pop(prefix, None)
        self._checkpoints.pop(prefix, None)

    def _write_checkpoint(self, prefix: str) -> None:
        waiting = self._checkpoints.get(prefix)
        safe = None
        while waiting and waiting[0][0] <= self._confirmed.get(prefix, 0):
            safe = waiting.popleft()
        if safe is not None:
            self._database.execute(REMEMBER, (safe[1], safe[0], prefix))


def _add_columns(database_: sqlite3.Connection) -> None:
    """A progress file of an older release has fewer columns; another process may be adding them at this moment."""
    has = {row[1] for row in database_.execute("PRAGMA table_info(import)")}
    for name, type_ in ADDED.items():
        if name not in has:
            with suppress(sqlite3.OperationalError):
                database_.execute(f"ALTER TABLE import ADD COLUMN {name} {type_}")


def _prefix(*parts: object) -> str:
    """What the ids of a file's batches begin with: all that decides what each of them holds."""
    return sha256(" ".join(map(str, parts)).encode()).hexdigest()[:24]


def end_of(import_: Import, path: Path, *, lines: int, records: int, batches: int) -> Message:
    """The message that follows a file's last batch; from it the inserter writes the row in ops.imports."""
    now = clock.to_text(clock.now_ms())
    body = {
        "kind": "import",
        "content_hash": import_.content_hash,
        "source": import_.tail,
        "file": path.name,
        "bytes": path.stat().st_size,
        "lines": lines,
        "records": records,
        "batches": batches,
        "batch_prefix": import_.prefix,
        "published_at": now,
    }
    return Message(
        key=event_key("import", import_.tail),
        id=import_.prefix + END,
        body=json.dumps(body).encode() + b"\n",
        records=1,
        account=Account(1),
        published_at=now,
    )
