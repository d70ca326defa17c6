-- How much traffic there was where, for a time and a place, as a layer to draw: ais.density summed up over days, courses and speeds.
--
-- The table counts whole days (UTC), and no share of a day can be told from it. So a day counts whole as soon as a part of it was
-- asked for, and each row says how many days it is of. Nothing is scaled: a vessel is not in a cell evenly over a day.
--
-- Nor can vessels be told exactly. A vessel that changes its course or speed within a cell is in several rows of a day, each of
-- which counts it, so their sum is too many; their greatest is too few, but for each class of ship no fewer were there. The truth
-- lies between, and over days it is a number of vessel-days: who comes every day of a week makes seven.
CREATE OR REPLACE FUNCTION ais.density(
    bbox geometry, from_time timestamptz, to_time timestamptz DEFAULT now(), class text DEFAULT NULL
) RETURNS TABLE (
    cell bigint, vessel_days_min bigint, vessel_days_max bigint, seconds double precision, mean_knots double precision, days integer,
    geom geometry
)
LANGUAGE sql STABLE PARALLEL SAFE
-- By the index of cells, run after run, is the way for a box of any size. The planner cannot know how few rows a run has.
SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off
AS $$
    WITH edges AS (  -- a cell reaches half a width to either side of its centre and 1 / √3 up and down; the rest is for rounding
        SELECT
            ais.cell_x(st_xmin(bbox)) - 0.51 AS west, ais.cell_x(st_xmax(bbox)) + 0.51 AS east,
            ais.cell_y(st_ymin(bbox)) - 0.59 AS south, ais.cell_y(st_ymax(bbox)) + 0.59 AS north
    ),
    lines AS (  -- of cells along a parallel: which they are has no gap but the one at the 180th meridian
        SELECT
            (r.r + 32768)::bigint * 65536 AS begins,
            ((ceil(e.west + r.r / 2.0::double precision)::bigint % 40075) + 40075) % 40075 AS first,
            least(
                floor(e.east + r.r / 2.0::double precision)::bigint - ceil(e.west + r.r / 2.0::double precision)::bigint + 1, 40075
            ) AS cells
        FROM edges AS e
        CROSS JOIN LATERAL generate_series(
            ceil(e.south / (sqrt(3) / 2))::integer, floor(e.north / (sqrt(3) / 2))::integer
        ) AS r (r)
    ),
    runs AS MATERIALIZED (
        SELECT l.begins + p.first AS first, l.begins + p.last AS last
        FROM lines AS l
        CROSS JOIN LATERAL (
            VALUES (l.first, least(l.first + l.cells, 40075) - 1), (0, l.first + l.cells - 40075 - 1)
        ) AS p (first, last)
        WHERE p.last >= p.first
    ),
    found AS (
        SELECT
            d.cell, d.day, d.ship_class, sum(d.vessels) AS vessels_max, max(d.vessels) AS vessels_min, sum(d.seconds) AS seconds,
            sum(d.seconds) FILTER (WHERE d.speed_bin IS NOT NULL) AS seconds_with_speed,
            sum(d.seconds * (d.speed_bin + 0.5)) AS knot_seconds
        FROM runs AS r
        CROSS JOIN LATERAL (
            SELECT c.* FROM ais.density AS c
            WHERE c.cell BETWEEN r.first AND r.last AND from_time < to_time
                AND c.day >= date_trunc('day', from_time AT TIME ZONE 'UTC') AND c.day < to_time AT TIME ZONE 'UTC'
                AND (class IS NULL OR c.ship_class = class)
            OFFSET 0  -- a run first, then its rows
        ) AS d
        GROUP BY d.cell, d.day, d.ship_class
    ),
    summed AS MATERIALIZED (  -- or the hexagon of every row would be drawn and looked at
        SELECT
            f.cell, sum(f.vessels_min)::bigint AS vessel_days_min, sum(f.vessels_max)::bigint AS vessel_days_max,
            sum(f.seconds) AS seconds, sum(f.knot_seconds) / nullif(sum(f.seconds_with_speed), 0) AS mean_knots,
            count(DISTINCT f.day)::integer AS days, ais.cell_polygon(f.cell) AS geom
        FROM found AS f
        GROUP BY f.cell
    )
    SELECT s.cell, s.vessel_days_min, s.vessel_days_max, s.seconds, s.mean_knots, s.days, s.geom
    FROM summed AS s
    WHERE st_intersects(s.geom, bbox)
        -- One on the 180th meridian is drawn on one side of it, and a box may be written beyond 180 degrees
        OR st_intersects(st_translate(s.geom, 360, 0), bbox) OR st_intersects(st_translate(s.geom, -360, 0), bbox)
$$;

COMMENT ON FUNCTION ais.density(geometry, timestamptz, timestamptz, text) IS
    'Traffic in each cell of ais.density that a box, or another geometry, touches, of one class of ship (ais.ship_class) or of all. Days (UTC) count whole when any of their time is asked for; today is not in it before it has ended. vessel_days_min and vessel_days_max: between which the sum over days of how many vessels there were lies; seconds: time that they were in the cell together; mean_knots: mean speed over that time, by whole knots, so half a knot may be wrong, 50 and more count as 50.5, null when no speed was said; days: on how many days there were any';

REVOKE ALL ON FUNCTION ais.density(geometry, timestamptz, timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ais.density(geometry, timestamptz, timestamptz, text) TO analyst;
