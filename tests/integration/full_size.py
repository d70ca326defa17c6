"""Two hundred thousand positions with all that is derived, which PostgreSQL's planner treats as it does millions."""

from contextlib import closing

from benchmarks import month
from fairway import database
from services.db_maintainer import tracks
from tests.integration.db_inserter.queries import query

VESSELS, POSITIONS, DAYS = 1500, 200_000, 4

# Roll-ups and density to their form and number: what they say the planner does not ask, and to compute them takes a minute.
_DERIVED = """
    SELECT ais.ensure_month('positions_30min', '2026-01-01'), ais.ensure_month('density', '2026-01-01');
    INSERT INTO ais.positions_30min (
        bucket, mmsi, reports, fixes, sog_count, sog_mean, distance_metres, cog_count, heading_count
    )
    SELECT date_bin('30 minutes', event_time, '2026-01-01 00:00+00'), mmsi, count(*), count(*), count(*), avg(sog), 5000, 0, 0
    FROM ais.position_rows GROUP BY 1, 2 ORDER BY 1, 2;
    INSERT INTO ais.vessel_days (day, mmsi, reports, fixes, gaps, distance_metres, moving_hours, rest_hours)
    SELECT bucket::date AS day, mmsi, sum(reports), sum(fixes), 0, sum(distance_metres), 12, 12
    FROM ais.positions_30min GROUP BY 1, 2 ORDER BY 1, 2;
    INSERT INTO ais.density (day, cell, seconds, vessels, ship_class)
    SELECT '2026-01-01'::date + n / 20000, ais.cell_at(n % 300 / 10.0, 50 + n % 311 / 31.0), 60, 1, 'cargo'
    FROM generate_series(0, 79999) AS n;
    INSERT INTO ais.static_reports (
        first_time, last_time, received_at, mmsi, msg_type, fingerprint, reports, own_ship, time_source, source, name
    )
    SELECT at, at, at, mmsi, 5, 1, 1, false, 'received', source, name
    FROM ais.vessels CROSS JOIN generate_series(first_time, first_time + interval '54 hours', '6 hours') AS at
"""


def fill(url: str) -> None:
    """Fill a migrated database."""
    with closing(database.connect(url)) as owner:
        month.load(url, month.fleet(VESSELS), POSITIONS, DAYS)
        tracks.refresh(owner)
        query(owner, _DERIVED)
        owner.commit()
        owner.autocommit = True
        query(owner, "VACUUM ANALYZE")  # ranges of BRIN are summed up by it, and statistics made
