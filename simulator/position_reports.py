"""Position reports: where a ship is, rounded as it is sent, so that the truth is what a decoder finds."""

from collections.abc import Mapping
from datetime import datetime
from random import Random

from simulator.encode import Template
from simulator.fields import (
    COG_MISSING,
    HEADING_MISSING,
    LATITUDE_MASK,
    LONGITUDE_MASK,
    ROT_MASK,
    ROT_MISSING,
    Value,
    degrees_to_raw,
    raw_to_degrees,
    raw_to_rot,
    rot_to_raw,
)
from simulator.fleet import ANCHORED, MOORED, Ship
from simulator.intervals import TURNING_DEGREES_PER_MINUTE, class_a_interval, class_b_interval
from simulator.motion import State
from simulator.report import Report

COURSE_NOISE_DEGREES = 1.5  # a steered course wanders up to this far to either side
HEADING_NOISE_DEGREES = 1.0
SPEED_NOISE_KNOTS = 0.1
VARYING = ("lon", "lat", "sog", "cog", "heading", "second")


class ClassAPosition:
    """Message 1; message 3 when the ship turns or lies still, whose slots are not the periodic ones."""

    def __init__(self, ship: Ship) -> None:
        self._ship = ship
        self._at_rest = ship.nav_status in (ANCHORED, MOORED)
        unchanging: Mapping[str, Value] = {"mmsi": ship.mmsi, "nav_status": ship.nav_status}
        self._periodic = Template("1", unchanging, (*VARYING, "rot"))
        self._special = Template("3", unchanging, (*VARYING, "rot"))

    def __call__(self, seconds: float, event_time: datetime, rng: Random) -> Report:
        ship = self._ship
        state = ship.motion.at(seconds)
        lon, lat, sog, cog, heading = _observe(state, ship.has_heading, rng)
        rot = rot_to_raw(state.rot) if ship.has_rot else ROT_MISSING
        is_special = self._at_rest or abs(state.rot) >= TURNING_DEGREES_PER_MINUTE
        truth = _truth(lon, lat, sog, cog, heading)
        truth["rot"] = raw_to_rot(rot) if ship.has_rot else None
        truth["nav_status"] = ship.nav_status
        template = self._special if is_special else self._periodic
        armoured = template.fill(
            lon & LONGITUDE_MASK, lat & LATITUDE_MASK, sog, cog, heading, event_time.second, rot & ROT_MASK
        )
        return Report(3 if is_special else 1, armoured, truth, self.interval(state))

    def interval(self, state: State) -> float:
        """Seconds until the next report of a ship that moves like this."""
        return class_a_interval(state.sog, state.rot, self._at_rest)


class ClassBPosition:
    """Message 18."""

    def __init__(self, ship: Ship) -> None:
        self._ship = ship
        self._template = Template("18", {"mmsi": ship.mmsi}, VARYING)

    def __call__(self, seconds: float, event_time: datetime, rng: Random) -> Report:
        state = self._ship.motion.at(seconds)
        lon, lat, sog, cog, heading = _observe(state, self._ship.has_heading, rng)
        armoured = self._template.fill(lon & LONGITUDE_MASK, lat & LATITUDE_MASK, sog, cog, heading, event_time.second)
        return Report(18, armoured, _truth(lon, lat, sog, cog, heading), self.interval(state))

    def interval(self, state: State) -> float:
        """Seconds until the next report of a ship that moves like this."""
        return class_b_interval(state.sog)


def _observe(state: State, has_heading: bool, rng: Random) -> tuple[int, int, int, int, int]:
    """Raw lon, lat, sog, cog and heading as the instruments show them, with their noise."""
    lon, lat, knots, course, bow, _ = state
    heading = HEADING_MISSING
    if has_heading:
        heading = round(bow + HEADING_NOISE_DEGREES * (2 * rng.random() - 1)) % 360
    if course is None:
        return degrees_to_raw(lon), degrees_to_raw(lat), 0, COG_MISSING, heading
    cog = round(10 * (course + COURSE_NOISE_DEGREES * (2 * rng.random() - 1))) % 3600
    sog = round(10 * (knots + SPEED_NOISE_KNOTS * (2 * rng.random() - 1)))
    return degrees_to_raw(lon), degrees_to_raw(lat), sog if sog > 0 else 0, cog, heading


def _truth(lon: int, lat: int, sog: int, cog: int, heading: int) -> dict[str, Value]:
    return {
        "lon": raw_to_degrees(lon),
        "lat": raw_to_degrees(lat),
        "sog": sog / 10,
        "cog": cog / 10 if cog != COG_MISSING else None,
        "heading": heading if heading != HEADING_MISSING else None,
    }
