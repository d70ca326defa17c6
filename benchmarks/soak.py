"""`make soak`: what the services cost when nothing happens, and whether anything grows while traffic goes on.

Twelve minutes by default: two idle, ten with traffic; `--minutes N` changes the ten. Exit status 1 when a bound is broken.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.processes import cpu_seconds, resident_megabytes
from fairway.local import SERVICES, Local
from fairway.stack.local import LocalStack

IDLE_SECONDS = 120
TRAFFIC_MINUTES = 10
RATE = 500  # messages a second: a busy national feed
SETTLE_SHARE = 0.4  # of the time with traffic; memory of a warm process is compared with that at the end
MAX_IDLE_PERCENT = 1.0
MAX_IDLE_MB = 120.0
MAX_GROWTH_MB = 12.0


def main() -> int:
    """Run, print a table, and say whether the bounds hold."""
    minutes = float(sys.argv[sys.argv.index("--minutes") + 1]) if "--minutes" in sys.argv else TRAFFIC_MINUTES
    with tempfile.TemporaryDirectory() as folder:
        local = Local(LocalStack(Path(folder) / ".fairway"))
        try:
            local.start_servers()
            local.start_services()
            return _measure(local, minutes)
        finally:
            local.stack.clean()


def _measure(local: Local, minutes: float) -> int:
    time.sleep(20)  # starting up is not idling
    pids = {part.name: part.pid for part in local.stack.status() if part.pid and part.name in SERVICES}
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    time.sleep(IDLE_SECONDS)
    idle = {name: (cpu_seconds(pid) - before[name]) / IDLE_SECONDS * 100 for name, pid in pids.items()}
    idle_mb = {name: resident_megabytes(pid) for name, pid in pids.items()}
    url = f"udp://127.0.0.1:{local.udp_port()}"
    command = [sys.executable, "-m", "simulator", "--to", url, "--rate", str(RATE), "--duration", str(minutes * 60)]
    with subprocess.Popen([*command, "--vessels", "2000", "--quiet"]) as traffic:
        time.sleep(minutes * 60 * SETTLE_SHARE)
        settled = {name: resident_megabytes(pid) for name, pid in pids.items()}
        traffic.wait()
        final = {name: resident_megabytes(pid) for name, pid in pids.items()}
    print(
        f"| service | idle CPU % | idle MB | MB after {minutes * SETTLE_SHARE:.0f} min of {RATE}/s | MB after {minutes:.0f} min |"
    )
    print("|---|--:|--:|--:|--:|")
    for name in pids:
        print(f"| {name} | {idle[name]:.2f} | {idle_mb[name]:.0f} | {settled[name]:.0f} | {final[name]:.0f} |")
    is_sound = all(
        idle[name] < MAX_IDLE_PERCENT and idle_mb[name] < MAX_IDLE_MB and final[name] - settled[name] < MAX_GROWTH_MB
        for name in pids
    )
    print("all within bounds" if is_sound else "a bound is broken")
    return 0 if is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
