"""Whatever rows hold, they are accounted for, however lines are cut into calls and whoever reads them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairway import records
from fairway.records import Rejected, Static
from services.ingest.decoded_block import DecodedBlock
from services.ingest.formats.tables import last_said, usual_rows
from services.ingest.line_format import One, Taken, Tally, one_by_one
from tests.unit.services.ingest.formats.tables.table_reading import MOMENT, Reader

NOAA = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo"
DMA = (
    "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,Ship type,"
    "Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type,A,B,C,D"
)
EXACTEARTH = (
    "MMSI,Message_ID,Repeat_indicator,Time,Millisecond,Longitude,Latitude,UTC_year,UTC_month,UTC_day,UTC_hour,UTC_minute,"
    "UTC_second,ETA_month,ETA_day,ETA_hour,ETA_minute,Vessel_Name,ATON_name,Name_extension,Data,Dimension_to_Bow"
)
AISHUB = "MMSI,TIME,LONGITUDE,LATITUDE,COG,SOG,HEADING,NAVSTAT,PAC,ROT,NAME,DRAUGHT,DEST,ETA"
SAMPLES = [
    (NOAA, "477307901,2017-12-01T00:00:01,31.9,-76.3,0.5,131.0,352.0,FIRST,IMO9739666,VRPJ6,70,5,337,40,9.1,70"),
    (
        DMA,
        "26/04/2026 00:00:00,Class A,230666000,55.1,10.1,Moored,,0.0,,,9100138,OJRV,BALTIC,Tanker,Category Y,14,90,GPS,4.6,"
        "KRISTIANSAND,27/04/2026 07:00:00,AIS,77,13,7,7",
    ),
    (DMA, "26/04/2026 00:00:00,AtoN,992111840,54.6,12.6,,,,,,Unknown,,FARM,Undefined,,60,60,GPS,,,,AIS,30,30,30,30"),
    (EXACTEARTH, "538007407,5,0,20210701_052052,640,,,,,,,,,6,30,19,0,GH ZONDA,,,,182"),
    (EXACTEARTH, "5030133,4,0,20210701_142244,690,153.54,-27.43,2021,7,1,14,22,40,,,,,,,,,"),
    (EXACTEARTH, "997011013,21,0,20210701_170019,10,-57.68,-34.73,,,,,,15,,,,,,BRL 64K6,DA,,1"),
    (AISHUB, "477266900,1516320059,2419589,31185128,1040,59,290,5,1,-3,COSCO,120,NL RTM,99181"),
    (AISHUB, "477266900,2011-04-12 10:40:27 GMT,118.4,-24.5,104.0,5.9,290,5,0,0,COSCO,12.0,NL RTM,04-14 12:30"),
]
CELLS = [
    *(
        b"",
        b" ",
        b"A",
        b"0",
        b"-1",
        b"1.5",
        b"99",
        b"9" * 30,
        b"1e308",
        b"nan",
        b"-inf",
        b"None",
        b"Unknown",
        b"0000",
        b"-",
        b"/",
    ),
    *(b'"', b'""', b"\xff", b"\x1f", b"\r", b"\x00", b"12:00", b"02/30/2020", b"2020-02-30", b"31/12/9999 23:59:59"),
    *(b"9999-12-31T23:59:59-23:59", b"0001-01-01T00:00:00+23:59", "१२".encode(), b"1_0", b",", b"#"),
]

MORE_CELLS = [
    *(
        b"-0.0",
        b"0",
        b"-000.5",
        b"180",
        b"180.000001",
        b"-90.10",
        b"0.0005",
        b"55.1234567",
        b"55.",
        b".5",
        b"+1.25",
        b"181",
    ),
    *(
        b"00219000001",
        b"219000002.0",
        b" 219000003 ",
        b"2147483648",
        b"Base Station",
        b"AtoN",
        b"SAR Airborne",
        b"Class B",
    ),
    *(
        "Ærø".encode(),
        b'a"b',
        b'"a,b"',
        b'"a"b',
        b"360.0",
        b"102.3",
        b"511",
        b"0.04",
        b"Unknown value",
        b"x" * 70,
        b"x" * 300,
    ),
    *(b"26/04/2026 00:00:00", b"2017-12-01T00:00:01", b"2017-12-01 00:00:01.5Z", b"1999-12-31T23:59:59", b"1512086401"),
]


@st.composite
def _tables(draw: st.DrawFn) -> list[bytes]:
    header, row = draw(st.sampled_from(SAMPLES))
    lines = [header.encode()]
    for _ in range(draw(st.integers(1, 8))):
        cells = row.encode().split(b",")
        for _ in range(draw(st.integers(0, 3))):
            cells[draw(st.integers(0, len(cells) - 1))] = draw(st.sampled_from(CELLS))
        lines.append(b",".join(cells))
    return lines


@st.composite
def _fleets(draw: st.DrawFn) -> list[bytes]:
    """Rows of a few ships that say the same of themselves, or something else, and say what is no row among them."""
    header, row = draw(st.sampled_from(SAMPLES[:2] + SAMPLES[-2:]))
    own = row.split(",")
    place = header.replace("# ", "").split(",").index("MMSI")
    lines = [header.encode()]
    for _ in range(draw(st.integers(1, 40))):
        cells = [cell.encode() for cell in own]
        cells[place] = str(219000000 + draw(st.integers(1, 3))).encode()
        for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
            at = draw(st.integers(0, len(cells) - 1))
            cells[at] = draw(st.sampled_from([*CELLS, *MORE_CELLS, b'"%b"' % cells[at]]))
        line = b",".join(cells) + draw(st.sampled_from([b""] * 8 + [b"\r", b",,", b",x", b"\r\r"]))
        lines.append(draw(st.sampled_from([line] * 12 + [b"", b"# 1,2", header.encode(), line + b" !AIVDM,1"])))
    return lines


_JUNK = st.lists(st.binary(max_size=60).map(lambda line: line.replace(b"\n", b"")), max_size=4)


def _taken(reader: Reader, lines: list[bytes], cuts: list[int]) -> tuple[list[One], Tally, list[int]]:
    """The records, the account, and where another format might have begun; `cuts` are the sizes of the calls, in turn."""
    out, stops, at, number = list[Taken](), list[int](), 0, 0
    while at < len(lines):
        end = min(at + cuts[number % len(cuts)], len(lines))
        moment = MOMENT._replace(received_ms=MOMENT.received_ms + number, station="s" if number % 3 else None)
        while at < end:
            stop = reader.table.read(lines[:end], at, moment, out)
            if stop < end:
                stops.append(stop)
                stop += 1
            at = stop
        number += 1
    return list(one_by_one(out)), reader.tally, stops


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.tuples(_tables(), _JUNK, st.one_of(st.just([]), _tables())), st.integers(1, 4))
def test_any_rows_are_accounted_for_however_they_are_cut(parts: tuple[list[bytes], ...], size: int) -> None:
    lines = [line for part in parts for line in part]
    whole, pieces = Reader(), Reader()
    at_once, in_pieces = list[Taken](), list[Taken]()
    end = whole.table.read(lines, 0, MOMENT, at_once)
    at = 0
    while at < end:
        at = pieces.table.read(lines[: min(at + size, end)], at, MOMENT, in_pieces)
    tally, found = whole.tally, list(one_by_one(at_once))
    assert (found, tally) == (list(one_by_one(in_pieces)), pieces.tally)
    assert tally.lines == end == tally.data_lines + tally.ignored.total()
    assert tally.decoded + tally.rejected.total() == len(found)
    records.decode_decoded(records.encode([each for each in found if not isinstance(each, Rejected)]))


@pytest.mark.skipif(usual_rows.rows is None, reason="no compiler was at hand when Fairway was installed")
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_fleets(), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_compiled_code_makes_of_any_rows_what_python_makes_of_them(lines: list[bytes], cuts: list[int]) -> None:
    quick, slow = Reader(is_quick=True), Reader(is_quick=False)
    assert _taken(quick, lines, cuts) == _taken(slow, lines, cuts)


@pytest.mark.skipif(usual_rows.rows is None, reason="no compiler was at hand when Fairway was installed")
def test_ships_that_are_crowded_out_say_the_same_again_however_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_said, "MOST_SHIPS", 3)
    row = SAMPLES[0][1].replace("477307901", "{}").replace("00:00:01", "00:{:02d}:01")
    lines = [
        NOAA.encode(),
        *(row.format(477307900 + ship, time).encode() for time in range(16) for ship in range(1 + time // 4)),
    ]
    quick, slow = (_taken(Reader(is_quick=is_quick), lines, [5]) for is_quick in (True, False))
    assert quick == slow
    assert sum(isinstance(each, Static) for each in slow[0]) > 4


@pytest.mark.skipif(usual_rows.rows is None, reason="no compiler was at hand when Fairway was installed")
def test_usual_rows_are_read_by_compiled_code() -> None:
    row = SAMPLES[0][1]
    reader, out = Reader(), list[Taken]()
    reader.read(NOAA)
    reader.read(row)
    rows = [row.replace("00:00:01", f"00:{minute:02d}:01").encode() for minute in range(1, 60)]
    assert reader.table.read(rows, 0, MOMENT, out) == 59
    [block] = out
    assert isinstance(block, DecodedBlock)
    assert len(block) == 59
