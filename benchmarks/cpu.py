"""CPU time of work in this process."""

import time
from collections.abc import Callable


def least_seconds(work: Callable[[], object], runs: int) -> float:
    """The best of a few runs, in CPU seconds: the least disturbed by the machine's other work."""
    best = float("inf")
    for _run in range(runs):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best
