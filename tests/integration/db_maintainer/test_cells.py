"""The grid of density: every place in one cell, every leg in those that it goes through."""

from collections.abc import Sequence
from random import Random

import pytest
from psycopg2.extensions import connection as Connection

from tests.integration.db_inserter.queries import query, value
from tests.integration.db_maintainer.hexagons import cell_at, shares

RANDOM = Random(6)
PLACES = [(RANDOM.uniform(-180, 180), RANDOM.uniform(-85, 85)) for _ in range(1000)]
PLACES += [(RANDOM.uniform(-0.02, 0.02), RANDOM.uniform(-0.02, 0.02)) for _ in range(1000)]
PLACES += [(side * RANDOM.uniform(179.98, 180), RANDOM.uniform(-1, 1)) for side in (1, -1) for _ in range(100)]


def test_a_place_is_in_the_cell_with_the_nearest_centre(db: Connection) -> None:
    lons, lats = zip(*PLACES, strict=True)
    statement = """
        SELECT ais.cell_at(lon, lat)
        FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS p (lon, lat, n) ORDER BY n
    """
    assert [cell for (cell,) in query(db, statement, list(lons), list(lats))] == [cell_at(*place) for place in PLACES]


def test_a_cell_is_drawn_around_its_places(db: Connection) -> None:
    lons, lats = zip(*PLACES, strict=True)
    statement = """
        SELECT bool_and(st_covers(polygon, st_point(lon, lat, 4326)) OR abs(lon) > 179.9), bool_and(st_isvalid(polygon))
        FROM unnest(%s::float8[], %s::float8[]) AS p (lon, lat)
        CROSS JOIN LATERAL ais.cell_polygon(ais.cell_at(lon, lat)) AS polygon
    """
    assert query(db, statement, list(lons), list(lats)) == [(True, True)]


def test_both_sides_of_the_180th_meridian_are_one_cell(db: Connection) -> None:
    for lat in 0.0, 10.0, -50.0:
        assert value(db, "SELECT ais.cell_at(180, %s) = ais.cell_at(-180, %s)", lat, lat)


def test_a_cell_is_a_kilometre_wide_at_the_equator_and_half_of_it_at_60_degrees(db: Connection) -> None:
    for lat, width in (0.0, 1000), (60.0, 500):
        metres = value(
            db,
            "SELECT st_distance(st_point(st_xmin(c), %s, 4326)::geography, st_point(st_xmax(c), %s, 4326)::geography)"
            " FROM ais.cell_polygon(ais.cell_at(5, %s)) AS c",
            *[lat] * 3,
        )
        assert metres == pytest.approx(width, rel=0.005)


def test_the_poles_are_in_a_cell(db: Connection) -> None:
    assert value(db, "SELECT ais.cell_at(0, 90) = ais.cell_at(0, 85) AND ais.cell_at(0, -90) = ais.cell_at(0, -85)")


def legs() -> Sequence[tuple[float, float, float, float]]:
    found = []
    for size in (0.005, 0.05, 0.5):
        for _ in range(40):
            lon, lat = RANDOM.uniform(-180, 180), RANDOM.uniform(-70, 70)
            found.append((lon, lat, lon + RANDOM.uniform(-size, size), lat + RANDOM.uniform(-size, size)))
    return [*found, (9.3, 55.0, 9.4, 55.0), (9.3, 55.0, 9.3, 55.1), (179.99, 1.0, 180.02, 1.01)]


def test_a_leg_shares_its_length_among_the_cells_it_goes_through(db: Connection) -> None:
    statement = """
        SELECT cell, share
        FROM ais.cells_along(ais.cell_x(%s), ais.cell_y(%s), ais.cell_x(%s), ais.cell_y(%s)) WHERE share > 1e-9
    """
    for leg in legs():
        expected = {cell: share for cell, share in shares(*leg).items() if share > 1e-9}
        found = dict(query(db, statement, *leg))
        assert found == {cell: pytest.approx(share, abs=1e-8) for cell, share in expected.items()}
        assert sum(found.values()) == pytest.approx(1)
