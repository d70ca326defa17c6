-- What keeps the database tidy for years: jobs with their account, closed partitions, retention, archive.
-- Why it is done so: docs/decisions/0034-a-closed-day-is-swapped-for-its-ordered-copy.md.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'maintainer') THEN
        CREATE ROLE maintainer NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- another database of this cluster was first
END
$$;

DO $$
BEGIN
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO maintainer', current_database());
END
$$;

GRANT USAGE ON SCHEMA ais, ops TO maintainer;
GRANT SELECT ON ALL TABLES IN SCHEMA ais, ops TO maintainer;
ALTER DEFAULT PRIVILEGES IN SCHEMA ais GRANT SELECT ON TABLES TO maintainer;
ALTER DEFAULT PRIVILEGES IN SCHEMA ops GRANT SELECT ON TABLES TO maintainer;
GRANT EXECUTE ON FUNCTION ais.ensure_partition(date) TO maintainer;

-- The body is bound when it is made, not looked up by the search_path of whoever runs it: restoring a dump, and functions
-- with a search_path of their own, build indexes of it.
CREATE OR REPLACE FUNCTION ais.point(lon integer, lat integer) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN st_point(lon / 1e7::double precision, lat / 1e7::double precision, 4326);

-- ---- tables ----

CREATE TABLE IF NOT EXISTS ops.jobs (
    every         interval NOT NULL CHECK (every > interval '0'),
    last_started  timestamptz,
    last_finished timestamptz,
    next_due      timestamptz NOT NULL DEFAULT now(),
    duration      interval,
    rows          bigint,
    failures      integer NOT NULL DEFAULT 0,
    enabled       boolean NOT NULL DEFAULT true,
    name          text NOT NULL PRIMARY KEY,
    error         text
);

COMMENT ON TABLE ops.jobs IS 'The jobs of the maintainer, one row each: how often, and what became of the last run';
COMMENT ON COLUMN ops.jobs.name IS 'Name of the job, as services/db_maintainer/jobs.py lists it';
COMMENT ON COLUMN ops.jobs.enabled IS 'Whether it runs by itself; for the operator to change';
COMMENT ON COLUMN ops.jobs.every IS 'How long after a run began the next is due; for the operator to change';
COMMENT ON COLUMN ops.jobs.last_started IS 'When the last run began; later than last_finished while it runs, or when it was killed';
COMMENT ON COLUMN ops.jobs.last_finished IS 'When the last run ended, well or not';
COMMENT ON COLUMN ops.jobs.next_due IS 'When it is to run again; after a failure sooner, at first in a minute, than every says';
COMMENT ON COLUMN ops.jobs.duration IS 'How long the last run took';
COMMENT ON COLUMN ops.jobs.rows IS 'What the last run dealt with, in rows or partitions as the job counts; null when it failed';
COMMENT ON COLUMN ops.jobs.failures IS 'Runs that failed since the last good one';
COMMENT ON COLUMN ops.jobs.error IS 'Why the last run failed; null when it did not';

CREATE TABLE IF NOT EXISTS ops.retention (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    days       integer NOT NULL CHECK (days > 0),
    archive    boolean NOT NULL DEFAULT false CHECK (NOT archive OR table_name = 'positions'),
    table_name text NOT NULL,
    source     text
);

CREATE UNIQUE INDEX IF NOT EXISTS retention_table_name_source ON ops.retention (table_name, coalesce(source, ''));

COMMENT ON TABLE ops.retention IS
    'How long rows are kept, by table and source. What no row speaks of is kept for ever; a row of a source goes before the one of all sources';
COMMENT ON COLUMN ops.retention.id IS 'Number of the rule';
COMMENT ON COLUMN ops.retention.table_name IS 'Table without its schema: positions, or one that ops.time_column knows';
COMMENT ON COLUMN ops.retention.source IS 'Tail of the routing key, for example coastal.denmark; null for all sources that have no rule of their own';
COMMENT ON COLUMN ops.retention.days IS 'Days after which a row is deleted, by the time of the report; of positions, days after the end of its partition';
COMMENT ON COLUMN ops.retention.archive IS 'Positions alone: a partition is written to the archive, and read back, before it is dropped; none of its rows are deleted one by one';

CREATE TABLE IF NOT EXISTS ops.archives (
    day        date NOT NULL,
    rows       bigint NOT NULL,
    bytes      bigint NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    dropped_at timestamptz,
    file       text NOT NULL PRIMARY KEY,
    source     text NOT NULL,
    checksum   text NOT NULL
);

CREATE INDEX IF NOT EXISTS archives_day ON ops.archives (day, source);

COMMENT ON TABLE ops.archives IS 'Files of the archive: positions of one day and source each, read back and found right when they were written';
COMMENT ON COLUMN ops.archives.file IS 'Name of the file, from the folder of the archive';
COMMENT ON COLUMN ops.archives.day IS 'Day of the positions, UTC';
COMMENT ON COLUMN ops.archives.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ops.archives.rows IS 'Positions in the file';
COMMENT ON COLUMN ops.archives.bytes IS 'Size of the file, bytes';
COMMENT ON COLUMN ops.archives.checksum IS 'Sum of a hash of every row, of which the order of rows makes no difference; 16 hexadecimal digits';
COMMENT ON COLUMN ops.archives.written_at IS 'When the file was written';
COMMENT ON COLUMN ops.archives.dropped_at IS 'When these positions were dropped from the database; null while they are in it';

CREATE TABLE IF NOT EXISTS ops.partition_upkeep (
    inserts_since   timestamptz NOT NULL DEFAULT now(),
    closed_at       timestamptz,
    archived_at     timestamptz,
    keep_until      timestamptz,
    inserts         bigint NOT NULL DEFAULT 0,
    closed_bytes    bigint,
    deleted_inserts bigint,
    copied_in       xid8,
    name            text NOT NULL PRIMARY KEY,
    deleted_sources text[]
);

COMMENT ON TABLE ops.partition_upkeep IS 'What the maintainer knows of the partitions of positions that it has looked at';
COMMENT ON COLUMN ops.partition_upkeep.name IS 'Name of the partition, in schema ais';
COMMENT ON COLUMN ops.partition_upkeep.inserts IS 'Rows inserted into it, as the statistics counted when they were looked at last';
COMMENT ON COLUMN ops.partition_upkeep.inserts_since IS 'Since when that number is the same';
COMMENT ON COLUMN ops.partition_upkeep.closed_at IS 'When it was put in order of mmsi and event_time and got its spatial index; rows that came later stand behind';
COMMENT ON COLUMN ops.partition_upkeep.closed_bytes IS 'Its size then without indexes, bytes';
COMMENT ON COLUMN ops.partition_upkeep.archived_at IS 'When all its rows were found in the archive; null when rows have changed since';
COMMENT ON COLUMN ops.partition_upkeep.keep_until IS 'Until when it is not dropped, as it was restored from the archive';
COMMENT ON COLUMN ops.partition_upkeep.copied_in IS 'Transaction that made an ordered copy, which waits to take its place';
COMMENT ON COLUMN ops.partition_upkeep.deleted_inserts IS 'What inserts was when rows of expired sources were deleted last';
COMMENT ON COLUMN ops.partition_upkeep.deleted_sources IS 'The sources whose rows were deleted then';

CREATE TABLE IF NOT EXISTS ops.late_rows (
    partition_name text NOT NULL,
    row            jsonb
);

CREATE INDEX IF NOT EXISTS late_rows_partition_name ON ops.late_rows (partition_name);

COMMENT ON TABLE ops.late_rows IS
    'Rows that reached a partition while it is copied or archived, noted by a trigger; they are in the partition as well';
COMMENT ON COLUMN ops.late_rows.partition_name IS 'The partition, in schema ais';
COMMENT ON COLUMN ops.late_rows.row IS 'The row; null when rows of the partition were changed or deleted, and a copy is worth nothing';

CREATE OR REPLACE VIEW ops.partitions AS
SELECT
    c.relname::text AS name,
    c.oid AS relation_id,
    make_timestamptz(y, m, coalesce(d, 1), 0, 0, 0, 'UTC') AS first_time,
    CASE
        WHEN d IS NULL THEN make_timestamptz(y + m / 12, m % 12 + 1, 1, 0, 0, 0, 'UTC')
        ELSE make_timestamptz(y, m, d, 0, 0, 0, 'UTC') + interval '24 hours'
    END AS end_time,
    greatest(c.reltuples, 0)::bigint AS about_rows,
    pg_table_size(c.oid) AS table_bytes,
    pg_indexes_size(c.oid) AS index_bytes,
    u.closed_at,
    u.archived_at,
    u.keep_until
FROM pg_inherits AS i
JOIN pg_class AS c ON c.oid = i.inhrelid AND c.relname ~ '^positions_[0-9]{6}([0-9]{2})?$'
CROSS JOIN LATERAL (
    SELECT substr(c.relname, 11, 4)::integer AS y, substr(c.relname, 15, 2)::integer AS m, nullif(substr(c.relname, 17), '')::integer AS d
) AS period
LEFT JOIN ops.partition_upkeep AS u ON u.name = c.relname
WHERE i.inhparent = 'ais.position_rows'::regclass AND NOT i.inhdetachpending;

COMMENT ON VIEW ops.partitions IS 'The partitions of ais.position_rows, with their sizes and what was done with them';
COMMENT ON COLUMN ops.partitions.name IS 'Name, in schema ais';
COMMENT ON COLUMN ops.partitions.relation_id IS 'Its oid';
COMMENT ON COLUMN ops.partitions.first_time IS 'First moment of its day, or of its month';
COMMENT ON COLUMN ops.partitions.end_time IS 'First moment after it';
COMMENT ON COLUMN ops.partitions.about_rows IS 'How many rows the statistics say there are';
COMMENT ON COLUMN ops.partitions.table_bytes IS 'Size without indexes, bytes';
COMMENT ON COLUMN ops.partitions.index_bytes IS 'Size of its indexes, bytes';
COMMENT ON COLUMN ops.partitions.closed_at IS 'When it was put in order of mmsi and event_time and got its spatial index';
COMMENT ON COLUMN ops.partitions.archived_at IS 'When all its rows were found in the archive';
COMMENT ON COLUMN ops.partitions.keep_until IS 'Until when it is not dropped, as it was restored from the archive';

-- ---- rows that come while a partition is copied or archived ----

CREATE OR REPLACE FUNCTION ops.note_late_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO ops.late_rows (partition_name, row)
    VALUES (TG_TABLE_NAME, CASE WHEN TG_OP = 'INSERT' THEN to_jsonb(NEW) END);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION ops.note_late_row() IS
    'Trigger: notes in ops.late_rows a row that came, or that rows were changed or deleted';

CREATE OR REPLACE FUNCTION ops.watch_partition(partition_name text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

COMMENT ON FUNCTION ops.watch_partition(text) IS
    'From its commit on, rows that reach the partition are noted in ops.late_rows; false when they were already. Waits for writers to this partition';

CREATE OR REPLACE FUNCTION ops.unwatch_partition(partition_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

COMMENT ON FUNCTION ops.unwatch_partition(text) IS
    'Ends ops.watch_partition, and gives up a copy that was made and not swapped in';

-- ---- an ordered copy takes the place of a partition ----

CREATE OR REPLACE FUNCTION ops.copy_partition(partition_name text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET work_mem = '64MB' AS $$
DECLARE
    part ops.partitions := (SELECT p FROM ops.partitions AS p WHERE name = partition_name);
    copy_name text := partition_name || '_copy';
    postgis text := (SELECT nspname FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace WHERE extname = 'postgis');
    has_spatial boolean := false;
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
        ' INSERT INTO ops.%2$I (%3$s) SELECT %3$s FROM ais.%1$I ORDER BY mmsi, event_time',
        partition_name, copy_name, columns
    );
    GET DIAGNOSTICS copied = ROW_COUNT;
    FOR definition IN SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = part.relation_id AND indisvalid LOOP
        has_spatial := has_spatial OR definition LIKE '% USING gist (%ais.point(lon, lat)%';
        EXECUTE regexp_replace(definition, '^CREATE (UNIQUE )?INDEX .+? ON .+? USING ', format('CREATE \1INDEX ON ops.%I USING ', copy_name));
    END LOOP;
    IF NOT has_spatial THEN
        EXECUTE format('CREATE INDEX ON ops.%I USING gist ((ais.point(lon, lat)::%I.geometry(Point, 4326)))', copy_name, postgis);
    END IF;
    -- With it, to attach the copy reads no row.
    EXECUTE format(
        'ALTER TABLE ops.%I ADD CONSTRAINT of_the_period CHECK (event_time IS NOT NULL AND event_time >= %L AND event_time < %L)',
        copy_name, part.first_time, part.end_time
    );
    EXECUTE format('ANALYZE ops.%I', copy_name);
    UPDATE ops.partition_upkeep SET copied_in = pg_current_xact_id(), archived_at = NULL WHERE name = partition_name;
    RETURN copied;
END
$$;

COMMENT ON FUNCTION ops.copy_partition(text) IS
    'Makes a copy of a watched partition beside it, in order of mmsi and event_time, with its indexes and a spatial one; how many rows. Nobody waits for it';

CREATE OR REPLACE FUNCTION ops.take_in_late_rows(partition_name text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
$$;

COMMENT ON FUNCTION ops.take_in_late_rows(text) IS
    'Adds the rows that were noted since a partition was copied to its copy; how many';

CREATE OR REPLACE FUNCTION ops.swap_partition(partition_name text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
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

COMMENT ON FUNCTION ops.swap_partition(text) IS
    'Puts the copy, with the rows that came since, in the place of the partition, under a lock that nobody else may hold; set lock_timeout before. False when the copy is worth nothing as rows were changed. Fails with lock_not_available while a transaction is older than the copy';

-- ---- retention ----

CREATE OR REPLACE FUNCTION ops.time_column(table_name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN table_name IN (
            'base_station_reports', 'aton_reports', 'sar_aircraft_positions', 'safety_messages', 'binary_messages', 'other_messages'
        ) THEN 'event_time'
        WHEN table_name = 'heard_copies' THEN 'kept_time'
    END
$$;

COMMENT ON FUNCTION ops.time_column(text) IS
    'The column by which rows of a table of schema ais expire, of those that are not partitioned; null of others, which cannot have a retention';

ALTER TABLE ops.retention DROP CONSTRAINT IF EXISTS retention_table_name_check;
ALTER TABLE ops.retention ADD CONSTRAINT retention_table_name_check
    CHECK (table_name = 'positions' OR ops.time_column(table_name) IS NOT NULL);

CREATE OR REPLACE FUNCTION ops.may_drop(partition_name text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
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

COMMENT ON FUNCTION ops.may_drop(text) IS
    'Whether ops.retention lets the partition be dropped: every source has expired and, where the archive is asked for, all its rows are in it. Null when there is no rule or no such partition';

CREATE OR REPLACE FUNCTION ops.drop_partition(partition_name text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
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

COMMENT ON FUNCTION ops.drop_partition(text) IS
    'Drops a partition that ops.retention has given up, under a lock that nobody else may hold; set lock_timeout before. False when ops.may_drop does not say true';

CREATE OR REPLACE FUNCTION ops.expired_sources(partition_name text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
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

COMMENT ON FUNCTION ops.expired_sources(text) IS
    'The sources whose rows in a partition have expired and are not for the archive';

CREATE OR REPLACE FUNCTION ops.delete_expired_positions(partition_name text, first_block bigint, end_block bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
$$;

COMMENT ON FUNCTION ops.delete_expired_positions(text, bigint, bigint) IS
    'Deletes the rows of ops.expired_sources from some blocks of a partition; how many';

CREATE OR REPLACE FUNCTION ops.delete_expired(table_name text, from_time timestamptz, until_time timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    deleted bigint;
BEGIN
    IF ops.time_column(table_name) IS NULL THEN
        RAISE EXCEPTION 'rows of % do not expire', table_name USING ERRCODE = 'invalid_parameter_value';
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

COMMENT ON FUNCTION ops.delete_expired(text, timestamptz, timestamptz, integer) IS
    'Deletes at most so many rows of a time that ops.retention has given up; how many';

-- ---- rights: nothing but what these functions let it do; ops.retention is the owner's to write ----

REVOKE ALL ON FUNCTION
    ops.note_late_row(), ops.watch_partition(text), ops.unwatch_partition(text), ops.copy_partition(text),
    ops.take_in_late_rows(text), ops.swap_partition(text),
    ops.may_drop(text), ops.drop_partition(text), ops.expired_sources(text), ops.delete_expired_positions(text, bigint, bigint),
    ops.delete_expired(text, timestamptz, timestamptz, integer)
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    ops.watch_partition(text), ops.unwatch_partition(text), ops.copy_partition(text),
    ops.take_in_late_rows(text), ops.swap_partition(text), ops.may_drop(text),
    ops.drop_partition(text), ops.expired_sources(text), ops.delete_expired_positions(text, bigint, bigint),
    ops.delete_expired(text, timestamptz, timestamptz, integer)
TO maintainer;
GRANT SELECT ON ops.jobs, ops.retention, ops.archives, ops.partition_upkeep, ops.late_rows, ops.partitions TO analyst, writer, maintainer;
GRANT INSERT, UPDATE ON ops.jobs, ops.archives TO maintainer;
GRANT INSERT (name, inserts, inserts_since), UPDATE (inserts, inserts_since, archived_at, deleted_inserts, deleted_sources)
    ON ops.partition_upkeep TO maintainer;
GRANT DELETE ON ops.late_rows TO maintainer;
