"""Reads all sources at once, a thread each, and publishes what they give: the whole of ingest in one value."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Event, Thread
from uuid import uuid4

import structlog

from fairway.broker import Broker
from fairway.errors import BadSetting
from fairway.settings import IngestSettings
from services.ingest import files, standard_input, tcp, udp
from services.ingest.feed import LiveFeed
from services.ingest.framing import Tally
from services.ingest.imports import Import, Lookup, Progress, content_hash
from services.ingest.outbox import Outbox
from services.ingest.publisher import Publisher, PublisherFailed
from services.ingest.sources import Source
from services.ingest.spool import free_spool

log = structlog.get_logger()

RETRY_SECONDS = 10.0
STOP_SECONDS = 6.0  # for all readers and the publisher together; then what cannot be read again is put on disk


@dataclass
class Reading:
    """What came of one source. `prefix` begins the ids of its batches, when they have one in common."""

    source: Source
    prefix: str | None = None
    tally: Tally = field(default_factory=Tally)
    imported_at: str | None = None  # the file was imported before, and there was nothing to do
    is_whole: bool = False
    error: str | None = None


class Intake:
    """`imported` tells when a content hash was imported under a tail, or None. `again` imports files once more."""

    def __init__(
        self,
        sources: list[Source],
        settings: IngestSettings,
        broker: Broker,
        stop: Event,
        *,
        name: str = "service",
        again: bool = False,
        speed: float | None = None,
        imported: Lookup = lambda hash_, tail: None,
        read_bytes: Callable[[int], None] = lambda count: None,
    ) -> None:
        folder = settings.state_dir / "ingest"
        self.readings = [Reading(source) for source in sources]
        self._settings = settings
        self._stop = stop
        self._again, self._speed, self._imported, self._read_bytes = again, speed, imported, read_bytes
        self._spool = free_spool(folder, name, settings.spool_max_bytes)
        self._progress = Progress(folder / "imports.sqlite")
        self._outbox = Outbox(self._spool, stop)
        self._publisher = Publisher(self._outbox, broker, stop, self._progress.confirm)
        self._readers: list[Thread] = []
        self._until_read = False

    def run(self, *, until_read: bool) -> None:
        """Read and publish until stopped; with `until_read` until every source has ended and all of it is published."""
        self._until_read = until_read
        self._readers = [
            Thread(target=self._read, args=(reading,), name=reading.source.tail, daemon=True)
            for reading in self.readings
        ]
        for reader in self._readers:
            reader.start()
        finished = self._all_read if until_read else lambda: False
        publisher = Thread(target=self._publisher.run, args=(finished,), name="publisher", daemon=True)
        publisher.start()
        while publisher.is_alive() and not self._stop.is_set():
            publisher.join(0.1)
        self._end([*self._readers, publisher])
        if self._publisher.error:
            raise PublisherFailed(f"publishing failed: {self._publisher.error}") from self._publisher.error

    def _end(self, threads: list[Thread]) -> None:
        """Wait for all threads together, then put on disk what cannot be read again, also when some of them hang."""
        until = time.monotonic() + STOP_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        if not self._outbox.is_empty():
            for reading in self.readings:
                reading.is_whole = False
        self._outbox.rescue()
        if not any(thread.is_alive() for thread in threads):  # else the process is about to end with them
            self._spool.close()
            self._progress.close()

    def _all_read(self) -> bool:
        return not any(reader.is_alive() for reader in self._readers)

    def _read(self, reading: Reading) -> None:
        """Read one source; a live one that fails is tried again, for its address may be free or its bug may be rare."""
        while not self._stop.is_set():
            try:
                READERS[reading.source.kind](self, reading)
                return
            except BadSetting as error:
                reading.error = str(error)
                log.error("cannot read", source=reading.source.tail, error=str(error))
            except Exception as error:
                reading.error = f"a bug: {error!r}"
                log.exception("reader failed", source=reading.source.tail)
            if self._until_read or not reading.source.is_live:
                return
            self._stop.wait(RETRY_SECONDS)

    def _read_udp(self, reading: Reading) -> None:
        source = reading.source
        with self._live_feed(reading) as feed:
            udp.read(source.host, source.port, feed, self._stop)

    def _read_tcp(self, reading: Reading) -> None:
        source = reading.source
        with self._live_feed(reading) as feed:
            tcp.read(source.host, source.port, feed, self._stop, self._settings.read_seconds)

    def _live_feed(self, reading: Reading) -> LiveFeed:
        feed = LiveFeed(reading.source.tail, self._settings, self._outbox)
        reading.tally = feed.tally
        return feed

    def _read_file(self, reading: Reading) -> None:
        if reading.source.path is None:
            self._read_standard_input(reading)
            return
        import_ = self._begin(reading)
        if import_.finished_at:
            reading.imported_at = import_.finished_at
            log.info("imported before", source=import_.tail, file=str(reading.source.path), at=import_.finished_at)
            return
        put = partial(self._outbox.put, can_wait=True, can_repeat=True)
        feed = files.FileFeed(import_.tail, self._settings, put, import_=import_, speed=self._speed, stop=self._stop)
        reading.tally = feed.framer.tally
        reading.is_whole = files.read(reading.source.path, feed, import_, put, self._stop, self._read_bytes)

    def _begin(self, reading: Reading) -> Import:
        path, tail = reading.source.path, reading.source.tail
        assert path is not None
        try:
            hash_ = content_hash(path)
        except OSError as error:
            raise BadSetting(f"{path} cannot be read: {error.strerror or error}") from None
        linger = files.linger_of(self._settings, self._speed)
        import_ = self._progress.begin(hash_, tail, self._settings.batch_records, linger, again=self._again)
        reading.prefix = import_.prefix
        if self._again or import_.finished_at:
            return import_
        return replace(import_, finished_at=self._imported(hash_, tail))

    def _read_standard_input(self, reading: Reading) -> None:
        reading.prefix = uuid4().hex[:24]
        tail = reading.source.tail
        with LiveFeed(tail, self._settings, self._outbox, can_wait=True, prefix=reading.prefix) as feed:
            reading.tally = feed.tally
            reading.is_whole = standard_input.read(feed, self._stop)


# How each kind of source is read: one line a kind.
READERS: dict[str, Callable[[Intake, Reading], None]] = {
    "file": Intake._read_file,
    "tcp": Intake._read_tcp,
    "udp": Intake._read_udp,
}
