"""How far the positions that were left out are from tracks rebuilt from the kept ones: what thinning costs, after the fact.

Between two kept fixes a track is taken as straight and as steady in time, so a fix that was left out is compared with where the
line is at its own time (the synchronised Euclidean distance of Meratnia and de By, "Spatiotemporal compression techniques for
moving point objects", 2004).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairway.geo import distances_metres
from services.filter.reports import Flags, Numbers, Places, Reals


class TrackErrors(NamedTuple):
    """For each fix: `metres` off the line, of one left out; `seconds` since the corner before it. NaN where there is no such."""

    metres: Reals
    seconds: Reals


def track_errors(tracks: Numbers, at: Numbers, lon: Reals, lat: Reals, corners: Flags, left_out: Flags) -> TrackErrors:
    """How far fixes are off the lines through the corners of their tracks, in metres.

    `tracks` says which fixes belong together; `at` is in milliseconds, and fixes need no order. Where a track has a corner of the
    very moment, the nearest such is what counts. Before the first and after the last corner of a track there is no line.
    """
    keys = _ranks(tracks) * len(tracks) + _ranks(at)
    some = np.flatnonzero(corners)
    some = some[np.argsort(keys[some], kind="stable")]
    line = _Corners(keys[some], tracks[some], at[some], lon[some], lat[some])
    seconds = np.full(len(tracks), np.nan)
    places = np.where(corners, np.searchsorted(line.keys, keys), np.searchsorted(line.keys, keys, "right")) - 1
    behind = np.flatnonzero(line.belong(places, tracks))
    seconds[behind] = (at[behind] - line.at[places[behind]]) / 1000
    metres = np.full(len(tracks), np.nan)
    asked = np.flatnonzero(left_out)
    metres[asked] = line.distances(keys[asked], tracks[asked], at[asked], lon[asked], lat[asked])
    return TrackErrors(metres, seconds)


class _Corners(NamedTuple):
    """In the order of their keys: by track, then by time."""

    keys: Numbers
    tracks: Numbers
    at: Numbers
    lon: Reals
    lat: Reals

    def belong(self, places: Places, tracks: Numbers) -> Flags:
        """Which of these places are corners of these tracks."""
        there: Flags = (places >= 0) & (places < len(self.keys))
        there[there] = self.tracks[places[there]] == tracks[there]
        return there

    def distances(self, keys: Numbers, tracks: Numbers, at: Numbers, lon: Reals, lat: Reals) -> Reals:
        metres = np.full(len(keys), np.nan)
        first, end = np.searchsorted(self.keys, keys), np.searchsorted(self.keys, keys, "right")
        between = np.flatnonzero((first == end) & self.belong(first - 1, tracks) & self.belong(first, tracks))
        before, after = first[between] - 1, first[between]
        share = (at[between] - self.at[before]) / (self.at[after] - self.at[before])
        east = (self.lon[after] - self.lon[before] + 180.0) % 360.0 - 180.0
        there = self.lon[before] + share * east, self.lat[before] + share * (self.lat[after] - self.lat[before])
        metres[between] = distances_metres(*there, lon[between], lat[between])
        same = np.flatnonzero(first < end)
        while len(same):  # once for each corner of one moment
            corner = first[same]
            to_corner = distances_metres(self.lon[corner], self.lat[corner], lon[same], lat[same])
            metres[same] = np.fmin(metres[same], to_corner)
            first[same] += 1
            same = same[first[same] < end[same]]
        return metres


def _ranks(values: NDArray[np.int64]) -> Numbers:
    return np.asarray(np.unique(values, return_inverse=True)[1], np.int64)
