"""`make bench`: everything that benchmarks/parts.py lists, on the screen as it comes, and in the end in a file."""

import argparse
import signal
import sys
import tempfile
import time
import traceback
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from benchmarks import machine
from benchmarks.parts import PARTS, Bench, Part
from benchmarks.size import FULL, LONG_CURVE, QUICK, Size
from benchmarks.stack import servers


def main() -> int:
    """Run, show, write; 1 when a part failed."""
    given = _options().parse_args()
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))  # the servers are stopped then too
    chosen = [part for part in PARTS if not given.only or part.name in given.only]
    text: list[str] = []
    failures = 0
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        bench = Bench(Path(folder), _size(given))
        _say(text, *machine.heading(_command(given)), f"Load average at the start: {machine.load()}.")
        for part in chosen:
            if part.needs_servers and bench.local is None:
                bench.local = stack.enter_context(servers(bench.folder))
            failures += not _measure(part, bench, text)
        _say(text, f"\nLoad average at the end: {machine.load()}.")
    if given.results:
        Path(given.results).write_text("\n".join(text) + "\n")
    return 1 if failures else 0


def _measure(part: Part, bench: Bench, text: list[str]) -> bool:
    """Whether it went well; a part that did not says why, and the others go on."""
    _say(text, f"\n## {part.title}\n")
    began = time.monotonic()
    try:
        for line in part.lines(bench):
            _say(text, line)
    except Exception as error:  # half an hour of figures must not be lost with the last one
        traceback.print_exc()
        _say(text, f"\nFailed: {error}")
        return False
    print(f"({part.name}: {time.monotonic() - began:.0f} s)", file=sys.stderr)
    return True


def _say(text: list[str], *lines: str) -> None:
    text.extend(lines)
    print(*lines, sep="\n", flush=True)


def _size(given: argparse.Namespace) -> Size:
    size = QUICK if given.quick else FULL
    if given.minutes is not None:
        size = replace(size, live_seconds=given.minutes * 60)
    if given.archive_rows is not None:
        size = replace(size, archive_rows=given.archive_rows)
    return replace(size, curve_messages=LONG_CURVE) if given.curve else size


def _command(given: argparse.Namespace) -> str:
    return "make bench" if given.results and len(sys.argv) == 3 else " ".join(["python -m benchmarks", *sys.argv[1:]])


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--quick", action="store_true", help="a little of everything, for a first look")
    options.add_argument("--only", nargs="+", choices=[part.name for part in PARTS], help="only these parts")
    options.add_argument("--minutes", type=float, help="of the live feed")
    options.add_argument("--archive-rows", type=int, help="of each archive")
    options.add_argument("--curve", action="store_true", help=f"messages up to {LONG_CURVE[-1]:,}")
    options.add_argument("--results", metavar="FILE", help="write them there too")
    return options


if __name__ == "__main__":
    sys.exit(main())
