-- What the maintainer may do with derived tables: compute them. Where days of positions are deleted it keeps what was computed.

GRANT USAGE ON SCHEMA ref TO maintainer;
ALTER DEFAULT PRIVILEGES IN SCHEMA ref GRANT SELECT ON TABLES TO maintainer;
GRANT SELECT ON ALL TABLES IN SCHEMA ref TO maintainer;

GRANT EXECUTE ON FUNCTION ais.ensure_month(text, date) TO maintainer;
GRANT INSERT, UPDATE, DELETE ON
    ais.positions_30min, ais.positions_12h, ais.vessel_days, ais.tracks, ais.density,
    ops.changed_periods, ops.stale_periods, ops.refreshed, ops.frozen_days
TO maintainer;
