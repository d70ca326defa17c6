-- Schemas and roles. `ais` is what people query; `ops` is how the platform keeps its account.
-- Roles belong to the whole cluster: another database in it may have made them, at this very moment even.

CREATE EXTENSION IF NOT EXISTS postgis;

CREATE SCHEMA IF NOT EXISTS ais;
CREATE SCHEMA IF NOT EXISTS ops;

COMMENT ON SCHEMA ais IS 'AIS data, decoded, without duplicates and without sentinel values; times in UTC, positions in WGS 84';
COMMENT ON SCHEMA ops IS 'The platform''s account of what it stored and why it left something out';

DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['analyst', 'writer'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- the other database was first
        END;
    END LOOP;
    IF (SELECT rolconfig IS NULL FROM pg_roles WHERE rolname = 'analyst') THEN
        ALTER ROLE analyst SET statement_timeout = '60s';
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO analyst, writer', current_database());
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO writer', current_database());
END
$$;

GRANT USAGE ON SCHEMA ais, ops TO analyst, writer;
-- Tables that later migrations and partitions add are readable from the start.
ALTER DEFAULT PRIVILEGES IN SCHEMA ais GRANT SELECT ON TABLES TO analyst, writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA ops GRANT SELECT ON TABLES TO analyst, writer;
