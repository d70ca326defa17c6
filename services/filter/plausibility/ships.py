"""What ships can be: how long and wide, how fast by their type, how far from whoever hears them.

Types of ship: ITU-R M.1371-5, annex 8, table 53.
"""

from collections.abc import Mapping

import numpy as np

from fairway.geo import distances_metres
from services.filter.known_vessels import KnownVessels
from services.filter.reports import POSITION, STATIC, Flags, Places, Reals, Reports

SHIP_TYPE = "ship_type"
SIDES = ("to_bow", "to_stern", "to_port", "to_starboard")
DIMENSIONS = (*SIDES, "length", "width")  # the last two where a provider gives no others
STATION = "station"

# Fishing, towing, dredging, diving; tugs, anti-pollution; cargo ships and tankers. All others, and what a ship of unknown type
# may be, have been built for speed: craft of pilots, police, rescue and navies, yachts, catamarans that carry passengers.
SLOW_TYPES = (*range(30, 35), 52, 54, *range(70, 90))
WING_IN_GROUND = range(20, 30)  # they fly
ALL_TYPES = 256  # 0 where it is not known

MOST_LENGTH = 490  # metres; the longest ever, Prelude FLNG, is 488
MOST_WIDTH = 125  # metres; the widest, Pioneering Spirit, is 124, and crane vessels are 88 and 100
MOST_LENGTH_TO_WIDTH = 30  # pushed barges in line, the slenderest that there is, are 25 times as long as wide
ROUNDING = 2  # metres, since each is the sum of two whole numbers


class Speeds:
    """What each of at most `most` vessels may make over ground, in knots, by the type that its static data said last."""

    def __init__(self, slow_knots: float, fast_knots: float, most: int) -> None:
        self._knots = np.full(ALL_TYPES, fast_knots)
        self._knots[[*SLOW_TYPES]] = slow_knots
        self._knots[[*WING_IN_GROUND]] = np.inf
        self.memory = KnownVessels([SHIP_TYPE], most)

    def judge(self, reports: Reports, rows: Places) -> Flags:
        """Which rows say more than that."""
        some = reports.rows
        too_fast = np.zeros(len(rows), np.bool_)
        may_be = (some["kind"] == POSITION) & (some["sog"] >= self._knots.min())
        asked = np.flatnonzero((may_be | (some[SHIP_TYPE] != reports.null_of(SHIP_TYPE)))[rows])
        if len(asked):
            types = self.memory.fill(reports, rows[asked])[0][SHIP_TYPE]
            places = np.where((types > 0) & (types < ALL_TYPES), types, 0).astype(np.int64)
            too_fast[asked] = may_be[rows[asked]] & (some["sog"][rows[asked]] >= self._knots[places])
        return too_fast


def are_no_ships(reports: Reports, rows: Places) -> Flags:
    """Which rows say dimensions that no ship has. What is not known, or 0, is not judged."""
    some = reports.rows
    says = (some["kind"] == STATIC) | (some["kind"] == POSITION) & (some["to_bow"] != reports.null_of("to_bow"))
    asked = np.flatnonzero(says[rows])
    # Null is below 0 or NaN
    bow, stern, port, starboard, length, width = (np.fmax(some[name][rows[asked]], 0) for name in DIMENSIONS)
    length = np.where(bow + stern > 0, bow + stern, length)
    width = np.where(port + starboard > 0, port + starboard, width)
    odd = (length > MOST_LENGTH) | (width > MOST_WIDTH)
    odd |= (length > 0) & (width > length + ROUNDING) | (width > 0) & (length > MOST_LENGTH_TO_WIDTH * width)
    found = np.zeros(len(rows), np.bool_)
    found[asked] = odd
    return found


def metres_from_stations(stations: Mapping[str, tuple[float, float]], reports: Reports, rows: Places) -> Reals:
    """How far each row's position is from the station that heard it; NaN where there is no position, or no such station."""
    numbers, which = np.unique(reports.rows[STATION][rows], return_inverse=True)
    nowhere = (np.nan, np.nan)
    names = [None if number == reports.null_of(STATION) else reports.texts.text(number) for number in numbers.tolist()]
    lon, lat = np.array([stations.get(name or "", nowhere) for name in names]).reshape(-1, 2)[which].T
    return distances_metres(lon, lat, reports.rows["lon"][rows], reports.rows["lat"][rows])
