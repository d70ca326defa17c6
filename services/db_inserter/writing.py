"""All rows of some batches, within the caller's transaction."""

import numpy as np
from numpy.typing import NDArray
from psycopg2.extensions import cursor as Cursor

from fairway.columns import Rows
from fairway.position_labels import Label
from fairway.records import Decoded, Position, Static, kind_of
from services.db_inserter import changed, heard, latest, static_reports, vessels
from services.db_inserter.copying import copy_rows
from services.db_inserter.groups import Group
from services.db_inserter.positions import POSITIONS, in_order
from services.db_inserter.tables import TABLES

# Made once for each connection; they empty themselves when a transaction ends.
TEMPORARY_TABLES = (latest.INCOMING, vessels.INCOMING, static_reports.INCOMING, static_reports.CHANGED)

Wanted = NDArray[np.bool_]  # which batches of a group


def write(
    cursor: Cursor, group: Group, wanted: Wanted, labels: list[Label], numbers: NDArray[np.int32]
) -> dict[str, int]:
    """Store the records of the batches that are wanted; how many of each kind.

    The order of the steps is the order of locks, the same in every inserter. `labels` are those that positions refer to,
    `numbers` theirs in the database; from now on the positions refer to these.
    """
    counts: dict[type[Decoded], int] = {}
    for kind, table in TABLES.items():
        rows = _of_batches(group.rows[kind], wanted)
        counts[kind] = len(rows)
        if len(rows):
            copy_rows(cursor, table, rows, group.texts)
    counts[Position] = _write_positions(cursor, group, wanted, labels, numbers)
    static = _of_batches(group.rows[Static], wanted)
    counts[Static] = len(static)
    reports = np.concatenate([static, _of_batches(group.static_of_positions, wanted)])
    vessels.merge(cursor, reports, group.texts)
    static_reports.write(cursor, reports, group.texts)
    heard.insert(cursor, _of_batches(group.heard, wanted), group.texts)
    return {kind_of(kind): count for kind, count in counts.items() if count}


def _write_positions(
    cursor: Cursor, group: Group, wanted: Wanted, labels: list[Label], numbers: NDArray[np.int32]
) -> int:
    """How many there were."""
    rows, keys = group.rows[Position], group.keys
    order = in_order(keys)
    if not wanted.all():
        order = order[wanted[keys["batch"][order]]]
    if len(order):
        newest = latest.newest(keys, order, labels)
        rows["label"] = numbers[keys["label"]]
        copy_rows(cursor, POSITIONS, rows, group.texts, order)
        changed.note(cursor, keys)
        latest.merge(cursor, rows, newest, group.texts)
    return len(order)


def _of_batches(rows: Rows, wanted: Wanted) -> Rows:
    """Those of the batches that are wanted."""
    return rows if wanted.all() else rows[wanted[rows["batch"]]]
