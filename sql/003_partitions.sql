-- Daily partitions, made ahead by whoever writes and owned by whoever migrates.
-- The table is made apart and then attached: CREATE … PARTITION OF would lock ais.positions against every reader and
-- writer, and one analyst's long query would then hold up all of them.

CREATE OR REPLACE FUNCTION ais.ensure_partition(day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    partition_name text := 'positions_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF day IS NULL OR day < date '2000-01-01' OR day > current_date + 366 THEN
        RAISE EXCEPTION 'no partition is made for %: it is before 2000 or more than a year ahead', day
            USING ERRCODE = 'datetime_field_overflow';
    END IF;
    IF to_regclass(format('ais.%I', partition_name)) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ais.ensure_partition'));  -- two writers may want the same day
    IF to_regclass(format('ais.%I', partition_name)) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE ais.%I (LIKE ais.positions INCLUDING ALL)', partition_name);
    EXECUTE format('COMMENT ON TABLE ais.%I IS %L', partition_name, 'ais.positions of ' || to_char(day, 'YYYY-MM-DD'));
    EXECUTE format(
        'ALTER TABLE ais.positions ATTACH PARTITION ais.%I FOR VALUES FROM (%L) TO (%L)',
        partition_name, day::timestamptz, (day + 1)::timestamptz
    );
    RETURN true;
END
$$;

REVOKE ALL ON FUNCTION ais.ensure_partition(date) FROM PUBLIC;

COMMENT ON FUNCTION ais.ensure_partition(date) IS
    'Makes the partition of ais.positions for a day (UTC) when it is missing; true when it was made now';
