"""Where other people's libraries are looked for: the running environment, then the virtual environments that BENCH_PEERS names.

None of them is needed: what is not installed is said to be so.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
VARIABLE = "BENCH_PEERS"  # folders of virtual environments, with colons between


def interpreter_of(library: str) -> str | None:
    """A Python that can import `library`, or None."""
    for python in (sys.executable, *_given()):
        found = subprocess.run([python, "-c", f"import {library}"], stderr=subprocess.DEVNULL, cwd=ROOT, check=False)
        if found.returncode == 0:
            return python
    return None


def run(python: str, module: str, *arguments: str) -> bytes:
    """What a module of ours prints when that Python runs it. Raises CalledProcessError when it fails."""
    command = [python, "-m", module, *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, cwd=ROOT, check=True).stdout


def _given() -> list[str]:
    pythons = [Path(folder) / "bin" / "python" for folder in os.environ.get(VARIABLE, "").split(os.pathsep) if folder]
    return [str(python) for python in pythons if python.exists()]
