-- What people read first has words beside its codes, and a ship is found by a name that is not quite right.
-- Each view has columns more at its end, so that whatever stands on it stays. The tables of words are joined from the left by
-- their key, so that a question that asks for no word does not pay for them.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE OR REPLACE VIEW ais.position_reports AS
SELECT
    p.event_time,
    p.received_at,
    p.mmsi,
    p.sog,
    p.cog,
    p.rot,
    p.radio,
    p.msg_type,
    p.repeat,
    p.heading,
    p.nav_status,
    p.second,
    p.maneuver,
    p.reserved,
    p.own_ship,
    p.accuracy,
    p.raim,
    p.cs,
    p.display,
    p.dsc,
    p.band,
    p.msg22,
    p.assigned,
    p.gnss,
    p.lon,
    p.lat,
    p.geom,
    p.time_source,
    p.source,
    p.station,
    p.channel,
    p.talker,
    p.turning,
    coalesce(p.low_resolution, p.msg_type = 27, false) AS low_resolution,
    coalesce(
        p.ais_class, CASE WHEN p.msg_type IN (1, 2, 3) THEN 'A' WHEN p.msg_type IN (18, 19) THEN 'B' END
    ) AS ais_class,
    p.time_shift,
    p.missing,
    p.flags,
    m.country,
    n.name AS nav_status_text
FROM ais.positions AS p
LEFT JOIN ref.mids AS m ON m.mid = ref.mid_of(p.mmsi)
LEFT JOIN ref.nav_statuses AS n ON n.nav_status = p.nav_status;

COMMENT ON VIEW ais.position_reports IS
    'ais.positions with lon and lat as numbers, with the class of the unit whether the message type or the provider tells it, and with words for what the row alone tells';
COMMENT ON COLUMN ais.position_reports.country IS 'Country or territory by the digits in mmsi (ref.mids); null when they name none';
COMMENT ON COLUMN ais.position_reports.nav_status_text IS 'nav_status in words (ref.nav_statuses); null when nav_status is';

CREATE OR REPLACE VIEW ais.vessels_now AS
SELECT
    p.mmsi,
    v.name,
    v.callsign,
    v.imo,
    v.ship_type,
    v.destination,
    v.draught,
    CASE WHEN v.length BETWEEN 0 AND 1022 THEN round(v.length)::smallint END AS length,
    CASE WHEN v.width BETWEEN 0 AND 126 THEN round(v.width)::smallint END AS width,
    p.event_time,
    p.sog,
    p.cog,
    p.heading,
    p.nav_status,
    p.lon,
    p.lat,
    p.geom,
    p.source,
    coalesce(p.low_resolution, p.msg_type = 27, false) AS low_resolution,
    coalesce(
        p.ais_class,
        CASE WHEN p.msg_type IN (1, 2, 3) THEN 'A' WHEN p.msg_type IN (18, 19) THEN 'B' END,
        v.ais_class
    ) AS ais_class,
    p.flags,
    m.country,
    t.ship_class,
    t.subclass AS ship_subclass,
    t.description AS ship_type_text,
    n.name AS nav_status_text,
    now() - p.event_time AS age
FROM ais.latest_positions AS p
LEFT JOIN ais.vessels AS v ON v.mmsi = p.mmsi
LEFT JOIN ref.mids AS m ON m.mid = ref.mid_of(p.mmsi)
LEFT JOIN ref.ship_types AS t ON t.ship_type = v.ship_type
LEFT JOIN ref.nav_statuses AS n ON n.nav_status = p.nav_status;

COMMENT ON COLUMN ais.vessels_now.country IS 'Country or territory by the digits in mmsi (ref.mids); null when they name none';
COMMENT ON COLUMN ais.vessels_now.ship_class IS
    'Class of ship by ship_type (ref.ship_types), such as cargo, tanker or fishing; null when ship_type is, or means no class';
COMMENT ON COLUMN ais.vessels_now.ship_subclass IS 'What ship_type says besides its class, such as pilot or hazard category X; null for nothing';
COMMENT ON COLUMN ais.vessels_now.ship_type_text IS 'ship_type in words; null when it is null or above 99';
COMMENT ON COLUMN ais.vessels_now.nav_status_text IS 'nav_status in words (ref.nav_statuses); null when nav_status is';
COMMENT ON COLUMN ais.vessels_now.age IS 'How long before the start of the transaction this position was: now() - event_time';

-- Changes of a vessel's row that leave its name alone, which are nearly all, do not touch this index. Writers wait while it is
-- made: about a second for a hundred thousand vessels.
CREATE INDEX IF NOT EXISTS vessels_name_trigrams ON ais.vessels USING gin (name gin_trgm_ops);

-- Loads the library. Before that, only a superuser may name its settings in a function.
DO $$ BEGIN PERFORM similarity('', ''); END $$;

CREATE OR REPLACE FUNCTION ais.fuzzy_name_search(fuzzy_name text, n integer DEFAULT 20)
RETURNS TABLE (
    mmsi           integer,
    name           text,
    callsign       text,
    imo            integer,
    country        text,
    ship_type_text text,
    length         smallint,
    width          smallint,
    last_time      timestamptz,
    similarity     real
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 20 SET pg_trgm.word_similarity_threshold = 0.3 AS $$
    SELECT
        found.mmsi,
        found.name,
        found.callsign,
        found.imo,
        m.country,
        t.description,
        CASE WHEN found.length BETWEEN 0 AND 1022 THEN round(found.length)::smallint END,
        CASE WHEN found.width BETWEEN 0 AND 126 THEN round(found.width)::smallint END,
        found.last_time,
        found.likeness
    FROM (
        SELECT v.*, word_similarity(fuzzy_name, v.name) AS likeness
        FROM ais.vessels AS v
        WHERE fuzzy_name <% v.name
        ORDER BY likeness DESC, similarity(fuzzy_name, v.name) DESC, v.last_time DESC, v.mmsi
        LIMIT n
    ) AS found
    LEFT JOIN ref.mids AS m ON m.mid = ref.mid_of(found.mmsi)
    LEFT JOIN ref.ship_types AS t ON t.ship_type = found.ship_type
    ORDER BY found.likeness DESC, similarity(fuzzy_name, found.name) DESC, found.last_time DESC, found.mmsi
$$;

COMMENT ON FUNCTION ais.fuzzy_name_search(text, integer) IS
    'The n vessels whose names are most like a name, or a part of one, that may be misspelt; best first. similarity is the share of the letter triples asked for that stand together in the name (pg_trgm''s word_similarity), at least 0.3; of equal ones the shorter name comes first, then who was heard last';
