"""`file:path`: lines of a file, plain or .gz: as fast as the broker takes them, or by event time."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event
from typing import BinaryIO

from fairway import clock
from fairway.errors import BadSetting
from fairway.messages import Message
from fairway.records import Raw
from fairway.settings import IngestSettings
from services.ingest.batching import Batcher
from services.ingest.feed import Meter
from services.ingest.framing import Framer
from services.ingest.imports import Import, end_of
from services.ingest.line_splitter import LineSplitter

CHUNK_BYTES = 1 << 16
MOST_UNCOMPRESSED_BYTES = 1 << 20  # at a time, so that a file of zeros cannot fill memory
GZIP = 31  # zlib's window bits for the gzip format
PATIENCE_LINES = (
    20_000  # how many lines a part of a message waits for the others: half a minute of a loud national feed
)
NEVER = 1 << 62  # a linger that is never over: batches of a file that is not replayed end by count alone
LONGEST_PAUSE_SECONDS = 60.0  # of replay; a day without traffic is not waited out


def lines_of(path: Path, read_bytes: Callable[[int], None] = lambda count: None) -> Iterator[list[bytes]]:
    """Lines of a file, a chunk at a time; `read_bytes` is told the bytes taken from disk.

    Raises BadSetting when the file is missing, not readable, or damaged; after all that could be read of it.
    """
    splitter = LineSplitter()
    try:
        with path.open("rb") as file:
            compressed = _chunks(file, read_bytes)
            for chunk in _gunzip(compressed) if path.suffix == ".gz" else compressed:
                yield splitter.split(chunk)
            yield splitter.finish()
    except zlib.error as error:
        raise BadSetting(f"{path} is damaged or cut short: {error}") from None
    except OSError as error:
        raise BadSetting(f"{path} cannot be read: {error.strerror or error}") from None


def _chunks(file: BinaryIO, read_bytes: Callable[[int], None]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk
        read_bytes(len(chunk))


def _gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Uncompressed bytes of one or more gzip members, as far as they are sound. Raises zlib.error after that."""
    member = zlib.decompressobj(GZIP)
    is_begun = False
    for chunk in chunks:
        rest = chunk
        while rest:
            yield member.decompress(rest, MOST_UNCOMPRESSED_BYTES)
            rest = member.unconsumed_tail
            if member.eof:
                rest = member.unused_data.lstrip(b"\0")  # tapes and some tools pad with zeros
                member = zlib.decompressobj(GZIP)
                is_begun = bool(rest)
            else:
                is_begun = True
    if is_begun:
        raise zlib.error("the end is missing")


class FileFeed:
    """One file's way from lines to the outbox. Ticks are line numbers, so that every reading frames it alike."""

    def __init__(
        self,
        tail: str,
        settings: IngestSettings,
        put: Callable[[Message], bool],
        *,
        import_: Import,
        speed: float | None = None,
        stop: Event,
    ) -> None:
        self._skip = import_.confirmed
        self._stop = stop
        self._put = put
        self._tick = 0  # event time; a record without a believable one counts with the record before it
        self._clock = _ReplayClock(speed, stop) if speed else None
        self.framer = Framer(tail, patience=PATIENCE_LINES, future_ms=int(settings.future_seconds * 1000))
        self.batcher = Batcher(
            tail,
            limit=import_.batch_records,
            linger=import_.linger,
            prefix=import_.prefix,
        )
        self._meter = Meter(tail)

    def take(self, lines: list[bytes]) -> None:
        """Lines in the order of the file."""
        tally, received_ms = self.framer.tally, clock.now_ms()
        for line in lines:
            record = self.framer.frame(line, tick=tally.lines, received_ms=received_ms)
            if record is not None:
                self._add(record)
        self._meter.read(tally)

    def finish(self) -> None:
        """The file has ended."""
        self.framer.finish()
        self._hand_over(self.batcher.take())
        self._meter.read(self.framer.tally)

    def _add(self, record: Raw) -> None:
        if record.time_source != "received" and record.defect is None:
            self._tick = clock.to_ms(record.event_time)
            self._hand_over(self.batcher.take_due(self._tick))  # before the pause, not after it
            if self._clock is not None:
                self._clock.wait_for(self._tick)
        self._hand_over(self.batcher.add(record, self._tick))

    def _hand_over(self, message: Message | None) -> None:
        if message is not None and self.batcher.closed > self._skip and not self._stop.is_set():
            self._put(message)


def linger_of(settings: IngestSettings, speed: float | None) -> int:
    """Milliseconds of event time after which a replayed batch is closed, so that a replay is as live as the feed was."""
    return max(1, int(settings.batch_linger_ms * speed)) if speed else NEVER


class _ReplayClock:
    """Holds records up until their event time has come, `speed` times faster than it went."""

    def __init__(self, speed: float, stop: Event) -> None:
        self._speed = speed
        self._stop = stop
        self._offset_ms: float | None = None

    def wait_for(self, event_ms: int) -> None:
        due = event_ms / self._speed
        now = clock.now_ms()
        if self._offset_ms is None:
            self._offset_ms = now - due
        seconds = (due + self._offset_ms - now) / 1000
        if seconds > LONGEST_PAUSE_SECONDS:
            self._offset_ms -= (seconds - LONGEST_PAUSE_SECONDS) * 1000
            seconds = LONGEST_PAUSE_SECONDS
        if seconds > 0.001:
            self._stop.wait(seconds)


def read(
    path: Path,
    feed: FileFeed,
    import_: Import,
    put: Callable[[Message], bool],
    stop: Event,
    read_bytes: Callable[[int], None] = lambda count: None,
) -> bool:
    """Read one file to its end and say that it is published whole; False when stopped before."""
    try:
        for lines in lines_of(path, read_bytes):
            feed.take(lines)
            if stop.is_set():
                return False
    finally:
        feed.finish()  # also what could be read of a damaged file
    tally = feed.framer.tally
    return put(end_of(import_, path, lines=tally.lines, records=tally.messages, batches=feed.batcher.closed))
