"""What framing costs on one core, from lines to raw records, for each form of lines: `python -m benchmarks.framing [FILE…]`.

The baseline splits the same bytes into lines and each line at its commas. Both are measured in turns, a thousand lines at a time,
and the fastest of many turns counts: other work on the machine only ever makes them slower. Without files the lines are made
here; one message in twenty has two parts.
"""

import gzip
import random
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from services.ingest.event_time import EventTimes
from services.ingest.framing import Framer
from services.ingest.line_format import Moment, Taken, Tally
from services.ingest.nmea import checksum

CHUNK = 1_000  # lines a call, as files are read
LINES = 4_000
TURNS = 100
START_S = 1_700_000_000
RECEIVED_MS = (START_S + 86_400) * 1000
ALPHABET = "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw"

Wrap = Callable[[random.Random, int, str, int], str]


def main() -> None:
    """Print a table of microseconds a line."""
    print("| lines | us a line | bare split, us | ratio |\n|---|--:|--:|--:|")
    files = [Path(name) for name in sys.argv[1:]]
    for line in rows([(file.name, _lines_of(file)) for file in files] if files else made(LINES)):
        print(line, flush=True)


def rows(samples: list[tuple[str, list[bytes]]], turns: int = TURNS) -> Iterator[str]:
    """Table rows: form of the lines, microseconds a line, the same for the bare split, their ratio."""
    for name, lines in samples:
        framing, bare = measure(lines, turns)
        yield f"| {name} | {framing:.2f} | {bare:.2f} | {framing / bare:.1f} |"


def measure(lines: list[bytes], turns: int) -> tuple[float, float]:
    """Microseconds a line of framing and of a bare split."""
    chunks = [lines[start : start + CHUNK] for start in range(0, len(lines), CHUNK)]
    framing, bare = [1.0] * len(chunks), [1.0] * len(chunks)
    for _ in range(turns):
        framer = Framer("bench", patience=20_000, times=EventTimes(60_000), tally=Tally())
        for at, chunk in enumerate(chunks):
            framing[at] = min(framing[at], _seconds(partial(_frame, framer, chunk)))
            bare[at] = min(bare[at], _seconds(partial(_split, b"\n".join(chunk))))
    return sum(framing) / len(lines) * 1e6, sum(bare) / len(lines) * 1e6


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _frame(framer: Framer, lines: list[bytes]) -> None:
    out: list[Taken] = []
    at = 0
    while at < len(lines):
        at = framer.read(lines, at, Moment(RECEIVED_MS, 0), out)


def _split(text: bytes) -> None:
    for line in text.split(b"\n"):
        line.split(b",")


def _lines_of(file: Path) -> list[bytes]:
    body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    lines = body.split(b"\n")[: 10 * LINES]
    return lines * max(1, LINES // len(lines))


def made(count: int) -> list[tuple[str, list[bytes]]]:
    """About `count` lines of each form."""
    forms: dict[str, Wrap] = {
        "bare": lambda _chance, _at, text, _number: text,
        "tag block": _with_tag_block,
        "$PGHP before": _with_pghp,
        "US Coast Guard": _with_metadata,
        "trailing epoch": lambda _chance, at, text, _number: f"{text},{_epoch(at)}",
        "time prefix": lambda _chance, at, text, _number: (
            f"2023-11-14 22:{_minute(at)}:{_second(at)},{at % 1000:03d}: {text}"
        ),
        "epoch prefix, nanoseconds": lambda chance, at, text, _number: (
            f"{_epoch(at)}{chance.randrange(10**9):09d} {text}"
        ),
    }
    return [(name, _make(wrap, count)) for name, wrap in forms.items()]


def _make(wrap: Wrap, count: int) -> list[bytes]:
    chance = random.Random(1)
    lines: list[bytes] = []
    at = 0
    while len(lines) < count:
        at += 1
        parts = [28] if chance.random() < 0.95 else [60, 11]
        for number, length in enumerate(parts, 1):
            payload = "".join(chance.choices(ALPHABET, k=length))
            sequence = at % 10 if len(parts) > 1 else ""
            body = f"AIVDM,{len(parts)},{number},{sequence},{'AB'[at % 2]},{payload},0"
            lines += wrap(chance, at, f"!{body}*{checksum(body.encode()):02X}", number).encode().split(b"\n")
    return lines[: count // CHUNK * CHUNK]


def _with_tag_block(_chance: random.Random, at: int, text: str, _number: int) -> str:
    tags = f"s:257{at * 37 % 60:04d},c:{_epoch(at)}"  # one station hears all parts of a message
    return f"\\{tags}*{checksum(tags.encode()):02X}\\{text}"


def _with_pghp(_chance: random.Random, at: int, text: str, number: int) -> str:
    if number > 1:
        return text
    time_ms = f"22,{at // 60_000 % 60},{at // 1000 % 60},{at % 1000}"
    body = f"PGHP,1,2023,11,14,{time_ms},219,,2190{at % 90:03d},1,{text[-2:]}"
    return f"${body}*{checksum(body.encode()):02X}\n{text}"


def _with_metadata(chance: random.Random, at: int, text: str, _number: int) -> str:
    slot, signal = chance.randrange(2250), chance.randrange(50, 120)
    return f"{text},d-{signal:03d},S{slot:04d},T{at % 60}.52,r003669{at % 99:03d},{_epoch(at)}"


def _minute(at: int) -> str:
    return f"{at // 60_000 % 60:02d}"


def _second(at: int) -> str:
    return f"{at // 1000 % 60:02d}"


def _epoch(at: int) -> int:
    return START_S + at // 300  # a loud national feed has 300 messages a second


if __name__ == "__main__":
    main()
