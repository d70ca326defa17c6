"""The columns of an archived position, in one list: type, where it comes from, and how it counts in the checksum.

A file holds what `ais.positions` shows, with `geometry` in place of lon, lat and geom. A test compares the list with the tables.
"""

from dataclasses import dataclass
from enum import Enum

import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")


class Way(Enum):
    """How a value crosses from the database, and as which whole number it counts in the checksum."""

    TIME = "(extract(epoch FROM {0}) * 1000000)::bigint"  # microseconds since 1970
    NUMBER = "{0}"
    MILLIONTHS = "round({0}::float8 * 1000000)::bigint"  # real numbers count to a millionth
    YES = "{0}::integer"
    TEXT = ""  # counts within the label


@dataclass(frozen=True)
class Column:
    """A column of ais.position_rows, or of ais.position_labels when `of_label`."""

    name: str
    type: pa.DataType
    way: Way
    of_label: bool = False

    @property
    def counted(self) -> str:
        """SQL of the number that counts in the checksum."""
        return self.way.value.format(f"r.{self.name}")


def _columns(type: pa.DataType, way: Way, *names: str) -> list[Column]:
    return [Column(name, type, way) for name in names]


# lon and lat are in the file as the geometry.
ROW = (
    *_columns(TIME, Way.TIME, "event_time", "received_at"),
    *_columns(pa.int32(), Way.NUMBER, "mmsi", "lon", "lat"),
    *_columns(pa.float32(), Way.MILLIONTHS, "sog", "cog", "rot"),
    *_columns(pa.int32(), Way.NUMBER, "radio"),
    *_columns(
        pa.int16(),
        Way.NUMBER,
        *("msg_type", "repeat", "heading", "nav_status", "second", "maneuver", "reserved", "flags"),
    ),
    *_columns(pa.bool_(), Way.YES, "accuracy", "raim", "cs", "display", "dsc", "band", "msg22", "assigned", "gnss"),
    *_columns(pa.float64(), Way.MILLIONTHS, "time_shift"),
)
LABEL = (
    *(
        Column(name, pa.string(), Way.TEXT, of_label=True)
        for name in ("source", "station", "time_source", "channel", "talker", "turning", "ais_class", "missing")
    ),
    *(Column(name, pa.bool_(), Way.TEXT, of_label=True) for name in ("own_ship", "low_resolution")),
)
COLUMNS = (*ROW, *LABEL)
PLACE = ("lon", "lat")
GEOMETRY = "geometry"
