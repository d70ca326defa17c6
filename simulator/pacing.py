"""Spaces messages evenly in time."""

from collections.abc import Callable

from simulator.stopping import Stop

MIN_SLEEP_SECONDS = 0.002  # below this a sleep costs more than it is long; a few messages go together instead
MAX_SLEEP_SECONDS = 0.1  # so that a stop is heeded soon
MAX_LATE_SECONDS = 0.5  # after a longer pause the missed messages are not sent in a burst
MAX_BURST = 256  # messages between two questions whether to stop


class Pacer:
    """Lets `rate` messages a second pass; None or 0 lets them pass as fast as they come."""

    def __init__(self, rate: float | None, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._step = 1 / rate if rate else 0.0
        self._clock = clock
        self._sleep = sleep
        self._due = clock()

    def wait(self, before_sleep: Callable[[], None], stop: Stop) -> int:
        """Waits until a message is due and returns how many are, at least 1; or returns at once when `stop()`.

        `before_sleep` is called before any sleep: what is buffered should go out then.
        """
        if not self._step:
            return MAX_BURST
        if self._due - self._clock() >= MIN_SLEEP_SECONDS:
            before_sleep()
            self._sleep_until_due(stop)
        late = self._clock() - self._due
        if late > MAX_LATE_SECONDS:
            self._due += late
            late = 0.0
        messages = min(MAX_BURST, 1 + max(0, int(late / self._step)))
        self._due += messages * self._step
        return messages

    def _sleep_until_due(self, stop: Stop) -> None:
        while (ahead := self._due - self._clock()) > 0 and not stop():
            self._sleep(min(ahead, MAX_SLEEP_SECONDS))
