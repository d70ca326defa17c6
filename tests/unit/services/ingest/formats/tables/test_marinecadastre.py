import pytest

from fairway.records import Position
from tests.unit.services.ingest.formats.tables.table_reading import position, read, static

HEADER = (
    "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,"
    "TransceiverClass"
)


def _ship_type(vessel_type: str, cargo: str) -> int | None:
    row = f"477307900,2017-12-01T00:00:03,36.9,-76.3,0.0,131.0,352.0,FIRST,IMO9739666,VRPJ6,{vessel_type},moored,337,,,{cargo},A"
    return static(read(HEADER, row)).ship_type


def test_a_row_of_2017_with_words_and_a_prefix() -> None:
    found = read(
        HEADER,
        "477307900,2017-12-01T00:00:03,36.90512,-76.32652,0.0,131.0,352.0,FIRST,IMO9739666,VRPJ6,1004,moored,337,,,,A",
    )
    assert (position(found).nav_status, position(found).ais_class) == (5, "A")
    assert (static(found).imo, static(found).ship_type, static(found).length) == (9739666, 70, 337.0)


def test_a_row_of_2023_with_numbers_that_once_were_blank() -> None:
    found = read(
        HEADER,
        "367752440,2023-01-11T00:00:00,43.07917,-70.75733,0.0,360.0,95.0,SAN JOSE,,WDI9818,31,0.0,21.0,7.0,3.1,52.0,B",
    )
    assert (position(found).cog, position(found).heading, position(found).nav_status) == (None, 95, 0)
    assert (static(found).ship_type, static(found).draught, static(found).ais_class) == (31, 3.1, "B")


def test_the_columns_of_2024_have_longitude_first() -> None:
    found = read(
        "mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,status,length,width,draft,cargo,transceiver",
        "366996430,2026-03-31 00:00:00,-82.55641,38.40362,0.1,295.2,100,CAPT JEFF IRBY,,WDK7088,31,12,20,8,3.3,,A",
    )
    assert (position(found).lon, position(found).lat, position(found).nav_status) == (-82.55641, 38.40362, 12)
    assert (static(found).name, static(found).callsign) == ("CAPT JEFF IRBY", "WDK7088")


def test_tables_made_of_the_archives_to_2014() -> None:
    header = (
        '"chunk" "SOG" "COG" "Heading" "ROT" "BaseDateTime" "Status" "VoyageID" "MMSI" '
        '"ReceiverType" "ReceiverID" "coords.x1" "coords.x2"'
    )
    row = (
        '"12:1:1" 0.100000001490116 330.799987792969 511 {} "2014-12-01 08:00:0{}" 7 2 433170168 '
        '"r" "17MDUT1" -166.511768 53.905282'
    )
    found = [
        each
        for each in read(header, *(row.format(rot, n) for n, rot in enumerate((128, 251, 127, 129, 0))))
        if isinstance(each, Position)
    ]
    first = found[0]
    assert (first.sog, first.cog, first.heading, first.station) == (0.1, 330.8, None, "17MDUT1")
    assert (first.lon, first.lat, first.nav_status) == (-166.511768, 53.905282, 7)
    assert [(each.rot, each.turning) for each in found] == [
        (None, None),
        (-1.12, None),
        (None, "right"),
        (None, "left"),
        (0.0, None),
    ]


@pytest.mark.parametrize(
    ("vessel_type", "cargo", "ship_type"),
    [
        ("70", "", 70),
        ("1004", "71", 71),
        ("1025", "", 31),
        ("1012", "", 60),
        ("1024", "", 80),
        ("1008", "", None),
        ("999", "", None),
        ("", "52", 52),
        ("31", "57", 31),
    ],
)
def test_vessel_type_is_an_ais_type_or_cargo_or_the_coast_guards_code(
    vessel_type: str, cargo: str, ship_type: int | None
) -> None:
    assert _ship_type(vessel_type, cargo) == ship_type


def test_a_course_below_zero_is_null() -> None:
    assert position(read(HEADER, "477307900,2017-12-01T00:00:03,36.9,-76.3,0.0,-97.8,352.0,,,,,,,,,,A")).cog is None


def test_the_class_is_found_under_the_misspelt_name_of_2018_to_2021() -> None:
    header = HEADER.replace("TransceiverClass", "TranscieverClass")
    assert position(read(header, "477307900,2019-12-01T00:00:03,36.9,-76.3,0.0,97.8,352.0,,,,,,,,,,B")).ais_class == "B"
