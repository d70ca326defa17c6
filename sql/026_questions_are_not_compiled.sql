-- PostgreSQL compiles the expressions of a question that it believes to be dear, once for each partition. Ours take milliseconds: to
-- compile one about thirty days takes five times as long as to answer it. Who has a question of minutes may SET jit = on for it.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'only the owner of the database can set jit = off for it; questions about many days are slower without';
END
$$;
