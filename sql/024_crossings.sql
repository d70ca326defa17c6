-- A line is crossed as often as it is crossed, also where a way meets it at a corner, at an end or in a position, and however a time is
-- divided into questions: see docs/decisions/0040.

-- A step that ends at from_time belongs to a time that begins there: who reaches a line at that moment crosses it then.
CREATE OR REPLACE FUNCTION ais.track_steps(
    touches geometry, from_time timestamptz, to_time timestamptz, vessel integer DEFAULT NULL
) RETURNS TABLE (
    mmsi integer, lon1 double precision, lat1 double precision, m1 double precision,
    lon2 double precision, lat2 double precision, m2 double precision
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH tracks AS (
        SELECT t.mmsi, t.geom
        FROM ais.tracks AS t
        WHERE t.start_time < to_time AND t.end_time >= from_time AND t.geom && touches
            AND t.start_time >= from_time - interval '25 hours'  -- a day, and an hour into the next, are the most of a track
            AND (vessel IS NULL OR t.mmsi = vessel)
            -- A way that comes near the box mostly does not come near what is in it, which is quick to see but of a long border
            AND (st_npoints(touches) > 50 OR st_dwithin(t.geom, touches, 1e-9))
    ),
    segments AS (
        SELECT t.mmsi, st_startpoint(d.geom) AS begins, st_endpoint(d.geom) AS ends
        FROM tracks AS t
        CROSS JOIN LATERAL st_dumpsegments(t.geom) AS d
        WHERE d.geom && touches
    ),
    steps AS (
        SELECT
            g.mmsi, st_x(g.begins) AS lon1, st_y(g.begins) AS lat1, st_m(g.begins) AS m1,
            st_x(g.ends) AS lon2, st_y(g.ends) AS lat2, st_m(g.ends) AS m2
        FROM segments AS g
    )
    SELECT s.mmsi, s.lon1, s.lat1, s.m1, s.lon2, s.lat2, s.m2
    FROM steps AS s
    WHERE s.m2 >= extract(epoch FROM from_time) AND s.m1 < extract(epoch FROM to_time)
        AND abs(s.lon2 - s.lon1) <= 180
        AND least(s.lon1, s.lon2) <= st_xmax(touches) AND greatest(s.lon1, s.lon2) >= st_xmin(touches)
        AND least(s.lat1, s.lat2) <= st_ymax(touches) AND greatest(s.lat1, s.lat2) >= st_ymin(touches)
$$;

-- Two signs for each: on which side of the line are the ends of the step, on which side of the step those of the line. Where a sign is
-- nought, all positions are taken to be a hair west, and a hair of that hair north, of where they are: then none is. Steps and parts
-- that share a point compute its sign alike, so that rounding opens no hole between them either.
CREATE OR REPLACE FUNCTION ais.crossings(line geometry, from_time timestamptz, to_time timestamptz DEFAULT now())
RETURNS TABLE (
    mmsi integer, name text, ship_type smallint, crossed_at timestamptz, direction text, knots double precision,
    course_degrees double precision, geom geometry
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH parts AS MATERIALIZED (  -- else corners are unpacked anew for each step
        SELECT
            st_x(st_startpoint(d.geom)) AS x1, st_y(st_startpoint(d.geom)) AS y1,
            st_x(st_endpoint(d.geom)) AS x2, st_y(st_endpoint(d.geom)) AS y2
        FROM st_dumpsegments(line) AS d
    ),
    sides AS (
        SELECT
            s.*, p.*,
            (p.x2 - p.x1) * (s.lat1 - p.y1) - (p.y2 - p.y1) * (s.lon1 - p.x1) AS side1,
            (p.x2 - p.x1) * (s.lat2 - p.y1) - (p.y2 - p.y1) * (s.lon2 - p.x1) AS side2,
            (s.lon2 - s.lon1) * (p.y1 - s.lat1) - (s.lat2 - s.lat1) * (p.x1 - s.lon1) AS part_side1,
            (s.lon2 - s.lon1) * (p.y2 - s.lat1) - (s.lat2 - s.lat1) * (p.x2 - s.lon1) AS part_side2
        FROM ais.track_steps(line, from_time, to_time) AS s
        CROSS JOIN parts AS p
    ),
    lefts AS (
        SELECT
            s.*,
            s.side1 > 0 OR s.side1 = 0 AND (s.y2, s.x2) > (s.y1, s.x1) AS left1,
            s.side2 > 0 OR s.side2 = 0 AND (s.y2, s.x2) > (s.y1, s.x1) AS left2,
            s.part_side1 > 0 OR s.part_side1 = 0 AND (s.lat2, s.lon2) < (s.lat1, s.lon1) AS part_left1,
            s.part_side2 > 0 OR s.part_side2 = 0 AND (s.lat2, s.lon2) < (s.lat1, s.lon1) AS part_left2
        FROM sides AS s
    ),
    met AS (
        SELECT l.*, l.side1 / nullif(l.side1 - l.side2, 0) AS share
        FROM lefts AS l
        WHERE l.left1 <> l.left2 AND l.part_left1 <> l.part_left2
    ),
    crossed AS (
        SELECT
            m.*, m.lon1 + m.share * (m.lon2 - m.lon1) AS lon, m.lat1 + m.share * (m.lat2 - m.lat1) AS lat,
            to_timestamp(m.m1 + m.share * (m.m2 - m.m1)) AS crossed_at
        FROM met AS m
    )
    SELECT
        c.mmsi, v.name, v.ship_type, c.crossed_at,
        CASE WHEN c.left1 THEN 'left to right' ELSE 'right to left' END,
        st_distance(e.begins, e.ends) / nullif(c.m2 - c.m1, 0) * 3600 / 1852,
        degrees(st_azimuth(e.begins, e.ends)),
        st_point(c.lon, c.lat, 4326)
    FROM crossed AS c
    CROSS JOIN LATERAL (
        SELECT st_point(c.lon1, c.lat1, 4326)::geography AS begins, st_point(c.lon2, c.lat2, 4326)::geography AS ends
    ) AS e
    LEFT JOIN ais.vessels AS v ON v.mmsi = c.mmsi
    WHERE c.crossed_at >= from_time AND c.crossed_at < to_time
    ORDER BY c.crossed_at, c.mmsi
$$;

COMMENT ON FUNCTION ais.crossings(geometry, timestamptz, timestamptz) IS
    'Who crossed a line, when and where, both interpolated between the positions before and after; direction as seen looking along the line from its first point to its last. A position on the line counts as a hair west (then north) of it. Tracks end at a silence of an hour: what happened in one is not known';
