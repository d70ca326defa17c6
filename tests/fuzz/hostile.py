"""Lines made to fill memory: each kind never says the same twice. Measures what is held after half of them and after all.

python -m tests.fuzz.hostile 600000       lines of each kind
"""

import gc
import json
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import count, islice

from simulator.sentences import sentence_of, tag_block
from tests.fuzz import target

CHUNK = 500

Lines = Iterator[bytes]


def _first_parts() -> Lines:
    """First halves of messages whose second halves never come, each by another station."""
    for number in count():
        yield tag_block(b"s:st%d,c:1700000000" % number) + sentence_of(
            b"AIVDM,2,1,%d,A,55P5TL01VIaAL@,0" % (number % 10)
        )


def _groups() -> Lines:
    for number in count():
        block = tag_block(b"g:1-2-%d,s:x,c:%d" % (number, 1_700_000_000 + number))
        yield block + sentence_of(b"AIVDM,2,1,%d,B,55P5TL01VIaAL@,0" % (number % 10))


def _channels() -> Lines:
    for number in count():
        yield sentence_of(b"AIVDM,9,%d,%d,%d,55P5TL01VIaAL@,0" % (number % 8 + 1, number % 10, number))


def _blocks_alone() -> Lines:
    for number in count():
        yield tag_block(b"s:st%d,t:%s" % (number, b"x" * 300))


def _times_before() -> Lines:
    for number in count():
        second, milli = divmod(number, 1000)
        day, second = divmod(second, 86_400)
        clock = b"%02d:%02d:%02d" % (second // 3600, second // 60 % 60, second % 60)
        yield b"2021-01-%02d %s,%03d: " % (day % 28 + 1, clock, milli) + sentence_of(
            b"AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0"
        )


def _long_lines() -> Lines:
    for number in count():
        yield b"!AIVDM,1,1,,A,%d%s" % (number, b"w" * 3_000)


def _rows() -> Lines:
    yield b"MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo"
    for number in count():
        when = b"2017-12-%02dT%02d:%02d:00" % (number // 1440 % 28 + 1, number // 60 % 24, number % 60)
        yield b"%d,%s,36.%d,-76.%d,0.%d,131.0,352.0,SHIP %d,IMO%d,C%d,70,0,%d,,," % (
            100_000_000 + number,
            when,
            number,
            number,
            number,
            number,
            number,
            number,
            number % 400,
        )


def _headers() -> Lines:
    for number in count():
        yield b"MMSI,time,lat,lon,column%d" % number
        yield b"%d,2020-01-01T00:00:00Z,1,1,x" % number


def _open_documents() -> Lines:
    for number in count():
        yield b'{"vessel%d": [{"mmsi": %d, "list": [' % (number, number)


def _objects() -> Lines:
    for number in count():
        yield b'{"mmsi": %d, "lat": 1.5, "lon": 2.5, "timestamp": "2020-01-01T00:00:00Z", "key%d": "%d"}' % (
            number,
            number,
            number,
        )


def _elements() -> Lines:
    yield b"<VESSELS>"
    for number in count():
        yield b'<vessel MMSI="%d" TIME="1302264927" LONGITUDE="-818067" LATITUDE="30453520" NAME%d="x">' % (
            number,
            number,
        )


KINDS: dict[str, Callable[[], Lines]] = {
    "first parts": _first_parts,
    "groups": _groups,
    "channels": _channels,
    "tag blocks alone": _blocks_alone,
    "times before": _times_before,
    "long lines": _long_lines,
    "rows": _rows,
    "headers": _headers,
    "open documents": _open_documents,
    "objects": _objects,
    "elements": _elements,
}


def held(kind: str, lines: int) -> tuple[float, float]:
    """MiB held by the reader after half of the lines and after all of them."""
    reader = target.interpreter()
    stream = KINDS[kind]()
    gc.collect()
    tracemalloc.start()
    half = _feed(reader, stream, lines // 2)
    whole = _feed(reader, stream, lines - lines // 2)
    tracemalloc.stop()
    return half, whole


def _feed(reader: target.Interpreter, stream: Lines, lines: int) -> float:
    for _ in range(0, lines, CHUNK):
        target.feed(reader, list(islice(stream, CHUNK)))
    gc.collect()
    return tracemalloc.get_traced_memory()[0] / (1 << 20)


def main() -> int:
    """Prints a JSON object of kind to MiB; the exit status is 1 when the second half held a tenth and 2 MiB more."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 600_000
    measured = {kind: held(kind, lines) for kind in KINDS}
    print(json.dumps({kind: [round(half, 1), round(whole, 1)] for kind, (half, whole) in measured.items()}, indent=2))
    return 1 if any(whole > half * 1.1 + 2 for half, whole in measured.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
