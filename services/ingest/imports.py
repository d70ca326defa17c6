"""Which files have been read, and how far: so that a second run does nothing and a killed one goes on where it was.

A file is known by its content and the source name it is read under. Its batches have ids that follow from both, and the
broker's confirmations come in order, so the number of confirmed batches is all that there is to remember.
"""

import json
import sqlite3
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from uuid import uuid4

from fairway import clock
from fairway.messages import Account, Message

SCHEMA = """
CREATE TABLE IF NOT EXISTS import (
    prefix TEXT PRIMARY KEY,
    batch_records INTEGER NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0,
    finished_at TEXT
)
"""
END = "/import"  # ends the id of the message that says a file is published whole
HASH_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Import:
    """One reading of one file. `confirmed` batches were safe before; `batch_records` decides where batches end."""

    prefix: str
    content_hash: str
    tail: str
    batch_records: int
    confirmed: int
    finished_at: str | None


def content_hash(path: Path) -> str:
    """SHA-256 of the file's bytes, as they lie on disk."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(HASH_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def batch_prefix(hash_: str, tail: str, *, again: bool) -> str:
    """What the ids of a file's batches begin with; `again` makes it another reading of the same file."""
    nonce = uuid4().hex if again else ""
    return sha256(f"{hash_} {tail} {nonce}".encode()).hexdigest()[:24]


class Progress:
    """How far each import has come, in a SQLite file. Safe to use from several threads and after a kill."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = Lock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(SCHEMA)

    def begin(self, hash_: str, tail: str, batch_records: int, *, again: bool) -> Import:
        """The import of this content under this name: a new one, or the one that was begun before."""
        prefix = batch_prefix(hash_, tail, again=again)
        with self._lock:
            self._database.execute(
                "INSERT OR IGNORE INTO import (prefix, batch_records) VALUES (?, ?)", (prefix, batch_records)
            )
            row = self._database.execute(
                "SELECT batch_records, confirmed, finished_at FROM import WHERE prefix = ?", (prefix,)
            ).fetchone()
        return Import(prefix, hash_, tail, *row)

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
