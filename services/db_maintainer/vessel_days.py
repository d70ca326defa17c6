"""ais.vessel_days: a vessel's day in a row."""

from datetime import date

from psycopg2.extensions import cursor as Cursor

from fairway.geo import METRES_PER_SECOND_IN_A_KNOT
from services.db_maintainer.changed import Periods
from services.db_maintainer.legs import legs, touched_vessels, vessel_day

MOVING_KNOTS = 1  # a vessel at anchor swings and its receiver wanders, slower than that

_LEGS = legs("mmsi", vessel_day())
_DELETE = "DELETE FROM ais.vessel_days WHERE day = %(day)s AND mmsi = ANY (%(vessels)s)"
_INSERT = f"""
    WITH counted AS (
        SELECT mmsi, count(*) AS reports
        FROM ais.position_rows
        WHERE event_time >= %(begin)s AND event_time < %(end)s AND mmsi = ANY (%(vessels)s)
        GROUP BY mmsi
    ),
    summed AS (
        SELECT
            mmsi,
            count(*) FILTER (WHERE is_of_day) AS fixes,
            min(event_time) AS first_time,
            max(event_time) FILTER (WHERE is_of_day) AS last_time,
            sum(metres) FILTER (WHERE joined) AS distance_metres,
            sum(seconds) FILTER (WHERE joined AND moves) / 3600 AS moving_hours,
            sum(seconds) FILTER (WHERE joined AND NOT moves) / 3600 AS rest_hours,
            count(*) FILTER (WHERE is_of_day AND seconds > extract(epoch FROM %(max_gap)s)) AS gaps,
            max(sog) FILTER (WHERE is_of_day) AS sog_max,
            st_makeenvelope(
                min(lon) FILTER (WHERE is_of_day), min(lat) FILTER (WHERE is_of_day),
                max(lon) FILTER (WHERE is_of_day), max(lat) FILTER (WHERE is_of_day), 4326
            ) AS bbox
        FROM (
            SELECT
                *,
                event_time < %(end)s AS is_of_day,
                coalesce(previous_sog >= %(moving)s, metres >= seconds * %(moving)s * %(knot)s) AS moves
            FROM ({_LEGS}) AS legs
        ) AS judged
        WHERE is_of_day OR previous_time < %(end)s
        GROUP BY mmsi
        HAVING bool_or(is_of_day)
    )
    INSERT INTO ais.vessel_days (
        day, mmsi, reports, fixes, first_time, last_time, distance_metres,
        moving_hours, rest_hours, gaps, sog_max, bbox, ship_type
    )
    SELECT
        %(day)s, mmsi, reports, coalesce(fixes, 0), first_time, last_time, coalesce(distance_metres, 0),
        coalesce(moving_hours, 0), coalesce(rest_hours, 0), coalesce(gaps, 0), sog_max, bbox,
        ais.ship_type_at(mmsi, %(end)s)
    FROM counted
    LEFT JOIN summed USING (mmsi)
"""


def recompute(cursor: Cursor, day: date, periods: Periods) -> int:
    """Write anew the day of the vessels that have positions in these half hours; how many rows."""
    values = {**touched_vessels(cursor, day, periods), "moving": MOVING_KNOTS, "knot": METRES_PER_SECOND_IN_A_KNOT}
    cursor.execute(_DELETE, values)
    cursor.execute(_INSERT, values)
    return cursor.rowcount
