"""From the bytes of a log to segments: lines that are written down, interpreted in one go and handed on together."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import msgspec

from fairway import clock
from services.ingest.batching import Batcher
from services.ingest.event_time import EventTimes
from services.ingest.feeds.rotation import Mark
from services.ingest.file_reader import PATIENCE_LINES
from services.ingest.interpreter import Interpreter
from services.ingest.line_format import Moment
from services.ingest.line_splitter import LineSplitter
from services.ingest.live_feed import LONGEST_LIVE_DOCUMENT
from services.ingest.meter import Meter
from services.ingest.places import PREFIX_OF_A_LOG, Segment
from services.ingest.replay import NEVER
from services.ingest.source import Means, Reading

MOST_SEGMENT_BYTES = 1 << 20


@dataclass(frozen=True)
class Log:
    """A file that is or was at the path. `prefix` begins the ids of its batches; `begins` is where the next segment does."""

    prefix: str
    mark: Mark
    begins: int = 0
    seen_at: float = 0.0  # when its last segment came in, seconds since 1970


def log_of(segment: Segment) -> Log:
    """The log as it stands after a segment of it."""
    return Log(segment.prefix, Mark(segment.inode, segment.head), segment.ends, segment.received_ms / 1000)


class Segments:
    """Cuts what comes of `log` into segments: as many lines as a batch has, or what came within the linger.

    Ticks are line numbers, and a segment is interpreted in one go: so it gives the same records whenever it is given again.
    """

    def __init__(self, path: Path, reading: Reading, means: Means) -> None:
        source = reading.source
        self._means, self._tail, self._path = means, source.tail, str(path.absolute())
        self._places = means.progress.places
        self._interpreter = Interpreter(
            source.tail,
            patience=PATIENCE_LINES,
            times=EventTimes(int(means.settings.future_seconds * 1000)),
            longest_document=LONGEST_LIVE_DOCUMENT,
            mapping=source.mapping,
        )
        reading.tally = self._interpreter.tally
        self._lines_before = 0  # of earlier runs
        self._meter = Meter(source.tail)
        self._linger = means.settings.batch_linger_ms / 1000
        self.log: Log | None = None
        self._drop_open_lines()

    def _drop_open_lines(self) -> None:
        self._splitter = LineSplitter(LONGEST_LIVE_DOCUMENT)
        self.read = 0  # bytes of the log that were taken from it
        self._lines: list[bytes] = []
        self._ends = 0  # where the last of the lines does
        self._opened = 0.0
        self._received_ms = 0

    # What an earlier run has left

    def known(self) -> list[Segment]:
        """The segments of earlier runs: the confirmed one that was last, and those that were handed on after it."""
        return self._places.of(self._path, self._tail)

    def restore(self, segment: Segment) -> None:
        """Go on after this confirmed segment; of what another release remembered only the place counts."""
        self._lines_before = segment.lines or 0
        self.log = log_of(segment)
        if segment.version == self._places.version:
            self._interpreter.restore(msgspec.json.decode(segment.state or "null"))

    def is_of_this_release(self, segment: Segment) -> bool:
        """Whether interpreting it again gives the same records."""
        return segment.version == self._places.version

    def give_up(self, segments: Sequence[Segment]) -> None:
        """Forget planned segments that nothing can be made of."""
        self._places.forget([segment.number for segment in segments])

    # From bytes to segments

    def begin(self, log: Log) -> None:
        """What comes now is of this log, from `log.begins`."""
        self.log = log
        self._drop_open_lines()
        self.read = log.begins

    def know_head(self, head: bytes) -> None:
        """The first bytes of the log have been seen."""
        assert self.log is not None
        self.log = replace(self.log, mark=replace(self.log.mark, head=head))

    def take(self, chunk: bytes) -> None:
        """The next bytes of the log."""
        self._means.read_bytes(len(chunk))
        self.read += len(chunk)
        lines = self._splitter.split(chunk)
        # Counted from behind, because a line that was cut, which can only be the first, does not tell its length.
        sizes = [len(line) + 1 for line in reversed(lines)]
        ends = [self.read - self._splitter.pending - after for after in accumulate(sizes, initial=0)][: len(lines)]
        self._add(lines, ends[::-1])

    @property
    def patience_seconds(self) -> float:
        """How long the open lines may wait; unbounded when there are none."""
        return self._linger if self._lines else float("inf")

    def close_if_due(self) -> None:
        """Hand on the open lines when they have lingered."""
        if self._lines and time.monotonic() - self._opened >= self._linger:
            self._close()

    def end(self) -> None:
        """The log has ended, also when its last line has no line feed."""
        rest = self._splitter.finish()
        self._add(rest, [self.read] * len(rest))
        self._close()

    def _add(self, lines: Sequence[bytes], ends: Sequence[int]) -> None:
        for line, end in zip(lines, ends, strict=True):
            if not self._lines:
                self._opened, self._received_ms = time.monotonic(), clock.now_ms()
            self._lines.append(line)
            self._ends = end
            if len(self._lines) >= self._means.settings.batch_records or self._is_long():
                self._close()
        self.close_if_due()

    def _is_long(self) -> bool:
        assert self.log is not None
        return self._ends - self.log.begins >= MOST_SEGMENT_BYTES

    def _close(self) -> None:
        """Make a segment of the open lines, write it down and hand it on."""
        if not self._lines or self._means.stop.is_set():
            return
        assert self.log is not None
        mark, begins = self.log.mark, self.log.begins
        head, version = mark.head[: self._ends], self._places.version
        segment = Segment(0, self.log.prefix, mark.inode, head, begins, self._ends, self._received_ms, version)
        lines, self._lines = self._lines, []
        number = self._places.plan(self._path, self._tail, segment)
        self.hand_over(replace(segment, number=number), lines)

    def hand_over(self, segment: Segment, lines: Sequence[bytes]) -> None:
        """Interpret the lines of a segment that is written down, and put its batches into the outbox."""
        tick = self._lines_before + self._interpreter.tally.lines
        taken = self._interpreter.read(lines, Moment(segment.received_ms, tick))
        # With both ends: if an outage of the machine costs the plan, the next one may be cut otherwise.
        prefix = PREFIX_OF_A_LOG.join((segment.prefix, str(segment.begins), str(segment.ends)))
        batcher = Batcher(self._tail, limit=NEVER, linger=NEVER, prefix=prefix)
        messages = [*batcher.add(taken, 0), *batcher.take()]
        state = msgspec.json.encode(self._interpreter.checkpoint()).decode()
        lines_read = self._lines_before + self._interpreter.tally.lines
        ids = [message.id for message in messages]
        self._places.expect(self._path, self._tail, segment.number, ids, lines_read, state)
        for message in messages:
            self._means.outbox.put(message, can_wait=True, can_repeat=True)
        self.log = log_of(segment)
        self._meter.read(self._interpreter.tally)
