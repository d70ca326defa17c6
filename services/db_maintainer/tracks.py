"""ais.tracks: the way of a vessel as lines."""

from datetime import date, datetime

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from services.db_maintainer import changed
from services.db_maintainer.changed import Closed, Periods
from services.db_maintainer.legs import legs, touched_vessels, vessel_day

# On a plane a line across the 180th meridian goes around the whole Earth.
_LEGS = f"""
    SELECT *, joined AND abs(lon - previous_lon) <= 180 AS continues
    FROM ({legs("mmsi", vessel_day())}) AS l
"""
_DELETE = """
    DELETE FROM ais.tracks WHERE start_time >= %(begin)s AND start_time < %(end)s AND mmsi = ANY (%(vessels)s)
"""
_INSERT = f"""
    WITH lines AS (
        SELECT
            mmsi,
            min(event_time) AS start_time,
            max(event_time) AS end_time,
            coalesce(sum(metres) FILTER (WHERE continues), 0) AS length_metres,
            count(*) AS positions,
            bool_or(event_time >= %(end)s) AS goes_on,
            st_setsrid(st_makeline(
                st_makepointm(lon, lat, date_part('epoch', event_time)) ORDER BY event_time
            ), 4326) AS geom
        FROM (
            SELECT *, count(*) FILTER (WHERE NOT continues) OVER (PARTITION BY mmsi ORDER BY event_time) AS segment
            FROM ({_LEGS}) AS legs
            WHERE event_time < %(end)s OR continues AND previous_time < %(end)s
        ) AS numbered
        GROUP BY mmsi, segment
        HAVING count(*) > 1
    )
    INSERT INTO ais.tracks (
        mmsi, start_time, end_time, length_metres, straight_metres, sinuosity, positions, goes_on, geom
    )
    SELECT mmsi, start_time, end_time, length_metres, straight, length_metres / nullif(straight, 0), positions, goes_on, geom
    FROM (
        SELECT *, ais.metres_between(st_x(first), st_y(first), st_x(last), st_y(last)) AS straight
        FROM (SELECT *, st_startpoint(geom) AS first, st_endpoint(geom) AS last FROM lines) AS ends
    ) AS measured
"""


def refresh(connection: Connection, now: datetime | None = None) -> int:
    """Bring tracks up to date, today's open ones too; how many rows were written. `now`: the database's."""
    return changed.refresh(connection, "tracks", Closed(upto=now or changed.time_now(connection)), recompute)


def recompute(cursor: Cursor, day: date, periods: Periods) -> int:
    """Write anew the day of the vessels that have positions in these half hours; how many rows."""
    cursor.execute("SELECT ais.ensure_month('tracks', %s)", [day])
    values = touched_vessels(cursor, day, periods)
    cursor.execute(_DELETE, values)
    cursor.execute(_INSERT, values)
    return cursor.rowcount
