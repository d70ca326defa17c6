-- Who ships are: the merged present, and the history of what they said.
-- Why each fact has its own time: docs/decisions/0005-vessel-facts-have-times.md; what a run is: 0004-static-history-is-runs.md.

CREATE TABLE IF NOT EXISTS ais.vessels (
    first_time           timestamptz NOT NULL,
    last_time            timestamptz NOT NULL,
    name_time            timestamptz,
    callsign_time        timestamptz,
    imo_time             timestamptz,
    ship_type_time       timestamptz,
    dimensions_time      timestamptz,
    fix_type_time        timestamptz,
    eta_time             timestamptz,
    draught_time         timestamptz,
    destination_time     timestamptz,
    dte_time             timestamptz,
    ais_version_time     timestamptz,
    vendor_id_time       timestamptz,
    vendor_model_time    timestamptz,
    vendor_serial_time   timestamptz,
    mothership_mmsi_time timestamptz,
    eta                  timestamptz,
    mmsi                 integer NOT NULL,
    imo                  integer,
    draught              real,
    vendor_serial        integer,
    mothership_mmsi      integer,
    ship_type            smallint,
    to_bow               smallint,
    to_stern             smallint,
    to_port              smallint,
    to_starboard         smallint,
    fix_type             smallint,
    eta_month            smallint,
    eta_day              smallint,
    eta_hour             smallint,
    eta_minute           smallint,
    ais_version          smallint,
    vendor_model         smallint,
    dte                  boolean,
    name                 text,
    callsign             text,
    destination          text,
    vendor_id            text,
    source               text NOT NULL,
    station              text,
    PRIMARY KEY (mmsi)
) WITH (fillfactor = 70);

COMMENT ON TABLE ais.vessels IS
    'Who each MMSI is: the newest known value of every static field, from types 5, 19, 24A and 24B together; a null never erases, the older never replaces the newer';
COMMENT ON COLUMN ais.vessels.first_time IS 'event_time of the oldest report with static data';
COMMENT ON COLUMN ais.vessels.last_time IS 'event_time of the newest report with static data';
COMMENT ON COLUMN ais.vessels.name_time IS 'event_time of the newest report that gave the name';
COMMENT ON COLUMN ais.vessels.callsign_time IS 'event_time of the newest report that gave the callsign';
COMMENT ON COLUMN ais.vessels.imo_time IS 'event_time of the newest report that gave the imo';
COMMENT ON COLUMN ais.vessels.ship_type_time IS 'event_time of the newest report that gave the ship_type';
COMMENT ON COLUMN ais.vessels.dimensions_time IS 'event_time of the newest report that gave the dimensions';
COMMENT ON COLUMN ais.vessels.fix_type_time IS 'event_time of the newest report that gave the fix_type';
COMMENT ON COLUMN ais.vessels.eta_time IS 'event_time of the newest report that gave the eta';
COMMENT ON COLUMN ais.vessels.draught_time IS 'event_time of the newest report that gave the draught';
COMMENT ON COLUMN ais.vessels.destination_time IS 'event_time of the newest report that gave the destination';
COMMENT ON COLUMN ais.vessels.dte_time IS 'event_time of the newest report that gave the dte';
COMMENT ON COLUMN ais.vessels.ais_version_time IS 'event_time of the newest report that gave the ais_version';
COMMENT ON COLUMN ais.vessels.vendor_id_time IS 'event_time of the newest report that gave the vendor_id';
COMMENT ON COLUMN ais.vessels.vendor_model_time IS 'event_time of the newest report that gave the vendor_model';
COMMENT ON COLUMN ais.vessels.vendor_serial_time IS 'event_time of the newest report that gave the vendor_serial';
COMMENT ON COLUMN ais.vessels.mothership_mmsi_time IS 'event_time of the newest report that gave the mothership_mmsi';
COMMENT ON COLUMN ais.vessels.eta IS 'Estimated time of arrival, RFC 3339 UTC; the year nearest to event_time';
COMMENT ON COLUMN ais.vessels.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.vessels.imo IS 'IMO ship identification number';
COMMENT ON COLUMN ais.vessels.draught IS 'Present static draught, metres (25.5 means 25.5 or more)';
COMMENT ON COLUMN ais.vessels.vendor_serial IS 'Serial number of the class B unit';
COMMENT ON COLUMN ais.vessels.mothership_mmsi IS 'MMSI of the mother ship of an auxiliary craft';
COMMENT ON COLUMN ais.vessels.ship_type IS 'Type of ship and cargo, code 1 to 255';
COMMENT ON COLUMN ais.vessels.to_bow IS 'Reference point to bow, metres';
COMMENT ON COLUMN ais.vessels.to_stern IS 'Reference point to stern, metres';
COMMENT ON COLUMN ais.vessels.to_port IS 'Reference point to port side, metres';
COMMENT ON COLUMN ais.vessels.to_starboard IS 'Reference point to starboard side, metres';
COMMENT ON COLUMN ais.vessels.fix_type IS 'Type of position fixing device, 1 GPS … 8 Galileo, 15 internal';
COMMENT ON COLUMN ais.vessels.eta_month IS 'Month of the ETA as sent, 1 to 12';
COMMENT ON COLUMN ais.vessels.eta_day IS 'Day of the ETA as sent, 1 to 31';
COMMENT ON COLUMN ais.vessels.eta_hour IS 'Hour of the ETA as sent, UTC, 0 to 23';
COMMENT ON COLUMN ais.vessels.eta_minute IS 'Minute of the ETA as sent, 0 to 59';
COMMENT ON COLUMN ais.vessels.ais_version IS 'Edition of M.1371 the unit follows: 0 means -1, 1 means -3, 2 means -5';
COMMENT ON COLUMN ais.vessels.vendor_model IS 'Maker''s model code of the class B unit';
COMMENT ON COLUMN ais.vessels.dte IS 'The sender''s data terminal is ready (sent as 0 for ready)';
COMMENT ON COLUMN ais.vessels.name IS 'Name, six-bit text without padding';
COMMENT ON COLUMN ais.vessels.callsign IS 'Call sign';
COMMENT ON COLUMN ais.vessels.destination IS 'Destination as typed by the crew';
COMMENT ON COLUMN ais.vessels.vendor_id IS 'Maker of the class B unit, three letters';
COMMENT ON COLUMN ais.vessels.source IS 'Tail of the routing key of the newest report with static data';
COMMENT ON COLUMN ais.vessels.station IS 'Who received the newest report with static data';

CREATE TABLE IF NOT EXISTS ais.static_reports (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first_time      timestamptz NOT NULL,
    last_time       timestamptz NOT NULL,
    received_at     timestamptz NOT NULL,
    fingerprint     bigint NOT NULL,
    eta             timestamptz,
    mmsi            integer NOT NULL,
    reports         integer NOT NULL,
    imo             integer,
    draught         real,
    vendor_serial   integer,
    mothership_mmsi integer,
    msg_type        smallint NOT NULL,
    repeat          smallint,
    ais_version     smallint,
    ship_type       smallint,
    to_bow          smallint,
    to_stern        smallint,
    to_port         smallint,
    to_starboard    smallint,
    fix_type        smallint,
    eta_month       smallint,
    eta_day         smallint,
    eta_hour        smallint,
    eta_minute      smallint,
    vendor_model    smallint,
    own_ship        boolean NOT NULL,
    dte             boolean,
    time_source     text NOT NULL,
    source          text NOT NULL,
    station         text,
    channel         text,
    talker          text,
    part            text,
    callsign        text,
    name            text,
    destination     text,
    vendor_id       text
) WITH (fillfactor = 80);

CREATE INDEX IF NOT EXISTS static_reports_mmsi_first_time ON ais.static_reports (mmsi, msg_type, first_time);

COMMENT ON TABLE ais.static_reports IS
    'What each MMSI said of itself over time: one row for each run of equal reports of one MMSI, type, part and source';
COMMENT ON COLUMN ais.static_reports.id IS 'Number of the row';
COMMENT ON COLUMN ais.static_reports.first_time IS 'event_time of the first report of this run';
COMMENT ON COLUMN ais.static_reports.last_time IS 'event_time of the last report of this run';
COMMENT ON COLUMN ais.static_reports.received_at IS 'When we got the report that opened this row, RFC 3339 UTC';
COMMENT ON COLUMN ais.static_reports.fingerprint IS 'Hash of the content, which tells whether a report says something new';
COMMENT ON COLUMN ais.static_reports.eta IS 'Estimated time of arrival, RFC 3339 UTC; the year nearest to event_time';
COMMENT ON COLUMN ais.static_reports.mmsi IS 'Maritime Mobile Service Identity of the sender, 0 to 1,073,741,823';
COMMENT ON COLUMN ais.static_reports.reports IS 'How many reports of this run said exactly this';
COMMENT ON COLUMN ais.static_reports.imo IS 'IMO ship identification number';
COMMENT ON COLUMN ais.static_reports.draught IS 'Present static draught, metres (25.5 means 25.5 or more)';
COMMENT ON COLUMN ais.static_reports.vendor_serial IS 'Serial number of the class B unit';
COMMENT ON COLUMN ais.static_reports.mothership_mmsi IS 'MMSI of the mother ship of an auxiliary craft';
COMMENT ON COLUMN ais.static_reports.msg_type IS 'AIS message type, 1 to 27';
COMMENT ON COLUMN ais.static_reports.repeat IS 'Repeat indicator, 0 to 3';
COMMENT ON COLUMN ais.static_reports.ais_version IS 'Edition of M.1371 the unit follows: 0 means -1, 1 means -3, 2 means -5';
COMMENT ON COLUMN ais.static_reports.ship_type IS 'Type of ship and cargo, code 1 to 255';
COMMENT ON COLUMN ais.static_reports.to_bow IS 'Reference point to bow, metres';
COMMENT ON COLUMN ais.static_reports.to_stern IS 'Reference point to stern, metres';
COMMENT ON COLUMN ais.static_reports.to_port IS 'Reference point to port side, metres';
COMMENT ON COLUMN ais.static_reports.to_starboard IS 'Reference point to starboard side, metres';
COMMENT ON COLUMN ais.static_reports.fix_type IS 'Type of position fixing device, 1 GPS … 8 Galileo, 15 internal';
COMMENT ON COLUMN ais.static_reports.eta_month IS 'Month of the ETA as sent, 1 to 12';
COMMENT ON COLUMN ais.static_reports.eta_day IS 'Day of the ETA as sent, 1 to 31';
COMMENT ON COLUMN ais.static_reports.eta_hour IS 'Hour of the ETA as sent, UTC, 0 to 23';
COMMENT ON COLUMN ais.static_reports.eta_minute IS 'Minute of the ETA as sent, 0 to 59';
COMMENT ON COLUMN ais.static_reports.vendor_model IS 'Maker''s model code of the class B unit';
COMMENT ON COLUMN ais.static_reports.own_ship IS 'Own ship''s report (VDO) rather than another''s (VDM)';
COMMENT ON COLUMN ais.static_reports.dte IS 'The sender''s data terminal is ready (sent as 0 for ready)';
COMMENT ON COLUMN ais.static_reports.time_source IS 'Where event_time came from, one of TIME_SOURCES';
COMMENT ON COLUMN ais.static_reports.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ais.static_reports.station IS 'Who received it: tag block s, or the sender''s network address';
COMMENT ON COLUMN ais.static_reports.channel IS 'VHF channel as sent in the sentence: A, B, 1, 2, …';
COMMENT ON COLUMN ais.static_reports.talker IS 'NMEA talker, for example AI or BS';
COMMENT ON COLUMN ais.static_reports.part IS 'Part of a type 24: A or B';
COMMENT ON COLUMN ais.static_reports.callsign IS 'Call sign';
COMMENT ON COLUMN ais.static_reports.name IS 'Name, six-bit text without padding';
COMMENT ON COLUMN ais.static_reports.destination IS 'Destination as typed by the crew';
COMMENT ON COLUMN ais.static_reports.vendor_id IS 'Maker of the class B unit, three letters';
