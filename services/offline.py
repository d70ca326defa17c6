"""Stages put together in one process, without broker or database: what `fairway decode` does.

This module stands above the services; they do not know it, and still not each other.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from fairway import clock, records
from fairway.errors import BadSetting
from fairway.records import Decoded, Raw, Rejected
from fairway.topics import BadTail, check_tail
from services.decoder.decoding import decode_batch
from services.ingest.files import PATIENCE_LINES, lines_of
from services.ingest.framing import Framer, Tally

BATCH_RECORDS = 1000
FUTURE_MS = 600_000

Files = Annotated[list[Path], typer.Argument(help="Files of NMEA lines, plain or .gz.")]
SourceName = Annotated[str, typer.Option("--source", help="What to call the source in the records.")]


@dataclass
class Totals:
    """What became of every line: lines = ignored + sentences; messages = decoded + rejected."""

    tally: Tally
    decoded: int = 0
    rejected: Counter[str] = field(default_factory=Counter)


def decode(files: Files, source: SourceName = "file") -> None:
    """Decode files to NDJSON on standard output; needs no server. What happened to every line goes to standard error."""
    try:
        check_tail(source)
        for path in files:
            _decode_file(path, source)
    except BadTail as error:
        raise BadSetting(str(error)) from None
    except BrokenPipeError:
        sys.stderr.close()  # the reader, such as head, has seen enough; Python would complain once more at exit
        sys.exit(0)


def _decode_file(path: Path, source: str) -> None:
    output = sys.stdout.buffer
    framer = Framer(source, patience=PATIENCE_LINES, future_ms=FUTURE_MS)
    totals = Totals(framer.tally)
    for decoded, rejected in decode_file(path, framer, totals):
        output.write(records.encode(decoded))
        output.write(records.encode(rejected))
    output.flush()
    print(summary(path, totals), file=sys.stderr)


def decode_file(path: Path, framer: Framer, totals: Totals) -> Iterator[tuple[list[Decoded], list[Rejected]]]:
    """Decoded and rejected records of a file, a batch at a time; `totals` grows along. Raises BadSetting."""
    for batch in _raw_batches(path, framer):
        decoded, rejected = decode_batch(batch)
        totals.decoded += len(decoded)
        totals.rejected.update(record.reason for record in rejected)
        yield decoded, rejected


def _raw_batches(path: Path, framer: Framer) -> Iterator[list[Raw]]:
    batch: list[Raw] = []
    for lines in lines_of(path):
        received_ms = clock.now_ms()
        for line in lines:
            record = framer.frame(line, tick=framer.tally.lines, received_ms=received_ms)
            if record is not None:
                batch.append(record)
            if len(batch) >= BATCH_RECORDS:
                yield batch
                batch = []
    framer.finish()
    yield batch


def summary(path: Path, totals: Totals) -> str:
    """One line that accounts for every line of a file."""
    tally = totals.tally
    return (
        f"{path}: {tally.lines} lines = {tally.sentences} sentences + {tally.ignored.total()} ignored"
        f" ({_counts(tally.ignored)}); {tally.messages} messages = {totals.decoded} decoded"
        f" + {totals.rejected.total()} rejected ({_counts(totals.rejected)}); {tally.incomplete} incomplete"
        f" ({tally.incomplete_sentences} sentences)"
    )


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in sorted(counter.items())) or "none"
