-- What a person asks first: where is each ship, and who is it?

CREATE OR REPLACE VIEW ais.vessels_now AS
SELECT
    p.mmsi,
    v.name,
    v.callsign,
    v.imo,
    v.ship_type,
    v.destination,
    v.draught,
    v.to_bow + v.to_stern AS length,
    v.to_port + v.to_starboard AS width,
    p.event_time,
    p.sog,
    p.cog,
    p.heading,
    p.nav_status,
    st_x(p.geom) AS lon,
    st_y(p.geom) AS lat,
    p.geom,
    p.source
FROM ais.latest_positions AS p
LEFT JOIN ais.vessels AS v USING (mmsi);

COMMENT ON VIEW ais.vessels_now IS
    'The newest position of each vessel with what is known of it; a vessel that has not said who it is has nulls there';
COMMENT ON COLUMN ais.vessels_now.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.vessels_now.name IS 'Name, six-bit text without padding';
COMMENT ON COLUMN ais.vessels_now.callsign IS 'Call sign';
COMMENT ON COLUMN ais.vessels_now.imo IS 'IMO ship identification number';
COMMENT ON COLUMN ais.vessels_now.ship_type IS 'Type of ship and cargo, code 1 to 255';
COMMENT ON COLUMN ais.vessels_now.destination IS 'Destination as typed by the crew';
COMMENT ON COLUMN ais.vessels_now.draught IS 'Present static draught, metres (25.5 means 25.5 or more)';
COMMENT ON COLUMN ais.vessels_now.length IS 'Length, metres: to_bow + to_stern';
COMMENT ON COLUMN ais.vessels_now.width IS 'Width, metres: to_port + to_starboard';
COMMENT ON COLUMN ais.vessels_now.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.vessels_now.sog IS 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)';
COMMENT ON COLUMN ais.vessels_now.cog IS 'Course over ground, degrees from true north';
COMMENT ON COLUMN ais.vessels_now.heading IS 'True heading, degrees';
COMMENT ON COLUMN ais.vessels_now.nav_status IS 'Navigation status, code 0 to 14';
COMMENT ON COLUMN ais.vessels_now.lon IS 'Longitude, WGS 84, degrees east';
COMMENT ON COLUMN ais.vessels_now.lat IS 'Latitude, WGS 84, degrees north';
COMMENT ON COLUMN ais.vessels_now.geom IS 'Position, WGS 84';
COMMENT ON COLUMN ais.vessels_now.source IS 'Tail of the routing key, for example coastal.denmark';
