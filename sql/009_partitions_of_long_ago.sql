-- Days of long ago share a partition a month, so that stray time stamps cannot make thousands of tables.
-- A DEFAULT partition would catch them too, but every later ATTACH would lock it against all readers and writers, and one
-- analyst's long query would then hold up tomorrow's partition.

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
    EXECUTE format('CREATE TABLE ais.%I (LIKE ais.positions INCLUDING ALL)', partition_name);
    EXECUTE format('COMMENT ON TABLE ais.%I IS %L', partition_name, 'ais.positions of ' || period);
    EXECUTE format(
        'ALTER TABLE ais.positions ATTACH PARTITION ais.%I FOR VALUES FROM (%L) TO (%L)',
        partition_name, first_day::timestamptz, next_day::timestamptz
    );
    RETURN true;
END
$$;

COMMENT ON FUNCTION ais.ensure_partition(date) IS
    'Makes the partition of ais.positions for a day (UTC) when it is missing: of the day, or of its month when that ended more than 400 days ago; true when it was made now';
COMMENT ON TABLE ais.positions IS
    'Where ships were: every stored report of types 1, 2, 3, 18, 19 and 27, one partition a day by event_time, of long ago one a month';
