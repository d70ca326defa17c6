"""CPU time and memory of running processes, from the kernel."""

import os
from collections.abc import Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and of its children, in seconds; 0 when it is gone."""
    return sum(_own_cpu(one) for one in (pid, *_descendants(pid)))


def peak_megabytes(pid: int) -> float:
    """The largest resident size that the process has had, in MB; 0 when it is gone."""
    return _status_megabytes(pid, "VmHWM")


def resident_megabytes(pid: int) -> float:
    """The resident size of the process now, in MB; 0 when it is gone."""
    return _status_megabytes(pid, "VmRSS")


def residents(pids: Mapping[str, int]) -> dict[str, float]:
    """The resident size of each, in MB."""
    return {name: resident_megabytes(pid) for name, pid in pids.items()}


def _status_megabytes(pid: int, field: str) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in status.splitlines() if line.startswith(field)), 0.0)


def _own_cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICKS  # utime stime cutime cstime: with children already ended


def _descendants(pid: int) -> list[int]:
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return children + [grandchild for child in children for grandchild in _descendants(child)]
