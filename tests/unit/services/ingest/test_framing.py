"""From lines to raw records."""

from hypothesis import given
from hypothesis import strategies as st

from fairway import clock
from fairway.records import Raw
from services.ingest.framing import MAX_OPEN_MESSAGES, Framer
from services.ingest.nmea import checksum

NOW = clock.to_ms("2026-01-02T03:04:05.678Z")
SINGLE = "AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0"
FIRST = "AIVDM,2,1,5,A,53m66:800000h4l4000pu8LD000000000000000S2`t666JW0;hQDQiC,0"
SECOND = "AIVDM,2,2,5,A,P00000000000008,2"


def sentence(body: str) -> bytes:
    return f"!{body}*{checksum(body.encode()):02X}".encode()


def tagged(tags: str, body: str) -> bytes:
    return f"\\{tags}*{checksum(tags.encode()):02X}\\".encode() + sentence(body)


def framer(patience: int = 1000) -> Framer:
    return Framer("coastal.test", patience=patience, future_ms=60_000)


def frame(framer: Framer, *lines: bytes, station: str | None = None) -> list[Raw]:
    records = (framer.frame(line, tick=tick, received_ms=NOW, station=station) for tick, line in enumerate(lines))
    return [record for record in records if record is not None]


def test_a_bare_sentence_takes_its_time_from_our_clock() -> None:
    [record] = frame(framer(), sentence(SINGLE) + b"\r", station="10.0.0.7")
    assert record == Raw(
        source="coastal.test",
        station="10.0.0.7",
        event_time="2026-01-02T03:04:05.678Z",
        received_at="2026-01-02T03:04:05.678Z",
        time_source="received",
        sentences=(sentence(SINGLE).decode(),),
    )


def test_a_tag_block_gives_station_and_time() -> None:
    [record] = frame(framer(), tagged("s:2573535,c:1671533231", SINGLE), station="10.0.0.7")
    assert (record.station, record.event_time, record.time_source) == (
        "2573535",
        "2022-12-20T10:47:11.000Z",
        "tag_block",
    )
    assert record.tag_block == "s:2573535,c:1671533231"


def test_a_tag_block_time_may_be_in_milliseconds() -> None:
    [record] = frame(framer(), tagged("c:1671533231123", SINGLE))
    assert record.event_time == "2022-12-20T10:47:11.123Z"


def test_a_tag_block_with_a_wrong_checksum_is_not_believed_but_its_sentence_is() -> None:
    feed = framer()
    [record] = frame(feed, b"\\s:2573535,c:1671533231*00\\" + sentence(SINGLE))
    assert (record.station, record.time_source, record.defect) == (None, "received", None)
    assert feed.tally.bad_tag_blocks == 1


def test_times_outside_reason_are_a_defect() -> None:
    early, late = frame(framer(), tagged("c:946684799", SINGLE), tagged(f"c:{NOW // 1000 + 61}", SINGLE))
    assert (early.defect, late.defect) == ("time_before_2000", "time_in_future")


def test_a_time_beyond_the_calendar_is_a_defect_not_a_failure() -> None:
    [record] = frame(framer(), tagged("c:999999999999999", SINGLE))
    assert record.defect == "time_in_future"


def test_joins_the_parts_of_a_message_in_any_order() -> None:
    [record] = frame(framer(), sentence(SECOND), sentence(FIRST))
    assert record.sentences == (sentence(FIRST).decode(), sentence(SECOND).decode())


def test_parts_of_different_stations_channels_and_sequences_are_kept_apart() -> None:
    lines = [
        tagged("s:one", FIRST),
        tagged("s:two", FIRST),
        sentence(FIRST.replace(",5,A,", ",5,B,")),
        sentence(FIRST.replace(",5,A,", ",6,A,")),
        tagged("s:two", SECOND),
    ]
    [record] = frame(framer(), *lines)
    assert record.station == "two"


def test_later_parts_of_a_group_inherit_station_and_time() -> None:
    [record] = frame(framer(), tagged("g:1-2-77,s:buoy,c:1671533231", FIRST), tagged("g:2-2-77", SECOND))
    assert (record.station, record.event_time) == ("buoy", "2022-12-20T10:47:11.000Z")


def test_a_part_that_never_comes_is_counted_as_incomplete() -> None:
    feed = framer(patience=2)
    records = frame(feed, sentence(FIRST), sentence(SINGLE), sentence(SINGLE), sentence(FIRST.replace(",5,", ",6,")))
    assert len(records) == 2
    assert feed.tally.incomplete == 1
    feed.finish()
    assert (feed.tally.incomplete, feed.tally.incomplete_sentences) == (2, 2)


def test_a_part_heard_twice_is_ignored_and_one_that_differs_begins_anew() -> None:
    feed = framer()
    other = FIRST.replace("53m66", "53m67")
    [record] = frame(feed, sentence(FIRST), sentence(FIRST), sentence(other), sentence(SECOND))
    assert record.sentences[0] == sentence(other).decode()
    assert (feed.tally.ignored["repeated_part"], feed.tally.incomplete) == (1, 1)


def test_lines_that_are_not_ais_are_counted_by_reason() -> None:
    feed = framer()
    lines = [b"", b"# hello", rb"\s:x*00" + b"\\", b"$GPRMC,1*00", b"banner", b"x" * 5000, b"!AIXXX,1*00"]
    assert frame(feed, *lines) == []
    assert dict(feed.tally.ignored) == {
        "blank": 1,
        "comment": 1,
        "tag_block_only": 1,
        "other_sentence": 2,
        "text": 1,
        "too_long": 1,
    }


def test_a_damaged_sentence_becomes_a_record_with_its_defect() -> None:
    [record] = frame(framer(), sentence(SINGLE)[:-2] + b"00")
    assert record.defect == "checksum"


def test_unfinished_messages_cannot_fill_memory() -> None:
    feed = framer(patience=1 << 40)
    lines = [tagged(f"s:{number}", FIRST) for number in range(MAX_OPEN_MESSAGES + 50)]
    frame(feed, *lines)
    assert len(feed._open) <= MAX_OPEN_MESSAGES
    assert feed.tally.incomplete == 50


LINES = st.one_of(
    st.binary(max_size=100),
    st.sampled_from([SINGLE, FIRST, SECOND]).map(sentence),
    st.sampled_from([SINGLE, FIRST, SECOND]).map(lambda body: tagged("g:1-2-3,s:x,c:1671533231", body)),
    st.tuples(st.sampled_from([SINGLE, FIRST, SECOND]).map(sentence), st.integers(0, 60), st.binary(max_size=3)).map(
        lambda edit: edit[0][: edit[1]] + edit[2] + edit[0][edit[1] :]
    ),
)


@given(st.lists(LINES, max_size=60))
def test_every_line_is_accounted_for(lines: list[bytes]) -> None:
    feed = framer(patience=10)
    records = frame(feed, *lines)
    feed.finish()
    tally = feed.tally
    assert tally.lines == len(lines) == tally.sentences + tally.ignored.total()
    assert tally.sentences == sum(len(record.sentences) for record in records) + tally.incomplete_sentences
    assert tally.messages == len(records)
