"""A recording to rows in PostgreSQL: ours beside AISdb's loader, which needs no broker, into the same server in the same run.

Positions are what is counted of both, since both keep them; ours keeps every other message too. AISdb is measured as
benchmarks/loaders/aisdb_postgres.py says, when it is installed.
"""

import json
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from benchmarks import whole_flow
from benchmarks.peers import interpreter_of, run
from benchmarks.processes import cpu_seconds
from benchmarks.stack import KEEP_ALL, ask, pids, start_services
from benchmarks.traffic import Traffic
from fairway.local import Local

TAIL = "bench.loading"
MODULE = "benchmarks.loaders.aisdb_postgres"
TABLE = "ais_202601_dynamic"  # of the month that the traffic is of


def rows(local: Local, traffic: Traffic) -> Iterator[str]:
    """A table of both; nothing is measured without the other one."""
    python = interpreter_of("aisdb")
    if python is None:
        yield "AISdb is not installed."
        return
    yield f"{traffic.messages:,} messages: {traffic.origin}.\n"
    yield "| loader | version | positions | seconds | positions/s | CPU µs per position, server included |"
    yield "|---|---|--:|--:|--:|--:|"
    start_services(local, KEEP_ALL)
    flow = whole_flow.run(local, traffic.file, TAIL)
    stored = int(ask(local, "SELECT count(*) FROM ais.positions WHERE source = %s", TAIL))
    yield _row("Fairway", version("fairway"), stored, flow.seconds, flow.cpu_us_of_all * flow.records / 1e6)
    try:
        yield _aisdb(local, python, traffic.file)
    except subprocess.CalledProcessError as error:
        yield f"| AISdb | failed with status {error.returncode} | | | | |"


def _aisdb(local: Local, python: str, file: Path) -> str:
    """AISdb tells files by their extension, and the month they are of by the date in their name."""
    link = file.with_name("recording_20260101.nm4")
    link.symlink_to(file)
    postgres = pids(local)["postgres"]
    before = cpu_seconds(postgres)
    output = run(python, MODULE, local.stack.database_url(), str(link), TABLE)
    link.unlink()
    result = json.loads(output.splitlines()[-1])  # before it, AISdb says something itself
    cpu = result["cpu_seconds"] + cpu_seconds(postgres) - before
    return _row("AISdb", result["version"], result["rows"], result["seconds"], cpu)


def _row(name: str, release: str, positions: int, seconds: float, cpu: float) -> str:
    rate, cost = positions / seconds, cpu / max(1, positions) * 1e6
    return f"| {name} | {release} | {positions:,} | {seconds:.1f} | {rate:,.0f} | {cost:.1f} |"
