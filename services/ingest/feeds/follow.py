"""`follow:path`: a log that grows, read as it grows, through rotation and restarts, with neither loss nor duplicates.

    ais.log  ....|segment|segment|segment|..lines to come
                  confirmed  planned, handed on

A segment is written down before it is handed on (places.py), so that a restart gives the same records under the same ids.
Rotation is by rename (the old log is read to its end, then the new) or by copying and emptying; logs that were rotated while
nobody read them are found by inode or by their first bytes, also compressed.
"""

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import structlog

from fairway.errors import BadSetting
from services.ingest.content.flow import PIECE_BYTES, Damaged
from services.ingest.feeds.rotation import HEAD_BYTES, Mark, content, find_moved, is_packed, modified, rotated
from services.ingest.feeds.segments import Log, Segments, log_of
from services.ingest.line_splitter import LineSplitter
from services.ingest.live_feed import LONGEST_LIVE_DOCUMENT
from services.ingest.options import Options
from services.ingest.places import Segment
from services.ingest.source import Feed, Means, Reading

log = structlog.get_logger()

POLL_SECONDS = 0.2
GRACE_SECONDS = 1.0  # a writer may go on in the old file for a while after its rename
MOST_GRACES = 10


@dataclass(frozen=True)
class Follow:
    """One log, which others write to. Held up, rather than spooled, while the broker is slow: its lines are on disk."""

    path: Path
    is_live = True

    @staticmethod
    def parse(address: str, options: Options) -> list[Feed]:
        """A log need not be there yet. Raises BadSetting."""
        path = Path(address)
        if not address or path.is_dir():
            raise BadSetting(f"follow:{address} must name a file, such as follow:/var/log/ais.log")
        return [Follow(path)]

    @property
    def name(self) -> str:
        """The path, as it was given."""
        return str(self.path)

    def read(self, reading: Reading, means: Means) -> None:
        """Read until stopped, from where an earlier reading came to. Raises BadSetting."""
        reading.source.check_clock()
        with _alone(self.path, reading.source.tail, means.settings.state_dir):
            _Follower(self.path, reading, means).run()


@contextmanager
def _alone(path: Path, tail: str, state: Path) -> Iterator[None]:
    """Keeps other processes with our state from following the same log, which would mix up the places. Raises BadSetting."""
    name = sha256(f"{path.absolute()} {tail}".encode()).hexdigest()[:16]
    lock = state / "ingest" / f"follow-{name}.lock"
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        with lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
    except BlockingIOError:
        raise BadSetting(f"another ingest follows {path} as {tail}") from None


class _Follower:
    """Finds the logs that are and were at the path, and gives their bytes to Segments in order."""

    def __init__(self, path: Path, reading: Reading, means: Means) -> None:
        self._path, self._means = path, means
        self._segments = Segments(path, reading, means)

    def run(self) -> None:
        """Give again what was not confirmed, then go on. Raises BadSetting."""
        self._repeat(self._segments.known())
        while not (self._path.exists() or self._means.stop.is_set()):
            self._means.stop.wait(POLL_SECONDS)  # until then its writer may still be busy with the one that was moved
        last = self._segments.log
        if last is not None and not last.mark.is_at(self._path, last.begins):
            self._catch_up()
        while not self._means.stop.is_set():
            try:
                descriptor = os.open(self._path, os.O_RDONLY)
            except FileNotFoundError:
                self._means.stop.wait(POLL_SECONDS)
                continue
            except OSError as error:
                raise BadSetting(f"{self._path} cannot be read: {error.strerror or error}") from None
            try:
                self._read_growing(descriptor)
            finally:
                os.close(descriptor)
            self._catch_up()

    # What an earlier run has left

    def _repeat(self, known: Sequence[Segment]) -> None:
        planned = [segment for segment in known if not segment.is_confirmed]
        for segment in [segment for segment in known if segment.is_confirmed][-1:]:
            self._segments.restore(segment)
        if not all(self._segments.is_of_this_release(segment) for segment in planned):
            log.warning("what an older release had not finished is read again", file=str(self._path))
            self._segments.log = _before(planned[0])
            self._segments.give_up(planned)
            return
        for segment in planned:
            lines = self._lines_of(segment)
            if lines is not None:
                self._segments.hand_over(segment, lines)
                continue
            lost = segment.ends - segment.begins
            log.error("cannot find again what was read last", file=str(self._path), bytes=lost)
            self._segments.give_up([segment])
            self._segments.log = log_of(segment)

    def _lines_of(self, segment: Segment) -> list[bytes] | None:
        """The lines of a segment, wherever they are by now."""
        mark = log_of(segment).mark
        found = self._path if mark.is_at(self._path, segment.ends) else find_moved(self._path, mark, segment.ends)
        if found is None:
            return None
        splitter = LineSplitter(LONGEST_LIVE_DOCUMENT)
        lines: list[bytes] = []
        left = segment.ends - segment.begins
        try:
            with content(found) as flow:
                flow.skip(segment.begins)
                while left and (piece := flow.read()[:left]):
                    lines += splitter.split(piece)
                    left -= len(piece)
        except (OSError, Damaged):
            return None
        return None if left else lines + splitter.finish()

    # What was rotated away

    def _catch_up(self) -> None:
        """Read what is left of the log that was read last, and the logs after it, now that the path has another one."""
        last, self._segments.log = self._segments.log, None
        if last is None:
            return
        found = find_moved(self._path, last.mark, last.begins)
        marks = [last.mark]
        if found is not None:
            self._let_writer_finish(found)
            self._read_rest(found, last)
        since = modified(found) if found is not None else (last.seen_at, "")
        for each in rotated(self._path):
            is_new = modified(each) > since and not any(mark.is_content_of(each) for mark in marks)
            if is_new and not self._means.stop.is_set():
                marks.append(self._read_rest(each, _new_log(each.stat().st_ino)))
        self._segments.log = None

    def _let_writer_finish(self, path: Path) -> None:
        """Return when nothing was written for a while: we may have been started at the very moment of its rename."""
        for _ in range(MOST_GRACES):
            still_for = time.time() - modified(path)[0]
            if still_for >= GRACE_SECONDS or self._means.stop.wait(GRACE_SECONDS - max(0.0, still_for)):
                return

    def _read_rest(self, path: Path, begun: Log) -> Mark:
        """A rotated log from where we are in it to its end; gives what it can be known by."""
        segments, head = self._segments, begun.mark.head
        segments.begin(begun)
        try:
            with content(path) as flow:
                head = flow.peek(HEAD_BYTES)
                segments.know_head(head)
                flow.skip(begun.begins)
                for piece in flow:
                    segments.take(piece)
                    if self._means.stop.is_set():
                        break
        except (OSError, Damaged) as error:
            log.error("cannot read a rotated log to its end", file=str(path), error=str(error))
        segments.end()
        return Mark(begun.mark.inode, head)

    # What grows

    def _read_growing(self, descriptor: int) -> None:
        """Read until stopped, or until the path has another log."""
        inode, segments = os.fstat(descriptor).st_ino, self._segments
        if is_packed(self._path):
            raise BadSetting(f"{self._path} is compressed, so it does not grow; read it as file:{self._path}")
        begun = segments.log or _new_log(inode)
        segments.begin(begun)
        if begun.mark.inode != inode:  # it was moved at this very moment
            return
        moved_at: float | None = None
        while not self._means.stop.is_set():
            chunk = os.pread(descriptor, PIECE_BYTES, segments.read)
            if not self._is_as_before(descriptor):
                return
            if chunk:
                segments.take(chunk)
                moved_at = None
                continue
            segments.close_if_due()
            moved_at = (moved_at or time.monotonic()) if self._has_moved(descriptor) else None
            if moved_at is not None and time.monotonic() - moved_at >= GRACE_SECONDS:
                segments.end()
                return
            self._means.stop.wait(min(POLL_SECONDS, segments.patience_seconds))

    def _is_as_before(self, descriptor: int) -> bool:
        """Whether the file has not been emptied, or written anew, since we began to read it."""
        assert self._segments.log is not None
        head = self._segments.log.mark.head
        if os.fstat(descriptor).st_size < self._segments.read or os.pread(descriptor, len(head), 0) != head:
            return False
        if len(head) < HEAD_BYTES:
            self._segments.know_head(os.pread(descriptor, HEAD_BYTES, 0))
        return True

    def _has_moved(self, descriptor: int) -> bool:
        """Whether another file stands at the path; a path without a file is waited for."""
        try:
            now = os.stat(self._path)
        except OSError:
            return False
        return not os.path.samestat(now, os.fstat(descriptor))


def _new_log(inode: int) -> Log:
    return Log(uuid4().hex[:24], Mark(inode, b""))


def _before(segment: Segment) -> Log:
    """The log as it stands before a segment of it, under other ids."""
    return Log(uuid4().hex[:24], Mark(segment.inode, segment.head), segment.begins)
