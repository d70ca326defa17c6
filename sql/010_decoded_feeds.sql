-- Records that a provider had decoded already, shifted times, messages cut short, applications' contents.
-- Only new columns without a value: no row is written anew, and a null costs no byte. They stand at the end of each table.

ALTER TABLE ais.positions
    ALTER COLUMN msg_type DROP NOT NULL,
    ADD COLUMN IF NOT EXISTS time_shift double precision,
    ADD COLUMN IF NOT EXISTS low_resolution boolean,
    ADD COLUMN IF NOT EXISTS ais_class text,
    ADD COLUMN IF NOT EXISTS missing text;

COMMENT ON TABLE ais.positions IS
    'Where ships were: every stored report of types 1, 2, 3, 18, 19 and 27, and of providers that do not say the type; one partition a day by event_time, of long ago one a month';
COMMENT ON COLUMN ais.positions.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.positions.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';
COMMENT ON COLUMN ais.positions.low_resolution IS 'Type 27: the position is to a tenth of a minute, sog to a knot; null in rows that were stored before this column was made';
COMMENT ON COLUMN ais.positions.ais_class IS 'Class of the unit, A or B, where a provider says it instead of the message type';
COMMENT ON COLUMN ais.positions.missing IS 'Names of the fields that a message cut short has lost, with commas between';

-- A partition takes its parent's comments when it is made; those that are there already get them now.
DO $$
DECLARE
    partition_name regclass;
    column_name name;
    comment_text text;
BEGIN
    FOR partition_name, column_name, comment_text IN
        SELECT i.inhrelid, a.attname, col_description(a.attrelid, a.attnum)
        FROM pg_inherits i JOIN pg_attribute a ON a.attrelid = i.inhparent
        WHERE i.inhparent = 'ais.positions'::regclass
            AND a.attname IN ('msg_type', 'time_shift', 'low_resolution', 'ais_class', 'missing')
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', partition_name, column_name, comment_text);
    END LOOP;
END
$$;

ALTER TABLE ais.latest_positions
    ALTER COLUMN msg_type DROP NOT NULL,
    ADD COLUMN IF NOT EXISTS time_shift double precision,
    ADD COLUMN IF NOT EXISTS low_resolution boolean,
    ADD COLUMN IF NOT EXISTS ais_class text,
    ADD COLUMN IF NOT EXISTS missing text;

COMMENT ON COLUMN ais.latest_positions.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.latest_positions.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';
COMMENT ON COLUMN ais.latest_positions.low_resolution IS 'Type 27: the position is to a tenth of a minute, sog to a knot; null in rows that were stored before this column was made';
COMMENT ON COLUMN ais.latest_positions.ais_class IS 'Class of the unit, A or B, where a provider says it instead of the message type';
COMMENT ON COLUMN ais.latest_positions.missing IS 'Names of the fields that a message cut short has lost, with commas between';

-- Here every report has its class, where type or provider tells it, and every report says whether it is a coarse one.
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
    st_x(geom) AS lon,
    st_y(geom) AS lat,
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
COMMENT ON COLUMN ais.position_reports.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.position_reports.low_resolution IS 'Type 27: the position is to a tenth of a minute, sog to a knot';
COMMENT ON COLUMN ais.position_reports.ais_class IS 'Class of the unit, A or B: what the provider says, or what the message type tells (1, 2, 3: A; 18, 19: B); else null';
COMMENT ON COLUMN ais.position_reports.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';
COMMENT ON COLUMN ais.position_reports.missing IS 'Names of the fields that a message cut short has lost, with commas between';

ALTER TABLE ais.static_reports
    ALTER COLUMN msg_type DROP NOT NULL,
    ADD COLUMN IF NOT EXISTS time_shift double precision,
    ADD COLUMN IF NOT EXISTS length real,
    ADD COLUMN IF NOT EXISTS width real,
    ADD COLUMN IF NOT EXISTS ais_class text,
    ADD COLUMN IF NOT EXISTS missing text;

-- Of a series without a message type, too, the runs are found by index: a null would not be.
CREATE INDEX IF NOT EXISTS static_reports_series
    ON ais.static_reports (mmsi, coalesce(msg_type, 0::smallint), first_time);
DROP INDEX IF EXISTS ais.static_reports_mmsi_first_time;

COMMENT ON COLUMN ais.static_reports.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.static_reports.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';
COMMENT ON COLUMN ais.static_reports.length IS 'Length, metres, where a provider gives it instead of to_bow and to_stern';
COMMENT ON COLUMN ais.static_reports.width IS 'Width, metres, where a provider gives it instead of to_port and to_starboard';
COMMENT ON COLUMN ais.static_reports.ais_class IS 'Class of the unit, A or B, where a provider says it instead of the message type';
COMMENT ON COLUMN ais.static_reports.missing IS 'Names of the fields that a message cut short has lost, with commas between';

-- One length and one width a vessel, whichever way it was said.
ALTER TABLE ais.vessels
    ADD COLUMN IF NOT EXISTS ais_class_time timestamptz,
    ADD COLUMN IF NOT EXISTS length_time timestamptz,
    ADD COLUMN IF NOT EXISTS width_time timestamptz,
    ADD COLUMN IF NOT EXISTS length real,
    ADD COLUMN IF NOT EXISTS width real,
    ADD COLUMN IF NOT EXISTS ais_class text;

UPDATE ais.vessels SET
    length = to_bow + to_stern, length_time = CASE WHEN to_bow + to_stern IS NOT NULL THEN dimensions_time END,
    width = to_port + to_starboard, width_time = CASE WHEN to_port + to_starboard IS NOT NULL THEN dimensions_time END
WHERE dimensions_time IS NOT NULL AND length_time IS NULL AND width_time IS NULL;

COMMENT ON TABLE ais.vessels IS
    'Who each MMSI is: the newest known value of every static field, from types 5, 19, 24A and 24B and from providers together; a null never erases, the older never replaces the newer';
COMMENT ON COLUMN ais.vessels.ais_class_time IS 'event_time of the newest report that gave the ais_class';
COMMENT ON COLUMN ais.vessels.length_time IS 'event_time of the newest report that gave the length';
COMMENT ON COLUMN ais.vessels.width_time IS 'event_time of the newest report that gave the width';
COMMENT ON COLUMN ais.vessels.length IS 'Length, metres: to_bow + to_stern, or what a provider gives instead, whichever was said last';
COMMENT ON COLUMN ais.vessels.width IS 'Width, metres: to_port + to_starboard, or what a provider gives instead, whichever was said last';
COMMENT ON COLUMN ais.vessels.ais_class IS 'Class of the unit, A or B, where a provider says it instead of the message type';

-- A view's columns keep their types, so that whatever stands on it stays: whole metres, as AIS itself has no others.
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
    st_x(p.geom) AS lon,
    st_y(p.geom) AS lat,
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

COMMENT ON COLUMN ais.vessels_now.length IS 'Length, whole metres: to_bow + to_stern, or what a provider gives instead; null above 1022, the most that AIS can say';
COMMENT ON COLUMN ais.vessels_now.width IS 'Width, whole metres: to_port + to_starboard, or what a provider gives instead; null above 126, the most that AIS can say';
COMMENT ON COLUMN ais.vessels_now.low_resolution IS 'Type 27: the position is to a tenth of a minute, sog to a knot';
COMMENT ON COLUMN ais.vessels_now.ais_class IS 'Class of the unit, A or B: what the type of the newest position tells, or a provider says; else null';

ALTER TABLE ais.base_station_reports
    ALTER COLUMN msg_type DROP NOT NULL,
    ADD COLUMN IF NOT EXISTS time_shift double precision,
    ADD COLUMN IF NOT EXISTS missing text;

COMMENT ON COLUMN ais.base_station_reports.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.base_station_reports.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';
COMMENT ON COLUMN ais.base_station_reports.missing IS 'Names of the fields that a message cut short has lost, with commas between';

ALTER TABLE ais.aton_reports
    ALTER COLUMN msg_type DROP NOT NULL,
    ADD COLUMN IF NOT EXISTS time_shift double precision,
    ADD COLUMN IF NOT EXISTS missing text;

COMMENT ON COLUMN ais.aton_reports.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.aton_reports.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';
COMMENT ON COLUMN ais.aton_reports.missing IS 'Names of the fields that a message cut short has lost, with commas between';

ALTER TABLE ais.sar_aircraft_positions
    ALTER COLUMN msg_type DROP NOT NULL,
    ADD COLUMN IF NOT EXISTS time_shift double precision,
    ADD COLUMN IF NOT EXISTS missing text;

COMMENT ON COLUMN ais.sar_aircraft_positions.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.sar_aircraft_positions.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';
COMMENT ON COLUMN ais.sar_aircraft_positions.missing IS 'Names of the fields that a message cut short has lost, with commas between';

ALTER TABLE ais.safety_messages
    ALTER COLUMN msg_type DROP NOT NULL,
    ADD COLUMN IF NOT EXISTS time_shift double precision,
    ADD COLUMN IF NOT EXISTS missing text;

COMMENT ON COLUMN ais.safety_messages.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.safety_messages.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';
COMMENT ON COLUMN ais.safety_messages.missing IS 'Names of the fields that a message cut short has lost, with commas between';

ALTER TABLE ais.binary_messages
    ALTER COLUMN msg_type DROP NOT NULL,
    ADD COLUMN IF NOT EXISTS time_shift double precision,
    ADD COLUMN IF NOT EXISTS application text,
    ADD COLUMN IF NOT EXISTS content jsonb,
    ADD COLUMN IF NOT EXISTS missing text;

COMMENT ON COLUMN ais.binary_messages.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.binary_messages.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';
COMMENT ON COLUMN ais.binary_messages.application IS 'Which application of types 6 and 8 it is, one of APPLICATIONS; null when not known';
COMMENT ON COLUMN ais.binary_messages.content IS 'What the application says: named values in SI units or as it defines them';
COMMENT ON COLUMN ais.binary_messages.missing IS 'Names of the fields that a message cut short has lost, with commas between';

ALTER TABLE ais.other_messages
    ALTER COLUMN msg_type DROP NOT NULL,
    ADD COLUMN IF NOT EXISTS time_shift double precision,
    ADD COLUMN IF NOT EXISTS missing text;

COMMENT ON COLUMN ais.other_messages.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.other_messages.time_shift IS 'Seconds added to the stamp to correct its clock; event_time has them in it';
COMMENT ON COLUMN ais.other_messages.missing IS 'Names of the fields that a message cut short has lost, with commas between';

COMMENT ON COLUMN ops.ledger.rejected IS 'How many could not become decoded records, by reason: the decoder rejects sentences, ingest rows and objects of decoded feeds';
