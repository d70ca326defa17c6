"""Fixes and the legs between them, in SQL: what roll-ups, tracks and density are made of.

A leg joins a fix to the one before it. It is `joined` when the vessel can be said to have gone along it: the two are near
enough in time, and no impossible speed is needed.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from psycopg2.extensions import cursor as Cursor

from fairway.clock import midnight
from fairway.geo import METRES_PER_SECOND_IN_A_KNOT

MAX_GAP = timedelta(hours=1)  # what passes in a longer silence is not known
MAX_SPEED_KNOTS = 100  # above any ship

PARAMETERS = {"max_gap": MAX_GAP, "max_speed": MAX_SPEED_KNOTS * METRES_PER_SECOND_IN_A_KNOT}  # metres per second


_TOUCHED = """
    SELECT DISTINCT mmsi
    FROM ais.position_rows
    WHERE event_time >= %(first)s AND event_time < %(last)s + interval '30 minutes'
        AND date_bin('30 minutes', event_time, timestamptz '2000-01-01 00:00+00') = ANY (%(periods)s)
"""


def legs(partition: str, fixes: str) -> str:
    """A query: `fixes`, each with the leg that ends there, `previous_time` and so on, `metres`, `seconds` and `joined`.

    Needs PARAMETERS. `fixes` is a query of ais.fixes, `partition` the columns that fixes with a leg between them have in common.
    """
    return f"""
        SELECT *, coalesce(seconds <= extract(epoch FROM %(max_gap)s) AND metres <= seconds * %(max_speed)s, false) AS joined
        FROM (
            SELECT
                *,
                date_part('epoch', event_time - previous_time) AS seconds,
                ais.metres_between(previous_lon, previous_lat, lon, lat) AS metres
            FROM (
                SELECT
                    *,
                    lag(event_time) OVER w AS previous_time,
                    lag(lon) OVER w AS previous_lon,
                    lag(lat) OVER w AS previous_lat,
                    lag(sog) OVER w AS previous_sog,
                    lag(cog) OVER w AS previous_cog,
                    lead(event_time) OVER w IS NULL AS is_last
                FROM ({fixes}) AS chosen
                WINDOW w AS (PARTITION BY {partition} ORDER BY event_time)
            ) AS consecutive
            OFFSET 0  -- else the planner measures a leg wherever its metres are named
        ) AS measured
    """


def vessel_day() -> str:
    """A query of the fixes of some vessels on a day and shortly after, which needs what `touched_vessels` gives."""
    return """
        SELECT * FROM ais.fixes
        WHERE event_time >= %(begin)s AND event_time <= %(end)s + %(max_gap)s AND mmsi = ANY (%(vessels)s)
    """


def touched_vessels(cursor: Cursor, day: date, periods: Sequence[datetime]) -> dict[str, object]:
    """PARAMETERS with `day`, its `begin` and `end`, and the `vessels` that have positions in these half hours."""
    cursor.execute(_TOUCHED, {"periods": periods, "first": min(periods), "last": max(periods)})
    begin = midnight(day)
    return {
        **PARAMETERS,
        "day": day,
        "begin": begin,
        "end": begin + timedelta(days=1),
        "vessels": [mmsi for (mmsi,) in cursor.fetchall()],
    }
