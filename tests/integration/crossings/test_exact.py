"""ais.crossings on a grid of sixteenths of a degree, where signs of floating point are exact: as in fractions."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from tests.integration.crossings.exact import Fix, Line, Point, crossings, is_inside
from tests.integration.db_inserter.queries import query

START = datetime(2026, 1, 2, tzinfo=UTC)
DAY_END = START + timedelta(days=1)
MMSI = 219000000  # of the first vessel, the others follow
MICROSECONDS = 2e-6  # a double holds a time of today to a quarter of one, and PostgreSQL rounds to one

MANY = settings(
    max_examples=30,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink an example takes minutes with a database
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

coordinates = st.integers(-32, 32).map(lambda n: Fraction(n, 16))
near_coordinates = st.integers(-2, 2).map(Fraction)  # few, so that ways often meet corners and run along the line
points = st.one_of(st.tuples(near_coordinates, near_coordinates), st.tuples(coordinates, coordinates))
lines = st.lists(points, min_size=2, max_size=6)
rings = st.lists(points, min_size=3, max_size=5).map(lambda corners: [*corners, corners[0]])
ways = st.lists(st.tuples(st.integers(1, 4), points), min_size=2, max_size=12)
fleets = st.lists(ways, min_size=1, max_size=12)

Steps = Sequence[tuple[int, Point]]  # minutes since the fix before, and where


def way_of(steps: Steps) -> list[Fix]:
    """With times in seconds since 1970."""
    minutes, way = 0, []
    for pause, place in steps:
        minutes += pause
        way.append(Fix(Fraction(int(START.timestamp()) + 60 * minutes), place))
    return way


def store(db: Connection, fleet: Sequence[Steps]) -> list[list[Fix]]:
    """Their ways, as tracks too."""
    query(db, "SELECT ais.ensure_month('tracks', %s); DELETE FROM ais.tracks", START.date())
    found = [way_of(steps) for steps in fleet]
    for number, way in enumerate(found):
        query(
            db,
            "INSERT INTO ais.tracks (mmsi, start_time, end_time, positions, length_metres, straight_metres, goes_on, geom)"
            " VALUES (%s, to_timestamp(%s), to_timestamp(%s), %s, 0, 0, false, st_geomfromewkt(%s))",
            *(MMSI + number, int(way[0].at), int(way[-1].at), len(way)),
            f"SRID=4326;LINESTRINGM({text(way)})",
        )
    return found


def text(way: Sequence[Fix]) -> str:
    return ", ".join(f"{float(fix.place[0])} {float(fix.place[1])} {int(fix.at)}" for fix in way)


def ask(db: Connection, line: Line, begin: datetime = START, end: datetime = DAY_END) -> list[tuple[Any, ...]]:
    """Vessel, seconds since 1970, direction."""
    points = ", ".join(f"{float(lon)} {float(lat)}" for lon, lat in line)
    return query(
        db,
        "SELECT mmsi, crossed_at, direction = 'left to right' FROM ais.crossings(st_geomfromtext(%s, 4326), %s, %s)",
        *(f"LINESTRING({points})", begin, end),
    )


def grid(*points: tuple[int, int]) -> list[Point]:
    return [(Fraction(x), Fraction(y)) for x, y in points]


def every_minute(*points: tuple[int, int]) -> Steps:
    return [(1, point) for point in grid(*points)]


V = grid((-1, 1), (0, 0), (1, 1))  # what is under it is right of it


@MANY
@given(fleet=fleets, line=lines)
@example(fleet=[every_minute((-1, 0), (1, 0))], line=V)
@example(fleet=[every_minute((1, 0), (0, 0), (-1, 0))], line=V)
@example(fleet=[every_minute((0, -1), (0, 0), (0, 1))], line=V)
@example(fleet=[every_minute((-2, 1), (1, -1), (-1, 2), (2, -1))], line=grid((0, 2), (0, 0), (0, 0), (0, -2)))
def test_the_same_crossings_as_in_fractions(db: Connection, fleet: Sequence[Steps], line: Line) -> None:
    wanted = [
        (MMSI + number, float(at), from_left)
        for number, way in enumerate(store(db, fleet))
        for at, from_left in crossings(way, line)
    ]
    found = [(mmsi, moment.timestamp(), from_left) for mmsi, moment, from_left in ask(db, line)]
    assert found == sorted(found, key=lambda crossing: crossing[1])
    for vessel, side in product(range(len(fleet)), (True, False)):
        assert times(found, MMSI + vessel, side) == pytest.approx(times(wanted, MMSI + vessel, side), abs=MICROSECONDS)


def times(rows: Sequence[tuple[int, float, bool]], vessel: int, side: bool) -> list[float]:
    """When a vessel crossed from this side, in order."""
    return sorted(at for mmsi, at, from_left in rows if (mmsi, from_left) == (vessel, side))


@MANY
@given(fleet=fleets, ring=rings)
def test_inside_is_who_came_in_and_did_not_go_out(db: Connection, fleet: Sequence[Steps], ring: Line) -> None:
    found = [mmsi for mmsi, _, _ in store_and_ask(db, fleet, ring)]
    for number, steps in enumerate(fleet):
        changes = is_inside(steps[0][1], ring) != is_inside(steps[-1][1], ring)
        assert found.count(MMSI + number) % 2 == changes


def store_and_ask(db: Connection, fleet: Sequence[Steps], line: Line) -> list[tuple[Any, ...]]:
    store(db, fleet)
    return ask(db, line)


@MANY
@given(fleet=fleets, line=lines)
def test_a_line_looked_along_from_its_other_end_has_the_same_crossings(
    db: Connection, fleet: Sequence[Steps], line: Line
) -> None:
    there = store_and_ask(db, fleet, line)
    back = ask(db, line[::-1])
    assert sorted(there) == sorted((mmsi, moment, not from_left) for mmsi, moment, from_left in back)


@MANY
@given(fleet=fleets, line=lines, minute=st.integers(0, 48))
@example(fleet=[every_minute((1, 0), (0, 0))], line=grid((0, -1), (0, 1)), minute=2)
def test_no_crossing_falls_between_two_questions(
    db: Connection, fleet: Sequence[Steps], line: Line, minute: int
) -> None:
    everything = store_and_ask(db, fleet, line)
    noon = START + timedelta(minutes=minute)
    assert sorted(ask(db, line, end=noon) + ask(db, line, begin=noon)) == sorted(everything)


@MANY
@given(fleet=fleets, line=lines, corner=points, rest=st.lists(points, min_size=1, max_size=3))
def test_two_lines_have_together_what_they_have_as_one(
    db: Connection, fleet: Sequence[Steps], line: list[Point], corner: Point, rest: list[Point]
) -> None:
    everything = store_and_ask(db, fleet, [*line, corner, *rest])
    assert sorted(ask(db, [*line, corner]) + ask(db, [corner, *rest])) == sorted(everything)
