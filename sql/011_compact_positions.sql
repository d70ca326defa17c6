-- Positions in two thirds of the room: longitude and latitude as whole numbers, and the texts that many reports share once.
-- ais.positions and ais.latest_positions become views with the columns that they had, and lon and lat besides; the rows are in
-- ais.position_rows and ais.latest_position_rows. Why: docs/decisions/0024-positions-are-compact-rows-behind-a-view.md.
--
-- Rows that are there already are moved, a partition at a time, within this one transaction. It takes about half an hour for a
-- hundred million rows, and until its end about 0.6 times the room that they take now. Whoever reads or writes positions
-- meanwhile waits.

CREATE TABLE IF NOT EXISTS ais.position_labels (
    id             integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    own_ship       boolean NOT NULL,
    low_resolution boolean,
    fingerprint    uuid UNIQUE,
    source         text NOT NULL,
    station        text,
    time_source    text NOT NULL,
    channel        text,
    talker         text,
    turning        text,
    ais_class      text,
    missing        text
);

COMMENT ON TABLE ais.position_labels IS
    'What many positions say alike: every combination of these values, once. A row of a position refers to one by its number';
COMMENT ON COLUMN ais.position_labels.id IS 'Number of the combination, which is label in the rows';
COMMENT ON COLUMN ais.position_labels.fingerprint IS 'Hash of the values, by which the writer finds a combination; null for those of rows that were stored before this table was made';
COMMENT ON COLUMN ais.position_labels.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.position_labels.low_resolution IS 'Type 27: the position is to a tenth of a minute, sog to a knot; null in rows that were stored before this column was made';
COMMENT ON COLUMN ais.position_labels.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.position_labels.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.position_labels.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.position_labels.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.position_labels.talker IS 'NMEA talker, for example AI or BS';
COMMENT ON COLUMN ais.position_labels.turning IS 'left or right: turns faster than 5 degrees in 30 s, no turn indicator';
COMMENT ON COLUMN ais.position_labels.ais_class IS 'Class of the unit, A or B, where a provider says it instead of the message type';
COMMENT ON COLUMN ais.position_labels.missing IS 'Names of the fields that a message cut short has lost, with commas between';

-- Wide columns first, so that no byte is lost to alignment; a null costs no room.
CREATE TABLE IF NOT EXISTS ais.position_rows (
    event_time  timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    mmsi        integer NOT NULL,
    lon         integer,
    lat         integer,
    label       integer NOT NULL,
    sog         real,
    cog         real,
    rot         real,
    radio       integer,
    msg_type    smallint,
    repeat      smallint,
    heading     smallint,
    nav_status  smallint,
    second      smallint,
    maneuver    smallint,
    reserved    smallint,
    accuracy    boolean,
    raim        boolean,
    cs          boolean,
    display     boolean,
    dsc         boolean,
    band        boolean,
    msg22       boolean,
    assigned    boolean,
    gnss        boolean,
    time_shift  double precision
) PARTITION BY RANGE (event_time);

-- A vessel's day is read whole: within a partition an index of mmsi alone finds it, at a quarter of the room that an index of
-- mmsi and event_time takes, for equal entries share one key.
CREATE INDEX IF NOT EXISTS position_rows_mmsi ON ais.position_rows (mmsi);
CREATE INDEX IF NOT EXISTS position_rows_event_time ON ais.position_rows USING brin (event_time) WITH (autosummarize = on);

COMMENT ON TABLE ais.position_rows IS
    'The rows behind ais.positions, one partition a day by event_time, of long ago one a month';
COMMENT ON COLUMN ais.position_rows.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.position_rows.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.position_rows.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.position_rows.lon IS 'Longitude, WGS 84, 1e-7 degrees east';
COMMENT ON COLUMN ais.position_rows.lat IS 'Latitude, WGS 84, 1e-7 degrees north';
COMMENT ON COLUMN ais.position_rows.label IS 'Which row of ais.position_labels has the rest';
COMMENT ON COLUMN ais.position_rows.sog IS 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)';
COMMENT ON COLUMN ais.position_rows.cog IS 'Course over ground, degrees from true north';
COMMENT ON COLUMN ais.position_rows.rot IS 'Rate of turn, degrees/minute, positive to starboard';
COMMENT ON COLUMN ais.position_rows.radio IS 'Communication state, the bits as sent (M.1371-5 annex 2, 3.3.7.2)';
COMMENT ON COLUMN ais.position_rows.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.position_rows.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.position_rows.heading IS 'True heading, degrees';
COMMENT ON COLUMN ais.position_rows.nav_status IS 'Navigation status, code 0 to 14';
COMMENT ON COLUMN ais.position_rows.second IS 'UTC second of the fix; 61 manual input, 62 dead reckoning, 63 inoperative';
COMMENT ON COLUMN ais.position_rows.maneuver IS 'Special manoeuvre: 1 not engaged, 2 engaged';
COMMENT ON COLUMN ais.position_rows.reserved IS 'Regional or reserved bits of type 18 and 19 when not zero';
COMMENT ON COLUMN ais.position_rows.accuracy IS 'Position accuracy: true means better than 10 m';
COMMENT ON COLUMN ais.position_rows.raim IS 'Receiver autonomous integrity monitoring is in use';
COMMENT ON COLUMN ais.position_rows.cs IS 'Class B unit is carrier-sense (CS) rather than self-organised (SO)';
COMMENT ON COLUMN ais.position_rows.display IS 'Class B unit has a display';
COMMENT ON COLUMN ais.position_rows.dsc IS 'Class B unit has digital selective calling';
COMMENT ON COLUMN ais.position_rows.band IS 'Class B unit works over the whole marine band';
COMMENT ON COLUMN ais.position_rows.msg22 IS 'Class B unit obeys channel management by type 22';
COMMENT ON COLUMN ais.position_rows.assigned IS 'The station works in assigned mode';
COMMENT ON COLUMN ais.position_rows.gnss IS 'Type 27: the position is the current GNSS one (sent as 0 for yes)';
COMMENT ON COLUMN ais.position_rows.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';

-- Half-empty pages let an update stay on its page, which costs no index entry.
CREATE TABLE IF NOT EXISTS ais.latest_position_rows (
    event_time  timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    mmsi        integer NOT NULL,
    lon         integer,
    lat         integer,
    label       integer NOT NULL,
    sog         real,
    cog         real,
    rot         real,
    radio       integer,
    msg_type    smallint,
    repeat      smallint,
    heading     smallint,
    nav_status  smallint,
    second      smallint,
    maneuver    smallint,
    reserved    smallint,
    accuracy    boolean,
    raim        boolean,
    cs          boolean,
    display     boolean,
    dsc         boolean,
    band        boolean,
    msg22       boolean,
    assigned    boolean,
    gnss        boolean,
    time_shift  double precision,
    PRIMARY KEY (mmsi)
) WITH (fillfactor = 50);

COMMENT ON TABLE ais.latest_position_rows IS
    'The rows behind ais.latest_positions, one for every MMSI';
COMMENT ON COLUMN ais.latest_position_rows.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.latest_position_rows.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.latest_position_rows.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.latest_position_rows.lon IS 'Longitude, WGS 84, 1e-7 degrees east';
COMMENT ON COLUMN ais.latest_position_rows.lat IS 'Latitude, WGS 84, 1e-7 degrees north';
COMMENT ON COLUMN ais.latest_position_rows.label IS 'Which row of ais.position_labels has the rest';
COMMENT ON COLUMN ais.latest_position_rows.sog IS 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)';
COMMENT ON COLUMN ais.latest_position_rows.cog IS 'Course over ground, degrees from true north';
COMMENT ON COLUMN ais.latest_position_rows.rot IS 'Rate of turn, degrees/minute, positive to starboard';
COMMENT ON COLUMN ais.latest_position_rows.radio IS 'Communication state, the bits as sent (M.1371-5 annex 2, 3.3.7.2)';
COMMENT ON COLUMN ais.latest_position_rows.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.latest_position_rows.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.latest_position_rows.heading IS 'True heading, degrees';
COMMENT ON COLUMN ais.latest_position_rows.nav_status IS 'Navigation status, code 0 to 14';
COMMENT ON COLUMN ais.latest_position_rows.second IS 'UTC second of the fix; 61 manual input, 62 dead reckoning, 63 inoperative';
COMMENT ON COLUMN ais.latest_position_rows.maneuver IS 'Special manoeuvre: 1 not engaged, 2 engaged';
COMMENT ON COLUMN ais.latest_position_rows.reserved IS 'Regional or reserved bits of type 18 and 19 when not zero';
COMMENT ON COLUMN ais.latest_position_rows.accuracy IS 'Position accuracy: true means better than 10 m';
COMMENT ON COLUMN ais.latest_position_rows.raim IS 'Receiver autonomous integrity monitoring is in use';
COMMENT ON COLUMN ais.latest_position_rows.cs IS 'Class B unit is carrier-sense (CS) rather than self-organised (SO)';
COMMENT ON COLUMN ais.latest_position_rows.display IS 'Class B unit has a display';
COMMENT ON COLUMN ais.latest_position_rows.dsc IS 'Class B unit has digital selective calling';
COMMENT ON COLUMN ais.latest_position_rows.band IS 'Class B unit works over the whole marine band';
COMMENT ON COLUMN ais.latest_position_rows.msg22 IS 'Class B unit obeys channel management by type 22';
COMMENT ON COLUMN ais.latest_position_rows.assigned IS 'The station works in assigned mode';
COMMENT ON COLUMN ais.latest_position_rows.gnss IS 'Type 27: the position is the current GNSS one (sent as 0 for yes)';
COMMENT ON COLUMN ais.latest_position_rows.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';

CREATE OR REPLACE FUNCTION ais.point(lon integer, lat integer) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT st_point(lon / 1e7::double precision, lat / 1e7::double precision, 4326)
$$;

COMMENT ON FUNCTION ais.point(integer, integer) IS
    'The point of a longitude and latitude in 1e-7 degrees. Questions about geom are served by an index of (ais.point(lon, lat)::geometry(Point, 4326))';

CREATE OR REPLACE FUNCTION ais.ten_millionths(degrees double precision, most integer) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN abs(degrees) <= most THEN round(degrees * 1e7::double precision)::integer END
$$;

COMMENT ON FUNCTION ais.ten_millionths(double precision, integer) IS
    'Degrees in units of 1e-7; null beyond the most that there are';

-- The partitions go on under their names; the function makes them for the new table.
CREATE OR REPLACE FUNCTION ais.ensure_partition(day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
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

COMMENT ON FUNCTION ais.ensure_partition(date) IS
    'Makes the partition of ais.position_rows for a day (UTC) when it is missing: of the day, or of its month when that ended more than 400 days ago; true when it was made now';

-- Move what there is. Views on the old tables go with them and are made again below.
DO $$
DECLARE
    old record;
    name text;
BEGIN
    IF (SELECT relkind FROM pg_class WHERE oid = to_regclass('ais.positions')) IS DISTINCT FROM 'p' THEN
        RETURN;
    END IF;
    DROP VIEW IF EXISTS ais.position_reports, ais.vessels_now;
    LOCK TABLE ais.positions, ais.latest_positions IN ACCESS EXCLUSIVE MODE;
    CREATE TEMPORARY TABLE moved_labels ON COMMIT DROP AS
        SELECT nextval(pg_get_serial_sequence('ais.position_labels', 'id'))::integer AS id, found.*,
            ROW(found.own_ship, found.low_resolution, found.source, found.station, found.time_source, found.channel, found.talker, found.turning, found.ais_class, found.missing)::text AS said
        FROM (
            SELECT own_ship, low_resolution, source, station, time_source, channel, talker, turning, ais_class, missing FROM ais.positions UNION SELECT own_ship, low_resolution, source, station, time_source, channel, talker, turning, ais_class, missing FROM ais.latest_positions
        ) AS found;
    INSERT INTO ais.position_labels (id, own_ship, low_resolution, source, station, time_source, channel, talker, turning, ais_class, missing) OVERRIDING SYSTEM VALUE SELECT id, own_ship, low_resolution, source, station, time_source, channel, talker, turning, ais_class, missing FROM moved_labels;
    ANALYZE moved_labels;
    FOR old IN
        SELECT c.oid::regclass AS relation, c.relname, pg_get_expr(c.relpartbound, c.oid) AS bound,
            obj_description(c.oid, 'pg_class') AS said
        FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'ais.positions'::regclass ORDER BY c.relname
    LOOP
        name := old.relname;
        EXECUTE format('ALTER TABLE %s RENAME TO %I', old.relation, 'moving_' || name);
        EXECUTE format('CREATE TABLE ais.%I (LIKE ais.position_rows INCLUDING DEFAULTS INCLUDING COMMENTS)', name);
        EXECUTE format('COMMENT ON TABLE ais.%I IS %L', name, old.said);
        EXECUTE format(
            'INSERT INTO ais.%I (event_time, received_at, mmsi, lon, lat, label, sog, cog, rot, radio, msg_type, repeat, heading, nav_status, second, maneuver, reserved, accuracy, raim, cs, display, dsc, band, msg22, assigned, gnss, time_shift)'
            ' SELECT p.event_time, p.received_at, p.mmsi, ais.ten_millionths(st_x(p.geom), 180), ais.ten_millionths(st_y(p.geom), 90), l.id, p.sog, p.cog, p.rot, p.radio, p.msg_type, p.repeat, p.heading, p.nav_status, p.second, p.maneuver, p.reserved, p.accuracy, p.raim, p.cs, p.display, p.dsc, p.band, p.msg22, p.assigned, p.gnss, p.time_shift'
            ' FROM ais.%I AS p JOIN moved_labels AS l ON l.said = ROW(p.own_ship, p.low_resolution, p.source, p.station, p.time_source, p.channel, p.talker, p.turning, p.ais_class, p.missing)::text'
            ' ORDER BY p.mmsi, p.event_time',
            name, 'moving_' || name
        );
        EXECUTE format('DROP TABLE ais.%I', 'moving_' || name);
        EXECUTE format('ALTER TABLE ais.position_rows ATTACH PARTITION ais.%I %s', name, old.bound);
    END LOOP;
    INSERT INTO ais.latest_position_rows (event_time, received_at, mmsi, lon, lat, label, sog, cog, rot, radio, msg_type, repeat, heading, nav_status, second, maneuver, reserved, accuracy, raim, cs, display, dsc, band, msg22, assigned, gnss, time_shift)
    SELECT p.event_time, p.received_at, p.mmsi, ais.ten_millionths(st_x(p.geom), 180), ais.ten_millionths(st_y(p.geom), 90), l.id, p.sog, p.cog, p.rot, p.radio, p.msg_type, p.repeat, p.heading, p.nav_status, p.second, p.maneuver, p.reserved, p.accuracy, p.raim, p.cs, p.display, p.dsc, p.band, p.msg22, p.assigned, p.gnss, p.time_shift FROM ais.latest_positions AS p
    JOIN moved_labels AS l ON l.said = ROW(p.own_ship, p.low_resolution, p.source, p.station, p.time_source, p.channel, p.talker, p.turning, p.ais_class, p.missing)::text;
    DROP TABLE ais.positions, ais.latest_positions;
END
$$;

-- A left join of a unique number: a question that asks for none of the texts does not pay for them.
CREATE OR REPLACE VIEW ais.positions AS
SELECT
    r.event_time,
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
    ais.point(r.lon, r.lat)::geometry(Point, 4326) AS geom,
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
    r.lon / 1e7::double precision AS lon,
    r.lat / 1e7::double precision AS lat
FROM ais.position_rows AS r
LEFT JOIN ais.position_labels AS l ON l.id = r.label;

COMMENT ON VIEW ais.positions IS
    'Where ships were: every stored report of types 1, 2, 3, 18, 19 and 27, and of providers that do not say the type. The rows are in ais.position_rows, one partition a day by event_time, of long ago one a month';
COMMENT ON COLUMN ais.positions.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.positions.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.positions.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.positions.sog IS 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)';
COMMENT ON COLUMN ais.positions.cog IS 'Course over ground, degrees from true north';
COMMENT ON COLUMN ais.positions.rot IS 'Rate of turn, degrees/minute, positive to starboard';
COMMENT ON COLUMN ais.positions.radio IS 'Communication state, the bits as sent (M.1371-5 annex 2, 3.3.7.2)';
COMMENT ON COLUMN ais.positions.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.positions.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.positions.heading IS 'True heading, degrees';
COMMENT ON COLUMN ais.positions.nav_status IS 'Navigation status, code 0 to 14';
COMMENT ON COLUMN ais.positions.second IS 'UTC second of the fix; 61 manual input, 62 dead reckoning, 63 inoperative';
COMMENT ON COLUMN ais.positions.maneuver IS 'Special manoeuvre: 1 not engaged, 2 engaged';
COMMENT ON COLUMN ais.positions.reserved IS 'Regional or reserved bits of type 18 and 19 when not zero';
COMMENT ON COLUMN ais.positions.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.positions.accuracy IS 'Position accuracy: true means better than 10 m';
COMMENT ON COLUMN ais.positions.raim IS 'Receiver autonomous integrity monitoring is in use';
COMMENT ON COLUMN ais.positions.cs IS 'Class B unit is carrier-sense (CS) rather than self-organised (SO)';
COMMENT ON COLUMN ais.positions.display IS 'Class B unit has a display';
COMMENT ON COLUMN ais.positions.dsc IS 'Class B unit has digital selective calling';
COMMENT ON COLUMN ais.positions.band IS 'Class B unit works over the whole marine band';
COMMENT ON COLUMN ais.positions.msg22 IS 'Class B unit obeys channel management by type 22';
COMMENT ON COLUMN ais.positions.assigned IS 'The station works in assigned mode';
COMMENT ON COLUMN ais.positions.gnss IS 'Type 27: the position is the current GNSS one (sent as 0 for yes)';
COMMENT ON COLUMN ais.positions.geom IS 'Where: WGS 84 longitude and latitude at the full resolution of AIS; null when not available';
COMMENT ON COLUMN ais.positions.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.positions.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.positions.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.positions.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.positions.talker IS 'NMEA talker, for example AI or BS';
COMMENT ON COLUMN ais.positions.turning IS 'left or right: turns faster than 5 degrees in 30 s, no turn indicator';
COMMENT ON COLUMN ais.positions.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';
COMMENT ON COLUMN ais.positions.low_resolution IS 'Type 27: the position is to a tenth of a minute, sog to a knot; null in rows that were stored before this column was made';
COMMENT ON COLUMN ais.positions.ais_class IS 'Class of the unit, A or B, where a provider says it instead of the message type';
COMMENT ON COLUMN ais.positions.missing IS 'Names of the fields that a message cut short has lost, with commas between';
COMMENT ON COLUMN ais.positions.lon IS 'Longitude, WGS 84, degrees east';
COMMENT ON COLUMN ais.positions.lat IS 'Latitude, WGS 84, degrees north';

CREATE OR REPLACE VIEW ais.latest_positions AS
SELECT
    r.event_time,
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
    ais.point(r.lon, r.lat)::geometry(Point, 4326) AS geom,
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
    r.lon / 1e7::double precision AS lon,
    r.lat / 1e7::double precision AS lat
FROM ais.latest_position_rows AS r
LEFT JOIN ais.position_labels AS l ON l.id = r.label;

COMMENT ON VIEW ais.latest_positions IS
    'The newest report with a position of every MMSI; an older report never replaces a newer one';
COMMENT ON COLUMN ais.latest_positions.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.latest_positions.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.latest_positions.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.latest_positions.sog IS 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)';
COMMENT ON COLUMN ais.latest_positions.cog IS 'Course over ground, degrees from true north';
COMMENT ON COLUMN ais.latest_positions.rot IS 'Rate of turn, degrees/minute, positive to starboard';
COMMENT ON COLUMN ais.latest_positions.radio IS 'Communication state, the bits as sent (M.1371-5 annex 2, 3.3.7.2)';
COMMENT ON COLUMN ais.latest_positions.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.latest_positions.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.latest_positions.heading IS 'True heading, degrees';
COMMENT ON COLUMN ais.latest_positions.nav_status IS 'Navigation status, code 0 to 14';
COMMENT ON COLUMN ais.latest_positions.second IS 'UTC second of the fix; 61 manual input, 62 dead reckoning, 63 inoperative';
COMMENT ON COLUMN ais.latest_positions.maneuver IS 'Special manoeuvre: 1 not engaged, 2 engaged';
COMMENT ON COLUMN ais.latest_positions.reserved IS 'Regional or reserved bits of type 18 and 19 when not zero';
COMMENT ON COLUMN ais.latest_positions.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.latest_positions.accuracy IS 'Position accuracy: true means better than 10 m';
COMMENT ON COLUMN ais.latest_positions.raim IS 'Receiver autonomous integrity monitoring is in use';
COMMENT ON COLUMN ais.latest_positions.cs IS 'Class B unit is carrier-sense (CS) rather than self-organised (SO)';
COMMENT ON COLUMN ais.latest_positions.display IS 'Class B unit has a display';
COMMENT ON COLUMN ais.latest_positions.dsc IS 'Class B unit has digital selective calling';
COMMENT ON COLUMN ais.latest_positions.band IS 'Class B unit works over the whole marine band';
COMMENT ON COLUMN ais.latest_positions.msg22 IS 'Class B unit obeys channel management by type 22';
COMMENT ON COLUMN ais.latest_positions.assigned IS 'The station works in assigned mode';
COMMENT ON COLUMN ais.latest_positions.gnss IS 'Type 27: the position is the current GNSS one (sent as 0 for yes)';
COMMENT ON COLUMN ais.latest_positions.geom IS 'Where: WGS 84 longitude and latitude at the full resolution of AIS; null when not available';
COMMENT ON COLUMN ais.latest_positions.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.latest_positions.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.latest_positions.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.latest_positions.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.latest_positions.talker IS 'NMEA talker, for example AI or BS';
COMMENT ON COLUMN ais.latest_positions.turning IS 'left or right: turns faster than 5 degrees in 30 s, no turn indicator';
COMMENT ON COLUMN ais.latest_positions.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';
COMMENT ON COLUMN ais.latest_positions.low_resolution IS 'Type 27: the position is to a tenth of a minute, sog to a knot; null in rows that were stored before this column was made';
COMMENT ON COLUMN ais.latest_positions.ais_class IS 'Class of the unit, A or B, where a provider says it instead of the message type';
COMMENT ON COLUMN ais.latest_positions.missing IS 'Names of the fields that a message cut short has lost, with commas between';
COMMENT ON COLUMN ais.latest_positions.lon IS 'Longitude, WGS 84, degrees east';
COMMENT ON COLUMN ais.latest_positions.lat IS 'Latitude, WGS 84, degrees north';

CREATE OR REPLACE VIEW ais.position_reports AS
SELECT
    event_time,
    received_at,
    mmsi,
    sog,
    cog,
    rot,
    radio,
    msg_type,
    repeat,
    heading,
    nav_status,
    second,
    maneuver,
    reserved,
    own_ship,
    accuracy,
    raim,
    cs,
    display,
    dsc,
    band,
    msg22,
    assigned,
    gnss,
    lon,
    lat,
    geom,
    time_source,
    source,
    station,
    channel,
    talker,
    turning,
    coalesce(low_resolution, msg_type = 27, false) AS low_resolution,
    coalesce(ais_class, CASE WHEN msg_type IN (1, 2, 3) THEN 'A' WHEN msg_type IN (18, 19) THEN 'B' END) AS ais_class,
    time_shift,
    missing
FROM ais.positions;

COMMENT ON VIEW ais.position_reports IS
    'ais.positions with lon and lat as numbers, and with the class of the unit whether the message type or the provider tells it';
COMMENT ON COLUMN ais.position_reports.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.position_reports.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.position_reports.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.position_reports.sog IS 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)';
COMMENT ON COLUMN ais.position_reports.cog IS 'Course over ground, degrees from true north';
COMMENT ON COLUMN ais.position_reports.rot IS 'Rate of turn, degrees/minute, positive to starboard';
COMMENT ON COLUMN ais.position_reports.radio IS 'Communication state, the bits as sent (M.1371-5 annex 2, 3.3.7.2)';
COMMENT ON COLUMN ais.position_reports.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.position_reports.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.position_reports.heading IS 'True heading, degrees';
COMMENT ON COLUMN ais.position_reports.nav_status IS 'Navigation status, code 0 to 14';
COMMENT ON COLUMN ais.position_reports.second IS 'UTC second of the fix; 61 manual input, 62 dead reckoning, 63 inoperative';
COMMENT ON COLUMN ais.position_reports.maneuver IS 'Special manoeuvre: 1 not engaged, 2 engaged';
COMMENT ON COLUMN ais.position_reports.reserved IS 'Regional or reserved bits of type 18 and 19 when not zero';
COMMENT ON COLUMN ais.position_reports.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.position_reports.accuracy IS 'Position accuracy: true means better than 10 m';
COMMENT ON COLUMN ais.position_reports.raim IS 'Receiver autonomous integrity monitoring is in use';
COMMENT ON COLUMN ais.position_reports.cs IS 'Class B unit is carrier-sense (CS) rather than self-organised (SO)';
COMMENT ON COLUMN ais.position_reports.display IS 'Class B unit has a display';
COMMENT ON COLUMN ais.position_reports.dsc IS 'Class B unit has digital selective calling';
COMMENT ON COLUMN ais.position_reports.band IS 'Class B unit works over the whole marine band';
COMMENT ON COLUMN ais.position_reports.msg22 IS 'Class B unit obeys channel management by type 22';
COMMENT ON COLUMN ais.position_reports.assigned IS 'The station works in assigned mode';
COMMENT ON COLUMN ais.position_reports.gnss IS 'Type 27: the position is the current GNSS one (sent as 0 for yes)';
COMMENT ON COLUMN ais.position_reports.lon IS 'Longitude, WGS 84, degrees east';
COMMENT ON COLUMN ais.position_reports.lat IS 'Latitude, WGS 84, degrees north';
COMMENT ON COLUMN ais.position_reports.geom IS 'Where: WGS 84 longitude and latitude at the full resolution of AIS; null when not available';
COMMENT ON COLUMN ais.position_reports.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.position_reports.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.position_reports.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.position_reports.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.position_reports.talker IS 'NMEA talker, for example AI or BS';
COMMENT ON COLUMN ais.position_reports.turning IS 'left or right: turns faster than 5 degrees in 30 s, no turn indicator';
COMMENT ON COLUMN ais.position_reports.low_resolution IS 'Type 27: the position is to a tenth of a minute, sog to a knot';
COMMENT ON COLUMN ais.position_reports.ais_class IS 'Class of the unit, A or B: what the provider says, or what the message type tells (1, 2, 3: A; 18, 19: B); else null';
COMMENT ON COLUMN ais.position_reports.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';
COMMENT ON COLUMN ais.position_reports.missing IS 'Names of the fields that a message cut short has lost, with commas between';

CREATE OR REPLACE VIEW ais.vessels_now AS
SELECT
    p.mmsi,
    v.name,
    v.callsign,
    v.imo,
    v.ship_type,
    v.destination,
    v.draught,
    CASE WHEN v.length BETWEEN 0 AND 1022 THEN round(v.length)::smallint END AS length,
    CASE WHEN v.width BETWEEN 0 AND 126 THEN round(v.width)::smallint END AS width,
    p.event_time,
    p.sog,
    p.cog,
    p.heading,
    p.nav_status,
    p.lon,
    p.lat,
    p.geom,
    p.source,
    coalesce(p.low_resolution, p.msg_type = 27, false) AS low_resolution,
    coalesce(
        p.ais_class,
        CASE WHEN p.msg_type IN (1, 2, 3) THEN 'A' WHEN p.msg_type IN (18, 19) THEN 'B' END,
        v.ais_class
    ) AS ais_class
FROM ais.latest_positions AS p
LEFT JOIN ais.vessels AS v USING (mmsi);

COMMENT ON VIEW ais.vessels_now IS
    'The newest position of each vessel with what is known of it; a vessel that has not said who it is has nulls there';
COMMENT ON COLUMN ais.vessels_now.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.vessels_now.name IS 'Name, six-bit text without padding';
COMMENT ON COLUMN ais.vessels_now.callsign IS 'Call sign';
COMMENT ON COLUMN ais.vessels_now.imo IS 'IMO ship identification number';
COMMENT ON COLUMN ais.vessels_now.ship_type IS 'Type of ship and cargo, code 1 to 255';
COMMENT ON COLUMN ais.vessels_now.destination IS 'Destination as typed by the crew';
COMMENT ON COLUMN ais.vessels_now.draught IS 'Present static draught, metres (25.5 means 25.5 or more)';
COMMENT ON COLUMN ais.vessels_now.length IS 'Length, whole metres: to_bow + to_stern, or what a provider gives instead; null above 1022, the most that AIS can say';
COMMENT ON COLUMN ais.vessels_now.width IS 'Width, whole metres: to_port + to_starboard, or what a provider gives instead; null above 126, the most that AIS can say';
COMMENT ON COLUMN ais.vessels_now.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.vessels_now.sog IS 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)';
COMMENT ON COLUMN ais.vessels_now.cog IS 'Course over ground, degrees from true north';
COMMENT ON COLUMN ais.vessels_now.heading IS 'True heading, degrees';
COMMENT ON COLUMN ais.vessels_now.nav_status IS 'Navigation status, code 0 to 14';
COMMENT ON COLUMN ais.vessels_now.lon IS 'Longitude, WGS 84, degrees east';
COMMENT ON COLUMN ais.vessels_now.lat IS 'Latitude, WGS 84, degrees north';
COMMENT ON COLUMN ais.vessels_now.geom IS 'Position, WGS 84';
COMMENT ON COLUMN ais.vessels_now.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.vessels_now.low_resolution IS 'Type 27: the position is to a tenth of a minute, sog to a knot';
COMMENT ON COLUMN ais.vessels_now.ais_class IS 'Class of the unit, A or B: what the type of the newest position tells, or a provider says; else null';

GRANT INSERT ON ais.position_rows, ais.position_labels TO writer;
GRANT INSERT, UPDATE ON ais.latest_position_rows TO writer;
