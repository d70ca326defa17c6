"""Where a ship is and how it moves at any moment, as a pure function of the seconds since the start."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from simulator.route import METRES_PER_DEGREE, Route

KNOT = 1852 / 3600  # metres per second
SPEED_WAVE = 0.04  # a ship's speed drifts this share of it up and down, as sea and engine do
SWING_M = 60.0  # how far the antenna of a ship at anchor wanders with wind and tide
SWING_SECONDS = 6 * 3600  # between two turns of the tide


class State(NamedTuple):
    """Degrees, knots, degrees per minute; course None when the ship does not move over ground."""

    lon: float
    lat: float
    sog: float
    course: float | None
    heading: float
    rot: float


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Sails a route from `start_m` at `knots` on average, a little faster and slower in waves."""

    route: Route
    start_m: float
    knots: float
    wave_seconds: float
    wave_phase: float

    def at(self, seconds: float) -> State:
        """The distance is the exact integral of the speed, so any two reports agree with it."""
        frequency = math.tau / self.wave_seconds
        phase = frequency * seconds + self.wave_phase
        wave_seconds = SPEED_WAVE * (math.cos(self.wave_phase) - math.cos(phase)) / frequency
        lon, lat, course, bend = self.route.at(self.start_m + self.knots * KNOT * (seconds + wave_seconds))
        sog = self.knots * (1 + SPEED_WAVE * math.sin(phase))
        rot = bend * sog * KNOT * 60 if bend else 0.0
        return State(lon, lat, sog, course, course, rot)


@dataclass(frozen=True, slots=True)
class AtAnchor:
    """Swings round its anchor with the tide, hardly moving."""

    lon: float
    lat: float
    phase: float

    def at(self, seconds: float) -> State:
        """The ship hangs behind its anchor and points at it."""
        angle = self.phase + math.tau * seconds / SWING_SECONDS
        degrees = SWING_M / METRES_PER_DEGREE
        lon = self.lon - degrees * math.sin(angle) / math.cos(math.radians(self.lat))
        lat = self.lat - degrees * math.cos(angle)
        heading = math.degrees(angle) % 360
        return State(lon, lat, SWING_M * math.tau / SWING_SECONDS / KNOT, (heading - 90) % 360, heading, 0.0)


@dataclass(frozen=True, slots=True)
class Moored:
    """Lies at a quay."""

    lon: float
    lat: float
    heading: float

    def at(self, seconds: float) -> State:
        """The same at every moment; a ship that lies still has no course over ground."""
        return State(self.lon, self.lat, 0.0, None, self.heading, 0.0)


Motion = UnderWay | AtAnchor | Moored
