"""Finds what cannot be true: jumps, speeds, places and dimensions of no ship, and two ships that use one MMSI."""

from typing import Literal, get_args

import numpy as np
from pydantic import Field, field_validator

from fairway.flags import BITS, bits
from services.filter.last_seen import Columns
from services.filter.plausibility.crowds import Crowds
from services.filter.plausibility.ships import (
    DIMENSIONS,
    SHIP_TYPE,
    STATION,
    Speeds,
    are_no_ships,
    metres_from_stations,
)
from services.filter.plausibility.two_tracks import NUMBERS, TwoTracks
from services.filter.reports import POSITION, Places, Reports
from services.filter.rules.rule import Action, Bits, Rule, RuleOptions, found

NULL_ISLAND_DEGREES = 0.001  # within about 100 m of (0, 0): a receiver without a fix, not a ship
LONG_RANGE = 27  # its positions are to a tenth of a minute, so that ships in one port may share one
FROM_THE_STATION = "from_the_station_kilometres"  # see Rule.numbers

Check = Literal["implied_speed", "shared_mmsi", "null_island", "fast", "out_of_range", "crowd", "dimensions"]
CHECKS: tuple[Check, ...] = get_args(Check)


class PlausibleOptions(RuleOptions):
    """What is looked for, and what is held to be possible."""

    rule: Literal["plausible"] = "plausible"
    action: Action = Field("flag", description=RuleOptions.model_fields["action"].description)
    checks: tuple[Check, ...] = Field(
        CHECKS, min_length=1, description="What is looked for, by the names of the flags."
    )
    max_knots: float = Field(
        100.0, gt=0, description="Knots above which a jump is not believed; no ship sails so fast."
    )
    slack_seconds: float = Field(
        10.0, ge=0, description="Seconds by which two time stamps may be off: added to the time between two reports."
    )
    shared_hours: float = Field(
        3.0, gt=0, le=24, description="Hours for which an MMSI is held to be shared after its tracks alternated last."
    )
    slow_type_knots: float = Field(
        40.0, gt=0, description="Knots that are too many for a type of ship that is not built for speed."
    )
    fast_type_knots: float = Field(
        80.0, gt=0, description="Knots that are too many for any other type, or one that is not known."
    )
    stations: dict[str, tuple[float, float]] = Field(
        {}, description="Where receiving stations are, by their name in `station`: [lon, lat] in degrees."
    )
    range_km: float = Field(
        250.0, gt=0, description="Kilometres from its receiving station beyond which a position is out of range."
    )
    crowd_vessels: int = Field(
        5, ge=3, le=32, description="Vessels at one point with one speed within a minute that are a crowd."
    )
    max_vessels: int = Field(
        200_000, ge=1, description="Vessels remembered; the one whose report was kept longest ago is forgotten first."
    )

    @field_validator("stations")
    @classmethod
    def _are_on_earth(cls, stations: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        for name, (lon, lat) in stations.items():
            if not (-180 <= lon <= 180 and -90 <= lat <= 90):
                raise ValueError(f"{name} must be [lon, lat] in degrees")
        return stations

    def build(self) -> "Plausible":
        return Plausible(self)


class Plausible(Rule):
    """Judges positions and static data; those of distress beacons and search-and-rescue aircraft it never doubts."""

    def __init__(self, options: PlausibleOptions) -> None:
        checks = {*options.checks} - (set() if options.stations else {"out_of_range"})
        most = options.max_vessels
        self._looks_for = np.int16(bits(checks))
        self._looks_at_dimensions = "dimensions" in checks
        self._stations = options.stations if "out_of_range" in checks else {}
        self._range_metres = options.range_km * 1000
        follows = bool(checks & {"implied_speed", "shared_mmsi"})
        seconds = options.slack_seconds, options.shared_hours * 3600
        self._tracks = TwoTracks(options.max_knots, *seconds, most) if follows else None
        self._speeds = Speeds(options.slow_type_knots, options.fast_type_knots, most) if "fast" in checks else None
        self._crowds = Crowds(options.crowd_vessels) if "crowd" in checks else None
        self.memories = tuple(part.memory for part in (self._tracks, self._speeds, self._crowds) if part is not None)
        asked = {
            SHIP_TYPE: self._speeds,
            STATION: self._stations,
            **dict.fromkeys(DIMENSIONS, self._looks_at_dimensions),
        }
        self.members = frozenset(name for name, is_asked in asked.items() if is_asked)

    def judge(self, reports: Reports, rows: Places) -> Bits:
        if self.explains:
            self.numbers = {name: np.full(len(rows), np.nan) for name in (*NUMBERS, FROM_THE_STATION)}
        odd = np.zeros(len(rows), np.int16)
        if self._looks_at_dimensions:
            odd |= found(are_no_ships(reports, rows), BITS["dimensions"])
        if self._speeds:
            odd |= found(self._speeds.judge(reports, rows), BITS["fast"])
        some = reports.of(rows)
        fixed = (some["kind"] == POSITION) & ~(np.isnan(some["lon"]) | np.isnan(some["lat"]))
        nowhere = fixed & (np.abs(some["lon"]) < NULL_ISLAND_DEGREES) & (np.abs(some["lat"]) < NULL_ISLAND_DEGREES)
        odd |= found(nowhere, BITS["null_island"])
        doubted = ~reports.are_rescue[rows]
        fixes = np.flatnonzero(fixed & ~nowhere & doubted)
        odd[fixes] |= self._judge_fixes(reports, rows, fixes)
        return np.where(doubted, odd & self._looks_for, 0).astype(np.int16)

    def _judge_fixes(self, reports: Reports, rows: Places, fixes: Places) -> Bits:
        some = reports.of(rows[fixes])
        mmsi, at, lon, lat, sog = (some[name].copy() for name in ("mmsi", "event_time", "lon", "lat", "sog"))
        odd = np.zeros(len(fixes), np.int16)
        if self._tracks:
            numbers = {name: np.full(len(fixes), np.nan) for name in NUMBERS} if self.explains else None
            jumps, shared = self._tracks.judge(mmsi, at, lon, lat, numbers)
            odd |= found(jumps, BITS["implied_speed"]) | found(shared, BITS["shared_mmsi"])
            self._tell(numbers or {}, fixes)
        if self._crowds:
            precise = some["msg_type"] != LONG_RANGE
            crowded = self._crowds.judge(*(each[precise] for each in (mmsi, at, lon, lat, sog)))
            odd[precise] |= found(crowded, BITS["crowd"])
        if self._stations:
            metres = metres_from_stations(self._stations, reports, rows[fixes])
            odd |= found(metres > self._range_metres, BITS["out_of_range"])
            self._tell({FROM_THE_STATION: metres / 1000} if self.explains else {}, fixes)
        return odd

    def _tell(self, numbers: Columns, fixes: Places) -> None:
        for name, column in numbers.items():
            self.numbers[name][fixes] = column
