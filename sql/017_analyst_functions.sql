-- Questions that analysts ask again and again, as functions that QGIS and an OGC API can call: geometries come back in WGS 84.
-- What is asked for a time is asked of times from `from_time` on and before `to_time`. Where an MMSI is an argument it is `vessel`.

-- A vessel counts where it was last, so one that has left the area since is not in it: those that were there are looked up once more.
CREATE OR REPLACE FUNCTION ais.vessels_at(
    at timestamptz DEFAULT now(), within interval DEFAULT '30 minutes', area geometry DEFAULT NULL
) RETURNS TABLE (
    mmsi integer, name text, callsign text, imo integer, ship_type smallint, event_time timestamptz, age interval,
    sog real, cog real, heading smallint, nav_status smallint, lon double precision, lat double precision,
    geom geometry, source text
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH seen AS (
        SELECT DISTINCT f.mmsi
        FROM ais.fix_rows AS f
        WHERE f.event_time > at - within AND f.event_time <= at
            -- The numbers are the cheaper to look at row by row; closed days have an index of the places
            AND (area IS NULL OR f.lon BETWEEN st_xmin(area) AND st_xmax(area) AND f.lat BETWEEN st_ymin(area) AND st_ymax(area))
            AND (area IS NULL OR f.geom && area)
    ),
    last AS (
        SELECT DISTINCT ON (f.mmsi) f.*
        FROM ais.fix_rows AS f
        JOIN seen AS s ON s.mmsi = f.mmsi
        WHERE f.event_time > at - within AND f.event_time <= at
        ORDER BY f.mmsi, f.event_time DESC, f.lon, f.lat
    )
    SELECT
        f.mmsi, v.name, v.callsign, v.imo, v.ship_type, f.event_time, at - f.event_time,
        f.sog, f.cog, f.heading, f.nav_status, f.lon, f.lat, st_point(f.lon, f.lat, 4326), l.source
    FROM last AS f
    LEFT JOIN ais.vessels AS v ON v.mmsi = f.mmsi
    LEFT JOIN ais.position_labels AS l ON l.id = f.label
    WHERE area IS NULL OR st_intersects(st_point(f.lon, f.lat, 4326), area)
$$;

COMMENT ON FUNCTION ais.vessels_at(timestamptz, interval, geometry) IS
    'Where every vessel was at a time: its last position in the time `within` before, if that is in the area (anywhere without one). name, callsign, imo and ship_type are what the vessel says now';

CREATE OR REPLACE FUNCTION ais.vessel_track(
    vessel integer, from_time timestamptz, to_time timestamptz DEFAULT now(), max_gap interval DEFAULT '1 hour'
) RETURNS TABLE (
    segment integer, start_time timestamptz, end_time timestamptz, positions integer, length_metres double precision, geom geometry
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH apart AS (
        SELECT f.event_time, f.lon, f.lat, f.event_time - lag(f.event_time) OVER (ORDER BY f.event_time) > max_gap AS begins
        FROM ais.fixes AS f
        WHERE f.mmsi = vessel AND f.event_time >= from_time AND f.event_time < to_time
    ),
    numbered AS (
        SELECT a.*, 1 + count(*) FILTER (WHERE a.begins) OVER (ORDER BY a.event_time) AS segment FROM apart AS a
    ),
    lines AS (
        SELECT
            n.segment::integer AS segment, min(n.event_time) AS start_time, max(n.event_time) AS end_time, count(*)::integer AS positions,
            st_makeline(st_pointm(n.lon, n.lat, extract(epoch FROM n.event_time)::double precision, 4326) ORDER BY n.event_time) AS geom
        FROM numbered AS n
        GROUP BY n.segment
    )
    SELECT
        l.segment, l.start_time, l.end_time, l.positions,
        CASE WHEN l.positions > 1 THEN st_length(l.geom::geography) ELSE 0 END,
        CASE WHEN l.positions > 1 THEN l.geom END
    FROM lines AS l
    ORDER BY l.segment
$$;

COMMENT ON FUNCTION ais.vessel_track(integer, timestamptz, timestamptz, interval) IS
    'The way of a vessel, a row for each stretch without a silence longer than max_gap: a line with the time of each position as its M, seconds since 1970; no line where there is one position alone';

CREATE OR REPLACE FUNCTION ais.vessel_position_at(
    vessel integer, at timestamptz, max_gap interval DEFAULT '1 hour'
) RETURNS TABLE (
    event_time timestamptz, lon double precision, lat double precision, geom geometry, sog real, cog real,
    before_time timestamptz, after_time timestamptz, is_interpolated boolean
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH before AS (
        SELECT f.* FROM ais.fixes AS f
        WHERE f.mmsi = vessel AND f.event_time <= at AND f.event_time >= at - max_gap
        ORDER BY f.event_time DESC LIMIT 1
    ),
    after AS (
        SELECT f.* FROM ais.fixes AS f
        WHERE f.mmsi = vessel AND f.event_time > at AND f.event_time <= at + max_gap
        ORDER BY f.event_time LIMIT 1
    ),
    ends AS (
        SELECT
            b.event_time AS before_time, a.event_time AS after_time, coalesce(b.sog, a.sog) AS sog, coalesce(b.cog, a.cog) AS cog,
            st_point(b.lon, b.lat, 4326) AS before_geom, st_point(a.lon, a.lat, 4326) AS after_geom,
            extract(epoch FROM at - b.event_time) / nullif(extract(epoch FROM a.event_time - b.event_time), 0) AS share,
            b.event_time < at AND a.event_time - b.event_time <= max_gap AS lies_between
        FROM before AS b
        FULL JOIN after AS a ON true
    ),
    placed AS (
        SELECT
            e.*,
            CASE
                WHEN e.lies_between THEN coalesce(
                    st_project(
                        e.before_geom::geography,
                        st_distance(e.before_geom::geography, e.after_geom::geography) * e.share::double precision,
                        st_azimuth(e.before_geom::geography, e.after_geom::geography)
                    )::geometry,
                    e.before_geom  -- no direction leads from a place to itself
                )
                ELSE coalesce(e.before_geom, e.after_geom)
            END AS geom
        FROM ends AS e
    )
    SELECT
        at, st_x(p.geom), st_y(p.geom), p.geom, p.sog, p.cog, p.before_time, p.after_time, coalesce(p.lies_between, false)
    FROM placed AS p
$$;

COMMENT ON FUNCTION ais.vessel_position_at(integer, timestamptz, interval) IS
    'Where a vessel was at a time: on the geodesic between its positions before and after, if these are at most max_gap apart; else the last within max_gap before, or the first after. No row where there is none';

CREATE OR REPLACE FUNCTION ais.vessel_history(
    vessel integer, from_time timestamptz, to_time timestamptz DEFAULT now(), every interval DEFAULT '1 hour'
) RETURNS TABLE (
    period timestamptz, event_time timestamptz, sog real, cog real, heading smallint, nav_status smallint,
    lon double precision, lat double precision, geom geometry, source text, positions integer
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH fixes AS (
        SELECT f.*, date_bin(every, f.event_time, timestamptz '2000-01-01 00:00:00+00') AS period
        FROM ais.fixes AS f
        WHERE f.mmsi = vessel AND f.event_time >= from_time AND f.event_time < to_time
    ),
    last AS (
        SELECT DISTINCT ON (f.period) f.*, count(*) OVER (PARTITION BY f.period) AS positions
        FROM fixes AS f
        ORDER BY f.period, f.event_time DESC
    )
    SELECT
        f.period, f.event_time, f.sog, f.cog, f.heading, f.nav_status, f.lon, f.lat, st_point(f.lon, f.lat, 4326), l.source,
        f.positions::integer
    FROM last AS f
    LEFT JOIN ais.position_labels AS l ON l.id = f.label
    ORDER BY f.period
$$;

COMMENT ON FUNCTION ais.vessel_history(integer, timestamptz, timestamptz, interval) IS
    'The last position of a vessel in each period, which begin at whole multiples of `every` (UTC), and how many positions there are in it';

CREATE OR REPLACE FUNCTION ais.closest_vessels(
    place geometry, at timestamptz DEFAULT now(), n integer DEFAULT 10, within interval DEFAULT '30 minutes'
) RETURNS TABLE (
    mmsi integer, name text, callsign text, imo integer, ship_type smallint, event_time timestamptz, distance_metres double precision,
    bearing_degrees double precision, sog real, cog real, heading smallint, nav_status smallint,
    lon double precision, lat double precision, geom geometry, source text
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT
        v.mmsi, v.name, v.callsign, v.imo, v.ship_type, v.event_time, st_distance(place::geography, v.geom::geography) AS distance_metres,
        degrees(st_azimuth(st_centroid(place)::geography, v.geom::geography)), v.sog, v.cog, v.heading, v.nav_status,
        v.lon, v.lat, v.geom, v.source
    FROM ais.vessels_at(at, within) AS v
    ORDER BY distance_metres, v.mmsi
    LIMIT n
$$;

COMMENT ON FUNCTION ais.closest_vessels(geometry, timestamptz, integer, interval) IS
    'The n vessels nearest to a place at a time, by geodesic distance, nearest first, each at its last position in the time `within` before; bearing_degrees from the place, from true north';

CREATE OR REPLACE FUNCTION ais.track_steps(
    touches geometry, from_time timestamptz, to_time timestamptz, vessel integer DEFAULT NULL
) RETURNS TABLE (
    mmsi integer, lon1 double precision, lat1 double precision, m1 double precision,
    lon2 double precision, lat2 double precision, m2 double precision
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH tracks AS (
        SELECT t.mmsi, t.start_time, t.geom
        FROM ais.tracks AS t
        WHERE t.start_time < to_time AND t.end_time >= from_time AND t.geom && touches AND (vessel IS NULL OR t.mmsi = vessel)
    ),
    points AS (
        SELECT t.mmsi, t.start_time, d.path[1] AS place, st_x(d.geom) AS lon, st_y(d.geom) AS lat, st_m(d.geom) AS m
        FROM tracks AS t
        CROSS JOIN LATERAL st_dumppoints(t.geom) AS d
    ),
    steps AS (
        SELECT
            p.mmsi, p.lon AS lon1, p.lat AS lat1, p.m AS m1,
            lead(p.lon) OVER w AS lon2, lead(p.lat) OVER w AS lat2, lead(p.m) OVER w AS m2
        FROM points AS p
        WINDOW w AS (PARTITION BY p.mmsi, p.start_time ORDER BY p.place)
    )
    SELECT s.mmsi, s.lon1, s.lat1, s.m1, s.lon2, s.lat2, s.m2
    FROM steps AS s
    WHERE s.m2 > extract(epoch FROM from_time) AND s.m1 < extract(epoch FROM to_time)
        AND abs(s.lon2 - s.lon1) <= 180
        AND least(s.lon1, s.lon2) <= st_xmax(touches) AND greatest(s.lon1, s.lon2) >= st_xmin(touches)
        AND least(s.lat1, s.lat2) <= st_ymax(touches) AND greatest(s.lat1, s.lat2) >= st_ymin(touches)
$$;

COMMENT ON FUNCTION ais.track_steps(geometry, timestamptz, timestamptz, integer) IS
    'The steps of tracks, from one position to the next, that come near a geometry in a time: both ends, with times as seconds since 1970. Steps over the antimeridian are left out';

-- Arithmetic on the sides of the line, half-open at every corner, so that no crossing is counted twice or not at all.
CREATE OR REPLACE FUNCTION ais.crossings(line geometry, from_time timestamptz, to_time timestamptz DEFAULT now())
RETURNS TABLE (
    mmsi integer, name text, ship_type smallint, crossed_at timestamptz, direction text, knots double precision,
    course_degrees double precision, geom geometry
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH gates AS (
        SELECT
            st_x(st_startpoint(d.geom)) AS x1, st_y(st_startpoint(d.geom)) AS y1,
            st_x(st_endpoint(d.geom)) AS x2, st_y(st_endpoint(d.geom)) AS y2,
            row_number() OVER (ORDER BY d.path DESC) = 1 AS is_last
        FROM st_dumpsegments(line) AS d
    ),
    sides AS (
        SELECT
            s.*, g.*,
            (g.x2 - g.x1) * (s.lat1 - g.y1) - (g.y2 - g.y1) * (s.lon1 - g.x1) AS side1,
            (g.x2 - g.x1) * (s.lat2 - g.y1) - (g.y2 - g.y1) * (s.lon2 - g.x1) AS side2
        FROM ais.track_steps(line, from_time, to_time) AS s
        CROSS JOIN gates AS g
    ),
    met AS (
        SELECT
            s.*, s.side1 / (s.side1 - s.side2) AS share
        FROM sides AS s
        WHERE (s.side1 >= 0) <> (s.side2 >= 0)
    ),
    placed AS (
        SELECT
            m.*, m.lon1 + m.share * (m.lon2 - m.lon1) AS lon, m.lat1 + m.share * (m.lat2 - m.lat1) AS lat,
            to_timestamp(m.m1 + m.share * (m.m2 - m.m1)) AS crossed_at
        FROM met AS m
    ),
    crossed AS (
        SELECT
            p.*,
            ((p.lon - p.x1) * (p.x2 - p.x1) + (p.lat - p.y1) * (p.y2 - p.y1)) / ((p.x2 - p.x1) ^ 2 + (p.y2 - p.y1) ^ 2) AS along
        FROM placed AS p
    )
    SELECT
        c.mmsi, v.name, v.ship_type, c.crossed_at,
        CASE WHEN c.side1 >= 0 THEN 'left to right' ELSE 'right to left' END,
        st_distance(e.begins, e.ends) / nullif(c.m2 - c.m1, 0) * 3600 / 1852,
        degrees(st_azimuth(e.begins, e.ends)),
        st_point(c.lon, c.lat, 4326)
    FROM crossed AS c
    CROSS JOIN LATERAL (
        SELECT st_point(c.lon1, c.lat1, 4326)::geography AS begins, st_point(c.lon2, c.lat2, 4326)::geography AS ends
    ) AS e
    LEFT JOIN ais.vessels AS v ON v.mmsi = c.mmsi
    WHERE c.along >= 0 AND (c.along < 1 OR c.is_last AND c.along <= 1) AND c.crossed_at >= from_time AND c.crossed_at < to_time
    ORDER BY c.crossed_at, c.mmsi
$$;

COMMENT ON FUNCTION ais.crossings(geometry, timestamptz, timestamptz) IS
    'Who crossed a line, when and where, both interpolated between the positions before and after; direction as seen looking along the line from its first point to its last. Tracks end at a silence of an hour: what happened in one is not known';

CREATE OR REPLACE FUNCTION ais.time_in_area(
    area geometry, from_time timestamptz, to_time timestamptz DEFAULT now(), vessel integer DEFAULT NULL
) RETURNS TABLE (
    mmsi integer, name text, ship_type smallint, entered_at timestamptz, left_at timestamptz, duration interval
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH steps AS (
        SELECT
            s.*, s.lon1 = s.lon2 AND s.lat1 = s.lat2 AS rests, st_point(s.lon1, s.lat1, 4326) AS begins,
            st_makeline(st_point(s.lon1, s.lat1, 4326), st_point(s.lon2, s.lat2, 4326)) AS step
        FROM ais.track_steps(area, from_time, to_time, vessel) AS s
    ),
    inside AS (
        SELECT s.mmsi, s.m1 AS begin_m, s.m2 AS end_m
        FROM steps AS s
        WHERE s.rests AND st_intersects(s.begins, area)
        UNION ALL
        SELECT
            s.mmsi, s.m1 + (s.m2 - s.m1) * st_linelocatepoint(s.step, st_startpoint(d.geom)),
            s.m1 + (s.m2 - s.m1) * st_linelocatepoint(s.step, st_endpoint(d.geom))
        FROM steps AS s
        CROSS JOIN LATERAL st_dump(st_intersection(s.step, area)) AS d
        WHERE NOT s.rests AND st_dimension(d.geom) = 1
    ),
    clipped AS (
        SELECT
            i.mmsi, greatest(i.begin_m, extract(epoch FROM from_time)::double precision) AS begin_m,
            least(i.end_m, extract(epoch FROM to_time)::double precision) AS end_m
        FROM inside AS i
    ),
    apart AS (  -- more than a millisecond after all that was before
        SELECT
            c.*,
            c.begin_m > max(c.end_m) OVER (
                PARTITION BY c.mmsi ORDER BY c.begin_m, c.end_m ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) + 0.001 AS begins
        FROM clipped AS c
        WHERE c.end_m > c.begin_m
    ),
    numbered AS (
        SELECT a.*, count(*) FILTER (WHERE a.begins) OVER (PARTITION BY a.mmsi ORDER BY a.begin_m, a.end_m) AS visit FROM apart AS a
    )
    SELECT
        n.mmsi, v.name, v.ship_type, to_timestamp(min(n.begin_m)), to_timestamp(max(n.end_m)),
        make_interval(secs => max(n.end_m) - min(n.begin_m))
    FROM numbered AS n
    LEFT JOIN ais.vessels AS v ON v.mmsi = n.mmsi
    GROUP BY n.mmsi, v.name, v.ship_type, n.visit
    ORDER BY min(n.begin_m), n.mmsi
$$;

COMMENT ON FUNCTION ais.time_in_area(geometry, timestamptz, timestamptz, integer) IS
    'Who was in an area, from when to when, a row for each stay, its ends interpolated between positions; a stay that goes on beyond the time asked for ends there, and so does one at a silence of an hour';

CREATE OR REPLACE FUNCTION ais.encounters(
    from_time timestamptz, to_time timestamptz, metres double precision DEFAULT 500, min_knots double precision DEFAULT 0.5,
    area geometry DEFAULT NULL
) RETURNS TABLE (
    mmsi integer, other_mmsi integer, start_time timestamptz, end_time timestamptz, closest_metres double precision,
    closest_time timestamptz, geom geometry
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH steps AS (
        SELECT
            s.*, st_distance(st_point(s.lon1, s.lat1, 4326)::geography, st_point(s.lon2, s.lat2, 4326)::geography)
                / (s.m2 - s.m1) * 3600 / 1852 AS knots
        FROM ais.track_steps(coalesce(area, st_makeenvelope(-180, -90, 180, 90, 4326)), from_time, to_time) AS s
        WHERE s.m2 - s.m1 <= 600
    ),
    minutes AS (  -- where each was at the beginning of every minute
        SELECT
            s.mmsi, m.minute, s.knots,
            s.lon1 + (s.lon2 - s.lon1) * (m.minute - s.m1) / (s.m2 - s.m1) AS lon,
            s.lat1 + (s.lat2 - s.lat1) * (m.minute - s.m1) / (s.m2 - s.m1) AS lat
        FROM steps AS s
        CROSS JOIN LATERAL generate_series(ceil(s.m1 / 60)::bigint * 60, ceil(s.m2 / 60)::bigint * 60 - 60, 60) AS m (minute)
        WHERE m.minute >= extract(epoch FROM from_time) AND m.minute < extract(epoch FROM to_time)
    ),
    bands AS (
        SELECT n.*, floor(n.lat / (metres / 110000.0))::integer AS band FROM minutes AS n
        WHERE area IS NULL OR st_intersects(st_point(n.lon, n.lat, 4326), area)
    ),
    near AS (
        SELECT
            a.mmsi, b.mmsi AS other_mmsi, a.minute, a.lon, a.lat,
            st_distance(st_point(a.lon, a.lat, 4326)::geography, st_point(b.lon, b.lat, 4326)::geography) AS apart
        FROM bands AS a
        CROSS JOIN generate_series(-1, 1) AS beside
        JOIN bands AS b ON b.minute = a.minute AND b.band = a.band + beside AND b.mmsi > a.mmsi
        WHERE abs(a.lon - b.lon) * cos(radians(a.lat)) * 111000 <= 1.1 * metres AND (a.knots >= min_knots OR b.knots >= min_knots)
    ),
    numbered AS (  -- minutes that are more than ten apart are two encounters
        SELECT
            c.*, count(*) FILTER (WHERE c.begins) OVER (PARTITION BY c.mmsi, c.other_mmsi ORDER BY c.minute) AS meeting
        FROM (
            SELECT n.*, n.minute - lag(n.minute) OVER (PARTITION BY n.mmsi, n.other_mmsi ORDER BY n.minute) > 600 AS begins
            FROM near AS n
            WHERE n.apart <= metres
        ) AS c
    )
    SELECT
        n.mmsi, n.other_mmsi, to_timestamp(min(n.minute)), to_timestamp(max(n.minute)), min(n.apart),
        to_timestamp((array_agg(n.minute ORDER BY n.apart, n.minute))[1]),
        (array_agg(st_point(n.lon, n.lat, 4326) ORDER BY n.apart, n.minute))[1]
    FROM numbered AS n
    GROUP BY n.mmsi, n.other_mmsi, n.meeting
    ORDER BY min(n.minute), n.mmsi, n.other_mmsi
$$;

COMMENT ON FUNCTION ais.encounters(timestamptz, timestamptz, double precision, double precision, geometry) IS
    'Pairs of vessels, at least one of them under way at min_knots, that came within so many metres of each other: compared at every full minute, interpolated between positions at most ten minutes apart. geom is where the first of them was when they were closest. For some hours, or an area';

CREATE OR REPLACE FUNCTION ais.port_visits(
    vessel integer, from_time timestamptz, to_time timestamptz DEFAULT now(), within_metres double precision DEFAULT 5000,
    below_knots double precision DEFAULT 3, max_gap interval DEFAULT '6 hours'
) RETURNS TABLE (
    locode text, port_name text, country text, arrived_at timestamptz, left_at timestamptz, duration interval, positions integer,
    mean_knots double precision, geom geometry
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH fixes AS (
        SELECT f.event_time, f.sog, f.lat, st_point(f.lon, f.lat, 4326) AS place
        FROM ais.fixes AS f
        WHERE f.mmsi = vessel AND f.event_time >= from_time AND f.event_time < to_time
    ),
    located AS (
        SELECT f.*, p.id AS port
        FROM fixes AS f
        LEFT JOIN LATERAL (
            SELECT q.id
            FROM ref.ports AS q
            WHERE q.geom && st_expand(f.place, within_metres / 111000 / greatest(cos(radians(f.lat)), 0.01), within_metres / 110000)
                AND st_dwithin(q.geom::geography, f.place::geography, within_metres)
            ORDER BY st_distance(q.geom::geography, f.place::geography), q.id
            LIMIT 1
        ) AS p ON true
    ),
    apart AS (
        SELECT
            l.*,
            l.port IS DISTINCT FROM lag(l.port) OVER w OR l.event_time - lag(l.event_time) OVER w > max_gap AS begins
        FROM located AS l
        WINDOW w AS (ORDER BY l.event_time)
    ),
    runs AS (
        SELECT a.*, count(*) FILTER (WHERE a.begins) OVER (ORDER BY a.event_time) AS run FROM apart AS a
    ),
    visits AS (
        SELECT
            r.port, min(r.event_time) FILTER (WHERE r.sog < below_knots) AS arrived_at,
            max(r.event_time) FILTER (WHERE r.sog < below_knots) AS left_at, count(*)::integer AS positions, avg(r.sog) AS mean_knots
        FROM runs AS r
        WHERE r.port IS NOT NULL
        GROUP BY r.port, r.run
    )
    SELECT p.locode, p.name, p.country, v.arrived_at, v.left_at, v.left_at - v.arrived_at, v.positions, v.mean_knots, p.geom
    FROM visits AS v
    JOIN ref.ports AS p ON p.id = v.port
    WHERE v.arrived_at IS NOT NULL
    ORDER BY v.arrived_at
$$;

COMMENT ON FUNCTION ais.port_visits(integer, timestamptz, timestamptz, double precision, double precision, interval) IS
    'The ports of ref.ports that a vessel was in, a row for each visit: it was within so many metres of the port, nearer than to any other, and slower than below_knots from arrived_at to left_at. A visit ends where it is heard elsewhere, or not for max_gap';

REVOKE ALL ON FUNCTION
    ais.vessels_at(timestamptz, interval, geometry),
    ais.vessel_track(integer, timestamptz, timestamptz, interval),
    ais.vessel_position_at(integer, timestamptz, interval),
    ais.vessel_history(integer, timestamptz, timestamptz, interval),
    ais.closest_vessels(geometry, timestamptz, integer, interval),
    ais.track_steps(geometry, timestamptz, timestamptz, integer),
    ais.crossings(geometry, timestamptz, timestamptz),
    ais.time_in_area(geometry, timestamptz, timestamptz, integer),
    ais.encounters(timestamptz, timestamptz, double precision, double precision, geometry),
    ais.port_visits(integer, timestamptz, timestamptz, double precision, double precision, interval)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    ais.vessels_at(timestamptz, interval, geometry),
    ais.vessel_track(integer, timestamptz, timestamptz, interval),
    ais.vessel_position_at(integer, timestamptz, interval),
    ais.vessel_history(integer, timestamptz, timestamptz, interval),
    ais.closest_vessels(geometry, timestamptz, integer, interval),
    ais.track_steps(geometry, timestamptz, timestamptz, integer),
    ais.crossings(geometry, timestamptz, timestamptz),
    ais.time_in_area(geometry, timestamptz, timestamptz, integer),
    ais.encounters(timestamptz, timestamptz, double precision, double precision, geometry),
    ais.port_visits(integer, timestamptz, timestamptz, double precision, double precision, interval)
TO analyst;
