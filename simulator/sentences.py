r"""Wraps an armoured payload in !AIVDM sentences, with an NMEA 4.10 tag block when asked.

\s:sim-1,c:1767225600021*60\!AIVDM,1,1,,A,13e4<lh01wP`q;NQ0>tqlGn00400,0*24
"""

from functools import lru_cache, reduce
from itertools import cycle
from operator import xor
from typing import Literal, NamedTuple

from simulator.encode import Armoured

PAYLOAD_CHARACTERS = 60  # fills a sentence to the 82 characters NMEA 0183 allows
SEQUENCE_IDS = 10  # 0..9 tell the parts of neighbouring messages apart
GROUP_IDS = 9_999
HEX = tuple(b"%02X" % byte for byte in range(256))

TagUnit = Literal["ms", "s"]


class SentenceWriter:
    """Writes sentences as one receiver would: channels take turns, sequence and group ids go round."""

    def __init__(self, tag_blocks: bool = True, tag_unit: TagUnit = "ms") -> None:
        self._tag_blocks = tag_blocks
        self._milliseconds_per_unit = 1 if tag_unit == "ms" else 1000
        self._channels = cycle((b"A", b"B"))
        self._sequence_ids = cycle(range(SEQUENCE_IDS))
        self._group_ids = cycle(range(1, GROUP_IDS + 1))

    def write(self, armoured: Armoured, station: bytes, epoch_ms: int) -> tuple[bytes, ...]:
        """The sentences of one message, without line ends."""
        channel = next(self._channels)
        if len(armoured.payload) > PAYLOAD_CHARACTERS:
            return self._write_parts(armoured, channel, station, epoch_ms)
        payload, fill_bits = armoured
        head, tail, before = _sentence_frame(channel, fill_bits)
        sentence = head + payload + tail + HEX[reduce(xor, payload, before)]
        return (self._tag(b"", station, epoch_ms) + sentence,) if self._tag_blocks else (sentence,)

    def _write_parts(self, armoured: Armoured, channel: bytes, station: bytes, epoch_ms: int) -> tuple[bytes, ...]:
        sequence_id = next(self._sequence_ids)
        parts = _cut(armoured)
        total = len(parts)
        sentences = tuple(
            sentence_of(b"AIVDM,%d,%d,%d,%b,%b,%d" % (total, number, sequence_id, channel, *part))
            for number, part in enumerate(parts, start=1)
        )
        if not self._tag_blocks:
            return sentences
        group_id = next(self._group_ids)
        groups = [b"g:%d-%d-%d" % (number, total, group_id) for number in range(1, total + 1)]
        # Source and time stand once, on the first sentence of the group.
        tags = [self._tag(groups[0] + b",", station, epoch_ms), *map(tag_block, groups[1:])]
        return tuple(tag + sentence for tag, sentence in zip(tags, sentences, strict=True))

    def _tag(self, group: bytes, station: bytes, epoch_ms: int) -> bytes:
        time = b"%d" % (epoch_ms // self._milliseconds_per_unit)
        if group:
            return tag_block(b"%bs:%b,c:%b" % (group, station, time))
        head, tail, before = _tag_frame(station)
        return head + time + tail % reduce(xor, time, before)


def sentence_of(body: bytes) -> bytes:
    """`body` between `!` and its checksum."""
    return b"!%b*%b" % (body, HEX[checksum(body)])


def tag_block(body: bytes) -> bytes:
    """`body` between backslashes, with its own checksum."""
    return b"\\%b*%b\\" % (body, HEX[checksum(body)])


def checksum(body: bytes) -> int:
    """The exclusive or of all bytes."""
    return reduce(xor, body, 0)


class _Frame(NamedTuple):
    """What stands around the part that changes from message to message, and the checksum of that."""

    head: bytes
    tail: bytes
    checksum: int


@lru_cache
def _sentence_frame(channel: bytes, fill_bits: int) -> _Frame:
    head, tail = b"AIVDM,1,1,,%b," % channel, b",%d" % fill_bits
    return _Frame(b"!" + head, tail + b"*", checksum(head + tail))


@lru_cache
def _tag_frame(station: bytes) -> _Frame:
    head = b"s:%b,c:" % station
    return _Frame(b"\\" + head, b"*%02X\\", checksum(head))


def _cut(armoured: Armoured) -> list[Armoured]:
    payload = armoured.payload
    pieces = [payload[n : n + PAYLOAD_CHARACTERS] for n in range(0, len(payload), PAYLOAD_CHARACTERS)]
    return [*(Armoured(piece, 0) for piece in pieces[:-1]), Armoured(pieces[-1], armoured.fill_bits)]
