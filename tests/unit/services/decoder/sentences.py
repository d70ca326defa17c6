"""Builders for tests of the decoder: raw records, and sentences made bit by bit."""

from functools import reduce
from operator import xor

from fairway.records import Decoded, Raw, Rejected
from services.decoder.decoding import decode_one
from services.decoder.rules import Values

EVENT_TIME = "2026-01-02T03:04:05.000Z"
ARMOUR = "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw"
SIX_BIT = "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_ !\"#$%&'()*+,-./0123456789:;<=>?"

# Bits of a full message of each type; of types 22, 24, 25 and 26 see their own tests
FULL_LENGTH = {
    1: 168,
    2: 168,
    3: 168,
    4: 168,
    5: 424,
    6: 168,
    7: 168,
    8: 168,
    9: 168,
    10: 72,
    11: 168,
    12: 168,
    13: 168,
    14: 168,
    15: 160,
    16: 144,
    17: 240,
    18: 168,
    19: 312,
    20: 160,
    21: 272,
    22: 168,
    23: 160,
    24: 168,
    25: 168,
    26: 200,
    27: 96,
    28: 168,
}


def raw(*sentences: str, event_time: str = EVENT_TIME, defect: str | None = None) -> Raw:
    """The sentences as ingest would hand them on."""
    return Raw(
        source="coastal.test",
        station="st1",
        event_time=event_time,
        received_at="2026-01-02T03:04:06.000Z",
        time_source="tag_block",
        sentences=sentences,
        defect=defect,
    )


def with_checksum(body: str) -> str:
    """`AIVDM,…,0` as a sentence."""
    return f"!{body}*{reduce(xor, body.encode(), 0):02X}"


def sentence(value: int, length: int) -> str:
    """One sentence that carries the `length` low bits of `value`, however many."""
    fill = -length % 6
    padded = value << fill
    characters = (length + fill) // 6
    text = "".join(ARMOUR[padded >> 6 * place & 63] for place in reversed(range(characters)))
    return with_checksum(f"AIVDM,1,1,,A,{text},{fill}")


def bits(msg_type: int, *spans: tuple[int, int, int], length: int | None = None) -> int:
    """A message of zeros but for its type and the given spans: offset, width, value (negative in two's complement)."""
    size = length or FULL_LENGTH[msg_type]
    number = msg_type << (size - 6)
    for offset, width, value in spans:
        number |= (value & ((1 << width) - 1)) << (size - offset - width)
    return number


def six_bit(text: str) -> int:
    """The number that six-bit `text` is."""
    return reduce(lambda number, character: number << 6 | SIX_BIT.index(character), text, 0)


def decode(*sentences: str, event_time: str = EVENT_TIME) -> Values:
    """The fields of the decoded message. Fails the test when it is rejected."""
    record = decode_one(raw(*sentences, event_time=event_time))
    assert isinstance(record, Decoded), record
    return {name: getattr(record, name) for name in record.__struct_fields__}


def decode_bits(msg_type: int, *spans: tuple[int, int, int], length: int | None = None) -> Values:
    """The fields of a message made by `bits`."""
    size = length or FULL_LENGTH[msg_type]
    return decode(sentence(bits(msg_type, *spans, length=size), size))


def reason(*sentences: str) -> str:
    """Why the message is rejected. Fails the test when it is decoded."""
    record = decode_one(raw(*sentences))
    assert isinstance(record, Rejected), record
    return record.reason
