"""What reading tables costs on one core, beside the csv module alone: `python -m benchmarks.tables`.

The rows are made here, in the proportions of a national day: each ship repeats its static data in every row, one row in
twenty comes from a base station or an aid to navigation, a hundred rows have the same second.
"""

import csv
import random
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.cpu import least_seconds
from fairway import clock
from services.ingest.event_time import EventTimes
from services.ingest.formats.tables.table import TableFormat
from services.ingest.line_format import Moment, Taken, Tally

BASE_STATION = "2190064,56.716565,11.519042,Unknown value,,,,,Unknown,Unknown,,Undefined,,,,GPS,,Unknown,,AIS,,,,"
ROWS, SHIPS = 100_000, 2_000
CHUNK = 1_000  # lines a call, as files are read
RUNS = 3
DMA_HEADER = (
    "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,Ship type,"
    "Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type,A,B,C,D"
)
NOAA_HEADER = (
    "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,"
    "TransceiverClass"
)


def main() -> None:
    """Print a table of rows a second."""
    print("| table | rows/s | csv module alone, rows/s | ratio |\n|---|--:|--:|--:|")
    for line in rows(ROWS):
        print(line)


def rows(count: int) -> Iterator[str]:
    """Table rows: what, rows a second from bytes to records, the same for the bare csv module, ratio of the costs."""
    for name, made in FORMS.items():
        lines = list(made(count))
        read, bare = (least_seconds(partial(work, lines), RUNS) / len(lines) for work in (_read, _bare))
        yield f"| {name} | {1 / read:,.0f} | {1 / bare:,.0f} | {read / bare:.2f} |"


def _read(lines: list[bytes]) -> None:
    table = TableFormat("bench", times=EventTimes(600_000), tally=Tally())
    moment = Moment(clock.now_ms(), 0)
    for start in range(0, len(lines), CHUNK):
        out: list[Taken] = []
        table.read(lines[start : start + CHUNK], 0, moment, out)


def _bare(lines: list[bytes]) -> None:
    for start in range(0, len(lines), CHUNK):
        list(csv.reader([line.decode() for line in lines[start : start + CHUNK]]))


def aisdk(count: int) -> Iterator[bytes]:
    """A header and `count` rows as the Danish Maritime Authority publishes them."""
    chance = random.Random(1)
    ships = [_aisdk_ship(chance, number) for number in range(SHIPS)]
    yield DMA_HEADER.encode()
    for row in range(count):
        when = f"{row // 360000 % 24:02d}:{row // 6000 % 60:02d}:{row // 100 % 60:02d}"
        start, static = ships[chance.randrange(SHIPS)]
        if row % 20 == 0:
            yield f"26/04/2026 {when},Base Station,{BASE_STATION}".encode()
            continue
        speed = f"{chance.randrange(220) / 10},{chance.randrange(3600) / 10},{chance.randrange(360)}"
        moving = f"{chance.choice((0.0, 0.7, -1.1))},{speed}"
        place = f"{55 + chance.random():.6f},{10 + chance.random():.6f}"
        yield f"26/04/2026 {when},{start},{place},Under way using engine,{moving},{static}".encode()


def _aisdk_ship(chance: random.Random, number: int) -> tuple[str, str]:
    mmsi = 219_000_000 + number
    if number % 5 == 0:
        return f"Class B,{mmsi}", "Unknown,Unknown,,Undefined,,,,Undefined,,Unknown,,AIS,,,,"
    sides = f"{chance.randrange(200)},{chance.randrange(60)},{chance.randrange(30)},{chance.randrange(30)}"
    return (
        f"Class A,{mmsi}",
        f"{9_000_000 + number},OX{number},SHIP {number},Cargo,Category X,30,260,GPS,{chance.randrange(150) / 10},"
        f"PORT {number % 300},28/04/2026 08:00:00,AIS,{sides}",
    )


def marine_cadastre(count: int) -> Iterator[bytes]:
    """A header and `count` rows as NOAA publishes them."""
    chance = random.Random(2)
    yield NOAA_HEADER.encode()
    for row in range(count):
        number = chance.randrange(SHIPS)
        when = f"2023-01-11T{row // 360000 % 24:02d}:{row // 6000 % 60:02d}:{row // 100 % 60:02d}"
        place = f"{30 + chance.random():.5f},{-80 - chance.random():.5f}"
        moving = f"{chance.randrange(220) / 10},{chance.randrange(3600) / 10},{chance.choice((511.0, 179.0, 304.0))}"
        static = f"SHIP {number},IMO{9_000_000 + number},WDI{number},70,0.0,{200 + number % 90}.0,30.0,8.0,70.0,A"
        yield f"{366_000_000 + number},{when},{place},{moving},{static}".encode()


FORMS: dict[str, Callable[[int], Iterator[bytes]]] = {
    "aisdk, 26 columns": aisdk,
    "Marine Cadastre, 17 columns": marine_cadastre,
}


if __name__ == "__main__":
    main()
