-- Everything that is neither a ship's position nor its static data, one table a kind.

CREATE TABLE IF NOT EXISTS ais.base_station_reports (
    event_time         timestamptz NOT NULL,
    received_at        timestamptz NOT NULL,
    utc_time           timestamptz,
    mmsi               integer NOT NULL,
    radio              integer,
    msg_type           smallint NOT NULL,
    repeat             smallint,
    utc_year           smallint,
    utc_month          smallint,
    utc_day            smallint,
    utc_hour           smallint,
    utc_minute         smallint,
    utc_second         smallint,
    fix_type           smallint,
    own_ship           boolean NOT NULL,
    accuracy           boolean,
    long_range_control boolean,
    raim               boolean,
    geom               geometry(Point, 4326),
    time_source        text NOT NULL,
    source             text NOT NULL,
    station            text,
    channel            text,
    talker             text
);

CREATE INDEX IF NOT EXISTS base_station_reports_event_time ON ais.base_station_reports (event_time);
CREATE INDEX IF NOT EXISTS base_station_reports_mmsi_event_time ON ais.base_station_reports (mmsi, event_time);

COMMENT ON TABLE ais.base_station_reports IS
    'Shore stations and answers with UTC and date: types 4 and 11';
COMMENT ON COLUMN ais.base_station_reports.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.base_station_reports.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.base_station_reports.utc_time IS 'The station''s clock, RFC 3339 UTC; null unless all its parts are sound';
COMMENT ON COLUMN ais.base_station_reports.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.base_station_reports.radio IS 'Communication state, the bits as sent (M.1371-5 annex 2, 3.3.7.2)';
COMMENT ON COLUMN ais.base_station_reports.msg_type IS 'AIS message type, 1 to 27';
COMMENT ON COLUMN ais.base_station_reports.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.base_station_reports.utc_year IS 'Year of the station''s clock';
COMMENT ON COLUMN ais.base_station_reports.utc_month IS 'Month of the station''s clock';
COMMENT ON COLUMN ais.base_station_reports.utc_day IS 'Day of the station''s clock';
COMMENT ON COLUMN ais.base_station_reports.utc_hour IS 'Hour of the station''s clock';
COMMENT ON COLUMN ais.base_station_reports.utc_minute IS 'Minute of the station''s clock';
COMMENT ON COLUMN ais.base_station_reports.utc_second IS 'Second of the station''s clock';
COMMENT ON COLUMN ais.base_station_reports.fix_type IS 'Type of position fixing device, 1 GPS … 8 Galileo, 15 internal';
COMMENT ON COLUMN ais.base_station_reports.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.base_station_reports.accuracy IS 'Position accuracy: true means better than 10 m';
COMMENT ON COLUMN ais.base_station_reports.long_range_control IS 'Asks class A ships to send type 27 even within this station''s reach';
COMMENT ON COLUMN ais.base_station_reports.raim IS 'Receiver autonomous integrity monitoring is in use';
COMMENT ON COLUMN ais.base_station_reports.geom IS 'Where: WGS 84 longitude and latitude at the full resolution of AIS; null when not available';
COMMENT ON COLUMN ais.base_station_reports.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.base_station_reports.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.base_station_reports.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.base_station_reports.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.base_station_reports.talker IS 'NMEA talker, for example AI or BS';

CREATE TABLE IF NOT EXISTS ais.aton_reports (
    event_time   timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    mmsi         integer NOT NULL,
    msg_type     smallint NOT NULL,
    repeat       smallint,
    aton_type    smallint,
    to_bow       smallint,
    to_stern     smallint,
    to_port      smallint,
    to_starboard smallint,
    fix_type     smallint,
    second       smallint,
    aton_status  smallint,
    own_ship     boolean NOT NULL,
    accuracy     boolean,
    off_position boolean,
    raim         boolean,
    virtual_aid  boolean,
    assigned     boolean,
    geom         geometry(Point, 4326),
    time_source  text NOT NULL,
    source       text NOT NULL,
    station      text,
    channel      text,
    talker       text,
    name         text
);

CREATE INDEX IF NOT EXISTS aton_reports_event_time ON ais.aton_reports (event_time);
CREATE INDEX IF NOT EXISTS aton_reports_mmsi_event_time ON ais.aton_reports (mmsi, event_time);

COMMENT ON TABLE ais.aton_reports IS
    'Aids to navigation: type 21';
COMMENT ON COLUMN ais.aton_reports.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.aton_reports.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.aton_reports.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.aton_reports.msg_type IS 'AIS message type, 1 to 27';
COMMENT ON COLUMN ais.aton_reports.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.aton_reports.aton_type IS 'Type of aid, code 1 to 31';
COMMENT ON COLUMN ais.aton_reports.to_bow IS 'Reference point to bow, metres';
COMMENT ON COLUMN ais.aton_reports.to_stern IS 'Reference point to stern, metres';
COMMENT ON COLUMN ais.aton_reports.to_port IS 'Reference point to port side, metres';
COMMENT ON COLUMN ais.aton_reports.to_starboard IS 'Reference point to starboard side, metres';
COMMENT ON COLUMN ais.aton_reports.fix_type IS 'Type of position fixing device, 1 GPS … 8 Galileo, 15 internal';
COMMENT ON COLUMN ais.aton_reports.second IS 'UTC second of the fix; 61 manual input, 62 dead reckoning, 63 inoperative';
COMMENT ON COLUMN ais.aton_reports.aton_status IS 'Status of the aid, eight bits as sent (IALA A-126)';
COMMENT ON COLUMN ais.aton_reports.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.aton_reports.accuracy IS 'Position accuracy: true means better than 10 m';
COMMENT ON COLUMN ais.aton_reports.off_position IS 'A floating aid has left its place; meaningful while second is below 60';
COMMENT ON COLUMN ais.aton_reports.raim IS 'Receiver autonomous integrity monitoring is in use';
COMMENT ON COLUMN ais.aton_reports.virtual_aid IS 'The aid exists only as this message';
COMMENT ON COLUMN ais.aton_reports.assigned IS 'The station works in assigned mode';
COMMENT ON COLUMN ais.aton_reports.geom IS 'Where: WGS 84 longitude and latitude at the full resolution of AIS; null when not available';
COMMENT ON COLUMN ais.aton_reports.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.aton_reports.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.aton_reports.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.aton_reports.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.aton_reports.talker IS 'NMEA talker, for example AI or BS';
COMMENT ON COLUMN ais.aton_reports.name IS 'Name, six-bit text without padding';

CREATE TABLE IF NOT EXISTS ais.sar_aircraft_positions (
    event_time          timestamptz NOT NULL,
    received_at         timestamptz NOT NULL,
    mmsi                integer NOT NULL,
    altitude            integer,
    sog                 real,
    cog                 real,
    radio               integer,
    msg_type            smallint NOT NULL,
    repeat              smallint,
    second              smallint,
    reserved            smallint,
    own_ship            boolean NOT NULL,
    altitude_barometric boolean,
    accuracy            boolean,
    dte                 boolean,
    assigned            boolean,
    raim                boolean,
    geom                geometry(Point, 4326),
    time_source         text NOT NULL,
    source              text NOT NULL,
    station             text,
    channel             text,
    talker              text
);

CREATE INDEX IF NOT EXISTS sar_aircraft_positions_event_time ON ais.sar_aircraft_positions (event_time);
CREATE INDEX IF NOT EXISTS sar_aircraft_positions_mmsi_event_time ON ais.sar_aircraft_positions (mmsi, event_time);

COMMENT ON TABLE ais.sar_aircraft_positions IS
    'Search-and-rescue aircraft: type 9';
COMMENT ON COLUMN ais.sar_aircraft_positions.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.sar_aircraft_positions.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.sar_aircraft_positions.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.sar_aircraft_positions.altitude IS 'Altitude, metres (4094 means 4094 or more)';
COMMENT ON COLUMN ais.sar_aircraft_positions.sog IS 'Speed over ground, knots (102.2 means 102.2 or more; aircraft: 1022 or more)';
COMMENT ON COLUMN ais.sar_aircraft_positions.cog IS 'Course over ground, degrees from true north';
COMMENT ON COLUMN ais.sar_aircraft_positions.radio IS 'Communication state, the bits as sent (M.1371-5 annex 2, 3.3.7.2)';
COMMENT ON COLUMN ais.sar_aircraft_positions.msg_type IS 'AIS message type, 1 to 27';
COMMENT ON COLUMN ais.sar_aircraft_positions.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.sar_aircraft_positions.second IS 'UTC second of the fix; 61 manual input, 62 dead reckoning, 63 inoperative';
COMMENT ON COLUMN ais.sar_aircraft_positions.reserved IS 'Reserved bits after the altitude sensor when not zero';
COMMENT ON COLUMN ais.sar_aircraft_positions.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.sar_aircraft_positions.altitude_barometric IS 'Altitude is from a barometer rather than GNSS';
COMMENT ON COLUMN ais.sar_aircraft_positions.accuracy IS 'Position accuracy: true means better than 10 m';
COMMENT ON COLUMN ais.sar_aircraft_positions.dte IS 'The sender''s data terminal is ready (sent as 0 for ready)';
COMMENT ON COLUMN ais.sar_aircraft_positions.assigned IS 'The station works in assigned mode';
COMMENT ON COLUMN ais.sar_aircraft_positions.raim IS 'Receiver autonomous integrity monitoring is in use';
COMMENT ON COLUMN ais.sar_aircraft_positions.geom IS 'Where: WGS 84 longitude and latitude at the full resolution of AIS; null when not available';
COMMENT ON COLUMN ais.sar_aircraft_positions.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.sar_aircraft_positions.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.sar_aircraft_positions.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.sar_aircraft_positions.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.sar_aircraft_positions.talker IS 'NMEA talker, for example AI or BS';

CREATE TABLE IF NOT EXISTS ais.safety_messages (
    event_time  timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    mmsi        integer NOT NULL,
    dest_mmsi   integer,
    msg_type    smallint NOT NULL,
    repeat      smallint,
    seqno       smallint,
    own_ship    boolean NOT NULL,
    retransmit  boolean,
    time_source text NOT NULL,
    source      text NOT NULL,
    station     text,
    channel     text,
    talker      text,
    text        text
);

CREATE INDEX IF NOT EXISTS safety_messages_event_time ON ais.safety_messages (event_time);
CREATE INDEX IF NOT EXISTS safety_messages_mmsi_event_time ON ais.safety_messages (mmsi, event_time);

COMMENT ON TABLE ais.safety_messages IS
    'Safety-related text: types 12 and 14';
COMMENT ON COLUMN ais.safety_messages.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.safety_messages.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.safety_messages.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.safety_messages.dest_mmsi IS 'MMSI the message is addressed to';
COMMENT ON COLUMN ais.safety_messages.msg_type IS 'AIS message type, 1 to 27';
COMMENT ON COLUMN ais.safety_messages.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.safety_messages.seqno IS 'Sequence number of an addressed message, 0 to 3';
COMMENT ON COLUMN ais.safety_messages.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.safety_messages.retransmit IS 'The message was sent again';
COMMENT ON COLUMN ais.safety_messages.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.safety_messages.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.safety_messages.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.safety_messages.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.safety_messages.talker IS 'NMEA talker, for example AI or BS';
COMMENT ON COLUMN ais.safety_messages.text IS 'The text, six-bit';

CREATE TABLE IF NOT EXISTS ais.binary_messages (
    event_time  timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    mmsi        integer NOT NULL,
    dest_mmsi   integer,
    bits        integer,
    radio       integer,
    msg_type    smallint NOT NULL,
    repeat      smallint,
    seqno       smallint,
    dac         smallint,
    fid         smallint,
    own_ship    boolean NOT NULL,
    retransmit  boolean,
    geom        geometry(Point, 4326),
    time_source text NOT NULL,
    source      text NOT NULL,
    station     text,
    channel     text,
    talker      text,
    data        text
);

CREATE INDEX IF NOT EXISTS binary_messages_event_time ON ais.binary_messages (event_time);
CREATE INDEX IF NOT EXISTS binary_messages_mmsi_event_time ON ais.binary_messages (mmsi, event_time);

COMMENT ON TABLE ais.binary_messages IS
    'Data for applications: types 6, 8, 17, 25 and 26';
COMMENT ON COLUMN ais.binary_messages.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.binary_messages.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.binary_messages.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.binary_messages.dest_mmsi IS 'MMSI the message is addressed to';
COMMENT ON COLUMN ais.binary_messages.bits IS 'How many bits of data are meant';
COMMENT ON COLUMN ais.binary_messages.radio IS 'Communication state, the bits as sent (M.1371-5 annex 2, 3.3.7.2)';
COMMENT ON COLUMN ais.binary_messages.msg_type IS 'AIS message type, 1 to 27';
COMMENT ON COLUMN ais.binary_messages.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.binary_messages.seqno IS 'Sequence number of an addressed message, 0 to 3';
COMMENT ON COLUMN ais.binary_messages.dac IS 'Designated area code of the application';
COMMENT ON COLUMN ais.binary_messages.fid IS 'Function identifier of the application';
COMMENT ON COLUMN ais.binary_messages.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.binary_messages.retransmit IS 'The message was sent again';
COMMENT ON COLUMN ais.binary_messages.geom IS 'Where: WGS 84 longitude and latitude at the full resolution of AIS; null when not available';
COMMENT ON COLUMN ais.binary_messages.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.binary_messages.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.binary_messages.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.binary_messages.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.binary_messages.talker IS 'NMEA talker, for example AI or BS';
COMMENT ON COLUMN ais.binary_messages.data IS 'The application''s bits in hex, padded with zero bits at the end';

CREATE TABLE IF NOT EXISTS ais.other_messages (
    event_time  timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    mmsi        integer NOT NULL,
    dest_mmsi_1 integer,
    dest_mmsi_2 integer,
    dest_mmsi_3 integer,
    dest_mmsi_4 integer,
    msg_type    smallint NOT NULL,
    repeat      smallint,
    own_ship    boolean NOT NULL,
    time_source text NOT NULL,
    source      text NOT NULL,
    station     text,
    channel     text,
    talker      text,
    fields      jsonb NOT NULL
);

CREATE INDEX IF NOT EXISTS other_messages_event_time ON ais.other_messages (event_time);
CREATE INDEX IF NOT EXISTS other_messages_mmsi_event_time ON ais.other_messages (mmsi, event_time);

COMMENT ON TABLE ais.other_messages IS
    'The network''s own talk: types 7, 10, 13, 15, 16, 20, 22 and 23';
COMMENT ON COLUMN ais.other_messages.event_time IS 'When it was transmitted or first received ashore, RFC 3339 UTC';
COMMENT ON COLUMN ais.other_messages.received_at IS 'When we got it, RFC 3339 UTC';
COMMENT ON COLUMN ais.other_messages.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.other_messages.dest_mmsi_1 IS 'First station acknowledged, interrogated, inquired or assigned';
COMMENT ON COLUMN ais.other_messages.dest_mmsi_2 IS 'Second station addressed';
COMMENT ON COLUMN ais.other_messages.dest_mmsi_3 IS 'Third station addressed';
COMMENT ON COLUMN ais.other_messages.dest_mmsi_4 IS 'Fourth station addressed';
COMMENT ON COLUMN ais.other_messages.msg_type IS 'AIS message type, 1 to 27';
COMMENT ON COLUMN ais.other_messages.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.other_messages.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.other_messages.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.other_messages.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.other_messages.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.other_messages.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.other_messages.talker IS 'NMEA talker, for example AI or BS';
COMMENT ON COLUMN ais.other_messages.fields IS 'The other fields of the message that were sent, by the names of records.Other';
