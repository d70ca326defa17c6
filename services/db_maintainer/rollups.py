"""The roll-ups: ais.positions_30min with ais.positions_12h that is summed up from it, and ais.vessel_days."""

from datetime import date, datetime

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from services.db_maintainer import changed, half_days, half_hours, vessel_days
from services.db_maintainer.changed import Closed, Periods


def refresh(connection: Connection, now: datetime | None = None) -> int:
    """Bring them up to date with all half hours that have ended; how many rows were written. `now`: the database's."""
    end = changed.last_half_hour(now or changed.time_now(connection))
    closed = Closed(upto=end, period=end)
    return changed.refresh(connection, "positions_30min", closed, _recompute_buckets) + changed.refresh(
        connection, "vessel_days", closed, vessel_days.recompute
    )


def _recompute_buckets(cursor: Cursor, day: date, periods: Periods) -> int:
    cursor.execute("SELECT ais.ensure_month('positions_30min', %s)", [day])
    written = half_hours.recompute(cursor, periods)
    if changed.is_forgotten(cursor, "positions_12h", day):
        return written
    return written + half_days.recompute(cursor, periods)
