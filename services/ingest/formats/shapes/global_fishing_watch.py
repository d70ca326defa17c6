"""Messages of Global Fishing Watch: everything may be text, and the vessel's MMSI is its ssvid.

{"type":"1","ssvid":"477301500","shiptype":null,"timestamp":"1505969059.0","lon":"60.718","lat":"24.8","speed":"13.4","course":"276.7",
 "heading":"273","tagblock_station":"rORBCOMM999",…}
{"type":"AIS.18","ssvid":"200000010","timestamp":"2021-01-06T07:33:48+00:00","lon":110.4,…,"length":NaN,"receiver":"rORBCOMM000",…}

Ship types may be words of libais, of which some name one code; a "Reserved" names none.
"""

from services.ingest.formats.shapes import conversions as c
from services.ingest.formats.shapes.conversions import Object, measure, plan, read
from services.ingest.formats.shapes.draft import Draft, Shape, by_kind
from services.ingest.formats.shapes.times import epoch_ms

STATION_KEYS = ("tagblock_station", "receiver")

SHIP_TYPES = {  # M.1371-5, Table 53, in the words of libais
    "fishing": 30,
    "towing": 31,
    "towing: length exceeds 200m or breadth exceeds 25m": 32,
    "dredging or underwater ops": 33,
    "diving ops": 34,
    "military ops": 35,
    "sailing": 36,
    "pleasure craft": 37,
    "pilot vessel": 50,
    "search and rescue vessel": 51,
    "tug": 52,
    "port tender": 53,
    "anti-pollution equipment": 54,
    "law enforcement": 55,
    "medical transport": 58,
    **{
        f"{kind}, {what}": first + offset
        for first, kind in (
            (20, "wing in ground (wig)"),
            (40, "high speed craft (hsc)"),
            (60, "passenger"),
            (70, "cargo"),
            (80, "tanker"),
            (90, "other type"),
        )
        for offset, what in (
            (0, "all ships of this type"),
            (1, "hazardous category a"),
            (2, "hazardous category b"),
            (3, "hazardous category c"),
            (4, "hazardous category d"),
            (9, "no additional information"),
        )
    },
}


def claims(each: Object) -> bool:
    return "ssvid" in each


def drafts(each: Object) -> list[Draft]:
    mmsi = c.mmsi(each.get("ssvid"))
    msg_type = c.msg_type(each.get("type"))
    found = {"mmsi": mmsi, **read(each, _TABLE)}
    station = next((c.text(each[key]) for key in STATION_KEYS if each.get(key) is not None), None)
    return by_kind(found, msg_type, epoch_ms(each.get("timestamp")), station)


_TABLE = plan(
    lon=("lon", c.LON),
    lat=("lat", c.LAT),
    sog=("speed", c.SOG),
    cog=("course", c.COG),
    heading=("heading", c.HEADING),
    nav_status=("status", c.NAV_STATUS),
    imo=("imo", c.imo),
    name=("shipname", c.text),
    callsign=("callsign", c.text),
    ship_type=("shiptype", c.worded_code(1, 255, SHIP_TYPES)),
    destination=("destination", c.text),
    length=("length", measure(c.metres)),
    width=("width", measure(c.metres)),
)

GLOBAL_FISHING_WATCH = Shape("global_fishing_watch", claims, drafts)
