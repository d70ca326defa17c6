"""Lines framed as ingest frames those of a file, for those who measure what comes after."""

from collections.abc import Iterator, Sequence

from fairway import clock, records
from fairway.raw_block import RawBlock
from fairway.records import Raw
from services.ingest.event_time import EventTimes
from services.ingest.file_reader import PATIENCE_LINES, SLICE_LINES
from services.ingest.framing import Framer
from services.ingest.line_format import Moment, Taken, Tally

__all__ = ["BATCH_LINES", "SLICE_LINES", "encoded", "framed"]

FUTURE_MS = 600_000
BATCH_LINES = 4 * SLICE_LINES  # about as many as a batch of a file holds records

Rows = list[Raw | RawBlock]


def framed(lines: Sequence[bytes], slice_lines: int) -> Iterator[Rows]:
    """The raw records that each slice of lines gives, in order."""
    framer = Framer("bench", patience=PATIENCE_LINES, times=EventTimes(FUTURE_MS), tally=Tally())
    now = clock.now_ms()
    for start in range(0, len(lines), slice_lines):
        part, at = lines[start : start + slice_lines], 0
        out: list[Taken] = []
        while at < len(part):
            at = framer.read(part, at, Moment(now, start), out)
        yield [taken for taken in out if isinstance(taken, Raw | RawBlock)]


def encoded(rows: Rows) -> bytes:
    """Raw records as the body of a message."""
    return b"".join(row.encode() if isinstance(row, RawBlock) else records.encode([row]) for row in rows)
