"""When a report was made, and who says so: the one place where `event_time`, `time_source` and `time_shift` are decided.

A source's clock skew is the median of (time of receipt - time it says) over recent reports, so it holds the delay of the way here
too. What a report itself says of the time (types 4 and 11) is never used: it is the sender's clock, not the receiver's.
"""

from collections import deque
from functools import partial
from statistics import median
from typing import NamedTuple

from fairway import clock

WINDOW = 500  # samples the skew is taken of; one for each time that lines come in
FEWEST_SAMPLES = 100  # below that the skew is not known
MOST_STAMPS = 1_000  # remembered, those of one time of receipt
RENEWED_EVERY = 20  # samples; the median of a window costs some 20 microseconds
SMALLEST_CORRECTION_SECONDS = 5.0  # less may be the way here, or a time given in whole seconds


class Stamp(NamedTuple):
    """The time fields of a record. `defect` is a reason of records.REASONS when the stamp cannot be believed.

    Then `event_time` is the time of receipt, and `time_source` says whose word was not believed.
    """

    event_time: str
    time_source: str
    time_shift: float | None
    defect: str | None


_stamp_of = partial(
    tuple.__new__, Stamp
)  # the same from one tuple, at half the price: most reports have one of their own


class EventTimes:
    """Stamps the records of one source. `correct` adds the source's clock skew to its stamps, and records that."""

    def __init__(self, future_ms: int, *, correct: bool = False) -> None:
        self._future_ms = future_ms
        self._correct = correct
        self._samples: deque[int] = deque(maxlen=WINDOW)
        self._until_renewed = FEWEST_SAMPLES
        self._sampled_at: int | None = None
        self._shift_ms = 0
        self._stamps: dict[
            tuple[int | None, str], Stamp
        ] = {}  # those of one time of receipt; many reports share a second
        self._stamped_at: int | None = None
        self.skew_seconds: float | None = None  # how far the source's clock is behind ours; None until that is known

    def stamp(self, event_ms: int | None, time_source: str, received_ms: int) -> Stamp:
        """The time fields of a report whose sender says `event_ms` (None: nobody says, so it is the time of receipt)."""
        if event_ms is not None and received_ms != self._sampled_at:
            self._sample(event_ms, received_ms)
        if event_ms is not None and event_ms % 1000:  # hardly two reports share a millisecond
            if self._shift_ms or not clock.EARLIEST_MS <= event_ms <= received_ms + self._future_ms:
                return self._stamp(event_ms, time_source, received_ms)
            return _stamp_of((clock.to_text(event_ms), time_source, None, None))
        if received_ms != self._stamped_at:
            self._stamped_at = received_ms
            self._stamps.clear()
        asked = (event_ms, time_source)
        stamp = self._stamps.get(asked)
        if stamp is None:
            if len(self._stamps) >= MOST_STAMPS:
                self._stamps.clear()
            stamp = self._stamps[asked] = self._stamp(event_ms, time_source, received_ms)
        return stamp

    def believed(self, received_ms: int) -> tuple[int, int]:
        """From when to when a time is believed as it stands; nothing is in between when that depends on more than the time."""
        if self._shift_ms or (self._correct and received_ms != self._sampled_at):
            return 1, 0
        return clock.EARLIEST_MS, received_ms + self._future_ms

    def note(self, event_ms: int, received_ms: int) -> None:
        """A report of a time that is believed as it stands was stamped elsewhere."""
        if received_ms != self._sampled_at:
            self._sample(event_ms, received_ms)

    def _stamp(self, event_ms: int | None, time_source: str, received_ms: int) -> Stamp:
        if event_ms is None:
            return Stamp(clock.to_text(received_ms), "received", None, None)
        shift = None
        if self._shift_ms and not self._was_set_right(event_ms, received_ms):
            event_ms += self._shift_ms
            shift = self._shift_ms / 1000
        if event_ms < clock.EARLIEST_MS:
            return Stamp(clock.to_text(received_ms), time_source, None, "time_before_2000")
        if event_ms > received_ms + self._future_ms:
            return Stamp(clock.to_text(received_ms), time_source, None, "time_in_future")
        return _stamp_of((clock.to_text(event_ms), time_source, shift, None))

    def _was_set_right(self, event_ms: int, received_ms: int) -> bool:
        """Whether only the correction makes a stamp too late: of a clock that was behind the median learns late."""
        latest_ms = received_ms + self._future_ms
        return event_ms <= latest_ms < event_ms + self._shift_ms

    def _sample(self, event_ms: int, received_ms: int) -> None:
        """One report for each time of receipt is enough, and keeps this cheap."""
        self._sampled_at = received_ms
        self._samples.append(received_ms - event_ms)
        self._until_renewed -= 1
        if self._until_renewed > 0:
            return
        self._until_renewed = RENEWED_EVERY
        self.skew_seconds = round(median(self._samples) / 1000, 1)
        if self._correct:
            is_large = abs(self.skew_seconds) >= SMALLEST_CORRECTION_SECONDS
            self._shift_ms = int(self.skew_seconds * 1000) if is_large else 0
            self._stamps.clear()
