"""Turns a growing tally into metrics, once in a while rather than once a line."""

from collections import Counter
from dataclasses import replace

from fairway import telemetry
from services.ingest.line_format import Tally

INTERVAL = 250  # ticks, which are milliseconds for a live feed


class Meter:
    """Remembers what it has reported of one source, or what `before` us a reading that we go on with had seen."""

    def __init__(self, tail: str, before: Tally | None = None) -> None:
        self._tail = tail
        self._seen = _copy(before or Tally())
        self._due = 0

    def is_due(self, tick: int) -> bool:
        """Whether it is time for another reading, and if so notes that it is taken."""
        if tick < self._due:
            return False
        self._due = tick + INTERVAL
        return True

    def read(self, tally: Tally, skew_seconds: float | None = None) -> None:
        """Add what has come since the last reading to the counters."""
        seen = self._seen
        telemetry.lines.labels(self._tail).inc(tally.lines - seen.lines)
        telemetry.received.labels(self._tail).inc(tally.records - seen.records)
        telemetry.incomplete.labels(self._tail).inc(tally.incomplete - seen.incomplete)
        telemetry.bad_tag_blocks.labels(self._tail).inc(tally.bad_tag_blocks - seen.bad_tag_blocks)
        for reason, count in (tally.ignored - seen.ignored).items():
            telemetry.ignored.labels(reason).inc(count)
        for reason, count in (tally.rejected - seen.rejected).items():
            telemetry.rejected.labels(reason).inc(count)
        if skew_seconds is not None:
            telemetry.feed_clock_skew.labels(self._tail).set(skew_seconds)
        self._seen = _copy(tally)


def _copy(tally: Tally) -> Tally:
    return replace(tally, ignored=Counter(tally.ignored), rejected=Counter(tally.rejected))
