"""From lines to raw records."""

from fairway.records import Raw
from services.ingest.event_time import EventTimes
from services.ingest.framing import LONGEST_LINE, Framer
from services.ingest.line_format import Moment, Taken, Tally
from services.ingest.parts import MAX_OPEN_MESSAGES, MOST_WAITING
from services.ingest.surroundings import MAX_GROUPS
from tests.unit.services.ingest.nmea_lines import (
    FIRST,
    NOW,
    SECOND,
    SINGLE,
    Feed,
    block,
    is_accounted_for,
    pghp,
    raws,
    sentence,
    tagged,
)


def test_a_bare_sentence_takes_its_time_from_our_clock() -> None:
    [record] = Feed().read(sentence(SINGLE) + b"\r", station="10.0.0.7")
    assert record == Raw(
        source="coastal.test",
        station="10.0.0.7",
        event_time="2026-01-02T03:04:05.678Z",
        received_at="2026-01-02T03:04:05.678Z",
        time_source="received",
        sentences=(sentence(SINGLE).decode(),),
    )


def test_a_tag_block_gives_station_and_time() -> None:
    [record] = Feed().read(tagged("s:2573535,c:1671533231", SINGLE), station="10.0.0.7")
    assert (record.station, record.event_time, record.time_source) == (
        "2573535",
        "2022-12-20T10:47:11.000Z",
        "tag_block",
    )
    assert record.tag_block == "s:2573535,c:1671533231"


def test_a_tag_block_with_a_wrong_checksum_is_not_believed_but_its_sentence_is() -> None:
    feed = Feed()
    [record] = feed.read(b"\\s:2573535,c:1671533231*01\\" + sentence(SINGLE))
    assert (record.station, record.time_source, record.defect, record.tag_block) == (None, "received", None, None)
    assert feed.tally.bad_tag_blocks == 1


def test_a_writer_that_does_not_compute_sums_is_believed() -> None:
    feed = Feed()
    [record] = feed.read(rb"\c:1420030798*00" + b"\\" + sentence(SINGLE))
    assert (record.event_time, record.time_source) == ("2014-12-31T12:59:58.000Z", "tag_block")
    assert feed.tally.bad_tag_blocks == 0


def test_times_outside_reason_are_a_defect() -> None:
    early, late = Feed().read(tagged("c:946684799", SINGLE), tagged(f"c:{NOW // 1000 + 61}", SINGLE))
    assert (early.defect, late.defect) == ("time_before_2000", "time_in_future")
    assert early.event_time == early.received_at


def test_a_time_beyond_the_calendar_is_a_defect_not_a_failure() -> None:
    [record] = Feed().read(tagged("c:99999999999", SINGLE))
    assert record.defect == "time_in_future"


def test_a_tag_block_on_its_own_line_is_the_next_sentences() -> None:
    feed = Feed()
    first, second = feed.read(block("si:foo,sb:2190047"), b"# note", b"", sentence(SINGLE), sentence(SINGLE))
    assert (first.station, first.tag_block) == ("2190047", "si:foo,sb:2190047")
    assert (second.station, second.tag_block) == (None, None)
    assert feed.tally.ignored == {"tag_block_only": 1, "comment": 1, "blank": 1}


def test_tag_blocks_in_a_row_add_up() -> None:
    [record] = Feed().read(block("s:one,c:1671533231"), block("x:1"), tagged("s:two", SINGLE))
    assert (record.station, record.event_time) == ("two", "2022-12-20T10:47:11.000Z")
    assert record.tag_block == "s:one,c:1671533231,x:1,s:two"


def test_tag_blocks_that_never_meet_a_sentence_cannot_fill_memory() -> None:
    feed = Feed()
    [record] = feed.read(*[block(f"x:{number}") for number in range(1000)], sentence(SINGLE))
    assert record.tag_block is not None
    assert len(record.tag_block) < 1100


def test_a_tag_block_of_another_sentence_is_not_ours() -> None:
    [record] = Feed().read(block("s:gps"), b"$GPGLL,1*00", sentence(SINGLE))
    assert record.station is None


def test_all_sentences_of_a_line_are_read_in_order() -> None:
    feed = Feed()
    line = tagged("s:one,c:1671533231", SINGLE) + b"," + tagged("s:two", SINGLE) + sentence(SINGLE)
    first, second, third = feed.read(line)
    assert [first.station, second.station, third.station] == ["one", "two", None]
    assert (feed.tally.lines, feed.tally.sentence_lines, feed.tally.sentences) == (1, 1, 3)


def test_a_sentence_cut_by_the_next_one_costs_only_itself() -> None:
    cut, whole = Feed().read(sentence(SINGLE)[:30] + sentence(SINGLE))
    assert (cut.defect, whole.defect) == ("malformed", None)


def test_sentences_are_found_in_quotes_and_behind_junk() -> None:
    for line in (b"'" + sentence(SINGLE) + b"'", b"?! " + sentence(SINGLE) + b" end", b"\x00\xff" + sentence(SINGLE)):
        [record] = Feed().read(line)
        assert record.sentences == (sentence(SINGLE).decode(),)
        assert record.defect is None


def test_lines_may_end_in_carriage_returns_alone() -> None:
    lines = [b"2021-11-01T13:26:28Z " + sentence(SINGLE), b"2021-11-01T13:26:29Z " + sentence(SINGLE), b"text"]
    for repeated in (1, LONGEST_LINE):
        feed = Feed()
        records = feed.read(b"\r".join(lines * repeated))
        assert [record.event_time[17:19] for record in records] == ["28", "29"] * repeated
        assert (feed.tally.lines, feed.tally.sentence_lines) == (1, 1)


def test_a_prefix_may_begin_like_another_format() -> None:
    for prefix in (b"[2021-11-01T13:26:28Z] ", b"<13>1 2021-11-01T13:26:28Z ais: ", b"{2021-11-01T13:26:28Z} "):
        feed = Feed()
        lines = [sentence(SINGLE), prefix + sentence(SINGLE), prefix + sentence(SINGLE)[:-1], sentence(SINGLE)]
        out: list[Taken] = []
        assert feed.framer.read(lines, 0, Moment(NOW, 0), out) == len(lines)
        assert [record.time_source for record in raws(out)] == ["received", "prefix", "prefix", "received"]


def test_joins_the_parts_of_a_message_in_any_order() -> None:
    [record] = Feed().read(sentence(SECOND), sentence(FIRST))
    assert record.sentences == (sentence(FIRST).decode(), sentence(SECOND).decode())


def test_joins_nine_parts_one_of_them_empty() -> None:
    bodies = [f"AIVDM,9,{number},1,B,{'' if number == 4 else '0000'},0" for number in range(1, 10)]
    [record] = Feed().read(*map(sentence, bodies))
    assert record.sentences == tuple(sentence(body).decode() for body in bodies)


def test_joins_nine_parts_that_come_backwards_with_others_between() -> None:
    bodies = [f"AIVDM,9,{number},1,B,0000,0" for number in range(1, 10)]
    lines = [line for body in reversed(bodies) for line in (sentence(body), sentence(body.replace(",1,B", ",2,B")))]
    assert [len(record.sentences) for record in Feed().read(*lines)] == [9, 9]


def test_a_later_part_that_lost_its_first_does_not_take_a_strangers() -> None:
    feed = Feed()
    others = [sentence(SECOND.replace(",5,", f",{number},")) for number in range(1, 5)]
    [record] = feed.read(sentence(SECOND.replace("P00", "P01")), *others, sentence(FIRST), sentence(SECOND))
    assert record.sentences == (sentence(FIRST).decode(), sentence(SECOND).decode())


def test_part_numbers_that_cannot_be_are_a_defect() -> None:
    for numbers in ("0,0", "1,0", "2,0", "2,3", "10,1"):
        [record] = Feed().read(sentence(FIRST.replace("2,1", numbers)))
        assert record.defect == "malformed"


def test_parts_of_different_stations_channels_and_sequences_are_kept_apart() -> None:
    lines = [
        tagged("s:one", FIRST),
        tagged("s:two", FIRST),
        sentence(FIRST.replace(",5,A,", ",5,B,")),
        sentence(FIRST.replace(",5,A,", ",6,A,")),
        tagged("s:two", SECOND),
    ]
    [record] = Feed().read(*lines)
    assert record.station == "two"


def test_later_parts_of_a_group_inherit_station_and_time() -> None:
    [record] = Feed().read(tagged("g:1-2-77,s:buoy,c:1671533231", FIRST), tagged("g:2-2-77", SECOND))
    assert (record.station, record.event_time) == ("buoy", "2022-12-20T10:47:11.000Z")


def test_a_group_of_long_ago_is_not_inherited_from() -> None:
    feed = Feed(patience=2)
    feed.read(tagged("1G1:77,s:buoy,c:1671533231", SINGLE), b"", b"", b"")
    [record] = feed.read(tagged("2G2:77", SINGLE))
    assert (record.station, record.time_source) == (None, "received")


def test_parts_of_one_group_join_though_stations_and_times_differ() -> None:
    lines = [tagged("g:1-2-77,s:one,c:1671533231", FIRST), tagged("g:2-2-77,s:two,c:1671533232", SECOND)]
    for order in (lines, lines[::-1]):
        [record] = Feed().read(*order)
        assert (record.station, record.event_time) == ("one", "2022-12-20T10:47:11.000Z")


def test_parts_of_two_groups_with_one_sequence_id_are_kept_apart() -> None:
    feed = Feed()
    [record] = feed.read(tagged("g:1-2-77", FIRST), tagged("g:1-2-78", FIRST), tagged("g:2-2-77", SECOND))
    assert record.tag_block == "g:1-2-77"


def test_nonsense_in_a_group_does_not_part_a_message() -> None:
    line = b"\\c:1662052384,s:FM112*00\\" + sentence(FIRST) + b"\\g:2-1-1*00\\" + sentence(SECOND)
    [record] = Feed().read(line)
    assert (record.station, record.event_time) == ("FM112", "2022-09-01T17:13:04.000Z")


def test_a_part_that_does_not_tell_its_station_joins_one_that_does() -> None:
    for lines in ([tagged("s:one", FIRST), sentence(SECOND)], [sentence(FIRST), tagged("s:one", SECOND)]):
        [record] = Feed().read(*lines, station="10.0.0.7")
        assert record.station == "one"


def test_the_time_of_a_message_is_its_first_parts() -> None:
    lines = [tagged("s:x,c:1698785948", FIRST), tagged("s:x,c:1698785947", SECOND)]
    for order in (lines, lines[::-1]):
        [record] = Feed().read(*order)
        assert record.event_time == "2023-10-31T20:59:08.000Z"


def test_a_message_without_time_has_that_of_the_receipt_of_its_first_part() -> None:
    feed = Feed()
    out: list[Taken] = []
    feed.framer.read([sentence(FIRST)], 0, Moment(NOW, 0), out)
    feed.framer.read([sentence(SECOND)], 0, Moment(NOW + 900, 900), out)
    [record] = out
    assert (record.event_time, record.received_at) == ("2026-01-02T03:04:05.678Z", "2026-01-02T03:04:06.578Z")


def test_a_part_that_never_comes_is_counted_as_incomplete() -> None:
    feed = Feed(patience=2)
    records = feed.read(sentence(FIRST), sentence(SINGLE), sentence(SINGLE), sentence(FIRST.replace(",5,", ",6,")))
    assert len(records) == 2
    assert feed.tally.incomplete == 1
    feed.framer.finish([])
    assert (feed.tally.incomplete, feed.tally.incomplete_sentences) == (2, 2)


def test_a_part_heard_twice_is_left_out_and_one_that_differs_begins_anew() -> None:
    feed = Feed()
    other = FIRST.replace("53m66", "53m67")
    [record] = feed.read(sentence(FIRST), sentence(FIRST), sentence(other), sentence(SECOND))
    assert record.sentences[0] == sentence(other).decode()
    assert (feed.tally.repeated_parts, feed.tally.incomplete) == (1, 1)


def test_lines_that_are_not_ais_are_counted_by_reason() -> None:
    feed = Feed()
    lines = [
        b"",
        b"\r",
        b"# hello " + sentence(SINGLE),
        rb"\s:x*00" + b"\\",
        b"$GPRMC,1*00",
        b"banner",
        b"x" * (LONGEST_LINE + 1),
        sentence(SINGLE).rjust(LONGEST_LINE + 1),
        b"!AIXXX,1*00",
        b",1541030400",
        b"2021-11-01T13:26:28.392",
        b"$PSHI,010,0003,0028,,,,,,*16",
        pghp("28"),
        b"{}",
    ]
    assert feed.read(*lines) == []
    assert dict(feed.tally.ignored) == {
        "blank": 2,
        "comment": 1,
        "tag_block_only": 1,
        "other_sentence": 2,
        "text": 2,
        "too_long": 2,
        "time_only": 2,
        "source_line": 2,
    }


def test_a_damaged_sentence_becomes_a_record_with_its_defect() -> None:
    [record] = Feed().read(sentence(SINGLE)[:-2] + b"00,r003669945,1429287142")
    assert (record.defect, record.event_time) == ("checksum", "2015-04-17T16:12:22.000Z")


def test_unfinished_messages_cannot_fill_memory() -> None:
    feed = Feed(patience=1 << 40)
    feed.read_at_once([tagged(f"s:{number}", FIRST) for number in range(MAX_OPEN_MESSAGES + 50)])
    assert feed.tally.incomplete == 50
    feed.framer.finish([])
    assert feed.tally.incomplete == MAX_OPEN_MESSAGES + 50


def test_parts_as_long_as_a_line_can_be_cannot_fill_memory() -> None:
    feed = Feed(patience=1 << 40)
    long = FIRST.replace("53m66", "0" * 4000)
    feed.read_at_once([sentence(long.replace("AI", f"{number:02d}")) for number in range(100)] * 9)
    feed.read_at_once([tagged(f"s:{number}", long) for number in range(500)])
    state = feed.framer.checkpoint()
    assert len(str(state)) < 2 * MOST_WAITING
    feed.framer.finish([])
    assert is_accounted_for(feed.tally, [])


def test_messages_whose_parts_follow_each_other_join_however_many_wait() -> None:
    parts = [sentence(FIRST.replace("AI", "BS")), sentence(SECOND.replace("AI", "BS"))]
    for waiting in (0, MAX_OPEN_MESSAGES - 2, MAX_OPEN_MESSAGES - 1, MAX_OPEN_MESSAGES):
        feed = Feed(patience=1 << 40)
        feed.read_at_once([tagged(f"s:{number}", FIRST) for number in range(waiting)])
        records = feed.read_at_once(parts * 3)
        assert [len(record.sentences) for record in records] == [2, 2, 2]
        assert is_accounted_for(feed.tally, records) is (waiting == 0)
        feed.framer.finish([])
        assert is_accounted_for(feed.tally, records)


def test_groups_cannot_fill_memory() -> None:
    feed = Feed(patience=1 << 40)
    feed.read_at_once([tagged(f"g:1-2-{number},s:x", SINGLE) for number in range(MAX_GROUPS + 50)])
    [old, new] = feed.read(tagged("g:2-2-49", SINGLE), tagged(f"g:2-2-{MAX_GROUPS + 49}", SINGLE))
    assert (old.station, new.station) == (None, "x")


def test_stops_at_a_line_of_another_format() -> None:
    for other in (b'{"a":1}', b"[1", b"<VESSELS>", b'{"nmea":"' + sentence(SINGLE) + b'"}'):
        for before in (1, 100):
            lines = [sentence(SINGLE)] * before + [other, sentence(SINGLE)]
            assert Feed().framer.read(lines, 0, Moment(NOW, 0), []) == before


def test_reads_the_line_it_was_called_for_whatever_it_is() -> None:
    feed = Feed()
    assert feed.framer.read([b"", b"{1", b"{2"], 1, Moment(NOW, 0), []) == 2
    assert feed.framer.read([b"{"] * 20, 3, Moment(NOW, 0), []) == 4
    assert feed.tally.ignored == {"text": 2}


def test_asks_whether_a_line_begins_a_table_only_when_it_may() -> None:
    asked: list[bytes] = []

    def claims(line: bytes) -> bool:
        asked.append(line)
        return line.startswith(b"mmsi")

    tally = Tally()
    framer = Framer("a.b", patience=9, times=EventTimes(0), tally=tally, claims=claims)
    lines = [
        b"first,ours",
        sentence(SINGLE),
        b"# a,b",
        b"$GPGLL,1",
        b"hello",
        b"a\tb",
        b"a;b",
        b"a|b",
        b"mmsi,lon",
        b"x,y",
    ]
    for copies in (1, 20):
        asked.clear()
        many = lines[:-2] * copies + lines[-2:]
        assert framer.read(many, 0, Moment(NOW, 0), []) == len(many) - 2
        assert asked[-1] == b"mmsi,lon"
        assert set(asked) <= {b"first,ours", b"# a,b", b"a\tb", b"a;b", b"a|b", b"mmsi,lon"}
    assert tally.lines == sum(len(lines[:-2]) * copies for copies in (1, 20))


def test_reads_sentences_that_another_format_wraps() -> None:
    feed = Feed()
    out: list[Taken] = []
    moment, wrapped_ms = Moment(NOW, 0, "10.0.0.7"), NOW - 5000
    text = sentence(SINGLE) + b"\r\n" + tagged("s:x,c:1671533231", SINGLE) + b"\n" + sentence(SINGLE) + b",1357134218"
    assert feed.framer.read_wrapped(text, moment, wrapped_ms, out)
    assert [record.time_source for record in out] == ["provider", "tag_block", "trailing"]
    assert out[0].event_time == "2026-01-02T03:04:00.678Z"
    assert not feed.framer.read_wrapped(b"$GPGLL,1*00", moment, wrapped_ms, out)
    assert not feed.framer.read_wrapped(b"", moment, None, out)
    assert (feed.tally.lines, feed.tally.ignored.total(), feed.tally.sentences, feed.tally.messages) == (0, 0, 3, 3)


def test_parts_that_are_wrapped_one_by_one_join() -> None:
    feed = Feed()
    out: list[Taken] = []
    for number, body in enumerate((FIRST, SECOND)):
        assert feed.framer.read_wrapped(sentence(body), Moment(NOW, number), NOW - 5000 + number, out)
    [record] = out
    assert (record.event_time, record.time_source) == ("2026-01-02T03:04:00.678Z", "provider")


def test_the_wrappers_time_is_not_for_lines_without_a_wrapper() -> None:
    feed = Feed()
    feed.framer.read_wrapped(sentence(SINGLE), Moment(NOW, 0), NOW - 5000, [])
    [record] = feed.read(sentence(SINGLE))
    assert record.time_source == "received"


def test_a_pghp_is_about_the_next_sentence_alone_and_only_with_its_checksum() -> None:
    own = sentence(SINGLE)[-2:].decode()
    for kept, other in ((pghp(own), pghp("")), (pghp(own.lower()), pghp(""))):
        for line in (kept, other):
            first, second = Feed().read(line, b"# note", b"", sentence(SINGLE), sentence(SINGLE))
            assert (first.event_time, first.time_source) == ("2014-04-10T13:30:29.165Z", "pghp")
            assert (first.station, second.station, second.time_source) == ("2190067", None, "received")
    [record] = Feed().read(pghp("28" if own != "28" else "29"), sentence(SINGLE))
    assert (record.station, record.time_source) == (None, "received")


def test_a_pghp_of_a_multi_part_message_has_the_checksums_of_all_its_parts() -> None:
    parts = [sentence(FIRST), sentence(SECOND)]
    both = f"{int(parts[0][-2:], 16) ^ int(parts[1][-2:], 16):02X}"
    for lines in ([pghp(both), *parts], [pghp(both), parts[0], pghp(both), parts[1]], [pghp(both), *parts[::-1]]):
        feed = Feed()
        [record] = feed.read(*lines)
        assert (record.event_time, record.station) == ("2014-04-10T13:30:29.165Z", "2190067")
        assert is_accounted_for(feed.tally, [record])
    wrong = f"{int(both, 16) ^ 0x7F:02X}"
    [record] = Feed().read(pghp(wrong), *parts)
    assert record.time_source == "received"


def test_a_pghp_with_a_wrong_checksum_or_a_time_that_cannot_be_is_not_believed() -> None:
    own = sentence(SINGLE)[-2:].decode()
    for line in (pghp(own)[:-2] + b"zz", pghp(own, at="2014,13,10,13,30,29,165"), pghp(own, at="2014,2,30,1,1,1,1")):
        [record] = Feed().read(line, sentence(SINGLE))
        assert record.time_source == "received"


def test_the_order_of_who_is_believed() -> None:
    own = sentence(SINGLE)[-2:].decode()
    prefix, trailing, tags = b"2021-11-01T13:26:28.392 ", b",r003669945,1429287142", block("s:x,c:1671533231")
    best_first = [
        (tags, pghp(own), prefix, trailing, "tag_block", "x"),
        (b"", pghp(own), prefix, trailing, "pghp", "r003669945"),
        (b"", b"", prefix, trailing, "trailing", "r003669945"),
        (b"", b"", prefix, b"", "prefix", "10.0.0.7"),
        (b"", pghp(own), b"", b"", "pghp", "2190067"),
        (b"", b"", b"", b"", "received", "10.0.0.7"),
    ]
    for tag, before, start, end, time_source, station in best_first:
        [record] = Feed().read(before, start + tag + sentence(SINGLE) + end, station="10.0.0.7")
        assert (record.time_source, record.station) == (time_source, station)
