"""How far `fairway ingest` is: a bar on a terminal, elsewhere a line now and then for whoever reads the log."""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from services.ingest.source import Reading

LOOK_SECONDS = 0.25
LINE_SECONDS = 10.0
ENDLESS_LINE_SECONDS = 60.0  # where there is no end to wait for
WINDOW_SECONDS = 15.0  # rates are of so long
MEGABYTE = 1_000_000


class Rates(NamedTuple):
    """Each a second."""

    bytes: float
    records: float


class Advance:
    """What has been read so far. `total` is None when something is read whose length nobody knows."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._readings = readings
        sizes = [size_of(reading) for reading in readings]
        self.total = None if None in sizes else sum(size or 0 for size in sizes)
        self.bytes = 0
        self._looks = deque([(time.monotonic(), 0, self.records)])

    def add(self, count: int) -> None:
        """So many more bytes were taken from the files."""
        self.bytes += count

    def look(self) -> "Rates":
        """Rates since looks of some seconds ago. What was passed over at the start of a resumed file is soon out of them."""
        now = (time.monotonic(), self.bytes, self.records)
        while len(self._looks) > 1 and now[0] - self._looks[0][0] > WINDOW_SECONDS:
            self._looks.popleft()
        then = self._looks[0]
        self._looks.append(now)
        seconds = max(now[0] - then[0], 0.001)
        return Rates((now[1] - then[1]) / seconds, (now[2] - then[2]) / seconds)

    @property
    def records(self) -> int:
        """Of all sources."""
        return sum(reading.tally.records for reading in self._readings)

    def where(self) -> str:
        """The first source that is not finished, such as `day3.log (3 of 12)`."""
        for number, reading in enumerate(self._readings, 1):
            if not (reading.is_whole or reading.imported_at or reading.error):
                return f"{Path(reading.source.name).name} ({number} of {len(self._readings)})"
        return f"{len(self._readings)} read"

    def line(self) -> str:
        """One line that says all of it."""
        rates = self.look()
        parts = [self.where(), f"{self.bytes / MEGABYTE:.1f} MB", f"{rates.bytes / MEGABYTE:.1f} MB/s"]
        if self.total:
            parts[1] = f"{self.bytes / MEGABYTE:.1f} of {self.total / MEGABYTE:.1f} MB"
        if self.total and rates.bytes:
            parts.append(f"{max(0, self.total - self.bytes) / rates.bytes:.0f} s left")
        return ", ".join((*parts, f"{self.records} records, {rates.records:.0f}/s"))


def size_of(reading: Reading) -> int | None:
    """Bytes on disk of what is read; None for what has no end that is known."""
    if reading.source.is_live:
        return None
    path = Path(reading.source.name)
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return 0


@contextmanager
def shown(advance: Advance) -> Iterator[None]:
    """Show how far the reading is until the end of the block."""
    done = Event()
    show = _bar if sys.stderr.isatty() else _lines
    thread = Thread(target=show, args=(advance, done.wait), name="display", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _lines(advance: Advance, wait: Callable[[float], bool]) -> None:
    while not wait(ENDLESS_LINE_SECONDS if advance.total is None else LINE_SECONDS):
        print(advance.line(), file=sys.stderr, flush=True)


def _bar(advance: Advance, wait: Callable[[float], bool]) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[rate]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=advance.total, rate="")
        is_over = False
        while not is_over:
            is_over = wait(LOOK_SECONDS)
            rate = f"{advance.look().records:.0f} records/s"
            progress.update(task, completed=advance.bytes, description=advance.where(), rate=rate)
