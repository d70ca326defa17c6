"""The columns of exactEarth's CSV (plain names): which field each is, and how it is read. A kind takes the fields it has.

Codes, units and values for "not available": ITU-R M.1371-5, annex 8.
"""

from services.ingest.formats.tables import quantities as q
from services.ingest.formats.tables.cells import Convert, number, whole

TURNING_RATE = 10.0  # degrees a minute, in place of raw 127


def _rot(text: str) -> float | None:
    return None if abs(number(text)) == TURNING_RATE else q.rot(text)


def _turning(text: str) -> str | None:
    return {TURNING_RATE: "right", -TURNING_RATE: "left"}.get(number(text))


def _code(low: int, high: int) -> Convert:
    """A whole number; outside of low to high it means not available."""

    def convert(text: str) -> int | None:
        value = whole(text)
        return value if low <= value <= high else None

    return convert


def _hex(text: str) -> str:
    int(text, 16)  # raises ValueError
    return text.lower()


def _part(text: str) -> str | None:
    return {0: "A", 1: "B"}.get(whole(text))


def _vendor(text: str) -> str | None:
    """Seven six-bit characters, the first three of which are the maker's."""
    return q.text(text[:3])


_any = _code(0, 1 << 40)
_some = _code(1, 1 << 40)

COLUMNS: tuple[tuple[str, str, Convert], ...] = (
    ("repeat", "repeatindicator", _code(0, 3)),
    ("channel", "channel", q.text),
    ("station", "basestation", q.text),
    ("name", "vesselname", q.text),
    ("name", "atonname", q.text),
    ("name.extension", "nameextension", q.text),
    ("callsign", "callsign", q.text),
    ("imo", "imo", q.imo),
    ("ship_type", "shiptype", q.ship_type),
    ("to_bow", "dimensiontobow", q.along),
    ("to_stern", "dimensiontostern", q.along),
    ("to_port", "dimensiontoport", q.across),
    ("to_starboard", "dimensiontostarboard", q.across),
    ("draught", "draught", q.draught_tenths),
    ("destination", "destination", q.text),
    ("ais_version", "aisversion", _code(0, 3)),
    ("nav_status", "navigationalstatus", q.nav_status),
    ("rot", "rot", _rot),
    ("turning", "rot", _turning),
    ("sog", "sog", q.sog),
    ("accuracy", "accuracy", q.flag),
    ("lon", "longitude", q.lon),
    ("lat", "latitude", q.lat),
    ("cog", "cog", q.cog),
    ("heading", "heading", q.heading),
    ("reserved", "regional", _some),
    ("maneuver", "maneuver", _code(1, 2)),
    ("raim", "raimflag", q.flag),
    ("radio", "communicationstate", _any),
    ("utc_year", "utcyear", _code(1, 9999)),
    ("utc_month", "utcmonth", _code(1, 12)),
    ("utc_day", "utcday", _code(1, 31)),
    ("utc_hour", "utchour", _code(0, 23)),
    ("utc_minute", "utcminute", _code(0, 59)),
    ("utc_second", "utcsecond", _code(0, 59)),
    ("second", "utcsecond", lambda text: None if whole(text) == 60 else _code(0, 63)(text)),
    ("fix_type", "fixingdevice", q.fix_type),
    ("long_range_control", "transmissioncontrol", q.flag),
    ("eta_month", "etamonth", _code(1, 12)),
    ("eta_day", "etaday", _code(1, 31)),
    ("eta_hour", "etahour", _code(0, 23)),
    ("eta_minute", "etaminute", _code(0, 59)),
    ("seqno", "sequence", _code(0, 3)),
    ("dest_mmsi", "destinationid", _some),
    ("dest_mmsi_1", "destinationid", _some),
    ("retransmit", "retransmitflag", q.flag),
    ("dac", "countrycode", _any),
    ("fid", "functionalid", _any),
    ("data", "data", _hex),
    *((f"dest_mmsi_{n}", f"destinationid{n}", _some) for n in (1, 2, 3, 4)),
    *((f"seqno_{n}", f"sequence{n}", _code(0, 3)) for n in (1, 2, 3, 4)),
    ("altitude", "altitude", _code(0, 4094)),
    ("altitude_barometric", "altitudesensor", q.flag),
    ("dte", "dataterminal", q.inverted_flag),
    ("assigned", "mode", q.flag),
    ("text", "safetytext", q.text),
    ("type_1_1", "messageid11", _some),
    ("offset_1_1", "offset11", _any),
    ("type_1_2", "messageid12", _some),
    ("offset_1_2", "offset12", _any),
    ("type_2_1", "messageid21", _some),
    ("offset_2_1", "offset21", _any),
    ("dest_mmsi_1", "destinationida", _some),
    ("offset_1", "offseta", _any),
    ("increment_1", "incrementa", _any),
    ("dest_mmsi_2", "destinationidb", _some),
    ("offset_2", "offsetb", _any),
    ("increment_2", "incrementb", _any),
    ("cs", "unitflag", q.flag),
    ("display", "display", q.flag),
    ("dsc", "dsc", q.flag),
    ("band", "band", q.flag),
    ("msg22", "msg22", q.flag),
    *((f"offset_{n}", f"offset{n}", _any) for n in (1, 2, 3, 4)),
    ("number_1", "numslots1", _any),
    *((f"number_{n}", f"numberslots{n}", _any) for n in (2, 3, 4)),
    *((f"timeout_{n}", f"timeout{n}", _any) for n in (1, 2, 3, 4)),
    *((f"increment_{n}", f"increment{n}", _any) for n in (1, 2, 3, 4)),
    ("aton_type", "atontype", _code(1, 31)),
    ("off_position", "offposition", q.flag),
    ("aton_status", "atonstatus", _any),
    ("virtual_aid", "virtualaton", q.flag),
    ("channel_a", "channela", _any),
    ("channel_b", "channelb", _any),
    ("txrx", "txrxmode", _any),
    ("power_low", "power", q.flag),
    ("addressed", "messageindicator", q.flag),
    ("band_a", "channelabandwidth", q.flag),
    ("band_b", "channelbbandwidth", q.flag),
    ("zone_size", "transzonesize", _any),
    ("ne_lon", "longitude1", q.lon),
    ("ne_lat", "latitude1", q.lat),
    ("sw_lon", "longitude2", q.lon),
    ("sw_lat", "latitude2", q.lat),
    ("station_type", "stationtype", _any),
    ("interval", "reportinterval", _any),
    ("quiet", "quiettime", _some),
    ("part", "partnumber", _part),
    ("vendor_id", "vendorid", _vendor),
    ("mothership_mmsi", "mothershipmmsi", _some),
    ("gnss", "gnssstatus", q.inverted_flag),
)
