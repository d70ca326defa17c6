"""Detached processes: started, recognised again by their pid file, and stopped."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fairway.stack.accounts import Account
from fairway.stack.errors import StackError
from fairway.stack.files import write_private

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
POLL_SECONDS = 0.05
KILL_SECONDS = 5.0  # the kernel needs a moment to take a killed process with much memory down

Step = tuple[signal.Signals, float]
"""A signal, and how many seconds the process then gets."""


@dataclass(frozen=True)
class Process:
    """One life of one process: `birth` (boot and start tick) tells it from a later process with the same pid."""

    pid: int
    birth: str


def spawn(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    log: Path,
    folder: Path | None = None,
    account: Account | None = None,
) -> Process:
    """Starts a process in a session of its own; it outlives us. Its output is appended to `log`.

    We open the log: the process can write it even when its user could not reach the folder it lies in.
    """
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    process = Process(child.pid, _birth(child.pid) or "")
    child.returncode = 0  # it is watched by its pid file; without this Python warns that it is still running
    return process


def is_running(process: Process) -> bool:
    """Whether that very process still lives; a zombie does not."""
    if _birth(process.pid) == process.birth:
        return True
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process.pid, os.WNOHANG)  # if it was a child of ours, let it go
    return False


def stop(process: Process, *steps: Step) -> None:
    """Sends each signal in turn until the process is gone, at last kills its group. Raises StackError if it stays."""
    for name, seconds in steps:
        if not _signal(process, name) or wait_until(lambda: not is_running(process), seconds):
            break
    with contextlib.suppress(ProcessLookupError):
        if is_running(process):
            os.killpg(process.pid, signal.SIGKILL)
    if not wait_until(lambda: not is_running(process), KILL_SECONDS):
        raise StackError(
            f"Process {process.pid} does not end even when killed; see why with `ps -o stat,wchan {process.pid}`."
        )


def wait_until(is_so: Callable[[], bool], seconds: float) -> bool:
    """Whether it became so in time."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() >= end:
            return False
        time.sleep(POLL_SECONDS)
    return True


class PidFile:
    """The file that says which process has a part in the stack."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, process: Process) -> None:
        write_private(self.path, f"{process.pid} {process.birth}\n")

    def running(self) -> Process | None:
        """The process if it still lives."""
        try:
            pid, birth = self.path.read_text(encoding="utf-8").split()
        except (FileNotFoundError, ValueError):
            return None
        process = Process(int(pid), birth)
        return process if is_running(process) else None

    def stop(self, *steps: Step) -> None:
        """Stops the process, if it lives, and forgets it."""
        process = self.running()
        if process is not None:
            stop(process, *steps)
        self.path.unlink(missing_ok=True)


def _signal(process: Process, name: signal.Signals) -> bool:
    """Whether the process was there to be signalled."""
    if not is_running(process):
        return False
    try:
        os.kill(process.pid, name)
    except ProcessLookupError:
        return False
    except PermissionError as error:
        raise StackError(
            f"Process {process.pid} belongs to another user; stop the stack as the user who started it."
        ) from error
    return True


def _birth(pid: int) -> str | None:
    """Boot and start tick of a living process, None when there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = BOOT_ID.read_text(encoding="utf-8").strip()
    except OSError:
        return None
    # proc(5): after the command's name in parentheses, which may hold spaces, come the state (field 3), the number
    # of threads (20) and the start in clock ticks since boot (22). A process whose first thread is a zombie still
    # holds its files and ports while others of its threads run.
    fields = text.rpartition(")")[2].split()
    is_gone = fields[0] in "ZX" and int(fields[17]) <= 1
    return None if is_gone else f"{boot}:{fields[19]}"
