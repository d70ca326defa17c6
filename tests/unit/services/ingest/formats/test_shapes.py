"""Objects of providers, as they write them, to records."""

import msgspec
import pytest

from fairway.records import Other, Position, Rejected, Static
from services.ingest.formats.shapes.listing import SHAPES, shape_of
from services.ingest.formats.shapes.opening import objects
from tests.unit.services.ingest.formats.shape_records import fields, one, records

AISHUB_SCALED = """[{"ERROR":"false"},[{"A":242,"C":12,"B":92,"NAME":"COSCO VIETNAM","SOG":1,"DRAUGHT":120,
"MMSI":477266900,
"LONGITUDE":2419589,"DEST":"NL RTM","ETA":99181,"CALLSIGN":"VRID5","IMO":9448815,"COG":1040,
"TIME":"1516320059","LATITUDE":31185128,
"NAVSTAT":5,"TYPE":71,"HEADING":290,"D":31,"ROT":0,"PAC":1}]]"""
AISHUB_HUMAN = """[{"ERROR":false,"FORMAT":"HUMAN","RECORDS":1},[{"MMSI":244750034,
"TIME":"2025-03-28 16:50:52 GMT","LONGITUDE":5.03807,
"LATITUDE":52.46028,"COG":360,"SOG":0,"HEADING":511,"ROT":128,"PAC":0,"NAVSTAT":8,"IMO":0,"NAME":"CHATEAUROUX",
"CALLSIGN":"PH7002",
"TYPE":69,"A":24,"B":6,"C":1,"D":5,"DRAUGHT":1.2,"DEST":"ENKHUIZEN","ETA":"01-01 00:00"}]]"""
FEATURE = """{"type":"FeatureCollection","features":[{"mmsi":230112970,"type":"Feature",
"geometry":{"type":"Point","coordinates":
[21.034038333333335,60.30402333333333]},"properties":{"mmsi":230112970,"sog":0.0,"cog":360.0,"navStat":0,
"rot":-12,"posAcc":false,
"raim":false,"heading":511,"timestamp":51,"timestampExternal":1487619357793}}]}"""
METADATA = """{"mmsi":538000001,"name":"ARUNA CIHAN","timestamp":1668076026035,"destination":"UST LUGA",
"draught":68,"eta":733376,
"posType":15,"referencePointA":160,"referencePointB":33,"referencePointC":20,"referencePointD":12,
"callSign":"V7WW7","imo":9543756,
"shipType":70}"""
BARENTSWATCH = """{"courseOverGround":268,"latitude":66.004573,"longitude":8.029767,
"name":"TRANSOCEAN ENCOURAGE","rateOfTurn":-3,"shipType":90,
"speedOverGround":0,"trueHeading":225,"navigationalStatus":3,"mmsi":258627000,
"msgtime":"2025-07-24T10:14:50+00:00"}"""
FISHING = """{"type":"1","ssvid":"477301500","imo":null,"timestamp":"1505969059.0","lon":"60.718132019",
"lat":"24.8176822662",
"speed":"13.3999996185","course":"276.700012207","heading":"273","tagblock_station":"rORBCOMM999"}"""


def test_aishub_has_the_numbers_of_the_message_in_format_0() -> None:
    position, static = records(AISHUB_SCALED)
    assert fields(position) == {
        "event_time": "2018-01-19T00:00:59.000Z",
        "mmsi": 477266900,
        "lon": 4.032648,
        "lat": 51.975213,
        "sog": 0.1,
        "cog": 104.0,
        "heading": 290,
        "rot": 0.0,
        "nav_status": 5,
        "accuracy": True,
    }
    assert fields(static) == {
        "event_time": "2018-01-19T00:00:59.000Z",
        "mmsi": 477266900,
        "imo": 9448815,
        "callsign": "VRID5",
        "name": "COSCO VIETNAM",
        "ship_type": 71,
        "to_bow": 242,
        "to_stern": 92,
        "to_port": 12,
        "to_starboard": 31,
        "eta": "2018-01-16T13:45:00.000Z",
        "eta_month": 1,
        "eta_day": 16,
        "eta_hour": 13,
        "eta_minute": 45,
        "draught": 12.0,
        "destination": "NL RTM",
    }


def test_aishub_has_units_in_format_1() -> None:
    position, static = records(AISHUB_HUMAN)
    assert fields(position) == {
        "event_time": "2025-03-28T16:50:52.000Z",
        "mmsi": 244750034,
        "lon": 5.03807,
        "lat": 52.46028,
        "sog": 0.0,
        "nav_status": 8,
        "accuracy": False,
    }
    assert isinstance(static, Static)
    assert (static.imo, static.draught, static.eta) == (None, 1.2, "2025-01-01T00:00:00.000Z")


def test_digitraffic_locations_are_features() -> None:
    assert fields(one(FEATURE)) == {
        "event_time": "2017-02-20T19:35:57.793Z",
        "mmsi": 230112970,
        "lon": 21.034038,
        "lat": 60.304023,
        "sog": 0.0,
        "rot": -6.43,
        "nav_status": 0,
        "accuracy": False,
        "second": 51,
        "raim": False,
    }


@pytest.mark.parametrize(
    ("rot", "expected"),
    [("-128", (None, None)), ("128", (None, None)), ("127", (None, "right")), ("-127", (None, "left"))],
)
def test_digitraffics_rate_of_turn_has_the_messages_sentinels(rot: str, expected: tuple[object, object]) -> None:
    record = one(f'{{"mmsi":230112970,"time":1668075025,"navStat":0,"rot":{rot},"lon":20.3,"lat":60.0}}')
    assert isinstance(record, Position)
    assert (record.rot, record.turning) == expected
    assert record.event_time == "2022-11-10T10:10:25.000Z"


def test_digitraffics_metadata_is_static() -> None:
    assert fields(one(METADATA)) == {
        "event_time": "2022-11-10T10:27:06.035Z",
        "mmsi": 538000001,
        "imo": 9543756,
        "callsign": "V7WW7",
        "name": "ARUNA CIHAN",
        "ship_type": 70,
        "to_bow": 160,
        "to_stern": 33,
        "to_port": 20,
        "to_starboard": 12,
        "fix_type": 15,
        "eta": "2022-11-06T03:00:00.000Z",
        "eta_month": 11,
        "eta_day": 6,
        "eta_hour": 3,
        "eta_minute": 0,
        "draught": 6.8,
        "destination": "UST LUGA",
    }


def test_a_collectors_merge_gives_position_and_static() -> None:
    text = """{"timestamp":"2025-12-11T20:55:53.499580+00:00","vessel_count":1,"vessels":[{"mmsi":538007963,
    "name":"NAVIG8 PROSPERITY",
    "lon":21.255277,"lat":58.876633,"sog":11.1,"cog":223.6,"heading":225,"ship_type":80,"destination":"SKAW"}]}"""
    position, static = records(text)
    assert isinstance(position, Position)
    assert isinstance(static, Static)
    assert position.event_time == static.event_time == "2025-12-11T20:55:53.499Z"
    assert (position.lon, static.name) == (21.255277, "NAVIG8 PROSPERITY")


def test_barentswatch() -> None:
    position, static = records(BARENTSWATCH)
    assert fields(position) == {
        "event_time": "2025-07-24T10:14:50.000Z",
        "mmsi": 258627000,
        "lon": 8.029767,
        "lat": 66.004573,
        "sog": 0.0,
        "cog": 268.0,
        "heading": 225,
        "nav_status": 3,
    }
    assert isinstance(static, Static)
    assert (static.name, static.ship_type) == ("TRANSOCEAN ENCOURAGE", 90)


def test_global_fishing_watch_writes_numbers_as_text() -> None:
    assert fields(one(FISHING)) == {
        "station": "rORBCOMM999",
        "event_time": "2017-09-21T04:44:19.000Z",
        "mmsi": 477301500,
        "msg_type": 1,
        "lon": 60.718132,
        "lat": 24.817682,
        "sog": 13.4,
        "cog": 276.7,
        "heading": 273,
    }


def test_global_fishing_watch_says_lengths_and_types_in_words() -> None:
    text = """{"type":"AIS.5","ssvid":"636018024","timestamp":"2021-01-01T00:05:40+00:00",
    "shipname":"NAUTICAL MADISON","callsign":"D5NV5",
    "imo":"9747687","shiptype":"Cargo, No additional information","receiver":"rORBCOMM999","length":200.0,
    "width":32.0,"status":null}"""
    static = one(text)
    assert isinstance(static, Static)
    assert (static.msg_type, static.ship_type, static.length, static.width) == (5, 79, 200.0, 32.0)
    assert static.station == "rORBCOMM999"


def test_a_type_without_data_is_still_a_record() -> None:
    assert isinstance(one('{"type":"15","ssvid":"538006717","timestamp":"1505955253.0"}'), Other)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"class":"AIS","type":1,"lon":1}', "bad_mmsi"),
        ('{"class":"AIS","type":1,"mmsi":1073741824}', "bad_mmsi"),
        ('{"class":"AIS","type":28,"mmsi":1}', "unknown_type"),
        ('{"class":"AIS","type":"x","mmsi":1}', "bad_value"),
        ('{"class":"AIS","type":1,"mmsi":1,"lon":"east"}', "bad_value"),
        ('{"class":"AIS","type":1,"mmsi":1,"lon":[1]}', "bad_value"),
        ('{"class":"AIS","type":1,"mmsi":1,"lon":true}', "bad_value"),
        ('{"class":"AIS","type":1,"mmsi":1,"heading":1e400}', "bad_value"),
        ('{"class":"AIS","type":5,"mmsi":1,"shiptype":70.5}', "bad_value"),
        ('{"class":"AIS","type":5,"mmsi":1,"shipname":"%s"}' % ("x" * 300), "bad_value"),
        ('{"class":"AIS","type":1,"mmsi":1,"rxuxtime":"soon"}', "bad_time"),
        ('{"class":"AIS","type":1,"mmsi":1,"rxuxtime":0}', "time_before_2000"),
        ('{"ssvid":null,"type":"1"}', "bad_mmsi"),
        ('{"MMSI":"?","TIME":"1516320059","NAME":"X"}', "bad_mmsi"),
        ('{"navStat":0,"lon":1,"lat":2}', "bad_mmsi"),
        ('{"mmsi":1,"msgtime":"late"}', "bad_time"),
    ],
)
def test_what_cannot_be_used_is_rejected(text: str, reason: str) -> None:
    if "1e400" in text:
        text = text.replace("1e400", '"1e40x"')
    record = one(text)
    assert isinstance(record, Rejected)
    assert record.reason == reason


def test_any_object_with_the_usual_names_is_read() -> None:
    text = """{"Vessel_Name":"X","MMSI":"244750034","Latitude":"52.4","lng":5.0,"Speed Over Ground":7,"course":12.34,
    "true_heading":10,"ts":1752743247,"status":"Moored","rateOfTurn":5,"Length":30,"beam":"6","class":"B",
    "receiver":"R1","messageType":18}"""
    position, static = records(text)
    assert fields(position) == {
        "station": "R1",
        "event_time": "2025-07-17T09:07:27.000Z",
        "mmsi": 244750034,
        "msg_type": 18,
        "lon": 5.0,
        "lat": 52.4,
        "sog": 7.0,
        "cog": 12.3,
        "heading": 10,
        "ais_class": "B",
    }
    assert isinstance(static, Static)
    assert (static.name, static.length, static.width, static.msg_type) == ("X", 30.0, 6.0, None)


def test_a_small_timestamp_is_the_second_of_the_fix_and_no_time() -> None:
    assert one('{"mmsi":1,"lat":1,"lon":2,"timestamp":45}').time_source == "received"


def test_the_answers_of_vesselfinder_are_opened() -> None:
    text = """[{"AIS":{"MMSI":304010417,"TIMESTAMP":"2017-08-11 11:17:37 UTC","LATITUDE":53.2,"LONGITUDE":8.5,
    "COURSE":360,
    "SPEED":0,"NAME":"HELENE","A":80,"B":10,"C":6,"D":8,"DRAUGHT":4.5}}]"""
    position, static = records(text)
    assert position.event_time == "2017-08-11T11:17:37.000Z"
    assert isinstance(static, Static)
    assert (static.to_bow, static.draught) == (80, 4.5)


def test_what_names_no_vessel_has_no_shape() -> None:
    for text in ('{"class":"VERSION","release":"3.25"}', '{"class":"TPV","lat":1,"lon":2}', "{}", '{"error":"x"}'):
        assert shape_of(msgspec.json.decode(text)) is None


def test_no_object_of_a_provider_is_claimed_by_two_of_them() -> None:
    for text in (AISHUB_SCALED, AISHUB_HUMAN, FEATURE, METADATA, BARENTSWATCH, FISHING):
        [*_, found] = objects(msgspec.json.decode(text))
        assert sum(shape.claims(found.each) for shape in SHAPES if shape.name != "flat") == 1


def test_an_object_that_says_nothing_of_its_vessel_gives_nothing() -> None:
    assert records('{"ssvid":"1","timestamp":"1505955253.0"}') == []
    assert records('{"mmsi":1,"lat":91,"lon":181}') == []
