"""Whether many vessels report one point and one speed within a minute: a broken receiver, or one that is being deceived.

A point is a square of some ten metres. Vessels at rest are not counted there, since they may lie side by side: of those only such
as report the very same coordinates. Of a point it is remembered who reported it, as bits that MMSIs are scattered to: two vessels
may share a bit, so a crowd may be found a vessel late, and is never found too early.

Points share a table of fixed size. Where two meet, the later one takes the place, unless two vessels or more were heard at the
earlier one within the minute: a crowd in the making is not forgotten for the sake of all the points that are of one ship.
"""

import numpy as np

from services.filter.last_seen import LastSeen
from services.filter.reports import Flags, Numbers, Reals

WITHIN_MS = 60_000
REST_KNOTS = 0.5
SQUARES_A_DEGREE = 1e4  # 11 metres from south to north, and less from west to east
SAME_A_DEGREE = 1e6  # records have coordinates to six decimals
# Of the number of places in the table: at 5,000 reports a second, the traffic of the whole world, each is taken every 13 seconds
PLACES_BITS = 16

_BITS = 64
_SCATTER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio (Knuth, vol. 3, 6.4)
_EAST, _NORTH, _SPEED = 0x632BE59BD9B4E019, 0x1CE4E5B9BF58476D, 0x27220A95FE9D3E8F  # any odd numbers

# Of a place in the table: the point, when it was first heard, milliseconds since 1970, and the bits of who was
_PLACE = {"point": np.int64, "since": np.int64, "heard": np.int64}


class Crowds:
    """Remembers who reported which point within a minute."""

    def __init__(self, vessels: int) -> None:
        self._vessels = vessels
        self.memory = LastSeen(_PLACE, 1 << PLACES_BITS)

    def judge(self, mmsi: Numbers, at: Numbers, lon: Reals, lat: Reals, sog: Reals) -> Flags:
        """Which of these fixes are of at least so many vessels at their point by then; those before them are not known yet."""
        points, bits = _points(lon, lat, sog), 1 << _scattered(mmsi, _BITS.bit_length() - 1)
        draft = self.memory.take(_scattered(points, PLACES_BITS))
        crowded = np.zeros(len(mmsi), np.bool_)
        for some in draft.rounds:
            places, point, now, bit = draft.which[some], points[some], at[some], bits[some]
            last_point, since, heard = (draft.values[name][places] for name in _PLACE)
            is_fresh = draft.is_known[places] & (np.abs(now - since) <= WITHIN_MS)
            goes_on = is_fresh & (point == last_point)
            heard = np.where(goes_on, heard, 0) | bit
            since = np.where(goes_on, since, now)
            yields = is_fresh & ~goes_on & _are_several(draft.values["heard"][places])
            if yields.any():
                some, places, point, since, heard = (each[~yields] for each in (some, places, point, since, heard))
            draft.put(places, point=point, since=since, heard=heard)
            several = np.flatnonzero(_are_several(heard))
            crowded[some[several]] = _count(heard[several]) >= self._vessels
        return crowded


def _points(lon: Reals, lat: Reals, sog: Reals) -> Numbers:
    """A number for each point and speed; two share one by chance once in 2^64."""
    a_degree = np.where(sog > REST_KNOTS, SQUARES_A_DEGREE, SAME_A_DEGREE)
    numbers = np.rint(lon * a_degree).astype(np.int64) * _EAST
    numbers += np.rint(lat * a_degree).astype(np.int64) * _NORTH
    numbers += np.rint(np.nan_to_num(sog, nan=-1.0) * 10).astype(np.int64) * _SPEED
    return numbers


def _scattered(numbers: Numbers, bits: int) -> Numbers:
    """Numbers below 2^bits that are spread evenly, the same for the same."""
    return (numbers.view(np.uint64) * _SCATTER >> np.uint64(64 - bits)).view(np.int64)


def _are_several(heard: Numbers) -> Flags:
    several: Flags = heard & heard - 1 != 0
    return several


def _count(heard: Numbers) -> Numbers:
    """The bits that are set in each."""
    counts: Numbers = np.unpackbits(heard.view(np.uint8)).reshape(-1, _BITS).sum(axis=1)
    return counts
