"""Drops a position that no ship could have reached since its last kept report."""

from typing import Literal

from msgspec import Struct
from pydantic import Field

from fairway.geo import METRES_IN_A_DEGREE, METRES_PER_SECOND_IN_A_KNOT, distance_metres
from fairway.records import AnyDecoded, Position
from services.filter.memory import Memory
from services.filter.rescue import is_rescue
from services.filter.rules.rule import Rule, RuleOptions

NULL_ISLAND_DEGREES = 0.001  # within about 100 m of (0, 0): a receiver without a fix, not a ship


class PlausibleOptions(RuleOptions):
    """A position must be reachable from the last kept one."""

    rule: Literal["plausible"] = "plausible"
    max_knots: float = Field(
        100.0, gt=0, description="Knots above which a jump is not believed; no ship sails so fast."
    )
    slack_seconds: float = Field(
        10.0, ge=0, description="Seconds by which two time stamps may be off: added to the time between two reports."
    )
    null_island: Literal["keep", "drop"] = Field(
        "keep", description="What becomes of positions at longitude 0, latitude 0."
    )
    max_vessels: int = Field(
        200_000, ge=1, description="Vessels remembered; the one whose report was kept longest ago is forgotten first."
    )

    def build(self) -> "Plausible":
        return Plausible(self)


class Plausible(Rule):
    """Remembers each vessel's last kept fix, and the one it did not believe. A second fix that agrees with that is believed."""

    def __init__(self, options: PlausibleOptions) -> None:
        self._metres_a_ms = options.max_knots * METRES_PER_SECOND_IN_A_KNOT / 1000
        self._slack_ms = options.slack_seconds * 1000
        self._drops_null_island = options.null_island == "drop"
        self.memory: Memory[int, _Fix] = Memory(options.max_vessels)

    def judge(self, record: AnyDecoded, at: int) -> bool:
        if type(record) is not Position or record.lon is None or record.lat is None:
            return True
        if self._drops_null_island and abs(record.lon) < NULL_ISLAND_DEGREES and abs(record.lat) < NULL_ISLAND_DEGREES:
            return is_rescue(record)
        last = self.memory.get(record.mmsi)
        if last is None:
            return True
        if self._is_reachable(last, record.lon, record.lat, at):
            if last.suspect is not None:  # the vessel is where it was; the odd fix was alone
                self.memory.put(record.mmsi, _Fix(last.at, last.lon, last.lat))
            return True
        return is_rescue(record) or self._is_confirmed(last, record.mmsi, _Fix(at, record.lon, record.lat))

    def remember(self, record: AnyDecoded, at: int) -> None:
        if type(record) is Position and record.lon is not None and record.lat is not None and not is_rescue(record):
            self.memory.put(record.mmsi, _Fix(at, record.lon, record.lat))

    def _is_confirmed(self, last: "_Fix", mmsi: int, odd: "_Fix") -> bool:
        """Whether an odd fix agrees with the odd one before it. Either way it is the suspect that the next may agree with."""
        self.memory.put(mmsi, _Fix(last.at, last.lon, last.lat, suspect=odd))
        return last.suspect is not None and self._is_reachable(last.suspect, odd.lon, odd.lat, odd.at)

    def _is_reachable(self, start: "_Fix", lon: float, lat: float, at: int) -> bool:
        reach_metres = (abs(at - start.at) + self._slack_ms) * self._metres_a_ms
        if (abs(lon - start.lon) + abs(lat - start.lat)) * METRES_IN_A_DEGREE <= reach_metres:
            return True  # the distance is never more than that; nearly all records are answered here
        return distance_metres(start.lon, start.lat, lon, lat) <= reach_metres


class _Fix(Struct, frozen=True, gc=False):
    """Where a vessel was, degrees, and when, milliseconds since 1970; `suspect` is a later fix that was not believed."""

    at: int
    lon: float
    lat: float
    suspect: "_Fix | None" = None
