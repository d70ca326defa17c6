"""The newest position of each ship: picked within a group, then merged into ais.latest_position_rows."""

from collections.abc import Sequence

import numpy as np
from psycopg2.extensions import cursor as Cursor

from fairway.columns import Rows, Texts
from fairway.flags import bits
from fairway.position_labels import Label
from services.db_inserter.binary_copy import Order
from services.db_inserter.copying import copy_rows
from services.db_inserter.positions import POSITIONS, Keys
from services.db_inserter.tables import Table, Type, is_null

MISPLACED = bits(["implied_speed", "null_island"])
INCOMING = "CREATE TEMPORARY TABLE incoming_positions (LIKE ais.latest_position_rows) ON COMMIT DELETE ROWS"
_INCOMING = Table("incoming_positions", POSITIONS.columns)

# The order of `newest` in SQL. It must be total, or the row would depend on the order of arrival; the texts are looked up only
# where two reports have both times in common.
_TEXTS = (
    '(SELECT ROW(source COLLATE "C", coalesce(station, \'\') COLLATE "C")'
    " FROM ais.position_labels WHERE id = {0}.label)"
)
_REST = "(coalesce({0}.msg_type, 0), {0}.lon, {0}.lat)"
_TIMES = "({0}.event_time, {0}.received_at)"


def _compared(form: str, how: str) -> str:
    return f"{form.format('known')} {how} {form.format('excluded')}"


# Sorted, so that two inserters lock ships in the same order.
_MERGE = f"""
    INSERT INTO ais.latest_position_rows AS known ({", ".join(POSITIONS.columns)})
    SELECT {", ".join(POSITIONS.columns)} FROM incoming_positions ORDER BY mmsi
    ON CONFLICT (mmsi) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in POSITIONS.columns if name != "mmsi")}
    WHERE {_compared(_TIMES, "<")} OR {_compared(_TIMES, "=")} AND (
        {_compared(_TEXTS, "<")} OR {_compared(_TEXTS, "=")} AND {_compared(_REST, "<")}
    )
"""


def newest(keys: Keys, order: Order, labels: Sequence[Label]) -> Order:
    """Which positions are the newest of their MMSI that say a place, in the order of MMSI.

    One that says none would hide where the ship is, and so would one that is flagged as a place where it cannot be. `order`
    names the positions that count; to have them by MMSI and event_time is the quickest. Their labels are places in `labels`.
    """
    flags = keys["flags"][order]
    is_sound = is_null(Type.SMALLINT, flags) | (flags & MISPLACED == 0)
    located: Order = order[~is_null(Type.INTEGER, keys["lon"][order]) & is_sound]
    if not len(located):
        return located
    mmsi, time = keys["mmsi"][located], keys["event_time"][located]
    same_ship, later = mmsi[1:] == mmsi[:-1], time[1:] >= time[:-1]
    if not ((mmsi[1:] > mmsi[:-1]) | same_ship & later).all():
        return newest(keys, located[np.lexsort((time, mmsi))], labels)
    last = np.flatnonzero(np.append(~same_ship, True))
    chosen: Order = located[last]
    tied = np.append(False, same_ship & (time[1:] == time[:-1]))[last]  # with the report before it
    if tied.any():
        ship = np.repeat(np.arange(len(last)), np.diff(last, prepend=-1))
        rivals = tied[ship] & (time == time[last][ship])  # all of a ship's newest moment
        chosen[tied] = _greatest(keys, located[rivals], ship[rivals], labels)
    return chosen


def _greatest(keys: Keys, rivals: Order, ship: Order, labels: Sequence[Label]) -> Order:
    """Of each ship's rivals of one moment the one that counts. They are in the order of ships."""
    for name in "received_at", "label", "msg_type", "lon", "lat":
        first = np.flatnonzero(np.diff(ship, prepend=-1))
        if len(first) == len(ship):
            return rivals
        values = _comparable(name, keys[name][rivals], labels)
        greatest = np.maximum.reduceat(values, first)
        still = values == np.repeat(greatest, np.diff(np.append(first, len(ship))))
        rivals, ship = rivals[still], ship[still]
    last: Order = rivals[np.append(np.diff(ship) != 0, True)]
    return last


def _comparable(name: str, values: Rows, labels: Sequence[Label]) -> Rows:
    """Values of a column in the order of _MERGE."""
    if name == "msg_type":
        return np.where(is_null(Type.SMALLINT, values), 0, values)
    if name != "label":
        return values
    texts = [(label.source, label.station or "") for label in labels]
    # By code points, which is what COLLATE "C" means.
    ranks = {text: rank for rank, text in enumerate(sorted(set(texts)))}
    found: Rows = np.array([ranks[text] for text in texts], dtype=np.int64)[values]
    return found


def merge(cursor: Cursor, rows: Rows, order: Order, texts: Texts) -> None:
    """Let the newest positions, one a ship, replace older ones in the database."""
    if len(order):
        copy_rows(cursor, _INCOMING, rows, texts, order)
        cursor.execute(_MERGE)
