"""What a row of a roll-up says."""

import pytest
from psycopg2.extensions import connection as Connection

from fairway.flags import bits
from services.db_inserter.stage import Inserter
from services.db_maintainer import rollups
from tests.integration.db_inserter.queries import query, value
from tests.integration.db_inserter.reports import filtered, position
from tests.integration.db_maintainer.queries import LONG_AFTER


@pytest.mark.parametrize("table", ["positions_30min", "positions_12h"])
@pytest.mark.parametrize(
    ("courses", "mean", "length"),
    [
        ([350, 10], 0, 0.984807753),
        ([359, 3], 1, 0.999390827),
        ([270, 330], 300, 0.866025404),
        ([0, 180], None, 0),
        ([0, 120, 240], None, 0),
        ([42], 42, 1),
        ([None, None], None, None),
    ],
)
def test_the_mean_of_angles_is_circular(
    db: Connection,
    inserter: Inserter,
    maintainer: Connection,
    courses: list[int | None],
    mean: float | None,
    length: float | None,
    table: str,
) -> None:
    inserter.handle([filtered(*(position(second, cog=c, heading=c) for second, c in enumerate(courses)))])
    rollups.refresh(maintainer, LONG_AFTER)
    count = sum(course is not None for course in courses)
    for angle in "cog", "heading":
        rows = query(db, f"SELECT {angle}_mean, {angle}_length, {angle}_count FROM ais.{table}")
        assert rows == [(pytest.approx(mean, abs=1e-9), pytest.approx(length, abs=1e-9), count)]


def test_every_direction_is_from_0_to_less_than_360(db: Connection) -> None:
    wrong = """
        SELECT degrees FROM generate_series(0, 359) AS degrees
        WHERE abs(ais.direction(sind(degrees), cosd(degrees)) - degrees) > 1e-9
    """
    assert query(db, wrong) == []
    assert 0 <= value(db, "SELECT ais.direction(-1e-18, 1)") < 1e-9


def test_a_vessel_that_says_no_place_is_counted(db: Connection, inserter: Inserter, maintainer: Connection) -> None:
    inserter.handle([filtered(position(lon=None, lat=None, sog=5.0), position(1, flags=1), position(2, flags=4))])
    rollups.refresh(maintainer, LONG_AFTER)
    for table in "positions_30min", "positions_12h":
        assert query(db, f"SELECT reports, fixes, lon, sog, sog_count, distance_metres FROM ais.{table}") == [
            (3, 0, None, None, 0, 0)
        ]
    assert query(db, "SELECT reports, fixes, gaps, bbox FROM ais.vessel_days") == [(3, 0, 0, None)]


def test_the_bits_of_misplaced_positions_are_those_of_the_filter(db: Connection) -> None:
    definition = value(db, "SELECT pg_get_viewdef('ais.fix_rows'::regclass)")
    assert f"& {bits(['implied_speed', 'null_island'])}) = 0" in definition
