"""Sentences and tag blocks have the form and the checksums of NMEA 0183."""

import re
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st
from pyais.messages import NMEASentenceFactory, TagBlock

from simulator.encode import Armoured, encode
from simulator.sentences import SentenceWriter, checksum

SHORT = encode("1", {"mmsi": 219000001})
LONG = encode("5", {"mmsi": 219000001, "name": "NORDIC DAWN"})
EPOCH_MS = 1_767_225_600_678


def is_right(line: bytes) -> bool:
    """Whether every checksum on the line is that of the characters before it."""
    blocks = re.findall(rb"[\\!]([^*\\!]+)\*([0-9A-F]{2})", line)
    return bool(blocks) and all(reduce(lambda a, b: a ^ b, body) == int(written, 16) for body, written in blocks)


@given(st.binary(max_size=100))
def test_the_checksum_is_the_exclusive_or_of_all_bytes(body: bytes) -> None:
    expected = 0
    for byte in body:
        expected ^= byte
    assert checksum(body) == expected


def test_channels_take_turns() -> None:
    writer = SentenceWriter(tag_blocks=False)

    channels = [writer.write(SHORT, b"sim-1", 0)[0].split(b",")[4] for _ in range(4)]

    assert channels == [b"A", b"B", b"A", b"B"]


def test_a_short_message_is_one_sentence_with_a_right_checksum() -> None:
    (sentence,) = SentenceWriter(tag_blocks=False).write(SHORT, b"sim-1", 0)

    assert sentence.startswith(b"!AIVDM,1,1,,A,1")
    assert is_right(sentence)


def test_a_static_message_is_two_sentences_of_one_sequence_id_and_channel() -> None:
    first, second = SentenceWriter(tag_blocks=False).write(LONG, b"sim-1", 0)

    assert first.startswith(b"!AIVDM,2,1,0,A,")
    assert second.startswith(b"!AIVDM,2,2,0,A,")
    assert is_right(first)
    assert is_right(second)


def test_no_sentence_is_longer_than_82_characters_with_its_line_end() -> None:
    first, _ = SentenceWriter(tag_blocks=False).write(LONG, b"sim-1", 0)

    assert len(first) + len(b"\r\n") == 82


def test_sequence_ids_go_round_from_0_to_9() -> None:
    writer = SentenceWriter(tag_blocks=False)

    ids = [int(writer.write(LONG, b"sim-1", 0)[0].split(b",")[3]) for _ in range(12)]

    assert ids == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]


def test_a_tag_block_carries_station_and_milliseconds() -> None:
    (line,) = SentenceWriter().write(SHORT, b"sim-1", EPOCH_MS)

    assert line.startswith(b"\\s:sim-1,c:1767225600678*")
    assert is_right(line)


def test_a_tag_block_can_carry_whole_seconds() -> None:
    (line,) = SentenceWriter(tag_unit="s").write(SHORT, b"sim-1", EPOCH_MS)

    assert line.startswith(b"\\s:sim-1,c:1767225600*")
    assert is_right(line)


def test_parts_are_grouped_and_only_the_first_repeats_station_and_time() -> None:
    writer = SentenceWriter()
    writer.write(LONG, b"sim-1", EPOCH_MS)

    first, second = writer.write(LONG, b"sim-1", EPOCH_MS)

    assert first.startswith(b"\\g:1-2-2,s:sim-1,c:1767225600678*")
    assert second.startswith(b"\\g:2-2-2*")
    assert is_right(first)
    assert is_right(second)


def test_pyais_accepts_the_tag_block() -> None:
    (line,) = SentenceWriter(tag_unit="s").write(SHORT, b"sim-1", EPOCH_MS)

    tag_block: TagBlock | None = NMEASentenceFactory.produce(line).tag_block

    assert tag_block is not None
    tag_block.init()
    assert tag_block.is_valid
    assert tag_block.source_station == "sim-1"
    assert int(tag_block.receiver_timestamp or 0) == 1767225600


def test_fill_bits_stand_on_the_last_part() -> None:
    first, second = SentenceWriter(tag_blocks=False).write(Armoured(b"0" * 71, 2), b"sim-1", 0)

    assert b",0*" in first
    assert b",2*" in second
