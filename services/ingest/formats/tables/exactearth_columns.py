"""The columns of exactEarth's CSV (plain names): which field each is, and how it is read. A kind takes the fields it has.

Codes, units and values for "not available": ITU-R M.1371-5, annex 8.
"""

from services.ingest.formats import values
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


def _number(field: str, column: str) -> tuple[str, str, Convert]:
    """As sent."""
    return field, column, _code(0, values.most(field))


def _used(field: str, column: str) -> tuple[str, str, Convert]:
    """As sent; 0 stands for none."""
    return field, column, _code(1, values.most(field))


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
    _used("reserved", "regional"),
    ("maneuver", "maneuver", _code(1, 2)),
    ("raim", "raimflag", q.flag),
    _number("radio", "communicationstate"),
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
    _used("dest_mmsi", "destinationid"),
    _used("dest_mmsi_1", "destinationid"),
    ("retransmit", "retransmitflag", q.flag),
    _number("dac", "countrycode"),
    _number("fid", "functionalid"),
    ("data", "data", _hex),
    *(_used(f"dest_mmsi_{n}", f"destinationid{n}") for n in (1, 2, 3, 4)),
    *((f"seqno_{n}", f"sequence{n}", _code(0, 3)) for n in (1, 2, 3, 4)),
    ("altitude", "altitude", _code(0, 4094)),
    ("altitude_barometric", "altitudesensor", q.flag),
    ("dte", "dataterminal", q.inverted_flag),
    ("assigned", "mode", q.flag),
    ("text", "safetytext", q.text),
    _used("type_1_1", "messageid11"),
    _number("offset_1_1", "offset11"),
    _used("type_1_2", "messageid12"),
    _number("offset_1_2", "offset12"),
    _used("type_2_1", "messageid21"),
    _number("offset_2_1", "offset21"),
    _used("dest_mmsi_1", "destinationida"),
    _number("offset_1", "offseta"),
    _number("increment_1", "incrementa"),
    _used("dest_mmsi_2", "destinationidb"),
    _number("offset_2", "offsetb"),
    _number("increment_2", "incrementb"),
    ("cs", "unitflag", q.flag),
    ("display", "display", q.flag),
    ("dsc", "dsc", q.flag),
    ("band", "band", q.flag),
    ("msg22", "msg22", q.flag),
    *(_number(f"offset_{n}", f"offset{n}") for n in (1, 2, 3, 4)),
    _number("number_1", "numslots1"),
    *(_number(f"number_{n}", f"numberslots{n}") for n in (2, 3, 4)),
    *(_number(f"timeout_{n}", f"timeout{n}") for n in (1, 2, 3, 4)),
    *(_number(f"increment_{n}", f"increment{n}") for n in (1, 2, 3, 4)),
    ("aton_type", "atontype", _code(1, 31)),
    ("off_position", "offposition", q.flag),
    _number("aton_status", "atonstatus"),
    ("virtual_aid", "virtualaton", q.flag),
    _number("channel_a", "channela"),
    _number("channel_b", "channelb"),
    _number("txrx", "txrxmode"),
    ("power_low", "power", q.flag),
    ("addressed", "messageindicator", q.flag),
    ("band_a", "channelabandwidth", q.flag),
    ("band_b", "channelbbandwidth", q.flag),
    _number("zone_size", "transzonesize"),
    ("ne_lon", "longitude1", q.lon),
    ("ne_lat", "latitude1", q.lat),
    ("sw_lon", "longitude2", q.lon),
    ("sw_lat", "latitude2", q.lat),
    _number("station_type", "stationtype"),
    _number("interval", "reportinterval"),
    _used("quiet", "quiettime"),
    ("part", "partnumber", _part),
    ("vendor_id", "vendorid", _vendor),
    _used("mothership_mmsi", "mothershipmmsi"),
    ("gnss", "gnssstatus", q.inverted_flag),
)
