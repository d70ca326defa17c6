-- A closed day lies in order of time and place, and its index of both has one entry for every four pages.
-- Why: docs/decisions/0036-a-closed-day-is-in-order-of-place.md. A day that was closed before keeps its order and its GiST index
-- of places until it is closed again, and then that index as an operator's own.

CREATE OR REPLACE FUNCTION ops.copy_partition(partition_name text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET work_mem = '64MB' AS $$
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
$$;

COMMENT ON FUNCTION ops.copy_partition(text) IS
    'Makes a copy of a watched partition beside it, in order of four hours of time, square degrees, mmsi and event_time, with its indexes and one of times and places; how many rows. Nobody waits for it';
COMMENT ON COLUMN ops.partition_upkeep.closed_at IS 'When it was put in order of time and place and got its index of places; rows that came later stand behind';
COMMENT ON COLUMN ops.partitions.closed_at IS 'When it was put in order of time and place and got its index of places';
