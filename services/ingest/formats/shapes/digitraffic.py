"""Digitraffic, the open data of Fintraffic (Finland): features of its REST service, messages of its MQTT, merges of both.

locations: {"mmsi":230112970,"geometry":{"type":"Point","coordinates":[21.03,60.30]},"properties":{"sog":0.0,
    "cog":0.0,"navStat":0,"rot":128,"posAcc":false,"raim":false,"heading":511,"timestamp":51,"timestampExternal":1487619357793}}
metadata: {"mmsi":…,"name":"ARUNA CIHAN","callSign":"V7WW7","imo":9543756,"draught":68,"eta":733376,"posType":15,…
MQTT: {"time":1668075025,"sog":10.7,…,"lon":20.345818,"lat":60.03802}, the MMSI in the topic: useful when a collector adds it.

Units by its OpenAPI description: rot is ROT as sent, -128 to 127 (rot = 4.733 √(degrees a minute)); draught is in 1/10 m; eta has
the twenty bits of Message 5; `timestamp` of a location is the UTC second of the fix, of metadata milliseconds since 1970.
"""

from services.ingest.formats import values
from services.ingest.formats.shapes import arrival
from services.ingest.formats.shapes import conversions as c
from services.ingest.formats.shapes.conversions import Object, measure, plan, read
from services.ingest.formats.shapes.draft import Draft, Shape, by_kind
from services.ingest.formats.shapes.times import first_time

KEYS = ("navStat", "posAcc", "posType", "referencePointA", "refA")


def claims(each: Object) -> bool:
    return any(key in each for key in KEYS)


def drafts(each: Object) -> list[Draft]:
    mmsi = c.mmsi(each.get("mmsi"))
    has_position = "navStat" in each or "posAcc" in each
    keys = ("timestampExternal", "time") if has_position else ("timestampExternal", "time", "timestamp")
    found = {"mmsi": mmsi, **read(each, _METADATA), **arrival.of_bits(each.get("eta"))}
    if has_position:
        found |= read(each, _LOCATION)
    return by_kind(found, None, first_time(each, keys), None)


_LOCATION = plan(
    lon=("lon", c.LON),
    lat=("lat", c.LAT),
    sog=("sog", c.SOG),
    cog=("cog", c.COG),
    heading=("heading", c.HEADING),
    nav_status=("navStat", c.NAV_STATUS),
    rot=("rot", c.raw_rot),
    turning=("rot", c.raw_turning),
    accuracy=("posAcc", c.flag),
    raim=("raim", c.flag),
    second=("timestamp", c.SECOND),
)

_METADATA = plan(
    name=("name", c.text),
    callsign=("callSign", c.text),
    imo=("imo", c.imo),
    ship_type=("shipType", c.SHIP_TYPE),
    destination=("destination", c.text),
    draught=("draught", measure(values.draught, 10)),
    fix_type=("posType", c.FIX_TYPE),
    to_bow=("referencePointA", c.TO_BOW),
    to_stern=("referencePointB", c.TO_STERN),
    to_port=("referencePointC", c.TO_PORT),
    to_starboard=("referencePointD", c.TO_STARBOARD),
) + plan(
    ship_type=("type", c.worded_code(1, 255)),  # MQTT; a feature has the word Feature there
    to_bow=("refA", c.TO_BOW),
    to_stern=("refB", c.TO_STERN),
    to_port=("refC", c.TO_PORT),
    to_starboard=("refD", c.TO_STARBOARD),
)

DIGITRAFFIC = Shape("digitraffic", claims, drafts)
