"""Whether a fix goes on with its vessel's track, jumps away from it, or belongs to another ship that uses the same MMSI.

Of each MMSI two tracks are remembered: the believed one, and another, where something was that could not be reached.

    A ── A ───────── A           stays: one bad fix is a jump and moves nobody
          ╲    X
    A ── A            A          a second fix in a row goes on from the jump: the ship is believed to be there,
          ╲    X ── X            and where it was is the other track
    A ── A        A         A    each goes on after the other did, again and again: two ships with one MMSI
               X        X

A fix belongs to the track from which it takes the lower speed, as in the segmenter of Global Fishing Watch it belongs to the one
from which it is the smaller discrepancy (GlobalFishingWatch/gpsdio-segment, matcher.py). One that goes back to the older of the
two is believed at once, so that an excursion costs its own fixes and not the first one after it.
"""

from typing import Any, NamedTuple

import numpy as np

from fairway.geo import METRES_IN_A_DEGREE, METRES_PER_SECOND_IN_A_KNOT, distances_metres
from services.filter.last_seen import Columns, Draft, LastSeen
from services.filter.reports import Flags, Numbers, Places, Reals

ALIVE_MS = 24 * 3600 * 1000  # after a day of silence nothing goes on with a track, as in gpsdio-segment (max_hours)
ALONE_MS = (
    6 * 3600 * 1000
)  # nor with a single fix after these hours: most are errors, and nobody need look out for them for long
SHARED_RETURNS = 2  # one alone may be a receiver that was wrong for a while

NUMBERS = ("implied_knots", "from_the_last_believed_metres", "after_the_last_believed_seconds")  # see Rule.numbers

_MOST_RETURNS = 100  # counted no further


# Of a track: its last fix, at in milliseconds since 1970, lon, lat; and when it began. Such times are whole in a float.
AT, LON, LAT, SINCE = range(4)
_TRACK = np.dtype((np.float64, (4,)))

VALUES: dict[str, type[np.generic] | np.dtype[Any]] = {
    "believed": _TRACK,
    "other": _TRACK,
    "has_other": np.bool_,
    "is_away": np.bool_,  # whether the last fix was of the other track
    "returns": np.int8,  # how often a fix went back to the track that the one before it was not of
    "returned_at": np.float64,  # when one did last
}
_BESIDES = [name for name in VALUES if name != "believed"]


class Found(NamedTuple):
    """Of each fix whether it jumps, and whether two tracks alternate there."""

    jumps: Flags
    shared: Flags


class TwoTracks:
    """Remembers two tracks of each of at most `most` MMSIs; tracks that alternated are held to for `shared_seconds`."""

    def __init__(self, max_knots: float, slack_seconds: float, shared_seconds: float, most: int) -> None:
        self._metres_a_ms = max_knots * METRES_PER_SECOND_IN_A_KNOT / 1000
        self._slack_ms = slack_seconds * 1000
        self._shared_ms = shared_seconds * 1000
        self.memory = LastSeen(VALUES, most)

    def judge(self, mmsi: Numbers, at: Numbers, lon: Reals, lat: Reals, numbers: Columns | None = None) -> Found:
        """What these fixes are, in the order in which they came. Fills the columns of NUMBERS where they are given."""
        draft = self.memory.take(mmsi)
        fixes: Reals = np.column_stack((at, lon, lat, at)).astype(np.float64)  # as beginnings of tracks
        found = Found(np.zeros(len(mmsi), np.bool_), np.zeros(len(mmsi), np.bool_))
        for some in draft.rounds:
            places, fix = draft.which[some], fixes[some]
            is_known, last = draft.is_known[places], draft.values["believed"][places]
            if numbers is not None:
                self._measure(numbers, some[is_known], last[is_known], fix[is_known])
            goes_on = self._are_reachable(last, fix) & is_known & ~draft.values["has_other"][places]
            draft.put(places, believed=_gone_on(last, fix))  # so far as if all did
            others = np.flatnonzero(~goes_on)
            new = others[~is_known[others]]
            _begin(draft, places[new], fix[new])
            known = others[is_known[others]]
            if len(known):
                jumps, shared = self._tell_apart(draft, places[known], last[known], fix[known])
                found.jumps[some[known]], found.shared[some[known]] = jumps, shared
        return found

    def _tell_apart(self, draft: Draft, places: Places, last: Reals, fix: Reals) -> Found:
        """Of fixes that jump, or whose vessel has another track."""
        other, has_other, is_away, returns, returned_at = (draft.values[name][places] for name in _BESIDES)
        at = fix[:, AT]
        is_alone = other[:, AT] == other[:, SINCE]
        has_other &= np.abs(at - other[:, AT]) <= np.where(is_alone, ALONE_MS, ALIVE_MS)
        here, there = np.split(self._metres_a_millisecond(np.concatenate((last, other)), np.concatenate((fix, fix))), 2)
        goes_there = has_other & (there <= self._metres_a_ms) & (there < here)
        stays = (here <= self._metres_a_ms) & ~goes_there
        is_older = other[:, AT] - other[:, SINCE] > last[:, AT] - last[:, SINCE]
        moves = goes_there & (is_away | is_older)
        jumps = ~stays & ~moves
        comes_back = goes_there & ~is_away
        returns = np.where(np.abs(at - returned_at) <= ALIVE_MS, returns, 0) + comes_back
        returned_at = np.where(comes_back, at, returned_at)
        gone_on = _gone_on(other, fix)
        believed = _where(stays, _gone_on(last, fix), last)
        draft.put(
            places,
            believed=_where(moves, gone_on, believed),
            other=_where(moves, last, _where(goes_there, gone_on, _where(stays, other, fix))),
            has_other=has_other | jumps,
            is_away=jumps,
            returns=np.minimum(returns, _MOST_RETURNS),
            returned_at=returned_at,
        )
        return Found(jumps, (returns >= SHARED_RETURNS) & (np.abs(at - returned_at) <= self._shared_ms))

    def _are_reachable(self, last: Reals, fix: Reals) -> Flags:
        apart = np.abs(fix - last)
        reach_metres = (apart[:, AT] + self._slack_ms) * self._metres_a_ms
        reachable: Flags = (apart[:, LON] + apart[:, LAT]) * METRES_IN_A_DEGREE <= reach_metres
        if not reachable.all():  # the distance is never more than that; nearly all are answered there
            far = np.flatnonzero(~reachable)
            reachable[far] = _metres(last[far], fix[far]) <= reach_metres[far]
        return reachable

    def _metres_a_millisecond(self, last: Reals, fix: Reals) -> Reals:
        """The speed between two fixes; infinite where there is no time for any."""
        metres, milliseconds = _metres(last, fix), np.abs(fix[:, AT] - last[:, AT]) + self._slack_ms
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.nan_to_num(metres / milliseconds, nan=0.0, posinf=np.inf)  # NaN: nothing in no time

    def _measure(self, numbers: Columns, rows: Places, last: Reals, fix: Reals) -> None:
        knots, metres, seconds = (numbers[name] for name in NUMBERS)
        knots[rows] = self._metres_a_millisecond(last, fix) * 1000 / METRES_PER_SECOND_IN_A_KNOT
        metres[rows] = _metres(last, fix)
        seconds[rows] = (fix[:, AT] - last[:, AT]) / 1000


def _begin(draft: Draft, places: Places, fix: Reals) -> None:
    """The first fix of a vessel is believed."""
    draft.put(places, believed=fix, has_other=False, is_away=False, returns=0, returned_at=fix[:, AT])


def _gone_on(track: Reals, fix: Reals) -> Reals:
    """The track with the fix as its last; its beginning stays."""
    longer = fix.copy()
    longer[:, SINCE] = track[:, SINCE]
    return longer


def _metres(last: Reals, fix: Reals) -> Reals:
    return distances_metres(last[:, LON], last[:, LAT], fix[:, LON], fix[:, LAT])


def _where(flags: Flags, then: Reals, otherwise: Reals) -> Reals:
    return np.where(flags[:, None], then, otherwise)
