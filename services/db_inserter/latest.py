"""The newest position of each ship: picked within a group, then merged into ais.latest_positions."""

from collections.abc import Iterable

from psycopg2.extensions import cursor as Cursor

from fairway.records import Position
from services.db_inserter.copying import copy_rows
from services.db_inserter.rows import table_rows
from services.db_inserter.tables import POSITIONS

INCOMING = "CREATE TEMPORARY TABLE incoming_positions (LIKE ais.latest_positions) ON COMMIT DELETE ROWS"

_COLUMNS = POSITIONS.columns
# _tie_break in SQL: the order must be total, or the row would depend on the order of arrival.
_ORDER = (
    '({0}.event_time, {0}.received_at, {0}.source COLLATE "C", coalesce({0}.station, \'\') COLLATE "C",'
    " coalesce({0}.msg_type, 0), st_x({0}.geom), st_y({0}.geom))"
)
# Sorted, so that two inserters lock ships in the same order.
_MERGE = f"""
    INSERT INTO ais.latest_positions AS known ({", ".join(_COLUMNS)})
    SELECT {", ".join(_COLUMNS)} FROM incoming_positions ORDER BY mmsi
    ON CONFLICT (mmsi) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name != "mmsi")}
    WHERE {_ORDER.format("known")} < {_ORDER.format("excluded")}
"""


def newest(positions: Iterable[Position]) -> dict[int, Position]:
    """The newest report with a position of each MMSI. One without a position would hide where the ship is."""
    latest: dict[int, Position] = {}
    for position in positions:
        if position.lon is None or position.lat is None:
            continue
        known = latest.get(position.mmsi)
        if known is None or _is_newer(position, known):
            latest[position.mmsi] = position
    return latest


def _is_newer(position: Position, known: Position) -> bool:
    if position.event_time != known.event_time:
        return position.event_time > known.event_time
    return _tie_break(position) > _tie_break(known)


def _tie_break(position: Position) -> tuple[object, ...]:
    p = position
    return (p.received_at, p.source, p.station or "", p.msg_type or 0, p.lon, p.lat)


def merge(cursor: Cursor, latest: dict[int, Position], careful: bool) -> None:
    """Let the newest positions replace older ones in the database."""
    if latest:
        copy_rows(cursor, "incoming_positions", _COLUMNS, [table_rows(POSITIONS, latest.values(), careful)])
        cursor.execute(_MERGE)
