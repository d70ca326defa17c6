-- What the writer may do, and nothing more: it owns no table and deletes nothing but old ledger rows.

GRANT INSERT ON
    ais.positions, ais.base_station_reports, ais.aton_reports, ais.sar_aircraft_positions, ais.safety_messages,
    ais.binary_messages, ais.other_messages, ops.imports
TO writer;
GRANT INSERT, UPDATE ON ais.latest_positions, ais.vessels, ais.static_reports TO writer;
GRANT INSERT, DELETE ON ops.ledger TO writer;
GRANT EXECUTE ON FUNCTION ais.ensure_partition(date) TO writer;
