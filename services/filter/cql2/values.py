"""The values that an expression works with: columns of numbers, texts and places, and what is true of them.

CQL2 knows three answers, as SQL does: true, false, and unknown where a value is null (21-065r2, 6.5). A Truth has a flag for
each of the first two; where neither is set, it is unknown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.filter.reports import Flags, Numbers, Reals


@dataclass(frozen=True)
class Truth:
    """Where something holds, and where it does not."""

    holds: Flags
    fails: Flags

    def __and__(self, other: "Truth") -> "Truth":
        return Truth(self.holds & other.holds, self.fails | other.fails)

    def __or__(self, other: "Truth") -> "Truth":
        return Truth(self.holds | other.holds, self.fails & other.fails)

    def __invert__(self) -> "Truth":
        return Truth(self.fails, self.holds)


def truth(flags: Flags, known: Flags) -> Truth:
    """The flags, unknown where they are not known."""
    return Truth(flags & known, ~flags & known)


@dataclass(frozen=True)
class Real:
    """Numbers, and times as milliseconds since 1970 UTC. Null is NaN."""

    numbers: Reals

    def known(self) -> Flags:
        return ~np.isnan(self.numbers)

    def compare(self, other: "Real", operator: Callable[[Any, Any], Any]) -> Truth:
        return truth(operator(self.numbers, other.numbers), self.known() & other.known())


@dataclass(frozen=True)
class Text:
    """Texts, as places in a list of those there are. Null is -1."""

    places: Numbers
    texts: Sequence[str]

    def known(self) -> Flags:
        known: Flags = self.places >= 0
        return known

    def each(self, function: Callable[[str], Any], kind: type) -> Any:
        """What a function says of each text, computed once for each that there is; anything for null."""
        return np.array([*map(function, self.texts), kind()], kind)[self.places]

    def changed(self, function: Callable[[str], str]) -> "Text":
        return Text(self.places, [function(text) for text in self.texts])

    def compare(self, other: "Text", operator: Callable[[Any, Any], Any]) -> Truth:
        ranks = {text: rank for rank, text in enumerate(sorted({*self.texts, *other.texts}))}
        one, two = (side.each(ranks.__getitem__, int) for side in (self, other))
        return truth(operator(one, two), self.known() & other.known())


@dataclass(frozen=True)
class Place:
    """Positions, degrees. Null is NaN."""

    lon: Reals
    lat: Reals

    def known(self) -> Flags:
        return ~(np.isnan(self.lon) | np.isnan(self.lat))


Value = Real | Text | Place
