"""BarentsWatch's live AIS (Norway): JSON lines and GeoJSON features.

{"courseOverGround":268,"latitude":66.004573,"longitude":8.029767,"name":"TRANSOCEAN ENCOURAGE","rateOfTurn":-3,"shipType":90,
 "speedOverGround":0,"trueHeading":225,"navigationalStatus":3,"mmsi":258627000,"msgtime":"2025-07-24T10:14:50+00:00"}

Its description does not say the units of rateOfTurn and draught: they are left out. eta is MMDDHHMM.
"""

from services.ingest.formats.shapes import arrival
from services.ingest.formats.shapes import conversions as c
from services.ingest.formats.shapes.conversions import Object, measure, plan, read
from services.ingest.formats.shapes.draft import Draft, Shape, by_kind
from services.ingest.formats.shapes.times import epoch_ms


def claims(each: Object) -> bool:
    return "msgtime" in each


def drafts(each: Object) -> list[Draft]:
    mmsi = c.mmsi(each.get("mmsi"))
    msg_type = c.msg_type(each.get("messageType"))
    found = {"mmsi": mmsi, **read(each, _TABLE), **arrival.of_text(each.get("eta"))}
    return by_kind(found, msg_type, epoch_ms(each.get("msgtime")), None)


_TABLE = plan(
    lon=("longitude", c.LON),
    lat=("latitude", c.LAT),
    sog=("speedOverGround", c.SOG),
    cog=("courseOverGround", c.COG),
    heading=("trueHeading", c.HEADING),
    nav_status=("navigationalStatus", c.NAV_STATUS),
    altitude=("altitude", c.code(0, 4094)),
    name=("name", c.text),
    callsign=("callSign", c.text),
    imo=("imoNumber", c.imo),
    ship_type=("shipType", c.SHIP_TYPE),
    destination=("destination", c.text),
    fix_type=("positionFixingDeviceType", c.FIX_TYPE),
    to_bow=("dimensionA", c.TO_BOW),
    to_stern=("dimensionB", c.TO_STERN),
    to_port=("dimensionC", c.TO_PORT),
    to_starboard=("dimensionD", c.TO_STARBOARD),
    length=("shipLength", measure(c.metres)),
    width=("shipWidth", measure(c.metres)),
    aton_type=("typeOfAidsToNavigation", c.ATON_TYPE),
    text=("safetyRelatedText", c.free_text),
    seqno=("sequenceNumber", c.code(0, 3)),
    dest_mmsi=("destinationMmsi", c.STATION),
    dac=("designatedAreaCode", c.code(0, 1023)),
    fid=("functionalId", c.code(0, 63)),
    ais_class=("aisClass", c.ais_class),
) + plan(ais_class=("reportClass", c.ais_class), fix_type=("typeOfElectronicFixingDevice", c.FIX_TYPE))

BARENTSWATCH = Shape("barentswatch", claims, drafts)
