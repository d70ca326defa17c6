"""`make bench`: one table on the screen and in benchmarks/RESULTS.md, with machine, versions, date and command."""

import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import decoding, framing, tables, traffic, usual_way, whole_flow
from fairway.local import Local
from fairway.stack.local import LocalStack

RESULTS = Path(__file__).parent / "RESULTS.md"
FULL, QUICK = 600_000, 150_000  # positions through our flow
USUAL_FULL, USUAL_QUICK = 20_000, 6_000  # the baseline is slow; its rate does not depend on the count


def main() -> None:
    """Run everything and write the results."""
    quick = "--quick" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, _stack(Path(folder)) as local:
        lines = list(_measure(local, Path(folder), quick))
    text = "\n".join([*_heading(quick), *lines]) + "\n"
    print(text)
    if not quick:
        RESULTS.write_text(text)


def _measure(local: Local, folder: Path, quick: bool) -> Iterator[str]:
    count, usual_count = (QUICK, USUAL_QUICK) if quick else (FULL, USUAL_FULL)
    file, origin = traffic.positions(folder, count)
    small, _ = traffic.positions(folder, usual_count)
    usual_records, usual_seconds = usual_way.run(local.stack.amqp_url("operator"), local.stack.database_url(), small)
    usual = usual_records / usual_seconds
    flow = whole_flow.run(local, file, count, "bench.positions")
    yield f"Traffic: {origin}.\n"
    yield "## End to end, every row kept, broker and PostGIS included\n"
    yield "| | records | seconds | records/s | ratio |\n|---|--:|--:|--:|--:|"
    yield f"| usual way (benchmarks/usual_way.py) | {usual_records:,} | {usual_seconds:.1f} | {usual:,.0f} | 1 |"
    yield f"| Fairway | {flow.records:,} | {flow.seconds:.1f} | {flow.rate:,.0f} | {flow.rate / usual:.1f} |"
    yield "\n## CPU and memory by process\n"
    yield "| process | CPU µs per record | peak MB |\n|---|--:|--:|"
    for name, cost in flow.cpu_us.items():
        peak = flow.peak_mb.get(name)
        yield f"| {name} | {cost:.1f} | {f'{peak:.0f}' if peak else ''} |"
    yield f"| all | {sum(flow.cpu_us.values()):.1f} | |"
    yield f"\nStorage: {whole_flow.stored_bytes(local):.0f} bytes per position with its indexes."
    yield "\n## One core, no servers\n"
    yield "| step | µs per record | ratio |\n|---|--:|--:|"
    yield from decoding.rows(file, 20_000 if quick else 60_000)
    yield "\n## Forms of lines, from line to raw record, one core\n"
    yield "| lines | µs a line | bare split, µs | ratio |\n|---|--:|--:|--:|"
    yield from framing.rows(framing.made(framing.LINES))
    yield "\n## Tables, from line to decoded records, one core\n"
    yield "| table | rows/s | bare csv module, rows/s | cost ratio |\n|---|--:|--:|--:|"
    yield from tables.rows(10_000 if quick else 40_000)


def _heading(quick: bool) -> list[str]:
    model = next(
        (line.partition(":")[2].strip() for line in _cpu_lines() if line.startswith("model name")),
        platform.machine(),
    )
    cores = subprocess.run(["nproc"], capture_output=True, text=True, check=True).stdout.strip()
    names = ("pyais", "pika", "psycopg2-binary", "msgspec")
    return [
        "# Benchmark results\n",
        f"`make bench{'-quick' if quick else ''}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {cores} cores of {model},"
        f" Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in names) + ".",
        "The machine is shared: absolute figures drift, ratios of one run count.\n",
    ]


def _cpu_lines() -> list[str]:
    return Path("/proc/cpuinfo").read_text().splitlines()


@contextmanager
def _stack(folder: Path) -> Iterator[Local]:
    local = Local(LocalStack(folder / ".fairway"))
    try:
        local.start_servers()
        local.start_services(extra={"FAIRWAY_FILTER_RULES": "keep_all"})
        yield local
    finally:
        local.stack.clean()


if __name__ == "__main__":
    main()
