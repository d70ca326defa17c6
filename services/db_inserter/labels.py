"""What many position reports say alike: every combination of their texts, stored once and referred to by its number.

A label is a row of ais.position_labels. Which combinations there are follows from the feeds: some dozen for a shore network,
some thousands where each station of an aggregator is told. A label is made in a transaction of its own before the rows that
refer to it, and stays even when these are never written.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray
from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values

from fairway.columns import NO_TEXT, Texts

MOST_REMEMBERED = 100_000  # labels of which the number is known without asking; some 30 MB


class Label(NamedTuple):
    """The columns of ais.position_labels besides its number; the fields of a record of the same names."""

    source: str
    station: str | None
    time_source: str
    channel: str | None
    talker: str | None
    turning: str | None
    ais_class: str | None
    missing: str | None
    own_ship: bool
    low_resolution: bool


FLAGS = ("own_ship", "low_resolution")
PARTS = {
    name: int(False) if name in FLAGS else NO_TEXT for name in Label._fields
}  # with what is meant where a report says nothing

_COLUMNS = ", ".join(Label._fields)
# Sorted by fingerprint, so that two inserters cannot wait for each other.
_INSERT = f"INSERT INTO ais.position_labels (fingerprint, {_COLUMNS}) VALUES %s ON CONFLICT (fingerprint) DO NOTHING"
_FIND = "SELECT fingerprint::text, id FROM ais.position_labels WHERE fingerprint = ANY (%s::uuid[])"


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
            self._known |= _make(connection, missing)
        return np.array([self._known[label] for label in labels], dtype=np.int32)

    def forget(self) -> None:
        """Ask again next time: the database may be another one."""
        self._known.clear()


def fingerprint(label: Label) -> str:
    """A hash of what the label says, as a UUID is written: texts of any length have an index of sixteen bytes."""
    return str(UUID(bytes=blake2b(msgspec.json.encode(label), digest_size=16).digest()))


def _make(connection: Connection, labels: Iterable[Label]) -> dict[Label, int]:
    by_fingerprint = {fingerprint(label): label for label in labels}
    with connection, connection.cursor() as cursor:
        cursor.execute(_FIND, [list(by_fingerprint)])
        found = dict(cursor.fetchall())
        new = sorted(by_fingerprint.keys() - found.keys())
        if new:
            execute_values(cursor, _INSERT, [(key, *by_fingerprint[key]) for key in new], page_size=1000)
            cursor.execute(_FIND, [new])
            found |= dict(cursor.fetchall())
    return {by_fingerprint[key]: number for key, number in found.items()}
