"""Makes the fleet: every station that speaks, drawn from one seed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from simulator.identities import Registrar, aid_mmsi, base_station_mmsi
from simulator.lanes import ANCHORAGES, LANES, QUAYS, SHORE_STATIONS, Lane
from simulator.motion import AtAnchor, Moored, Motion, UnderWay
from simulator.route import METRES_PER_DEGREE, route_along
from simulator.ship_kinds import (
    BIG_KINDS,
    CARGO_DIGITS,
    CLASS_A_KINDS,
    CLASS_B_KINDS,
    FISHING_MAX_KNOTS,
    ROOMY_KINDS,
    ShipKind,
)

DEFAULT_STATIONS = ("sim-1",)
MAX_VESSELS = 100_000  # there are names, MMSI and IMO numbers for these

UNDER_WAY, ANCHORED, MOORED, FISHING = 0, 1, 5, 7  # navigational status

# By number and not by chance, so that a fleet of ten already has a bit of everything.
CLASS_B_EVERY = 5
AT_REST_EVERY = 8
VESSELS_PER_BASE_STATION = 100
VESSELS_PER_AID = 20
NO_TURN_INDICATOR_EVERY = 9  # of class A: rate of turn not available
COMPASS_EVERY = 3  # of class B: the others have no heading
ANCHOR_SPREAD_M = 1_500.0
QUAY_SPREAD_M = 40.0


@dataclass(frozen=True, slots=True)
class Ship:
    """A vessel and what its crew typed into the transponder; lengths in metres, None means left empty."""

    mmsi: int
    station: str
    is_class_a: bool
    motion: Motion
    nav_status: int
    has_heading: bool
    has_rot: bool
    name: str
    callsign: str
    imo: int | None
    ship_type: int
    to_bow: int
    to_stern: int
    to_port: int
    to_starboard: int
    draught: float | None
    destination: str | None


@dataclass(frozen=True, slots=True)
class BaseStation:
    """A shore station that sends the time and where it stands."""

    mmsi: int
    station: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Aid:
    """A buoy or a mark, real or virtual."""

    mmsi: int
    station: str
    lon: float
    lat: float
    name: str
    aid_type: int
    is_virtual: bool


@dataclass(frozen=True, slots=True)
class Fleet:
    """Everyone who speaks, and the seed they came from."""

    seed: int
    ships: tuple[Ship, ...]
    base_stations: tuple[BaseStation, ...]
    aids: tuple[Aid, ...]


def make_fleet(vessels: int = 200, seed: int = 1, stations: Sequence[str] = DEFAULT_STATIONS) -> Fleet:
    """`vessels` ships on all lanes, with base stations and buoys beside, heard by `stations` in turn.

    The same arguments give the same fleet. Raises ValueError when there are too few or too many vessels.
    """
    if not 1 <= vessels <= MAX_VESSELS:
        raise ValueError(f"vessels must be 1 to {MAX_VESSELS}, not {vessels}")
    if not stations:
        raise ValueError("a fleet needs at least one station that hears it")
    shipyard = _Shipyard(Random(seed), stations)
    ships = tuple(shipyard.ship(number) for number in range(vessels))
    return Fleet(seed, ships, _base_stations(vessels, stations), _aids(vessels, stations))


class _Shipyard:
    """Builds ships one after the other from one source of chance."""

    def __init__(self, rng: Random, stations: Sequence[str]) -> None:
        self._rng = rng
        self._registrar = Registrar(rng)
        self._stations = stations

    def ship(self, number: int) -> Ship:
        is_class_a = number % CLASS_B_EVERY != CLASS_B_EVERY - 1
        kinds = CLASS_A_KINDS if is_class_a else CLASS_B_KINDS
        kind = self._rng.choices(kinds, [kind.share for kind in kinds])[0]
        lane = self._rng.choices(LANES, [lane.share for lane in LANES])[0]
        motion, nav_status = self._motion(number, kind, lane)
        to_bow, to_stern, to_port, to_starboard = self._dimensions(kind)
        flag, letters = self._registrar.flag()
        is_big = kind.name in BIG_KINDS
        return Ship(
            mmsi=self._registrar.mmsi(flag),
            station=self._stations[number % len(self._stations)],
            is_class_a=is_class_a,
            motion=motion,
            nav_status=nav_status,
            has_heading=is_class_a or number // CLASS_B_EVERY % COMPASS_EVERY == 0,
            has_rot=is_class_a and number % NO_TURN_INDICATOR_EVERY != NO_TURN_INDICATOR_EVERY - 1,
            name=self._registrar.name(),
            callsign=self._registrar.callsign(letters),
            imo=self._registrar.imo() if is_big else None,
            ship_type=kind.ship_type + self._rng.choice(CARGO_DIGITS.get(kind.name, (0,))),
            to_bow=to_bow,
            to_stern=to_stern,
            to_port=to_port,
            to_starboard=to_starboard,
            draught=round(self._rng.uniform(*kind.draught_m), 1) if is_class_a else None,
            destination=self._rng.choice(lane.ends) if is_big else None,
        )

    def _motion(self, number: int, kind: ShipKind, lane: Lane) -> tuple[Motion, int]:
        if number % AT_REST_EVERY == AT_REST_EVERY - 1:
            return self._at_rest(kind)
        route = route_along(lane, self._rng.choice(lane.keep_right_m))
        knots = self._rng.uniform(*kind.knots)
        start_m = self._rng.uniform(0, route.length_m)
        motion = UnderWay(route, start_m, knots, self._rng.uniform(1200, 3600), self._rng.uniform(0, math.tau))
        is_fishing = kind.name == "fishing" and knots < FISHING_MAX_KNOTS
        return motion, FISHING if is_fishing else UNDER_WAY

    def _at_rest(self, kind: ShipKind) -> tuple[Motion, int]:
        if kind.name in ROOMY_KINDS:
            lon, lat = self._near(self._rng.choice(ANCHORAGES)[1:], ANCHOR_SPREAD_M)
            return AtAnchor(lon, lat, self._rng.uniform(0, math.tau)), ANCHORED
        lon, lat = self._near(self._rng.choice(QUAYS)[1:], QUAY_SPREAD_M)
        return Moored(lon, lat, self._rng.uniform(0, 360)), MOORED

    def _near(self, place: tuple[float, float], spread_m: float) -> tuple[float, float]:
        angle = self._rng.uniform(0, math.tau)
        degrees = spread_m * math.sqrt(self._rng.random()) / METRES_PER_DEGREE
        lon, lat = place
        return lon + degrees * math.sin(angle) / math.cos(math.radians(lat)), lat + degrees * math.cos(angle)

    def _dimensions(self, kind: ShipKind) -> tuple[int, int, int, int]:
        length = self._rng.uniform(*kind.length_m)
        half_beam = max(1, round(length / (13 if length > 60 else 8)))
        to_bow = round(length * kind.bow_share)
        return to_bow, round(length) - to_bow, half_beam, half_beam


def _base_stations(vessels: int, stations: Sequence[str]) -> tuple[BaseStation, ...]:
    wanted = max(1, vessels // VESSELS_PER_BASE_STATION)
    return tuple(
        BaseStation(base_station_mmsi(number), stations[number % len(stations)], place.lon, place.lat)
        for number, place in enumerate(SHORE_STATIONS[:wanted])
    )


def _aids(vessels: int, stations: Sequence[str]) -> tuple[Aid, ...]:
    """Buoys on the way-points, a few per lane, the first of every lane first."""
    buoys = sorted((index, lane.name, point) for lane in LANES for index, point in enumerate(lane.waypoints))
    wanted = max(1, vessels // VESSELS_PER_AID)
    return tuple(
        _aid(number, f"{lane.upper()[:17]} {index + 1}", point, stations[number % len(stations)])
        for number, (index, lane, point) in enumerate(buoys[:wanted])
    )


def _aid(number: int, name: str, point: tuple[float, float], station: str) -> Aid:
    is_virtual = number % 4 == 3
    safe_water, port_hand = 30, 24  # type of aid to navigation, ITU-R M.1371-5 table 74
    return Aid(aid_mmsi(number, is_virtual), station, *point, name, safe_water if number % 2 else port_hand, is_virtual)
