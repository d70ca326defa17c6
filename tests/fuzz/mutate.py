"""Spoils sound lines at random, millions of them, and watches that nothing raises, hangs or grows.

python -m tests.fuzz.mutate 10000000 [SEED]
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from random import Random

from services.ingest.interpreter import Interpreter
from tests.fuzz import seeds, target

CHUNK = 500
STREAM_LINES = 100_000  # then the stream ends and another begins
SLOWEST_CHUNK_SECONDS = 5.0
INTERESTING = b"!$\\*,:|{}[]<>\"'#\r\t @\x00\xff0123456789ABVDMO-.gGscTi"

Spoil = Callable[[Random, bytes, list[bytes]], bytes]


def _other_byte(rng: Random, line: bytes, _lines: list[bytes]) -> bytes:
    at = rng.randrange(len(line) + 1)
    return line[:at] + bytes((rng.choice(INTERESTING),)) + line[at + 1 :]


def _more(rng: Random, line: bytes, _lines: list[bytes]) -> bytes:
    at = rng.randrange(len(line) + 1)
    return line[:at] + bytes(rng.choices(INTERESTING, k=rng.randrange(1, 12))) + line[at:]


def _less(rng: Random, line: bytes, _lines: list[bytes]) -> bytes:
    start = rng.randrange(len(line) + 1)
    return line[:start] + line[start + rng.randrange(1, 12) :]


def _spliced(rng: Random, line: bytes, lines: list[bytes]) -> bytes:
    other = rng.choice(lines)
    return line[: rng.randrange(len(line) + 1)] + other[rng.randrange(len(other) + 1) :]


def _repeated(rng: Random, line: bytes, _lines: list[bytes]) -> bytes:
    start = rng.randrange(len(line) + 1)
    piece = line[start : start + rng.randrange(1, 20)]
    return line[:start] + piece * rng.choice((2, 3, 50, 400)) + line[start:]


def _random(rng: Random, _line: bytes, _lines: list[bytes]) -> bytes:
    return rng.randbytes(rng.randrange(120)).replace(b"\n", b"")


def _sound(_rng: Random, line: bytes, _lines: list[bytes]) -> bytes:
    return line


SPOILS: tuple[Spoil, ...] = (_other_byte, _more, _less, _spliced, _repeated, _random, _sound)
WEIGHTS = (30, 15, 15, 15, 2, 3, 20)


class Mutator:
    """An endless stream of spoiled lines; the same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)
        self._lines = seeds.lines()

    def chunk(self, count: int) -> list[bytes]:
        rng, lines = self._rng, self._lines
        spoils = rng.choices(SPOILS, WEIGHTS, k=count)
        return [spoil(rng, rng.choice(lines), lines) for spoil in spoils]


def run(total: int, seed: int = 1, tell: Callable[[int], None] = lambda done: None) -> dict[str, object]:
    """Reads `total` lines in streams; returns what was measured. Raises what a reader raises, or AssertionError."""
    mutator, started = Mutator(seed), time.monotonic()
    done, records, slowest, after_first = 0, 0, 0.0, 0
    while done < total:
        size = min(STREAM_LINES, total - done)
        slow, count = _stream(mutator, size)
        done, records, slowest = done + size, records + count, max(slowest, slow)
        after_first = after_first or _peak_kib()
        tell(done)
    return {
        "lines": done,
        "records": records,
        "seconds": round(time.monotonic() - started, 1),
        "slowest_chunk_seconds": round(slowest, 3),
        "peak_mib_after_first_stream": after_first >> 10,
        "peak_mib": _peak_kib() >> 10,
    }


def _stream(mutator: Mutator, size: int) -> tuple[float, int]:
    reader, slowest, records = target.interpreter(), 0.0, 0
    for start in range(0, size, CHUNK):
        lines = mutator.chunk(min(CHUNK, size - start))
        began = time.monotonic()
        records += _feed(reader, lines)
        slowest = max(slowest, time.monotonic() - began)
        assert slowest < SLOWEST_CHUNK_SECONDS, lines
    last = reader.finish()
    target.check_records(last)
    target.check_account(reader.tally, size, records + len(last))
    return slowest, records


def _feed(reader: Interpreter, lines: list[bytes]) -> int:
    try:
        return target.feed(reader, lines)
    except Exception:
        print("these lines raised:", lines, file=sys.stderr)
        raise


def _peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Prints what was measured as JSON."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    print(json.dumps(run(total, seed, lambda done: print(f"\r{done} lines", end="", file=sys.stderr)), indent=2))


if __name__ == "__main__":
    main()
