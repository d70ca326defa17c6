"""Lines of a file to rows in PostGIS through the whole stack: rate, and CPU of each stage per record."""

import json
import os
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from benchmarks.processes import cpu_seconds, peak_megabytes
from fairway.local import SERVICES, Local

STAGES = ("decoder", "filter", "db_inserter")


@dataclass(frozen=True)
class Flow:
    """One run: records stored, seconds from the first line to the last committed row, CPU microseconds per record."""

    records: int
    seconds: float
    cpu_us: dict[str, float]
    peak_mb: dict[str, float]

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / self.seconds


def run(local: Local, file: Path, records: int, tail: str) -> Flow:
    """Play `file` through running services. Raises RuntimeError unless every record is stored."""
    pids = {part.name: part.pid for part in local.stack.status() if part.pid and part.name != "ingest"}
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    began = time.monotonic()
    ingest_cpu, account = _ingest(local, file, tail)
    if account["stored"] != records:
        raise RuntimeError(f"{records} records were played, but the account is {account}")
    seconds = time.monotonic() - began
    used = {"ingest": ingest_cpu, **{name: cpu_seconds(pid) - before[name] for name, pid in pids.items()}}
    return Flow(
        records,
        seconds,
        {name: value / records * 1e6 for name, value in used.items()},
        {name: peak_megabytes(pid) for name, pid in pids.items() if name in SERVICES},
    )


def _ingest(local: Local, file: Path, tail: str) -> tuple[float, dict[str, int]]:
    command = [sys.executable, "-m", "fairway.cli", "ingest", "--wait", "--again", "--source", f"{tail}=file:{file}"]
    environment = {"PATH": "/usr/bin:/bin", **local.environment("ingest")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    output = process.stdout.read()
    _pid, status, usage = _wait(process)
    if status:
        raise RuntimeError(f"ingest ended with status {status}: {output!r}")
    return usage, json.loads(output)


def _wait(process: "subprocess.Popen[bytes]") -> tuple[int, int, float]:
    pid, status, usage = os.wait4(process.pid, 0)
    return pid, status, usage.ru_utime + usage.ru_stime


def stored_bytes(local: Local) -> float:
    """Bytes on disk of ais.positions, its partitions and their indexes, per row."""
    query = """
    SELECT sum(pg_total_relation_size(inhrelid))::float / greatest((SELECT count(*) FROM ais.positions), 1)
    FROM pg_inherits WHERE inhparent = 'ais.positions'::regclass
    """
    with closing(psycopg2.connect(local.stack.database_url())) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return float((cursor.fetchone() or (0,))[0])
