"""Reads all sources at once and publishes what they give: the whole of ingest in one value.

A live source has a thread of its own; the files of one tail share one, and are read one after the other.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event, Thread

import structlog

from fairway.broker import Broker
from fairway.errors import BadSetting
from fairway.settings import IngestSettings
from services.ingest.imports import Lookup, Progress
from services.ingest.outbox import Outbox
from services.ingest.publisher import Publisher, PublisherFailed
from services.ingest.source import Means, Reading, Source
from services.ingest.spool import free_spool

log = structlog.get_logger()

RETRY_SECONDS = 10.0
STOP_SECONDS = 6.0  # for all readers and the publisher together; then what cannot be read again is put on disk


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
        self._stop = stop
        self._spool = free_spool(folder, name, settings.spool_max_bytes)
        self._progress = Progress(folder / "imports.sqlite")
        self._outbox = Outbox(self._spool, stop)
        self._means = Means(
            settings, self._outbox, self._progress, stop, imported, again=again, speed=speed, read_bytes=read_bytes
        )
        self._publisher = Publisher(self._outbox, broker, stop, self._progress.confirm, settings.filter_partitions)
        self._readers: list[Thread] = []
        self._until_read = False

    def run(self, *, until_read: bool) -> None:
        """Read and publish until stopped; with `until_read` until every source has ended and all of it is published."""
        self._until_read = until_read
        self._means = replace(self._means, until_read=until_read)
        self._readers = [
            Thread(target=self._read_all, args=(group,), name=group[0].source.tail, daemon=True)
            for group in _in_threads(self.readings)
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

    def _read_all(self, readings: Sequence[Reading]) -> None:
        for reading in readings:
            self._read(reading)

    def _read(self, reading: Reading) -> None:
        """Read one source; a live one that fails is tried again, for its address may be free or its bug may be rare."""
        source = reading.source
        while not self._stop.is_set():
            try:
                source.feed.read(reading, self._means)
                return
            except BadSetting as error:
                reading.error = str(error)
                log.error("cannot read", source=source.tail, error=str(error))
            except Exception as error:
                reading.error = f"a bug: {error!r}"
                log.exception("reader failed", source=source.tail)
            if self._until_read or not source.is_live:
                return
            self._stop.wait(RETRY_SECONDS)


def _in_threads(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Each live source by itself; what has an end together with its like of the same tail."""
    groups: list[list[Reading]] = []
    files: dict[str, list[Reading]] = {}
    for reading in readings:
        if reading.source.is_live:
            groups.append([reading])
        else:
            files.setdefault(reading.source.tail, []).append(reading)
    return groups + list(files.values())
