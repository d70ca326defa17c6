-- Vessels by place, at a hundred million positions: docs/decisions/0036-a-closed-day-is-in-order-of-place.md.

-- A vessel counts where it was last, so one that has left the area since is not in it: those that were there are looked up once more,
-- all together, for an index that is asked for hundreds of vessels at once reads each page once.
CREATE OR REPLACE FUNCTION ais.vessels_at(
    at timestamptz DEFAULT now(), within interval DEFAULT '30 minutes', area geometry DEFAULT NULL
) RETURNS TABLE (
    mmsi integer, name text, callsign text, imo integer, ship_type smallint, event_time timestamptz, age interval,
    sog real, cog real, heading smallint, nav_status smallint, lon double precision, lat double precision,
    geom geometry, source text
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH last AS (
        SELECT DISTINCT ON (f.mmsi) f.*
        FROM ais.fix_rows AS f
        WHERE f.event_time > at - within AND f.event_time <= at
            AND (area IS NULL OR f.mmsi = ANY (ARRAY(
                SELECT DISTINCT s.mmsi
                FROM ais.fix_rows AS s
                WHERE s.event_time > at - within AND s.event_time <= at
                    AND s.lon BETWEEN st_xmin(area) AND st_xmax(area) AND s.lat BETWEEN st_ymin(area) AND st_ymax(area)
                    AND s.geom && area
            )))
        ORDER BY f.mmsi, f.event_time DESC, f.lon, f.lat
    )
    SELECT
        f.mmsi, v.name, v.callsign, v.imo, v.ship_type, f.event_time, at - f.event_time,
        f.sog, f.cog, f.heading, f.nav_status, f.lon, f.lat, st_point(f.lon, f.lat, 4326), l.source
    FROM last AS f
    LEFT JOIN ais.vessels AS v ON v.mmsi = f.mmsi
    LEFT JOIN ais.position_labels AS l ON l.id = f.label
    WHERE area IS NULL OR st_intersects(st_point(f.lon, f.lat, 4326), area)
$$;

-- Who is nearest is nearly always within 100 km, and those are found by place: of all the ships of the world in half an hour only
-- they are looked at. Only where there are not n of them, or near a pole or the 180th meridian, are all.
CREATE OR REPLACE FUNCTION ais.closest_vessels(
    place geometry, at timestamptz DEFAULT now(), n integer DEFAULT 10, within interval DEFAULT '30 minutes'
) RETURNS TABLE (
    mmsi integer, name text, callsign text, imo integer, ship_type smallint, event_time timestamptz, distance_metres double precision,
    bearing_degrees double precision, sog real, cog real, heading smallint, nav_status smallint,
    lon double precision, lat double precision, geom geometry, source text
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH near AS MATERIALIZED (
        SELECT v.*, st_distance(place::geography, v.geom::geography) AS distance_metres
        FROM ais.vessels_at(
            at, within,
            -- A degree of latitude has 110.5 km and more, one of longitude 111.3 km times the cosine of the latitude
            st_expand(
                place, 1 / cos(radians(least(greatest(abs(st_ymin(place)), abs(st_ymax(place))) + 1, 89))), 1
            )
        ) AS v
    ),
    found AS MATERIALIZED (
        SELECT
            count(*) >= n AND greatest(abs(st_ymin(place)), abs(st_ymax(place))) < 80
            AND greatest(abs(st_xmin(place)), abs(st_xmax(place))) < 170 AS suffice
        FROM near AS v
        WHERE v.distance_metres < 100000
    ),
    vessels AS (
        SELECT v.* FROM near AS v WHERE (SELECT f.suffice FROM found AS f)
        UNION ALL
        SELECT v.*, st_distance(place::geography, v.geom::geography)
        FROM ais.vessels_at(at, within) AS v
        WHERE NOT (SELECT f.suffice FROM found AS f)
    )
    SELECT
        v.mmsi, v.name, v.callsign, v.imo, v.ship_type, v.event_time, v.distance_metres,
        degrees(st_azimuth(st_centroid(place)::geography, v.geom::geography)), v.sog, v.cog, v.heading, v.nav_status,
        v.lon, v.lat, v.geom, v.source
    FROM vessels AS v
    ORDER BY v.distance_metres, v.mmsi
    LIMIT n
$$;
