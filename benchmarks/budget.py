"""Where the microseconds of a line go on one core, step by step from the bytes of a file to decoded records as NDJSON.

Each step is timed by itself over the same lines, in pieces as large as those in which files are read and batches are made, and
the fastest of a few runs counts. What is said to be part of a step is timed by itself too.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.cpu import least_seconds
from benchmarks.framed import BATCH_LINES, SLICE_LINES, encoded, framed
from fairway import records
from services.decoder.batches import decode_body

RUNS = 5


def rows(file: Path) -> Iterator[str]:
    """A table of steps: microseconds a line, and how many times a bare split."""
    data = file.read_bytes()
    count = data.count(b"\n")
    unit = least_seconds(partial(_split, data), RUNS) / count * 1e6
    yield "| step | µs a line | in bare splits |\n|---|--:|--:|"
    for name, work in _steps(data.splitlines()).items():
        cost = least_seconds(work, RUNS) / count * 1e6
        yield f"| {name} | {cost:.2f} | {cost / unit:.1f} |"
    yield f"\nA bare split cuts the file at line feeds and each line at its commas, in {unit:.2f} µs a line."


def _steps(lines: list[bytes]) -> dict[str, Callable[[], object]]:
    batches = list(framed(lines, BATCH_LINES))
    bodies = [encoded(batch) for batch in batches]
    decoded = [decode_body(body).body for body in bodies]
    return {
        "framing: structure, checksum, joining, time": lambda: list(framed(lines, SLICE_LINES)),
        "raw records to NDJSON": lambda: [encoded(batch) for batch in batches],
        "decoding: raw NDJSON to decoded NDJSON": lambda: [decode_body(body) for body in bodies],
        "for a consumer: decoded NDJSON to records": lambda: [records.decode_decoded(body) for body in decoded],
    }


def _split(data: bytes) -> None:
    for line in data.split(b"\n"):
        line.split(b",")
