"""Who crosses a line, from how the simulated ships move and not from what they report: sampled finely, then roots are found."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from simulator.motion import Motion
from simulator.route import METRES_PER_DEGREE

SAMPLE_SECONDS = 4.0  # who crosses and comes back within this is not seen
ROUNDING_METRES = (
    0.2  # reports are rounded to 1/10,000 of a minute, records to a millionth of a degree: half of each, both ways
)
WINDOWS = 16  # in which a way between two reports may lie about a crossing, and places looked at on each

Point = tuple[float, float]
Line = Sequence[Point]


class Crossing(NamedTuple):
    """Seconds since the start; `part` is which part of the line was crossed."""

    at: float
    mmsi: int
    from_left: bool
    lon: float
    lat: float
    part: tuple[Point, Point]


class Tolerance(NamedTuple):
    """How far what is found between reports may be from the truth."""

    seconds: float
    metres: float


class Path(NamedTuple):
    """How a ship moves, and where it is at every sample."""

    mmsi: int
    motion: Motion
    begin: float
    places: list[Point]

    def crossings(self, line: Line) -> Iterator[Crossing]:
        """Those of each part of the line in the order of time."""
        for first, last in pairwise(line):
            sides = [_side(place, first, last) for place in self.places]
            for number, (before, after) in enumerate(pairwise(sides)):
                if (before > 0) != (after > 0):
                    crossing = self._root(self.begin + number * SAMPLE_SECONDS, before > 0, (first, last))
                    if _is_within(crossing):
                        yield crossing

    def _root(self, low: float, from_left: bool, part: tuple[Point, Point]) -> Crossing:
        high = low + SAMPLE_SECONDS
        for _ in range(40):
            middle = (low + high) / 2
            if (_side(place_at(self.motion, middle), *part) > 0) == from_left:
                low = middle
            else:
                high = middle
        return Crossing(low, self.mmsi, from_left, *place_at(self.motion, low), part)


def path(mmsi: int, motion: Motion, begin: float, end: float) -> Path:
    """Sampled from `begin` to `end`, seconds since the start."""
    samples = range(int((end - begin) / SAMPLE_SECONDS) + 1)
    return Path(mmsi, motion, begin, [place_at(motion, begin + SAMPLE_SECONDS * number) for number in samples])


def tolerance(motion: Motion, crossing: Crossing, pause: float) -> Tolerance:
    """What a straight and even way between two reports, at most `pause` seconds apart, gets wrong at this crossing.

    It leaves the true way by so many metres; it crosses within the time in which the ship is not further than that from the line.
    """
    begins = [crossing.at - pause * share for share in _SHARES]
    metres = ROUNDING_METRES + max(_bow(motion, begin, pause) for begin in begins)
    away = [
        seconds
        for seconds in (pause * number / 1000 for number in range(1, 1001))
        if all(_metres_off(motion, crossing, crossing.at + way * seconds) > metres for way in (-1, 1))
    ]
    seconds = min(away, default=pause)
    speed = metres_between(place_at(motion, crossing.at), place_at(motion, crossing.at + 1))
    return Tolerance(seconds, metres + speed * seconds)


def place_at(motion: Motion, seconds: float) -> Point:
    state = motion.at(seconds)
    return state.lon, state.lat


def metres_between(here: Point, there: Point) -> float:
    """On a plane, which a few kilometres are."""
    return math.hypot(*_metres(here, there))


_SHARES = [number / WINDOWS for number in range(WINDOWS + 1)]


def _bow(motion: Motion, begin: float, pause: float) -> float:
    """How far the ship is at most from where it would be if it went straight and evenly."""
    (lon1, lat1), (lon2, lat2) = place_at(motion, begin), place_at(motion, begin + pause)
    return max(
        metres_between(
            place_at(motion, begin + share * pause), (lon1 + share * (lon2 - lon1), lat1 + share * (lat2 - lat1))
        )
        for share in _SHARES
    )


def _metres_off(motion: Motion, crossing: Crossing, at: float) -> float:
    first, last = crossing.part
    east, north = _metres(first, last)
    to_east, to_north = _metres(first, place_at(motion, at))
    return abs(east * to_north - north * to_east) / math.hypot(east, north)


def _metres(here: Point, there: Point) -> Point:
    scale = math.cos(math.radians(here[1]))
    return (there[0] - here[0]) * METRES_PER_DEGREE * scale, (there[1] - here[1]) * METRES_PER_DEGREE


def _side(place: Point, first: Point, last: Point) -> float:
    return (last[0] - first[0]) * (place[1] - first[1]) - (last[1] - first[1]) * (place[0] - first[0])


def _is_within(crossing: Crossing) -> bool:
    """Whether it is between the ends of the part, rather than on the line through them."""
    (x1, y1), (x2, y2) = crossing.part
    along = (crossing.lon - x1) * (x2 - x1) + (crossing.lat - y1) * (y2 - y1)
    return 0 <= along < (x2 - x1) ** 2 + (y2 - y1) ** 2
