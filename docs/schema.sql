-- The schema that the migrations make, as pg_dump 15 writes it: `make schema`. It is here to be compared, not to be run.
-- What the tables and columns mean is in schema.md.

CREATE SCHEMA ais;

CREATE SCHEMA ops;

CREATE SCHEMA ref;

CREATE FUNCTION ais.cell_at(lon double precision, lat double precision) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT ais.cell_of(ais.cell_x(lon), ais.cell_y(lat))
$$;

CREATE FUNCTION ais.cell_of(x double precision, y double precision) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT
        (floor((floor(1 + x + sqrt(3) * y) + floor(1 - x + sqrt(3) * y)) / 3)::bigint + 32768) * 65536
        + ((floor((floor(1 + 2 * x) + floor(1 + x + sqrt(3) * y)) / 3)::bigint % 40075) + 40075) % 40075
$$;

CREATE FUNCTION ais.cell_polygon(cell bigint) RETURNS public.geometry
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    SELECT st_setsrid(st_makepolygon(st_makeline(array_agg(
        st_makepoint(
            (centre.x - 40075 * round(centre.x / 40075) + cosd(corner.angle) / sqrt(3)) * (360.0::double precision / 40075),
            2 * atand(exp((centre.y + sind(corner.angle) / sqrt(3)) * (2 * pi() / 40075))) - 90
        ) ORDER BY corner.angle
    ))), 4326)
    FROM
        (SELECT
            cell % 65536 - (cell / 65536 - 32768) / 2.0::double precision,
            (cell / 65536 - 32768) * sqrt(3) / 2
        ) AS centre (x, y),
        generate_series(30, 390, 60) AS corner (angle)
$$;

CREATE FUNCTION ais.cell_x(lon double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT lon * (40075 / 360.0::double precision)
$$;

CREATE FUNCTION ais.cell_y(lat double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT ln(tand(45 + CASE WHEN lat > 85 THEN 85 WHEN lat < -85 THEN -85 ELSE lat END / 2)) * (40075 / (2 * pi()))
$$;

CREATE FUNCTION ais.cells_along(x_1 double precision, y_1 double precision, x_2 double precision, y_2 double precision) RETURNS TABLE(cell bigint, share double precision)
    LANGUAGE sql IMMUTABLE ROWS 5 PARALLEL SAFE
    AS $$
    SELECT
        ais.cell_of(x_1 + (x_2 - x_1) * (piece.t_1 + piece.t_2) / 2, y_1 + (y_2 - y_1) * (piece.t_1 + piece.t_2) / 2),
        sum(piece.t_2 - piece.t_1)
    FROM (
        SELECT cut.t AS t_1, lead(cut.t) OVER (ORDER BY cut.t) AS t_2
        FROM (
            VALUES (0::double precision), (1)
            UNION ALL
            SELECT (line.number - family.u_1) / (family.u_2 - family.u_1)
            FROM (VALUES
                (2 * x_1, 2 * x_2),
                (sqrt(3) * y_1 + x_1, sqrt(3) * y_2 + x_2),
                (sqrt(3) * y_1 - x_1, sqrt(3) * y_2 - x_2)
            ) AS family (u_1, u_2)
            CROSS JOIN LATERAL generate_series(
                floor(least(family.u_1, family.u_2))::integer + 1,
                ceil(greatest(family.u_1, family.u_2))::integer - 1
            ) AS line (number)
        ) AS cut (t)
    ) AS piece
    WHERE piece.t_2 > piece.t_1
    GROUP BY 1
$$;

CREATE FUNCTION ais.closest_vessels(place public.geometry, at timestamp with time zone DEFAULT now(), n integer DEFAULT 10, within interval DEFAULT '00:30:00'::interval) RETURNS TABLE(mmsi integer, name text, callsign text, imo integer, ship_type smallint, event_time timestamp with time zone, distance_metres double precision, bearing_degrees double precision, sog real, cog real, heading smallint, nav_status smallint, lon double precision, lat double precision, geom public.geometry, source text)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    WITH near AS MATERIALIZED (
        SELECT v.*, st_distance(place::geography, v.geom::geography) AS distance_metres
        FROM ais.vessels_at(
            at, within,
            -- A degree of latitude has 110.5 km and more, one of longitude 111.3 km times the cosine of the latitude
            st_expand(
                place, 1 / cos(radians(least(greatest(abs(st_ymin(place)), abs(st_ymax(place))) + 1, 89))), 1
            )
        ) AS v
    ),
    found AS MATERIALIZED (
        SELECT
            count(*) >= n AND greatest(abs(st_ymin(place)), abs(st_ymax(place))) < 80
            AND greatest(abs(st_xmin(place)), abs(st_xmax(place))) < 170 AS suffice
        FROM near AS v
        WHERE v.distance_metres < 100000
    ),
    vessels AS (
        SELECT v.* FROM near AS v WHERE (SELECT f.suffice FROM found AS f)
        UNION ALL
        SELECT v.*, st_distance(place::geography, v.geom::geography)
        FROM ais.vessels_at(at, within) AS v
        WHERE NOT (SELECT f.suffice FROM found AS f)
    )
    SELECT
        v.mmsi, v.name, v.callsign, v.imo, v.ship_type, v.event_time, v.distance_metres,
        degrees(st_azimuth(st_centroid(place)::geography, v.geom::geography)), v.sog, v.cog, v.heading, v.nav_status,
        v.lon, v.lat, v.geom, v.source
    FROM vessels AS v
    ORDER BY v.distance_metres, v.mmsi
    LIMIT n
$$;

CREATE FUNCTION ais.country_of(mmsi integer) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT country FROM ref.mids WHERE mid = ref.mid_of(mmsi)
$$;

CREATE FUNCTION ais.crossings(line public.geometry, from_time timestamp with time zone, to_time timestamp with time zone DEFAULT now()) RETURNS TABLE(mmsi integer, name text, ship_type smallint, crossed_at timestamp with time zone, direction text, knots double precision, course_degrees double precision, geom public.geometry)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION ais.density(bbox public.geometry, from_time timestamp with time zone, to_time timestamp with time zone DEFAULT now(), class text DEFAULT NULL::text) RETURNS TABLE(cell bigint, vessel_days_min bigint, vessel_days_max bigint, seconds double precision, mean_knots double precision, days integer, geom public.geometry)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET jit TO 'off'
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

CREATE FUNCTION ais.direction(east double precision, north double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE
        WHEN east * east + north * north < 1e-12 THEN NULL  -- directions that cancel out leave rounding
        WHEN east < 0 AND atan2d(east, north) + 360 < 360 THEN atan2d(east, north) + 360
        ELSE abs(atan2d(east, north))
    END
$$;

CREATE FUNCTION ais.encounters(from_time timestamp with time zone, to_time timestamp with time zone, metres double precision DEFAULT 500, min_knots double precision DEFAULT 0.5, area public.geometry DEFAULT NULL::public.geometry) RETURNS TABLE(mmsi integer, other_mmsi integer, start_time timestamp with time zone, end_time timestamp with time zone, closest_metres double precision, closest_time timestamp with time zone, geom public.geometry)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION ais.ensure_month(table_name text, day date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    first_day date := date_trunc('month', day::timestamp);
    partition_name text := table_name || to_char(day, '_YYYYMM');
BEGIN
    IF table_name NOT IN ('positions_30min', 'tracks', 'density') THEN
        RAISE EXCEPTION '% has no partitions of a month', table_name USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass(format('ais.%I', partition_name)) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ais.ensure_month'), hashtext(table_name));  -- two may want the same month
    IF to_regclass(format('ais.%I', partition_name)) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE ais.%I (LIKE ais.%I INCLUDING ALL)', partition_name, table_name);
    EXECUTE format(
        'COMMENT ON TABLE ais.%I IS %L', partition_name, format('ais.%s of %s', table_name, to_char(day, 'YYYY-MM'))
    );
    EXECUTE format(
        'ALTER TABLE ais.%I ATTACH PARTITION ais.%I FOR VALUES FROM (%L) TO (%L)',
        table_name, partition_name, first_day, (first_day + interval '1 month')::date
    );
    RETURN true;
END
$$;

CREATE FUNCTION ais.ensure_partition(day date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    days_of_their_own CONSTANT integer := 400;  -- a year, which many keep, and a month to drop it in
    first_day date := date_trunc('month', day::timestamp);
    next_day date := date_trunc('month', day::timestamp) + interval '1 month';
    name_of_month text := 'positions_' || to_char(day, 'YYYYMM');
    name_of_day text := 'positions_' || to_char(day, 'YYYYMMDD');
    partition_name text := name_of_month;
    period text := to_char(day, 'YYYY-MM');
BEGIN
    IF day IS NULL OR day < date '2000-01-01' OR day > current_date + 366 THEN
        RAISE EXCEPTION 'no partition is made for %: it is before 2000 or more than a year ahead', day
            USING ERRCODE = 'datetime_field_overflow';
    END IF;
    IF coalesce(to_regclass(format('ais.%I', name_of_day)), to_regclass(format('ais.%I', name_of_month))) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ais.ensure_partition'));  -- two writers may want the same day
    IF coalesce(to_regclass(format('ais.%I', name_of_day)), to_regclass(format('ais.%I', name_of_month))) IS NOT NULL THEN
        RETURN false;
    END IF;
    -- A month that has days already, from the time when it was not long ago, goes on in days.
    IF next_day > current_date - days_of_their_own OR EXISTS (
        SELECT FROM pg_class
        WHERE relnamespace = 'ais'::regnamespace AND relkind = 'r'
            AND relname BETWEEN (name_of_month || '01')::name AND (name_of_month || '31')::name
    ) THEN
        partition_name := name_of_day;
        period := to_char(day, 'YYYY-MM-DD');
        first_day := day;
        next_day := day + 1;
    END IF;
    -- What this session knows of the catalogue may be older than the lock: then the other writer has made it.
    BEGIN
        EXECUTE format('CREATE TABLE ais.%I (LIKE ais.position_rows INCLUDING ALL)', partition_name);
    EXCEPTION WHEN duplicate_table THEN
        RETURN false;
    END;
    EXECUTE format('COMMENT ON TABLE ais.%I IS %L', partition_name, 'ais.positions of ' || period);
    EXECUTE format(
        'ALTER TABLE ais.position_rows ATTACH PARTITION ais.%I FOR VALUES FROM (%L) TO (%L)',
        partition_name, first_day::timestamptz, next_day::timestamptz
    );
    RETURN true;
END
$$;

CREATE FUNCTION ais.flag_names(flags integer) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT ARRAY(
        SELECT name
        FROM unnest(ARRAY[
            'implied_speed',
            'fast',
            'null_island',
            'shared_mmsi',
            'out_of_range',
            'crowd',
            'dimensions',
            'land',
            'area',
            'selected',
            'duplicate',
            'redundant',
            'late'
        ]) WITH ORDINALITY AS f(name, place)
        WHERE flags >> (place - 1)::integer & 1 = 1
        ORDER BY place
    )
$$;

CREATE FUNCTION ais.fuzzy_name_search(fuzzy_name text, n integer DEFAULT 20) RETURNS TABLE(mmsi integer, name text, callsign text, imo integer, country text, ship_type_text text, length smallint, width smallint, last_time timestamp with time zone, similarity real)
    LANGUAGE sql STABLE ROWS 20 PARALLEL SAFE
    SET "pg_trgm.word_similarity_threshold" TO '0.3'
    AS $$
    SELECT
        found.mmsi,
        found.name,
        found.callsign,
        found.imo,
        m.country,
        t.description,
        CASE WHEN found.length BETWEEN 0 AND 1022 THEN round(found.length)::smallint END,
        CASE WHEN found.width BETWEEN 0 AND 126 THEN round(found.width)::smallint END,
        found.last_time,
        found.likeness
    FROM (
        SELECT v.*, word_similarity(fuzzy_name, v.name) AS likeness
        FROM ais.vessels AS v
        WHERE fuzzy_name <% v.name
        ORDER BY likeness DESC, similarity(fuzzy_name, v.name) DESC, v.last_time DESC, v.mmsi
        LIMIT n
    ) AS found
    LEFT JOIN ref.mids AS m ON m.mid = ref.mid_of(found.mmsi)
    LEFT JOIN ref.ship_types AS t ON t.ship_type = found.ship_type
    ORDER BY found.likeness DESC, similarity(fuzzy_name, found.name) DESC, found.last_time DESC, found.mmsi
$$;

CREATE FUNCTION ais.metres_between(lon_1 double precision, lat_1 double precision, lon_2 double precision, lat_2 double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE
        WHEN lon_1 = lon_2 AND lat_1 = lat_2 THEN 0  -- moored: a third of all, at a tenth of the price
        ELSE st_distancespheroid(
            st_point(lon_1, lat_1, 4326), st_point(lon_2, lat_2, 4326), 'SPHEROID["WGS 84",6378137,298.257223563]'
        )
    END
$$;

CREATE FUNCTION ais.point(lon integer, lat integer) RETURNS public.geometry
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN public.st_point(((lon)::double precision / ('10000000'::numeric)::double precision), ((lat)::double precision / ('10000000'::numeric)::double precision), 4326);

CREATE FUNCTION ais.port_visits(vessel integer, from_time timestamp with time zone, to_time timestamp with time zone DEFAULT now(), within_metres double precision DEFAULT 5000, below_knots double precision DEFAULT 3, max_gap interval DEFAULT '06:00:00'::interval) RETURNS TABLE(locode text, port_name text, country text, arrived_at timestamp with time zone, left_at timestamp with time zone, duration interval, positions integer, mean_knots double precision, geom public.geometry)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION ais.ship_class(ship_type integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE
        WHEN ship_type BETWEEN 20 AND 29 THEN 'wing in ground'
        WHEN ship_type = 30 THEN 'fishing'
        WHEN ship_type IN (31, 32, 52) THEN 'tug'
        WHEN ship_type IN (33, 34) THEN 'service'
        WHEN ship_type = 35 THEN 'military'
        WHEN ship_type = 36 THEN 'sailing'
        WHEN ship_type = 37 THEN 'pleasure'
        WHEN ship_type BETWEEN 40 AND 49 THEN 'high-speed craft'
        WHEN ship_type BETWEEN 50 AND 58 THEN 'service'
        WHEN ship_type BETWEEN 60 AND 69 THEN 'passenger'
        WHEN ship_type BETWEEN 70 AND 79 THEN 'cargo'
        WHEN ship_type BETWEEN 80 AND 89 THEN 'tanker'
        WHEN ship_type = 59 OR ship_type BETWEEN 90 AND 99 THEN 'other'
    END
$$;

CREATE FUNCTION ais.ship_type_at(vessel integer, moment timestamp with time zone) RETURNS smallint
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT coalesce(
        (SELECT ship_type FROM ais.vessels WHERE mmsi = vessel AND ship_type_time < moment),
        (
            SELECT ship_type FROM ais.static_reports
            WHERE mmsi = vessel AND first_time < moment AND ship_type IS NOT NULL
            ORDER BY least(last_time, moment) DESC, ship_type DESC
            LIMIT 1
        )
    )
$$;

CREATE FUNCTION ais.ten_millionths(degrees double precision, most integer) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    SELECT CASE WHEN abs(degrees) <= most THEN round(degrees * 1e7::double precision)::integer END
$$;

CREATE FUNCTION ais.time_in_area(area public.geometry, from_time timestamp with time zone, to_time timestamp with time zone DEFAULT now(), vessel integer DEFAULT NULL::integer) RETURNS TABLE(mmsi integer, name text, ship_type smallint, entered_at timestamp with time zone, left_at timestamp with time zone, duration interval)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION ais.track_steps(touches public.geometry, from_time timestamp with time zone, to_time timestamp with time zone, vessel integer DEFAULT NULL::integer) RETURNS TABLE(mmsi integer, lon1 double precision, lat1 double precision, m1 double precision, lon2 double precision, lat2 double precision, m2 double precision)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION ais.vessel_history(vessel integer, from_time timestamp with time zone, to_time timestamp with time zone DEFAULT now(), every interval DEFAULT '01:00:00'::interval) RETURNS TABLE(period timestamp with time zone, event_time timestamp with time zone, sog real, cog real, heading smallint, nav_status smallint, lon double precision, lat double precision, geom public.geometry, source text, positions integer)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION ais.vessel_position_at(vessel integer, at timestamp with time zone, max_gap interval DEFAULT '01:00:00'::interval) RETURNS TABLE(event_time timestamp with time zone, lon double precision, lat double precision, geom public.geometry, sog real, cog real, before_time timestamp with time zone, after_time timestamp with time zone, is_interpolated boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION ais.vessel_track(vessel integer, from_time timestamp with time zone, to_time timestamp with time zone DEFAULT now(), max_gap interval DEFAULT '01:00:00'::interval) RETURNS TABLE(segment integer, start_time timestamp with time zone, end_time timestamp with time zone, positions integer, length_metres double precision, geom public.geometry)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
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

CREATE FUNCTION ais.vessels_at(at timestamp with time zone DEFAULT now(), within interval DEFAULT '00:30:00'::interval, area public.geometry DEFAULT NULL::public.geometry) RETURNS TABLE(mmsi integer, name text, callsign text, imo integer, ship_type smallint, event_time timestamp with time zone, age interval, sog real, cog real, heading smallint, nav_status smallint, lon double precision, lat double precision, geom public.geometry, source text)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    WITH last AS (
        SELECT DISTINCT ON (f.mmsi) f.*
        FROM ais.fix_rows AS f
        WHERE f.event_time > at - within AND f.event_time <= at
            AND (area IS NULL OR f.mmsi = ANY (ARRAY(
                SELECT DISTINCT s.mmsi
                FROM ais.fix_rows AS s
                WHERE s.event_time > at - within AND s.event_time <= at
                    AND s.lon BETWEEN st_xmin(area) AND st_xmax(area) AND s.lat BETWEEN st_ymin(area) AND st_ymax(area)
                    AND s.geom && area
            )))
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

CREATE FUNCTION ops.copy_partition(partition_name text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET work_mem TO '64MB'
    AS $_$
DECLARE
    part ops.partitions := (SELECT p FROM ops.partitions AS p WHERE name = partition_name);
    copy_name text := partition_name || '_copy';
    places_name text := partition_name || '_places';
    postgis text := (SELECT nspname FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace WHERE extname = 'postgis');
    columns text;
    definition text;
    copied bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = part.relation_id AND tgname = 'note_late_rows') THEN
        RAISE EXCEPTION '% is not watched: late rows would be lost', partition_name USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS ops.%I', copy_name);
    EXECUTE format('CREATE TABLE ops.%I (LIKE ais.%I INCLUDING ALL EXCLUDING INDEXES)', copy_name, partition_name);
    EXECUTE format('COMMENT ON TABLE ops.%I IS %L', copy_name, obj_description(part.relation_id, 'pg_class'));
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
    FROM pg_attribute WHERE attrelid = part.relation_id AND attnum > 0 AND NOT attisdropped;
    -- One statement has one snapshot: a late row is either in the copy and forgotten, or in neither and stays noted.
    EXECUTE format(
        'WITH copied AS (DELETE FROM ops.late_rows WHERE partition_name = %1$L)'
        ' INSERT INTO ops.%2$I (%3$s) SELECT %3$s FROM ais.%1$I'
        ' ORDER BY date_bin(''4 hours'', event_time, ''2000-01-01 00:00:00+00''), lat / 10000000, lon / 10000000, mmsi, event_time',
        partition_name, copy_name, columns
    );
    GET DIAGNOSTICS copied = ROW_COUNT;
    FOR definition IN
        SELECT pg_get_indexdef(i.indexrelid)
        FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
        WHERE i.indrelid = part.relation_id AND i.indisvalid AND c.relname <> places_name
    LOOP
        EXECUTE regexp_replace(definition, '^CREATE (UNIQUE )?INDEX .+? ON .+? USING ', format('CREATE \1INDEX ON ops.%I USING ', copy_name));
    END LOOP;
    EXECUTE format(
        'CREATE INDEX %I ON ops.%I USING brin (event_time, (ais.point(lon, lat)::%I.geometry(Point, 4326)))'
        ' WITH (pages_per_range = 4, autosummarize = on)',
        places_name, copy_name, postgis
    );
    -- With it, to attach the copy reads no row.
    EXECUTE format(
        'ALTER TABLE ops.%I ADD CONSTRAINT of_the_period CHECK (event_time IS NOT NULL AND event_time >= %L AND event_time < %L)',
        copy_name, part.first_time, part.end_time
    );
    EXECUTE format('ANALYZE ops.%I', copy_name);
    UPDATE ops.partition_upkeep SET copied_in = pg_current_xact_id(), archived_at = NULL WHERE name = partition_name;
    RETURN copied;
END
$_$;

CREATE FUNCTION ops.delete_expired(table_name text, from_time timestamp with time zone, until_time timestamp with time zone, most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $_$
DECLARE
    deleted bigint;
BEGIN
    IF ops.time_column(table_name) IS NULL OR ops.is_derived(table_name) OR table_name = 'static_reports' THEN
        RAISE EXCEPTION 'rows of % do not expire one by one', table_name USING ERRCODE = 'invalid_parameter_value';
    END IF;
    EXECUTE format(
        'DELETE FROM ais.%1$I WHERE ctid = ANY (ARRAY('
        ' SELECT t.ctid FROM ais.%1$I AS t WHERE t.%2$I >= $1 AND t.%2$I < $2 AND t.%2$I < now() - make_interval(days => coalesce('
        ' (SELECT days FROM ops.retention WHERE table_name = %1$L AND source = t.source),'
        ' (SELECT days FROM ops.retention WHERE table_name = %1$L AND source IS NULL))) LIMIT $3))',
        table_name, ops.time_column(table_name)
    ) USING from_time, until_time, most;
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$_$;

CREATE FUNCTION ops.delete_expired_positions(partition_name text, first_block bigint, end_block bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
    deleted bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM ops.partitions WHERE name = partition_name) THEN
        RETURN 0;
    END IF;
    EXECUTE format('DELETE FROM ais.%I WHERE ctid >= $1 AND ctid < $2 AND label = ANY ($3)', partition_name)
    USING
        format('(%s,0)', first_block)::tid,
        format('(%s,0)', end_block)::tid,
        ARRAY(SELECT id FROM ais.position_labels WHERE source = ANY (ops.expired_sources(partition_name)));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$_$;

CREATE FUNCTION ops.delete_expired_runs(first_block bigint, end_block bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    known timestamptz := (SELECT now() - make_interval(days => min(days)) FROM ops.retention WHERE table_name = 'static_reports');
    here tid := format('(%s,0)', first_block);
    beyond tid := format('(%s,0)', end_block);
    touched integer[];
    busy integer[];
    deleted bigint;
BEGIN
    SELECT array_agg(DISTINCT mmsi) INTO touched FROM ais.static_reports WHERE ctid >= here AND ctid < beyond AND last_time < known;
    IF touched IS NULL THEN
        RETURN 0;
    END IF;
    WITH free AS (
        SELECT mmsi FROM ais.vessels WHERE mmsi = ANY (touched) FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT coalesce(array_agg(v.mmsi), '{}') INTO busy
    FROM ais.vessels AS v WHERE v.mmsi = ANY (touched) AND v.mmsi NOT IN (SELECT mmsi FROM free);
    DELETE FROM ais.static_reports AS t
    WHERE ctid >= here AND ctid < beyond AND mmsi = ANY (touched) AND mmsi <> ALL (busy)
        AND t.last_time < now() - make_interval(days => coalesce(
            (SELECT r.days FROM ops.retention AS r WHERE r.table_name = 'static_reports' AND r.source = t.source),
            (SELECT r.days FROM ops.retention AS r WHERE r.table_name = 'static_reports' AND r.source IS NULL)
        ));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;

CREATE FUNCTION ops.drop_month(partition_name text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    parent text := (
        SELECT m.table_name
        FROM ops.months AS m
        JOIN ops.retention AS r ON r.table_name = m.table_name
        JOIN ops.forgotten AS f ON f.name = m.table_name
        WHERE m.name = partition_name AND m.end_day + r.days <= current_date AND m.end_day <= f.before
    );
BEGIN
    IF parent IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('LOCK TABLE ONLY ais.%I IN ACCESS EXCLUSIVE MODE', parent);
    EXECUTE format('ALTER TABLE ais.%I DETACH PARTITION ais.%I', parent, partition_name);
    EXECUTE format('DROP TABLE ais.%I', partition_name);
    RETURN true;
END
$$;

CREATE FUNCTION ops.drop_partition(partition_name text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    part ops.partitions;
BEGIN
    IF ops.may_drop(partition_name) IS NOT TRUE THEN
        RETURN false;
    END IF;
    LOCK TABLE ONLY ais.position_rows IN ACCESS EXCLUSIVE MODE;
    IF ops.may_drop(partition_name) IS NOT TRUE THEN  -- rows came while we waited
        RETURN false;
    END IF;
    SELECT * INTO part FROM ops.partitions WHERE name = partition_name;
    EXECUTE format('ALTER TABLE ais.position_rows DETACH PARTITION ais.%I', partition_name);
    EXECUTE format('DROP TABLE ais.%I', partition_name);
    EXECUTE format('DROP TABLE IF EXISTS ops.%I', partition_name || '_copy');
    UPDATE ops.archives SET dropped_at = now()
    WHERE dropped_at IS NULL AND day >= part.first_time::date AND day < part.end_time::date;
    DELETE FROM ops.late_rows AS l WHERE l.partition_name = drop_partition.partition_name;
    DELETE FROM ops.partition_upkeep WHERE name = partition_name;
    RETURN true;
END
$$;

CREATE FUNCTION ops.end_runaways() RETURNS TABLE(login text, pid integer, what text, lasted interval)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF NOT (pg_has_role('pg_read_all_stats', 'USAGE') AND pg_has_role('pg_signal_backend', 'USAGE')) THEN
        RAISE EXCEPTION 'the owner % must be a member of pg_read_all_stats and pg_signal_backend, or it can end no session', current_user
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    RETURN QUERY
    WITH RECURSIVE members AS (
        SELECT l.role, m.member
        FROM ops.role_limits AS l
        JOIN pg_roles AS g ON g.rolname = l.role
        JOIN pg_auth_members AS m ON m.roleid = g.oid
        UNION
        SELECT b.role, m.member FROM members AS b JOIN pg_auth_members AS m ON m.roleid = b.member
    ),
    limits AS (  -- of one who has both roles the wider
        SELECT
            m.member,
            CASE WHEN bool_and(l.statement IS NOT NULL) THEN max(l.statement) END AS statement,
            CASE WHEN bool_and(l.idle IS NOT NULL) THEN max(l.idle) END AS idle,
            CASE WHEN bool_and(l.transaction IS NOT NULL) THEN max(l.transaction) END AS transaction
        FROM members AS m
        JOIN ops.role_limits AS l ON l.role = m.role
        JOIN pg_roles AS r ON r.oid = m.member
        WHERE NOT (
            r.rolsuper OR pg_has_role(r.oid, 'writer', 'MEMBER') OR pg_has_role(r.oid, 'maintainer', 'MEMBER')
            OR r.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())
        )
        GROUP BY m.member
    ),
    beyond AS MATERIALIZED (
        SELECT
            a.usename,
            a.pid,
            CASE
                WHEN clock_timestamp() - a.xact_start > l.transaction THEN 'transaction'
                WHEN a.state LIKE 'idle in transaction%' AND clock_timestamp() - a.state_change > l.idle THEN 'idle'
                -- One that does not heed the cancel is not let off.
                WHEN a.state NOT LIKE 'idle%' AND clock_timestamp() - a.query_start > 2 * l.statement THEN 'deaf'
                WHEN a.state NOT LIKE 'idle%' AND clock_timestamp() - a.query_start > l.statement THEN 'statement'
            END AS what,
            clock_timestamp() - CASE WHEN a.state LIKE 'idle%' THEN a.state_change ELSE a.query_start END AS in_state,
            clock_timestamp() - a.xact_start AS in_transaction
        FROM pg_stat_activity AS a
        JOIN limits AS l ON l.member = a.usesysid
        WHERE a.datname = current_database() AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
    )
    SELECT
        b.usename::text, b.pid, replace(b.what, 'deaf', 'statement'),
        CASE WHEN b.what = 'transaction' THEN b.in_transaction ELSE b.in_state END
    FROM beyond AS b
    WHERE CASE WHEN b.what = 'statement' THEN pg_cancel_backend(b.pid) WHEN b.what IS NOT NULL THEN pg_terminate_backend(b.pid) END;
END
$$;

CREATE FUNCTION ops.expired_sources(partition_name text) RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
    SELECT coalesce(array_agg(s.source ORDER BY s.source), '{}')
    FROM ops.partitions AS p
    CROSS JOIN (SELECT DISTINCT source FROM ais.position_labels) AS s
    CROSS JOIN LATERAL (
        SELECT r.days, r.archive FROM ops.retention AS r
        WHERE r.table_name = 'positions' AND (r.source = s.source OR r.source IS NULL)
        ORDER BY r.source NULLS LAST LIMIT 1
    ) AS rule
    WHERE p.name = partition_name AND NOT rule.archive
        AND p.end_time + make_interval(days => rule.days) <= now()
        AND coalesce(p.keep_until <= now(), true)
$$;

CREATE FUNCTION ops.is_derived(table_name text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT table_name IN ('positions_30min', 'positions_12h', 'vessel_days', 'tracks', 'density')
$$;

CREATE FUNCTION ops.may_drop(partition_name text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
    SELECT coalesce(bool_or(r.source IS NULL), false)
        AND p.end_time + make_interval(days => max(r.days)) <= now()
        AND coalesce(p.keep_until <= now(), true)
        AND (NOT bool_or(r.archive) OR (
            p.archived_at IS NOT NULL
            AND NOT EXISTS (SELECT FROM ops.late_rows AS l WHERE l.partition_name = may_drop.partition_name)
            AND EXISTS (SELECT FROM pg_trigger WHERE tgrelid = p.relation_id AND tgname = 'note_late_rows')
        ))
    FROM ops.partitions AS p, ops.retention AS r
    WHERE p.name = partition_name AND r.table_name = 'positions'
    GROUP BY p.end_time, p.keep_until, p.archived_at, p.relation_id
$$;

CREATE FUNCTION ops.note_late_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO ops.late_rows (partition_name, row)
    VALUES (TG_TABLE_NAME, CASE WHEN TG_OP = 'INSERT' THEN to_jsonb(NEW) END);
    RETURN NULL;
END
$$;

CREATE FUNCTION ops.swap_partition(partition_name text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
DECLARE
    copy_name text := partition_name || '_copy';
    part ops.partitions;
    written xid8;
BEGIN
    IF NOT pg_has_role('pg_read_all_stats', 'USAGE') THEN
        RAISE EXCEPTION 'the owner % must be a member of pg_read_all_stats, or it cannot see how old transactions are', current_user
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    LOCK TABLE ONLY ais.position_rows IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM ops.late_rows AS l WHERE l.partition_name = swap_partition.partition_name AND l.row IS NULL) THEN
        RETURN false;
    END IF;
    PERFORM ops.take_in_late_rows(partition_name);
    SELECT copied_in INTO written FROM ops.partition_upkeep WHERE name = partition_name;
    IF written IS NULL THEN
        RETURN false;
    END IF;
    -- A snapshot from before the copy's commit would find the copy empty, where it would have found the rows before.
    IF EXISTS (
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type <> 'autovacuum worker'
            AND age(backend_xmin) >= age(written::xid)
    ) THEN
        RAISE EXCEPTION 'a transaction is older than the copy of %', partition_name USING ERRCODE = 'lock_not_available';
    END IF;
    SELECT * INTO part FROM ops.partitions WHERE name = partition_name;
    EXECUTE format('ALTER TABLE ais.position_rows DETACH PARTITION ais.%I', partition_name);
    EXECUTE format('DROP TABLE ais.%I', partition_name);
    EXECUTE format('ALTER TABLE ops.%I SET SCHEMA ais', copy_name);
    EXECUTE format('ALTER TABLE ais.%I RENAME TO %I', copy_name, partition_name);
    EXECUTE format(
        'ALTER TABLE ais.position_rows ATTACH PARTITION ais.%I FOR VALUES FROM (%L) TO (%L)',
        partition_name, part.first_time, part.end_time
    );
    EXECUTE format('ALTER TABLE ais.%I DROP CONSTRAINT of_the_period', partition_name);
    UPDATE ops.partition_upkeep SET
        copied_in = NULL, closed_at = now(), inserts = 0, inserts_since = now(), deleted_inserts = NULL,
        closed_bytes = pg_relation_size(format('ais.%I', partition_name)::regclass)
    WHERE name = partition_name;
    RETURN true;
END
$$;

CREATE FUNCTION ops.take_in_late_rows(partition_name text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
DECLARE
    columns text;
    taken bigint;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
    FROM ops.partitions AS p JOIN pg_attribute ON attrelid = p.relation_id AND attnum > 0 AND NOT attisdropped
    WHERE p.name = partition_name;
    EXECUTE format(
        'WITH taken AS (DELETE FROM ops.late_rows WHERE partition_name = %1$L AND row IS NOT NULL RETURNING row)'
        ' INSERT INTO ops.%2$I (%3$s) SELECT %3$s FROM taken, jsonb_populate_record(NULL::ais.%1$I, taken.row)',
        partition_name, partition_name || '_copy', columns
    );
    GET DIAGNOSTICS taken = ROW_COUNT;
    IF taken > 0 THEN
        UPDATE ops.partition_upkeep SET copied_in = pg_current_xact_id() WHERE name = partition_name;
    END IF;
    RETURN taken;
END
$_$;

CREATE FUNCTION ops.time_column(table_name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE
        WHEN table_name IN (
            'base_station_reports', 'aton_reports', 'sar_aircraft_positions', 'safety_messages', 'binary_messages', 'other_messages',
            'events'
        ) THEN 'event_time'
        WHEN table_name = 'heard_copies' THEN 'kept_time'
        WHEN table_name = 'static_reports' THEN 'last_time'
        WHEN table_name IN ('positions_30min', 'positions_12h') THEN 'bucket'
        WHEN table_name IN ('vessel_days', 'density') THEN 'day'
        WHEN table_name = 'tracks' THEN 'start_time'
    END
$$;

CREATE FUNCTION ops.unwatch_partition(partition_name text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF EXISTS (SELECT FROM ops.partitions WHERE name = partition_name) THEN
        EXECUTE format('DROP TRIGGER IF EXISTS note_late_rows ON ais.%I', partition_name);
        EXECUTE format('DROP TRIGGER IF EXISTS note_truncation ON ais.%I', partition_name);
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS ops.%I', partition_name || '_copy');
    DELETE FROM ops.late_rows AS l WHERE l.partition_name = unwatch_partition.partition_name;
    UPDATE ops.partition_upkeep SET copied_in = NULL, archived_at = NULL WHERE name = partition_name;
END
$$;

CREATE FUNCTION ops.watch_partition(partition_name text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    relation oid := (SELECT relation_id FROM ops.partitions WHERE name = partition_name);
BEGIN
    IF relation IS NULL THEN
        RAISE EXCEPTION '% is no partition of positions', partition_name USING ERRCODE = 'undefined_table';
    END IF;
    INSERT INTO ops.partition_upkeep (name) VALUES (partition_name) ON CONFLICT (name) DO NOTHING;
    IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relation AND tgname = 'note_late_rows') THEN
        RETURN false;
    END IF;
    -- Waits for transactions that have written to it: what they wrote is there for every later snapshot, and whatever is
    -- written afterwards is noted.
    EXECUTE format('LOCK TABLE ais.%I IN SHARE ROW EXCLUSIVE MODE', partition_name);
    DELETE FROM ops.late_rows AS l WHERE l.partition_name = watch_partition.partition_name;
    EXECUTE format(
        'CREATE TRIGGER note_late_rows AFTER INSERT OR UPDATE OR DELETE ON ais.%I FOR EACH ROW EXECUTE FUNCTION ops.note_late_row()',
        partition_name
    );
    EXECUTE format(
        'CREATE TRIGGER note_truncation AFTER TRUNCATE ON ais.%I EXECUTE FUNCTION ops.note_late_row()', partition_name
    );
    RETURN true;
END
$$;

CREATE FUNCTION ref.mid_of(mmsi integer) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE
        WHEN mmsi BETWEEN 200000000 AND 799999999 THEN mmsi / 1000000
        WHEN mmsi BETWEEN 20000000 AND 79999999 THEN mmsi / 100000
        WHEN mmsi BETWEEN 2000000 AND 7999999 THEN mmsi / 10000
        WHEN mmsi BETWEEN 111200000 AND 111799999 THEN mmsi / 1000 % 1000
        WHEN mmsi BETWEEN 820000000 AND 879999999 THEN mmsi / 100000 % 1000
        WHEN mmsi BETWEEN 982000000 AND 987999999 THEN mmsi / 10000 % 1000
        WHEN mmsi BETWEEN 992000000 AND 997999999 THEN mmsi / 10000 % 1000
    END::smallint
$$;

CREATE TABLE ais.aton_reports (
    event_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    mmsi integer NOT NULL,
    msg_type smallint,
    repeat smallint,
    aton_type smallint,
    to_bow smallint,
    to_stern smallint,
    to_port smallint,
    to_starboard smallint,
    fix_type smallint,
    second smallint,
    aton_status smallint,
    own_ship boolean NOT NULL,
    accuracy boolean,
    off_position boolean,
    raim boolean,
    virtual_aid boolean,
    assigned boolean,
    geom public.geometry(Point,4326),
    time_source text NOT NULL,
    source text NOT NULL,
    station text,
    channel text,
    talker text,
    name text,
    time_shift double precision,
    missing text,
    flags smallint
);

CREATE TABLE ais.base_station_reports (
    event_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    utc_time timestamp with time zone,
    mmsi integer NOT NULL,
    radio integer,
    msg_type smallint,
    repeat smallint,
    utc_year smallint,
    utc_month smallint,
    utc_day smallint,
    utc_hour smallint,
    utc_minute smallint,
    utc_second smallint,
    fix_type smallint,
    own_ship boolean NOT NULL,
    accuracy boolean,
    long_range_control boolean,
    raim boolean,
    geom public.geometry(Point,4326),
    time_source text NOT NULL,
    source text NOT NULL,
    station text,
    channel text,
    talker text,
    time_shift double precision,
    missing text,
    flags smallint
);

CREATE TABLE ais.binary_messages (
    event_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    mmsi integer NOT NULL,
    dest_mmsi integer,
    bits integer,
    radio integer,
    msg_type smallint,
    repeat smallint,
    seqno smallint,
    dac smallint,
    fid smallint,
    own_ship boolean NOT NULL,
    retransmit boolean,
    geom public.geometry(Point,4326),
    time_source text NOT NULL,
    source text NOT NULL,
    station text,
    channel text,
    talker text,
    data text,
    time_shift double precision,
    application text,
    content jsonb,
    missing text,
    flags smallint
);

CREATE TABLE ais.density (
    cell bigint NOT NULL,
    seconds double precision NOT NULL,
    day date NOT NULL,
    vessels integer NOT NULL,
    course_sector smallint,
    speed_bin smallint,
    ship_class text
)
PARTITION BY RANGE (day);

CREATE TABLE ais.events (
    id bigint NOT NULL,
    event_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone,
    mmsi integer,
    other_mmsi integer,
    kind text NOT NULL,
    place text,
    source text,
    properties jsonb DEFAULT '{}'::jsonb NOT NULL,
    geom public.geometry(Geometry,4326)
);

ALTER TABLE ais.events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ais.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE ais.position_rows (
    event_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    mmsi integer NOT NULL,
    lon integer,
    lat integer,
    label integer NOT NULL,
    sog real,
    cog real,
    rot real,
    radio integer,
    msg_type smallint,
    repeat smallint,
    heading smallint,
    nav_status smallint,
    second smallint,
    maneuver smallint,
    reserved smallint,
    accuracy boolean,
    raim boolean,
    cs boolean,
    display boolean,
    dsc boolean,
    band boolean,
    msg22 boolean,
    assigned boolean,
    gnss boolean,
    time_shift double precision,
    flags smallint
)
PARTITION BY RANGE (event_time);

CREATE VIEW ais.fix_rows AS
 SELECT r.event_time,
    r.received_at,
    r.mmsi,
    ((r.lon)::double precision / ('10000000'::numeric)::double precision) AS lon,
    ((r.lat)::double precision / ('10000000'::numeric)::double precision) AS lat,
    r.sog,
    r.cog,
    r.heading,
    r.nav_status,
    r.label,
    (ais.point(r.lon, r.lat))::public.geometry(Point,4326) AS geom
   FROM ais.position_rows r
  WHERE ((r.lon IS NOT NULL) AND (r.lat IS NOT NULL) AND ((r.flags IS NULL) OR (((r.flags)::integer & 5) = 0)));

CREATE VIEW ais.fixes AS
 SELECT DISTINCT ON (fix_rows.mmsi, fix_rows.event_time) fix_rows.mmsi,
    fix_rows.event_time,
    fix_rows.lon,
    fix_rows.lat,
    fix_rows.sog,
    fix_rows.cog,
    fix_rows.heading,
    fix_rows.nav_status,
    fix_rows.label
   FROM ais.fix_rows
  ORDER BY fix_rows.mmsi, fix_rows.event_time, fix_rows.received_at DESC, fix_rows.lon DESC, fix_rows.lat DESC, fix_rows.sog DESC NULLS LAST, fix_rows.cog DESC NULLS LAST, fix_rows.heading DESC NULLS LAST, fix_rows.nav_status DESC NULLS LAST, fix_rows.label DESC;

CREATE TABLE ais.heard_copies (
    kept_time timestamp with time zone NOT NULL,
    event_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    digest bigint,
    mmsi integer NOT NULL,
    msg_type smallint,
    source text NOT NULL,
    station text
);

CREATE VIEW ais.heard AS
 SELECT heard_copies.mmsi,
    heard_copies.msg_type,
    heard_copies.digest,
    heard_copies.kept_time AS event_time,
    (count(*))::integer AS copies,
    (array_agg(COALESCE(heard_copies.station, heard_copies.source) ORDER BY heard_copies.event_time, heard_copies.received_at))[1:16] AS heard_by,
    (array_agg(heard_copies.event_time ORDER BY heard_copies.event_time, heard_copies.received_at))[1:16] AS heard_at
   FROM ais.heard_copies
  GROUP BY heard_copies.mmsi, heard_copies.msg_type, heard_copies.digest, heard_copies.kept_time;

CREATE TABLE ais.static_reports (
    id bigint NOT NULL,
    first_time timestamp with time zone NOT NULL,
    last_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    fingerprint bigint NOT NULL,
    eta timestamp with time zone,
    mmsi integer NOT NULL,
    reports integer NOT NULL,
    imo integer,
    draught real,
    vendor_serial integer,
    mothership_mmsi integer,
    msg_type smallint,
    repeat smallint,
    ais_version smallint,
    ship_type smallint,
    to_bow smallint,
    to_stern smallint,
    to_port smallint,
    to_starboard smallint,
    fix_type smallint,
    eta_month smallint,
    eta_day smallint,
    eta_hour smallint,
    eta_minute smallint,
    vendor_model smallint,
    own_ship boolean NOT NULL,
    dte boolean,
    time_source text NOT NULL,
    source text NOT NULL,
    station text,
    channel text,
    talker text,
    part text,
    callsign text,
    name text,
    destination text,
    vendor_id text,
    time_shift double precision,
    length real,
    width real,
    ais_class text,
    missing text,
    flags smallint
)
WITH (fillfactor='80');

CREATE VIEW ais.vessel_identities AS
 WITH runs AS (
         SELECT static_reports.id,
            static_reports.mmsi,
            static_reports.source,
            COALESCE(static_reports.msg_type, (0)::smallint) AS msg_type,
            COALESCE(static_reports.part, ''::text) AS part,
            static_reports.first_time,
            static_reports.last_time,
            static_reports.reports,
            static_reports.name,
            static_reports.callsign,
            static_reports.imo,
            static_reports.ship_type,
            (row_number() OVER series - row_number() OVER same) AS stretch
           FROM ais.static_reports
          WHERE ((static_reports.name IS NOT NULL) OR (static_reports.callsign IS NOT NULL) OR (static_reports.imo IS NOT NULL))
          WINDOW series AS (PARTITION BY static_reports.mmsi, static_reports.source, COALESCE(static_reports.msg_type, (0)::smallint), COALESCE(static_reports.part, ''::text) ORDER BY static_reports.first_time, static_reports.id), same AS (PARTITION BY static_reports.mmsi, static_reports.source, COALESCE(static_reports.msg_type, (0)::smallint), COALESCE(static_reports.part, ''::text), static_reports.name, static_reports.callsign, static_reports.imo ORDER BY static_reports.first_time, static_reports.id)
        ), stretches AS (
         SELECT runs.mmsi,
            runs.source,
            runs.msg_type,
            runs.part,
            runs.name,
            runs.callsign,
            runs.imo,
            min(runs.id) AS id,
            min(runs.first_time) AS first_time,
            max(runs.last_time) AS last_time,
            sum(runs.reports) AS reports,
            (array_agg(runs.ship_type ORDER BY runs.last_time DESC) FILTER (WHERE (runs.ship_type IS NOT NULL)))[1] AS ship_type
           FROM runs
          GROUP BY runs.mmsi, runs.source, runs.msg_type, runs.part, runs.name, runs.callsign, runs.imo, runs.stretch
        ), points AS (
         SELECT s.mmsi,
            s.source,
            s.msg_type,
            s.part,
            s.name,
            s.callsign,
            s.imo,
            s.id,
            s.first_time,
            s.last_time,
            s.reports,
            s.ship_type,
            point.moment,
            point.is_first,
            row_number() OVER w AS number,
            count(s.name) OVER w AS names,
            count(s.callsign) OVER w AS callsigns,
            count(s.imo) OVER w AS imos
           FROM (stretches s
             CROSS JOIN LATERAL ( VALUES (s.first_time,true), (s.last_time,false)) point(moment, is_first))
          WHERE (point.is_first OR (s.last_time > s.first_time))
          WINDOW w AS (PARTITION BY s.mmsi ORDER BY point.moment, s.source, s.msg_type, s.part, s.first_time, point.is_first)
        ), carried AS (
         SELECT points.mmsi,
            points.id,
            points.number,
            points.moment,
            points.is_first,
            points.last_time,
            points.reports,
            points.source,
            points.ship_type,
            max(points.name) OVER (PARTITION BY points.mmsi, points.names) AS name,
            max(points.callsign) OVER (PARTITION BY points.mmsi, points.callsigns) AS callsign,
            max(points.imo) OVER (PARTITION BY points.mmsi, points.imos) AS imo
           FROM points
        ), contradicted AS (
         SELECT carried.mmsi,
            carried.id,
            carried.number,
            carried.moment,
            carried.is_first,
            carried.last_time,
            carried.reports,
            carried.source,
            carried.ship_type,
            carried.name,
            carried.callsign,
            carried.imo,
            (COALESCE((carried.name <> lag(carried.name) OVER w), false) OR COALESCE((carried.callsign <> lag(carried.callsign) OVER w), false) OR COALESCE((carried.imo <> lag(carried.imo) OVER w), false)) AS contradicts
           FROM carried
          WINDOW w AS (PARTITION BY carried.mmsi ORDER BY carried.number)
        ), blocks AS (
         SELECT contradicted.mmsi,
            contradicted.id,
            contradicted.number,
            contradicted.moment,
            contradicted.is_first,
            contradicted.last_time,
            contradicted.reports,
            contradicted.source,
            contradicted.ship_type,
            contradicted.name,
            contradicted.callsign,
            contradicted.imo,
            contradicted.contradicts,
            count(*) FILTER (WHERE contradicted.contradicts) OVER (PARTITION BY contradicted.mmsi ORDER BY contradicted.number) AS block
           FROM contradicted
        ), filled AS (
         SELECT blocks.mmsi,
            blocks.id,
            blocks.number,
            blocks.moment,
            blocks.is_first,
            blocks.last_time,
            blocks.reports,
            blocks.source,
            blocks.ship_type,
            max(blocks.name) OVER w AS name,
            max(blocks.callsign) OVER w AS callsign,
            max(blocks.imo) OVER w AS imo
           FROM blocks
          WINDOW w AS (PARTITION BY blocks.mmsi, blocks.block)
        ), lasting AS (
         SELECT filled.mmsi,
            filled.id,
            filled.number,
            filled.moment,
            filled.is_first,
            filled.last_time,
            filled.reports,
            filled.source,
            filled.ship_type,
            filled.name,
            filled.callsign,
            filled.imo,
                CASE
                    WHEN (filled.is_first AND (NOT (filled.name IS DISTINCT FROM lead(filled.name) OVER w)) AND (NOT (filled.callsign IS DISTINCT FROM lead(filled.callsign) OVER w)) AND (NOT (filled.imo IS DISTINCT FROM lead(filled.imo) OVER w))) THEN filled.last_time
                    ELSE filled.moment
                END AS until
           FROM filled
          WINDOW w AS (PARTITION BY filled.mmsi, filled.id ORDER BY filled.number)
        ), returns AS (
         SELECT lasting.mmsi,
            lasting.id,
            lasting.number,
            lasting.moment,
            lasting.is_first,
            lasting.last_time,
            lasting.reports,
            lasting.source,
            lasting.ship_type,
            lasting.name,
            lasting.callsign,
            lasting.imo,
            lasting.until,
            ((lasting.number > (lag(lasting.number) OVER w + 1)) AND (lasting.moment > (max(lasting.until) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + '24:00:00'::interval))) AS returns
           FROM lasting
          WINDOW w AS (PARTITION BY lasting.mmsi, lasting.name, lasting.callsign, lasting.imo ORDER BY lasting.number)
        ), islands AS (
         SELECT returns.mmsi,
            returns.id,
            returns.number,
            returns.moment,
            returns.is_first,
            returns.last_time,
            returns.reports,
            returns.source,
            returns.ship_type,
            returns.name,
            returns.callsign,
            returns.imo,
            returns.until,
            returns.returns,
            count(*) FILTER (WHERE returns.returns) OVER (PARTITION BY returns.mmsi, returns.name, returns.callsign, returns.imo ORDER BY returns.number) AS island
           FROM returns
        )
 SELECT islands.mmsi,
    islands.name,
    islands.callsign,
    islands.imo,
    (array_agg(islands.ship_type ORDER BY islands.number DESC) FILTER (WHERE (islands.ship_type IS NOT NULL)))[1] AS ship_type,
    min(islands.moment) AS first_time,
    max(islands.until) AS last_time,
    (COALESCE(sum(islands.reports) FILTER (WHERE islands.is_first), (0)::numeric))::bigint AS reports,
    array_agg(DISTINCT islands.source ORDER BY islands.source) AS sources
   FROM islands
  GROUP BY islands.mmsi, islands.name, islands.callsign, islands.imo, islands.island;

CREATE VIEW ais.identity_changes AS
 WITH periods AS (
         SELECT several.mmsi,
            identity.name,
            identity.callsign,
            identity.imo,
            identity.first_time,
            identity.last_time,
            identity.reports,
            identity.sources,
            max(identity.last_time) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS said_until
           FROM (( SELECT static_reports.mmsi
                   FROM ais.static_reports
                  GROUP BY static_reports.mmsi
                 HAVING ((min(static_reports.name) <> max(static_reports.name)) OR (min(static_reports.callsign) <> max(static_reports.callsign)) OR (min(static_reports.imo) <> max(static_reports.imo)))) several
             CROSS JOIN LATERAL ( SELECT i.mmsi,
                    i.name,
                    i.callsign,
                    i.imo,
                    i.ship_type,
                    i.first_time,
                    i.last_time,
                    i.reports,
                    i.sources
                   FROM ais.vessel_identities i
                  WHERE (i.mmsi = several.mmsi)
                 OFFSET 0) identity)
          WINDOW w AS (PARTITION BY several.mmsi ORDER BY identity.first_time, identity.last_time, identity.name, identity.callsign, identity.imo)
        ), records AS (
         SELECT periods.mmsi,
            periods.name,
            periods.callsign,
            periods.imo,
            periods.first_time,
            periods.last_time,
            periods.reports,
            periods.sources,
            periods.said_until,
            count(*) FILTER (WHERE ((periods.said_until IS NULL) OR (periods.last_time >= periods.said_until))) OVER (PARTITION BY periods.mmsi ORDER BY periods.first_time, periods.last_time, periods.name, periods.callsign, periods.imo) AS record
           FROM periods
        ), longest AS (
         SELECT records.mmsi,
            records.name,
            records.callsign,
            records.imo,
            records.first_time,
            records.last_time,
            records.reports,
            records.sources,
            records.said_until,
            records.record,
            first_value(records.name) OVER w AS said_name,
            first_value(records.callsign) OVER w AS said_callsign,
            first_value(records.imo) OVER w AS said_imo
           FROM records
          WINDOW w AS (PARTITION BY records.mmsi, records.record ORDER BY records.first_time, records.last_time, records.name, records.callsign, records.imo)
        ), followed AS (
         SELECT longest.mmsi,
            longest.name,
            longest.callsign,
            longest.imo,
            longest.first_time,
            longest.last_time,
            longest.reports,
            longest.sources,
            longest.said_until,
            longest.record,
            longest.said_name,
            longest.said_callsign,
            longest.said_imo,
            lag(longest.said_name) OVER w AS from_name,
            lag(longest.said_callsign) OVER w AS from_callsign,
            lag(longest.said_imo) OVER w AS from_imo
           FROM longest
          WINDOW w AS (PARTITION BY longest.mmsi ORDER BY longest.first_time, longest.last_time, longest.name, longest.callsign, longest.imo)
        )
 SELECT f.mmsi,
    f.first_time AS change_time,
    change.fact,
    change.from_value,
    change.to_value,
    f.said_until AS from_last_time,
    f.last_time AS to_last_time,
    GREATEST((LEAST(f.said_until, f.last_time) - f.first_time), '00:00:00'::interval) AS both_for,
    f.reports,
    f.sources
   FROM (followed f
     CROSS JOIN LATERAL ( VALUES ('name'::text,f.from_name,f.name), ('callsign'::text,f.from_callsign,f.callsign), ('imo'::text,(f.from_imo)::text,(f.imo)::text)) change(fact, from_value, to_value))
  WHERE (change.from_value <> change.to_value);

CREATE TABLE ais.latest_position_rows (
    event_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    mmsi integer NOT NULL,
    lon integer,
    lat integer,
    label integer NOT NULL,
    sog real,
    cog real,
    rot real,
    radio integer,
    msg_type smallint,
    repeat smallint,
    heading smallint,
    nav_status smallint,
    second smallint,
    maneuver smallint,
    reserved smallint,
    accuracy boolean,
    raim boolean,
    cs boolean,
    display boolean,
    dsc boolean,
    band boolean,
    msg22 boolean,
    assigned boolean,
    gnss boolean,
    time_shift double precision,
    flags smallint
)
WITH (fillfactor='50');

CREATE TABLE ais.position_labels (
    id integer NOT NULL,
    own_ship boolean NOT NULL,
    low_resolution boolean,
    fingerprint uuid,
    source text NOT NULL,
    station text,
    time_source text NOT NULL,
    channel text,
    talker text,
    turning text,
    ais_class text,
    missing text
);

CREATE VIEW ais.latest_positions AS
 SELECT r.event_time,
    r.received_at,
    r.mmsi,
    r.sog,
    r.cog,
    r.rot,
    r.radio,
    r.msg_type,
    r.repeat,
    r.heading,
    r.nav_status,
    r.second,
    r.maneuver,
    r.reserved,
    l.own_ship,
    r.accuracy,
    r.raim,
    r.cs,
    r.display,
    r.dsc,
    r.band,
    r.msg22,
    r.assigned,
    r.gnss,
    (ais.point(r.lon, r.lat))::public.geometry(Point,4326) AS geom,
    l.time_source,
    l.source,
    l.station,
    l.channel,
    l.talker,
    l.turning,
    r.time_shift,
    l.low_resolution,
    l.ais_class,
    l.missing,
    ((r.lon)::double precision / ('10000000'::numeric)::double precision) AS lon,
    ((r.lat)::double precision / ('10000000'::numeric)::double precision) AS lat,
    r.flags
   FROM (ais.latest_position_rows r
     LEFT JOIN ais.position_labels l ON ((l.id = r.label)));

CREATE TABLE ais.other_messages (
    event_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    mmsi integer NOT NULL,
    dest_mmsi_1 integer,
    dest_mmsi_2 integer,
    dest_mmsi_3 integer,
    dest_mmsi_4 integer,
    msg_type smallint,
    repeat smallint,
    own_ship boolean NOT NULL,
    time_source text NOT NULL,
    source text NOT NULL,
    station text,
    channel text,
    talker text,
    fields jsonb NOT NULL,
    time_shift double precision,
    missing text,
    flags smallint
);

ALTER TABLE ais.position_labels ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ais.position_labels_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW ais.positions AS
 SELECT r.event_time,
    r.received_at,
    r.mmsi,
    r.sog,
    r.cog,
    r.rot,
    r.radio,
    r.msg_type,
    r.repeat,
    r.heading,
    r.nav_status,
    r.second,
    r.maneuver,
    r.reserved,
    l.own_ship,
    r.accuracy,
    r.raim,
    r.cs,
    r.display,
    r.dsc,
    r.band,
    r.msg22,
    r.assigned,
    r.gnss,
    (ais.point(r.lon, r.lat))::public.geometry(Point,4326) AS geom,
    l.time_source,
    l.source,
    l.station,
    l.channel,
    l.talker,
    l.turning,
    r.time_shift,
    l.low_resolution,
    l.ais_class,
    l.missing,
    ((r.lon)::double precision / ('10000000'::numeric)::double precision) AS lon,
    ((r.lat)::double precision / ('10000000'::numeric)::double precision) AS lat,
    r.flags
   FROM (ais.position_rows r
     LEFT JOIN ais.position_labels l ON ((l.id = r.label)));

CREATE TABLE ref.mids (
    mid smallint NOT NULL,
    country text NOT NULL,
    alpha2 text,
    alpha3 text,
    part text
);

CREATE TABLE ref.nav_statuses (
    nav_status smallint NOT NULL,
    name text NOT NULL,
    description text NOT NULL
);

CREATE VIEW ais.position_reports AS
 SELECT p.event_time,
    p.received_at,
    p.mmsi,
    p.sog,
    p.cog,
    p.rot,
    p.radio,
    p.msg_type,
    p.repeat,
    p.heading,
    p.nav_status,
    p.second,
    p.maneuver,
    p.reserved,
    p.own_ship,
    p.accuracy,
    p.raim,
    p.cs,
    p.display,
    p.dsc,
    p.band,
    p.msg22,
    p.assigned,
    p.gnss,
    p.lon,
    p.lat,
    p.geom,
    p.time_source,
    p.source,
    p.station,
    p.channel,
    p.talker,
    p.turning,
    COALESCE(p.low_resolution, (p.msg_type = 27), false) AS low_resolution,
    COALESCE(p.ais_class,
        CASE
            WHEN (p.msg_type = ANY (ARRAY[1, 2, 3])) THEN 'A'::text
            WHEN (p.msg_type = ANY (ARRAY[18, 19])) THEN 'B'::text
            ELSE NULL::text
        END) AS ais_class,
    p.time_shift,
    p.missing,
    p.flags,
    m.country,
    n.name AS nav_status_text
   FROM ((ais.positions p
     LEFT JOIN ref.mids m ON ((m.mid = ref.mid_of(p.mmsi))))
     LEFT JOIN ref.nav_statuses n ON ((n.nav_status = p.nav_status)));

CREATE TABLE ais.positions_12h (
    bucket timestamp with time zone NOT NULL,
    first_time timestamp with time zone,
    last_time timestamp with time zone,
    first_lon double precision,
    first_lat double precision,
    lon double precision,
    lat double precision,
    distance_metres double precision NOT NULL,
    sog_mean double precision,
    cog_mean double precision,
    cog_length double precision,
    heading_mean double precision,
    heading_length double precision,
    mmsi integer NOT NULL,
    reports integer NOT NULL,
    fixes integer NOT NULL,
    sog_count integer NOT NULL,
    cog_count integer NOT NULL,
    heading_count integer NOT NULL,
    sog real,
    cog real,
    sog_min real,
    sog_max real,
    heading smallint,
    nav_status smallint,
    source text
);

CREATE TABLE ais.positions_30min (
    bucket timestamp with time zone NOT NULL,
    first_time timestamp with time zone,
    last_time timestamp with time zone,
    first_lon double precision,
    first_lat double precision,
    lon double precision,
    lat double precision,
    distance_metres double precision NOT NULL,
    sog_mean double precision,
    cog_mean double precision,
    cog_length double precision,
    heading_mean double precision,
    heading_length double precision,
    mmsi integer NOT NULL,
    reports integer NOT NULL,
    fixes integer NOT NULL,
    sog_count integer NOT NULL,
    cog_count integer NOT NULL,
    heading_count integer NOT NULL,
    sog real,
    cog real,
    sog_min real,
    sog_max real,
    heading smallint,
    nav_status smallint,
    source text
)
PARTITION BY RANGE (bucket);

CREATE TABLE ais.safety_messages (
    event_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    mmsi integer NOT NULL,
    dest_mmsi integer,
    msg_type smallint,
    repeat smallint,
    seqno smallint,
    own_ship boolean NOT NULL,
    retransmit boolean,
    time_source text NOT NULL,
    source text NOT NULL,
    station text,
    channel text,
    talker text,
    text text,
    time_shift double precision,
    missing text,
    flags smallint
);

CREATE TABLE ais.sar_aircraft_positions (
    event_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    mmsi integer NOT NULL,
    altitude integer,
    sog real,
    cog real,
    radio integer,
    msg_type smallint,
    repeat smallint,
    second smallint,
    reserved smallint,
    own_ship boolean NOT NULL,
    altitude_barometric boolean,
    accuracy boolean,
    dte boolean,
    assigned boolean,
    raim boolean,
    geom public.geometry(Point,4326),
    time_source text NOT NULL,
    source text NOT NULL,
    station text,
    channel text,
    talker text,
    time_shift double precision,
    missing text,
    flags smallint
);

ALTER TABLE ais.static_reports ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ais.static_reports_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE ais.tracks (
    start_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone NOT NULL,
    length_metres double precision NOT NULL,
    straight_metres double precision NOT NULL,
    sinuosity double precision,
    mmsi integer NOT NULL,
    positions integer NOT NULL,
    goes_on boolean NOT NULL,
    geom public.geometry(LineStringM,4326) NOT NULL
)
PARTITION BY RANGE (start_time);

CREATE VIEW ais.trips AS
 SELECT numbered.mmsi,
    min(numbered.start_time) AS start_time,
    max(numbered.end_time) AS end_time,
    sum(numbered.length_metres) AS length_metres,
    (((sum(numbered.positions) - count(*)) + 1))::integer AS positions,
    (public.st_makeline(numbered.geom ORDER BY numbered.start_time))::public.geometry(LineStringM,4326) AS geom
   FROM ( SELECT t.start_time,
            t.end_time,
            t.length_metres,
            t.straight_metres,
            t.sinuosity,
            t.mmsi,
            t.positions,
            t.goes_on,
            t.geom,
            t.continues,
            count(*) FILTER (WHERE (NOT t.continues)) OVER (PARTITION BY t.mmsi ORDER BY t.start_time) AS trip
           FROM ( SELECT tracks.start_time,
                    tracks.end_time,
                    tracks.length_metres,
                    tracks.straight_metres,
                    tracks.sinuosity,
                    tracks.mmsi,
                    tracks.positions,
                    tracks.goes_on,
                    tracks.geom,
                    COALESCE((lag(tracks.goes_on) OVER w AND (lag(tracks.end_time) OVER w = tracks.start_time)), false) AS continues
                   FROM ais.tracks
                  WINDOW w AS (PARTITION BY tracks.mmsi ORDER BY tracks.start_time)) t) numbered
  GROUP BY numbered.mmsi, numbered.trip;

CREATE TABLE ais.vessel_days (
    first_time timestamp with time zone,
    last_time timestamp with time zone,
    distance_metres double precision NOT NULL,
    moving_hours double precision NOT NULL,
    rest_hours double precision NOT NULL,
    day date NOT NULL,
    mmsi integer NOT NULL,
    reports integer NOT NULL,
    fixes integer NOT NULL,
    gaps integer NOT NULL,
    sog_max real,
    ship_type smallint,
    bbox public.geometry(Polygon,4326)
);

CREATE TABLE ais.vessels (
    first_time timestamp with time zone NOT NULL,
    last_time timestamp with time zone NOT NULL,
    name_time timestamp with time zone,
    callsign_time timestamp with time zone,
    imo_time timestamp with time zone,
    ship_type_time timestamp with time zone,
    dimensions_time timestamp with time zone,
    fix_type_time timestamp with time zone,
    eta_time timestamp with time zone,
    draught_time timestamp with time zone,
    destination_time timestamp with time zone,
    dte_time timestamp with time zone,
    ais_version_time timestamp with time zone,
    vendor_id_time timestamp with time zone,
    vendor_model_time timestamp with time zone,
    vendor_serial_time timestamp with time zone,
    mothership_mmsi_time timestamp with time zone,
    eta timestamp with time zone,
    mmsi integer NOT NULL,
    imo integer,
    draught real,
    vendor_serial integer,
    mothership_mmsi integer,
    ship_type smallint,
    to_bow smallint,
    to_stern smallint,
    to_port smallint,
    to_starboard smallint,
    fix_type smallint,
    eta_month smallint,
    eta_day smallint,
    eta_hour smallint,
    eta_minute smallint,
    ais_version smallint,
    vendor_model smallint,
    dte boolean,
    name text,
    callsign text,
    destination text,
    vendor_id text,
    source text NOT NULL,
    station text,
    ais_class_time timestamp with time zone,
    length_time timestamp with time zone,
    width_time timestamp with time zone,
    length real,
    width real,
    ais_class text
)
WITH (fillfactor='70');

CREATE TABLE ref.ship_types (
    ship_type smallint NOT NULL,
    ship_class text,
    subclass text,
    description text NOT NULL
);

CREATE VIEW ais.vessels_now AS
 SELECT p.mmsi,
    v.name,
    v.callsign,
    v.imo,
    v.ship_type,
    v.destination,
    v.draught,
        CASE
            WHEN ((v.length >= (0)::double precision) AND (v.length <= (1022)::double precision)) THEN (round((v.length)::double precision))::smallint
            ELSE NULL::smallint
        END AS length,
        CASE
            WHEN ((v.width >= (0)::double precision) AND (v.width <= (126)::double precision)) THEN (round((v.width)::double precision))::smallint
            ELSE NULL::smallint
        END AS width,
    p.event_time,
    p.sog,
    p.cog,
    p.heading,
    p.nav_status,
    p.lon,
    p.lat,
    p.geom,
    p.source,
    COALESCE(p.low_resolution, (p.msg_type = 27), false) AS low_resolution,
    COALESCE(p.ais_class,
        CASE
            WHEN (p.msg_type = ANY (ARRAY[1, 2, 3])) THEN 'A'::text
            WHEN (p.msg_type = ANY (ARRAY[18, 19])) THEN 'B'::text
            ELSE NULL::text
        END, v.ais_class) AS ais_class,
    p.flags,
    m.country,
    t.ship_class,
    t.subclass AS ship_subclass,
    t.description AS ship_type_text,
    n.name AS nav_status_text,
    (now() - p.event_time) AS age,
    p.station,
    p.time_source
   FROM ((((ais.latest_positions p
     LEFT JOIN ais.vessels v ON ((v.mmsi = p.mmsi)))
     LEFT JOIN ref.mids m ON ((m.mid = ref.mid_of(p.mmsi))))
     LEFT JOIN ref.ship_types t ON ((t.ship_type = v.ship_type)))
     LEFT JOIN ref.nav_statuses n ON ((n.nav_status = p.nav_status)));

CREATE TABLE ops.archives (
    day date NOT NULL,
    rows bigint NOT NULL,
    bytes bigint NOT NULL,
    written_at timestamp with time zone DEFAULT now() NOT NULL,
    dropped_at timestamp with time zone,
    file text NOT NULL,
    source text NOT NULL,
    checksum text NOT NULL
);

CREATE TABLE ops.changed_periods (
    period timestamp with time zone NOT NULL,
    noted_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE ops.forgotten (
    before date NOT NULL,
    name text NOT NULL
);

CREATE TABLE ops.frozen_days (
    day date NOT NULL,
    frozen_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE ops.imports (
    published_at timestamp with time zone NOT NULL,
    committed_at timestamp with time zone DEFAULT now() NOT NULL,
    bytes bigint NOT NULL,
    lines bigint NOT NULL,
    records bigint NOT NULL,
    batches integer NOT NULL,
    content_hash text NOT NULL,
    source text NOT NULL,
    file text NOT NULL,
    batch_prefix text NOT NULL
);

CREATE TABLE ops.jobs (
    every interval NOT NULL,
    last_started timestamp with time zone,
    last_finished timestamp with time zone,
    next_due timestamp with time zone DEFAULT now() NOT NULL,
    duration interval,
    rows bigint,
    failures integer DEFAULT 0 NOT NULL,
    enabled boolean DEFAULT true NOT NULL,
    name text NOT NULL,
    error text,
    CONSTRAINT jobs_every_check CHECK ((every > '00:00:00'::interval))
);

CREATE TABLE ops.late_rows (
    partition_name text NOT NULL,
    "row" jsonb
);

CREATE TABLE ops.ledger (
    published_at timestamp with time zone,
    committed_at timestamp with time zone DEFAULT now() NOT NULL,
    received integer NOT NULL,
    stored integer NOT NULL,
    batch_id text NOT NULL,
    source text NOT NULL,
    rejected jsonb DEFAULT '{}'::jsonb NOT NULL,
    dropped jsonb DEFAULT '{}'::jsonb NOT NULL,
    held integer DEFAULT 0 NOT NULL,
    released integer DEFAULT 0 NOT NULL
);

CREATE VIEW ops.months AS
 SELECT (parent.relname)::text AS table_name,
    (c.relname)::text AS name,
    ((make_date(("left"("right"((c.relname)::text, 6), 4))::integer, ("right"((c.relname)::text, 2))::integer, 1) + '1 mon'::interval))::date AS end_day,
    pg_total_relation_size((c.oid)::regclass) AS bytes
   FROM ((pg_inherits i
     JOIN pg_class c ON (((c.oid = i.inhrelid) AND (c.relname ~ '_[0-9]{6}$'::text))))
     JOIN pg_class parent ON ((parent.oid = i.inhparent)))
  WHERE ((i.inhparent = ANY (ARRAY[('ais.positions_30min'::regclass)::oid, ('ais.tracks'::regclass)::oid, ('ais.density'::regclass)::oid])) AND (NOT i.inhdetachpending));

CREATE TABLE ops.partition_upkeep (
    inserts_since timestamp with time zone DEFAULT now() NOT NULL,
    closed_at timestamp with time zone,
    archived_at timestamp with time zone,
    keep_until timestamp with time zone,
    inserts bigint DEFAULT 0 NOT NULL,
    closed_bytes bigint,
    deleted_inserts bigint,
    copied_in xid8,
    name text NOT NULL,
    deleted_sources text[]
);

CREATE VIEW ops.partitions AS
 SELECT (c.relname)::text AS name,
    c.oid AS relation_id,
    make_timestamptz(period.y, period.m, COALESCE(period.d, 1), 0, 0, (0)::double precision, 'UTC'::text) AS first_time,
        CASE
            WHEN (period.d IS NULL) THEN make_timestamptz((period.y + (period.m / 12)), ((period.m % 12) + 1), 1, 0, 0, (0)::double precision, 'UTC'::text)
            ELSE (make_timestamptz(period.y, period.m, period.d, 0, 0, (0)::double precision, 'UTC'::text) + '24:00:00'::interval)
        END AS end_time,
    (GREATEST(c.reltuples, (0)::real))::bigint AS about_rows,
    pg_table_size((c.oid)::regclass) AS table_bytes,
    pg_indexes_size((c.oid)::regclass) AS index_bytes,
    u.closed_at,
    u.archived_at,
    u.keep_until
   FROM (((pg_inherits i
     JOIN pg_class c ON (((c.oid = i.inhrelid) AND (c.relname ~ '^positions_[0-9]{6}([0-9]{2})?$'::text))))
     CROSS JOIN LATERAL ( SELECT (substr((c.relname)::text, 11, 4))::integer AS y,
            (substr((c.relname)::text, 15, 2))::integer AS m,
            (NULLIF(substr((c.relname)::text, 17), ''::text))::integer AS d) period)
     LEFT JOIN ops.partition_upkeep u ON ((u.name = c.relname)))
  WHERE ((i.inhparent = ('ais.position_rows'::regclass)::oid) AND (NOT i.inhdetachpending));

CREATE TABLE ops.refreshed (
    upto timestamp with time zone NOT NULL,
    refreshed_at timestamp with time zone NOT NULL,
    rows bigint NOT NULL,
    name text NOT NULL
);

CREATE TABLE ops.retention (
    id integer NOT NULL,
    days integer NOT NULL,
    archive boolean DEFAULT false NOT NULL,
    table_name text NOT NULL,
    source text,
    CONSTRAINT retention_check CHECK (((NOT archive) OR (table_name = 'positions'::text))),
    CONSTRAINT retention_days_check CHECK ((days > 0)),
    CONSTRAINT retention_source_check CHECK (((source IS NULL) OR (NOT ops.is_derived(table_name)))),
    CONSTRAINT retention_table_name_check CHECK (((table_name = 'positions'::text) OR (ops.time_column(table_name) IS NOT NULL)))
);

ALTER TABLE ops.retention ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.retention_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE ops.role_limits (
    statement interval,
    idle interval,
    transaction interval,
    connections integer,
    role text NOT NULL,
    CONSTRAINT role_limits_connections_check CHECK ((connections > 0)),
    CONSTRAINT role_limits_idle_check CHECK ((idle > '00:00:00'::interval)),
    CONSTRAINT role_limits_role_check CHECK ((role = ANY (ARRAY['analyst'::text, 'api'::text]))),
    CONSTRAINT role_limits_statement_check CHECK ((statement > '00:00:00'::interval)),
    CONSTRAINT role_limits_transaction_check CHECK ((transaction > '00:00:00'::interval))
);

CREATE TABLE ops.stale_periods (
    period timestamp with time zone NOT NULL,
    day date NOT NULL,
    name text NOT NULL
);

CREATE TABLE ref.areas (
    id bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    geom public.geometry(MultiPolygon,4326) NOT NULL,
    properties jsonb NOT NULL,
    source text NOT NULL
);

ALTER TABLE ref.areas ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ref.areas_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE ref.msg_types (
    msg_type smallint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    description text NOT NULL
);

CREATE TABLE ref.ports (
    id bigint NOT NULL,
    locode text,
    name text NOT NULL,
    country text,
    geom public.geometry(Point,4326) NOT NULL,
    source text NOT NULL
);

ALTER TABLE ref.ports ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ref.ports_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE ref.sources (
    name text NOT NULL,
    what text NOT NULL,
    licence text,
    url text,
    version text,
    loaded_at timestamp with time zone
);

ALTER TABLE ONLY ais.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ais.latest_position_rows
    ADD CONSTRAINT latest_position_rows_pkey PRIMARY KEY (mmsi);

ALTER TABLE ONLY ais.position_labels
    ADD CONSTRAINT position_labels_fingerprint_key UNIQUE (fingerprint);

ALTER TABLE ONLY ais.position_labels
    ADD CONSTRAINT position_labels_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ais.positions_12h
    ADD CONSTRAINT positions_12h_pkey PRIMARY KEY (mmsi, bucket);

ALTER TABLE ONLY ais.positions_30min
    ADD CONSTRAINT positions_30min_pkey PRIMARY KEY (mmsi, bucket);

ALTER TABLE ONLY ais.static_reports
    ADD CONSTRAINT static_reports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ais.tracks
    ADD CONSTRAINT tracks_pkey PRIMARY KEY (mmsi, start_time);

ALTER TABLE ONLY ais.vessel_days
    ADD CONSTRAINT vessel_days_pkey PRIMARY KEY (mmsi, day);

ALTER TABLE ONLY ais.vessels
    ADD CONSTRAINT vessels_pkey PRIMARY KEY (mmsi);

ALTER TABLE ONLY ops.archives
    ADD CONSTRAINT archives_pkey PRIMARY KEY (file);

ALTER TABLE ONLY ops.forgotten
    ADD CONSTRAINT forgotten_pkey PRIMARY KEY (name);

ALTER TABLE ONLY ops.frozen_days
    ADD CONSTRAINT frozen_days_pkey PRIMARY KEY (day);

ALTER TABLE ONLY ops.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (content_hash, source);

ALTER TABLE ONLY ops.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (name);

ALTER TABLE ONLY ops.ledger
    ADD CONSTRAINT ledger_pkey PRIMARY KEY (batch_id);

ALTER TABLE ONLY ops.partition_upkeep
    ADD CONSTRAINT partition_upkeep_pkey PRIMARY KEY (name);

ALTER TABLE ONLY ops.refreshed
    ADD CONSTRAINT refreshed_pkey PRIMARY KEY (name);

ALTER TABLE ONLY ops.retention
    ADD CONSTRAINT retention_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ops.role_limits
    ADD CONSTRAINT role_limits_pkey PRIMARY KEY (role);

ALTER TABLE ONLY ref.areas
    ADD CONSTRAINT areas_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ref.mids
    ADD CONSTRAINT mids_pkey PRIMARY KEY (mid);

ALTER TABLE ONLY ref.msg_types
    ADD CONSTRAINT msg_types_pkey PRIMARY KEY (msg_type);

ALTER TABLE ONLY ref.nav_statuses
    ADD CONSTRAINT nav_statuses_pkey PRIMARY KEY (nav_status);

ALTER TABLE ONLY ref.ports
    ADD CONSTRAINT ports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ref.ship_types
    ADD CONSTRAINT ship_types_pkey PRIMARY KEY (ship_type);

ALTER TABLE ONLY ref.sources
    ADD CONSTRAINT sources_pkey PRIMARY KEY (name);

CREATE INDEX aton_reports_event_time ON ais.aton_reports USING btree (event_time);

CREATE INDEX aton_reports_mmsi_event_time ON ais.aton_reports USING btree (mmsi, event_time);

CREATE INDEX base_station_reports_event_time ON ais.base_station_reports USING btree (event_time);

CREATE INDEX base_station_reports_mmsi_event_time ON ais.base_station_reports USING btree (mmsi, event_time);

CREATE INDEX binary_messages_event_time ON ais.binary_messages USING btree (event_time);

CREATE INDEX binary_messages_mmsi_event_time ON ais.binary_messages USING btree (mmsi, event_time);

CREATE INDEX density_cell ON ONLY ais.density USING btree (cell);

CREATE INDEX density_day ON ONLY ais.density USING brin (day) WITH (autosummarize='on');

CREATE INDEX events_geom ON ais.events USING gist (geom);

CREATE INDEX events_kind_event_time ON ais.events USING btree (kind, event_time);

CREATE INDEX events_mmsi ON ais.events USING btree (mmsi, event_time);

CREATE INDEX heard_copies_kept_time ON ais.heard_copies USING brin (kept_time) WITH (autosummarize='on');

CREATE INDEX heard_copies_mmsi ON ais.heard_copies USING btree (mmsi);

CREATE INDEX other_messages_event_time ON ais.other_messages USING btree (event_time);

CREATE INDEX other_messages_mmsi_event_time ON ais.other_messages USING btree (mmsi, event_time);

CREATE INDEX position_rows_event_time ON ONLY ais.position_rows USING brin (event_time) WITH (autosummarize='on');

CREATE INDEX position_rows_mmsi ON ONLY ais.position_rows USING btree (mmsi);

CREATE INDEX positions_12h_bucket ON ais.positions_12h USING brin (bucket) WITH (autosummarize='on');

CREATE INDEX positions_30min_bucket ON ONLY ais.positions_30min USING brin (bucket) WITH (autosummarize='on');

CREATE INDEX safety_messages_event_time ON ais.safety_messages USING btree (event_time);

CREATE INDEX safety_messages_mmsi_event_time ON ais.safety_messages USING btree (mmsi, event_time);

CREATE INDEX sar_aircraft_positions_event_time ON ais.sar_aircraft_positions USING btree (event_time);

CREATE INDEX sar_aircraft_positions_mmsi_event_time ON ais.sar_aircraft_positions USING btree (mmsi, event_time);

CREATE INDEX static_reports_series ON ais.static_reports USING btree (mmsi, COALESCE(msg_type, (0)::smallint), first_time);

CREATE INDEX tracks_geom ON ONLY ais.tracks USING gist (geom);

CREATE INDEX tracks_start_time ON ONLY ais.tracks USING btree (start_time);

CREATE INDEX vessel_days_day ON ais.vessel_days USING btree (day);

CREATE INDEX vessels_name_trigrams ON ais.vessels USING gin (name public.gin_trgm_ops);

CREATE INDEX archives_day ON ops.archives USING btree (day, source);

CREATE INDEX late_rows_partition_name ON ops.late_rows USING btree (partition_name);

CREATE INDEX ledger_batch_id_prefix ON ops.ledger USING btree (batch_id text_pattern_ops);

CREATE INDEX ledger_committed_at ON ops.ledger USING btree (committed_at);

CREATE UNIQUE INDEX retention_table_name_source ON ops.retention USING btree (table_name, COALESCE(source, ''::text));

CREATE INDEX areas_geom ON ref.areas USING gist (geom);

CREATE INDEX areas_name ON ref.areas USING btree (name);

CREATE INDEX areas_source ON ref.areas USING btree (source);

CREATE INDEX ports_geom ON ref.ports USING gist (geom);

CREATE INDEX ports_locode ON ref.ports USING btree (locode);

CREATE INDEX ports_source ON ref.ports USING btree (source);

ALTER TABLE ONLY ref.areas
    ADD CONSTRAINT areas_source_fkey FOREIGN KEY (source) REFERENCES ref.sources(name);

ALTER TABLE ONLY ref.ports
    ADD CONSTRAINT ports_source_fkey FOREIGN KEY (source) REFERENCES ref.sources(name);

GRANT USAGE ON SCHEMA ais TO analyst;
GRANT USAGE ON SCHEMA ais TO writer;
GRANT USAGE ON SCHEMA ais TO maintainer;
GRANT USAGE ON SCHEMA ais TO api;

GRANT USAGE ON SCHEMA ops TO analyst;
GRANT USAGE ON SCHEMA ops TO writer;
GRANT USAGE ON SCHEMA ops TO maintainer;

GRANT USAGE ON SCHEMA ref TO analyst;
GRANT USAGE ON SCHEMA ref TO writer;
GRANT USAGE ON SCHEMA ref TO maintainer;
GRANT USAGE ON SCHEMA ref TO api;

GRANT ALL ON FUNCTION ais.cell_at(lon double precision, lat double precision) TO api;

GRANT ALL ON FUNCTION ais.cell_of(x double precision, y double precision) TO api;

GRANT ALL ON FUNCTION ais.cell_polygon(cell bigint) TO api;

GRANT ALL ON FUNCTION ais.cell_x(lon double precision) TO api;

GRANT ALL ON FUNCTION ais.cell_y(lat double precision) TO api;

GRANT ALL ON FUNCTION ais.cells_along(x_1 double precision, y_1 double precision, x_2 double precision, y_2 double precision) TO api;

REVOKE ALL ON FUNCTION ais.closest_vessels(place public.geometry, at timestamp with time zone, n integer, within interval) FROM PUBLIC;
GRANT ALL ON FUNCTION ais.closest_vessels(place public.geometry, at timestamp with time zone, n integer, within interval) TO analyst;
GRANT ALL ON FUNCTION ais.closest_vessels(place public.geometry, at timestamp with time zone, n integer, within interval) TO api;

GRANT ALL ON FUNCTION ais.country_of(mmsi integer) TO api;

REVOKE ALL ON FUNCTION ais.crossings(line public.geometry, from_time timestamp with time zone, to_time timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION ais.crossings(line public.geometry, from_time timestamp with time zone, to_time timestamp with time zone) TO analyst;
GRANT ALL ON FUNCTION ais.crossings(line public.geometry, from_time timestamp with time zone, to_time timestamp with time zone) TO api;

REVOKE ALL ON FUNCTION ais.density(bbox public.geometry, from_time timestamp with time zone, to_time timestamp with time zone, class text) FROM PUBLIC;
GRANT ALL ON FUNCTION ais.density(bbox public.geometry, from_time timestamp with time zone, to_time timestamp with time zone, class text) TO analyst;
GRANT ALL ON FUNCTION ais.density(bbox public.geometry, from_time timestamp with time zone, to_time timestamp with time zone, class text) TO api;

GRANT ALL ON FUNCTION ais.direction(east double precision, north double precision) TO api;

REVOKE ALL ON FUNCTION ais.encounters(from_time timestamp with time zone, to_time timestamp with time zone, metres double precision, min_knots double precision, area public.geometry) FROM PUBLIC;
GRANT ALL ON FUNCTION ais.encounters(from_time timestamp with time zone, to_time timestamp with time zone, metres double precision, min_knots double precision, area public.geometry) TO analyst;
GRANT ALL ON FUNCTION ais.encounters(from_time timestamp with time zone, to_time timestamp with time zone, metres double precision, min_knots double precision, area public.geometry) TO api;

REVOKE ALL ON FUNCTION ais.ensure_month(table_name text, day date) FROM PUBLIC;
GRANT ALL ON FUNCTION ais.ensure_month(table_name text, day date) TO maintainer;

REVOKE ALL ON FUNCTION ais.ensure_partition(day date) FROM PUBLIC;
GRANT ALL ON FUNCTION ais.ensure_partition(day date) TO writer;
GRANT ALL ON FUNCTION ais.ensure_partition(day date) TO maintainer;

GRANT ALL ON FUNCTION ais.flag_names(flags integer) TO api;

GRANT ALL ON FUNCTION ais.fuzzy_name_search(fuzzy_name text, n integer) TO api;

GRANT ALL ON FUNCTION ais.metres_between(lon_1 double precision, lat_1 double precision, lon_2 double precision, lat_2 double precision) TO api;

GRANT ALL ON FUNCTION ais.point(lon integer, lat integer) TO api;

REVOKE ALL ON FUNCTION ais.port_visits(vessel integer, from_time timestamp with time zone, to_time timestamp with time zone, within_metres double precision, below_knots double precision, max_gap interval) FROM PUBLIC;
GRANT ALL ON FUNCTION ais.port_visits(vessel integer, from_time timestamp with time zone, to_time timestamp with time zone, within_metres double precision, below_knots double precision, max_gap interval) TO analyst;
GRANT ALL ON FUNCTION ais.port_visits(vessel integer, from_time timestamp with time zone, to_time timestamp with time zone, within_metres double precision, below_knots double precision, max_gap interval) TO api;

GRANT ALL ON FUNCTION ais.ship_class(ship_type integer) TO api;

GRANT ALL ON FUNCTION ais.ship_type_at(vessel integer, moment timestamp with time zone) TO api;

GRANT ALL ON FUNCTION ais.ten_millionths(degrees double precision, most integer) TO api;

REVOKE ALL ON FUNCTION ais.time_in_area(area public.geometry, from_time timestamp with time zone, to_time timestamp with time zone, vessel integer) FROM PUBLIC;
GRANT ALL ON FUNCTION ais.time_in_area(area public.geometry, from_time timestamp with time zone, to_time timestamp with time zone, vessel integer) TO analyst;
GRANT ALL ON FUNCTION ais.time_in_area(area public.geometry, from_time timestamp with time zone, to_time timestamp with time zone, vessel integer) TO api;

REVOKE ALL ON FUNCTION ais.track_steps(touches public.geometry, from_time timestamp with time zone, to_time timestamp with time zone, vessel integer) FROM PUBLIC;
GRANT ALL ON FUNCTION ais.track_steps(touches public.geometry, from_time timestamp with time zone, to_time timestamp with time zone, vessel integer) TO analyst;
GRANT ALL ON FUNCTION ais.track_steps(touches public.geometry, from_time timestamp with time zone, to_time timestamp with time zone, vessel integer) TO api;

REVOKE ALL ON FUNCTION ais.vessel_history(vessel integer, from_time timestamp with time zone, to_time timestamp with time zone, every interval) FROM PUBLIC;
GRANT ALL ON FUNCTION ais.vessel_history(vessel integer, from_time timestamp with time zone, to_time timestamp with time zone, every interval) TO analyst;
GRANT ALL ON FUNCTION ais.vessel_history(vessel integer, from_time timestamp with time zone, to_time timestamp with time zone, every interval) TO api;

REVOKE ALL ON FUNCTION ais.vessel_position_at(vessel integer, at timestamp with time zone, max_gap interval) FROM PUBLIC;
GRANT ALL ON FUNCTION ais.vessel_position_at(vessel integer, at timestamp with time zone, max_gap interval) TO analyst;
GRANT ALL ON FUNCTION ais.vessel_position_at(vessel integer, at timestamp with time zone, max_gap interval) TO api;

REVOKE ALL ON FUNCTION ais.vessel_track(vessel integer, from_time timestamp with time zone, to_time timestamp with time zone, max_gap interval) FROM PUBLIC;
GRANT ALL ON FUNCTION ais.vessel_track(vessel integer, from_time timestamp with time zone, to_time timestamp with time zone, max_gap interval) TO analyst;
GRANT ALL ON FUNCTION ais.vessel_track(vessel integer, from_time timestamp with time zone, to_time timestamp with time zone, max_gap interval) TO api;

REVOKE ALL ON FUNCTION ais.vessels_at(at timestamp with time zone, within interval, area public.geometry) FROM PUBLIC;
GRANT ALL ON FUNCTION ais.vessels_at(at timestamp with time zone, within interval, area public.geometry) TO analyst;
GRANT ALL ON FUNCTION ais.vessels_at(at timestamp with time zone, within interval, area public.geometry) TO api;

REVOKE ALL ON FUNCTION ops.copy_partition(partition_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION ops.copy_partition(partition_name text) TO maintainer;

REVOKE ALL ON FUNCTION ops.delete_expired(table_name text, from_time timestamp with time zone, until_time timestamp with time zone, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION ops.delete_expired(table_name text, from_time timestamp with time zone, until_time timestamp with time zone, most integer) TO maintainer;

REVOKE ALL ON FUNCTION ops.delete_expired_positions(partition_name text, first_block bigint, end_block bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION ops.delete_expired_positions(partition_name text, first_block bigint, end_block bigint) TO maintainer;

REVOKE ALL ON FUNCTION ops.delete_expired_runs(first_block bigint, end_block bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION ops.delete_expired_runs(first_block bigint, end_block bigint) TO maintainer;

REVOKE ALL ON FUNCTION ops.drop_month(partition_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION ops.drop_month(partition_name text) TO maintainer;

REVOKE ALL ON FUNCTION ops.drop_partition(partition_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION ops.drop_partition(partition_name text) TO maintainer;

REVOKE ALL ON FUNCTION ops.end_runaways() FROM PUBLIC;
GRANT ALL ON FUNCTION ops.end_runaways() TO maintainer;

REVOKE ALL ON FUNCTION ops.expired_sources(partition_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION ops.expired_sources(partition_name text) TO maintainer;

REVOKE ALL ON FUNCTION ops.may_drop(partition_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION ops.may_drop(partition_name text) TO maintainer;

REVOKE ALL ON FUNCTION ops.note_late_row() FROM PUBLIC;

REVOKE ALL ON FUNCTION ops.swap_partition(partition_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION ops.swap_partition(partition_name text) TO maintainer;

REVOKE ALL ON FUNCTION ops.take_in_late_rows(partition_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION ops.take_in_late_rows(partition_name text) TO maintainer;

REVOKE ALL ON FUNCTION ops.unwatch_partition(partition_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION ops.unwatch_partition(partition_name text) TO maintainer;

REVOKE ALL ON FUNCTION ops.watch_partition(partition_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION ops.watch_partition(partition_name text) TO maintainer;

GRANT ALL ON FUNCTION ref.mid_of(mmsi integer) TO api;

GRANT SELECT ON TABLE ais.aton_reports TO analyst;
GRANT SELECT,INSERT ON TABLE ais.aton_reports TO writer;
GRANT SELECT ON TABLE ais.aton_reports TO maintainer;
GRANT SELECT ON TABLE ais.aton_reports TO api;

GRANT SELECT ON TABLE ais.base_station_reports TO analyst;
GRANT SELECT,INSERT ON TABLE ais.base_station_reports TO writer;
GRANT SELECT ON TABLE ais.base_station_reports TO maintainer;
GRANT SELECT ON TABLE ais.base_station_reports TO api;

GRANT SELECT ON TABLE ais.binary_messages TO analyst;
GRANT SELECT,INSERT ON TABLE ais.binary_messages TO writer;
GRANT SELECT ON TABLE ais.binary_messages TO maintainer;
GRANT SELECT ON TABLE ais.binary_messages TO api;

GRANT SELECT ON TABLE ais.density TO analyst;
GRANT SELECT ON TABLE ais.density TO writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ais.density TO maintainer;
GRANT SELECT ON TABLE ais.density TO api;

GRANT SELECT ON TABLE ais.events TO analyst;
GRANT SELECT ON TABLE ais.events TO writer;
GRANT SELECT ON TABLE ais.events TO maintainer;
GRANT SELECT ON TABLE ais.events TO api;

GRANT SELECT ON TABLE ais.position_rows TO analyst;
GRANT SELECT,INSERT ON TABLE ais.position_rows TO writer;
GRANT SELECT ON TABLE ais.position_rows TO maintainer;
GRANT SELECT ON TABLE ais.position_rows TO api;

GRANT SELECT ON TABLE ais.fix_rows TO analyst;
GRANT SELECT ON TABLE ais.fix_rows TO writer;
GRANT SELECT ON TABLE ais.fix_rows TO maintainer;
GRANT SELECT ON TABLE ais.fix_rows TO api;

GRANT SELECT ON TABLE ais.fixes TO analyst;
GRANT SELECT ON TABLE ais.fixes TO writer;
GRANT SELECT ON TABLE ais.fixes TO maintainer;
GRANT SELECT ON TABLE ais.fixes TO api;

GRANT SELECT ON TABLE ais.heard_copies TO analyst;
GRANT SELECT,INSERT ON TABLE ais.heard_copies TO writer;
GRANT SELECT ON TABLE ais.heard_copies TO maintainer;
GRANT SELECT ON TABLE ais.heard_copies TO api;

GRANT SELECT ON TABLE ais.heard TO analyst;
GRANT SELECT ON TABLE ais.heard TO writer;
GRANT SELECT ON TABLE ais.heard TO maintainer;
GRANT SELECT ON TABLE ais.heard TO api;

GRANT SELECT ON TABLE ais.static_reports TO analyst;
GRANT SELECT,INSERT,UPDATE ON TABLE ais.static_reports TO writer;
GRANT SELECT ON TABLE ais.static_reports TO maintainer;
GRANT SELECT ON TABLE ais.static_reports TO api;

GRANT SELECT ON TABLE ais.vessel_identities TO analyst;
GRANT SELECT ON TABLE ais.vessel_identities TO writer;
GRANT SELECT ON TABLE ais.vessel_identities TO maintainer;
GRANT SELECT ON TABLE ais.vessel_identities TO api;

GRANT SELECT ON TABLE ais.identity_changes TO analyst;
GRANT SELECT ON TABLE ais.identity_changes TO writer;
GRANT SELECT ON TABLE ais.identity_changes TO maintainer;
GRANT SELECT ON TABLE ais.identity_changes TO api;

GRANT SELECT ON TABLE ais.latest_position_rows TO analyst;
GRANT SELECT,INSERT,UPDATE ON TABLE ais.latest_position_rows TO writer;
GRANT SELECT ON TABLE ais.latest_position_rows TO maintainer;
GRANT SELECT ON TABLE ais.latest_position_rows TO api;

GRANT SELECT ON TABLE ais.position_labels TO analyst;
GRANT SELECT,INSERT ON TABLE ais.position_labels TO writer;
GRANT SELECT ON TABLE ais.position_labels TO maintainer;
GRANT SELECT ON TABLE ais.position_labels TO api;

GRANT SELECT ON TABLE ais.latest_positions TO analyst;
GRANT SELECT ON TABLE ais.latest_positions TO writer;
GRANT SELECT ON TABLE ais.latest_positions TO maintainer;
GRANT SELECT ON TABLE ais.latest_positions TO api;

GRANT SELECT ON TABLE ais.other_messages TO analyst;
GRANT SELECT,INSERT ON TABLE ais.other_messages TO writer;
GRANT SELECT ON TABLE ais.other_messages TO maintainer;
GRANT SELECT ON TABLE ais.other_messages TO api;

GRANT SELECT ON TABLE ais.positions TO analyst;
GRANT SELECT ON TABLE ais.positions TO writer;
GRANT SELECT ON TABLE ais.positions TO maintainer;
GRANT SELECT ON TABLE ais.positions TO api;

GRANT SELECT ON TABLE ref.mids TO analyst;
GRANT SELECT ON TABLE ref.mids TO writer;
GRANT SELECT ON TABLE ref.mids TO maintainer;
GRANT SELECT ON TABLE ref.mids TO api;

GRANT SELECT ON TABLE ref.nav_statuses TO analyst;
GRANT SELECT ON TABLE ref.nav_statuses TO writer;
GRANT SELECT ON TABLE ref.nav_statuses TO maintainer;
GRANT SELECT ON TABLE ref.nav_statuses TO api;

GRANT SELECT ON TABLE ais.position_reports TO analyst;
GRANT SELECT ON TABLE ais.position_reports TO writer;
GRANT SELECT ON TABLE ais.position_reports TO maintainer;
GRANT SELECT ON TABLE ais.position_reports TO api;

GRANT SELECT ON TABLE ais.positions_12h TO analyst;
GRANT SELECT ON TABLE ais.positions_12h TO writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ais.positions_12h TO maintainer;
GRANT SELECT ON TABLE ais.positions_12h TO api;

GRANT SELECT ON TABLE ais.positions_30min TO analyst;
GRANT SELECT ON TABLE ais.positions_30min TO writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ais.positions_30min TO maintainer;
GRANT SELECT ON TABLE ais.positions_30min TO api;

GRANT SELECT ON TABLE ais.safety_messages TO analyst;
GRANT SELECT,INSERT ON TABLE ais.safety_messages TO writer;
GRANT SELECT ON TABLE ais.safety_messages TO maintainer;
GRANT SELECT ON TABLE ais.safety_messages TO api;

GRANT SELECT ON TABLE ais.sar_aircraft_positions TO analyst;
GRANT SELECT,INSERT ON TABLE ais.sar_aircraft_positions TO writer;
GRANT SELECT ON TABLE ais.sar_aircraft_positions TO maintainer;
GRANT SELECT ON TABLE ais.sar_aircraft_positions TO api;

GRANT SELECT ON TABLE ais.tracks TO analyst;
GRANT SELECT ON TABLE ais.tracks TO writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ais.tracks TO maintainer;
GRANT SELECT ON TABLE ais.tracks TO api;

GRANT SELECT ON TABLE ais.trips TO analyst;
GRANT SELECT ON TABLE ais.trips TO writer;
GRANT SELECT ON TABLE ais.trips TO maintainer;
GRANT SELECT ON TABLE ais.trips TO api;

GRANT SELECT ON TABLE ais.vessel_days TO analyst;
GRANT SELECT ON TABLE ais.vessel_days TO writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ais.vessel_days TO maintainer;
GRANT SELECT ON TABLE ais.vessel_days TO api;

GRANT SELECT ON TABLE ais.vessels TO analyst;
GRANT SELECT,INSERT,UPDATE ON TABLE ais.vessels TO writer;
GRANT SELECT ON TABLE ais.vessels TO maintainer;
GRANT SELECT ON TABLE ais.vessels TO api;

GRANT SELECT ON TABLE ref.ship_types TO analyst;
GRANT SELECT ON TABLE ref.ship_types TO writer;
GRANT SELECT ON TABLE ref.ship_types TO maintainer;
GRANT SELECT ON TABLE ref.ship_types TO api;

GRANT SELECT ON TABLE ais.vessels_now TO analyst;
GRANT SELECT ON TABLE ais.vessels_now TO writer;
GRANT SELECT ON TABLE ais.vessels_now TO maintainer;
GRANT SELECT ON TABLE ais.vessels_now TO api;

GRANT SELECT ON TABLE ops.archives TO analyst;
GRANT SELECT ON TABLE ops.archives TO writer;
GRANT SELECT,INSERT,UPDATE ON TABLE ops.archives TO maintainer;

GRANT SELECT ON TABLE ops.changed_periods TO analyst;
GRANT SELECT,INSERT ON TABLE ops.changed_periods TO writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ops.changed_periods TO maintainer;

GRANT SELECT ON TABLE ops.forgotten TO analyst;
GRANT SELECT ON TABLE ops.forgotten TO writer;
GRANT SELECT,INSERT,UPDATE ON TABLE ops.forgotten TO maintainer;

GRANT SELECT ON TABLE ops.frozen_days TO analyst;
GRANT SELECT ON TABLE ops.frozen_days TO writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ops.frozen_days TO maintainer;

GRANT SELECT ON TABLE ops.imports TO analyst;
GRANT SELECT,INSERT ON TABLE ops.imports TO writer;
GRANT SELECT ON TABLE ops.imports TO maintainer;

GRANT SELECT ON TABLE ops.jobs TO analyst;
GRANT SELECT ON TABLE ops.jobs TO writer;
GRANT SELECT,INSERT,UPDATE ON TABLE ops.jobs TO maintainer;

GRANT SELECT ON TABLE ops.late_rows TO analyst;
GRANT SELECT ON TABLE ops.late_rows TO writer;
GRANT SELECT,DELETE ON TABLE ops.late_rows TO maintainer;

GRANT SELECT ON TABLE ops.ledger TO analyst;
GRANT SELECT,INSERT,DELETE ON TABLE ops.ledger TO writer;
GRANT SELECT ON TABLE ops.ledger TO maintainer;

GRANT SELECT ON TABLE ops.months TO analyst;
GRANT SELECT ON TABLE ops.months TO writer;
GRANT SELECT ON TABLE ops.months TO maintainer;

GRANT SELECT ON TABLE ops.partition_upkeep TO analyst;
GRANT SELECT ON TABLE ops.partition_upkeep TO writer;
GRANT SELECT ON TABLE ops.partition_upkeep TO maintainer;

GRANT INSERT(inserts_since),UPDATE(inserts_since) ON TABLE ops.partition_upkeep TO maintainer;

GRANT UPDATE(archived_at) ON TABLE ops.partition_upkeep TO maintainer;

GRANT INSERT(inserts),UPDATE(inserts) ON TABLE ops.partition_upkeep TO maintainer;

GRANT UPDATE(deleted_inserts) ON TABLE ops.partition_upkeep TO maintainer;

GRANT INSERT(name) ON TABLE ops.partition_upkeep TO maintainer;

GRANT UPDATE(deleted_sources) ON TABLE ops.partition_upkeep TO maintainer;

GRANT SELECT ON TABLE ops.partitions TO analyst;
GRANT SELECT ON TABLE ops.partitions TO writer;
GRANT SELECT ON TABLE ops.partitions TO maintainer;

GRANT SELECT ON TABLE ops.refreshed TO analyst;
GRANT SELECT ON TABLE ops.refreshed TO writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ops.refreshed TO maintainer;

GRANT SELECT ON TABLE ops.retention TO analyst;
GRANT SELECT ON TABLE ops.retention TO writer;
GRANT SELECT ON TABLE ops.retention TO maintainer;

GRANT SELECT ON TABLE ops.role_limits TO analyst;
GRANT SELECT ON TABLE ops.role_limits TO writer;
GRANT SELECT ON TABLE ops.role_limits TO maintainer;
GRANT SELECT ON TABLE ops.role_limits TO api;

GRANT SELECT ON TABLE ops.stale_periods TO analyst;
GRANT SELECT ON TABLE ops.stale_periods TO writer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ops.stale_periods TO maintainer;

GRANT SELECT ON TABLE ref.areas TO analyst;
GRANT SELECT ON TABLE ref.areas TO writer;
GRANT SELECT ON TABLE ref.areas TO maintainer;
GRANT SELECT ON TABLE ref.areas TO api;

GRANT SELECT ON TABLE ref.msg_types TO analyst;
GRANT SELECT ON TABLE ref.msg_types TO writer;
GRANT SELECT ON TABLE ref.msg_types TO maintainer;
GRANT SELECT ON TABLE ref.msg_types TO api;

GRANT SELECT ON TABLE ref.ports TO analyst;
GRANT SELECT ON TABLE ref.ports TO writer;
GRANT SELECT ON TABLE ref.ports TO maintainer;
GRANT SELECT ON TABLE ref.ports TO api;

GRANT SELECT ON TABLE ref.sources TO analyst;
GRANT SELECT ON TABLE ref.sources TO writer;
GRANT SELECT ON TABLE ref.sources TO maintainer;
GRANT SELECT ON TABLE ref.sources TO api;

ALTER DEFAULT PRIVILEGES IN SCHEMA ais GRANT SELECT ON TABLES  TO analyst;
ALTER DEFAULT PRIVILEGES IN SCHEMA ais GRANT SELECT ON TABLES  TO writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA ais GRANT SELECT ON TABLES  TO maintainer;
ALTER DEFAULT PRIVILEGES IN SCHEMA ais GRANT SELECT ON TABLES  TO api;

ALTER DEFAULT PRIVILEGES IN SCHEMA ops GRANT SELECT ON TABLES  TO analyst;
ALTER DEFAULT PRIVILEGES IN SCHEMA ops GRANT SELECT ON TABLES  TO writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA ops GRANT SELECT ON TABLES  TO maintainer;
ALTER DEFAULT PRIVILEGES IN SCHEMA ops GRANT SELECT ON TABLES  TO api;

ALTER DEFAULT PRIVILEGES IN SCHEMA ref GRANT SELECT ON TABLES  TO analyst;
ALTER DEFAULT PRIVILEGES IN SCHEMA ref GRANT SELECT ON TABLES  TO writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA ref GRANT SELECT ON TABLES  TO maintainer;
ALTER DEFAULT PRIVILEGES IN SCHEMA ref GRANT SELECT ON TABLES  TO api;
