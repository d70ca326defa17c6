"""Bytes that are read once, from front to back, in pieces that never grow large."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

PIECE_BYTES = 1 << 18  # of a file at a time
MOST_BYTES = 1 << 20  # uncompressed at a time, so that a file of zeros cannot fill memory

ReadBytes = Callable[[int], None]


class Damaged(Exception):
    """The bytes break the rules of what they are packed in, or end too early. Raised after all that is sound was given."""


class Flow:
    """The pieces of an iterator, with a look ahead. May raise Damaged from any of its methods."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._ahead = b""

    def read(self) -> bytes:
        """The next piece, however long; empty at the end."""
        piece, self._ahead = self._ahead, b""
        return piece or next(filter(None, self._pieces), b"")

    def peek(self, count: int) -> bytes:
        """The next `count` bytes, fewer only at the end; they stay. Never raises: what is damaged is told when it is read."""
        try:
            while len(self._ahead) < count and (piece := next(filter(None, self._pieces), b"")):
                self._ahead += piece
        except Damaged as error:
            self._pieces = _raising(error)
        return self._ahead[:count]

    def take(self, count: int) -> bytes:
        """The next `count` bytes, fewer only at the end."""
        parts: list[bytes] = []
        while count and (piece := self.read()):
            parts.append(piece[:count])
            self._ahead = piece[count:]
            count -= len(parts[-1])
        return b"".join(parts)

    def skip(self, count: int) -> int:
        """Pass over `count` bytes; how many of them were missing because of the end."""
        while count and (piece := self.read()):
            self._ahead = piece[count:]
            count -= min(count, len(piece))
        return count

    def __iter__(self) -> Iterator[bytes]:
        """The pieces that are left."""
        while piece := self.read():
            yield piece


class FileFlow(Flow):
    """A file's bytes; `read_bytes` is told how many were taken from the disk or passed over."""

    def __init__(self, file: BinaryIO, read_bytes: ReadBytes = lambda count: None) -> None:
        super().__init__(pieces_of(file, read_bytes))
        self.file = file
        self.read_bytes = read_bytes

    def skip(self, count: int) -> int:
        """Seeks where the file can."""
        ahead = len(self._ahead)
        if count <= ahead or not self.file.seekable():
            return super().skip(count)
        self._ahead = b""
        here = self.file.tell()
        there = min(here + count - ahead, self.file.seek(0, 2))
        self.file.seek(there)
        self.read_bytes(there - here)
        return count - ahead - (there - here)


def pieces_of(file: BinaryIO, read_bytes: ReadBytes, size: int | None = None) -> Iterator[bytes]:
    """The bytes of a file from where it stands, to its end or `size` of them."""
    left = size if size is not None else 1 << 62
    while left and (piece := file.read(min(left, PIECE_BYTES))):
        left -= len(piece)
        read_bytes(len(piece))
        yield piece


def open_file(path: Path, read_bytes: ReadBytes = lambda count: None) -> FileFlow:
    """A file on disk from its first byte; close its `file`. Raises OSError."""
    return FileFlow(path.open("rb", buffering=0), read_bytes)


def failing(why: str) -> Flow:
    """A flow that raises Damaged at once."""
    return Flow(_raising(Damaged(why)))


def _raising(error: Damaged) -> Iterator[bytes]:
    raise error
    yield b""
