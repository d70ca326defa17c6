import pytest

from fairway import records
from fairway.records import Position, Rejected, Static
from services.ingest.formats.tables import last_said, recent_rows
from services.ingest.line_format import Taken
from tests.unit.services.ingest.formats.tables.table_reading import MOMENT, Reader, position, read, rejected, static

HEADER = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo"
ROW = "477307901,2017-12-01T00:00:01,31.90512,-76.32652,0.5,131.0,352.0,FIRST,IMO9739666,VRPJ6,70,5,337,40,9.1,70"
OTHER_ROW = "338029922,2017-12-01T00:00:02,42.83931,-73.74403,37.7,110.6,511.0,SECOND,,,,,,,,"


def test_a_row_gives_a_position_and_what_it_says_of_the_ship() -> None:
    found = read(HEADER, ROW)
    assert [type(record) for record in found] == [Position, Static]
    where, who = position(found), static(found)
    assert (where.mmsi, where.lon, where.lat, where.sog, where.cog) == (477307901, -76.32652, 31.90512, 0.5, 131.0)
    assert (where.heading, where.nav_status, where.msg_type, where.name) == (352, 5, None, None)
    assert (where.source, where.event_time, where.time_source) == (
        "archive.test",
        "2017-12-01T00:00:01.000Z",
        "provider",
    )
    assert (who.name, who.imo, who.callsign, who.ship_type) == ("FIRST", 9739666, "VRPJ6", 70)
    assert (who.length, who.width, who.draught, who.event_time) == (337.0, 40.0, 9.1, where.event_time)


def test_static_facts_come_again_only_when_they_change() -> None:
    reader = Reader()
    reader.read(HEADER, ROW)
    assert [type(each) for each in reader.read(ROW.replace("00:01,", "00:09,"))] == [Position]
    renamed = reader.read(ROW.replace("00:01,", "00:19,").replace("FIRST", "LAST"))
    assert static(renamed).name == "LAST"


def test_static_facts_of_one_ship_change_back_and_forth_within_one_call() -> None:
    rows = [
        ROW.replace("00:01,", f"00:{second},").replace("FIRST", name)
        for second, name in ((10, "A"), (11, "B"), (12, "A"), (13, "A"))
    ]
    names = [each.name for each in read(HEADER, *rows) if isinstance(each, Static)]
    assert names == ["A", "B", "A"]


def test_static_facts_of_a_call_are_compared_with_those_of_the_call_before() -> None:
    reader = Reader()
    reader.read(HEADER, ROW.replace("00:01,", "00:10,"))
    later = [ROW.replace("00:01,", "00:11,").replace("FIRST", "OTHER"), ROW.replace("00:01,", "00:12,")]
    assert [each.name for each in reader.read(*later) if isinstance(each, Static)] == ["OTHER", "FIRST"]


def test_values_that_mean_not_available_are_null() -> None:
    found = position(
        read(HEADER, "477307901,2017-12-01T00:00:01,91.0,181.0,102.3,360.0,511.0,,IMO0000000,,0,15,0,0,0,0")
    )
    assert (found.lon, found.lat, found.sog, found.cog, found.heading, found.nav_status) == (None,) * 6


def test_a_row_that_says_nothing_of_the_ship_gives_no_static() -> None:
    assert len(read(HEADER, "477307901,2017-12-01T00:00:01,31.9,-76.3,0,0,0,,IMO0000000,,0,15,0,0,0,0")) == 1


def test_half_a_position_is_none() -> None:
    found = position(read(HEADER, ROW.replace("31.90512", "91.0")))
    assert (found.lon, found.lat) == (None, None)


@pytest.mark.parametrize("bad", ["nan", "inf", "-inf", "NaN"])
def test_no_number_slips_through_that_is_none(bad: str) -> None:
    found = read(HEADER, ROW.replace("31.90512", bad).replace(",0.5,", f",{bad},"))
    for record in found:
        if isinstance(record, Position):
            assert (record.lat, record.sog) == (None, None)


@pytest.mark.parametrize("bad", ["1_0", "१२", "0x10", "12,5x", "1e999"])
def test_what_only_looks_like_a_number_is_a_bad_value_or_nothing(bad: str) -> None:
    line = ROW.replace(",0.5,", f',"{bad}",')
    found = read(HEADER, line)
    if bad == "1e999":
        assert position(found).sog is None
    else:
        assert rejected(found).reason == "bad_value"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (ROW.replace("477307901", "47730790x"), "bad_mmsi"),
        (ROW.replace("477307901", ""), "bad_mmsi"),
        (ROW.replace("477307901", "99999999999"), "bad_mmsi"),
        (ROW.replace("T00:", "Txx:"), "bad_time"),
        (ROW.replace("2017-12-01T00:00:01", ""), "bad_time"),
        (ROW.replace("131.0", "east"), "bad_value"),
        (ROW.replace("337", "long"), "bad_value"),
        (ROW + ",extra", "bad_row"),
        ("477307901,2017-12-01T00:00:01", "bad_row"),
        (ROW.replace("2017", "1997"), "time_before_2000"),
        (ROW.replace("2017", "2027"), "time_in_future"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason_and_the_others_are_read(line: str, reason: str) -> None:
    reader = Reader()
    found = reader.read(HEADER, OTHER_ROW, line, OTHER_ROW.replace("00:02", "00:03"))
    assert rejected(found).reason == reason
    assert rejected(found).sentences == (line,)
    assert [type(each) for each in found] == [Position, Static, Rejected, Position]
    assert reader.tally.rejected == {reason: 1}
    assert reason in records.REASONS


def test_blank_cells_behind_the_last_column_are_no_fault() -> None:
    assert position(read(HEADER, ROW + ",, ")).mmsi == 477307901


def test_a_quote_left_open_does_not_swallow_the_next_row() -> None:
    found = read(HEADER, ROW.replace("FIRST", '"FIRST'), OTHER_ROW)
    assert rejected(found).reason == "bad_row"
    assert position(found).mmsi == 338029922


def test_a_quoted_cell_may_hold_the_delimiter() -> None:
    assert (
        static(read(HEADER, ROW.replace("FIRST", '"FIRST, THE"'), OTHER_ROW.replace("SECOND", ""))).name == "FIRST, THE"
    )


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_header_tells_the_delimiter(mark: str) -> None:
    assert position(read(HEADER.replace(",", mark), ROW.replace(",", mark))).sog == 0.5


@pytest.mark.parametrize(
    "header",
    [
        "\ufeff" + HEADER,
        HEADER.lower(),
        HEADER.replace("BaseDateTime", "Base Date Time"),
        HEADER.replace("BaseDateTime", "base_date_time").replace("MMSI", '"MMSI"'),
        HEADER.replace("BaseDateTime", "Timestamp"),
        "# " + HEADER,
        HEADER + "\r",
    ],
)
def test_headers_are_known_whatever_their_dress(header: str) -> None:
    reader = Reader()
    assert reader.table.begins(header.encode())
    assert position(reader.read(header, ROW + "\r")).mmsi == 477307901


@pytest.mark.parametrize(
    "line",
    [
        b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26",
        b"",
        b"# MMSI and other words",
        b"mmsi,name",
        b"id,time,speed,type,length,x,y",
        "\ufeffID,ais_pos_timestamp,longitude,latitude".encode(),
        b'{"mmsi":1,"lat":2,"lon":3,"timestamp":4}',
        b"mmsi,longitude,latitude",
        ROW.encode(),
        b"\xff\xfe\x00" * 50,
    ],
)
def test_lines_that_are_no_header_of_a_known_table_are_left_alone(line: bytes) -> None:
    assert not Reader().table.begins(line)


def test_stops_at_the_line_of_another_format_and_goes_on_after_it() -> None:
    reader, out = Reader(), list[Taken]()
    lines = [HEADER.encode(), ROW.encode(), b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"]
    assert reader.table.read(lines, 0, MOMENT, out) == 2
    assert len(out) == 2
    assert reader.table.begins(OTHER_ROW.encode())
    assert not reader.table.begins(lines[2])


def test_a_sentence_behind_a_time_is_no_row_and_a_name_with_an_exclamation_mark_is_one() -> None:
    reader = Reader()
    log = b"2023-01-11 00:00:01,123: !AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"
    lines = [b"MMSI,BaseDateTime,LAT,LON,VesselName", b"211000001,2023-01-11T00:00:00,54.1,10.2,YEEHA!", log]
    out: list[Taken] = []
    assert reader.table.read(lines, 0, MOMENT, out) == 2
    assert static(out).name == "YEEHA!"
    assert not reader.table.begins(log)


def test_another_header_on_the_way_begins_another_table() -> None:
    reader = Reader()
    found = reader.read(
        HEADER, ROW, "mmsi;date_time_utc;sog;cog;lon;lat", "209445000;2020-01-01 01:06:19;9.7;185.8;7.92002;63.0731"
    )
    assert [record.mmsi for record in found if isinstance(record, Position)] == [477307901, 209445000]
    assert reader.tally.ignored == {"header": 2}


def test_copies_of_recent_rows_are_counted_and_left_out() -> None:
    reader = Reader()
    reader.read(HEADER, ROW, ROW)
    reader.read(OTHER_ROW, ROW, "", "# a note")
    assert reader.tally.ignored == {"header": 1, "duplicate_row": 2, "blank": 1, "comment": 1}
    assert (reader.tally.lines, reader.tally.data_lines) == (7, 2)


def test_too_long_lines_are_ignored() -> None:
    reader = Reader()
    reader.read(HEADER, ROW + " " * 20_000)
    assert reader.tally.ignored["too_long"] == 1


def test_a_receiver_column_is_the_station_else_who_sent_the_line() -> None:
    header, row = "mmsi,time,lon,lat,station", "219000001,1717200000,10.5,55.5,"
    reader = Reader()
    found = reader.read(header, row + "pier", row, station="feed")
    assert [record.station for record in found] == ["pier", "feed"]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2017-12-01T00:00:03", "2017-12-01T00:00:03.000Z"),
        ("2014-12-01 08:00:06", "2014-12-01T08:00:06.000Z"),
        ("2025-12-11T20:44:50.102399+00:00", "2025-12-11T20:44:50.102Z"),
        ("2025-12-11T22:44:50+02:00", "2025-12-11T20:44:50.000Z"),
        ("2011-04-12 10:40:27 GMT", "2011-04-12T10:40:27.000Z"),
        ("2011/04/12 10:40:27", "2011-04-12T10:40:27.000Z"),
        ("1334072103", "2012-04-10T15:35:03.000Z"),
        ("1334072103.0", "2012-04-10T15:35:03.000Z"),
        ("1334072103250", "2012-04-10T15:35:03.250Z"),
        ("1334072103250000", "2012-04-10T15:35:03.250Z"),
        ("1334072103250000000", "2012-04-10T15:35:03.250Z"),
        ("20180627", "2018-06-27T00:00:00.000Z"),
    ],
)
def test_times_of_many_forms(text: str, time: str) -> None:
    assert position(read("mmsi,time,lon,lat", f"219000001,{text},10.5,55.5")).event_time == time


def test_a_column_of_message_types_says_which_record_a_row_is() -> None:
    header = "mmsi,msg_type,timestamp,lon,lat,sog,shipname"
    found = read(
        header,
        "2190064,4,1717200000,10.5,55.5,,",
        "219000001,5,1717200000,,,,ODIN",
        "219000001,18.0,1717200000,10,55,7,",
    )
    assert [(records.kind_of(each), getattr(each, "msg_type", None)) for each in found] == [
        ("base_station", 4),
        ("static", 5),
        ("position", 18),
    ]


def test_text_loses_control_characters_and_padding() -> None:
    assert static(read(HEADER, ROW.replace("FIRST", "FI\x00R\x1bST@@@  "))).name == "FIRST"


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered, rows = last_said.LastSaid(), recent_rows.RecentRows()
    monkeypatch.setattr(last_said, "MOST_SHIPS", 10)
    monkeypatch.setattr(recent_rows, "GENERATION", 10)
    for number in range(100):
        remembered.keep(number, number)
        rows.fresh([str(number).encode()])
    assert not remembered.is_news(99, 99)
    assert remembered.is_news(89, 89)
    assert rows.fresh([b"99", b"79"]) == [b"79"]


def test_a_restored_reader_goes_on_exactly_as_the_one_that_gave_the_checkpoint() -> None:
    first, second = Reader(), Reader()
    first.read(HEADER, ROW, OTHER_ROW)
    second.table.restore(first.table.checkpoint())
    later = (ROW, OTHER_ROW, ROW.replace("00:01", "00:31"), "", ROW)
    assert first.read(*later) == second.read(*later)
    assert Reader().table.checkpoint() is None
