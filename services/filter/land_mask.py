"""Where land is, some way behind its coast: land and lakes as polygons, by cells.

The coast is moved inland for one cell at a time, when a position in it is first asked for: for the whole world it would take a
minute.
"""

from collections.abc import Sequence
from math import ceil, cos, radians

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from fairway.geo import METRES_IN_A_DEGREE
from services.filter.cells import (
    COLUMNS,
    DEGREES,
    OUTSIDE,
    ROWS,
    UNDECIDED,
    WHOLE,
    Box,
    Locator,
    Pieces,
    States,
    box_of,
    clip,
)
from services.filter.offsets import moved
from services.filter.reports import Flags

ARC_SEGMENTS = 4  # of a quarter of a circle: where the coast turns, it is moved up to 2 % too little
FARTHEST_LAT = 89.9  # degrees; nearer the poles a metre may be any number of columns
MOST_METRES = 20_000.0  # the coast is moved: it must not come from further than the next row of cells


class LandMask:
    """Polygons of land without those of water, its border moved `coast_metres` (at most MOST_METRES) inland."""

    def __init__(self, land: list[shapely.Polygon], water: list[shapely.Polygon], coast_metres: float) -> None:
        self._land, self._water = Pieces(land), Pieces(water)
        self._metres = coast_metres
        self._reaches = [_columns_reached(row, coast_metres) for row in range(ROWS)]
        self._locator = Locator(self._states(), self._inland)
        self.covers = self._locator.covers

    def _states(self) -> States:
        states = self._land.states.copy()
        wet = self._water.states
        states[(states != OUTSIDE) & (wet == UNDECIDED)] = UNDECIDED
        states[wet == WHOLE] = OUTSIDE
        if self._metres:
            states[(states == WHOLE) & self._are_near(states != WHOLE)] = UNDECIDED
        return states

    def _are_near(self, coasts: Flags) -> Flags:
        """Which cells the border of these others may move into."""
        near = coasts.copy()
        near[1:] |= coasts[:-1]
        near[:-1] |= coasts[1:]
        beside = near.copy()
        for row, reach in enumerate(self._reaches):
            for columns in range(1, reach + 1):
                near[row] |= np.roll(beside[row], columns) | np.roll(beside[row], -columns)
        return near

    def _inland(self, row: int, column: int) -> BaseGeometry:
        """What of a cell is land and far enough from the coast."""
        cell, reach = box_of(row, column), self._reaches[row]
        cells = [
            (beside, each)
            for beside in range(max(row - 1, 0), min(row + 2, ROWS))
            for each in range(column - reach, column + reach + 1)
        ]
        box = _farther(cell, self._metres)
        dry = _around(self._land, cells, box).difference(_around(self._water, cells, box))
        return moved(dry, -self._metres, ARC_SEGMENTS).intersection(cell) if dry.area else dry


def _around(pieces: Pieces, cells: Sequence[tuple[int, int]], box: Box) -> BaseGeometry:
    """What of the pieces in some cells, of which the columns go on beyond the antimeridian, is in the box."""
    found = [
        clip(translate(piece, 360.0 * (column // COLUMNS)) if column // COLUMNS else piece, box)
        for row, column in cells
        for piece in pieces.at(row, column % COLUMNS)
    ]
    return shapely.union_all(found)


def _columns_reached(row: int, metres: float) -> int:
    """How many cells to the side a distance may reach from a row, or from its neighbours."""
    farthest_lat = min(max(abs(row * DEGREES - 90), abs((row + 1) * DEGREES - 90)) + DEGREES, FARTHEST_LAT)
    return ceil(metres / METRES_IN_A_DEGREE / cos(radians(farthest_lat)) / DEGREES)


def _farther(cell: shapely.Polygon, metres: float) -> Box:
    """West, south, east and north of all that is so near a cell, and somewhat more."""
    west, south, east, north = cell.bounds
    rows = 1.01 * metres / METRES_IN_A_DEGREE
    columns = rows / cos(radians(min(max(-south, north) + rows, FARTHEST_LAT)))
    return west - columns, south - rows, east + columns, north + rows
