"""Drops a position that no ship could have reached since its last believed one."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from fairway.geo import METRES_IN_A_DEGREE, METRES_PER_SECOND_IN_A_KNOT, distances_metres
from services.filter.last_seen import Columns, LastSeen, rounds
from services.filter.reports import POSITION, Flags, Places, Reports
from services.filter.rules.rule import Rule, RuleOptions

NULL_ISLAND_DEGREES = 0.001  # within about 100 m of (0, 0): a receiver without a fix, not a ship


class PlausibleOptions(RuleOptions):
    """A position must be reachable from the last believed one."""

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
    """Remembers each vessel's last believed fix, and a later one that was not: a second that agrees with it is believed."""

    memory: LastSeen

    def __init__(self, options: PlausibleOptions) -> None:
        self._metres_a_ms = options.max_knots * METRES_PER_SECOND_IN_A_KNOT / 1000
        self._slack_ms = options.slack_seconds * 1000
        self._drops_null_island = options.null_island == "drop"
        self.memory = LastSeen(_FIX | {f"suspect_{name}": kind for name, kind in _FIX.items()}, options.max_vessels)

    def judge(self, reports: Reports, rows: Places) -> Flags:
        dropped = np.zeros(len(rows), np.bool_)
        fixes = reports.of(rows)
        fixed = (fixes["kind"] == POSITION) & ~(np.isnan(fixes["lon"]) | np.isnan(fixes["lat"]))
        fixed &= ~reports.are_rescue[rows]
        if self._drops_null_island:
            near = NULL_ISLAND_DEGREES
            dropped = fixed & (np.abs(fixes["lon"]) < near) & (np.abs(fixes["lat"]) < near)
        judged = np.flatnonzero(fixed & ~dropped)
        dropped[judged] = self._jumps(reports.of(rows[judged]))
        return dropped

    def _jumps(self, fixes: NDArray[np.void]) -> Flags:
        draft = self.memory.take(fixes["mmsi"])
        dropped = np.zeros(len(fixes), np.bool_)
        for some in rounds(draft.which):
            places = draft.which[some]
            fix = {"at": fixes["event_time"][some], "lon": fixes["lon"][some], "lat": fixes["lat"][some]}
            last = {name: column[places] for name, column in draft.values.items()}
            jumps = draft.is_known[places] & ~self._are_reachable(last, "", fix)
            if jumps.any():
                jumps &= np.isnan(last["suspect_lon"]) | ~self._are_reachable(last, "suspect_", fix)
                odd = {f"suspect_{name}": column[jumps] for name, column in fix.items()}
                draft.put(places[jumps], **odd)
            draft.put(places[~jumps], **{name: column[~jumps] for name, column in fix.items()}, suspect_lon=np.nan)
            dropped[some] = jumps
        return dropped

    def _are_reachable(self, last: Columns, which: str, fix: Columns) -> Flags:
        reach_metres = (np.abs(fix["at"] - last[f"{which}at"]) + self._slack_ms) * self._metres_a_ms
        east, north = fix["lon"] - last[f"{which}lon"], fix["lat"] - last[f"{which}lat"]
        reachable: Flags = (np.abs(east) + np.abs(north)) * METRES_IN_A_DEGREE <= reach_metres
        if not reachable.all():  # the distance is never more than that; nearly all are answered there
            far = np.flatnonzero(~reachable)
            ends = last[f"{which}lon"][far], last[f"{which}lat"][far], fix["lon"][far], fix["lat"][far]
            reachable[far] = distances_metres(*ends) <= reach_metres[far]
        return reachable


_FIX: dict[str, type[np.generic]] = {"at": np.int64, "lon": np.float64, "lat": np.float64}
