"""Position sentences of any number of vessels, some millions a second: for curves over counts of messages and vessels.

Every vessel speaks in turn (message 1) and moves a little between two of its reports. Bits are put together as columns:
six at a time make a character of the armour (IEC 61162-1), and the bytes of a line are the columns of a matrix.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HEAD, FILL = b"!AIVDM,1,1,,A,", b",0*"
CHARACTERS = 28  # 168 bits
FIRST_MMSI = 200_000_000
ROWS = 100_000  # made at once
DEGREE = 600_000  # 1/10,000 minutes
STEP = 60  # 1/10,000 minutes between two reports of a vessel: 11 m
_ALPHABET = np.frombuffer(bytes((*range(0x30, 0x58), *range(0x60, 0x78))), np.uint8)
_HEXADECIMAL = np.frombuffer(b"0123456789ABCDEF", np.uint8)

Columns = NDArray[np.int64]


def write(path: Path, count: int, vessels: int, first: int = FIRST_MMSI) -> Path:
    """A file of `count` sentences of `vessels` vessels."""
    with path.open("wb") as file:
        file.writelines(sentences(count, vessels, first))
    return path


def sentences(count: int, vessels: int, first: int = FIRST_MMSI) -> Iterator[bytes]:
    """Pieces of up to ROWS lines; the vessels' numbers begin at `first`."""
    for start in range(0, count, ROWS):
        number = np.arange(start, min(start + ROWS, count), dtype=np.int64)
        yield _lines(number % vessels, number // vessels, first).tobytes()


def _lines(vessel: Columns, report: Columns, first: int) -> NDArray[np.uint8]:
    start, end = len(HEAD), len(HEAD) + CHARACTERS
    matrix = np.empty((len(vessel), end + len(FILL) + 3), np.uint8)
    matrix[:, :start] = np.frombuffer(HEAD, np.uint8)
    matrix[:, start:end] = _payload(vessel, report, first)
    matrix[:, end : end + len(FILL)] = np.frombuffer(FILL, np.uint8)
    checksum = np.bitwise_xor.reduce(matrix[:, 1 : end + len(FILL) - 1], axis=1)
    matrix[:, -3] = _HEXADECIMAL[checksum >> 4]
    matrix[:, -2] = _HEXADECIMAL[checksum & 15]
    matrix[:, -1] = ord("\n")
    return matrix


def _payload(vessel: Columns, report: Columns, first: int) -> NDArray[np.uint8]:
    """Message 1 (M.1371-5, annex 8, 3.1): all but the fields below is zero, or not available."""
    scattered = vessel * 7_919  # a prime: neighbours in number are none in place
    lon = scattered % 340 * DEGREE - 170 * DEGREE + scattered // 340 % DEGREE + report * STEP
    lat = scattered % 130 * DEGREE - 65 * DEGREE + scattered // 130 % DEGREE
    fields = (
        (6, np.full_like(vessel, 1)),
        (2, np.zeros_like(vessel)),
        (30, first + vessel),
        (4, np.zeros_like(vessel)),
        (8, np.full_like(vessel, 128)),  # no rate of turn
        (10, vessel % 200),
        (1, vessel % 2),
        (28, lon),
        (27, lat),
        (12, (vessel + report) % 3600),
        (9, vessel % 360),
        (6, report % 60),
        (25, vessel % (1 << 19)),
    )
    bits = np.concatenate([_bits(value, width) for width, value in fields], axis=1)
    sixes: NDArray[np.uint8] = bits.reshape(len(vessel), CHARACTERS, 6) @ np.array((32, 16, 8, 4, 2, 1), np.uint8)
    return _ALPHABET[sixes]


def _bits(value: Columns, width: int) -> NDArray[np.uint8]:
    """The lowest `width` bits, the most significant one first."""
    return (value[:, None] >> np.arange(width - 1, -1, -1) & 1).astype(np.uint8)
