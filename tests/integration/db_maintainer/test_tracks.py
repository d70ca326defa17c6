"""Lines: where they end, what they measure, and trips over midnight."""

from datetime import timedelta

import pytest
from psycopg2.extensions import connection as Connection

from services.db_inserter.stage import Inserter
from services.db_maintainer import tracks
from tests.integration.db_inserter.queries import query
from tests.integration.db_inserter.reports import filtered, position
from tests.integration.db_maintainer.queries import LONG_AFTER, MIDNIGHT

Fix = tuple[int, float, float]  # minutes since midnight, longitude, latitude


def lines(
    db: Connection, inserter: Inserter, maintainer: Connection, fixes: list[Fix], name: str = "tracks"
) -> list[list[float]]:
    """The minutes of the points of each line."""
    reports = [
        position(event_time=f"{MIDNIGHT + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%S.000Z}", lon=lon, lat=lat)
        for minutes, lon, lat in fixes
    ]
    inserter.handle([filtered(*reports)])
    tracks.refresh(maintainer, LONG_AFTER)
    rows = query(
        db,
        "SELECT (SELECT array_agg((st_m(p.geom) - %s) / 60 ORDER BY p.path) FROM st_dumppoints(t.geom) AS p)"
        f" FROM ais.{name} AS t ORDER BY start_time",
        MIDNIGHT.timestamp(),
    )
    return [line for (line,) in rows]


@pytest.mark.parametrize(
    ("fixes", "expected"),
    [
        ([(0, 10, 55)], []),
        ([(0, 10, 55), (0, 11, 55), (5, 11, 55)], [[0, 5]]),
        ([(0, 10, 55), (60, 10, 55), (121, 10, 55), (122, 10, 55)], [[0, 60], [121, 122]]),
        ([(0, 10, 55), (1, 10, 55), (2, 10.5, 55), (3, 10.5, 55)], [[0, 1], [2, 3]]),
        ([(0, 179.99, 0), (1, 179.995, 0), (2, -179.999, 0), (3, -179.99, 0)], [[0, 1], [2, 3]]),
        ([(-2, 10, 55), (-1, 10, 55), (1, 10, 55), (2, 10, 55)], [[-2, -1, 1], [1, 2]]),
        ([(-1, 10, 55), (59, 10, 55)], [[-1, 59]]),
        ([(-2, 10, 55), (-1, 10, 55), (60, 10, 55), (61, 10, 55)], [[-2, -1], [60, 61]]),
    ],
    ids=["alone", "one moment", "gap", "jump", "180th meridian", "midnight", "alone after midnight", "gap at midnight"],
)
def test_a_line_ends_where_nothing_can_be_said_of_the_way(
    db: Connection,
    inserter: Inserter,
    maintainer: Connection,
    fixes: list[Fix],
    expected: list[list[float]],
) -> None:
    assert lines(db, inserter, maintainer, fixes) == expected


def test_a_trip_goes_on_over_midnight_and_ends_at_a_gap(
    db: Connection, inserter: Inserter, maintainer: Connection
) -> None:
    hours = [n * 30 for n in range(-30, 60)]
    trips = lines(db, inserter, maintainer, [(n, 10 + n / 1000, 55) for n in [*hours, 2000, 2001]], "trips")
    assert trips == [hours, [2000, 2001]]
    [(summed, of_line, positions, points, is_trajectory)] = query(
        db,
        "SELECT length_metres, st_length(geom::geography), positions, st_npoints(geom), st_isvalidtrajectory(geom)"
        " FROM ais.trips ORDER BY start_time LIMIT 1",
    )
    assert summed == pytest.approx(of_line, rel=1e-9)
    assert positions == points == len(hours)
    assert is_trajectory


def test_lengths_are_of_the_ellipsoid(db: Connection, inserter: Inserter, maintainer: Connection) -> None:
    lines(db, inserter, maintainer, [(0, 10, 0), (30, 10.1, 0), (60, 10.1, 0.1), (90, 10, 0)])
    [(length, straight, sinuosity)] = query(db, "SELECT length_metres, straight_metres, sinuosity FROM ais.tracks")
    east, north = 11131.949079, 11057.427582  # a tenth of a degree at the equator, WGS 84
    assert length == pytest.approx(east + north + (east**2 + north**2) ** 0.5, rel=1e-6)
    assert (straight, sinuosity) == (0, None)


def test_a_question_for_a_place_and_a_vessel_is_served_by_indexes(
    db: Connection, inserter: Inserter, maintainer: Connection
) -> None:
    lines(db, inserter, maintainer, [(0, 10, 55), (1, 10, 55)])
    query(db, "SET enable_seqscan = off")
    for question, index in (
        ("geom && st_makeenvelope(9, 54, 11, 56, 4326)", "geom_idx"),
        ("mmsi = 219000001 AND start_time > '2026-01-01'", "pkey"),
    ):
        plan = str(query(db, f"EXPLAIN SELECT 1 FROM ais.tracks WHERE {question}"))
        assert f"tracks_202601_{index}" in plan
    assert "mmsi = 219000001" in str(query(db, "EXPLAIN SELECT * FROM ais.trips WHERE mmsi = 219000001"))
