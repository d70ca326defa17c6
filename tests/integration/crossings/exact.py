"""What crosses a line, by the slowest and most obvious computation: in fractions, each step with each part of the line.

Where a way meets the line at a corner, an end or a position, what counts is decided by moving the way a hair to the west and
a hair of that hair to the north: then each step crosses a part of the line within both or not at all.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

Point = tuple[Fraction, Fraction]
Line = Sequence[Point]

HAIR = Fraction(1, 10**18)  # far less than what is between any two points, lines and corners of a grid of sixteenths


class Fix(NamedTuple):
    """A position and when it was, in seconds."""

    at: Fraction
    place: Point


class Crossing(NamedTuple):
    """When, to within hairs, and seen along the line from its first point to its last."""

    at: Fraction
    from_left: bool


def crossings(way: Sequence[Fix], line: Line) -> list[Crossing]:
    """In the order of time."""
    found = [
        crossing
        for before, after in pairwise(way)
        for part in pairwise(line)
        if (crossing := _crossing(before, after, part))
    ]
    return sorted(found)


def is_inside(place: Point, ring: Line) -> bool:
    """Whether a closed ring goes around a place, moved by the same hair: a ray to the north meets it an odd number of times."""
    lon, lat = _moved(place)
    meets = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (x1 < lon) != (x2 < lon):
            meets += y1 + (lon - x1) / (x2 - x1) * (y2 - y1) > lat
    return meets % 2 == 1


def _crossing(before: Fix, after: Fix, part: Line) -> Crossing | None:
    """Solves before + share * step = first + along * stretch."""
    (x1, y1), (x2, y2) = part
    (lon1, lat1), (lon2, lat2) = _moved(before.place), _moved(after.place)
    step, stretch, apart = (lon2 - lon1, lat2 - lat1), (x2 - x1, y2 - y1), (x1 - lon1, y1 - lat1)
    turn = _cross(step, stretch)
    if turn == 0:
        return None
    share, along = _cross(apart, stretch) / turn, _cross(apart, step) / turn
    assert not {share, along} & {0, 1}, "a hair decides everything"
    if not (0 < share < 1 and 0 < along < 1):
        return None
    return Crossing(before.at + share * (after.at - before.at), from_left=turn > 0)


def _cross(one: Point, other: Point) -> Fraction:
    return one[0] * other[1] - one[1] * other[0]


def _moved(place: Point) -> Point:
    return place[0] - HAIR, place[1] + HAIR**2
