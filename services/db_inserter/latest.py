"""The newest position of each ship: picked within a group, then merged into ais.latest_position_rows."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from psycopg2.extensions import cursor as Cursor

from services.db_inserter.binary_copy import binary_rows, columns_of, is_null
from services.db_inserter.copying import copy_binary
from services.db_inserter.labels import Label
from services.db_inserter.position_rows import COLUMNS, Positions, Rows

INCOMING = "CREATE TEMPORARY TABLE incoming_positions (LIKE ais.latest_position_rows) ON COMMIT DELETE ROWS"

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
    INSERT INTO ais.latest_position_rows AS known ({", ".join(COLUMNS)})
    SELECT {", ".join(COLUMNS)} FROM incoming_positions ORDER BY mmsi
    ON CONFLICT (mmsi) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "mmsi")}
    WHERE {_compared(_TIMES, "<")} OR {_compared(_TIMES, "=")} AND (
        {_compared(_TEXTS, "<")} OR {_compared(_TEXTS, "=")} AND {_compared(_REST, "<")}
    )
"""


def newest(positions: Positions) -> NDArray[np.int64]:
    """Which rows are the newest report with a position of their MMSI, in the order of MMSI.

    One without a position would hide where the ship is. Rows in the order of MMSI and event_time are the quickest.
    """
    rows = positions.rows
    located = np.flatnonzero(~is_null("lon", rows["lon"]))
    if not len(located):
        return located
    mmsi, time = rows["mmsi"][located], rows["event_time"][located]
    if ((mmsi[1:] < mmsi[:-1]) | (mmsi[1:] == mmsi[:-1]) & (time[1:] < time[:-1])).any():
        order = np.lexsort((time, mmsi))
        located, mmsi, time = located[order], mmsi[order], time[order]
    last = np.flatnonzero(np.append(mmsi[1:] != mmsi[:-1], True))
    if not ((mmsi[1:] == mmsi[:-1]) & (time[1:] == time[:-1])).any():
        return located[last]
    ship = np.repeat(np.arange(len(last)), np.diff(last, prepend=-1))
    rivals = located[time == time[last][ship]]  # all of a ship's newest moment
    rivals = rivals[_by_age(rows[rivals], positions.labels)]
    chosen: NDArray[np.int64] = rivals[np.flatnonzero(np.append(np.diff(rows["mmsi"][rivals]) != 0, True))]
    return chosen


def _by_age(rows: Rows, labels: Sequence[Label]) -> NDArray[np.int64]:
    """The order of rows by MMSI, then from old to new."""
    texts = [(label.source, label.station or "") for label in labels]
    ranks = {
        text: rank for rank, text in enumerate(sorted(set(texts)))
    }  # by code points, which is what COLLATE "C" means
    rank = np.array([ranks[text] for text in texts], dtype=np.int64)[rows["label"]]
    msg_type = np.where(is_null("msg_type", rows["msg_type"]), 0, rows["msg_type"])
    return np.lexsort((rows["lat"], rows["lon"], msg_type, rank, rows["received_at"], rows["event_time"], rows["mmsi"]))


def merge(cursor: Cursor, rows: Rows) -> None:
    """Let the newest positions, one a ship, replace older ones in the database."""
    if len(rows):
        columns = columns_of(rows)
        copy_binary(cursor, "incoming_positions", columns, binary_rows(rows, columns))
        cursor.execute(_MERGE)
