"""Which reports of a track are needed, so that a line through the kept ones is never far from any other.

Between two kept fixes a track is taken as straight and as steady in time. For a fix seen t seconds after the last kept one, the
next kept fix must lie so that the straight line passes it by at most E metres: its velocity from the last kept fix must be in a
disc of radius E/t around that of the fix. As long as the velocity of each new fix is in the intersection of all discs before it,
the fix before it need not be kept; when it is not, the fix before it is, and everything begins anew there. So one fix of each
vessel is held back until the next one comes. (An opening window, as in Keogh et al., "An online algorithm for segmenting time
series", 2001; in velocities, as in Trajcevski et al., "On-line data reduction and the quality of history in moving objects
databases", 2006.)

Of the intersection only bounds along four directions are remembered: an octagon that lies within each disc, so the bound is
never exceeded, at the price of a little that could have been dropped.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairway.geo import METRES_IN_A_DEGREE
from services.filter.last_seen import Columns, Draft, LastSeen
from services.filter.reports import Flags, Numbers, Places, Reals
from services.filter.rows import Rows

ROUNDING_METRES = 0.1  # less than the bound by this, since coordinates have six decimals
INSIDE = 0.995 * np.cos(np.pi / 8)  # half the width of an octagon that lies in a disc of radius 1, with some to spare
_ANGLES = np.arange(4) * np.pi / 4
_EASTS, _NORTHS = np.cos(_ANGLES), np.sin(_ANGLES)

MEASURED = 5  # dropped fixes at one judgement; to tell how far off each is would cost a good part of judging it

KEEP, DROP, HOLD, LATE = range(4)
_EARLIER, _NONE = -1, -2  # in place of the row that is held back: it came in an earlier batch, or there is none

VALUES: dict[str, np.dtype] = {
    "at": np.dtype(np.int64),  # the last kept fix, milliseconds since 1970
    "lon": np.dtype(np.float64),
    "lat": np.dtype(np.float64),
    "before_at": np.dtype(np.int64),  # the one kept before it
    "before_lon": np.dtype(np.float64),
    "before_lat": np.dtype(np.float64),
    "held_at": np.dtype(np.int64),  # the one held back, where there is one
    "held_lon": np.dtype(np.float64),
    "held_lat": np.dtype(np.float64),
    "is_held": np.dtype(np.bool_),
    "content": np.dtype(np.int64),  # of the last fix: what must not change
    "low": np.dtype((np.float64, (4,))),  # bounds of the velocity from the last kept fix, metres a millisecond
    "high": np.dtype((np.float64, (4,))),
}
_NO_FIX = np.iinfo(np.int64).min // 4


class Limits(NamedTuple):
    """How far a track may be from its reports, and its kept reports from each other."""

    error_metres: float
    gap_ms: float  # between kept reports of a vessel that moves
    rest_ms: float  # of one that rests
    rest_metres_a_ms: float  # it rests when it made no more than this between them, or no more than error_metres
    silence_ms: float  # without any report: what came before it and after it is kept


class Verdict(NamedTuple):
    """Of each fix KEEP, DROP, HOLD or LATE; the keys of those held back before which are kept now, and which are dropped.

    `off_metres` is how far a few of the dropped ones are off the line to the fix after them.
    """

    outcomes: NDArray[np.int8]
    held_keys: Numbers  # of the rows to hold, in their order
    released: Numbers
    superseded: Numbers
    off_metres: Reals


class Tracks:
    """Remembers of each track the last kept fix, the one held back, and the bounds. Keys are any numbers."""

    def __init__(self, limits: Limits, most: int) -> None:
        self._limits = limits
        self._width = (limits.error_metres - ROUNDING_METRES) * INSIDE
        self.memory = LastSeen(VALUES, most)

    def judge(self, keys: Numbers, at: Numbers, lon: Reals, lat: Reals, content: Numbers) -> Verdict:
        """What becomes of these fixes, in the order in which they came."""
        draft = self.memory.take(keys)
        now = {"at": at, "lon": lon, "lat": lat, "content": content}
        held = np.where(draft.is_known & draft.values["is_held"], _EARLIER, _NONE)
        step = _Step(draft, held, np.full(len(keys), KEEP, np.int8), [], [], [])
        for some in draft.rounds:
            places = draft.which[some]
            fix = {name: column[some] for name, column in now.items()}
            is_known = draft.is_known[places]
            self._begin(step, places[~is_known], _where(fix, ~is_known))
            if is_known.any():
                self._go_on(step, some[is_known], places[is_known], _where(fix, is_known))
        rows = step.held[step.held >= 0]
        step.outcomes[rows] = HOLD
        rows = np.sort(rows)
        off = step.off_metres[0] if step.off_metres else np.zeros(0)
        return Verdict(step.outcomes, keys[rows], draft.keys[step.released], draft.keys[step.superseded], off)

    def release(self, keys: Numbers) -> None:
        """What is held back of these tracks is published: it becomes the last kept fix, in the draft."""
        draft = self.memory.take(keys)
        places = np.flatnonzero(draft.is_known & draft.values["is_held"])
        _keep_held(draft, places)

    def _begin(self, step: "_Step", places: Places, fix: Columns) -> None:
        """The first fix of a track is kept."""
        if len(places):
            _keep(step.draft, places, fix)
            before = {f"before_{name}": fix[name] for name in ("at", "lon", "lat")}
            step.draft.put(places, content=fix["content"], **before)

    def _go_on(self, step: "_Step", rows: Places, places: Places, fix: Columns) -> None:
        values = step.draft.values
        last_at = np.where(values["is_held"][places], values["held_at"][places], values["at"][places])
        in_order = fix["at"] > last_at
        self._take_next(step, rows[in_order], places[in_order], _where(fix, in_order), last_at[in_order])
        if not in_order.all():
            self._take_late(step, rows[~in_order], places[~in_order], _where(fix, ~in_order))

    def _take_next(self, step: "_Step", rows: Places, places: Places, fix: Columns, last_at: Numbers) -> None:
        if not len(rows):
            return
        draft, limits = step.draft, self._limits
        values = draft.values
        is_held = values["is_held"][places]
        changed = fix["content"] != values["content"][places]
        draft.put(places, content=fix["content"])
        silent = fix["at"] - last_at > limits.silence_ms
        along, elapsed = _velocities(values, places, fix)
        fits = ((along >= values["low"][places]) & (along <= values["high"][places])).all(axis=1)
        goes_on = fits & ~silent & ~self._is_apart(values, places, fix, elapsed)
        passes = goes_on & is_held
        if not step.off_metres:
            sample = np.flatnonzero(passes)
            sample = sample[:: -(-len(sample) // MEASURED) or 1]
            step.off_metres.append(_off_the_line(values, places[sample], _where(fix, sample)))
        step.drop_held(places[passes])
        ends = ~goes_on & is_held
        step.keep_held(places[ends])
        # From here on those whose held fix was kept are judged from that one
        if ends.any():
            along[ends], elapsed[ends] = _velocities(values, places[ends], _where(fix, ends))
        kept = changed | silent | self._is_apart(values, places, fix, elapsed)
        _keep(draft, places[kept], _where(fix, kept))
        hold = ~kept
        self._hold(step, rows[hold], places[hold], _where(fix, hold), along[hold], elapsed[hold])

    def _is_apart(self, values: Rows, places: Places, fix: Columns, elapsed: Reals) -> Flags:
        """Whether a fix is too long after the last kept one. Of a vessel that rests it may be longer."""
        apart: Flags = elapsed > self._limits.gap_ms
        if apart.any():
            some = np.flatnonzero(apart)
            east, north = _metres(values, places[some], _where(fix, some))
            rests = np.hypot(east, north) <= np.maximum(
                self._limits.error_metres, self._limits.rest_metres_a_ms * elapsed[some]
            )
            apart[some] = ~rests | (elapsed[some] > self._limits.rest_ms)
        return apart

    def _hold(self, step: "_Step", rows: Places, places: Places, fix: Columns, along: Reals, elapsed: Reals) -> None:
        if not len(rows):
            return
        values, width = step.draft.values, (self._width / elapsed)[:, None]
        step.draft.put(
            places,
            held_at=fix["at"],
            held_lon=fix["lon"],
            held_lat=fix["lat"],
            is_held=True,
            low=np.maximum(values["low"][places], along - width),
            high=np.minimum(values["high"][places], along + width),
        )
        step.held[places] = rows

    def _take_late(self, step: "_Step", rows: Places, places: Places, fix: Columns) -> None:
        """A fix from before the last one is dropped where the line passes it, and kept apart from the track where not."""
        values = step.draft.values
        same = fix["content"] == values["content"][places]
        elapsed = fix["at"] - values["at"][places]
        within = values["is_held"][places] & (elapsed > 0) & same
        passed = np.zeros(len(rows), np.bool_)
        passed[within] = self._narrow(step, places[within], _where(fix, within))
        behind = np.flatnonzero((elapsed <= 0) & (fix["at"] >= values["before_at"][places]) & same)
        passed[behind] = self._passes_behind(values, places[behind], _where(fix, behind))
        step.outcomes[rows] = np.where(passed, DROP, LATE)

    def _narrow(self, step: "_Step", places: Places, fix: Columns) -> Flags:
        """Whether the line to the held fix passes these; the bounds then take them in."""
        if not len(places):
            return np.zeros(0, np.bool_)
        values = step.draft.values
        along, elapsed = _velocities(values, places, fix)
        width = (self._width / elapsed)[:, None]
        low = np.maximum(values["low"][places], along - width)
        high = np.minimum(values["high"][places], along + width)
        held = {name: values[f"held_{name}"][places] for name in ("at", "lon", "lat")}
        to_held, _ = _velocities(values, places, held)
        passed: Flags = ((to_held >= low) & (to_held <= high)).all(axis=1)
        step.draft.put(places[passed], low=low[passed], high=high[passed])
        return passed

    def _passes_behind(self, values: Rows, places: Places, fix: Columns) -> Flags:
        """Whether the line between the two fixes kept last passes these, or they are at the place and time of the last."""
        if not len(places):
            return np.zeros(0, np.bool_)
        back_at, at = values["before_at"][places], values["at"][places]
        share = np.where(at > back_at, (at - fix["at"]) / np.maximum(at - back_at, 1), 0.0)
        before = {"lon": values["before_lon"][places], "lat": values["before_lat"][places]}
        back_east, back_north = _metres(values, places, before)
        east, north = _metres(values, places, fix)
        passed: Flags = np.hypot(east - share * back_east, north - share * back_north) <= self._width
        return passed


class _Step(NamedTuple):
    """A batch on its way."""

    draft: Draft
    held: Places  # by track, the row that is held back, _EARLIER or _NONE
    outcomes: NDArray[np.int8]
    released: list[int]  # places of tracks
    superseded: list[int]
    off_metres: list[Reals]  # of the first round

    def drop_held(self, places: Places) -> None:
        """The fixes held back of these tracks are not needed."""
        self._end(places, DROP, self.superseded)
        self.draft.put(places, is_held=False)

    def keep_held(self, places: Places) -> None:
        """The fixes held back of these tracks are: they become the last kept ones."""
        self._end(places, KEEP, self.released)
        _keep_held(self.draft, places)

    def _end(self, places: Places, outcome: int, earlier: list[int]) -> None:
        rows = self.held[places]
        self.outcomes[rows[rows >= 0]] = outcome
        earlier += places[rows == _EARLIER].tolist()
        self.held[places] = _NONE


def _keep(draft: Draft, places: Places, fix: Columns) -> None:
    """These become the last kept fixes of their tracks."""
    if not len(places):
        return
    known = draft.is_known[places]
    values = draft.values
    draft.put(places[known], **{f"before_{name}": values[name][places[known]] for name in ("at", "lon", "lat")})
    draft.put(
        places, at=fix["at"], lon=fix["lon"], lat=fix["lat"], held_at=_NO_FIX, is_held=False, low=-np.inf, high=np.inf
    )


def _keep_held(draft: Draft, places: Places) -> None:
    _keep(draft, places, {name: draft.values[f"held_{name}"][places] for name in ("at", "lon", "lat")})


def _where(fix: Columns, some: Flags | Places) -> Columns:
    return {name: column[some] for name, column in fix.items()}


def _metres(values: Rows, places: Places, fix: Columns) -> tuple[Reals, Reals]:
    """East and north of the last kept fix. A degree is as long as there: over the bound's few metres that makes no difference."""
    lon, lat = values["lon"][places], values["lat"][places]
    east = (fix["lon"] - lon + 180.0) % 360.0 - 180.0
    return east * np.cos(np.radians(lat)) * METRES_IN_A_DEGREE, (fix["lat"] - lat) * METRES_IN_A_DEGREE


def _off_the_line(values: Rows, places: Places, fix: Columns) -> Reals:
    """How far the held fixes are off the lines from the last kept ones to these."""
    at = values["at"][places]
    share = (values["held_at"][places] - at) / (fix["at"] - at)
    held = {name: values[f"held_{name}"][places] for name in ("lon", "lat")}
    east, north = _metres(values, places, fix)
    held_east, held_north = _metres(values, places, held)
    metres: Reals = np.hypot(held_east - share * east, held_north - share * north)
    return metres


def _velocities(values: Rows, places: Places, fix: Columns) -> tuple[Reals, Reals]:
    """From the last kept fix: along each of four directions, metres a millisecond; and the milliseconds elapsed."""
    elapsed = (fix["at"] - values["at"][places]).astype(np.float64)
    east, north = _metres(values, places, fix)
    return (east[:, None] * _EASTS + north[:, None] * _NORTHS) / elapsed[:, None], elapsed
