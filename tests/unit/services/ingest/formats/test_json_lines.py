"""JSON feeds, lines or documents, to records."""

from collections.abc import Sequence

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from fairway import clock
from fairway.records import Position, Rejected, Static
from services.ingest.event_time import EventTimes
from services.ingest.formats.json_lines import JsonFormat
from services.ingest.line_format import Moment, Taken, Tally

NOW = clock.to_ms("2026-01-02T03:04:05.678Z")
SENTENCE = "!AIVDM,1,1,,B,35AMFN5000WJudP0g4v613jR0Dg:,0*4E"
POINT = b'{"mmsi":209501000,"lat":1.25,"lon":103.8,"timestamp":1752743247895}'
PRETTY = [b"{", b'  "mmsi": 209501000,', b'  "lat": 1.25,', b'  "lon": 103.8', b"}"]


class FakeFramer:
    """Keeps what it was given; finds a sentence wherever there is a VDM."""

    def __init__(self) -> None:
        self.given: list[tuple[bytes, str | None, int | None]] = []

    def read_wrapped(self, text: bytes, moment: Moment, event_ms: int | None, out: list[Taken]) -> bool:
        self.given.append((text, moment.station, event_ms))
        return b"VDM" in text


class Reader:
    """A format, and what has come of it."""

    def __init__(self, longest_bytes: int = 100_000) -> None:
        self.tally = Tally()
        self.framer = FakeFramer()
        self.out: list[Taken] = []
        self.format = JsonFormat(
            "coastal.test",
            times=EventTimes(60_000),
            tally=self.tally,
            framer=self.framer,
            longest_bytes=longest_bytes,
        )

    def read(self, *lines: bytes, at: int = 0) -> int:
        return self.format.read(lines, at, Moment(NOW, 0, "10.0.0.7"), self.out)

    @property
    def accounted(self) -> int:
        return self.tally.sentence_lines + self.tally.data_lines + self.tally.ignored.total()


def read(*lines: bytes) -> Reader:
    reader = Reader()
    reader.read(*lines)
    reader.format.finish(reader.out)
    return reader


def test_a_line_is_a_report() -> None:
    reader = read(POINT + b"\r")
    assert reader.out == [
        Position(
            source="coastal.test",
            station="10.0.0.7",
            event_time="2025-07-17T09:07:27.895Z",
            received_at="2026-01-02T03:04:05.678Z",
            time_source="provider",
            mmsi=209501000,
            lon=103.8,
            lat=1.25,
        )
    ]
    assert (reader.tally.lines, reader.tally.data_lines, reader.tally.decoded) == (1, 1, 1)


def test_begins_looks_past_blanks_and_a_byte_order_mark() -> None:
    reader = Reader()
    assert all(reader.format.begins(line) for line in (b"{}", b"  [", b"\t{", b"\xef\xbb\xbf{"))
    assert not any(reader.format.begins(line) for line in (b"", b" ", b"!AIVDM", b"<a/>", b'"{"', b"1"))
    assert read(b"\xef\xbb\xbf" + POINT).tally.decoded == 1


def test_a_document_may_be_spread_over_lines_and_another_may_follow() -> None:
    reader = read(*PRETTY, *PRETTY, POINT)
    assert reader.tally.decoded == 3
    assert (reader.tally.data_lines, reader.tally.lines) == (11, 11)


def test_brackets_inside_text_do_not_count() -> None:
    name = rb'  "name": "]}\"}\\", "lat": 1,'
    reader = read(b"[{", name, b'  "lon": 2, "mmsi": 209501000', b"}]")
    assert [type(record) for record in reader.out] == [Position, Static]


def test_a_list_of_objects_one_on_each_line_is_read() -> None:
    reader = read(b"[", POINT + b",", POINT, b"]")
    assert (reader.tally.decoded, reader.tally.data_lines) == (2, 4)


def test_several_values_on_a_line_and_a_comma_at_its_end_are_read() -> None:
    assert read(POINT + POINT + b" " + POINT + b",").tally.decoded == 3


def test_nan_means_nothing() -> None:
    [record] = read(b'{"mmsi":209501000,"lat":NaN,"lon":-Infinity,"speed":3.5}').out
    assert isinstance(record, Position)
    assert (record.lon, record.lat, record.sog) == (None, None, 3.5)


def test_other_json_is_ignored_and_broken_json_too() -> None:
    reader = read(b'{"class":"VERSION"}', b"[1,2]", b'{"a":}', b'{"a":"b}', b"[]]", b"{]")
    assert reader.out == []
    assert reader.tally.ignored == {"unknown_json": 2, "broken_json": 4}


def test_a_line_that_no_document_can_hold_ends_it_and_is_left_to_others() -> None:
    for line in (b"!AIVDM,1,1,,A,x,0*00", b"\\s:x*00\\!AIVDM", b"$PGHP", b"# note", b"<a>"):
        reader = Reader()
        assert reader.read(b"{", b'  "mmsi": 1,', line) == 2
        assert reader.tally.ignored == {"broken_json": 2}
        assert reader.tally.lines == 2


def test_a_document_cut_short_takes_no_good_lines_with_it() -> None:
    reader = read(b'{"a":{"b":1,"c":"d"', POINT, b'{"a":[', POINT, POINT)
    assert reader.tally.decoded == 3
    assert reader.tally.ignored == {"broken_json": 2}


def test_blank_lines_inside_a_document_belong_to_it() -> None:
    assert read(PRETTY[0], b"", *PRETTY[1:-1], b"\r", PRETTY[-1]).tally.data_lines == 7


def test_a_blank_line_between_documents_is_left_to_others() -> None:
    assert Reader().read(POINT, b"", POINT) == 1


def test_nothing_longer_than_allowed_is_kept() -> None:
    reader = Reader(longest_bytes=100)
    reader.read(b"[", *[b" 1," for _ in range(40)])
    assert reader.tally.ignored["broken_json"] >= 24
    reader.read(b'{"name":"' + b"x" * 100 + b'"}')
    assert reader.tally.ignored["too_long"] == 1


def test_a_document_survives_a_checkpoint_also_of_the_reader_itself() -> None:
    reader = Reader()
    for line in PRETTY:
        reader.read(line)
        reader.format.restore(msgspec.json.decode(msgspec.json.encode(reader.format.checkpoint())))
    assert (reader.tally.decoded, reader.tally.data_lines) == (1, 5)


def test_a_document_that_is_not_finished_is_broken() -> None:
    reader = read(*PRETTY[:-1])
    assert reader.tally.ignored == {"broken_json": 4}
    assert reader.accounted == reader.tally.lines


def test_deep_nesting_is_broken_rather_than_a_crash() -> None:
    assert read(b"[" * 50_000 + b"]" * 50_000).tally.ignored == {"broken_json": 1}


def test_halves_of_surrogate_pairs_do_not_travel_on() -> None:
    assert read(b'{"mmsi":1,"lat":NaN,"lon":1,"name":"\\ud800"}').tally.ignored == {"broken_json": 1}


def test_an_object_that_cannot_be_used_is_rejected_with_its_text() -> None:
    reader = read(b'[{"mmsi":"x","lat":1,"lon":2},', POINT, b"]")
    rejected, position = reader.out
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.sentences) == ("bad_mmsi", ('{"mmsi":"x","lat":1,"lon":2}',))
    assert rejected.time_source == "received"
    assert isinstance(position, Position)
    assert (reader.tally.rejected, reader.tally.decoded) == ({"bad_mmsi": 1}, 1)


def test_times_that_cannot_be_believed_are_rejected() -> None:
    lines = [
        b'{"mmsi":1,"lat":1,"lon":2,"time":%s}' % time
        for time in (b'"noon"', b"100", b"99999999999", b'"' + b"9" * 99 + b'"')
    ]
    assert read(*lines).tally.rejected == {"bad_time": 2, "time_before_2000": 1, "time_in_future": 1}


def test_a_long_object_is_kept_in_part() -> None:
    [record] = read(b'{"mmsi":1,"lat":"north","note":"' + b"x" * 50_000 + b'"}').out
    assert isinstance(record, Rejected)
    assert len(record.sentences[0]) < 20_000


def test_a_sentence_in_an_object_goes_to_the_framer_with_the_objects_time() -> None:
    reader = read(b'{"timestamp":1752743247895,"nmea":"%s"}' % SENTENCE.encode())
    assert reader.framer.given == [(SENTENCE.encode(), "10.0.0.7", 1752743247895)]
    assert (reader.tally.sentence_lines, reader.tally.data_lines, reader.tally.lines) == (1, 0, 1)


def test_the_key_of_a_sentence_may_be_in_any_case_and_its_text_escaped() -> None:
    reader = read(rb'{"msg_id":1,"NMEA":"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL\u003c89?,0*26"}')
    assert reader.framer.given == [(b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL<89?,0*26", "10.0.0.7", None)]


def test_sentences_of_a_list_of_objects_are_found() -> None:
    line = b'{"data":[{"nmea":"%s","timestamp":"2025-07-17T09:07:27Z"},{"nmea":"%s"}]}' % ((SENTENCE.encode(),) * 2)
    assert [event_ms for _, _, event_ms in read(line).framer.given] == [1752743247000, None]


def test_parts_of_a_message_are_handed_over_together_with_what_stands_before_them() -> None:
    reader = read(b'{"nmea":["$PGHP,1,2014*22","!AIVDM,2,1,1,A,x,0*00","!AIVDM,2,2,1,A,x,0*00\\r\\n"]}')
    assert [text.splitlines() for text, _, _ in reader.framer.given] == [
        [b"$PGHP,1,2014*22", b"!AIVDM,2,1,1,A,x,0*00", b"!AIVDM,2,2,1,A,x,0*00"]
    ]


def test_a_log_entry_with_a_sentence_in_it_is_handed_over_whole() -> None:
    reader = read(b'{"MESSAGE":"2025-07-17 09:07:27 %s"}' % SENTENCE.encode())
    assert reader.framer.given == [(b"2025-07-17 09:07:27 " + SENTENCE.encode(), "10.0.0.7", None)]


def test_the_sentence_goes_before_the_decoded_fields_beside_it() -> None:
    line = b'{"class":"AIS","rxuxtime":1704067200.5,"type":4,"timestamp":"2019-01-01T00:00:00Z","mmsi":1,"nmea":["%s"]}'
    reader = read(line % SENTENCE.encode())
    assert reader.out == []
    assert [event_ms for _, _, event_ms in reader.framer.given] == [1704067200500]


def test_a_base_stations_clock_is_not_the_time_of_its_sentence() -> None:
    line = b'{"class":"AIS","type":4,"timestamp":"2019-01-01T00:00:00Z","mmsi":1,"nmea":["%s"]}' % SENTENCE.encode()
    assert [event_ms for _, _, event_ms in read(line).framer.given] == [None]


def test_a_sentence_is_read_although_the_time_beside_it_cannot_be() -> None:
    reader = read(b'{"time":"yesterday","nmea":"%s"}' % SENTENCE.encode())
    assert (len(reader.framer.given), reader.tally.sentence_lines) == (1, 1)


def test_the_station_and_time_of_an_envelope_are_those_of_what_is_in_it() -> None:
    line = b'{"stationid":"MyStation","timestamp":"2025-07-17T09:07:27Z","msgs":[{"mmsi":1,"lat":1,"lon":2},{"nmea":"%s"}]}'
    reader = read(line % SENTENCE.encode())
    [position] = reader.out
    assert (position.station, position.event_time) == ("MyStation", "2025-07-17T09:07:27.000Z")
    assert reader.framer.given == [(SENTENCE.encode(), "MyStation", 1752743247000)]


def test_a_station_of_an_envelope_may_be_a_number_and_has_no_control_characters() -> None:
    line = b'{"stationid":%s,"msgs":[{"mmsi":1,"lat":1,"lon":2}]}'
    said = [read(line % station).out[0].station for station in (b"17", b'"a\\u0000b"', b'"\\u0000"', b"[1]")]
    assert said == ["17", "ab", "10.0.0.7", "10.0.0.7"]


def test_whole_objects_of_a_list_that_was_cut_short_are_read() -> None:
    reader = read(b"[", b'{"mmsi":1,"lat":1,"lon":2},', b'{"mmsi":2,"lat":1,"lon":2},', b'{"mmsi":3,"la')
    reader.format.finish(reader.out)
    assert [record.mmsi for record in reader.out] == [1, 2]
    assert (reader.tally.data_lines, dict(reader.tally.ignored)) == (2, {"broken_json": 2})


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [*PRETTY, POINT, POINT + b",", b"[", b"]", b"{", b"}", b"", b'{"nmea":"%s"}' % SENTENCE.encode()]
        ),
        st.binary(max_size=30),
        st.lists(st.sampled_from(list(b'{}[]",:\\ 1aN!')), max_size=20).map(bytes),
    ).filter(lambda line: b"\n" not in line),
    max_size=30,
)


def read_all(reader: Reader, lines: Sequence[bytes]) -> int:
    """How many lines others have to read."""
    at = left = 0
    while at < len(lines):
        end = reader.read(*lines, at=at)
        if end == at:
            left += 1
            end += 1
        at = end
    return left


@given(LINES, st.sampled_from([20, 1_000]))
@settings(max_examples=200, deadline=None)
def test_any_lines_are_accounted_for(lines: list[bytes], longest_bytes: int) -> None:
    reader = Reader(longest_bytes)
    left = read_all(reader, lines)
    reader.format.finish(reader.out)
    assert reader.tally.lines == reader.accounted == len(lines) - left
    assert reader.tally.records == len(reader.out)


@given(LINES, st.integers(0, 30))
@settings(max_examples=100, deadline=None)
def test_a_format_that_is_restored_goes_on_alike(lines: list[bytes], cut: int) -> None:
    whole, first, second = Reader(), Reader(), Reader()
    read_all(whole, lines[:cut])
    read_all(first, lines[:cut])
    state = msgspec.json.decode(msgspec.json.encode(first.format.checkpoint()))
    second.format.restore(state)
    read_all(whole, lines[cut:])
    read_all(second, lines[cut:])
    assert whole.out == first.out + second.out


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "mmsi",
                        "MMSI",
                        "lat",
                        "lon",
                        "class",
                        "type",
                        "TIME",
                        "NAME",
                        "ssvid",
                        "msgtime",
                        "navStat",
                        "MessageType",
                        "Message",
                        "PositionReport",
                        "UserID",
                        "features",
                        "properties",
                        "geometry",
                        "coordinates",
                        "msgs",
                        "nmea",
                        "scaled",
                        "timestamp",
                        "eta",
                        "turn",
                        "AIS",
                    ]
                )
                | st.text(max_size=3),
                inner,
                max_size=6,
            )
        ),
        max_leaves=20,
    )
)
@settings(max_examples=200, deadline=None)
def test_no_value_of_any_kind_raises(value: object) -> None:
    reader = read(msgspec.json.encode(value))
    assert reader.tally.records == len(reader.out)
    msgspec.json.encode(reader.out)
