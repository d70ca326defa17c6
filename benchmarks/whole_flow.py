"""Lines of a file to rows in PostGIS through the whole stack: rate, and CPU and memory of each process."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import usual_way
from benchmarks.processes import cpu_seconds, peak_megabytes, residents
from benchmarks.samples import Series, Watch, thirds
from benchmarks.stack import Queues, pids
from fairway.local import SERVICES, Local

COMMAND = "ingest command"  # `fairway ingest`, beside the service of that name


@dataclass(frozen=True)
class Flow:
    """One run: records published, seconds from the first line to the last account, CPU microseconds per record, peaks."""

    records: int
    seconds: float
    account: dict[str, Any]
    cpu_us: dict[str, float]
    peak_mb: dict[str, float]
    series: Series  # resident MB by process, messages by queue

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / self.seconds

    @property
    def cpu_us_of_all(self) -> float:
        """CPU microseconds per record of all processes together."""
        return sum(self.cpu_us.values())


def run(local: Local, path: Path, tail: str) -> Flow:
    """Read `path` into running services with `fairway ingest --wait`. Raises RuntimeError unless the account closes."""
    of_stack = pids(local)
    log = local.stack.paths.log_file("benchmark")
    before = {name: cpu_seconds(pid) for name, pid in of_stack.items()}
    with closing(Queues(local)) as queues:
        began = time.monotonic()
        process = _start(local, path, tail, log)
        watched = {COMMAND: process.pid, **{name: of_stack[name] for name in SERVICES if name in of_stack}}
        with Watch(lambda: residents(watched), queues.look) as watch:
            account, command_cpu = _end(process, log)
        seconds = time.monotonic() - began
    used = {name: cpu_seconds(pid) - before[name] for name, pid in of_stack.items()}
    used["ingest"] = used.get("ingest", 0.0) + command_cpu
    peaks = {name: peak_megabytes(pid) for name, pid in of_stack.items() if name in SERVICES}
    records = account["in"]
    cpu_us = {name: value / records * 1e6 for name, value in used.items()}
    return Flow(records, seconds, account, cpu_us, {**peaks, "ingest": watch.series.most(COMMAND)}, watch.series)


def comparison(usual: Sequence[usual_way.Run], flows: Mapping[str, Flow]) -> Iterator[str]:
    """Table rows; ratio: to the fastest variant of the usual way."""
    baseline = max(run.rate for run in usual)
    named = [(f"usual way, {run.variant.name}", run.records, run.seconds, run.cpu_us) for run in usual]
    named += [(f"Fairway, {name}", flow.records, flow.seconds, flow.cpu_us_of_all) for name, flow in flows.items()]
    for name, records, seconds, cpu in named:
        rate = records / seconds
        yield f"| {name} | {records:,} | {seconds:.1f} | {rate:,.0f} | {rate / baseline:.1f} | {cpu:,.1f} |"


def rows(flows: Mapping[str, Flow]) -> Iterator[str]:
    """A table of CPU by process, with a column for each run."""
    yield f"| process | {' | '.join(f'{name}: CPU µs per record | peak MB' for name in flows)} |"
    yield f"|---|{'--:|--:|' * len(flows)}"
    for process in next(iter(flows.values())).cpu_us:
        cells = [f"{flow.cpu_us[process]:.1f} | {_megabytes(flow.peak_mb.get(process))}" for flow in flows.values()]
        yield f"| {process} | {' | '.join(cells)} |"
    yield f"| all | {' | '.join(f'{flow.cpu_us_of_all:.1f} |' for flow in flows.values())} |"


def memory_rows(series: Series) -> Iterator[str]:
    """A table of resident MB by process: means of the thirds of a run, and the most."""
    yield "| process | first third, MB | second | last | most |\n|---|--:|--:|--:|--:|"
    for name, values in series.values.items():
        if not name.startswith("queue "):
            first, second, last = thirds([value for value in values if value])
            yield f"| {name} | {first:.0f} | {second:.0f} | {last:.0f} | {max(values):.0f} |"


def _megabytes(value: float | None) -> str:
    return f"{value:.0f}" if value else ""


def _start(local: Local, path: Path, tail: str, log: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "fairway.cli", "ingest", "--wait", "--again", "--source", f"{tail}=file:{path}"]
    environment = {"PATH": "/usr/bin:/bin", **local.environment("ingest")}
    with log.open("wb") as errors:  # a pipe that nobody reads would fill: there is a line for each file
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment)


def _end(process: "subprocess.Popen[bytes]", log: Path) -> tuple[dict[str, Any], float]:
    """The account and the CPU seconds of an ingest that has ended well."""
    assert process.stdout is not None
    output = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    account = json.loads(output) if output else {}
    if status or account["outstanding"] or account["dead"]:
        raise RuntimeError(f"ingest ended with status {status}: {output[:500]!r} {log.read_text()[-2000:]}")
    return account, usage.ru_utime + usage.ru_stime
