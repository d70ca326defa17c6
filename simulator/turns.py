"""Who speaks and how often: every series of reports that a fleet sends."""

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import NamedTuple

from simulator.fleet import Aid, BaseStation, Fleet, Ship
from simulator.intervals import AID_TO_NAVIGATION, BASE_STATION, STATIC
from simulator.position_reports import ClassAPosition, ClassBPosition
from simulator.report import Report, Speak
from simulator.static_reports import aid_report, base_station_report, class_a_static, class_b_name, class_b_static

FIRST_STATIC_WITHIN = 60.0  # seconds, though the interval is six minutes: a map that has just started soon has names


class Turn(NamedTuple):
    """One series of reports of one station: the interval it begins with, and how soon the first is due."""

    mmsi: int
    station: str
    speak: Speak
    interval: float
    first_within: float


def turns_of(fleet: Fleet) -> list[Turn]:
    """Every series of the fleet, ships first."""
    return [
        *(turn for ship in fleet.ships for turn in _ship_turns(ship)),
        *(_base_station_turn(base) for base in fleet.base_stations),
        *(_aid_turn(aid) for aid in fleet.aids),
    ]


def natural_rate(fleet: Fleet) -> float:
    """Messages per second when every station keeps the intervals of the standard."""
    return sum(1 / turn.interval for turn in turns_of(fleet))


def _ship_turns(ship: Ship) -> Iterator[Turn]:
    position = ClassAPosition(ship) if ship.is_class_a else ClassBPosition(ship)
    interval = position.interval(ship.motion.at(0.0))
    yield Turn(ship.mmsi, ship.station, position, interval, interval)
    reports = [class_a_static(ship)] if ship.is_class_a else [class_b_name(ship), class_b_static(ship)]
    for report in reports:
        yield Turn(ship.mmsi, ship.station, _always(report), STATIC, FIRST_STATIC_WITHIN)


def _base_station_turn(base: BaseStation) -> Turn:
    def speak(seconds: float, event_time: datetime, rng: Random) -> Report:
        return base_station_report(base, event_time)

    return Turn(base.mmsi, base.station, speak, BASE_STATION, BASE_STATION)


def _aid_turn(aid: Aid) -> Turn:
    return Turn(aid.mmsi, aid.station, _always(aid_report(aid)), AID_TO_NAVIGATION, AID_TO_NAVIGATION)


def _always(report: Report) -> Speak:
    """A report that never changes is encoded once."""

    def speak(seconds: float, event_time: datetime, rng: Random) -> Report:
        return report

    return speak
