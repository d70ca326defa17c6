"""What many position reports say alike: every combination of their texts, stored once and referred to by its number.

A label is a row of ais.position_labels. Which combinations there are follows from the feeds: some dozen for a shore network,
some thousands where each station of an aggregator is told. A label is made in a transaction of its own before the rows that
refer to it, and stays even when these are never written.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from psycopg2.extensions import connection as Connection

from fairway.columns import NO_TEXT, Texts
from fairway.position_labels import Label, numbers_of

MOST_REMEMBERED = 100_000  # labels of which the number is known without asking; some 30 MB


FLAGS = ("own_ship", "low_resolution")
PARTS = {
    name: int(False) if name in FLAGS else NO_TEXT for name in Label._fields
}  # with what is meant where a report says nothing


def labels_of(combinations: Iterable[tuple[int, ...]], texts: Texts) -> list[Label]:
    """What combinations of PARTS, texts by their numbers, stand for."""

    def meant(name: str, value: int) -> str | bool | None:
        return bool(value) if name in FLAGS else None if value == NO_TEXT else texts.text(value)

    return [Label._make(map(meant, PARTS, values)) for values in combinations]


class LabelNumbers:
    """The numbers of labels, asked for or made when they are not known."""

    def __init__(self) -> None:
        self._known: dict[Label, int] = {}

    def of(self, connection: Connection, labels: Sequence[Label]) -> NDArray[np.int32]:
        """The number of each label."""
        missing = [label for label in labels if label not in self._known]
        if missing:
            if len(self._known) + len(missing) > MOST_REMEMBERED:
                self._known, missing = {}, list(labels)
            self._known |= numbers_of(connection, missing)
        return np.array([self._known[label] for label in labels], dtype=np.int32)

    def forget(self) -> None:
        """Ask again next time: the database may be another one."""
        self._known.clear()
