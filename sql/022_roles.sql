-- Who may what: the role of HTTP servers, what analysts may not do although PostgreSQL lets everybody, and bounds that hold whatever
-- a session sets for itself. docs/operations.md, Roles, tells of all of them.

-- Roles belong to the whole cluster: another database in it may have made this one, at this very moment even.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'api') THEN
        CREATE ROLE api NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- the other database was first
END
$$;

-- ---- what a session begins with; what an operator has set stays ----

DO $$
DECLARE
    role_name text;
    key text;
    setting text;
BEGIN
    FOR role_name, key, setting IN VALUES
        ('analyst', 'idle_in_transaction_session_timeout', '10min'),
        ('analyst', 'temp_file_limit', '20GB'),
        ('api', 'statement_timeout', '15s'),
        ('api', 'idle_in_transaction_session_timeout', '1min'),
        ('api', 'temp_file_limit', '2GB')
    LOOP
        CONTINUE WHEN EXISTS (
            SELECT FROM pg_roles, unnest(rolconfig) AS c WHERE rolname = role_name AND c LIKE key || '=%'
        );
        BEGIN
            EXECUTE format('ALTER ROLE %I SET %I = %L', role_name, key, setting);
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE NOTICE 'only a superuser can set % for the role %', key, role_name;
        END;
    END LOOP;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO api', current_database());
    -- A temporary table is a place to write, and PostgreSQL gives one to everybody.
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;  -- since PostgreSQL 15 it is so anyway

-- ---- the API reads what analysts read, but for the platform's account ----

GRANT USAGE ON SCHEMA ais, ref TO api;
GRANT SELECT ON ALL TABLES IN SCHEMA ais, ref TO api;
ALTER DEFAULT PRIVILEGES IN SCHEMA ais GRANT SELECT ON TABLES TO api;
ALTER DEFAULT PRIVILEGES IN SCHEMA ref GRANT SELECT ON TABLES TO api;
-- A day that is closed is copied in schema ops before it takes its place in ais, with the privileges of where it was made. Without
-- USAGE of ops the API reads nothing there.
ALTER DEFAULT PRIVILEGES IN SCHEMA ops GRANT SELECT ON TABLES TO api;

DO $$
DECLARE
    signature regprocedure;
BEGIN
    FOR signature IN
        SELECT oid FROM pg_proc
        WHERE pronamespace IN ('ais'::regnamespace, 'ref'::regnamespace) AND has_function_privilege('analyst', oid, 'EXECUTE')
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO api', signature);
    END LOOP;
END
$$;

-- ---- what everybody may in PostgreSQL ----

-- With an advisory lock an analyst could hold up the inserter's partitions, the maintainer and migrations; large objects and messages
-- in the log are written.
DO $$
DECLARE
    signature regprocedure;
    is_lock boolean;
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        RAISE NOTICE 'only a superuser can take advisory locks and large objects from everybody; see docs/operations.md, Roles';
        RETURN;
    END IF;
    FOR signature, is_lock IN
        SELECT oid, proname ~ 'advisory' FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace AND (
            proname ~ '^pg_(try_)?advisory_'
            OR proname IN (
                'lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lowrite', 'lo_truncate', 'lo_truncate64', 'lo_unlink',
                'pg_logical_emit_message'
            )
        )
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', signature);
        IF is_lock THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO writer, maintainer, %I', signature, current_user);
        END IF;
    END LOOP;
END
$$;

-- ---- bounds ----

CREATE TABLE IF NOT EXISTS ops.role_limits (
    statement   interval CHECK (statement > interval '0'),
    idle        interval CHECK (idle > interval '0'),
    transaction interval CHECK (transaction > interval '0'),
    connections integer CHECK (connections > 0),
    role        text NOT NULL PRIMARY KEY CHECK (role IN ('analyst', 'api'))
);

COMMENT ON TABLE ops.role_limits IS
    'What the logins of a role may at most, whatever they set for themselves: the job runaways of the maintainer sees to it. For the operator to change';
COMMENT ON COLUMN ops.role_limits.role IS 'The group role: analyst or api';
COMMENT ON COLUMN ops.role_limits.statement IS 'How long a statement may run before it is cancelled; null for ever';
COMMENT ON COLUMN ops.role_limits.idle IS 'How long a transaction may wait for its client before the session is ended; null for ever';
COMMENT ON COLUMN ops.role_limits.transaction IS 'How long a transaction may last before the session is ended; null for ever';
COMMENT ON COLUMN ops.role_limits.connections IS 'How many connections a login may have; null leaves it. In force when `fairway db roles` has run';

INSERT INTO ops.role_limits (role, statement, idle, transaction, connections) VALUES
    ('analyst', '15 minutes', '15 minutes', '1 hour', 20),
    ('api', '1 minute', '2 minutes', '5 minutes', 20)
ON CONFLICT (role) DO NOTHING;

GRANT SELECT ON ops.role_limits TO analyst, writer, maintainer;

-- Whoever is a writer, a maintainer or the owner besides is none of these: their work is not to be ended.
CREATE OR REPLACE FUNCTION ops.end_runaways() RETURNS TABLE (login text, pid integer, what text, lasted interval)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT (pg_has_role('pg_read_all_stats', 'USAGE') AND pg_has_role('pg_signal_backend', 'USAGE')) THEN
        RAISE EXCEPTION 'the owner % must be a member of pg_read_all_stats and pg_signal_backend, or it can end no session', current_user
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    RETURN QUERY
    WITH RECURSIVE members AS (
        SELECT l.role, m.member
        FROM ops.role_limits AS l
        JOIN pg_roles AS g ON g.rolname = l.role
        JOIN pg_auth_members AS m ON m.roleid = g.oid
        UNION
        SELECT b.role, m.member FROM members AS b JOIN pg_auth_members AS m ON m.roleid = b.member
    ),
    limits AS (  -- of one who has both roles the wider
        SELECT
            m.member,
            CASE WHEN bool_and(l.statement IS NOT NULL) THEN max(l.statement) END AS statement,
            CASE WHEN bool_and(l.idle IS NOT NULL) THEN max(l.idle) END AS idle,
            CASE WHEN bool_and(l.transaction IS NOT NULL) THEN max(l.transaction) END AS transaction
        FROM members AS m
        JOIN ops.role_limits AS l ON l.role = m.role
        JOIN pg_roles AS r ON r.oid = m.member
        WHERE NOT (
            r.rolsuper OR pg_has_role(r.oid, 'writer', 'MEMBER') OR pg_has_role(r.oid, 'maintainer', 'MEMBER')
            OR r.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())
        )
        GROUP BY m.member
    ),
    beyond AS MATERIALIZED (
        SELECT
            a.usename,
            a.pid,
            CASE
                WHEN clock_timestamp() - a.xact_start > l.transaction THEN 'transaction'
                WHEN a.state LIKE 'idle in transaction%' AND clock_timestamp() - a.state_change > l.idle THEN 'idle'
                -- One that does not heed the cancel is not let off.
                WHEN a.state NOT LIKE 'idle%' AND clock_timestamp() - a.query_start > 2 * l.statement THEN 'deaf'
                WHEN a.state NOT LIKE 'idle%' AND clock_timestamp() - a.query_start > l.statement THEN 'statement'
            END AS what,
            clock_timestamp() - CASE WHEN a.state LIKE 'idle%' THEN a.state_change ELSE a.query_start END AS in_state,
            clock_timestamp() - a.xact_start AS in_transaction
        FROM pg_stat_activity AS a
        JOIN limits AS l ON l.member = a.usesysid
        WHERE a.datname = current_database() AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
    )
    SELECT
        b.usename::text, b.pid, replace(b.what, 'deaf', 'statement'),
        CASE WHEN b.what = 'transaction' THEN b.in_transaction ELSE b.in_state END
    FROM beyond AS b
    WHERE CASE WHEN b.what = 'statement' THEN pg_cancel_backend(b.pid) WHEN b.what IS NOT NULL THEN pg_terminate_backend(b.pid) END;
END
$$;

REVOKE ALL ON FUNCTION ops.end_runaways() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ops.end_runaways() TO maintainer;

COMMENT ON FUNCTION ops.end_runaways() IS
    'Cancels statements, and ends sessions, of analysts and the API that are beyond ops.role_limits; whose, what was too long (statement, idle, transaction), and how long it lasted';
