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
