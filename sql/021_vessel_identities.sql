-- Who a vessel said it was, and when that changed; where each row is from in every view that people read; and how tables that
-- are not positions are kept in bounds.

-- ---- identities ----

-- From what runs say to periods, each step of a vessel alone, so that a question about one vessel reads no other's rows:
--   stretches   runs of a series that follow each other and say the same identity (a new destination is none)
--   points      the begin and the end of each
--   carried     at each point the last that was said of each fact: a null never erases, part A does not forget part B
--   filled      what was learned while nothing was contradicted was true from the first: no change, only news
--   islands     points of the same identity. What returns within a day is the same period, whoever spoke meanwhile: two ships on
--               one MMSI, sources of which one lags, and slips of the pen make periods that overlap, not a row a report
CREATE OR REPLACE VIEW ais.vessel_identities AS
WITH runs AS (
    SELECT
        id, mmsi, source, coalesce(msg_type, 0::smallint) AS msg_type, coalesce(part, '') AS part, first_time, last_time, reports,
        name, callsign, imo, ship_type,
        row_number() OVER series - row_number() OVER same AS stretch
    FROM ais.static_reports
    WHERE name IS NOT NULL OR callsign IS NOT NULL OR imo IS NOT NULL
    WINDOW
        series AS (PARTITION BY mmsi, source, coalesce(msg_type, 0::smallint), coalesce(part, '') ORDER BY first_time, id),
        same AS (
            PARTITION BY mmsi, source, coalesce(msg_type, 0::smallint), coalesce(part, ''), name, callsign, imo
            ORDER BY first_time, id
        )
),
stretches AS (
    SELECT
        mmsi, source, msg_type, part, name, callsign, imo,
        min(id) AS id,
        min(first_time) AS first_time,
        max(last_time) AS last_time,
        sum(reports) AS reports,
        (array_agg(ship_type ORDER BY last_time DESC) FILTER (WHERE ship_type IS NOT NULL))[1] AS ship_type
    FROM runs
    GROUP BY mmsi, source, msg_type, part, name, callsign, imo, stretch
),
points AS (
    SELECT
        s.*, point.moment, point.is_first,
        row_number() OVER w AS number,
        count(s.name) OVER w AS names,
        count(s.callsign) OVER w AS callsigns,
        count(s.imo) OVER w AS imos
    FROM stretches AS s
    CROSS JOIN LATERAL (VALUES (s.first_time, true), (s.last_time, false)) AS point (moment, is_first)
    WHERE point.is_first OR s.last_time > s.first_time
    WINDOW w AS (PARTITION BY s.mmsi ORDER BY point.moment, s.source, s.msg_type, s.part, s.first_time, point.is_first)
),
carried AS (
    SELECT
        mmsi, id, number, moment, is_first, last_time, reports, source, ship_type,
        max(name) OVER (PARTITION BY mmsi, names) AS name,
        max(callsign) OVER (PARTITION BY mmsi, callsigns) AS callsign,
        max(imo) OVER (PARTITION BY mmsi, imos) AS imo
    FROM points
),
contradicted AS (
    SELECT
        *,
        coalesce(name <> lag(name) OVER w, false) OR coalesce(callsign <> lag(callsign) OVER w, false)
        OR coalesce(imo <> lag(imo) OVER w, false) AS contradicts
    FROM carried
    WINDOW w AS (PARTITION BY mmsi ORDER BY number)
),
blocks AS (
    SELECT *, count(*) FILTER (WHERE contradicts) OVER (PARTITION BY mmsi ORDER BY number) AS block FROM contradicted
),
filled AS (
    SELECT
        mmsi, id, number, moment, is_first, last_time, reports, source, ship_type,
        max(name) OVER w AS name, max(callsign) OVER w AS callsign, max(imo) OVER w AS imo
    FROM blocks
    WINDOW w AS (PARTITION BY mmsi, block)
),
-- A stretch that ends with the identity with which it began lasts all the time between.
lasting AS (
    SELECT
        *,
        CASE
            WHEN is_first AND name IS NOT DISTINCT FROM lead(name) OVER w AND callsign IS NOT DISTINCT FROM lead(callsign) OVER w
                AND imo IS NOT DISTINCT FROM lead(imo) OVER w
            THEN last_time
            ELSE moment
        END AS until
    FROM filled
    WINDOW w AS (PARTITION BY mmsi, id ORDER BY number)
),
returns AS (
    SELECT
        *,
        number > lag(number) OVER w + 1
        AND moment > max(until) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + interval '24 hours' AS returns
    FROM lasting
    WINDOW w AS (PARTITION BY mmsi, name, callsign, imo ORDER BY number)
),
islands AS (
    SELECT *, count(*) FILTER (WHERE returns) OVER (PARTITION BY mmsi, name, callsign, imo ORDER BY number) AS island FROM returns
)
SELECT
    mmsi,
    name,
    callsign,
    imo,
    (array_agg(ship_type ORDER BY number DESC) FILTER (WHERE ship_type IS NOT NULL))[1] AS ship_type,
    min(moment) AS first_time,
    max(until) AS last_time,
    coalesce(sum(reports) FILTER (WHERE is_first), 0)::bigint AS reports,
    array_agg(DISTINCT source ORDER BY source) AS sources
FROM islands
GROUP BY mmsi, name, callsign, imo, island;

COMMENT ON VIEW ais.vessel_identities IS
    'Who each MMSI said it was and when: a row for each period with one name, callsign and imo, of all types of report and sources together. Periods that overlap are two ships on one MMSI, or sources that disagree. Quick for one mmsi; without one it reads all of ais.static_reports';
COMMENT ON COLUMN ais.vessel_identities.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.vessel_identities.name IS 'Name, six-bit text without padding';
COMMENT ON COLUMN ais.vessel_identities.callsign IS 'Call sign';
COMMENT ON COLUMN ais.vessel_identities.imo IS 'IMO ship identification number';
COMMENT ON COLUMN ais.vessel_identities.ship_type IS 'Type of ship and cargo, code 1 to 255; null in rows of whom none was said. The last of the period: cargo changes it, so it begins none';
COMMENT ON COLUMN ais.vessel_identities.first_time IS 'event_time of the first report of the period';
COMMENT ON COLUMN ais.vessel_identities.last_time IS 'event_time of the last report of the period';
COMMENT ON COLUMN ais.vessel_identities.reports IS 'How many reports there are of the runs of ais.static_reports that begin in the period, those that say a part of it too';
COMMENT ON COLUMN ais.vessel_identities.sources IS 'Tails of the routing keys of these reports, in order';

-- A period follows the one that was said last before it: of those that began before, the one that was said for longest. Most vessels
-- have one identity for ever, and the others are few enough to be asked for one by one.
CREATE OR REPLACE VIEW ais.identity_changes AS
WITH periods AS (
    SELECT
        several.mmsi, identity.name, identity.callsign, identity.imo, identity.first_time, identity.last_time, identity.reports,
        identity.sources, max(identity.last_time) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS said_until
    FROM (
        SELECT mmsi FROM ais.static_reports GROUP BY mmsi
        HAVING min(name) <> max(name) OR min(callsign) <> max(callsign) OR min(imo) <> max(imo)
    ) AS several
    CROSS JOIN LATERAL (SELECT i.* FROM ais.vessel_identities AS i WHERE i.mmsi = several.mmsi OFFSET 0) AS identity
    WINDOW w AS (
        PARTITION BY several.mmsi
        ORDER BY identity.first_time, identity.last_time, identity.name, identity.callsign, identity.imo
    )
),
records AS (
    SELECT
        *,
        count(*) FILTER (WHERE said_until IS NULL OR last_time >= said_until) OVER (
            PARTITION BY mmsi ORDER BY first_time, last_time, name, callsign, imo
        ) AS record
    FROM periods
),
longest AS (
    SELECT
        *,
        first_value(name) OVER w AS said_name,
        first_value(callsign) OVER w AS said_callsign,
        first_value(imo) OVER w AS said_imo
    FROM records
    WINDOW w AS (PARTITION BY mmsi, record ORDER BY first_time, last_time, name, callsign, imo)
),
followed AS (
    SELECT
        *, lag(said_name) OVER w AS from_name, lag(said_callsign) OVER w AS from_callsign, lag(said_imo) OVER w AS from_imo
    FROM longest
    WINDOW w AS (PARTITION BY mmsi ORDER BY first_time, last_time, name, callsign, imo)
)
SELECT
    f.mmsi,
    f.first_time AS change_time,
    change.fact,
    change.from_value,
    change.to_value,
    f.said_until AS from_last_time,
    f.last_time AS to_last_time,
    greatest(least(f.said_until, f.last_time) - f.first_time, interval '0') AS both_for,
    f.reports,
    f.sources
FROM followed AS f
CROSS JOIN LATERAL (VALUES
    ('name', f.from_name, f.name), ('callsign', f.from_callsign, f.callsign), ('imo', f.from_imo::text, f.imo::text)
) AS change (fact, from_value, to_value)
WHERE change.from_value <> change.to_value;

COMMENT ON VIEW ais.identity_changes IS
    'When an MMSI began to say another name, callsign or imo than before, a row for each of them, by the periods of ais.vessel_identities. Who goes back to a name that it had never given up for a day is not told of twice';
COMMENT ON COLUMN ais.identity_changes.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.identity_changes.change_time IS 'event_time of the first report with the new identity';
COMMENT ON COLUMN ais.identity_changes.fact IS 'What changed: name, callsign or imo';
COMMENT ON COLUMN ais.identity_changes.from_value IS 'What it was before, as text';
COMMENT ON COLUMN ais.identity_changes.to_value IS 'What it was from then on, as text';
COMMENT ON COLUMN ais.identity_changes.from_last_time IS 'event_time of the last report with the identity before';
COMMENT ON COLUMN ais.identity_changes.to_last_time IS 'event_time of the last report with the new identity';
COMMENT ON COLUMN ais.identity_changes.both_for IS 'How long both identities were said: none for a change, long for two ships on one MMSI, some for a source that lags';
COMMENT ON COLUMN ais.identity_changes.reports IS 'How many reports there are of the new identity; one may be an error of transmission';
COMMENT ON COLUMN ais.identity_changes.sources IS 'Tails of the routing keys of the reports with the new identity, in order';

-- ---- where a row is from ----

-- With columns more at its end, so that whatever stands on it stays.
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
    p.flags,
    m.country,
    t.ship_class,
    t.subclass AS ship_subclass,
    t.description AS ship_type_text,
    n.name AS nav_status_text,
    now() - p.event_time AS age,
    p.station,
    p.time_source
FROM ais.latest_positions AS p
LEFT JOIN ais.vessels AS v ON v.mmsi = p.mmsi
LEFT JOIN ref.mids AS m ON m.mid = ref.mid_of(p.mmsi)
LEFT JOIN ref.ship_types AS t ON t.ship_type = v.ship_type
LEFT JOIN ref.nav_statuses AS n ON n.nav_status = p.nav_status;

COMMENT ON COLUMN ais.vessels_now.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.vessels_now.time_source IS 'Where event_time came from, one of TIME_SOURCES';

-- ---- retention of derived tables and of static history ----

CREATE TABLE IF NOT EXISTS ops.forgotten (
    before date NOT NULL,
    name   text NOT NULL PRIMARY KEY
);

COMMENT ON TABLE ops.forgotten IS
    'Which days of a derived table were given up by ops.retention: they are not computed anew, neither from positions that are still there nor from those that come late, also when the rule is gone';
COMMENT ON COLUMN ops.forgotten.name IS 'The derived table without its schema';
COMMENT ON COLUMN ops.forgotten.before IS 'The first day (UTC) that is kept';

GRANT SELECT ON ops.forgotten TO analyst, writer;
GRANT SELECT, INSERT, UPDATE ON ops.forgotten TO maintainer;

CREATE OR REPLACE FUNCTION ops.time_column(table_name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
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

COMMENT ON FUNCTION ops.time_column(text) IS
    'The column by which rows of a table of schema ais expire, of those but positions; null of others, which cannot have a retention';

CREATE OR REPLACE FUNCTION ops.is_derived(table_name text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT table_name IN ('positions_30min', 'positions_12h', 'vessel_days', 'tracks', 'density')
$$;

COMMENT ON FUNCTION ops.is_derived(text) IS
    'Whether a table of schema ais is computed from positions: its retention is by whole days, and not by source';

ALTER TABLE ops.retention DROP CONSTRAINT IF EXISTS retention_table_name_check;
ALTER TABLE ops.retention ADD CONSTRAINT retention_table_name_check
    CHECK (table_name = 'positions' OR ops.time_column(table_name) IS NOT NULL);
ALTER TABLE ops.retention DROP CONSTRAINT IF EXISTS retention_source_check;
ALTER TABLE ops.retention ADD CONSTRAINT retention_source_check CHECK (source IS NULL OR NOT ops.is_derived(table_name));

COMMENT ON COLUMN ops.retention.source IS
    'Tail of the routing key, for example coastal.denmark; null for all sources that have no rule of their own, and of derived tables, which have no source';
COMMENT ON COLUMN ops.retention.days IS
    'Days after which a row is deleted, by the time of the report; of positions, days after the end of the partition; of derived tables, after the end of the day, or of the month where months are partitions';

CREATE OR REPLACE VIEW ops.months AS
SELECT
    parent.relname::text AS table_name,
    c.relname::text AS name,
    (make_date(left(right(c.relname, 6), 4)::integer, right(c.relname, 2)::integer, 1) + interval '1 month')::date AS end_day,
    pg_total_relation_size(c.oid) AS bytes
FROM pg_inherits AS i
JOIN pg_class AS c ON c.oid = i.inhrelid AND c.relname ~ '_[0-9]{6}$'
JOIN pg_class AS parent ON parent.oid = i.inhparent
WHERE i.inhparent IN ('ais.positions_30min'::regclass, 'ais.tracks'::regclass, 'ais.density'::regclass) AND NOT i.inhdetachpending;

COMMENT ON VIEW ops.months IS 'The partitions of derived tables, a month (UTC) each';
COMMENT ON COLUMN ops.months.table_name IS 'The derived table without its schema';
COMMENT ON COLUMN ops.months.name IS 'Name of the partition, in schema ais';
COMMENT ON COLUMN ops.months.end_day IS 'The first day after it';
COMMENT ON COLUMN ops.months.bytes IS 'Its size, indexes included, bytes';

GRANT SELECT ON ops.months TO analyst, writer, maintainer;

CREATE OR REPLACE FUNCTION ops.drop_month(partition_name text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
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

COMMENT ON FUNCTION ops.drop_month(text) IS
    'Drops a month of a derived table that ops.retention has given up and ops.forgotten tells of, under a lock that nobody else may hold; set lock_timeout before. False when it is to be kept';

-- Whoever stores a report of a vessel holds the lock of its row in ais.vessels, and may be about to add it to a run that it has
-- read: runs of those vessels are left for the next time. The second statement sees what was stored before the locks.
CREATE OR REPLACE FUNCTION ops.delete_expired_runs(first_block bigint, end_block bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

COMMENT ON FUNCTION ops.delete_expired_runs(bigint, bigint) IS
    'Deletes from some blocks of ais.static_reports the runs that ops.retention has given up, except of vessels of which a report is being stored; how many';

CREATE OR REPLACE FUNCTION ops.delete_expired(table_name text, from_time timestamptz, until_time timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
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
$$;

REVOKE ALL ON FUNCTION ops.drop_month(text), ops.delete_expired_runs(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ops.drop_month(text), ops.delete_expired_runs(bigint, bigint) TO maintainer;
