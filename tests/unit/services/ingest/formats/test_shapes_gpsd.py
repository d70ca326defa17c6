"""Objects of gpsd, AIS-catcher and gpsdio to records."""

import pytest

from fairway.records import Aton, BaseStation, Binary, Decoded, Other, Position, Safety, SarAircraft, Static
from tests.unit.services.ingest.formats.shape_records import fields, one

GPSD = {
    """{"class":"AIS","type":1,"repeat":0,"mmsi":371798000,"scaled":false,"status":0,"turn":-127,"speed":123,
    "accuracy":true,
    "lon":-74037230,"lat":29028980,"course":2240,"heading":215,"second":33,"maneuver":0,"raim":false,
    "radio":68034}""": Position(
        source="", event_time="", received_at="", time_source="", mmsi=371798000, msg_type=1, repeat=0,
        lon=-123.395383, lat=48.381633, sog=12.3, cog=224.0, heading=215, turning="left", nav_status=0, accuracy=True,
        second=33, raim=False, radio=68034,
    ),
    """{"class":"AIS","device":"stdin","type":3,"repeat":0,"mmsi":265001000,"scaled":true,"status":0,"turn":3,
    "speed":13.9,
    "accuracy":true,"lon":10.679555,"lat":58.697028,"course":174.2,"heading":511,"second":60,"maneuver":1,
    "raim":false}""": Position(
        source="", event_time="", received_at="", time_source="", mmsi=265001000, msg_type=3, repeat=0,
        lon=10.679555, lat=58.697028, sog=13.9, cog=174.2, rot=3.0, nav_status=0, accuracy=True, maneuver=1, raim=False,
    ),
    """{"class":"AIS","type":4,"repeat":0,"mmsi":3669702,"scaled":false,"timestamp":"2007-05-14T19:57:39Z",
    "accuracy":true,
    "lon":-45811417,"lat":22130260,"epfd":7,"raim":false,"radio":67039}""": BaseStation(
        source="", event_time="", received_at="", time_source="", mmsi=3669702, msg_type=4, repeat=0,
        utc_time="2007-05-14T19:57:39.000Z", utc_year=2007, utc_month=5, utc_day=14, utc_hour=19, utc_minute=57,
        utc_second=39, accuracy=True, lon=-76.352362, lat=36.883767, fix_type=7, raim=False, radio=67039,
    ),
    """{"class":"AIS","type":5,"repeat":0,"mmsi":351759000,"scaled":false,"imo":9134270,"ais_version":0,
    "callsign":"3FOF8",
    "shipname":"EVER DIADEM","shiptype":70,"to_bow":225,"to_stern":70,"to_port":0,"to_starboard":0,"epfd":1,
    "eta":"05-15T14:00Z",
    "draught":122,"destination":"NEW YORK","dte":0}""": Static(
        source="", event_time="", received_at="", time_source="", mmsi=351759000, msg_type=5, repeat=0, ais_version=0,
        imo=9134270, callsign="3FOF8", name="EVER DIADEM", ship_type=70, to_bow=225, to_stern=70, fix_type=1,
        eta="2026-05-15T14:00:00.000Z", eta_month=5, eta_day=15, eta_hour=14, eta_minute=0, draught=12.2,
        destination="NEW YORK", dte=True,
    ),
    """{"class":"AIS","type":6,"repeat":1,"mmsi":150834090,"scaled":false,"seqno":3,"dest_mmsi":313240222,
    "retransmit":false,
    "dac":669,"fid":11,"data":"48:eb2f118f7ff1"}""": Binary(
        source="", event_time="", received_at="", time_source="", mmsi=150834090, msg_type=6, repeat=1, seqno=3,
        dest_mmsi=313240222, retransmit=False, dac=669, fid=11, data="eb2f118f7ff1", bits=48,
    ),
    """{"class":"AIS","type":7,"repeat":0,"mmsi":2655651,"scaled":false,"mmsi1":265538450,"mmsiseq1":2,
    "mmsi2":0,"mmsiseq2":0}""":
    Other(
        source="", event_time="", received_at="", time_source="", mmsi=2655651, msg_type=7, repeat=0,
        dest_mmsi_1=265538450, seqno_1=2,
    ),
    """{"class":"AIS","type":9,"repeat":0,"mmsi":111265591,"scaled":false,"alt":15,"speed":110,
    "accuracy":false,"lon":7128960,
    "lat":34667073,"course":0,"second":28,"regional":129,"dte":0,"raim":false,"radio":24597}""": SarAircraft(
        source="", event_time="", received_at="", time_source="", mmsi=111265591, msg_type=9, repeat=0, altitude=15,
        altitude_barometric=True, sog=110.0, accuracy=False, lon=11.8816, lat=57.778455, cog=0.0, second=28, reserved=1,
        dte=True, raim=False, radio=24597,
    ),
    """{"class":"AIS","type":14,"repeat":0,"mmsi":351809000,"scaled":false,"text":"RCVD @ YR TEST MSG@@ "}""": Safety(
        source="", event_time="", received_at="", time_source="", mmsi=351809000, msg_type=14, repeat=0,
        text="RCVD @ YR TEST MSG",
    ),
    """{"class":"AIS","type":15,"repeat":0,"mmsi":368578000,"scaled":false,"mmsi1":5158,"type1_1":5,
    "offset1_1":0,"type1_2":0,
    "offset1_2":0,"mmsi2":0,"type2_1":0,"offset2_1":0}""": Other(
        source="", event_time="", received_at="", time_source="", mmsi=368578000, msg_type=15, repeat=0,
        dest_mmsi_1=5158, type_1_1=5, offset_1_1=0,
    ),
    """{"class":"AIS","type":17,"repeat":0,"mmsi":2734450,"scaled":false,"lon":17478,"lat":35992,
    "data":"12:7c0556"}""": Binary(
        source="", event_time="", received_at="", time_source="", mmsi=2734450, msg_type=17, repeat=0, lon=29.13,
        lat=59.986667, data="7c05", bits=12,
    ),
    """{"class":"AIS","type":18,"repeat":0,"mmsi":338087471,"scaled":false,"reserved":1,"speed":1,"accuracy":false,
    "lon":-44443279,"lat":24410724,"course":796,"heading":511,"second":49,"regional":2,"cs":true,
    "display":false,"dsc":true,
    "band":true,"msg22":true,"raim":true,"radio":917510}""": Position(
        source="", event_time="", received_at="", time_source="", mmsi=338087471, msg_type=18, repeat=0, lon=-74.072132,
        lat=40.68454, sog=0.1, cog=79.6, accuracy=False, second=49, raim=True, radio=917510, cs=True, display=False,
        dsc=True, band=True, msg22=True, reserved=6,
    ),
    """{"class":"AIS","type":20,"repeat":3,"mmsi":3669705,"scaled":false,"offset1":2182,"number1":5,
    "timeout1":7,"increment1":225,
    "offset2":0,"number2":0,"timeout2":0,"increment2":0}""": Other(
        source="", event_time="", received_at="", time_source="", mmsi=3669705, msg_type=20, repeat=3, offset_1=2182,
        number_1=5, timeout_1=7, increment_1=225,
    ),
    """{"class":"AIS","type":21,"repeat":0,"mmsi":123456789,"scaled":false,"aid_type":20,
    "name":"CHINA ROSE MURPHY EXPRESS ALERT",
    "accuracy":false,"lon":-73619155,"lat":28752371,"to_bow":5,"to_stern":5,"to_port":5,"to_starboard":5,
    "epfd":1,"second":50,
    "regional":165,"off_position":false,"raim":false,"virtual_aid":false}""": Aton(
        source="", event_time="", received_at="", time_source="", mmsi=123456789, msg_type=21, repeat=0, aton_type=20,
        name="CHINA ROSE MURPHY EXPRESS ALERT", accuracy=False, lon=-122.698592, lat=47.920618, to_bow=5, to_stern=5,
        to_port=5, to_starboard=5, fix_type=1, second=50, aton_status=165, off_position=False, raim=False,
        virtual_aid=False,
    ),
    """{"class":"AIS","type":22,"repeat":0,"mmsi":3160048,"scaled":false,"channel_a":2087,"channel_b":2088,
    "txrx":0,"power":false,
    "ne_lon":-44100,"ne_lat":27330,"sw_lon":-48100,"sw_lat":25400,"addressed":false,"band_a":false,
    "band_b":false,"zonesize":4}""":
    Other(
        source="", event_time="", received_at="", time_source="", mmsi=3160048, msg_type=22, repeat=0, channel_a=2087,
        channel_b=2088, txrx=0, power_low=False, addressed=False, band_a=False, band_b=False, zone_size=4, ne_lon=-73.5,
        ne_lat=45.55, sw_lon=-80.166667, sw_lat=42.333333,
    ),
    """{"class":"AIS","type":24,"repeat":2,"mmsi":338085242,"scaled":false,"shipname":"CAPTAIN`S PARADISE",
    "shiptype":54,
    "vendorid":"ACR1234","callsign":"WDD7883","to_bow":8,"to_stern":3,"to_port":2,"to_starboard":1}""": Static(
        source="", event_time="", received_at="", time_source="", mmsi=338085242, msg_type=24, repeat=2,
        name="CAPTAIN`S PARADISE", ship_type=54, vendor_id="ACR", callsign="WDD7883", to_bow=8, to_stern=3, to_port=2,
        to_starboard=1,
    ),
    """{"class":"AIS","type":27,"mmsi":538006717,"scaled":true,"status":15,"accuracy":true,"lon":-66.9383,
    "lat":-51.3417,"speed":63,
    "course":511,"raim":false,"gnss":true}""": Position(
        source="", event_time="", received_at="", time_source="", mmsi=538006717, msg_type=27, accuracy=True,
        lon=-66.9383, lat=-51.3417, raim=False, low_resolution=True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", GPSD)
def test_gpsd(text: str) -> None:
    record, expected = one(text), GPSD[text]
    assert type(record) is type(expected)
    said, wanted = fields(record), fields(expected)
    said.pop("event_time")
    wanted.pop("event_time")
    assert said == wanted


def test_gpsds_words_for_turning_say_the_side() -> None:
    text = '{"class":"AIS","type":1,"mmsi":1,"scaled":true,"turn":"%s","lon":1,"lat":2}'
    found = [one(text % turn) for turn in ("nan", "fastright", "fastleft")]
    assert [(each.rot, each.turning) for each in found if isinstance(each, Position)] == [
        (None, None),
        (None, "right"),
        (None, "left"),
    ]


def test_ais_catchers_finer_rate_of_turn_counts() -> None:
    record = one(
        '{"class":"AIS","type":1,"mmsi":1,"scaled":true,"channel":"A","turn_unscaled":8,"turn":3,"lon":1,"lat":2}'
    )
    assert isinstance(record, Position)
    assert (record.rot, record.channel) == (2.86, "A")


@pytest.mark.parametrize(
    ("number", "part"), [('"partno":0', "A"), ('"partno":1', "B"), ('"part_num":1', "B"), ('"part":"AB"', None)]
)
def test_the_parts_of_a_type_24_are_told_apart(number: str, part: str | None) -> None:
    record = one(f'{{"class":"AIS","type":24,"mmsi":1,"scaled":true,{number},"shipname":"X"}}')
    assert isinstance(record, Static)
    assert record.part == part


def test_gpsdio_says_station_and_time_of_its_tag_block() -> None:
    text = """{"__invalid__":{"imo":"","turn":"nan"},"accuracy":true,"callsign":"","class":"AIS",
    "course":289.29998779296875,
    "heading":511,"lat":41.591148376464844,"lon":2.915285110473633,"mmsi":224108190,"scaled":true,"second":38,
    "speed":3.700000047683716,
    "status":"15","tagblock_station":"rORBCOMM000u","tagblock_timestamp":"2014-08-01T00:13:07.000000Z",
    "timestamp":"2014-08-01T00:13:07.000000Z","type":1}"""
    record = one(text)
    assert isinstance(record, Position)
    assert (record.station, record.event_time) == ("rORBCOMM000u", "2014-08-01T00:13:07.000Z")
    assert (record.lon, record.sog, record.cog, record.nav_status) == (2.915285, 3.7, 289.3, None)


def test_a_base_stations_clock_is_not_the_time_of_its_report() -> None:
    record = one(
        '{"class":"AIS","type":4,"mmsi":3669713,"scaled":true,"timestamp":"0000-00-00T24:60:60Z","lon":181.0,"lat":91.0}'
    )
    assert isinstance(record, BaseStation)
    assert (record.time_source, record.utc_time, record.lon, record.lat) == ("received", None, None, None)


def test_every_record_is_of_a_kind_that_travels() -> None:
    for text in GPSD:
        assert isinstance(one(text), Decoded)
