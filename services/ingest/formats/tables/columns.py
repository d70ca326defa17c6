"""Columns by their names: the synonyms that tables use for the fields of our records, and a layout made of them.

Names are compared plain: small letters and digits only, so that BaseDateTime, base_date_time and "Base date time" are one.
Names that mean different things in different tables (type, speed, a) are not here; a known table or a mapping says what
they are.
"""

import re
from collections.abc import Collection, Mapping

from services.ingest.formats.tables import quantities as q
from services.ingest.formats.tables.cells import Convert
from services.ingest.formats.tables.etas import of_month_first
from services.ingest.formats.tables.kinds import BY_MESSAGE, ONLY_STATIC, SHIP
from services.ingest.formats.tables.layout import Layout, Reading
from services.ingest.formats.tables.row_times import any_time

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")

MMSI = ("mmsi", "mmsinumber", "sourcemmsi", "shipmmsi", "vesselmmsi", "userid")
TIMES = (
    *("basedatetime", "timestamp", "time", "datetime", "datetimeutc", "utc", "timeutc", "timestamputc", "msgtime"),
    *("eventtime", "postime", "positiontime", "epoch", "unixtime", "timestampms", "received", "receivedat", "datemax"),
)
MESSAGES = ("msgtype", "messagetype", "messageid", "msgid", "aismsgtype")

Special = Mapping[str, tuple[Convert, tuple[str, ...]]]  # field: how it is read, and from which column first

SYNONYMS: Special = {
    "lon": (q.lon, ("lon", "longitude", "long", "lng", "positionlongitude")),
    "lat": (q.lat, ("lat", "latitude", "positionlatitude")),
    "sog": (q.sog, ("sog", "speedoverground", "sogknots")),
    "cog": (q.cog, ("cog", "courseoverground", "course")),
    "heading": (q.heading, ("heading", "trueheading", "hdg")),
    "rot": (q.rot, ("rot", "rateofturn")),
    "turning": (q.turning, ("rot", "rateofturn")),
    "nav_status": (
        q.nav_status,
        ("status", "navstatus", "navstat", "navigationalstatus", "navigationstatus", "statusnavigation"),
    ),
    "accuracy": (q.flag, ("posacc", "accuracy", "positionaccuracy", "posaccuracy")),
    "raim": (q.flag, ("raim", "raimflag")),
    "imo": (q.imo, ("imo", "imonumber", "imonr", "imolloyds")),
    "callsign": (q.text, ("callsign",)),
    "name": (q.text, ("name", "vesselname", "shipname")),
    "ship_type": (q.ship_type, ("shiptype", "vesseltype", "shipandcargotype", "typeofshipandcargo", "shipcargotype")),
    "length": (q.length, ("length", "vessellength", "shiplength", "loa", "lengthoverall")),
    "width": (q.width, ("width", "vesselwidth", "shipwidth", "beam", "breadth")),
    "to_bow": (q.along, ("tobow", "dimensiontobow", "dimbow")),
    "to_stern": (q.along, ("tostern", "dimensiontostern", "dimstern")),
    "to_port": (q.across, ("toport", "dimensiontoport", "dimport")),
    "to_starboard": (q.across, ("tostarboard", "dimensiontostarboard", "dimstarboard")),
    "draught": (q.draught, ("draught", "draft", "presentdraught", "maxdraught")),
    "destination": (q.text, ("destination", "dest")),
    "eta": (of_month_first, ("eta",)),
    "fix_type": (q.fix_type, ("fixtype", "fixingdevice", "epfd", "postype", "device")),
    "ais_class": (
        q.ais_class,
        ("transceiverclass", "transcieverclass", "transceiver", "aisclass", "mobiletype", "typeofmobile"),
    ),
    "station": (q.text, ("receiverid", "station", "stationid", "receiver", "basestation")),
}


def plain(name: str) -> str:
    """A column's name as it is compared."""
    return _NOT_PLAIN.sub("", name.lower())


def time_reading(names: Collection[str], convert: Convert = any_time) -> Reading | None:
    """The time of the rows, from the first column of TIMES that is there."""
    return _first("time", convert, TIMES, names)


def mmsi_reading(names: Collection[str]) -> Reading | None:
    """Who sends, from the first column of MMSI that is there."""
    return _first("mmsi", q.mmsi, MMSI, names)


def readings(names: Collection[str], special: Special | None = None) -> tuple[Reading, ...]:
    """A reading for each field that has a column in `names`; `special` goes before SYNONYMS."""
    known = {**SYNONYMS, **(special or {})}
    found = (_first(field, convert, synonyms, names) for field, (convert, synonyms) in known.items())
    return tuple(reading for reading in found if reading is not None)


def by_synonyms(name: str, names: Collection[str], special: Special | None = None) -> Layout | None:
    """A table that has an MMSI, a time, and a position or something about the ship; else None."""
    mmsi, time = mmsi_reading(names), time_reading(names)
    found = readings(names, special)
    fields = {reading.field for reading in found}
    has_position = {"lon", "lat"} <= fields
    has_static = bool({"imo", "callsign", "name", "ship_type", "length", "to_bow"} & fields)
    if mmsi is None or time is None or not (has_position or has_static):
        return None
    kind = SHIP if has_position else ONLY_STATIC
    column = next((each for each in MESSAGES if each in names), None)
    return Layout(name, mmsi, time, found, kind, column, BY_MESSAGE if column else {})


def _first(field: str, convert: Convert, synonyms: tuple[str, ...], names: Collection[str]) -> Reading | None:
    column = next((synonym for synonym in synonyms if synonym in names), None)
    return Reading(field, (column,), convert) if column else None
