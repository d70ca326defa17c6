"""Simulated ships about a line across their lane: they pass it, turn on it, pass beyond its end, lie beside it."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import NamedTuple

from simulator.fleet import ANCHORED, MOORED, UNDER_WAY, Fleet, make_fleet
from simulator.lanes import LANES
from simulator.motion import KNOT, SWING_M, AtAnchor, Moored, Motion, UnderWay
from simulator.route import METRES_PER_DEGREE, Route, route_along
from tests.integration.crossings.truth import Line, Point, path

START = datetime(2026, 1, 2, 22, tzinfo=UTC)
SECONDS = 4 * 3600.0
MIDNIGHT = 2 * 3600.0  # seconds after START

LANE = next(lane for lane in LANES if lane.name == "kattegat-oresund")
NEAR, FAR = LANE.keep_right_m  # metres from the middle of the lane, either way
LON, LAT = 12.025, 56.65  # on the lane's leg from (11.90, 56.80) to (12.15, 56.50)
GATE: Line = ((LON - 0.15, LAT), (LON + 0.15, LAT))
ZIGZAG: Line = ((11.90, 56.69), (12.15, 56.655), (11.92, 56.645), (12.14, 56.61))  # each part is across the lane

TRAFFIC = 10
ABOUT_MIDNIGHT = (-4.0, -2.0, -0.5, 1.0, 3.0)  # seconds from it: between two reports ten seconds apart
PAST, ACROSS = 60.0, 2500.0  # metres by which a ship that goes round is past the line where it turns
FIRST_SILENCE, SECOND_SILENCE = 1.0 * 3600, 3.0 * 3600  # the middles of two, seconds after START


class Silence(NamedTuple):
    """Seconds after START between which a ship is not heard."""

    begin: float
    end: float


class Scene(NamedTuple):
    """A fleet, and the MMSI of each of its ships with a part."""

    fleet: Fleet
    turns_past: int
    turns_short: int
    goes_round: int
    swings: int  # at anchor
    lies: int
    at_midnight: list[int]
    heard_again: int  # after less than an hour
    lost: int  # for longer
    silences: dict[int, Silence]


def scene(seed: int) -> Scene:
    """The same for the same seed."""
    rng = Random(seed)
    special: list[tuple[Motion, int]] = [
        (_going_round(PAST, rng), UNDER_WAY),
        (_going_round(-PAST, rng), UNDER_WAY),
        (_going_round(ACROSS, rng), UNDER_WAY),
        (AtAnchor(LON - 0.01, LAT + 0.7 * SWING_M / METRES_PER_DEGREE, phase=-1.2), ANCHORED),
        (Moored(LON + 0.01, LAT + 1 / METRES_PER_DEGREE, 90.0), MOORED),
    ]
    passing = [
        *(_passing(NEAR, 10 + offset, MIDNIGHT + offset, rng) for offset in ABOUT_MIDNIGHT),
        _passing(NEAR, 11, FIRST_SILENCE, rng),
        _passing(FAR, 11, SECOND_SILENCE, rng),
        *(
            _passing(rng.choice((NEAR, FAR)), rng.uniform(8, 19), rng.uniform(-3600, SECONDS + 3600), rng, number % 2)
            for number in range(TRAFFIC)
        ),
    ]
    motions = [*special, *((motion, UNDER_WAY) for motion in passing)]
    ships = [
        replace(ship, motion=motion, nav_status=status)
        for ship, (motion, status) in zip(make_fleet(len(motions), seed).ships, motions, strict=True)
    ]
    turns_past, turns_short, goes_round, swings, lies, *others = [ship.mmsi for ship in ships]
    at_midnight, (heard_again, lost) = others[: len(ABOUT_MIDNIGHT)], others[len(ABOUT_MIDNIGHT) :][:2]
    silences = {heard_again: _silence(FIRST_SILENCE, 50), lost: _silence(SECOND_SILENCE, 70)}
    return Scene(
        Fleet(seed, tuple(ships), (), ()),
        *(turns_past, turns_short, goes_round, swings, lies),
        *(at_midnight, heard_again, lost, silences),
    )


def moment(seconds: float) -> datetime:
    """So many seconds after START."""
    return START + timedelta(seconds=seconds)


def _silence(middle: float, minutes: float) -> Silence:
    return Silence(middle - minutes * 30, middle + minutes * 30)


def _passing(keep_right: float, knots: float, at: float, rng: Random, way: int = 0) -> UnderWay:
    """Sails the lane and crosses the line at a time, outbound (0) or inbound (1)."""
    route = route_along(LANE, keep_right)
    start_m = _metres_to_the_line(route)[way] - knots * KNOT * at
    motion = UnderWay(route, start_m, knots, rng.uniform(1200, 3600), rng.uniform(0, math.tau))
    for _ in range(3):  # speed comes in waves: each attempt is nearer by 25 times
        [crossing, *_] = path(0, motion, at - 300, at + 300).crossings(GATE)
        motion = replace(motion, start_m=motion.start_m + (crossing.at - at) * knots * KNOT)
    return motion


@cache
def _metres_to_the_line(route: Route) -> list[float]:
    """From the beginning of a route, to ten metres: where it is outbound, then inbound."""
    north = [route.at(10.0 * number)[1] > LAT for number in range(int(route.length_m / 10))]
    return [10.0 * number for number in range(1, len(north)) if north[number] != north[number - 1]]


def _going_round(past: float, rng: Random) -> UnderWay:
    """Round a triangle whose northern corner, which is rounded, is so many metres past the line."""
    northmost = max(lat for _, lat, _, _ in map(_triangle(LAT).at, map(float, range(10_000))))
    route = _triangle(2 * LAT - northmost + past / METRES_PER_DEGREE)
    return UnderWay(route, rng.uniform(0, route.length_m), 10.0, 1800.0, 0.0)


def _triangle(lat: float) -> Route:
    corners: list[Point] = [(LON, lat), (LON + 0.06, lat - 0.04), (LON - 0.06, lat - 0.04)]
    return Route(corners)
