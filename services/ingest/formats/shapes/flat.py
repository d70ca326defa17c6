"""Any object with the usual names: {"mmsi":…,"lat":…,"lon":…,"timestamp":…,"speed":…,"name":…}. The last shape to be asked.

Names are compared without case, _, - and space; the first of several that say the same counts. Speeds are knots, lengths metres.
A rate of turn is left out, since its unit differs from provider to provider and no name says it. A `timestamp` below 64 is the
UTC second of the fix and no time.
"""

from collections.abc import Mapping

from services.ingest.formats.shapes import arrival
from services.ingest.formats.shapes import conversions as c
from services.ingest.formats.shapes.conversions import Convert, Object, measure
from services.ingest.formats.shapes.draft import Draft, Shape, by_kind
from services.ingest.formats.shapes.times import epoch_ms

MOST_KEYS = 512  # an object with more is no vessel
LAST_SECOND = 63  # of the field `second` of a message

NAMES: tuple[tuple[str, Convert, tuple[str, ...]], ...] = (
    ("lon", c.LON, ("lon", "lng", "long", "longitude")),
    ("lat", c.LAT, ("lat", "latitude")),
    ("sog", c.SOG, ("sog", "speed", "speedoverground", "speedknots")),
    ("cog", c.COG, ("cog", "course", "courseoverground")),
    ("heading", c.HEADING, ("heading", "trueheading", "hdg", "truehdg")),
    ("nav_status", c.worded_code(0, 14), ("navstatus", "navstat", "navigationalstatus", "navigationstatus", "status")),
    ("name", c.text, ("shipname", "vesselname", "name")),
    ("callsign", c.text, ("callsign",)),
    ("imo", c.imo, ("imo", "imonumber")),
    ("ship_type", c.worded_code(1, 255), ("shiptype", "vesseltype", "aistype", "shipandcargotype")),
    ("destination", c.text, ("destination", "dest")),
    ("draught", c.DRAUGHT, ("draught", "draft")),
    ("to_bow", c.TO_BOW, ("tobow", "dimtobow", "a")),
    ("to_stern", c.TO_STERN, ("tostern", "dimtostern", "b")),
    ("to_port", c.TO_PORT, ("toport", "dimtoport", "c")),
    ("to_starboard", c.TO_STARBOARD, ("tostarboard", "dimtostarboard", "d")),
    ("length", measure(c.metres), ("length", "shiplength")),
    ("width", measure(c.metres), ("width", "beam", "shipwidth")),
    ("channel", c.text, ("channel",)),
    ("ais_class", c.ais_class, ("aisclass", "transceiverclass", "class")),
)
MMSI = ("mmsi", "mmsinumber", "shipmmsi")
TYPE = ("msgtype", "messagetype", "messageid")
TIMES = (
    "eventtime", "timestamputc", "timeutc", "datetimeutc", "timestamp", "time", "datetime", "basedatetime", "msgtime",
    "lastpositionepoch", "positiontime", "postime", "lastposition", "receivedat", "ts", "epoch", "date",
)  # fmt: skip
STATION = ("station", "stationid", "receiver", "receiverid")
ETA = ("eta", "etaais")
ENOUGH = frozenset({"lat", "latitude", "shipname", "vesselname", "name", "callsign", "imo", "imonumber"})
_FORGET = str.maketrans("", "", "_- .")


def claims(each: Object) -> bool:
    if len(each) > MOST_KEYS:
        return False
    names = {_plain(key) for key in each}
    return not names.isdisjoint(MMSI) and not names.isdisjoint(ENOUGH)


def drafts(each: Object) -> list[Draft]:
    known = {_plain(key): value for key, value in each.items() if value is not None}
    found: dict[str, object] = {"mmsi": c.mmsi(_first(known, MMSI))}
    for name, convert, keys in NAMES:
        value = _first(known, keys)
        if value is not None:
            value = convert(value)
            if value is not None:
                found[name] = value
    eta = _first(known, ETA)
    found |= arrival.of_text(eta) if isinstance(eta, str) else {}
    station = _first(known, STATION)
    return by_kind(found, _type(known), _time(known), c.text(station) if isinstance(station, (str, int)) else None)


def _plain(key: str) -> str:
    return key.lower().translate(_FORGET)


def _first(known: Mapping[str, object], keys: tuple[str, ...]) -> object:
    return next((known[key] for key in keys if key in known), None)


def _type(known: Mapping[str, object]) -> int | None:
    """A number only: providers also put words of their own under these names."""
    value = _first(known, TYPE)
    return c.msg_type(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _time(known: Mapping[str, object]) -> int | None:
    for key in TIMES:
        value = known.get(key)
        is_second = isinstance(value, (int, float)) and 0 <= value <= LAST_SECOND
        if value is not None and not is_second:
            return epoch_ms(value)
    return None


FLAT = Shape("flat", claims, drafts)
