"""What a progress file remembers, also one that an older release has written."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fairway.messages import Account, Message
from services.ingest.imports import END, Progress

FIRST_SCHEMA = """
CREATE TABLE import (
    prefix TEXT PRIMARY KEY, content_hash TEXT NOT NULL, tail TEXT NOT NULL, batch_records INTEGER NOT NULL,
    linger INTEGER NOT NULL, confirmed INTEGER NOT NULL DEFAULT 0, finished_at TEXT
);
INSERT INTO import VALUES ('old1', 'whole', 'a', 1000, 9, 7, '2026-01-02T03:04:05.000Z');
INSERT INTO import VALUES ('old2', 'half', 'a', 1000, 9, 7, NULL);
"""


def message(id_: str) -> Message:
    return Message("raw.ais.a", id_, b"", 0, Account(0), "")


def confirmed(progress: Progress, prefix: str, batches: int) -> None:
    progress.confirm(message(f"{prefix}-{batches:06d}"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "imports.sqlite"


def test_a_progress_file_of_the_first_release_is_used_further(path: Path) -> None:
    with closing(sqlite3.connect(path)) as old:
        old.executescript(FIRST_SCHEMA)
    progress = Progress(path)
    assert progress.begin("whole", "a", 1000, 9, again=False).finished_at == "2026-01-02T03:04:05.000Z"
    assert progress.begin("whole", "other", 1000, 9, again=False).finished_at is None
    progress.close()
    Progress(path).close()


def test_what_another_release_began_is_begun_anew(path: Path) -> None:
    with closing(sqlite3.connect(path)) as old:
        old.executescript(FIRST_SCHEMA)
    progress = Progress(path)
    begun = progress.begin("half", "a", 1000, 9, again=False)
    assert begun.prefix != "old2"
    assert (begun.confirmed, begun.checkpoint) == (0, None)
    progress.close()


def test_a_checkpoint_is_written_down_when_all_batches_before_it_are_confirmed(path: Path) -> None:
    progress = Progress(path)
    prefix = progress.begin("hash", "a", 10, 1, again=False).prefix
    progress.remember(prefix, 2, "after 2")
    progress.remember(prefix, 4, "after 4")
    seen = []
    for batches in range(1, 6):
        confirmed(progress, prefix, batches)
        now = progress.begin("hash", "a", 10, 1, again=False)
        seen.append((now.confirmed, now.checkpoint, now.checkpoint_batches))
    assert seen == [(1, None, None), (2, "after 2", 2), (3, "after 2", 2), (4, "after 4", 4), (5, "after 4", 4)]
    progress.close()


def test_a_checkpoint_after_batches_that_are_confirmed_already_is_written_down_at_once(path: Path) -> None:
    progress = Progress(path)
    prefix = progress.begin("hash", "a", 10, 1, again=False).prefix
    confirmed(progress, prefix, 3)
    progress.close()
    again = Progress(path)
    again.begin("hash", "a", 10, 1, again=False)
    again.remember(prefix, 3, "after 3")
    assert again.begin("hash", "a", 10, 1, again=False).checkpoint == "after 3"
    again.close()


def test_what_is_no_part_of_an_import_changes_nothing(path: Path) -> None:
    progress = Progress(path)
    begun = progress.begin("hash", "a", 10, 1, again=False)
    for id_ in ("", "f" * 32, f"{begun.prefix}-000001/r", "abc.12-000001", "-000003", f"x{END}"):
        progress.confirm(message(id_))
    assert progress.begin("hash", "a", 10, 1, again=False) == begun
    progress.close()


def test_an_import_that_is_done_again_has_other_ids(path: Path) -> None:
    progress = Progress(path)
    first = progress.begin("hash", "a", 10, 1, again=False)
    progress.confirm(message(first.prefix + END))
    assert progress.begin("hash", "a", 10, 1, again=False).finished_at
    assert progress.begin("hash", "a", 10, 1, again=True).prefix != first.prefix
    progress.close()
