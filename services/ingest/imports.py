"""Which files have been read, and how far: so that a second run does nothing and a killed one goes on where it was.

A file is known by its content and the source name it is read under. Its batches have ids that follow from both, and the
broker's confirmations come in order, so the number of confirmed batches is all that there is to remember.
"""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from uuid import uuid4

import psycopg2

from fairway import clock, database
from fairway.errors import DatabaseAway
from fairway.messages import Account, Message
from services.ingest.spool import open_database

SCHEMA = """
CREATE TABLE IF NOT EXISTS import (
    prefix TEXT PRIMARY KEY,
    content_hash TEXT NOT NULL,
    tail TEXT NOT NULL,
    batch_records INTEGER NOT NULL,
    linger INTEGER NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0,
    finished_at TEXT
);
CREATE INDEX IF NOT EXISTS import_content ON import (content_hash, tail);
"""
BEGUN = """
SELECT prefix, batch_records, linger, confirmed, finished_at FROM import
WHERE content_hash = ? AND tail = ? ORDER BY finished_at IS NULL DESC, rowid DESC LIMIT 1
"""
IMPORTED = "SELECT published_at FROM ops.imports WHERE content_hash = %s AND source = %s"
FRAMING_VERSION = 1  # part of the ids: a change of framing changes what a batch holds
END = "/import"  # ends the id of the message that says a file is published whole
HASH_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Import:
    """One reading of one file. `confirmed` batches were safe before; `batch_records` and `linger` decide where batches end."""

    prefix: str
    content_hash: str
    tail: str
    batch_records: int
    linger: int
    confirmed: int = 0
    finished_at: str | None = None


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
    """How far each import has come, in a SQLite file. Safe to use from several threads and after a kill."""

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._database = open_database(path, SCHEMA)

    def begin(self, hash_: str, tail: str, batch_records: int, linger: int, *, again: bool) -> Import:
        """The import of this content under this name: the one that was begun before, as it was begun, or a new one."""
        with self._lock:
            row = None if again else self._database.execute(BEGUN, (hash_, tail)).fetchone()
            if row:
                return Import(row[0], hash_, tail, *row[1:])
            prefix = _prefix(hash_, tail, batch_records, linger, uuid4().hex if again else "")
            self._database.execute(
                "INSERT INTO import (prefix, content_hash, tail, batch_records, linger) VALUES (?, ?, ?, ?, ?)",
                (prefix, hash_, tail, batch_records, linger),
            )
        return Import(prefix, hash_, tail, batch_records, linger)

    def confirm(self, message: Message) -> None:
        """The broker has this message safe. Messages that are no part of an import are none of our business."""
        prefix, _, index = message.id.partition("-")
        with self._lock:
            if message.id.endswith(END):
                self._database.execute(
                    "UPDATE import SET finished_at = ? WHERE prefix = ?",
                    (clock.to_text(clock.now_ms()), message.id.removesuffix(END)),
                )
            elif index.isdigit():
                self._database.execute("UPDATE import SET confirmed = ? WHERE prefix = ?", (int(index), prefix))

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._database.close()


def _prefix(*parts: object) -> str:
    """What the ids of a file's batches begin with: all that decides what each of them holds."""
    return sha256(" ".join(map(str, (*parts, FRAMING_VERSION))).encode()).hexdigest()[:24]


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
        key=f"event.import.{import_.tail}",
        id=import_.prefix + END,
        body=json.dumps(body).encode() + b"\n",
        records=1,
        account=Account(1),
        published_at=now,
    )
