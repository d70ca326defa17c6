"""Frames of aisstream.io, as its documentation and recordings have them."""

import msgspec
import pytest

from fairway import clock
from fairway.records import Aton, BaseStation, Binary, Other, Position, Rejected, Safety, SarAircraft, Static
from services.ingest.event_time import EventTimes
from services.ingest.formats.aisstream import records_of
from services.ingest.formats.shapes.aisstream import TYPES_OF
from services.ingest.line_format import Moment, Taken

NOW = clock.to_ms("2026-01-02T03:04:05.678Z")
TIME = "2023-05-10 11:46:52.509865357 +0000 UTC"


def records(frame: object) -> list[Taken]:
    return records_of(frame, "sat.test", EventTimes(60_000), Moment(NOW, 0))


def frame(name: str, **message: object) -> dict[str, object]:
    return {
        "MessageType": name,
        "MetaData": {"MMSI": 1, "time_utc": TIME},
        "Message": {name: {"UserID": 2, "Valid": True, **message}},
    }


def said(name: str, **message: object) -> tuple[type, dict[str, object]]:
    """The kind of a frame's record, and what it says besides where and when."""
    [record] = records(frame(name, **message))
    fields = msgspec.json.decode(msgspec.json.encode(record))
    head = ("kind", "source", "event_time", "received_at", "time_source", "mmsi")
    return type(record), {name: value for name, value in fields.items() if name not in head}


def test_a_position_report_has_all_fields() -> None:
    text = """{"Message":{"PositionReport":{"Cog":333.7,"CommunicationState":86138,
    "Latitude":33.731168333333336,"Longitude":-118.261105,
    "MessageID":3,"NavigationalStatus":5,"PositionAccuracy":true,"Raim":false,"RateOfTurn":-8,
    "RepeatIndicator":0,"Sog":0,"Spare":0,
    "SpecialManoeuvreIndicator":0,"Timestamp":37,"TrueHeading":338,"UserID":368171260,"Valid":true}},
    "MessageType":"PositionReport",
    "MetaData":{"MMSI":368171260,"ShipName":"MADELINE B HAMILTON ",
    "time_utc":"2025-05-15 09:27:38.342017448 +0000 UTC"}}"""
    assert records(msgspec.json.decode(text)) == [
        Position(
            source="sat.test",
            event_time="2025-05-15T09:27:38.342Z",
            received_at="2026-01-02T03:04:05.678Z",
            time_source="provider",
            mmsi=368171260,
            msg_type=3,
            repeat=0,
            lon=-118.261105,
            lat=33.731168,
            sog=0.0,
            cog=333.7,
            heading=338,
            rot=-2.86,
            nav_status=5,
            accuracy=True,
            second=37,
            raim=False,
            radio=86138,
        )
    ]


def test_sentinels_are_null() -> None:
    kind, fields = said(
        "PositionReport", MessageID=1, Longitude=181, Latitude=91, Sog=102.3, Cog=360, TrueHeading=511, RateOfTurn=-128,
        Timestamp=60, NavigationalStatus=15,
    )  # fmt: skip
    assert (kind, fields) == (Position, {"msg_type": 1})
    assert said("PositionReport", MessageID=1, RateOfTurn=127)[1] == {"msg_type": 1, "turning": "right"}


@pytest.mark.parametrize(
    ("time", "event_time"),
    [
        ("2022-12-29 18:22:32.318353 +0000 UTC", "2022-12-29T18:22:32.318Z"),
        ("2023-10-22 14:58:59.43190337 +0000 UTC", "2023-10-22T14:58:59.431Z"),
        ("2023-10-22 14:58:59 +0000 UTC", "2023-10-22T14:58:59.000Z"),
        ("2023-10-22T14:58:59.5Z", "2023-10-22T14:58:59.500Z"),
    ],
)
def test_times_have_any_number_of_digits(time: str, event_time: str) -> None:
    [record] = records({**frame("PositionReport"), "MetaData": {"time_utc": time}})
    assert (record.event_time, record.time_source) == (event_time, "provider")


def test_a_frame_without_metadata_has_the_time_of_receipt() -> None:
    [record] = records({**frame("PositionReport"), "MetaData": None})
    assert (record.event_time, record.time_source) == ("2026-01-02T03:04:05.678Z", "received")


def test_static_data() -> None:
    kind, fields = said(
        "ShipStaticData", MessageID=5, AisVersion=2, CallSign="LBHF", Destination="COASTGUARD@@@@@@@@H", Dte=False, FixType=1,
        Dimension={"A": 20, "B": 27, "C": 0, "D": 0}, Eta={"Day": 1, "Hour": 24, "Minute": 5, "Month": 6}, ImoNumber=9353333,
        MaximumStaticDraught=4.5, Name="KV FARM             ", Type=55,
    )  # fmt: skip
    assert kind is Static
    assert fields == {
        "msg_type": 5, "ais_version": 2, "imo": 9353333, "callsign": "LBHF", "name": "KV FARM", "ship_type": 55, "to_bow": 20,
        "to_stern": 27, "fix_type": 1, "eta_month": 6, "eta_day": 1, "eta_minute": 5, "draught": 4.5,
        "destination": "COASTGUARD", "dte": True,
    }  # fmt: skip


def test_the_parts_of_static_data_of_class_b() -> None:
    report_a = {"Name": "ALBA PLENA          ", "Valid": True}
    report_b = {
        "CallSign": "LESW", "Dimension": {"A": 12, "B": 3, "C": 3, "D": 2}, "FixType": 0, "ShipType": 37, "Valid": True,
        "VenderIDModel": 1, "VenderIDSerial": 292978, "VendorIDName": "SRT",
    }  # fmt: skip
    both = {"MessageID": 24, "ReportA": report_a, "ReportB": report_b}
    assert said("StaticDataReport", PartNumber=False, **both)[1] == {"msg_type": 24, "part": "A", "name": "ALBA PLENA"}
    assert said("StaticDataReport", PartNumber=True, **both)[1] == {
        "msg_type": 24, "part": "B", "callsign": "LESW", "ship_type": 37, "to_bow": 12, "to_stern": 3, "to_port": 3,
        "to_starboard": 2, "vendor_id": "SRT", "vendor_model": 1, "vendor_serial": 292978,
    }  # fmt: skip
    craft = said(
        "StaticDataReport",
        PartNumber=True,
        UserID=982350000,
        ReportB={"Dimension": {"A": 112, "B": 86, "C": 36, "D": 32}},
    )
    assert craft[1]["mothership_mmsi"] == 112 << 21 | 86 << 12 | 36 << 6 | 32


def test_class_b_has_its_selector_and_reserved_bits() -> None:
    _, fields = said(
        "StandardClassBPositionReport", MessageID=18, AssignedMode=False, ClassBBand=True, ClassBDisplay=False, ClassBDsc=True,
        ClassBMsg22=True, ClassBUnit=True, CommunicationState=393222, CommunicationStateIsItdma=True, Spare1=1, Spare2=2,
    )  # fmt: skip
    assert fields == {
        "msg_type": 18, "radio": 917510, "cs": True, "display": False, "dsc": True, "band": True, "msg22": True,
        "assigned": False, "reserved": 6,
    }  # fmt: skip
    kind, fields = said(
        "ExtendedClassBPositionReport", MessageID=19, Name="51118-02-75%", Spare1=226, Dimension={"A": 5, "B": 0}
    )
    assert (kind, fields) == (
        Position,
        {"msg_type": 19, "name": "51118-02-75%", "reserved": 226 << 4, "to_bow": 5, "to_stern": 0},
    )


def test_long_range_is_coarse() -> None:
    message = {"MessageID": 27, "Longitude": 1.5, "Latitude": 2.5, "Sog": 9, "PositionLatency": False}
    for course in ("Cog", "Cos"):
        assert said("LongRangeAisBroadcastMessage", **message, **{course: 36})[1] == {
            "msg_type": 27, "lon": 1.5, "lat": 2.5, "low_resolution": True, "sog": 9.0, "cog": 36.0, "gnss": True,
        }  # fmt: skip


def test_stations_aids_and_aircraft() -> None:
    kind, fields = said(
        "BaseStationReport", MessageID=4, FixType=15, Latitude=43.4, Longitude=-5.9, LongRangeEnable=False, UtcDay=9, UtcHour=7,
        UtcMinute=53, UtcMonth=9, UtcSecond=30, UtcYear=2022, CommunicationState=20180,
    )  # fmt: skip
    assert (kind, fields["utc_time"]) == (BaseStation, "2022-09-09T07:53:30.000Z")
    kind, fields = said(
        "AidsToNavigationReport", MessageID=21, AtoN=0, Fixtype=7, Name="CHINA ROSE MURPHY EX", NameExtension="PRESS ALERT",
        OffPosition=False, Timestamp=61, Type=26, VirtualAtoN=True,
    )  # fmt: skip
    assert kind is Aton
    assert fields == {
        "msg_type": 21, "aton_type": 26, "name": "CHINA ROSE MURPHY EXPRESS ALERT", "fix_type": 7, "second": 61,
        "off_position": False, "aton_status": 0, "virtual_aid": True,
    }  # fmt: skip
    kind, fields = said(
        "StandardSearchAndRescueAircraftReport", MessageID=9, AltFromBaro=False, Altitude=19, Sog=120, Cog=311.5, Dte=True,
        CommunicationState=49152, CommunicationStateIsItdma=False,
    )  # fmt: skip
    assert (kind, fields) == (
        SarAircraft,
        {
            "msg_type": 9,
            "altitude": 19,
            "altitude_barometric": False,
            "sog": 120.0,
            "cog": 311.5,
            "dte": False,
            "radio": 49152,
        },
    )


def test_safety_texts() -> None:
    assert said("SafetyBroadcastMessage", MessageID=14, Text="CRASH:413900364") == (
        Safety,
        {"msg_type": 14, "text": "CRASH:413900364"},
    )
    addressed = {"MessageID": 12, "Sequenceinteger": 1, "DestinationID": 5, "Retransmission": False, "Text": "HI"}
    assert said("AddressedSafetyMessage", **addressed)[1] == {
        "msg_type": 12, "seqno": 1, "dest_mmsi": 5, "retransmit": False, "text": "HI",
    }  # fmt: skip


@pytest.mark.parametrize("data", ["\x00\x01\x01\x00\x01\x00\x00\x01\x01", "AAEBAAEAAAEB"])
def test_binary_data_has_a_byte_for_each_bit(data: str) -> None:
    application = {"DesignatedAreaCode": 1, "FunctionIdentifier": 40, "Valid": True}
    kind, fields = said("BinaryBroadcastMessage", MessageID=8, ApplicationID=application, BinaryData=data)
    assert (kind, fields) == (Binary, {"msg_type": 8, "dac": 1, "fid": 40, "data": "6980", "bits": 9})
    _, fields = said(
        "MultiSlotBinaryMessage", MessageID=26, ApplicationID=application, ApplicationIDValid=False, Payload=data
    )
    assert fields == {"msg_type": 26, "data": "6980", "bits": 9}


@pytest.mark.parametrize("data", ["", "no bits", "AAEC", "\x00\x02", 5])
def test_what_is_no_bits_is_left_out(data: object) -> None:
    assert said("GnssBroadcastBinaryMessage", MessageID=17, Data=data)[1] == {"msg_type": 17}


def test_the_networks_own_talk() -> None:
    none = {"DestinationID": 0, "Sequenceinteger": 0, "Valid": False}
    assert said(
        "BinaryAcknowledge",
        MessageID=7,
        Destinations={"0": {"DestinationID": 992351360, "Sequenceinteger": 0}, "1": none},
    ) == (
        Other,
        {"msg_type": 7, "dest_mmsi_1": 992351360, "seqno_1": 0},
    )
    assert said("CoordinatedUTCInquiry", MessageID=10, DestinationID=9)[1] == {"msg_type": 10, "dest_mmsi_1": 9}
    slots = {"Increment": 750, "Offset": 623, "TimeOut": 7, "Valid": False, "integerOfSlots": 1}
    no_slots = {"Increment": 0, "Offset": 0, "TimeOut": 0, "Valid": False, "integerOfSlots": 0}
    assert said("DataLinkManagementMessage", MessageID=20, Data={"0": slots, "1": no_slots})[1] == {
        "msg_type": 20, "offset_1": 623, "number_1": 1, "timeout_1": 7, "increment_1": 750,
    }  # fmt: skip
    command = {"DestinationID": 249362000, "Increment": 0, "Offset": 20}
    assert said("AssignedModeCommand", MessageID=16, Commands=[command, {}])[1] == {
        "msg_type": 16, "dest_mmsi_1": 249362000, "offset_1": 20, "increment_1": 0,
    }  # fmt: skip


def test_an_interrogation_whose_type_is_an_mmsi_says_no_type() -> None:
    first = {"MessageID": 431006614, "SlotOffset": 0, "StationID": 431006614, "Valid": True}
    second = {"MessageID": 3, "SlotOffset": 4, "Valid": False}
    third = {"MessageID": 0, "SlotOffset": 0, "StationID": 0, "Valid": False}
    assert said("Interrogation", MessageID=15, Station1Msg1=first, Station1Msg2=second, Station2=third)[1] == {
        "msg_type": 15, "dest_mmsi_1": 431006614, "offset_1_1": 0, "type_1_2": 3, "offset_1_2": 4,
    }  # fmt: skip


def test_channel_management_is_for_an_area_or_for_stations() -> None:
    area = {"Latitude1": 23.31, "Latitude2": 21.93, "Longitude1": 120.88, "Longitude2": 119.42}
    message = {
        "MessageID": 22,
        "ChannelA": 2087,
        "ChannelB": 2088,
        "TxRxMode": 0,
        "Area": area,
        "Unicast": {"AddressStation1": 5},
    }
    assert said("ChannelManagement", IsAddressed=False, **message)[1] == {
        "msg_type": 22, "channel_a": 2087, "channel_b": 2088, "txrx": 0, "addressed": False, "ne_lon": 120.88, "ne_lat": 23.31,
        "sw_lon": 119.42, "sw_lat": 21.93,
    }  # fmt: skip
    assert said("ChannelManagement", IsAddressed=True, **message)[1]["dest_mmsi_1"] == 5
    group = {"MessageID": 23, "ShipType": 0, "StationType": 10, "QuietTime": 0, "ReportingInterval": 11}
    assert said("GroupAssignmentCommand", **area, **group)[1] == {
        "msg_type": 23, "ne_lon": 120.88, "ne_lat": 23.31, "sw_lon": 119.42, "sw_lat": 21.93, "station_type": 10, "interval": 11,
    }  # fmt: skip


@pytest.mark.parametrize("name", TYPES_OF)
def test_every_message_type_is_read_also_when_it_says_next_to_nothing(name: str) -> None:
    [record] = records(frame(name))
    assert not isinstance(record, Rejected)


def test_what_is_no_report_gives_nothing() -> None:
    for other in (
        {"error": "Api Key Is Not Valid"},
        [],
        "x",
        None,
        frame("UnknownMessage", Error="x"),
        {"MessageType": 1, "Message": 2},
    ):
        assert records(other) == []


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (frame("PositionReport", Valid=False), "bad_value"),
        (frame("PositionReport", MessageID=5), "bad_value"),
        (frame("PositionReport", UserID="x"), "bad_mmsi"),
        (frame("PositionReport", Sog="fast"), "bad_value"),
        ({"MessageType": "PositionReport", "Message": {}}, "bad_value"),
        ({**frame("PositionReport"), "MetaData": {"time_utc": "now"}}, "bad_time"),
    ],
)
def test_what_cannot_be_used_is_rejected(broken: dict[str, object], reason: str) -> None:
    [record] = records(broken)
    assert isinstance(record, Rejected)
    assert record.reason == reason
