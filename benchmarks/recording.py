"""A recording of three minutes made as long as wanted: each round begins where the last one ended, and is of other vessels.

Vessels of another round are the same ones under other numbers: one character of the payload that holds six bits of the MMSI is
turned, and the checksum with it. So nothing repeats, no vessel jumps back, and all types keep their share.
"""

import gzip
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parents[2] / "shared" / "data" / "raw_nmea" / "aishub_nmea_sample.log.gz"
ROUND_SECONDS = 180
START_S = 1_767_225_600  # 2026-01-01T00:00:00Z
STATIONS = 60
MMSI_CHARACTER = 2  # of a payload: bits 12 to 17, all of them of the MMSI (ITU-R M.1371-5: bits 8 to 37)
ALPHABET = bytes((*range(0x30, 0x58), *range(0x60, 0x78)))  # of the armour, by value
MOST_ROUNDS = len(ALPHABET)


class Line(NamedTuple):
    """A sentence cut where rounds differ: `head`, the character, `tail` up to the asterisk."""

    station: int
    at: int  # place of the message's first sentence, from which its time follows
    head: bytes
    character: int
    tail: bytes
    checksum: int


def lines(file: Path = FILE) -> list[bytes]:
    """The sentences of the recording, each with its line feed; empty when it is not at hand."""
    if not file.exists():
        return []
    return [line + b"\n" for line in gzip.decompress(file.read_bytes()).splitlines() if line.startswith(b"!")]


def rounds(sentences: list[bytes]) -> Iterator[bytes]:
    """Round after round, 64 in all, each line with a tag block that says its station and second."""
    firsts: dict[bytes, int] = {}
    cut = [_cut(at, sentence, firsts) for at, sentence in enumerate(sentences)]
    for number in range(MOST_ROUNDS):
        start = START_S + number * ROUND_SECONDS
        turned = {old: ALPHABET[(at + number) % MOST_ROUNDS] for at, old in enumerate(ALPHABET)}
        made = []
        for station, at, head, character, tail, checksum in cut:
            new = turned.get(character, character)
            block = _block(station, start + at * ROUND_SECONDS // len(cut))
            made.append(b"%b%b%c%b*%02X\n" % (block, head, new, tail, checksum ^ character ^ new))
        yield b"".join(made)


def _cut(at: int, sentence: bytes, firsts: dict[bytes, int]) -> Line:
    """Later parts of a message do not say a vessel: their first comma is what is turned, which no alphabet holds.

    All parts of a message are from one station and of one second; `firsts` has where the first part of each was.
    """
    body, _, end = sentence.rstrip().rpartition(b"*")
    fields = body.split(b",", 6)
    message = b",".join((fields[1], *fields[3:5]))
    if fields[2] == b"1":
        firsts[message] = at
    first = firsts.get(message, at)
    is_first = fields[2] == b"1" and len(fields[5]) > MMSI_CHARACTER
    turned = len(b",".join(fields[:5])) + 1 + MMSI_CHARACTER if is_first else body.index(b",")
    return Line(first % STATIONS, first, body[:turned], body[turned], body[turned + 1 :], int(end, 16))


@lru_cache(maxsize=STATIONS * ROUND_SECONDS)
def _block(station: int, second: int) -> bytes:
    body = b"s:r%02d,c:%d" % (station, second)
    checksum = 0
    for character in body:
        checksum ^= character
    return b"\\%b*%02X\\" % (body, checksum)
