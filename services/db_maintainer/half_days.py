"""ais.positions_12h: half hours summed up, with the legs from the last fix of one to the first of the next that has any."""

from datetime import timedelta

from psycopg2.extensions import cursor as Cursor

from services.db_maintainer.changed import Periods
from services.db_maintainer.legs import PARAMETERS

_BUCKET = "date_bin('12 hours', bucket, timestamptz '2000-01-01 00:00+00')"
HALF_DAY = timedelta(hours=12)

_DELETE = "DELETE FROM ais.positions_12h WHERE bucket >= %(begin)s AND bucket < %(end)s"


def _circular_mean(angle: str) -> str:
    """The columns of an angle, of the means and lengths of half hours: each again the sum of so many unit vectors."""
    east, north = (
        f"sum({angle}_count * {angle}_length * {turn}({angle}_mean)) / nullif(sum({angle}_count), 0)"
        for turn in ("sind", "cosd")
    )
    east, north = f"coalesce({east}, 0)", f"coalesce({north}, 0)"  # without a mean, the vectors cancel out
    return f"""
        sum({angle}_count),
        ais.direction({east}, {north}),
        CASE WHEN sum({angle}_count) > 0 THEN least(1, |/ (({east}) ^ 2 + ({north}) ^ 2)) END
    """


# A half hour without fixes has nothing but its reports to add.
_INSERT = f"""
    WITH half_hours AS (
        SELECT
            *,
            {_BUCKET} AS half_day,
            lag(last_time) OVER w AS previous_time,
            lag(lon) OVER w AS previous_lon,
            lag(lat) OVER w AS previous_lat,
            fixes > 0 AND lead(bucket) OVER w IS NULL AS is_last
        FROM ais.positions_30min
        WHERE bucket >= %(begin)s AND bucket < %(end)s
        WINDOW w AS (PARTITION BY mmsi, {_BUCKET}, fixes > 0 ORDER BY bucket)
    ),
    measured AS (
        SELECT
            *,
            date_part('epoch', first_time - previous_time) AS seconds,
            ais.metres_between(previous_lon, previous_lat, first_lon, first_lat) AS metres
        FROM half_hours
    )
    INSERT INTO ais.positions_12h (
        bucket, mmsi, reports, fixes, first_time, last_time, first_lon, first_lat, lon, lat,
        sog, cog, heading, nav_status, source, distance_metres,
        sog_count, sog_mean, sog_min, sog_max,
        cog_count, cog_mean, cog_length,
        heading_count, heading_mean, heading_length
    )
    SELECT
        half_day,
        mmsi,
        sum(reports),
        sum(fixes),
        min(first_time),
        max(last_time),
        max(first_lon) FILTER (WHERE previous_time IS NULL),
        max(first_lat) FILTER (WHERE previous_time IS NULL),
        max(lon) FILTER (WHERE is_last),
        max(lat) FILTER (WHERE is_last),
        max(sog) FILTER (WHERE is_last),
        max(cog) FILTER (WHERE is_last),
        max(heading) FILTER (WHERE is_last),
        max(nav_status) FILTER (WHERE is_last),
        max(source) FILTER (WHERE is_last),
        sum(distance_metres) + coalesce(sum(metres) FILTER (
            WHERE seconds <= extract(epoch FROM %(max_gap)s) AND metres <= seconds * %(max_speed)s
        ), 0),
        sum(sog_count),
        sum(sog_mean * sog_count) / nullif(sum(sog_count), 0),
        min(sog_min),
        max(sog_max),
        {_circular_mean("cog")},
        {_circular_mean("heading")}
    FROM measured
    GROUP BY half_day, mmsi
"""


def recompute(cursor: Cursor, periods: Periods) -> int:
    """Write the half days of these half hours, all of one day, anew; how many rows."""
    noon = periods[0].replace(hour=12, minute=0)
    begin = noon - HALF_DAY if periods[0] < noon else noon
    end = noon if periods[-1] < noon else noon + HALF_DAY
    values = {"begin": begin, "end": end, **PARAMETERS}
    cursor.execute(_DELETE, values)
    cursor.execute(_INSERT, values)
    return cursor.rowcount
