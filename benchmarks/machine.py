"""Where and when figures were taken: without that they mean nothing."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("numpy", "pyais", "pika", "psycopg2-binary", "msgspec")


def heading(command: str) -> list[str]:
    """A title, and a paragraph of machine, versions, date and command."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return [
        "# Benchmark results\n",
        f"`{command}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {len(os.sched_getaffinity(0))} cores of {_model()},"
        f" {_memory_gigabytes():.0f} GB, Linux {platform.release()}, Python {platform.python_version()}, {packages};"
        f" commit {commit.stdout.strip() or 'unknown'}.",
    ]


def load() -> str:
    """Load average over the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def _model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory_gigabytes() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
