"""ais.positions_30min: a vessel's half hour in a row."""

from psycopg2.extensions import cursor as Cursor

from services.db_maintainer.changed import HALF_HOUR, Periods
from services.db_maintainer.legs import PARAMETERS, legs

_BUCKET = "date_bin('30 minutes', event_time, timestamptz '2000-01-01 00:00+00')"
_WANTED = f"event_time >= %(begin)s AND event_time < %(end)s AND {_BUCKET} = ANY (%(periods)s)"
_LEGS = legs("mmsi, bucket", f"SELECT *, {_BUCKET} AS bucket FROM ais.fixes WHERE {_WANTED}")

_DELETE = (
    "DELETE FROM ais.positions_30min WHERE bucket >= %(begin)s AND bucket < %(end)s AND bucket = ANY (%(periods)s)"
)


def _circular_mean(angle: str) -> str:
    """The columns of an angle, of its count and the sums of its unit vectors."""
    east, north = (f"{angle}_{part} / nullif({angle}_count, 0)" for part in ("east", "north"))
    return f"""
        coalesce({angle}_count, 0),
        ais.direction({east}, {north}),
        CASE WHEN {angle}_count > 0 THEN least(1, |/ (({east}) ^ 2 + ({north}) ^ 2)) END
    """


_INSERT = f"""
    WITH counted AS (
        SELECT {_BUCKET} AS bucket, mmsi, count(*) AS reports
        FROM ais.position_rows
        WHERE {_WANTED}
        GROUP BY 1, 2
    ),
    summed AS (
        SELECT
            bucket,
            mmsi,
            count(*) AS fixes,
            min(event_time) AS first_time,
            max(event_time) AS last_time,
            max(lon) FILTER (WHERE previous_time IS NULL) AS first_lon,
            max(lat) FILTER (WHERE previous_time IS NULL) AS first_lat,
            max(lon) FILTER (WHERE is_last) AS lon,
            max(lat) FILTER (WHERE is_last) AS lat,
            max(sog) FILTER (WHERE is_last) AS sog,
            max(cog) FILTER (WHERE is_last) AS cog,
            max(heading) FILTER (WHERE is_last) AS heading,
            max(nav_status) FILTER (WHERE is_last) AS nav_status,
            max(label) FILTER (WHERE is_last) AS label,
            sum(metres) FILTER (WHERE joined) AS distance_metres,
            count(sog) AS sog_count,
            avg(sog::double precision) AS sog_mean,
            min(sog) AS sog_min,
            max(sog) AS sog_max,
            count(cog) AS cog_count,
            sum(sind(cog)) AS cog_east,
            sum(cosd(cog)) AS cog_north,
            count(heading) AS heading_count,
            sum(sind(heading)) AS heading_east,
            sum(cosd(heading)) AS heading_north
        FROM ({_LEGS}) AS legs
        GROUP BY bucket, mmsi
    )
    INSERT INTO ais.positions_30min (
        bucket, mmsi, reports, fixes, first_time, last_time, first_lon, first_lat, lon, lat,
        sog, cog, heading, nav_status, source, distance_metres,
        sog_count, sog_mean, sog_min, sog_max,
        cog_count, cog_mean, cog_length,
        heading_count, heading_mean, heading_length
    )
    SELECT
        bucket, mmsi, reports, coalesce(fixes, 0), first_time, last_time, first_lon, first_lat, lon, lat,
        sog, cog, heading, nav_status, source, coalesce(distance_metres, 0),
        coalesce(sog_count, 0), sog_mean, sog_min, sog_max,
        {_circular_mean("cog")},
        {_circular_mean("heading")}
    FROM counted
    LEFT JOIN summed USING (bucket, mmsi)
    LEFT JOIN ais.position_labels AS l ON l.id = label
"""


def recompute(cursor: Cursor, periods: Periods) -> int:
    """Write these half hours, all of one day, anew; how many rows."""
    values = {"begin": min(periods), "end": max(periods) + HALF_HOUR, "periods": periods, **PARAMETERS}
    cursor.execute(_DELETE, values)
    cursor.execute(_INSERT, values)
    return cursor.rowcount
