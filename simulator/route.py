"""Turns a sea lane into the closed loop one ship sails: out on one side, back on the other, corners rounded."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from simulator.lanes import Lane, Position

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of 6,371 km
CORNER_M = 600.0  # a turn begins this long before its way-point
CORNER_STEPS = 8


class _Stretch(NamedTuple):
    """A straight piece; `course` is where it starts and `bend` how the course changes along it."""

    lon: float
    lat: float
    lon_per_m: float
    lat_per_m: float
    course: float
    bend: float


class Route:
    """A closed loop of stretches; a ship at any distance along it has a position and a course."""

    def __init__(self, corners: Sequence[Position]) -> None:
        stretches, lengths = _round_corners(corners)
        self._stretches = stretches
        self._starts = [0.0, *accumulate(lengths)][:-1]
        self.length_m = sum(lengths)

    def at(self, distance_m: float) -> tuple[float, float, float, float]:
        """Lon, lat, course, and its bend in degrees per metre, after `distance_m` metres round and round."""
        distance = distance_m % self.length_m
        index = bisect_right(self._starts, distance) - 1
        lon, lat, lon_per_m, lat_per_m, course, bend = self._stretches[index]
        along = distance - self._starts[index]
        return lon + lon_per_m * along, lat + lat_per_m * along, (course + bend * along) % 360, bend


@lru_cache(maxsize=256)
def route_along(lane: Lane, keep_right_m: float) -> Route:
    """The loop of a ship that keeps this far to starboard of the lane's way-points, both ways."""
    outbound = _shift_right(lane.waypoints, keep_right_m)
    inbound = _shift_right(lane.waypoints[::-1], keep_right_m)
    return Route(outbound + inbound)


def distance_m(here: Position, there: Position) -> float:
    """Metres between two points so near that the Earth is flat between them."""
    east, north = _east_north(here, there)
    return math.hypot(east, north)


def _east_north(here: Position, there: Position) -> tuple[float, float]:
    scale = math.cos(math.radians((here[1] + there[1]) / 2))
    return (there[0] - here[0]) * METRES_PER_DEGREE * scale, (there[1] - here[1]) * METRES_PER_DEGREE


def _course(here: Position, there: Position) -> float:
    return math.degrees(math.atan2(*_east_north(here, there))) % 360


def _turn(before: float, after: float) -> float:
    """Degrees from one course to another, the short way; positive to starboard."""
    return (after - before + 180) % 360 - 180


def _shift_right(points: Sequence[Position], metres: float) -> list[Position]:
    courses = [_course(here, there) for here, there in pairwise(points)]
    shifted = []
    for point, before, after in zip(points, [courses[0], *courses], [*courses, courses[-1]], strict=True):
        half_turn = _turn(before, after) / 2
        # On the bisector, so that both neighbouring legs end up the same distance from the lane.
        shifted.append(_move(point, before + half_turn + 90, metres / math.cos(math.radians(half_turn))))
    return shifted


def _move(point: Position, course: float, metres: float) -> Position:
    angle = math.radians(course)
    degrees = metres / METRES_PER_DEGREE
    lon = point[0] + degrees * math.sin(angle) / math.cos(math.radians(point[1]))
    return lon, point[1] + degrees * math.cos(angle)


def _round_corners(corners: Sequence[Position]) -> tuple[list[_Stretch], list[float]]:
    """The stretches of the loop and their lengths: each corner's curve, then the leg to the next."""
    curves = [
        _curve(corners[index - 1], corner, corners[(index + 1) % len(corners)]) for index, corner in enumerate(corners)
    ]
    stretches: list[_Stretch] = []
    lengths: list[float] = []
    for index, corner in enumerate(corners):
        curve, following = curves[index], curves[(index + 1) % len(curves)]
        courses = _course(corners[index - 1], corner), _course(corner, corners[(index + 1) % len(corners)])
        _add_curve(curve, courses, stretches, lengths)
        stretches.append(_straight(curve[-1], following[0], courses[1], 0.0))
        lengths.append(distance_m(curve[-1], following[0]))
    return stretches, lengths


def _add_curve(
    curve: Sequence[Position], courses: tuple[float, float], stretches: list[_Stretch], lengths: list[float]
) -> None:
    steps = list(pairwise(curve))
    step_lengths = [distance_m(here, there) for here, there in steps]
    bend = _turn(*courses) / sum(step_lengths)
    course = courses[0]
    for (here, there), length in zip(steps, step_lengths, strict=True):
        stretches.append(_straight(here, there, course, bend))
        lengths.append(length)
        course += bend * length


def _curve(before: Position, corner: Position, after: Position) -> list[Position]:
    """Points of a quadratic Bézier curve that leaves the first leg and joins the second smoothly."""
    legs = distance_m(before, corner), distance_m(corner, after)
    cut = min(CORNER_M, 0.4 * min(legs))
    start = _between(corner, before, cut / legs[0])
    end = _between(corner, after, cut / legs[1])
    shares = [step / CORNER_STEPS for step in range(CORNER_STEPS + 1)]
    return [_between(_between(start, corner, share), _between(corner, end, share), share) for share in shares]


def _between(here: Position, there: Position, share: float) -> Position:
    return here[0] + (there[0] - here[0]) * share, here[1] + (there[1] - here[1]) * share


def _straight(here: Position, there: Position, course: float, bend: float) -> _Stretch:
    length = distance_m(here, there)
    return _Stretch(*here, (there[0] - here[0]) / length, (there[1] - here[1]) / length, course, bend)
