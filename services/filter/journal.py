"""What the filter must not forget when it is killed: a file of what changed, group after group.

    state.7      which format it is, then a frame with the rules, frames of everything that was remembered when the file was
                 begun, and a frame for each group since then
    lock         held by the one filter that writes here

A group is written after its output was confirmed and before its input is acknowledged. So what comes again after a kill was
either written, and is recognised, or was not, and is judged again from exactly what was remembered then: its output is the same,
with the same ids. A frame cut short by the kill counts as not written. When a file has grown to some times what it began with,
the next one is begun; it takes the place of the other when it is whole.

Files are not forced to the disk group by group: what a process wrote survives it, but not the loss of power of the machine.
"""

import fcntl
import os
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from struct import Struct as Layout
from typing import BinaryIO

import msgspec
import structlog
from msgspec import Struct

from fairway.errors import BadSetting, BrokenWorld
from services.filter.held import Held
from services.filter.last_seen import Change

FORMAT = b"fairway filter 2\n"  # another number when frames, or what a rule's values mean, are not the same any more
FEWEST_BYTES = 128 << 20  # of a file before the next is begun
GROWTH = 3  # times what it began with, at least
LOCK_SECONDS = 12.0  # more than a filter that is being stopped may take (fairway.service.DRAIN_SECONDS)
LOCK_POLL_SECONDS = 0.1

_HEADER = Layout("<II")  # bytes of the frame behind it, their checksum
_PREFIX = "state."
_NEW = ".new"
_UNREADABLE = "unreadable"

log = structlog.get_logger()


class CannotWrite(BrokenWorld):
    """The disk takes no more; nothing is acknowledged until it does."""


class Posted(Struct, frozen=True, gc=False):
    """A message that is to be published, whatever happens."""

    tail: str
    id: str
    body: bytes
    records: int
    released: int
    dropped: dict[str, int]
    published_at: str


class Frame(Struct, omit_defaults=True, gc=False):
    """What changed. Memories are by the rule's identity and their place in the rule, marks by its identity."""

    done: list[str] = []  # ids of batches
    memories: list[tuple[str, int, Change]] = []
    marks: list[tuple[str, int]] = []
    held: Mapping[str, Mapping[int, Held | None]] = {}  # by the rule's identity and key
    debts: list[
        tuple[str, int, dict[str, int], list[bytes]]
    ] = []  # tail, released, dropped, lines: in place of what was
    posted: list[Posted] = []
    sent: bool = False  # what was posted is published
    tried: list[str] = []  # ids of batches whose output may be published from now on
    touched: dict[str, bytes] = {}  # what is held, or held no longer, by that output: keys by the rule's identity
    rules: tuple[str, str] | None = None  # the name and the text of the rules from here on


class Journal:
    """Frames in a folder of its own. `append` writes one; `begin` starts the next file with frames of all there is."""

    def __init__(self, folder: Path, lock_seconds: float = LOCK_SECONDS) -> None:
        """Raises BadSetting when the folder cannot be written to, or when another filter writes there all that time."""
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(folder / "lock", lock_seconds)
            for left_over in folder.glob(f"{_PREFIX}*{_NEW}"):
                left_over.unlink()
            self._number = max(map(_number_of, self._files()), default=0)
        except OSError as error:
            raise _cannot(folder, error) from None
        self._file: BinaryIO | None = None
        self._begun_bytes = self._bytes = 0
        self._begin_at = 0  # bytes
        self._encode = msgspec.msgpack.Encoder().encode

    @property
    def rules(self) -> tuple[str, str] | None:
        """The name and the text of the rules by which what was written was remembered. Before anything is written."""
        first = next(self.read(), None)
        return first.rules if first else None

    def read(self) -> Iterator[Frame]:
        """The frames that were written, up to the first that is not whole. Before anything is written."""
        path = self._path(self._number)
        if not path.exists():
            return
        decode = msgspec.msgpack.Decoder(Frame).decode
        try:
            with path.open("rb") as file:
                if file.read(len(FORMAT)) != FORMAT:
                    self._set_aside(path)
                    return
                for payload in _payloads(file):
                    yield decode(payload)
                if left := os.fstat(file.fileno()).st_size - file.tell():
                    log.warning("what was being written last is left out", file=str(path), bytes=left)
        except OSError as error:
            raise _cannot(self._folder, error) from None

    def begin(self, frames: Iterable[Frame]) -> None:
        """Start the next file, with these frames; it takes the place of the last when it is whole. Raises CannotWrite."""
        number = self._number + 1
        new = self._folder / f"{_PREFIX}{number}{_NEW}"
        before, bytes_before = self._file, self._bytes
        try:
            file = new.open("wb", buffering=0)
            file.write(FORMAT)
            self._file, self._bytes = file, len(FORMAT)
            for frame in frames:
                self._write(frame)
            os.fsync(file.fileno())
            new.rename(self._path(number))
        except (OSError, CannotWrite) as error:
            if self._file is not before and self._file is not None:
                self._file.close()
            self._file, self._bytes = before, bytes_before
            with suppress(OSError):
                new.unlink()
            raise error if isinstance(error, CannotWrite) else _full(self._folder, error) from None
        if before is not None:
            before.close()
        self._number, self._begun_bytes = number, self._bytes
        self._begin_at = max(FEWEST_BYTES, GROWTH * self._bytes)
        for old in self._files():
            if _number_of(old) < number:
                old.unlink(missing_ok=True)

    def append(self, frame: Frame) -> None:
        """Write a frame, so that it outlives the process. Raises CannotWrite, and then nothing of it is written."""
        self._write(frame)

    @property
    def is_long(self) -> bool:
        """Whether it is time to begin the next file."""
        return self._bytes > self._begin_at

    def put_off(self) -> None:
        """The next file cannot be begun; it is not long until it has grown by as much again."""
        self._begin_at = self._bytes + FEWEST_BYTES

    def close(self) -> None:
        """What was written stays."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._lock.close()

    def _write(self, frame: Frame) -> None:
        file = self._file
        assert file is not None, "begin() comes first"
        payload = self._encode(frame)
        try:
            _write_all(file.fileno(), [_HEADER.pack(len(payload), zlib.adler32(payload)), payload])
        except OSError as error:
            with suppress(OSError):  # the next frame must not stand behind half of this one
                file.truncate(self._bytes)
                file.seek(self._bytes)
            raise _full(self._folder, error) from None
        self._bytes += _HEADER.size + len(payload)

    def _set_aside(self, path: Path) -> None:
        """Another release may yet read it."""
        aside = self._folder / _UNREADABLE
        path.replace(aside)
        log.warning(
            "what another release of Fairway remembered cannot be read: the filter begins anew", file=str(aside)
        )

    def _path(self, number: int) -> Path:
        return self._folder / f"{_PREFIX}{number}"

    def _files(self) -> list[Path]:
        return [path for path in self._folder.glob(f"{_PREFIX}*") if path.name.removeprefix(_PREFIX).isdigit()]


def _lock(path: Path, seconds: float) -> BinaryIO:
    """The file, locked for this process alone until it is closed. The one before may take a while to end."""
    file = path.open("ab")
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        except BlockingIOError:
            if time.monotonic() >= end:
                file.close()
                raise BadSetting(
                    f"another filter keeps its state in {path.parent}; give each a FAIRWAY_STATE_DIR of its own"
                ) from None
            time.sleep(LOCK_POLL_SECONDS)


def _write_all(descriptor: int, pieces: list[bytes]) -> None:
    written = os.writev(descriptor, pieces)
    rest = memoryview(b"".join(pieces))[written:] if written < sum(map(len, pieces)) else b""
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _payloads(file: BinaryIO) -> Iterator[bytes]:
    """The payloads of whole frames; the file is left where the last of them ends."""
    while len(header := file.read(_HEADER.size)) == _HEADER.size:
        size, sum_ = _HEADER.unpack(header)
        payload = file.read(size)
        if len(payload) < size or zlib.adler32(payload) != sum_:
            file.seek(-len(payload), os.SEEK_CUR)
            break
        yield payload
    file.seek(-len(header), os.SEEK_CUR)


def _number_of(path: Path) -> int:
    return int(path.name.removeprefix(_PREFIX))


def _cannot(folder: Path, error: OSError) -> BadSetting:
    return BadSetting(f"the filter cannot keep its state in {folder}: {error.strerror or error}")


def _full(folder: Path, error: OSError) -> CannotWrite:
    return CannotWrite(f"the filter cannot write its state to {folder}: {error.strerror or error}")
