"""How long to wait before a lost feed is connected again."""

from random import Random

GOOD_SECONDS = 10.0  # of lines: less may be a greeting or a last word before the feed closes on us again


class Pauses:
    """Seconds between two attempts: `least` and, on top, anything below a step that doubles from `first` to `longest`.

    The step grows only when each of `hosts` has failed since the last pause, and begins anew only after lines were read for
    a while: that a feed accepts a connection proves nothing. Anything below the step, "full jitter", spreads many clients best
    (Brooker, Exponential Backoff and Jitter, 2015).
    """

    def __init__(self, random: Random, first: float, longest: float, *, least: float = 0.0, hosts: int = 1) -> None:
        self._random = random
        self._first, self._longest, self._least = first, longest, least
        self._hosts = hosts
        self._step = first
        self._failed = 0

    def after(self, read_seconds: float) -> float:
        """The pause after a connection that gave lines for `read_seconds`; 0 goes on with the next host at once."""
        if read_seconds >= GOOD_SECONDS:
            self.begin_anew()
            return self._least + self._random.uniform(0.0, self._step)
        self._failed += 1
        if self._failed < self._hosts:
            return 0.0
        self._failed = 0
        pause = self._least + self._random.uniform(0.0, self._step)
        self._step = min(self._longest, self._step * 2)
        return pause

    def begin_anew(self) -> None:
        """Forget all failures."""
        self._step, self._failed = self._first, 0
