-- What the filter marks instead of dropping, what it holds back for a while, and who heard a transmission besides the first.
-- Only new columns without a value or with a constant one: no row is written anew, and a null costs no byte.

ALTER TABLE ais.position_rows ADD COLUMN IF NOT EXISTS flags smallint;
ALTER TABLE ais.latest_position_rows ADD COLUMN IF NOT EXISTS flags smallint;
ALTER TABLE ais.static_reports ADD COLUMN IF NOT EXISTS flags smallint;

ALTER TABLE ais.base_station_reports ADD COLUMN IF NOT EXISTS flags smallint;
ALTER TABLE ais.aton_reports ADD COLUMN IF NOT EXISTS flags smallint;
ALTER TABLE ais.sar_aircraft_positions ADD COLUMN IF NOT EXISTS flags smallint;
ALTER TABLE ais.safety_messages ADD COLUMN IF NOT EXISTS flags smallint;
ALTER TABLE ais.binary_messages ADD COLUMN IF NOT EXISTS flags smallint;
ALTER TABLE ais.other_messages ADD COLUMN IF NOT EXISTS flags smallint;

COMMENT ON COLUMN ais.position_rows.flags IS 'What the filter found odd about it, a sum of bits: see Filtering, Flags; null for nothing, else ais.flag_names(flags) has the names';
COMMENT ON COLUMN ais.latest_position_rows.flags IS 'What the filter found odd about it, a sum of bits: see Filtering, Flags; null for nothing, else ais.flag_names(flags) has the names';
COMMENT ON COLUMN ais.base_station_reports.flags IS 'What the filter found odd about it, a sum of bits: see Filtering, Flags; null for nothing, else ais.flag_names(flags) has the names';
COMMENT ON COLUMN ais.aton_reports.flags IS 'What the filter found odd about it, a sum of bits: see Filtering, Flags; null for nothing, else ais.flag_names(flags) has the names';
COMMENT ON COLUMN ais.sar_aircraft_positions.flags IS 'What the filter found odd about it, a sum of bits: see Filtering, Flags; null for nothing, else ais.flag_names(flags) has the names';
COMMENT ON COLUMN ais.safety_messages.flags IS 'What the filter found odd about it, a sum of bits: see Filtering, Flags; null for nothing, else ais.flag_names(flags) has the names';
COMMENT ON COLUMN ais.binary_messages.flags IS 'What the filter found odd about it, a sum of bits: see Filtering, Flags; null for nothing, else ais.flag_names(flags) has the names';
COMMENT ON COLUMN ais.other_messages.flags IS 'What the filter found odd about it, a sum of bits: see Filtering, Flags; null for nothing, else ais.flag_names(flags) has the names';
COMMENT ON COLUMN ais.static_reports.flags IS 'What the filter found odd about the report that opened this row, as in ais.positions';

-- A partition takes its parent's comments when it is made; those that are there already get this one now.
DO $$
DECLARE
    partition_name regclass;
BEGIN
    FOR partition_name IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'ais.position_rows'::regclass LOOP
        EXECUTE format(
            'COMMENT ON COLUMN %s.flags IS %L', partition_name,
            (SELECT col_description(attrelid, attnum) FROM pg_attribute
             WHERE attrelid = 'ais.position_rows'::regclass AND attname = 'flags')
        );
    END LOOP;
END
$$;

-- Null, which is most, has no names: so `NOT 'land' = ANY (ais.flag_names(flags))` is true of it.
CREATE OR REPLACE FUNCTION ais.flag_names(flags integer) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
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

COMMENT ON FUNCTION ais.flag_names(integer) IS
    'The names of what the filter marked, each a bit of flags: implied_speed 1, fast 2, null_island 4, shared_mmsi 8, out_of_range 16, crowd 32, dimensions 64, land 128, area 256, selected 512, duplicate 1024, redundant 2048, late 4096. None for null. docs/filtering.md says what each means';

-- Each with one column more at its end, so that whatever stands on it stays.
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
    r.lat / 1e7::double precision AS lat,
    r.flags
FROM ais.position_rows AS r
LEFT JOIN ais.position_labels AS l ON l.id = r.label;

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
    r.lat / 1e7::double precision AS lat,
    r.flags
FROM ais.latest_position_rows AS r
LEFT JOIN ais.position_labels AS l ON l.id = r.label;

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
    missing,
    flags
FROM ais.positions;

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
    ) AS ais_class,
    p.flags
FROM ais.latest_positions AS p
LEFT JOIN ais.vessels AS v USING (mmsi);

COMMENT ON COLUMN ais.positions.flags IS 'What the filter found odd about it, a sum of bits: see Filtering, Flags; null for nothing, else ais.flag_names(flags) has the names';
COMMENT ON COLUMN ais.latest_positions.flags IS 'What the filter found odd about it, a sum of bits: see Filtering, Flags; null for nothing, else ais.flag_names(flags) has the names';
COMMENT ON COLUMN ais.position_reports.flags IS 'What the filter found odd about it, a sum of bits: see Filtering, Flags; null for nothing, else ais.flag_names(flags) has the names';
COMMENT ON COLUMN ais.vessels_now.flags IS 'What the filter found odd about it, a sum of bits: see Filtering, Flags; null for nothing, else ais.flag_names(flags) has the names';

ALTER TABLE ops.ledger
    ADD COLUMN IF NOT EXISTS held integer NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS released integer NOT NULL DEFAULT 0;

COMMENT ON TABLE ops.ledger IS
    'Every batch that was written, in the transaction that wrote its rows: received + released = stored + rejected + dropped + held. A batch that is delivered again is recognised here';
COMMENT ON COLUMN ops.ledger.received IS 'Records that ingest published in this batch; none in a batch of reports that the filter had held back';
COMMENT ON COLUMN ops.ledger.held IS 'How many the filter held back to publish or drop them later';
COMMENT ON COLUMN ops.ledger.released IS 'How many are accounted for here that the filter had held back of earlier batches of this source';

-- Copies of a transmission that the filter dropped, where its rule tells of them.
CREATE TABLE IF NOT EXISTS ais.heard_copies (
    kept_time   timestamptz NOT NULL,
    event_time  timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    digest      bigint,
    mmsi        integer NOT NULL,
    msg_type    smallint,
    source      text NOT NULL,
    station     text
);

-- As of positions: within a vessel's copies a moment is soon found.
CREATE INDEX IF NOT EXISTS heard_copies_mmsi ON ais.heard_copies (mmsi);
CREATE INDEX IF NOT EXISTS heard_copies_kept_time ON ais.heard_copies USING brin (kept_time) WITH (autosummarize = on);

COMMENT ON TABLE ais.heard_copies IS
    'Every copy of a transmission that the filter dropped since it was heard before, where the rule duplicate has heard: true; it is for the operator to delete what is old';
COMMENT ON COLUMN ais.heard_copies.kept_time IS 'event_time of the report that was kept';

COMMENT ON COLUMN ais.heard_copies.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.heard_copies.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.heard_copies.digest IS 'CRC-32 of the payload: the same transmission heard twice has the same';
COMMENT ON COLUMN ais.heard_copies.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.heard_copies.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.heard_copies.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.heard_copies.station IS 'Who received it: tag block s, or the sender''s network address';

CREATE OR REPLACE VIEW ais.heard AS
SELECT
    mmsi,
    msg_type,
    digest,
    kept_time AS event_time,
    count(*)::integer AS copies,
    (array_agg(coalesce(station, source) ORDER BY event_time, received_at))[1:16] AS heard_by,
    (array_agg(event_time ORDER BY event_time, received_at))[1:16] AS heard_at
FROM ais.heard_copies
GROUP BY mmsi, msg_type, digest, kept_time;

COMMENT ON VIEW ais.heard IS
    'Who heard a transmission besides the one whose report was kept, by the mmsi, msg_type and event_time of that report';
COMMENT ON COLUMN ais.heard.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.heard.msg_type IS 'AIS message type, 1 to 28; null where a provider of decoded data does not say';
COMMENT ON COLUMN ais.heard.digest IS 'CRC-32 of the payload: the same transmission heard twice has the same';
COMMENT ON COLUMN ais.heard.event_time IS 'event_time of the report that was kept';
COMMENT ON COLUMN ais.heard.copies IS 'How often it was heard besides';
COMMENT ON COLUMN ais.heard.heard_by IS 'The station of each copy, or its source where no station is told; the first 16';
COMMENT ON COLUMN ais.heard.heard_at IS 'The event_time of each copy, in the same order; the first 16';

GRANT INSERT ON ais.heard_copies TO writer;
