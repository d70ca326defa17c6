"""ais.density: how much traffic there is where, of each day that has ended."""

from datetime import date, datetime, timedelta

from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from fairway.clock import midnight
from services.db_maintainer import changed
from services.db_maintainer.changed import Closed, Periods
from services.db_maintainer.legs import PARAMETERS, legs

MOST_SECONDS = 1800  # that a leg counts: where a vessel was in a longer silence is not known well enough
FASTEST_BIN = 50  # knots, and more

_LEGS = legs("mmsi", "SELECT * FROM ais.fixes WHERE event_time >= %(begin)s AND event_time <= %(end)s + %(max_gap)s")
# Most legs stay in their cell, which has no bays: both ends tell. A leg goes the short way across the 180th meridian.
_COMPUTE = f"""
    WITH legs AS MATERIALIZED (
        SELECT
            mmsi,
            least(seconds, %(most_seconds)s) AS seconds,
            (floor((previous_cog + 22.5) / 45)::integer %% 8)::smallint AS course_sector,
            CASE WHEN previous_sog IS NOT NULL THEN least(floor(previous_sog), %(fastest_bin)s) END::smallint AS speed_bin,
            ais.cell_x(previous_lon) AS x_1,
            ais.cell_y(previous_lat) AS y_1,
            ais.cell_x(lon - 360 * round((lon - previous_lon) / 360)) AS x_2,
            ais.cell_y(lat) AS y_2,
            ais.cell_at(previous_lon, previous_lat) AS cell_1,
            ais.cell_at(lon, lat) AS cell_2
        FROM ({_LEGS}) AS measured
        WHERE joined AND previous_time < %(end)s
    ),
    shares AS (
        SELECT mmsi, course_sector, speed_bin, cell_1 AS cell, seconds
        FROM legs
        WHERE cell_1 = cell_2
        UNION ALL
        SELECT mmsi, course_sector, speed_bin, along.cell, seconds * along.share
        FROM legs
        CROSS JOIN LATERAL ais.cells_along(x_1, y_1, x_2, y_2) AS along
        WHERE cell_1 <> cell_2
    ),
    vessels AS MATERIALIZED (
        SELECT mmsi, ais.ship_class(ais.ship_type_at(mmsi, %(end)s)) AS ship_class FROM (SELECT DISTINCT mmsi FROM legs) AS v
    ),
    by_vessel AS (
        SELECT mmsi, cell, course_sector, speed_bin, sum(seconds) AS seconds FROM shares GROUP BY 1, 2, 3, 4
    )
    INSERT INTO fresh_density (day, cell, ship_class, course_sector, speed_bin, vessels, seconds)
    SELECT %(day)s, cell, ship_class, course_sector, speed_bin, count(*), sum(seconds)
    FROM by_vessel
    JOIN vessels USING (mmsi)
    GROUP BY cell, ship_class, course_sector, speed_bin
    ORDER BY cell
"""

# A straggler changes a few of millions of rows: only these are written.
_FRESH = "CREATE TEMPORARY TABLE fresh_density (LIKE ais.density) ON COMMIT DROP"
_SAME = """
    d.cell = f.cell AND d.vessels = f.vessels AND d.seconds = f.seconds
    AND coalesce(d.ship_class, '') = coalesce(f.ship_class, '')
    AND coalesce(d.course_sector, -1) = coalesce(f.course_sector, -1)
    AND coalesce(d.speed_bin, -1) = coalesce(f.speed_bin, -1)
"""
_DELETE = (
    f"DELETE FROM ais.density AS d WHERE day = %(day)s AND NOT EXISTS (SELECT FROM fresh_density AS f WHERE {_SAME})"
)
_INSERT = f"""
    INSERT INTO ais.density
    SELECT * FROM fresh_density AS f WHERE NOT EXISTS (SELECT FROM ais.density AS d WHERE d.day = %(day)s AND {_SAME})
"""


def refresh(connection: Connection, now: datetime | None = None) -> int:
    """Bring density up to date with all days that have ended; how many rows were written. `now`: the database's."""
    today = changed.last_day(now or changed.time_now(connection))
    return changed.refresh(connection, "density", Closed(upto=midnight(today), day=today), recompute)


def recompute(cursor: Cursor, day: date, _periods: Periods) -> int:
    """Compute a day anew, whichever half hours of it changed: a vessel may be in any of its rows. How many rows were written."""
    cursor.execute("SELECT ais.ensure_month('density', %s)", [day])
    begin = midnight(day)
    values = {
        **PARAMETERS,
        "day": day,
        "begin": begin,
        "end": begin + timedelta(days=1),
        "most_seconds": MOST_SECONDS,
        "fastest_bin": FASTEST_BIN,
    }
    cursor.execute(_FRESH)
    cursor.execute(_COMPUTE, values)
    cursor.execute("ANALYZE fresh_density")
    cursor.execute(_DELETE, values)
    cursor.execute(_INSERT, values)
    return cursor.rowcount
