"""How long to wait before trying a broken world again."""

from collections.abc import Iterator
from random import Random

FIRST_SECONDS = 0.2
LONGEST_SECONDS = 10.0  # short enough that a recovered broker or database is used again at once, as people see it


def delays(random: Random, first: float = FIRST_SECONDS, longest: float = LONGEST_SECONDS) -> Iterator[float]:
    """Seconds to wait before each retry, without end: doubling up to `longest`, each between half and all of that step.

    The jitter keeps many services from knocking at the same moment.
    """
    step = first
    while True:
        yield step * random.uniform(0.5, 1.0)
        step = min(longest, step * 2)
