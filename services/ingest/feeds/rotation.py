"""Finding a log again that was moved, copied or compressed by rotation while nobody read it.

ais.log   ais.log.1   ais.log-20260301   ais.log.2026-02-28.gz
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.ingest.content.flow import Damaged, Flow, open_file
from services.ingest.content.opening import compression_of, streams

HEAD_BYTES = 1024  # of a log are remembered, to know it again by
FEWEST_KNOWN_BY = 64  # bytes by which a file is known again when it is not the same inode
ROTATED = re.compile(r"[.-]\d[\d.:_T-]*(\.(gz|bz2|xz|zst|lzma))?")


@dataclass(frozen=True)
class Mark:
    """What a log is known by: its inode and the first bytes that were seen of it."""

    inode: int
    head: bytes

    def is_at(self, path: Path, read: int) -> bool:
        """Whether the file at `path` is this log, as it was written, with at least the bytes that were `read` of it."""
        try:
            found = path.stat()
            return found.st_ino == self.inode and found.st_size >= read and _head(path, len(self.head)) == self.head
        except OSError:
            return False

    def is_content_of(self, path: Path) -> bool:
        """Whether the file at `path`, compressed or not, begins with what was seen of this log."""
        if len(self.head) < FEWEST_KNOWN_BY:
            return False
        try:
            with content(path) as flow:
                return flow.take(len(self.head)) == self.head
        except (OSError, Damaged):
            return False


def find_moved(path: Path, mark: Mark, read: int) -> Path | None:
    """Where the log is now that was at `path`, or a copy of it, if it has all that was `read`; None when it is nowhere."""
    for each in _in_folder(path):
        if each.name != path.name and mark.is_at(each, read):
            return each
    return next((each for each in rotated(path) if mark.is_content_of(each)), None)


def rotated(path: Path) -> list[Path]:
    """What rotation made of former files at `path`, the oldest first."""
    return sorted((each for each in _in_folder(path) if is_rotated(each, path.absolute())), key=modified)


def is_rotated(path: Path, log: Path) -> bool:
    """Whether rotation gives such a name to a former file at `log`."""
    rest = path.name.removeprefix(log.name)
    return path.parent == log.parent and rest != path.name and ROTATED.fullmatch(rest) is not None


def is_packed(path: Path) -> bool:
    """Whether this is a compressed file; not when it cannot be read."""
    try:
        return compression_of(_head(path, 16))
    except OSError:
        return False


@contextmanager
def content(path: Path) -> Iterator[Flow]:
    """The bytes of a log, also when rotation has compressed it. Raises OSError; reading may raise Damaged."""
    flow = open_file(path)
    with flow.file:
        if not compression_of(flow.peek(16)):
            yield flow
            return
        stream = next(streams(flow), None)
        yield stream.flow if stream is not None else Flow(iter(()))


def modified(path: Path) -> tuple[float, str]:
    """When it was written last, seconds since 1970; and its name."""
    try:
        return path.stat().st_mtime, path.name
    except OSError:
        return 0.0, path.name


def _in_folder(path: Path) -> list[Path]:
    try:
        return sorted(each for each in path.absolute().parent.iterdir() if each.is_file())
    except OSError:
        return []


def _head(path: Path, count: int) -> bytes:
    with path.open("rb") as file:
        return file.read(count)
