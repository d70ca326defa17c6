"""The way of decoded reports into tracks, through the filter, the inserter and the maintainer, and to crossings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from psycopg2.extensions import connection as Connection

from fairway.records import Decoded
from fairway.testing import message
from services.db_inserter.stage import Inserter
from services.db_maintainer import tracks
from services.filter import rule_file
from services.filter.judge import Filter
from services.filter.stage import FilterStage
from tests.integration.db_inserter.queries import query
from tests.integration.db_maintainer.queries import LONG_AFTER

BATCH = 5000

Line = Sequence[tuple[float, float]]  # longitude and latitude


class Found(NamedTuple):
    """A row of ais.crossings."""

    mmsi: int
    at: float  # seconds since 1970
    from_left: bool
    lon: float
    lat: float


def store(inserter: Inserter, maintainer: Connection, reports: Sequence[Decoded], rules: str) -> None:
    """Reports that these rules of the filter keep become rows, and these tracks."""
    stage = FilterStage(Filter(rule_file.read(rules)))
    for first in range(0, len(reports), BATCH):
        batch = message(reports[first : first + BATCH], id=f"crossings-{first}")
        filtered = stage.handle([batch])
        stage.commit()
        inserter.handle(filtered)
    tracks.refresh(maintainer, LONG_AFTER)


def ask(db: Connection, line: Line, begin: datetime, end: datetime) -> list[Found]:
    """What ais.crossings says."""
    rows: list[Any] = query(
        db,
        "SELECT mmsi, crossed_at, direction, st_x(geom), st_y(geom) FROM ais.crossings(st_geomfromtext(%s, 4326), %s, %s)",
        *(f"LINESTRING({', '.join(f'{lon} {lat}' for lon, lat in line)})", begin, end),
    )
    return [
        Found(mmsi, at.timestamp(), direction == "left to right", lon, lat) for mmsi, at, direction, lon, lat in rows
    ]
