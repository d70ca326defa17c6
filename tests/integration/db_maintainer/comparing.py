"""Derived tables beside what a slow computation says of them."""

import cmath
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from math import isclose, radians
from typing import Any

from psycopg2.extensions import connection as Connection

from tests.integration.db_maintainer.from_scratch import HALF_HOUR, Row, Said, Truth

# What a row has besides its columns as they are.
_READ = {
    "positions_30min": "SELECT t.*, sog::float8, cog::float8, sog_min::float8, sog_max::float8 FROM ais.positions_30min AS t",
    "positions_12h": "SELECT t.*, sog::float8, cog::float8, sog_min::float8, sog_max::float8 FROM ais.positions_12h AS t",
    "vessel_days": """
        SELECT t.*, sog_max::float8, CASE WHEN bbox IS NOT NULL THEN
            ARRAY[st_xmin(bbox), st_ymin(bbox), st_xmax(bbox), st_ymax(bbox)] END AS bbox
        FROM ais.vessel_days AS t
    """,
    "tracks": """
        SELECT t.*, points.geom
        FROM ais.tracks AS t CROSS JOIN LATERAL (
            SELECT array_agg(ARRAY[st_x(p.geom), st_y(p.geom), st_m(p.geom)] ORDER BY p.path) AS geom
            FROM st_dumppoints(t.geom) AS p
        ) AS points
    """,
    "density": "SELECT * FROM ais.density",
}
_SECONDS_OF_ROUNDING = 1e-6  # a billionth of half an hour, which a leg may share with a cell of which it cuts a corner


def untrue(db: Connection, said: Sequence[Said] = ()) -> list[str]:
    """What in derived tables differs from what a slow computation says: a sentence each."""
    truth = Truth(db, said)
    compared = (
        ("positions_30min", truth.buckets(HALF_HOUR), ("bucket", "mmsi")),
        ("positions_12h", truth.buckets(timedelta(hours=12)), ("bucket", "mmsi")),
        ("vessel_days", truth.vessel_days(), ("day", "mmsi")),
        ("tracks", truth.tracks(), ("mmsi", "start_time")),
        ("density", truth.density(), ("day", "cell", "ship_class", "course_sector", "speed_bin")),
    )
    return [
        f"{table}: {difference}"
        for table, expected, keys in compared
        for difference in _differences(_stored(db, table), expected, keys)
    ]


def _stored(db: Connection, table: str) -> list[Row]:
    with db.cursor() as cursor:
        cursor.execute(_READ[table])
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        for name in {"cog_mean", "heading_mean"} & row.keys():
            assert row[name] is None or 0 <= row[name] < 360
            row[name] = None if row[name] is None else cmath.rect(1, radians(row[name]))
    return rows


def _differences(stored: Iterable[Row], expected: Iterable[Row], keys: Sequence[str]) -> Iterator[str]:
    found = {tuple(row[key] for key in keys): row for row in stored if not _is_rounding(row)}
    wanted = {tuple(row[key] for key in keys): row for row in expected if not _is_rounding(row)}
    yield from (f"{key} should be there" for key in wanted.keys() - found.keys())
    yield from (f"{key} should not be there" for key in found.keys() - wanted.keys())
    for key in wanted.keys() & found.keys():
        for name in wanted[key].keys() | found[key].keys():
            is_value, should_be = found[key].get(name, "missing"), wanted[key].get(name, "missing")
            if not _is_near(is_value, should_be, _SECONDS_OF_ROUNDING if name == "seconds" else 1e-9):
                yield f"{key}: {name} is {is_value}, should be {should_be}"


def _is_rounding(row: Row) -> bool:
    return "cell" in row and row["seconds"] < _SECONDS_OF_ROUNDING


def _is_near(found: Any, wanted: Any, most: float = 1e-9) -> bool:
    if isinstance(wanted, float) and isinstance(found, float):
        return isclose(found, wanted, rel_tol=1e-9, abs_tol=most)
    if isinstance(wanted, complex) and isinstance(found, complex):
        return abs(found - wanted) < 1e-9
    if isinstance(wanted, tuple | list) and isinstance(found, list):
        return len(found) == len(wanted) and all(map(_is_near, found, wanted))
    return bool(found == wanted)
