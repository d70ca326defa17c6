"""`file:path`: what files hold, as fast as the broker takes it or by event time; a folder or a pattern is all its files."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path

import structlog

from fairway import clock
from fairway.errors import BadSetting
from fairway.messages import Message
from fairway.records import Rejected
from services.ingest.batching import Batcher, larger
from services.ingest.event_time import EventTimes
from services.ingest.feeds.pipe import Pipe
from services.ingest.feeds.standard_input import StandardInput
from services.ingest.file_reader import FileReader, checkpoint_from
from services.ingest.imports import Import, content_hash, end_of
from services.ingest.line_format import One, Taken, one_by_one
from services.ingest.meter import Meter
from services.ingest.options import Options
from services.ingest.paths import files_at
from services.ingest.replay import NEVER, ReplayClock, linger_of
from services.ingest.source import Feed, Means, Reading

log = structlog.get_logger()


@dataclass(frozen=True)
class Files:
    """One file that is read once."""

    path: Path
    is_live = False

    @staticmethod
    def parse(address: str, options: Options) -> list[Feed]:
        """Raises BadSetting when a folder or a pattern has no files; a single file is looked for when it is read."""
        if address == "-":
            return [StandardInput()]
        return [Pipe(path) if _is_pipe(path) else Files(path) for path in files_at(address)]

    @property
    def name(self) -> str:
        """The path, as it was given."""
        return str(self.path)

    def read(self, reading: Reading, means: Means) -> None:
        """Read it to its end, from where an earlier reading came to. Raises BadSetting."""
        reading.source.check_clock()
        import_ = _begin(self.path, reading, means)
        if import_.finished_at:
            reading.imported_at = import_.finished_at
            means.read_bytes(self.path.stat().st_size)
            log.info("imported before", source=import_.tail, file=str(self.path), at=import_.finished_at)
            return
        reading.is_whole = _FileFeed(self.path, reading, means, import_).read()


def _is_pipe(path: Path) -> bool:
    return path.is_fifo() or path.is_char_device() or path.is_socket()


def _begin(path: Path, reading: Reading, means: Means) -> Import:
    tail = reading.source.tail
    try:
        hash_ = content_hash(path)
    except OSError as error:
        raise BadSetting(f"{path} cannot be read: {error.strerror or error}") from None
    mapping = reading.source.mapping
    manner = sha256(repr(mapping).encode()).hexdigest()[:16] if mapping is not None else ""
    linger = linger_of(means.settings, means.speed)
    batch_records = means.settings.batch_records
    if linger == NEVER:
        batch_records = larger(batch_records)  # a constant: where batches end follows from the content
    import_ = means.progress.begin(hash_, tail, batch_records, linger, again=means.again, manner=manner)
    reading.prefix = import_.prefix
    if means.again or import_.finished_at:
        return import_
    return replace(import_, finished_at=means.imported(hash_, tail))


class _FileFeed:
    """One file's way from records to the outbox.

    A slice's records go in batches of their own: so a batch ends at a line, the same at every reading. An import that was
    begun as a replay has batches by event time instead, also when it is gone on with without one, and begins at the start.
    """

    def __init__(self, path: Path, reading: Reading, means: Means, import_: Import) -> None:
        source = reading.source
        self._path, self._means, self._import = path, means, import_
        self._put: Callable[[Message], bool] = partial(means.outbox.put, can_wait=True, can_repeat=True)
        self._by_event_time = import_.linger != NEVER
        self._clock = ReplayClock(means.speed, means.stop) if means.speed else None
        self._tick = 0  # event time; a record without a believable one counts with the record before it
        start = checkpoint_from(import_.checkpoint) if import_.checkpoint else None
        self._reader = FileReader(
            path,
            source.tail,
            times=EventTimes(int(means.settings.future_seconds * 1000)),
            mapping=source.mapping,
            slice_lines=1 if self._by_event_time else import_.batch_records,
            with_checkpoints=not self._by_event_time,
            start=start,
            read_bytes=means.read_bytes,
        )
        reading.tally = self._reader.tally
        closed = (import_.checkpoint_batches or 0) if start is not None else 0
        self._batcher = Batcher(
            source.tail, limit=import_.batch_records, linger=import_.linger, prefix=import_.prefix, closed=closed
        )
        self._meter = Meter(source.tail, before=self._reader.tally)

    def read(self) -> bool:
        """Read the file to its end and say that it is published whole; False when stopped before. Raises BadSetting."""
        try:
            for taken in self._reader:
                self._take(taken)
                if self._means.stop.is_set():
                    return False
        finally:
            self._hand_over(self._batcher.take())  # also what could be read of a damaged file
            self._meter.read(self._reader.tally)
        tally = self._reader.tally
        end = end_of(self._import, self._path, lines=tally.lines, records=tally.records, batches=self._batcher.closed)
        return self._put(end)

    def _take(self, taken: Sequence[Taken]) -> None:
        if self._by_event_time:
            self._replay(taken)
            return
        self._hand_over(self._batcher.add(taken, 0))
        self._hand_over(self._batcher.take())
        self._meter.read(self._reader.tally)
        checkpoint = self._reader.checkpoint()
        if checkpoint is not None:
            self._means.progress.remember(self._import.prefix, self._batcher.closed, checkpoint.to_text())

    def _replay(self, taken: Sequence[Taken]) -> None:
        for record in one_by_one(taken):
            if record.time_source != "received" and not _is_defective(record):
                self._tick = clock.to_ms(record.event_time)
                self._hand_over(self._batcher.take_due(self._tick))  # before the pause, not after it
                if self._clock is not None:
                    self._clock.wait_for(self._tick)
            self._hand_over(self._batcher.add((record,), self._tick))
        if self._meter.is_due(clock.now_ms()):
            self._meter.read(self._reader.tally)

    def _hand_over(self, messages: Iterable[Message]) -> None:
        for message in messages:
            if _index(message) > self._import.confirmed and not self._means.stop.is_set():
                self._put(message)


def _index(message: Message) -> int:
    """The number of a batch in its file; what was rejected goes with the batch beside it."""
    return int(message.root_id.rpartition("-")[2])


def _is_defective(record: One) -> bool:
    return type(record) is Rejected or getattr(record, "defect", None) is not None
