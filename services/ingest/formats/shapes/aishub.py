"""AISHub's web service: JSON [{header},[{…},…]], and the attributes of its XML.

format 0: {"MMSI":477266900,"TIME":"1516320059","LONGITUDE":2419589,"LATITUDE":31185128,"COG":1040,"SOG":0,"ETA":99181,…
format 1: {"MMSI":…,"TIME":"2011-04-12 10:40:27 GMT","LONGITUDE":118.44586666667,"COG":235.1,"SOG":5.9,"ETA":"08-31 06:00",…

In format 0 numbers are those of the message: 1/600,000 degree, 1/10 knot, 1/10 degree, 1/10 metre, the ETA's twenty bits.
Which of the two an object is shows its TIME: a number of seconds, or a date. ROT is as sent in
both (Message 1): 128 is not available.
"""

from services.ingest.formats import values
from services.ingest.formats.shapes import arrival
from services.ingest.formats.shapes import conversions as c
from services.ingest.formats.shapes.conversions import Object, Plan, measure, plan, read
from services.ingest.formats.shapes.draft import Draft, Shape, by_kind
from services.ingest.formats.shapes.times import epoch_ms


def claims(each: Object) -> bool:
    return "MMSI" in each and "TIME" in each and ("LONGITUDE" in each or "NAME" in each)


def drafts(each: Object) -> list[Draft]:
    mmsi = c.mmsi(each.get("MMSI"))
    event_ms = epoch_ms(each.get("TIME"))
    is_scaled = str(each.get("TIME")).strip().isdigit()
    found = {"mmsi": mmsi, **read(each, _SCALED if is_scaled else _HUMAN)}
    eta = each.get("ETA")
    found |= arrival.of_text(eta) if isinstance(eta, str) and not eta.isdigit() else arrival.of_bits(eta)
    return by_kind(found, None, event_ms, None)


def _table(degree: int, tenth: int) -> Plan:
    return plan(
        lon=("LONGITUDE", measure(values.degrees_east, degree)),
        lat=("LATITUDE", measure(values.degrees_north, degree)),
        sog=("SOG", measure(values.knots, tenth)),
        cog=("COG", measure(values.course, tenth)),
        heading=("HEADING", c.HEADING),
        rot=("ROT", c.raw_rot),
        turning=("ROT", c.raw_turning),
        nav_status=("NAVSTAT", c.NAV_STATUS),
        accuracy=("PAC", c.flag),
        imo=("IMO", c.imo),
        callsign=("CALLSIGN", c.text),
        name=("NAME", c.text),
        ship_type=("TYPE", c.SHIP_TYPE),
        fix_type=("DEVICE", c.FIX_TYPE),
        to_bow=("A", c.TO_BOW),
        to_stern=("B", c.TO_STERN),
        to_port=("C", c.TO_PORT),
        to_starboard=("D", c.TO_STARBOARD),
        draught=("DRAUGHT", measure(values.draught, tenth)),
        destination=("DEST", c.text),
        ais_version=("AISVER", c.code(0, 3)),
    )


_HUMAN = _table(1, 1)
_SCALED = _table(600_000, 10)

AISHUB = Shape("aishub", claims, drafts)
