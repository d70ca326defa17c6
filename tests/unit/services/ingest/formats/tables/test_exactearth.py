from fairway.records import Aton, BaseStation, Binary, Other, Position, SarAircraft, Static
from tests.unit.services.ingest.formats.tables.table_reading import read, rejected

HEADER = (
    "MMSI,Message_ID,Repeat_indicator,Time,Millisecond,Base_station,Vessel_Name,Call_sign,IMO,Ship_Type,Dimension_to_Bow,"
    "Dimension_to_stern,Dimension_to_port,Dimension_to_starboard,Draught,Destination,Navigational_status,ROT,SOG,Accuracy,"
    "Longitude,Latitude,COG,Heading,Communication_state,UTC_year,UTC_month,UTC_day,UTC_hour,UTC_minute,UTC_second,Fixing_device,"
    "ETA_month,ETA_day,ETA_hour,ETA_minute,Data,Country_code,Functional_ID,Altitude,Data_terminal,unit_flag,offset1,num_slots1,"
    "Increment_1,ATON_type,ATON_name,Name_extension,Part_Number,Vendor_ID,GNSS_status,Destination_ID_1,Sequence_1,Destination_ID_A,"
    "Offset_A"
)
NAMES = HEADER.split(",")


def _row(**cells: str) -> str:
    given = {"MMSI": "432905000", "Repeat_indicator": "0", "Time": "20210701_185151", "Millisecond": "680"} | cells
    return ",".join(given.get(name, "") for name in NAMES)


def test_a_position_has_its_type_and_a_time_of_two_columns() -> None:
    (found,) = read(
        HEADER,
        _row(
            Message_ID="1",
            Navigational_status="0",
            ROT="-14.46345342",
            SOG="13.6",
            Accuracy="1",
            Longitude="-103.63687",
            Latitude="8.87747666667",
            COG="314.8",
            Heading="315.0",
            Communication_state="2249",
            UTC_second="48",
        ),
    )
    assert isinstance(found, Position)
    assert (found.msg_type, found.event_time, found.repeat) == (1, "2021-07-01T18:51:51.680Z", 0)
    assert (found.lat, found.rot, found.heading, found.second, found.radio, found.accuracy) == (
        8.877477,
        -14.46,
        315,
        48,
        2249,
        True,
    )


def test_ten_degrees_a_minute_stand_for_a_side_without_a_rate() -> None:
    (found,) = read(HEADER, _row(Message_ID="3", ROT="-10.0", Longitude="1", Latitude="2", COG="None", Heading="None"))
    assert isinstance(found, Position)
    assert (found.rot, found.turning, found.cog) == (None, "left", None)


def test_each_type_has_its_record() -> None:
    found = read(
        HEADER,
        _row(Message_ID="27", Longitude="1.5", Latitude="2.5", SOG="12.0", GNSS_status="0"),
        _row(
            Message_ID="5",
            Vessel_Name="GH ZONDA            ",
            IMO="9436472",
            Ship_Type="71",
            Draught="87",
            ETA_month="6",
            ETA_day="30",
            ETA_hour="19",
            ETA_minute="0",
            Data_terminal="0",
        ),
        _row(Message_ID="24", Part_Number="1", Call_sign="BZVA6", Vendor_ID="SHANWEI"),
        _row(
            Message_ID="4",
            UTC_year="2021",
            UTC_month="7",
            UTC_day="1",
            UTC_hour="14",
            UTC_minute="22",
            UTC_second="40",
            Longitude="153.5",
            Latitude="-27.4",
        ),
        _row(Message_ID="9", SOG="612.0", Altitude="462"),
        _row(Message_ID="21", ATON_type="25", ATON_name="A NAME OF TWENTY LET", Name_extension="TERS"),
        _row(Message_ID="8", Country_code="367", Functional_ID="33", Data="20d1dce184349a87"),
        _row(Message_ID="20", offset1="1440", num_slots1="1", Increment_1="750"),
        _row(Message_ID="7", Destination_ID_1="701126000", Sequence_1="2"),
        _row(Message_ID="16", Destination_ID_A="701126000", Offset_A="12"),
        _row(
            Message_ID="19",
            Vessel_Name="SHIN SHING",
            Longitude="1.5",
            Latitude="2.5",
            UTC_second="60",
            Fixing_device="0",
        ),
    )
    far, voyage, part, station, aircraft, aid, binary, slots, answer, order, extended = found
    assert isinstance(far, Position)
    assert (far.low_resolution, far.gnss) == (True, True)
    assert isinstance(voyage, Static)
    assert (voyage.name, voyage.draught, voyage.eta, voyage.dte) == ("GH ZONDA", 8.7, "2021-06-30T19:00:00.000Z", True)
    assert isinstance(part, Static)
    assert (part.part, part.vendor_id, part.callsign) == ("B", "SHA", "BZVA6")
    assert isinstance(station, BaseStation)
    assert station.utc_time == "2021-07-01T14:22:40.000Z"
    assert isinstance(aircraft, SarAircraft)
    assert (aircraft.sog, aircraft.altitude) == (612.0, 462)
    assert isinstance(aid, Aton)
    assert aid.name == "A NAME OF TWENTY LETTERS"
    assert isinstance(binary, Binary)
    assert (binary.dac, binary.fid, binary.data) == (367, 33, "20d1dce184349a87")
    assert isinstance(slots, Other)
    assert (slots.offset_1, slots.number_1, slots.increment_1) == (1440, 1, 750)
    assert isinstance(answer, Other)
    assert (answer.dest_mmsi_1, answer.seqno_1) == (701126000, 2)
    assert isinstance(order, Other)
    assert (order.dest_mmsi_1, order.offset_1) == (701126000, 12)
    assert isinstance(extended, Position)
    assert (extended.name, extended.second, extended.fix_type) == (
        "SHIN SHING",
        None,
        None,
    )


def test_a_type_that_does_not_exist_is_rejected() -> None:
    assert rejected(read(HEADER, _row(Message_ID="28"))).reason == "unknown_type"


def test_the_communication_state_has_its_selector_flag_where_one_is_sent() -> None:
    header = (
        "MMSI,Message_ID,Repeat_indicator,Time,Millisecond,Longitude,Latitude,Communication_flag,Communication_state"
    )
    rows = [
        f"211000000,{each},0,20210701_185151,680,1,2,{flag},393222"
        for each, flag in (("18", "1"), ("9", "0"), ("1", ""))
    ]
    assert [getattr(each, "radio", None) for each in read(header, *rows)] == [917510, 393222, 393222]
