"""Figures that are looked at again and again while something runs, and what can be said of such a series."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Self

Look = Callable[[], Mapping[str, float]]


@dataclass
class Series:
    """What was seen under each name, oldest first."""

    values: dict[str, list[float]] = field(default_factory=dict)

    def add(self, seen: Mapping[str, float]) -> None:
        for name, value in seen.items():
            self.values.setdefault(name, []).append(value)

    def most(self, name: str) -> float:
        """The largest value; 0 when there is none."""
        return max(self.values.get(name, ()), default=0.0)


class Watch:
    """Looks every `seconds` while the block runs, on a thread of its own."""

    def __init__(self, *looks: Look, seconds: float = 0.5) -> None:
        self.series = Series()
        self._looks, self._seconds = looks, seconds
        self._end = Event()
        self._thread = Thread(target=self._go_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._end.is_set():
            began = time.monotonic()
            for look in self._looks:
                self.series.add(look())
            self._end.wait(max(0.0, self._seconds - (time.monotonic() - began)))


def thirds(values: Sequence[float]) -> tuple[float, float, float]:
    """The mean of the first, second and last third of a series; of fewer than three values their mean, three times."""
    if len(values) < 3:
        mean = sum(values) / max(1, len(values))
        return mean, mean, mean
    size = len(values) / 3
    cuts = [values[round(part * size) : round((part + 1) * size)] for part in range(3)]
    first, second, last = (sum(cut) / len(cut) for cut in cuts)
    return first, second, last


def is_flat(values: Sequence[float], slack: float) -> bool:
    """Whether the last third is not above the second by more than `slack`: the first one is start-up."""
    _first, second, last = thirds(values)
    return last <= second + slack


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of them do not exceed; 0 when there is none."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100).__int__() - 1)] if ordered else 0.0
