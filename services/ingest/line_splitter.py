"""Lines from chunks of bytes, as sockets and files give them; an endless line cannot grow memory."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

MOST_SLICE_BYTES = 64 << 20  # a slice of very long lines ends earlier


class LineSplitter:
    """Carries the unfinished end of one chunk over to the next. Of a line longer than `longest` bytes the rest is cut.

    `pending` counts the bytes since the last line feed, also those that were cut.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._rest: list[bytes] = []
        self._size = 0
        self.pending = 0
        self.has_cut = False

    def split(self, chunk: bytes) -> list[bytes]:
        """The lines that `chunk` completes, without line feeds."""
        lines = chunk.split(b"\n")
        if len(lines) == 1:
            self._keep(chunk)
            return []
        if self._size:
            self._keep(lines[0])
            lines[0] = b"".join(self._rest)
            self._rest, self._size = [], 0
        self.pending = 0
        self._keep(lines.pop())
        return lines

    def finish(self) -> list[bytes]:
        """The last line, when the stream ended without a line feed."""
        rest, self._rest, self._size, self.pending = b"".join(self._rest), [], 0, 0
        return [rest] if rest else []

    def _keep(self, piece: bytes) -> None:
        self.pending += len(piece)
        kept = piece[: self._longest + 1 - self._size]
        if kept:
            self._rest.append(kept)
            self._size += len(kept)
        self.has_cut = self.has_cut or len(kept) < len(piece)


class Slice(NamedTuple):
    """Lines that are taken together, and how many bytes they had with their line feeds."""

    lines: list[bytes]
    bytes: int


def slices(chunks: Iterable[list[bytes]], size: int, most_bytes: int = MOST_SLICE_BYTES) -> Iterator[Slice]:
    """The same lines, `size` at a time or up to the line with which they have `most_bytes`.

    Where a slice ends follows from the lines alone, not from the chunks. What is left is given also when the chunks fail.
    """
    rest: list[bytes] = []
    waiting = 0  # bytes of them
    try:
        for lines in chunks:
            rest += lines
            waiting += _bytes_of(lines)
            if len(rest) < size and waiting < most_bytes:
                continue
            start = 0
            while len(rest) - start >= size or waiting >= most_bytes:
                one = _first(rest, start, size, most_bytes)
                start += len(one.lines)
                waiting -= one.bytes
                yield one
            rest = rest[start:]
    except GeneratorExit:
        raise
    except BaseException:
        if rest:
            yield Slice(rest, waiting)
        raise
    if rest:
        yield Slice(rest, waiting)


def _first(lines: list[bytes], start: int, size: int, most_bytes: int) -> Slice:
    one = lines[start : start + size]
    bytes_ = _bytes_of(one)
    if bytes_ >= most_bytes:
        bytes_ = 0
        for count, line in enumerate(one, 1):
            bytes_ += len(line) + 1
            if bytes_ >= most_bytes:
                return Slice(one[:count], bytes_)
    return Slice(one, bytes_)


def _bytes_of(lines: list[bytes]) -> int:
    return sum(map(len, lines)) + len(lines)
