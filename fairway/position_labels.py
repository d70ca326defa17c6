"""Rows of ais.position_labels: what many positions say alike, every combination once, found by a fingerprint."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

import msgspec
from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values


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
    low_resolution: bool | None  # None only in rows from before this column was


_COLUMNS = ", ".join(Label._fields)
# Sorted by fingerprint, so that two inserters cannot wait for each other.
_INSERT = f"INSERT INTO ais.position_labels (fingerprint, {_COLUMNS}) VALUES %s ON CONFLICT (fingerprint) DO NOTHING"
_FIND = "SELECT fingerprint::text, id FROM ais.position_labels WHERE fingerprint = ANY (%s::uuid[])"


def fingerprint(label: Label) -> str:
    """A hash of what the label says, as a UUID is written: texts of any length have an index of sixteen bytes."""
    return str(UUID(bytes=blake2b(msgspec.json.encode(label), digest_size=16).digest()))


def numbers_of(connection: Connection, labels: Iterable[Label]) -> dict[Label, int]:
    """The number of each label in the database; those that are missing are made, in a transaction of its own."""
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
