"""Polygons in cells of a quarter of a degree, so that most positions are answered by a look into a table.

A cell is outside of all polygons, or whole in one, or undecided: then a position in it asks the pieces of polygons in that cell
alone. Borders belong to the polygons, whose longitude is within ±180.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from fairway.polygons import sound
from services.filter.reports import Flags, Numbers, Reals

DEGREES = 0.25
ROWS, COLUMNS = 720, 1440
OUTSIDE, WHOLE, UNDECIDED = range(3)

States = NDArray[np.int8]  # by row from latitude -90 on, and by column from longitude -180 on
Geometries = NDArray[np.object_]
Box = tuple[float, float, float, float]  # west, south, east, north

_COARSE_DEGREES = (
    5.0  # polygons are cut so before they are cut into small cells: otherwise each would be looked at in whole
)
_EDGE_DEGREES = 1e-9  # cells overlap by so much, that a border between two of them may belong to both
_WHOLE_SHARE = 1 - 1e-10  # of its area from which on a cell is covered whole: thinner than a millimetre is what lacks


class Parts(NamedTuple):
    """Pieces of polygons, each with the first column and row of the cells that it may lie in, and those behind the last."""

    pieces: Geometries
    first: Numbers  # (n, 2)
    behind: Numbers  # (n, 2)

    def where(self, some: Flags) -> "Parts":
        """Some of them."""
        return Parts(self.pieces[some], self.first[some], self.behind[some])


def divide(polygons: Sequence[shapely.Polygon], degrees: float) -> tuple[Parts, Parts]:
    """The polygons by cells of that size: pieces, each in one cell; and parts that are whole cells, one or several."""
    pieces = np.array(polygons, np.object_)
    world = np.array([round(360 / degrees), round(180 / degrees)])
    parts = Parts(pieces, np.zeros((len(pieces), 2), np.int64), np.tile(world, (len(pieces), 1)))
    wholes = []
    for step in (max(round(_COARSE_DEGREES / degrees), 1), 1):
        for axis in (1, 0):
            parts = _cut(parts, axis, step, degrees)
            corners = boxes(parts.first, parts.behind, degrees)
            sizes = (corners[:, 2:] - corners[:, :2]).prod(axis=1)
            are_whole = shapely.area(parts.pieces) >= sizes * _WHOLE_SHARE
            wholes.append(parts.where(are_whole))
            parts = parts.where(~are_whole)
    return parts, _joined(wholes)


def boxes(first: Numbers, behind: Numbers, degrees: float) -> Reals:
    """West, south, east and north of cells of that size, degrees, from their places."""
    world = np.array([180.0, 90.0])
    low = np.maximum(first * degrees - world - _EDGE_DEGREES, -world)
    high = np.minimum(behind * degrees - world + _EDGE_DEGREES, world)
    return np.hstack((low, high))


def _cut(parts: Parts, axis: int, step: int, degrees: float) -> Parts:
    """Cut along the meridians (axis 0) or parallels (1) between every so many cells."""
    bounds = shapely.bounds(parts.pieces).reshape(-1, 4)
    world = 180 - 90 * axis
    lows = np.floor((bounds[:, axis] + world - _EDGE_DEGREES) / degrees / step)
    highs = np.floor((bounds[:, axis + 2] + world + _EDGE_DEGREES) / degrees / step)
    lows, highs = np.maximum(lows, 0), np.minimum(highs, 2 * world / degrees / step - 1)
    cuts = [parts.where(lows > highs)]  # none; so that there is something to join
    for place in range(int(lows.min(initial=0)), int(highs.max(initial=-1)) + 1):
        some = parts.where((lows <= place) & (place <= highs))
        if not len(some.pieces):
            continue
        some.first[:, axis], some.behind[:, axis] = place * step, (place + 1) * step
        west, south, east, north = boxes(some.first[:1], some.behind[:1], degrees)[0].tolist()
        box = (west, -90.0, east, 90.0) if axis == 0 else (-180.0, south, 180.0, north)
        clipped = some._replace(pieces=_clipped(some.pieces, box))
        cuts.append(clipped.where(shapely.area(clipped.pieces) > 0))
    return _joined(cuts)


def _clipped(pieces: Geometries, box: Box) -> Geometries:
    try:
        return np.asarray(shapely.clip_by_rect(pieces, *box))
    except shapely.GEOSException:
        return np.array([clip(piece, box) for piece in pieces], np.object_)


def clip(piece: BaseGeometry, box: Box) -> BaseGeometry:
    """What of the piece is in the box."""
    try:
        return shapely.clip_by_rect(piece, *box)
    except shapely.GEOSException:  # of a sliver it may make a ring of too few points
        return sound(piece).intersection(shapely.box(*box))


def _joined(parts: Sequence[Parts]) -> Parts:
    pieces, first, behind = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Parts(pieces, first, behind)


def box_of(row: int, column: int) -> shapely.Polygon:
    """A cell."""
    first = np.array([[column, row]])
    west, south, east, north = boxes(first, first + 1, DEGREES)[0].tolist()
    return shapely.Polygon([(west, south), (east, south), (east, north), (west, north)])


class Pieces:
    """Some polygons, which may overlap, by cells."""

    def __init__(self, polygons: Sequence[shapely.Polygon]) -> None:
        parts, wholes = divide(polygons, DEGREES)
        self.states: States = np.full((ROWS, COLUMNS), OUTSIDE, np.int8)
        self.states[parts.first[:, 1], parts.first[:, 0]] = UNDECIDED
        for (west, south), (east, north) in zip(wholes.first.tolist(), wholes.behind.tolist(), strict=True):
            self.states[south:north, west:east] = WHOLE
        self._pieces: dict[tuple[int, int], list[BaseGeometry]] = {}
        for (column, row), piece in zip(parts.first.tolist(), parts.pieces.tolist(), strict=True):
            self._pieces.setdefault((row, column), []).append(piece)

    def at(self, row: int, column: int) -> list[BaseGeometry]:
        """What of the polygons is in a cell; pieces may overlap."""
        state = self.states[row, column]
        if state != UNDECIDED:
            return [box_of(row, column)] if state == WHOLE else []
        return [sound(piece) for piece in self._pieces[row, column]]

    def locator(self) -> "Locator":
        """What says whether positions are in any of the polygons."""
        return Locator(self.states, lambda row, column: shapely.union_all(self.at(row, column)))


class Locator:
    """Says of positions whether they are covered. `shape_at` is asked once for each undecided cell in which a position is."""

    def __init__(self, states: States, shape_at: Callable[[int, int], BaseGeometry]) -> None:
        self._states = states.ravel()
        self._shape_at = shape_at
        undecided = np.flatnonzero(self._states == UNDECIDED)
        self._numbers = np.zeros(ROWS * COLUMNS, np.int32)  # of the shapes of undecided cells
        self._numbers[undecided] = np.arange(len(undecided))
        self._shapes = np.empty(len(undecided), np.object_)
        self._is_known = np.zeros(len(undecided), np.bool_)

    def covers(self, lon: Reals, lat: Reals) -> Flags:
        """Whether each position, none of which is NaN, is covered."""
        cells = _cells(lon, lat)
        states = self._states[cells]
        covered: Flags = states == WHOLE
        asked = np.flatnonzero(states == UNDECIDED)
        if len(asked):
            numbers = self._numbers[cells[asked]]
            self._know(cells[asked][~self._is_known[numbers]])
            covered[asked] = shapely.intersects_xy(self._shapes[numbers], lon[asked], lat[asked])
        covered &= (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
        return covered

    def _know(self, cells: Numbers) -> None:
        for cell in np.unique(cells).tolist():
            shape = self._shape_at(*divmod(cell, COLUMNS))
            shapely.prepare(shape)
            self._shapes[self._numbers[cell]] = shape
            self._is_known[self._numbers[cell]] = True


def _cells(lon: Reals, lat: Reals) -> Numbers:
    """The cell of each position; of one that is none on Earth, some cell."""
    columns = np.clip((lon + 180) / DEGREES, 0, COLUMNS - 1).astype(np.int64)
    rows = np.clip((lat + 90) / DEGREES, 0, ROWS - 1).astype(np.int64)
    cells: Numbers = rows * COLUMNS + columns
    return cells
