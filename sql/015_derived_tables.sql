-- What is computed from positions and kept beside them: roll-ups, a line for each stretch of a vessel's way, and how much traffic
-- there is where. services/db_maintainer computes it; docs/decisions/0033-what-changed-is-computed-anew.md says how it stays true.

-- How the maintainer knows what to compute.

CREATE TABLE IF NOT EXISTS ops.changed_periods (
    period   timestamptz NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE ops.changed_periods IS
    'Half hours of which positions were stored, noted in the transaction that stored them; the maintainer takes them to ops.stale_periods';
COMMENT ON COLUMN ops.changed_periods.period IS 'Begin of the half hour (UTC) that event_time is in';
COMMENT ON COLUMN ops.changed_periods.noted_at IS 'When they were stored';

CREATE TABLE IF NOT EXISTS ops.stale_periods (
    period timestamptz NOT NULL,
    day    date NOT NULL,
    name   text NOT NULL
);

COMMENT ON TABLE ops.stale_periods IS 'What each derived table has yet to take in; it may name a half hour more than once';
COMMENT ON COLUMN ops.stale_periods.period IS 'Begin of the half hour (UTC) of which positions were stored';
COMMENT ON COLUMN ops.stale_periods.day IS 'Day (UTC) of the derived table that is to be computed anew: that of the half hour, or the day before, whose last fix goes on into it';
COMMENT ON COLUMN ops.stale_periods.name IS 'The derived table, as in ops.refreshed';

CREATE TABLE IF NOT EXISTS ops.refreshed (
    upto         timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    rows         bigint NOT NULL,
    name         text NOT NULL PRIMARY KEY
);

COMMENT ON TABLE ops.refreshed IS
    'How far each derived table can be believed: it holds all positions with an event_time before upto that were stored before refreshed_at';
COMMENT ON COLUMN ops.refreshed.name IS 'The derived table without its schema';
COMMENT ON COLUMN ops.refreshed.upto IS 'The event_time up to which it is complete';
COMMENT ON COLUMN ops.refreshed.refreshed_at IS 'What was stored later may not be in it yet';
COMMENT ON COLUMN ops.refreshed.rows IS 'Rows that the last refresh wrote';

CREATE TABLE IF NOT EXISTS ops.frozen_days (
    day       date NOT NULL PRIMARY KEY,
    frozen_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE ops.frozen_days IS
    'Days of which positions were deleted or archived while what was computed from them is kept: it is not computed anew from what comes later';
COMMENT ON COLUMN ops.frozen_days.day IS 'Day (UTC)';
COMMENT ON COLUMN ops.frozen_days.frozen_at IS 'Since when';

-- A month of a derived table, made and attached as a day of positions is: nobody waits for it.
CREATE OR REPLACE FUNCTION ais.ensure_month(table_name text, day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
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

REVOKE ALL ON FUNCTION ais.ensure_month(text, date) FROM PUBLIC;

COMMENT ON FUNCTION ais.ensure_month(text, date) IS
    'Makes the partition of ais.positions_30min, ais.tracks or ais.density for the month of a day (UTC) when it is missing; true when it was made now';

-- What all of it stands on.

CREATE OR REPLACE VIEW ais.fix_rows AS
SELECT
    r.event_time,
    r.received_at,
    r.mmsi,
    r.lon / 1e7::double precision AS lon,
    r.lat / 1e7::double precision AS lat,
    r.sog,
    r.cog,
    r.heading,
    r.nav_status,
    r.label,
    ais.point(r.lon, r.lat)::geometry(Point, 4326) AS geom
FROM ais.position_rows AS r
WHERE r.lon IS NOT NULL AND r.lat IS NOT NULL AND (r.flags IS NULL OR r.flags & 5 = 0);  -- implied_speed, null_island

COMMENT ON VIEW ais.fix_rows IS
    'The positions of ais.fixes as they are stored: of one moment there may be several. For questions about many vessels, which have no need to sort them all';
COMMENT ON COLUMN ais.fix_rows.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.fix_rows.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.fix_rows.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.fix_rows.lon IS 'Longitude, WGS 84, degrees east';
COMMENT ON COLUMN ais.fix_rows.lat IS 'Latitude, WGS 84, degrees north';
COMMENT ON COLUMN ais.fix_rows.sog IS 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)';
COMMENT ON COLUMN ais.fix_rows.cog IS 'Course over ground, degrees from true north';
COMMENT ON COLUMN ais.fix_rows.heading IS 'True heading, degrees';
COMMENT ON COLUMN ais.fix_rows.nav_status IS 'Navigation status, code 0 to 14';
COMMENT ON COLUMN ais.fix_rows.geom IS 'Where: WGS 84 longitude and latitude at the full resolution of AIS; null when not available';
COMMENT ON COLUMN ais.fix_rows.label IS 'Which row of ais.position_labels has the rest';

CREATE OR REPLACE VIEW ais.fixes AS
SELECT DISTINCT ON (mmsi, event_time)
    mmsi,
    event_time,
    lon,
    lat,
    sog,
    cog,
    heading,
    nav_status,
    label
FROM ais.fix_rows
ORDER BY
    mmsi, event_time,
    received_at DESC, lon DESC, lat DESC,
    sog DESC NULLS LAST, cog DESC NULLS LAST, heading DESC NULLS LAST, nav_status DESC NULLS LAST, label DESC;

COMMENT ON VIEW ais.fixes IS
    'Where vessels believably were: of ais.positions those that say a place and are not flagged implied_speed or null_island, one for each vessel and moment: what came last, of what came at once the greatest';
COMMENT ON COLUMN ais.fixes.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.fixes.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.fixes.lon IS 'Longitude, WGS 84, degrees east';
COMMENT ON COLUMN ais.fixes.lat IS 'Latitude, WGS 84, degrees north';
COMMENT ON COLUMN ais.fixes.sog IS 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)';
COMMENT ON COLUMN ais.fixes.cog IS 'Course over ground, degrees from true north';
COMMENT ON COLUMN ais.fixes.heading IS 'True heading, degrees';
COMMENT ON COLUMN ais.fixes.nav_status IS 'Navigation status, code 0 to 14';
COMMENT ON COLUMN ais.fixes.label IS 'Which row of ais.position_labels has the rest';

CREATE OR REPLACE FUNCTION ais.metres_between(
    lon_1 double precision, lat_1 double precision, lon_2 double precision, lat_2 double precision
) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN lon_1 = lon_2 AND lat_1 = lat_2 THEN 0  -- moored: a third of all, at a tenth of the price
        ELSE st_distancespheroid(
            st_point(lon_1, lat_1, 4326), st_point(lon_2, lat_2, 4326), 'SPHEROID["WGS 84",6378137,298.257223563]'
        )
    END
$$;

COMMENT ON FUNCTION ais.metres_between(double precision, double precision, double precision, double precision) IS
    'Metres between two places along the geodesic of WGS 84, each given by its longitude and latitude in degrees';

CREATE OR REPLACE FUNCTION ais.direction(east double precision, north double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN east * east + north * north < 1e-12 THEN NULL  -- directions that cancel out leave rounding
        WHEN east < 0 AND atan2d(east, north) + 360 < 360 THEN atan2d(east, north) + 360
        ELSE abs(atan2d(east, north))
    END
$$;

COMMENT ON FUNCTION ais.direction(double precision, double precision) IS
    'Degrees from true north, 0 to less than 360, of the mean of unit vectors; null when that is shorter than a millionth, for then it is rounding';

CREATE OR REPLACE FUNCTION ais.ship_type_at(vessel integer, moment timestamptz) RETURNS smallint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
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

COMMENT ON FUNCTION ais.ship_type_at(integer, timestamptz) IS
    'The ship_type that a vessel had said last before a moment; null when it had said none';

CREATE OR REPLACE FUNCTION ais.ship_class(ship_type integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
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

COMMENT ON FUNCTION ais.ship_class(integer) IS
    'One of a dozen classes of ship_type, for counting (ITU-R M.1371-5, annex 8, table 53); null for codes that mean none';

-- Roll-ups.

CREATE TABLE IF NOT EXISTS ais.positions_30min (
    bucket          timestamptz NOT NULL,
    first_time      timestamptz,
    last_time       timestamptz,
    first_lon       double precision,
    first_lat       double precision,
    lon             double precision,
    lat             double precision,
    distance_metres double precision NOT NULL,
    sog_mean        double precision,
    cog_mean        double precision,
    cog_length      double precision,
    heading_mean    double precision,
    heading_length  double precision,
    mmsi            integer NOT NULL,
    reports         integer NOT NULL,
    fixes           integer NOT NULL,
    sog_count       integer NOT NULL,
    cog_count       integer NOT NULL,
    heading_count   integer NOT NULL,
    sog             real,
    cog             real,
    sog_min         real,
    sog_max         real,
    heading         smallint,
    nav_status      smallint,
    source          text,
    PRIMARY KEY (mmsi, bucket)
) PARTITION BY RANGE (bucket);

CREATE INDEX IF NOT EXISTS positions_30min_bucket ON ais.positions_30min USING brin (bucket) WITH (autosummarize = on);

-- Written seldom enough to be one table.
CREATE TABLE IF NOT EXISTS ais.positions_12h (LIKE ais.positions_30min, PRIMARY KEY (mmsi, bucket));

CREATE INDEX IF NOT EXISTS positions_12h_bucket ON ais.positions_12h USING brin (bucket) WITH (autosummarize = on);

COMMENT ON TABLE ais.positions_30min IS
    'One row for each vessel and half hour that has ended. Columns without another word are of the last fix (ais.fixes); reports counts all positions, everything else the fixes only';
COMMENT ON TABLE ais.positions_12h IS
    'One row for each vessel and half day (UTC), summed up from ais.positions_30min: the same columns, and the way between the half hours';

DO $$
DECLARE
    column_name text;
    sentence text;
    table_name text;
BEGIN
    FOR column_name, sentence IN VALUES
        ('bucket', 'Begin of the period (UTC); it ends before the next begins'),
        ('mmsi', 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823'),
        ('reports', 'Positions stored, those without a place and those flagged as misplaced too'),
        ('fixes', 'How many moments there are with a believable place; 0 leaves null what is told by fixes'),
        ('first_time', 'event_time of the first fix'),
        ('last_time', 'event_time of the last fix'),
        ('first_lon', 'Longitude of the first fix, WGS 84, degrees east'),
        ('first_lat', 'Latitude of the first fix, WGS 84, degrees north'),
        ('lon', 'Longitude, WGS 84, degrees east'),
        ('lat', 'Latitude, WGS 84, degrees north'),
        ('sog', 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)'),
        ('cog', 'Course over ground, degrees from true north'),
        ('heading', 'True heading, degrees'),
        ('nav_status', 'Navigation status, code 0 to 14'),
        ('source', 'Tail of the routing key, for example coastal.denmark'),
        ('distance_metres', 'Metres along the geodesics between consecutive fixes of the period; a leg that takes more than an hour or more than 100 knots is left out'),
        ('sog_count', 'Fixes that say a speed over ground'),
        ('sog_mean', 'Mean of their sog, knots'),
        ('sog_min', 'Least of their sog, knots'),
        ('sog_max', 'Greatest of their sog, knots'),
        ('cog_count', 'Fixes that say a course over ground'),
        ('cog_mean', 'Circular mean of their cog, degrees from true north; null when they cancel out'),
        ('cog_length', 'How much they agree: length of the mean of their unit vectors, 1 when all are equal, 0 when they cancel out'),
        ('heading_count', 'Fixes that say a heading'),
        ('heading_mean', 'Circular mean of their heading, degrees from true north; null when they cancel out'),
        ('heading_length', 'How much they agree, as cog_length')
    LOOP
        FOREACH table_name IN ARRAY ARRAY['positions_30min', 'positions_12h'] LOOP
            EXECUTE format('COMMENT ON COLUMN ais.%I.%I IS %L', table_name, column_name, sentence);
        END LOOP;
    END LOOP;
END
$$;

CREATE TABLE IF NOT EXISTS ais.vessel_days (
    first_time      timestamptz,
    last_time       timestamptz,
    distance_metres double precision NOT NULL,
    moving_hours    double precision NOT NULL,
    rest_hours      double precision NOT NULL,
    day             date NOT NULL,
    mmsi            integer NOT NULL,
    reports         integer NOT NULL,
    fixes           integer NOT NULL,
    gaps            integer NOT NULL,
    sog_max         real,
    ship_type       smallint,
    bbox            geometry(Polygon, 4326),
    PRIMARY KEY (mmsi, day)
);

CREATE INDEX IF NOT EXISTS vessel_days_day ON ais.vessel_days (day);

COMMENT ON TABLE ais.vessel_days IS
    'One row for each vessel and day (UTC), today so far. A leg to the next day''s first fix is of the day that it begins in; legs that take more than an hour or more than 100 knots are left out of distance and hours';
COMMENT ON COLUMN ais.vessel_days.day IS 'Day (UTC)';
COMMENT ON COLUMN ais.vessel_days.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.vessel_days.first_time IS 'event_time of the first fix';
COMMENT ON COLUMN ais.vessel_days.last_time IS 'event_time of the last fix';
COMMENT ON COLUMN ais.vessel_days.reports IS 'Positions stored, those without a place and those flagged as misplaced too';
COMMENT ON COLUMN ais.vessel_days.fixes IS 'How many moments there are with a believable place (ais.fixes)';
COMMENT ON COLUMN ais.vessel_days.distance_metres IS 'Metres along the geodesics between consecutive fixes';
COMMENT ON COLUMN ais.vessel_days.sog_max IS 'Greatest sog of the fixes, knots';
COMMENT ON COLUMN ais.vessel_days.moving_hours IS 'Hours of the legs that begin with a sog of a knot or more, or that need as much where none is said';
COMMENT ON COLUMN ais.vessel_days.rest_hours IS 'Hours of the other legs';
COMMENT ON COLUMN ais.vessel_days.gaps IS 'How often more than an hour passes between two fixes of the day';
COMMENT ON COLUMN ais.vessel_days.bbox IS 'The smallest and greatest longitude and latitude of the fixes, as a polygon, which has no width where they are equal; null without any';
COMMENT ON COLUMN ais.vessel_days.ship_type IS 'Type of ship and cargo, code 1 to 255';

-- Tracks.

CREATE TABLE IF NOT EXISTS ais.tracks (
    start_time      timestamptz NOT NULL,
    end_time        timestamptz NOT NULL,
    length_metres   double precision NOT NULL,
    straight_metres double precision NOT NULL,
    sinuosity       double precision,
    mmsi            integer NOT NULL,
    positions       integer NOT NULL,
    goes_on         boolean NOT NULL,
    geom            geometry(LineStringM, 4326) NOT NULL,
    PRIMARY KEY (mmsi, start_time)
) PARTITION BY RANGE (start_time);

CREATE INDEX IF NOT EXISTS tracks_geom ON ais.tracks USING gist (geom);
CREATE INDEX IF NOT EXISTS tracks_start_time ON ais.tracks (start_time);

COMMENT ON TABLE ais.tracks IS
    'The way of each vessel, a row for each stretch of a day (UTC) without a gap of more than an hour, a leg that needs more than 100 knots, or a crossing of the 180th meridian. A lone fix makes none';
COMMENT ON COLUMN ais.tracks.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.tracks.start_time IS 'event_time of the first fix';
COMMENT ON COLUMN ais.tracks.end_time IS 'event_time of the last fix; where the stretch goes on, that is the first of the next day';
COMMENT ON COLUMN ais.tracks.geom IS 'The fixes as a line, each with its event_time as M: seconds since 1970 UTC';
COMMENT ON COLUMN ais.tracks.length_metres IS 'Length of the line along geodesics, metres';
COMMENT ON COLUMN ais.tracks.straight_metres IS 'From its first to its last point along the geodesic, metres';
COMMENT ON COLUMN ais.tracks.sinuosity IS 'length_metres over straight_metres, 1 and more; null where it ends as it began';
COMMENT ON COLUMN ais.tracks.positions IS 'Points of the line';
COMMENT ON COLUMN ais.tracks.goes_on IS 'The last point is the next day''s first fix, where another track begins unless it is alone';

CREATE OR REPLACE VIEW ais.trips AS
SELECT
    mmsi,
    min(start_time) AS start_time,
    max(end_time) AS end_time,
    sum(length_metres) AS length_metres,
    (sum(positions) - count(*) + 1)::integer AS positions,
    st_makeline(geom ORDER BY start_time)::geometry(LineStringM, 4326) AS geom
FROM (
    SELECT *, count(*) FILTER (WHERE NOT continues) OVER (PARTITION BY mmsi ORDER BY start_time) AS trip
    FROM (
        SELECT
            *,
            coalesce(lag(goes_on) OVER w AND lag(end_time) OVER w = start_time, false) AS continues
        FROM ais.tracks
        WINDOW w AS (PARTITION BY mmsi ORDER BY start_time)
    ) AS t
) AS numbered
GROUP BY mmsi, trip;

COMMENT ON VIEW ais.trips IS
    'ais.tracks with what goes on over midnight in one row. Ask for a vessel (mmsi): a question without one puts all tracks together';
COMMENT ON COLUMN ais.trips.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.trips.start_time IS 'event_time of the first fix';
COMMENT ON COLUMN ais.trips.end_time IS 'event_time of the last fix';
COMMENT ON COLUMN ais.trips.length_metres IS 'Length of the line along geodesics, metres';
COMMENT ON COLUMN ais.trips.positions IS 'Points of the line';
COMMENT ON COLUMN ais.trips.geom IS 'The fixes as a line, each with its event_time as M: seconds since 1970 UTC';

-- The grid of density: hexagons that are regular on a Mercator map. 40,075 lie side by side around the equator, each 1,000 metres
-- wide there and cos(latitude) times that elsewhere. Plane coordinates are in widths of a cell from longitude and latitude 0; the
-- centre of cell (q, r) is at x = q - r / 2, y = r √3 / 2. Rows of r lie along parallels.

CREATE OR REPLACE FUNCTION ais.cell_x(lon double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lon * (40075 / 360.0::double precision)
$$;

CREATE OR REPLACE FUNCTION ais.cell_y(lat double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ln(tand(45 + CASE WHEN lat > 85 THEN 85 WHEN lat < -85 THEN -85 ELSE lat END / 2)) * (40075 / (2 * pi()))
$$;

-- Edges of cells lie on three families of lines; a point's cell follows from which lines of each it is between.
CREATE OR REPLACE FUNCTION ais.cell_of(x double precision, y double precision) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT
        (floor((floor(1 + x + sqrt(3) * y) + floor(1 - x + sqrt(3) * y)) / 3)::bigint + 32768) * 65536
        + ((floor((floor(1 + 2 * x) + floor(1 + x + sqrt(3) * y)) / 3)::bigint % 40075) + 40075) % 40075
$$;

CREATE OR REPLACE FUNCTION ais.cell_at(lon double precision, lat double precision) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ais.cell_of(ais.cell_x(lon), ais.cell_y(lat))
$$;

-- Cut where it meets a line of any family, a leg falls into pieces that are each in one cell, which their middles tell.
CREATE OR REPLACE FUNCTION ais.cells_along(
    x_1 double precision, y_1 double precision, x_2 double precision, y_2 double precision
) RETURNS TABLE (cell bigint, share double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 5 AS $$
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

CREATE OR REPLACE FUNCTION ais.cell_polygon(cell bigint) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
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

COMMENT ON FUNCTION ais.cell_x(double precision) IS 'A longitude in degrees as x on the plane of the cells of ais.density, in widths of a cell';
COMMENT ON FUNCTION ais.cell_y(double precision) IS 'A latitude in degrees as y on the plane of the cells of ais.density, in widths of a cell; beyond 85 degrees as of 85';
COMMENT ON FUNCTION ais.cell_of(double precision, double precision) IS 'The cell of ais.density that a point of their plane is in; x may go on around the Earth';
COMMENT ON FUNCTION ais.cell_at(double precision, double precision) IS 'The cell of ais.density that a longitude and latitude in degrees are in';
COMMENT ON FUNCTION ais.cells_along(double precision, double precision, double precision, double precision) IS
    'The cells of ais.density that a straight leg on their plane touches, with the share of its length in each; none for a leg without length';
COMMENT ON FUNCTION ais.cell_polygon(bigint) IS
    'A cell of ais.density as a hexagon, WGS 84: 1,000 metres wide at the equator, cos(latitude) times that elsewhere. One on the 180th meridian goes on beyond it';

CREATE TABLE IF NOT EXISTS ais.density (
    cell          bigint NOT NULL,
    seconds       double precision NOT NULL,
    day           date NOT NULL,
    vessels       integer NOT NULL,
    course_sector smallint,
    speed_bin     smallint,
    ship_class    text
) PARTITION BY RANGE (day);

-- Most of what is asked is of a few cells and many days.
CREATE INDEX IF NOT EXISTS density_cell ON ais.density (cell);
CREATE INDEX IF NOT EXISTS density_day ON ais.density USING brin (day) WITH (autosummarize = on);

COMMENT ON TABLE ais.density IS
    'Traffic of each day (UTC) that has ended, by cell, class of ship, course and speed; no two rows are equal in these. A leg counts with the class, course and speed at its begin';
COMMENT ON COLUMN ais.density.day IS 'Day (UTC) in which the legs begin';
COMMENT ON COLUMN ais.density.cell IS 'The hexagon, which ais.cell_polygon draws';
COMMENT ON COLUMN ais.density.ship_class IS 'Class of ship as ais.ship_class tells; null when it is not known';
COMMENT ON COLUMN ais.density.course_sector IS 'Eighth of the compass that cog is in: 0 north, 1 north-east, to 7 north-west; null when no course was said';
COMMENT ON COLUMN ais.density.speed_bin IS 'sog in whole knots, rounded down; 50 is 50 and more; null when no speed was said';
COMMENT ON COLUMN ais.density.vessels IS 'How many vessels; one that changes its course or speed is in several rows';
COMMENT ON COLUMN ais.density.seconds IS 'Time that they were in the cell together, seconds; a leg shares its time by the length in each cell, at most 30 minutes';

-- Events, which nobody fills yet.

CREATE TABLE IF NOT EXISTS ais.events (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_time timestamptz NOT NULL,
    end_time   timestamptz,
    mmsi       integer,
    other_mmsi integer,
    kind       text NOT NULL,
    place      text,
    source     text,
    properties jsonb NOT NULL DEFAULT '{}',
    geom       geometry(Geometry, 4326)
);

CREATE INDEX IF NOT EXISTS events_kind_event_time ON ais.events (kind, event_time);
CREATE INDEX IF NOT EXISTS events_mmsi ON ais.events (mmsi, event_time);
CREATE INDEX IF NOT EXISTS events_geom ON ais.events USING gist (geom);

COMMENT ON TABLE ais.events IS 'What was found in the traffic: a vessel entered a place, two met, one went silent. Empty until analytics fills it';
COMMENT ON COLUMN ais.events.id IS 'Number of the row';
COMMENT ON COLUMN ais.events.kind IS 'What happened, one word';
COMMENT ON COLUMN ais.events.event_time IS 'When it happened, or began';
COMMENT ON COLUMN ais.events.end_time IS 'When it ended; null while it lasts, or where it has no length';
COMMENT ON COLUMN ais.events.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.events.other_mmsi IS 'The other vessel of an encounter';
COMMENT ON COLUMN ais.events.place IS 'Name of the place, as in routing keys';
COMMENT ON COLUMN ais.events.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.events.properties IS 'What else is known of it; which names there are depends on the kind';
COMMENT ON COLUMN ais.events.geom IS 'Where, WGS 84: a point, a line or an area';

GRANT INSERT ON ops.changed_periods TO writer;

-- What is stored already has all to be computed. A half hour too many costs nothing, so the bounds of partitions tell.
INSERT INTO ops.changed_periods (period)
SELECT period
FROM pg_inherits
JOIN pg_class ON pg_class.oid = inhrelid
CROSS JOIN LATERAL regexp_match(pg_get_expr(relpartbound, inhrelid), $re$FROM \('(.*)'\) TO \('(.*)'\)$re$) AS bound
CROSS JOIN LATERAL generate_series(bound[1]::timestamptz, bound[2]::timestamptz - interval '30 minutes', '30 minutes') AS period
WHERE inhparent = 'ais.position_rows'::regclass AND period < now() + interval '1 day';
