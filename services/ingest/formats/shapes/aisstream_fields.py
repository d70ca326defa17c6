"""The fields of aisstream's messages, by AIS message type; parts of messages that are objects of their own beside them.

Names are those of go-ais and of the published models; of two names for one field the later counts.
"""

from collections.abc import Mapping

from services.ingest.formats import values
from services.ingest.formats.shapes import conversions as c
from services.ingest.formats.shapes.conversions import Plan, measure, plan

_REPEAT = plan(repeat=("RepeatIndicator", c.REPEAT))
_RADIO = plan(radio=("CommunicationState", c.RADIO))
_PLACE = plan(lon=("Longitude", c.LON), lat=("Latitude", c.LAT))
_SEEN = plan(accuracy=("PositionAccuracy", c.flag), raim=("Raim", c.flag))
_MOTION = plan(
    sog=("Sog", c.SOG), cog=("Cog", c.COG), heading=("TrueHeading", c.HEADING), second=("Timestamp", c.SECOND)
)
_MOVING = (*_REPEAT, *_PLACE, *_MOTION, *_SEEN)
_ASSIGNED = plan(assigned=("AssignedMode", c.flag))
_DTE = plan(dte=("Dte", c.inverted_flag))
_FIX = plan(fix_type=("FixType", c.FIX_TYPE))
_NAMED = plan(name=("Name", c.text), ship_type=("Type", c.SHIP_TYPE))
DIMENSION = plan(
    to_bow=("A", c.TO_BOW), to_stern=("B", c.TO_STERN), to_port=("C", c.TO_PORT), to_starboard=("D", c.TO_STARBOARD)
)
ETA = plan(month=("Month", c.integer), day=("Day", c.integer), hour=("Hour", c.integer), minute=("Minute", c.integer))
APPLICATION = plan(dac=("DesignatedAreaCode", c.code(0, 1023)), fid=("FunctionIdentifier", c.code(0, 63)))
_NUMBER = c.code(0, (1 << 12) - 1)
_USED = c.code(1, (1 << 12) - 1)
_SEQUENCE = plan(seqno=("SequenceNumber", c.code(0, 3))) + plan(seqno=("Sequenceinteger", c.code(0, 3)))
_ADDRESS = (
    *_REPEAT,
    *_SEQUENCE,
    *plan(dest_mmsi=("DestinationID", c.STATION), retransmit=("Retransmission", c.flag)),
)
DESTINATION = (*plan(dest_mmsi=("DestinationID", c.STATION)), *_SEQUENCE)
COMMAND = plan(dest_mmsi=("DestinationID", c.STATION), offset=("Offset", _NUMBER), increment=("Increment", _NUMBER))
RESERVATION = (
    *plan(offset=("Offset", _USED), number=("NumberOfSlots", _USED), timeout=("TimeOut", _USED)),
    *plan(number=("integerOfSlots", _USED), increment=("Increment", _NUMBER)),
)
QUESTION = plan(type=("MessageID", c.code(1, 63)), offset=("SlotOffset", _NUMBER))
ADDRESSED = plan(dest_mmsi_1=("AddressStation1", c.STATION), dest_mmsi_2=("AddressStation2", c.STATION))
CORNERS = plan(
    ne_lon=("Longitude1", c.LON), ne_lat=("Latitude1", c.LAT), sw_lon=("Longitude2", c.LON), sw_lat=("Latitude2", c.LAT)
)
PART_A = plan(name=("Name", c.text))
PART_B = plan(
    ship_type=("ShipType", c.SHIP_TYPE),
    vendor_id=("VendorIDName", c.text),
    vendor_model=("VenderIDModel", c.code(0, 15)),
    vendor_serial=("VenderIDSerial", c.code(0, (1 << 20) - 1)),
    callsign=("CallSign", c.text),
    fix_type=("FixType", c.FIX_TYPE),
)
_CLOCK_PLAN = plan(
    utc_year=("UtcYear", c.code(1, 9999)),
    utc_month=("UtcMonth", c.code(1, 12)),
    utc_day=("UtcDay", c.code(1, 31)),
    utc_hour=("UtcHour", c.code(0, 23)),
    utc_minute=("UtcMinute", c.code(0, 59)),
    utc_second=("UtcSecond", c.code(0, 59)),
)

_CLASS_A = (
    *_MOVING,
    *plan(
        nav_status=("NavigationalStatus", c.NAV_STATUS),
        rot=("RateOfTurn", c.raw_rot),
        turning=("RateOfTurn", c.raw_turning),
        maneuver=("SpecialManoeuvreIndicator", c.MANEUVER),
    ),
    *_RADIO,
)
_BASE_STATION = (
    *_REPEAT,
    *_CLOCK_PLAN,
    *_PLACE,
    *_SEEN,
    *_FIX,
    *plan(long_range_control=("LongRangeEnable", c.flag)),
    *_RADIO,
)
_STATIC = (
    *_REPEAT,
    *_NAMED,
    *plan(
        ais_version=("AisVersion", c.code(0, 3)),
        imo=("ImoNumber", c.imo),
        callsign=("CallSign", c.text),
        draught=("MaximumStaticDraught", c.DRAUGHT),
        destination=("Destination", c.text),
    ),
    *_FIX,
    *_DTE,
)
_AIRCRAFT = (
    *_REPEAT,
    *_PLACE,
    *_SEEN,
    *plan(
        sog=("Sog", measure(c.aircraft_knots)),
        cog=("Cog", c.COG),
        altitude=("Altitude", c.code(0, 4094)),
        altitude_barometric=("AltFromBaro", c.flag),
        second=("Timestamp", c.SECOND),
        reserved=("Spare1", c.code(1, 127)),
    ),
    *_DTE,
    *_ASSIGNED,
    *_RADIO,
)
_ATON = (
    *_REPEAT,
    *_PLACE,
    *_SEEN,
    *plan(
        name=("Name", c.text),
        aton_type=("Type", c.ATON_TYPE),
        second=("Timestamp", c.SECOND),
        off_position=("OffPosition", c.flag),
        aton_status=("AtoN", c.code(0, 255)),
        virtual_aid=("VirtualAtoN", c.flag),
    ),
    *plan(fix_type=("Fixtype", c.FIX_TYPE)),
    *_FIX,
    *_ASSIGNED,
)
_CLASS_B = (
    *_MOVING,
    *plan(
        cs=("ClassBUnit", c.flag),
        display=("ClassBDisplay", c.flag),
        dsc=("ClassBDsc", c.flag),
        band=("ClassBBand", c.flag),
        msg22=("ClassBMsg22", c.flag),
    ),
    *_ASSIGNED,
    *_RADIO,
)
_CHANNELS = (
    *_REPEAT,
    *plan(
        channel_a=("ChannelA", _USED),
        channel_b=("ChannelB", _USED),
        txrx=("TxRxMode", _NUMBER),
        power_low=("LowPower", c.flag),
        addressed=("IsAddressed", c.flag),
        band_a=("BwA", c.flag),
        band_b=("BwB", c.flag),
        zone_size=("TransitionalZoneSize", c.code(0, 7)),
    ),
)
_GROUP = (
    *_REPEAT,
    *CORNERS,
    *plan(
        station_type=("StationType", c.code(0, 15)),
        ship_type=("ShipType", c.SHIP_TYPE),
        txrx=("TxRxMode", c.code(0, 3)),
        interval=("ReportingInterval", c.code(0, 15)),
        quiet=("QuietTime", c.code(1, 15)),
    ),
)
_LONG_RANGE = (
    *_REPEAT,
    *_PLACE,
    *_SEEN,
    *plan(
        nav_status=("NavigationalStatus", c.NAV_STATUS),
        sog=("Sog", measure(c.coarse_knots)),
        gnss=("PositionLatency", c.inverted_flag),
        low_resolution=("UserID", lambda _: True),
    ),
    *plan(cog=("Cos", measure(values.course))),
    *plan(cog=("Cog", measure(values.course))),
)
_TEXT = plan(text=("Text", c.free_text))

BY_TYPE: Mapping[int, Plan] = {
    **dict.fromkeys((1, 2, 3), _CLASS_A),
    **dict.fromkeys((4, 11), _BASE_STATION),
    5: _STATIC,
    6: _ADDRESS,
    **dict.fromkeys((7, 8, 13, 15, 16, 20, 24), _REPEAT),
    9: _AIRCRAFT,
    10: (*_REPEAT, *plan(dest_mmsi_1=("DestinationID", c.STATION))),
    12: (*_ADDRESS, *_TEXT),
    14: (*_REPEAT, *_TEXT),
    17: (*_REPEAT, *_PLACE),
    18: _CLASS_B,
    19: (*_MOVING, *_NAMED, *_FIX, *_DTE, *_ASSIGNED),
    21: _ATON,
    22: _CHANNELS,
    23: _GROUP,
    25: (*_REPEAT, *plan(dest_mmsi=("DestinationID", c.STATION))),
    26: (*_REPEAT, *plan(dest_mmsi=("DestinationID", c.STATION)), *_RADIO),
    27: _LONG_RANGE,
}
