"""What all GeoParquet files of ours have in common: points as WKB, and what a file says of its geometry.

https://geoparquet.org/releases/v1.1.0/. It knows no M, so the times of a line are a column of their own.
"""

import json
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

GEOMETRY = "geometry"
KEY = "geo"  # of the metadata

# A point in WKB: byte order 1 (little-endian), geometry type 1.
POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("lon", "<f8"), ("lat", "<f8")])

Degrees = NDArray[np.float64]


class Bounds:
    """The smallest box around the places noted so far."""

    def __init__(self) -> None:
        self.box: tuple[float, float, float, float] | None = None  # west, south, east, north

    def note(self, lon: Degrees, lat: Degrees) -> None:
        """Take places in."""
        if not len(lon):
            return
        west, south, east, north = lon.min(), lat.min(), lon.max(), lat.max()
        if self.box is not None:
            west, south = min(west, self.box[0]), min(south, self.box[1])
            east, north = max(east, self.box[2]), max(north, self.box[3])
        self.box = (float(west), float(south), float(east), float(north))


def points(lon: Degrees, lat: Degrees, is_null: NDArray[np.bool_]) -> pa.Array:
    """Points as WKB; null where there is none, whatever the numbers there are."""
    found = np.zeros(len(lon), POINT)
    found["order"], found["type"], found["lon"], found["lat"] = 1, 1, lon, lat
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(POINT.itemsize), len(found), [None, pa.py_buffer(found.tobytes())]
    ).cast(pa.binary())
    return pc.if_else(pa.array(is_null), None, fixed) if is_null.any() else fixed


def metadata(geometry_types: Sequence[str], bounds: Bounds) -> str:
    """What a file says under KEY of its column GEOMETRY, WGS 84."""
    geo: dict[str, object] = {"encoding": "WKB", "geometry_types": list(geometry_types)}
    if bounds.box is not None:
        geo["bbox"] = list(bounds.box)
    return json.dumps({"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: geo}})
