-- Where ships are: history in daily partitions, and the newest report of each ship.
-- Columns go from wide to narrow, so that no byte is lost to alignment: these are the rows of which there are billions.

CREATE TABLE IF NOT EXISTS ais.positions (
    event_time  timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    mmsi        integer NOT NULL,
    sog         real,
    cog         real,
    rot         real,
    radio       integer,
    msg_type    smallint NOT NULL,
    repeat      smallint,
    heading     smallint,
    nav_status  smallint,
    second      smallint,
    maneuver    smallint,
    reserved    smallint,
    own_ship    boolean NOT NULL,
    accuracy    boolean,
    raim        boolean,
    cs          boolean,
    display     boolean,
    dsc         boolean,
    band        boolean,
    msg22       boolean,
    assigned    boolean,
    gnss        boolean,
    geom        geometry(Point, 4326),
    time_source text NOT NULL,
    source      text NOT NULL,
    station     text,
    channel     text,
    talker      text,
    turning     text
) PARTITION BY RANGE (event_time);

-- Nothing else on the hot path: each further index costs about a tenth of the insert speed.
CREATE INDEX IF NOT EXISTS positions_mmsi_event_time ON ais.positions (mmsi, event_time);
CREATE INDEX IF NOT EXISTS positions_event_time ON ais.positions USING brin (event_time) WITH (autosummarize = on);

COMMENT ON TABLE ais.positions IS
    'Where ships were: every stored report of types 1, 2, 3, 18, 19 and 27, one partition a day by event_time';
COMMENT ON COLUMN ais.positions.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.positions.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.positions.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.positions.sog IS 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)';
COMMENT ON COLUMN ais.positions.cog IS 'Course over ground, degrees from true north';
COMMENT ON COLUMN ais.positions.rot IS 'Rate of turn, degrees/minute, positive to starboard';
COMMENT ON COLUMN ais.positions.radio IS 'Communication state, the bits as sent (M.1371-5 annex 2, 3.3.7.2)';
COMMENT ON COLUMN ais.positions.msg_type IS 'AIS message type, 1 to 27';
COMMENT ON COLUMN ais.positions.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.positions.heading IS 'True heading, degrees';
COMMENT ON COLUMN ais.positions.nav_status IS 'Navigation status, code 0 to 14';
COMMENT ON COLUMN ais.positions.second IS 'UTC second of the fix; 61 manual input, 62 dead reckoning, 63 inoperative';
COMMENT ON COLUMN ais.positions.maneuver IS 'Special manoeuvre: 1 not engaged, 2 engaged';
COMMENT ON COLUMN ais.positions.reserved IS 'Regional or reserved bits of type 18 and 19 when not zero';
COMMENT ON COLUMN ais.positions.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.positions.accuracy IS 'Position accuracy: true means better than 10 m';
COMMENT ON COLUMN ais.positions.raim IS 'Receiver autonomous integrity monitoring is in use';
COMMENT ON COLUMN ais.positions.cs IS 'Class B unit is carrier-sense (CS) rather than self-organised (SO)';
COMMENT ON COLUMN ais.positions.display IS 'Class B unit has a display';
COMMENT ON COLUMN ais.positions.dsc IS 'Class B unit has digital selective calling';
COMMENT ON COLUMN ais.positions.band IS 'Class B unit works over the whole marine band';
COMMENT ON COLUMN ais.positions.msg22 IS 'Class B unit obeys channel management by type 22';
COMMENT ON COLUMN ais.positions.assigned IS 'The station works in assigned mode';
COMMENT ON COLUMN ais.positions.gnss IS 'Type 27: the position is the current GNSS one (sent as 0 for yes)';
COMMENT ON COLUMN ais.positions.geom IS 'Where: WGS 84 longitude and latitude at the full resolution of AIS; null when not available';
COMMENT ON COLUMN ais.positions.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.positions.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.positions.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.positions.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.positions.talker IS 'NMEA talker, for example AI or BS';
COMMENT ON COLUMN ais.positions.turning IS 'left or right: turns faster than 5 degrees in 30 s, no turn indicator';

CREATE OR REPLACE VIEW ais.position_reports AS
SELECT
    event_time,
    received_at,
    mmsi,
    sog,
    cog,
    rot,
    radio,
    msg_type,
    repeat,
    heading,
    nav_status,
    second,
    maneuver,
    reserved,
    own_ship,
    accuracy,
    raim,
    cs,
    display,
    dsc,
    band,
    msg22,
    assigned,
    gnss,
    st_x(geom) AS lon,
    st_y(geom) AS lat,
    geom,
    time_source,
    source,
    station,
    channel,
    talker,
    turning
FROM ais.positions;

COMMENT ON VIEW ais.position_reports IS
    'ais.positions with lon and lat as numbers';
COMMENT ON COLUMN ais.position_reports.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.position_reports.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.position_reports.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.position_reports.sog IS 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)';
COMMENT ON COLUMN ais.position_reports.cog IS 'Course over ground, degrees from true north';
COMMENT ON COLUMN ais.position_reports.rot IS 'Rate of turn, degrees/minute, positive to starboard';
COMMENT ON COLUMN ais.position_reports.radio IS 'Communication state, the bits as sent (M.1371-5 annex 2, 3.3.7.2)';
COMMENT ON COLUMN ais.position_reports.msg_type IS 'AIS message type, 1 to 27';
COMMENT ON COLUMN ais.position_reports.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.position_reports.heading IS 'True heading, degrees';
COMMENT ON COLUMN ais.position_reports.nav_status IS 'Navigation status, code 0 to 14';
COMMENT ON COLUMN ais.position_reports.second IS 'UTC second of the fix; 61 manual input, 62 dead reckoning, 63 inoperative';
COMMENT ON COLUMN ais.position_reports.maneuver IS 'Special manoeuvre: 1 not engaged, 2 engaged';
COMMENT ON COLUMN ais.position_reports.reserved IS 'Regional or reserved bits of type 18 and 19 when not zero';
COMMENT ON COLUMN ais.position_reports.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.position_reports.accuracy IS 'Position accuracy: true means better than 10 m';
COMMENT ON COLUMN ais.position_reports.raim IS 'Receiver autonomous integrity monitoring is in use';
COMMENT ON COLUMN ais.position_reports.cs IS 'Class B unit is carrier-sense (CS) rather than self-organised (SO)';
COMMENT ON COLUMN ais.position_reports.display IS 'Class B unit has a display';
COMMENT ON COLUMN ais.position_reports.dsc IS 'Class B unit has digital selective calling';
COMMENT ON COLUMN ais.position_reports.band IS 'Class B unit works over the whole marine band';
COMMENT ON COLUMN ais.position_reports.msg22 IS 'Class B unit obeys channel management by type 22';
COMMENT ON COLUMN ais.position_reports.assigned IS 'The station works in assigned mode';
COMMENT ON COLUMN ais.position_reports.gnss IS 'Type 27: the position is the current GNSS one (sent as 0 for yes)';
COMMENT ON COLUMN ais.position_reports.lon IS 'Longitude, WGS 84, degrees east';
COMMENT ON COLUMN ais.position_reports.lat IS 'Latitude, WGS 84, degrees north';
COMMENT ON COLUMN ais.position_reports.geom IS 'Where: WGS 84 longitude and latitude at the full resolution of AIS; null when not available';
COMMENT ON COLUMN ais.position_reports.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.position_reports.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.position_reports.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.position_reports.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.position_reports.talker IS 'NMEA talker, for example AI or BS';
COMMENT ON COLUMN ais.position_reports.turning IS 'left or right: turns faster than 5 degrees in 30 s, no turn indicator';

-- Half-empty pages let an update stay on its page, which costs no index entry.
CREATE TABLE IF NOT EXISTS ais.latest_positions (
    event_time  timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    mmsi        integer NOT NULL,
    sog         real,
    cog         real,
    rot         real,
    radio       integer,
    msg_type    smallint NOT NULL,
    repeat      smallint,
    heading     smallint,
    nav_status  smallint,
    second      smallint,
    maneuver    smallint,
    reserved    smallint,
    own_ship    boolean NOT NULL,
    accuracy    boolean,
    raim        boolean,
    cs          boolean,
    display     boolean,
    dsc         boolean,
    band        boolean,
    msg22       boolean,
    assigned    boolean,
    gnss        boolean,
    geom        geometry(Point, 4326),
    time_source text NOT NULL,
    source      text NOT NULL,
    station     text,
    channel     text,
    talker      text,
    turning     text,
    PRIMARY KEY (mmsi)
) WITH (fillfactor = 50);

COMMENT ON TABLE ais.latest_positions IS
    'The newest report with a position of every MMSI; an older report never replaces a newer one';
COMMENT ON COLUMN ais.latest_positions.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.latest_positions.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.latest_positions.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.latest_positions.sog IS 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)';
COMMENT ON COLUMN ais.latest_positions.cog IS 'Course over ground, degrees from true north';
COMMENT ON COLUMN ais.latest_positions.rot IS 'Rate of turn, degrees/minute, positive to starboard';
COMMENT ON COLUMN ais.latest_positions.radio IS 'Communication state, the bits as sent (M.1371-5 annex 2, 3.3.7.2)';
COMMENT ON COLUMN ais.latest_positions.msg_type IS 'AIS message type, 1 to 27';
COMMENT ON COLUMN ais.latest_positions.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.latest_positions.heading IS 'True heading, degrees';
COMMENT ON COLUMN ais.latest_positions.nav_status IS 'Navigation status, code 0 to 14';
COMMENT ON COLUMN ais.latest_positions.second IS 'UTC second of the fix; 61 manual input, 62 dead reckoning, 63 inoperative';
COMMENT ON COLUMN ais.latest_positions.maneuver IS 'Special manoeuvre: 1 not engaged, 2 engaged';
COMMENT ON COLUMN ais.latest_positions.reserved IS 'Regional or reserved bits of type 18 and 19 when not zero';
COMMENT ON COLUMN ais.latest_positions.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.latest_positions.accuracy IS 'Position accuracy: true means better than 10 m';
COMMENT ON COLUMN ais.latest_positions.raim IS 'Receiver autonomous integrity monitoring is in use';
COMMENT ON COLUMN ais.latest_positions.cs IS 'Class B unit is carrier-sense (CS) rather than self-organised (SO)';
COMMENT ON COLUMN ais.latest_positions.display IS 'Class B unit has a display';
COMMENT ON COLUMN ais.latest_positions.dsc IS 'Class B unit has digital selective calling';
COMMENT ON COLUMN ais.latest_positions.band IS 'Class B unit works over the whole marine band';
COMMENT ON COLUMN ais.latest_positions.msg22 IS 'Class B unit obeys channel management by type 22';
COMMENT ON COLUMN ais.latest_positions.assigned IS 'The station works in assigned mode';
COMMENT ON COLUMN ais.latest_positions.gnss IS 'Type 27: the position is the current GNSS one (sent as 0 for yes)';
COMMENT ON COLUMN ais.latest_positions.geom IS 'Where: WGS 84 longitude and latitude at the full resolution of AIS; null when not available';
COMMENT ON COLUMN ais.latest_positions.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.latest_positions.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.latest_positions.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.latest_positions.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.latest_positions.talker IS 'NMEA talker, for example AI or BS';
COMMENT ON COLUMN ais.latest_positions.turning IS 'left or right: turns faster than 5 degrees in 30 s, no turn indicator';
