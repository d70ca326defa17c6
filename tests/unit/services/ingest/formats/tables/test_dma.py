import pytest

from fairway.records import BaseStation, Position, SarAircraft
from tests.unit.services.ingest.formats.tables.table_reading import Reader, aton, position, read, static

HEADER_22 = (
    "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,Ship type,"
    "Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type"
)
HEADER_26 = HEADER_22 + ",A,B,C,D"
EMPTY = "Unknown,,,Undefined,,,,Undefined,,,,AIS,,,,"


def test_a_row_of_a_class_a_ship_under_way() -> None:
    found = position(
        read(
            HEADER_26,
            f"18/03/2023 00:00:00,Class A,352002266,55.4921,14.7525,Under way using engine,0.7,12.5,241.8,241,{EMPTY}",
        )
    )
    assert (found.mmsi, found.lon, found.lat, found.sog, found.cog) == (352002266, 14.7525, 55.4921, 12.5, 241.8)
    assert (found.heading, found.rot, found.nav_status, found.ais_class) == (241, 0.7, 0, "A")
    assert found.event_time == "2023-03-18T00:00:00.000Z"


def test_the_day_comes_before_the_month() -> None:
    row = f"02/01/2023 03:04:05,Class B,219000001,55.0,10.0,Unknown value,,,,,{EMPTY}"
    found = position(read(HEADER_26, row))
    assert (found.event_time, found.ais_class) == ("2023-01-02T03:04:05.000Z", "B")


def test_a_table_that_was_saved_anew_has_the_year_first() -> None:
    found = position(read(HEADER_26, f"2023-01-02 03:04:05,Class B,219000001,55.0,10.0,Unknown value,,,,,{EMPTY}"))
    assert found.event_time == "2023-01-02T03:04:05.000Z"


def test_static_data_with_sides_and_cargo() -> None:
    said = "9100138,OJRV,BALTIC MADONNA,Tanker,Category Y,14,90,GPS,4.6,KRISTIANSAND,27/04/2026 07:00:00,AIS,77,13,7,7"
    found = static(read(HEADER_26, f"26/04/2026 00:00:00,Class A,230666000,55.1,10.1,Moored,,0.0,,,{said}"))
    assert (found.imo, found.callsign, found.name, found.ship_type, found.fix_type) == (
        9100138,
        "OJRV",
        "BALTIC MADONNA",
        82,
        1,
    )
    assert (found.to_bow, found.to_stern, found.to_port, found.to_starboard) == (77, 13, 7, 7)
    assert (found.length, found.width) == (None, None)
    assert (found.draught, found.destination, found.eta) == (4.6, "KRISTIANSAND", "2026-04-27T07:00:00.000Z")
    assert (found.eta_month, found.eta_day, found.eta_hour, found.eta_minute, found.ais_class) == (4, 27, 7, 0, "A")


def test_without_sides_length_and_width_stand_in() -> None:
    said = "9320063,SHZA,ASTINA,Cargo,,20,130,GPS,5.9,FREDERICIA, ,AIS"
    found = static(read(HEADER_22, f"01/06/2018 00:00:00,Class A,266220000,55.1,10.1,Moored,,0.0,,,{said}"))
    assert (found.length, found.width, found.to_bow, found.ship_type, found.eta) == (130.0, 20.0, None, 70, None)


@pytest.mark.parametrize("place", ["91.000000,0.000000", "91.000000,181.000000"])
def test_an_unknown_position_has_two_forms(place: str) -> None:
    found = position(read(HEADER_26, f"26/04/2026 00:00:00,Class A,230666000,{place},Moored,,,,,{EMPTY}"))
    assert (found.lon, found.lat) == (None, None)


def test_stations_aids_and_aircraft_are_records_of_their_own() -> None:
    found = read(
        HEADER_26,
        "26/04/2026 00:00:00,Base Station,2190064,56.716565,11.519042,Unknown value,,,,,"
        "Unknown,Unknown,,Undefined,,,,GPS,,Unknown,,AIS,,,,",
        "26/04/2026 00:00:00,AtoN,992111840,54.6,12.6,Unknown value,,,,,"
        "Unknown,Unknown,WIND FARM,Undefined,,60,60,Surveyed,,Unknown,,AIS,30,30,30,30",
        f"26/04/2026 00:00:00,SAR Airborne,111219501,55.6,12.6,Unknown value,,140.0,90.0,,{EMPTY}",
        f"26/04/2026 00:00:00,Search and Rescue Transponder,970219001,55.6,12.6,Unknown value,,,,,{EMPTY}",
    )
    station, _, aircraft, beacon = found
    assert isinstance(station, BaseStation)
    assert (station.lon, station.lat, station.fix_type) == (11.519042, 56.716565, 1)
    aid = aton(found)
    assert (aid.name, aid.to_bow, aid.fix_type, aid.lon) == ("WIND FARM", 30, 7, 12.6)
    assert isinstance(aircraft, SarAircraft)
    assert (aircraft.sog, aircraft.cog) == (140.0, 90.0)
    assert isinstance(beacon, Position)
    assert (beacon.nav_status, beacon.ais_class) == (14, None)


def test_a_rate_beyond_what_an_indicator_gives_says_only_the_side() -> None:
    rows = [
        f"26/04/2026 00:00:0{n},Class A,230666000,55.1,10.1,Moored,{rot},,,,{EMPTY}"
        for n, rot in enumerate(("-720.0", "708.7", ""))
    ]
    found = [each for each in read(HEADER_26, *rows) if isinstance(each, Position)]
    assert [(each.rot, each.turning) for each in found] == [(None, "left"), (708.7, None), (None, None)]


def test_a_letter_where_only_stations_have_none_does_not_reject_the_station() -> None:
    ship = f"26/04/2026 00:00:00,Class A,230666000,55.1,10.1,Moored,,1.0,,,{EMPTY}"
    station = (
        "26/04/2026 00:00:00,Base Station,2190064,56.7,11.5,Unknown value,,?,,,Unknown,,,Undefined,,,,GPS,,,,AIS,,,,"
    )
    reader = Reader()
    reader.read(HEADER_26, ship, ship.replace("00:00:00", "00:00:01"), station)
    assert not reader.tally.rejected


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Under way using engine", 0),
        ("Restricted maneuverability", 3),
        ("Constrained by her draught", 4),
        ("Reserved for future amendment [HSC]", 9),
        ("Reserved for future amendment [WIG]", 10),
        ("Power-driven vessel towing astern", 11),
        ("Power-driven vessel pushing ahead or towing alongside", 12),
        ("Reserved for future use", 13),
        ("Reserved for future use [11]", 11),
        ("AIS-SART (active)", 14),
        ("Unknown value", None),
        ("Sleeping", None),
    ],
)
def test_the_words_of_navigation_status(words: str, code: int | None) -> None:
    found = position(read(HEADER_26, f"26/04/2026 00:00:00,Class A,230666000,55.1,10.1,{words},,,,,{EMPTY}"))
    assert found.nav_status == code
