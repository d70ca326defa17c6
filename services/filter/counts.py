"""What the filter tells its watchers: counted while a group is judged, told when its output is safe."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from fairway import flags, telemetry
from services.filter.judge import KEPT, Judgement
from services.filter.rules.rule import Bits

MOST_SOURCES = 100  # told apart by name: a stranger may publish under any
OTHERS = "others"


class Counts:
    """A draft, as all that is made of a group: `commit` tells it, `discard` forgets it."""

    def __init__(self) -> None:
        self._sources: set[str] = set()
        self._rules: set[str] = set()
        self.discard()

    def add(self, source: str, kept: int, dropped: Mapping[str, int]) -> None:
        """So many records of a source are published, and so many dropped by each rule."""
        self._kept[source] += kept
        for rule, count in dropped.items():
            self._dropped[rule, source] += count

    def look_at(self, judged: Judgement) -> None:
        """Count the flags of what is not dropped, and take down how far off some of what is dropped was."""
        if judged.flags.any():
            self._flags.append(judged.flags[judged.droppers <= KEPT])
        if judged.off_metres is not None:
            self._off_metres += judged.off_metres.tolist()

    def commit(self, remembered: Mapping[str, int], held: int) -> None:
        """Tell all this, what each rule remembers now, and how many records are held back."""
        for source, count in self._kept.items():
            telemetry.kept.labels(self._known(source)).inc(count)
        for (rule, source), count in self._dropped.items():
            telemetry.dropped.labels(rule, self._known(source)).inc(count)
        if self._flags:
            counts = np.bincount(np.concatenate(self._flags))
            for bits in np.flatnonzero(counts).tolist():
                for name in flags.names(bits):
                    telemetry.flagged.labels(name).inc(int(counts[bits]))
        for metres in self._off_metres:
            telemetry.track_error.observe(metres)
        for rule in self._rules | remembered.keys():
            telemetry.remembered.labels(rule).set(remembered.get(rule, 0))
        self._rules = {*remembered}
        telemetry.held.set(held)
        self.discard()

    def discard(self) -> None:
        """Forget what was counted since the last commit."""
        self._kept: Counter[str] = Counter()
        self._dropped: Counter[tuple[str, str]] = Counter()
        self._flags: list[Bits] = []
        self._off_metres: list[float] = []

    def _known(self, source: str) -> str:
        if len(self._sources) < MOST_SOURCES:
            self._sources.add(source)
        return source if source in self._sources else OTHERS
