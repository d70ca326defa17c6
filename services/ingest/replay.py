"""`--speed`: a file played again by event time."""

from threading import Event

from fairway import clock
from fairway.settings import IngestSettings

NEVER = 1 << 62  # a linger that is never over: batches of a file that is not replayed end by count alone
LONGEST_PAUSE_SECONDS = 60.0  # a day without traffic is not waited out


def linger_of(settings: IngestSettings, speed: float | None) -> int:
    """Milliseconds of event time after which a replayed batch is closed, so that a replay is as live as the feed was."""
    return max(1, int(settings.batch_linger_ms * speed)) if speed else NEVER


class ReplayClock:
    """Holds records up until their event time has come, `speed` times faster than it went."""

    def __init__(self, speed: float, stop: Event) -> None:
        self._speed = speed
        self._stop = stop
        self._offset_ms: float | None = None

    def wait_for(self, event_ms: int) -> None:
        """Return when it is time for what happened at `event_ms`, or when stopped."""
        due = event_ms / self._speed
        now = clock.now_ms()
        if self._offset_ms is None:
            self._offset_ms = now - due
        seconds = (due + self._offset_ms - now) / 1000
        if seconds > LONGEST_PAUSE_SECONDS:
            self._offset_ms -= (seconds - LONGEST_PAUSE_SECONDS) * 1000
            seconds = LONGEST_PAUSE_SECONDS
        if seconds > 0.001:
            self._stop.wait(seconds)
