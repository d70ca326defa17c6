"""What framing and decoding cost on one core, beside pyais alone and a bare split."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyais

from fairway import clock, records
from services.decoder.decoding import decode_batch
from services.ingest.event_time import EventTimes
from services.ingest.framing import Framer
from services.ingest.line_format import Moment, Taken, Tally

BATCH = 1000
RUNS = 3


def rows(file: Path, count: int) -> Iterator[str]:
    """Table rows: step, microseconds per record, ratio to the baseline beside it."""
    lines = file.read_bytes().splitlines()[:count]
    texts = [line.decode() for line in lines]
    raws = _frame(lines)
    decoded, _rejected = decode_batch(raws)
    split = _cost(lambda: [line.split(b",") for line in lines], count)
    alone = _cost(lambda: [pyais.decode(text) for text in texts], count)
    yield f"| bare split of a line | {split:.2f} | 1 |"
    framing = _cost(lambda: _frame(lines), count)
    yield f"| framing, checksum, raw record | {framing:.2f} | {framing / split:.1f} |"
    yield f"| pyais.decode | {alone:.2f} | 1 |"
    decoding = _cost(lambda: _decode(raws), count)
    yield f"| decoder, raw record to decoded record | {decoding:.2f} | {decoding / alone:.2f} |"
    encoding = _cost(lambda: records.encode(decoded), count)
    yield f"| encode decoded records | {encoding:.2f} | |"
    body = records.encode(decoded)
    yield f"| read decoded records | {_cost(lambda: records.decode_decoded(body), count):.2f} | |"


def _frame(lines: list[bytes]) -> list[records.Raw]:
    framer = Framer("bench", patience=10_000, times=EventTimes(600_000), tally=Tally())
    now = clock.now_ms()
    framed: list[Taken] = []
    for start in range(0, len(lines), BATCH):
        framer.read(lines[start : start + BATCH], 0, Moment(now, start), framed)
    return [record for record in framed if isinstance(record, records.Raw)]


def _decode(raws: list[records.Raw]) -> None:
    for start in range(0, len(raws), BATCH):
        decode_batch(raws[start : start + BATCH])


def _cost(work: Callable[[], object], count: int) -> float:
    """The best of a few runs, in CPU microseconds per record: the least disturbed by the machine's other work."""
    best = float("inf")
    for _ in range(RUNS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best / count * 1e6
