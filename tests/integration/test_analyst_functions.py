"""The functions for analysts, against slow and obvious computations over the same positions."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import isclose
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from fairway import database
from fairway.geo import distance_metres
from tests.integration.db_inserter.queries import SLOW, query, value

START = datetime(2026, 1, 2, 3, 0, tzinfo=UTC)
SHIP, OTHER, THIRD = 219000001, 219000002, 219000003
SPHERE_TO_SPHEROID = 0.006  # how far lengths on either differ at most

Fix = tuple[float, float, float]  # minutes after START, lon, lat


@pytest.fixture(scope="module")
def functions_url(migrated_url: str) -> str:
    """A migrated database that the tests of this file share; each starts with empty tables."""
    return migrated_url


@pytest.fixture
def db(functions_url: str) -> Iterator[Connection]:
    with closing(database.connect(functions_url)) as connection:
        connection.autocommit = True
        for day in range(3):
            query(connection, "SELECT ais.ensure_partition(%s)", START.date() + timedelta(days=day - 1))
        query(connection, "SELECT ais.ensure_month('tracks', %s)", START.date())
        empty(connection)
        yield connection


def empty(db: Connection) -> None:
    query(
        db,
        "DELETE FROM ais.position_rows; DELETE FROM ais.tracks; DELETE FROM ais.vessels; DELETE FROM ais.position_labels",
    )
    query(db, "INSERT INTO ais.position_labels (own_ship, source, time_source) VALUES (false, 'test.a', 'received')")


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def store(db: Connection, mmsi: int, fixes: Sequence[Fix], **more: Any) -> None:
    """Positions of a vessel."""
    columns = {"sog": 5.0, "flags": None, **more}
    for minutes, lon, lat in fixes:
        query(
            db,
            f"INSERT INTO ais.position_rows (event_time, received_at, mmsi, lon, lat, label, msg_type, {', '.join(columns)})"
            f" SELECT %s, %s, %s, %s, %s, max(id), 1, {', '.join(['%s'] * len(columns))} FROM ais.position_labels",
            *(at(minutes), at(minutes), mmsi, round(lon * 1e7), round(lat * 1e7), *columns.values()),
        )


def track(db: Connection, mmsi: int, fixes: Sequence[Fix]) -> None:
    """A track of a vessel, as the maintainer makes it."""
    points = ", ".join(f"{lon} {lat} {at(minutes).timestamp()}" for minutes, lon, lat in fixes)
    query(
        db,
        "INSERT INTO ais.tracks (mmsi, start_time, end_time, positions, length_metres, straight_metres, goes_on, geom)"
        " SELECT %s, %s, %s, %s, st_length(g::geography), 0, false, g FROM st_geomfromewkt(%s) AS g",
        *(mmsi, at(fixes[0][0]), at(fixes[-1][0]), len(fixes), f"SRID=4326;LINESTRINGM({points})"),
    )


AREA = "st_makeenvelope(10, 55, 11, 56, 4326)"


def vessels_at(db: Connection, minutes: float, within: str = "30 minutes", area: str = AREA) -> list[tuple[Any, ...]]:
    return query(
        db,
        f"SELECT mmsi, event_time, lon FROM ais.vessels_at(%s, %s, {area}) ORDER BY mmsi",
        *(at(minutes), within),
    )


def test_a_vessel_is_where_it_was_last(db: Connection) -> None:
    store(db, SHIP, [(0, 10.5, 55.5), (10, 10.6, 55.5), (25, 10.7, 55.5)])
    assert vessels_at(db, 24) == [(SHIP, at(10), 10.6)]
    assert vessels_at(db, 25) == [(SHIP, at(25), 10.7)]
    assert vessels_at(db, 54.9) == [(SHIP, at(25), 10.7)]
    assert vessels_at(db, 55) == []


def test_a_vessel_that_has_left_the_area_is_not_in_it(db: Connection) -> None:
    store(db, SHIP, [(0, 10.5, 55.5), (10, 11.5, 55.5)])
    assert vessels_at(db, 9) == [(SHIP, at(0), 10.5)]
    assert vessels_at(db, 11) == []
    assert vessels_at(db, 11, area="NULL") == [(SHIP, at(10), 11.5)]


def test_what_the_filter_held_to_be_no_place_is_none(db: Connection) -> None:
    store(db, SHIP, [(0, 10.5, 55.5)])
    store(db, SHIP, [(1, 10.9, 55.9)], flags=1)
    store(db, SHIP, [(2, 0.0, 0.0)], flags=4)
    store(db, SHIP, [(3, 10.6, 55.5)], flags=2)
    assert [lon for _, _, lon in vessels_at(db, 2.5)] == [10.5]
    assert [lon for _, _, lon in vessels_at(db, 5)] == [10.6]


def test_an_area_may_be_of_any_form(db: Connection) -> None:
    store(db, SHIP, [(0, 10.1, 55.9)])
    store(db, OTHER, [(0, 10.9, 55.1)])
    triangle = "st_geomfromtext('POLYGON((10 55, 11 55, 11 56, 10 55))', 4326)"
    assert [mmsi for mmsi, _, _ in vessels_at(db, 1, area=triangle)] == [OTHER]


WAYS = st.lists(
    st.tuples(st.integers(0, 90), st.sampled_from([9.5, 10.5, 11.5]), st.sampled_from([54.5, 55.5])),
    max_size=12,
    unique_by=lambda f: f[0],
)


@SLOW
@given(ways=st.tuples(WAYS, WAYS), minute=st.integers(0, 100), within=st.integers(1, 60))
def test_vessels_at_is_the_last_place_of_each(
    db: Connection, ways: tuple[list[Fix], ...], minute: int, within: int
) -> None:
    empty(db)
    wanted = []
    for mmsi, way in zip((SHIP, OTHER), ways, strict=True):
        store(db, mmsi, way)
        heard = sorted(fix for fix in way if minute - within < fix[0] <= minute)
        wanted += [(mmsi, at(heard[-1][0]), heard[-1][1])] if heard and heard[-1][1:] == (10.5, 55.5) else []
    assert vessels_at(db, minute, f"{within} minutes") == wanted


def test_a_track_is_cut_at_a_silence(db: Connection) -> None:
    store(
        db,
        SHIP,
        [(0, 10.0, 55.0), (10, 10.1, 55.0), (75, 10.2, 55.0), (76, 10.3, 55.0), (80, 10.4, 55.0), (200, 10.5, 55.0)],
    )
    rows = query(
        db,
        "SELECT segment, start_time, end_time, positions, length_metres, st_astext(geom, 2) FROM ais.vessel_track(%s, %s, %s)",
        SHIP,
        at(0),
        at(300),
    )
    assert [(row[0], row[1], row[2], row[3]) for row in rows] == [
        (1, at(0), at(10), 2),
        (2, at(75), at(80), 3),
        (3, at(200), at(200), 1),
    ]
    assert isclose(rows[1][4], distance_metres(10.2, 55, 10.4, 55), rel_tol=SPHERE_TO_SPHEROID)
    assert rows[2][4:] == (0.0, None)
    assert (
        value(db, "SELECT st_m(st_endpoint(geom)) FROM ais.vessel_track(%s, %s, %s) LIMIT 1", SHIP, at(0), at(300))
        == at(10).timestamp()
    )
    assert (
        len(query(db, "SELECT segment FROM ais.vessel_track(%s, %s, %s, '2 hours 1 minute')", SHIP, at(0), at(300)))
        == 1
    )


def test_a_track_has_what_is_from_its_beginning_on_and_before_its_end(db: Connection) -> None:
    store(db, SHIP, [(0, 10.0, 55.0), (10, 10.1, 55.0), (20, 10.2, 55.0), (20, 10.2, 55.0)])
    assert query(db, "SELECT positions FROM ais.vessel_track(%s, %s, %s)", SHIP, at(0), at(20)) == [(2,)]
    assert query(db, "SELECT positions FROM ais.vessel_track(%s, %s, %s)", SHIP, at(0), at(21)) == [(3,)]
    assert query(db, "SELECT positions FROM ais.vessel_track(%s, %s, %s)", OTHER, at(0), at(21)) == []


def position_at(db: Connection, minutes: float, mmsi: int = SHIP) -> list[tuple[Any, ...]]:
    return query(
        db,
        "SELECT round(lon::numeric, 5)::float, round(lat::numeric, 5)::float, before_time, after_time, is_interpolated"
        " FROM ais.vessel_position_at(%s, %s)",
        *(mmsi, at(minutes)),
    )


def test_a_place_between_two_positions_is_on_the_way_between_them(db: Connection) -> None:
    store(db, SHIP, [(0, 10.0, 0.0), (10, 11.0, 0.0)])
    assert position_at(db, 2.5) == [(10.25, 0.0, at(0), at(10), True)]
    assert position_at(db, 0) == [(10.0, 0.0, at(0), at(10), False)]
    assert position_at(db, 10) == [(11.0, 0.0, at(10), None, False)]


def test_a_place_at_rest_and_over_the_antimeridian(db: Connection) -> None:
    store(db, SHIP, [(0, 10.0, 55.0), (10, 10.0, 55.0)])
    store(db, OTHER, [(0, 179.5, 0.0), (10, -179.5, 0.0)])
    assert position_at(db, 5) == [(10.0, 55.0, at(0), at(10), True)]
    [(lon, lat, *_)] = position_at(db, 4, OTHER)
    assert (lon, lat) == (179.9, 0.0)


def test_after_a_silence_the_last_place_is_told_as_such(db: Connection) -> None:
    store(db, SHIP, [(0, 10.0, 55.0), (90, 11.0, 55.0)])
    assert position_at(db, 40) == [(10.0, 55.0, at(0), at(90), False)]
    assert position_at(db, 80) == [(11.0, 55.0, None, at(90), False)]
    assert position_at(db, 151) == []


def test_history_is_the_last_place_of_each_period(db: Connection) -> None:
    store(db, SHIP, [(1, 10.0, 55.0), (59, 10.1, 55.0), (60, 10.2, 55.0), (200, 10.3, 55.0)])
    rows = query(
        db,
        "SELECT period, event_time, lon, positions, source FROM ais.vessel_history(%s, %s, %s)",
        SHIP,
        at(0),
        at(300),
    )
    assert rows == [
        (at(0), at(59), 10.1, 2, "test.a"),
        (at(60), at(60), 10.2, 1, "test.a"),
        (at(180), at(200), 10.3, 1, "test.a"),
    ]


def test_the_closest_are_told_nearest_first_with_their_bearing(db: Connection) -> None:
    for mmsi, lon, lat in ((SHIP, 10.2, 55.0), (OTHER, 10.0, 55.1), (THIRD, 10.0, 54.0)):
        store(db, mmsi, [(0, lon, lat)])
    rows = query(
        db,
        "SELECT mmsi, distance_metres, bearing_degrees FROM ais.closest_vessels(st_point(10, 55, 4326), %s, 2)",
        at(1),
    )
    assert [mmsi for mmsi, _, _ in rows] == [OTHER, SHIP]
    assert isclose(rows[0][1], distance_metres(10, 55, 10, 55.1), rel_tol=SPHERE_TO_SPHEROID)
    assert (round(rows[0][2]), round(rows[1][2])) == (0, 90)


@pytest.mark.parametrize(("lon", "lat"), [(10, 55), (10, 79.9), (10, 85), (-179.9, 55), (169.9, -60)])
@pytest.mark.parametrize("degrees", [0.001, 0.5, 3])
def test_the_closest_are_those_of_all_the_world(db: Connection, lon: float, lat: float, degrees: float) -> None:
    """However few are near, also where degrees are short and where longitude begins anew."""
    random = Random(f"{lon} {lat} {degrees}")
    for mmsi in range(SHIP, SHIP + 12):
        east = (lon + random.uniform(-8, 8) * degrees + 180) % 360 - 180
        store(db, mmsi, [(0, east, lat + random.uniform(-1, 1) * degrees)])
    place = f"st_point({lon}, {lat}, 4326)"
    expected = (
        f"SELECT mmsi FROM ais.vessels_at(%s) ORDER BY st_distance({place}::geography, geom::geography), mmsi LIMIT 3"
    )
    assert query(db, f"SELECT mmsi FROM ais.closest_vessels({place}, %s, 3)", at(1)) == query(db, expected, at(1))


def crossings(db: Connection, line: str, begin: float = 0, end: float = 1000) -> list[tuple[Any, ...]]:
    return query(
        db,
        "SELECT mmsi, crossed_at, direction, st_x(geom), st_y(geom), knots, course_degrees"
        " FROM ais.crossings(st_geomfromtext(%s, 4326), %s, %s)",
        *(line, at(begin), at(end)),
    )


NORTHWARD = "LINESTRING(10.5 54, 10.5 56)"


def test_a_crossing_has_its_time_place_and_direction(db: Connection) -> None:
    track(db, SHIP, [(0, 10.0, 55.0), (40, 10.8, 55.2)])
    track(db, OTHER, [(0, 10.6, 55.5), (60, 10.4, 55.5)])
    track(db, THIRD, [(0, 10.0, 55.0), (60, 10.4, 55.0)])
    one, other = crossings(db, NORTHWARD)
    assert (one[0], one[1], one[2]) == (SHIP, at(25), "left to right")
    assert (one[3], one[4]) == pytest.approx((10.5, 55.125))
    assert one[5] == pytest.approx(distance_metres(10, 55, 10.8, 55.2) / 2400 / 1852 * 3600, rel=SPHERE_TO_SPHEROID)
    assert 60 < one[6] < 70
    assert (other[0], other[2]) == (OTHER, "right to left")
    assert abs(other[1] - at(30)) < timedelta(milliseconds=1)
    assert [row[0] for row in crossings(db, NORTHWARD, 26, 31)] == [OTHER]
    assert crossings(db, NORTHWARD, 0, 25) == []


def test_one_that_turns_round_on_the_line_has_not_crossed_it(db: Connection) -> None:
    track(db, SHIP, [(0, 10.6, 55.0), (10, 10.5, 55.0), (20, 10.6, 55.0)])
    assert len(crossings(db, NORTHWARD)) % 2 == 0
    track(db, OTHER, [(0, 10.4, 55.0), (10, 10.5, 55.0), (20, 10.5, 55.1), (30, 10.6, 55.0)])
    assert [row[0] for row in crossings(db, NORTHWARD)].count(OTHER) == 1


STEPS = st.lists(
    st.tuples(st.sampled_from([9.0, 10.0, 10.5, 11.0, 12.0]), st.sampled_from([54.5, 55.0, 55.5])),
    min_size=2,
    max_size=10,
)


@SLOW
@given(steps=STEPS)
def test_crossings_of_a_line_across_the_way_are_its_changes_of_side(
    db: Connection, steps: list[tuple[float, float]]
) -> None:
    empty(db)
    fixes = [(float(minute), lon, lat) for minute, (lon, lat) in enumerate(steps)]
    track(db, SHIP, fixes)
    sides = [lon <= 10.5 for lon, _ in steps]  # on the line is left of it
    wanted = ["left to right" if was else "right to left" for was, is_ in pairwise(sides) if was != is_]
    for line in (NORTHWARD, "LINESTRING(10.5 54, 10.5 55, 10.5 55.5, 10.5 56)"):
        found = crossings(db, line)
        assert [row[2] for row in found] == wanted
        assert all(row[3] == pytest.approx(10.5) for row in found)


def stays(
    db: Connection, area: str, begin: float = 0, end: float = 1000, vessel: int | None = None
) -> list[tuple[Any, ...]]:
    return query(
        db,
        f"SELECT mmsi, entered_at, left_at, duration FROM ais.time_in_area({area}, %s, %s, %s)",
        at(begin),
        at(end),
        vessel,
    )


def near(moment: datetime, minutes: float) -> bool:
    return abs(moment - at(minutes)) < timedelta(milliseconds=5)


def test_a_stay_begins_and_ends_on_the_border(db: Connection) -> None:
    track(db, SHIP, [(0, 9.5, 55.5), (60, 10.5, 55.5), (70, 10.5, 55.5), (130, 11.5, 55.5)])
    track(db, OTHER, [(0, 9.5, 55.5), (10, 9.6, 55.5)])
    [(mmsi, entered, left, duration)] = stays(db, AREA)
    assert mmsi == SHIP
    assert near(entered, 30)
    assert near(left, 100)
    assert abs(duration - timedelta(minutes=70)) < timedelta(milliseconds=5)
    [(_, entered, left, _)] = stays(db, AREA, 40, 65)
    assert near(entered, 40)
    assert near(left, 65)
    assert stays(db, AREA, vessel=OTHER) == []


def test_one_that_comes_back_stays_twice_and_a_hole_is_not_the_area(db: Connection) -> None:
    track(db, SHIP, [(0, 10.5, 55.5), (60, 11.5, 55.5), (120, 10.5, 55.5)])
    assert [
        (near(entered, begin), near(left, end))
        for (_, entered, left, _), (begin, end) in zip(stays(db, AREA), [(0, 30), (90, 120)], strict=True)
    ] == [(True, True)] * 2
    ring = "st_difference(st_makeenvelope(10, 55, 11, 56, 4326), st_makeenvelope(10.4, 55.4, 10.6, 55.6, 4326))"
    track(db, OTHER, [(0, 10.0, 55.5), (100, 11.0, 55.5)])
    assert len(stays(db, ring, vessel=OTHER)) == 2


def encounters(db: Connection, metres: float = 500, area: str = "NULL") -> list[tuple[Any, ...]]:
    return query(
        db,
        "SELECT mmsi, other_mmsi, start_time, end_time, closest_metres, closest_time"
        f" FROM ais.encounters(%s, %s, %s, 0.5, {area})",
        *(at(0), at(100), metres),
    )


def test_two_that_pass_each_other_meet(db: Connection) -> None:
    track(db, SHIP, [(float(minute), 10 + minute * 0.01, 55.0) for minute in range(0, 21, 2)])
    track(db, OTHER, [(float(minute), 10.2 - minute * 0.01, 55.001) for minute in range(1, 22, 2)])
    track(db, THIRD, [(0.0, 10.0, 56.0), (8.0, 10.2, 56.0)])
    [(mmsi, other, start, end, metres, closest)] = encounters(db)
    assert (mmsi, other, start, end, closest) == (SHIP, OTHER, at(10), at(10), at(10))
    assert metres == pytest.approx(distance_metres(10.1, 55, 10.1, 55.001), rel=SPHERE_TO_SPHEROID)
    [(_, _, start, end, _, _)] = encounters(db, 1500)
    assert (start, end) == (at(9), at(11))
    assert encounters(db, 100) == []
    assert encounters(db, area="st_makeenvelope(10.15, 54, 10.3, 56, 4326)") == []


def test_two_that_lie_at_anchor_side_by_side_do_not_meet(db: Connection) -> None:
    for mmsi in (SHIP, OTHER):
        track(db, mmsi, [(float(minute), 10.0, 55.0 + (mmsi == SHIP) * 0.001) for minute in range(0, 30, 5)])
    assert encounters(db) == []


@pytest.fixture
def ports(db: Connection) -> Connection:
    query(db, "DELETE FROM ref.ports; DELETE FROM ref.sources WHERE name = 'test'")
    query(db, "INSERT INTO ref.sources (name, what) VALUES ('test', 'Ports of a test')")
    query(
        db,
        "INSERT INTO ref.ports (locode, name, country, geom, source) VALUES"
        " ('DKONE', 'One', 'DK', st_point(10, 55, 4326), 'test'), ('DKTWO', 'Two', 'DK', st_point(11, 55, 4326), 'test')",
    )
    return db


def visits(db: Connection) -> list[tuple[Any, ...]]:
    return query(
        db,
        "SELECT locode, arrived_at, left_at, duration, positions FROM ais.port_visits(%s, %s, %s)",
        *(SHIP, at(0), at(10_000)),
    )


def test_a_visit_is_from_the_first_to_the_last_slow_position_in_the_port(ports: Connection) -> None:
    store(ports, SHIP, [(0, 10.03, 55.0)], sog=8.0)
    store(ports, SHIP, [(10, 10.0, 55.0), (70, 10.001, 55.0)], sog=0.1)
    store(ports, SHIP, [(80, 10.03, 55.0), (120, 10.5, 55.0)], sog=9.0)
    store(ports, SHIP, [(200, 11.0, 55.01)], sog=0.0)
    assert visits(ports) == [
        ("DKONE", at(10), at(70), timedelta(minutes=60), 4),
        ("DKTWO", at(200), at(200), timedelta(0), 1),
    ]


def test_one_that_passes_a_port_has_not_visited_it(ports: Connection) -> None:
    store(ports, SHIP, [(0, 9.9, 55.0), (10, 10.0, 55.0), (20, 10.1, 55.0)], sog=15.0)
    store(ports, SHIP, [(30, 10.5, 55.0)], sog=0.0)
    assert visits(ports) == []


def test_one_that_comes_back_visits_twice_and_so_does_one_not_heard_for_long(ports: Connection) -> None:
    store(ports, SHIP, [(0, 10.0, 55.0), (60, 10.5, 55.0), (120, 10.0, 55.0), (900, 10.0, 55.0)], sog=0.0)
    assert [(arrived, left) for _, arrived, left, _, _ in visits(ports)] == [
        (at(0), at(0)),
        (at(120), at(120)),
        (at(900), at(900)),
    ]


def test_an_analyst_may_ask_all_this_and_the_public_nothing(db: Connection) -> None:
    names = {
        name
        for (name,) in query(
            db,
            "SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'ais'::regnamespace AND prokind = 'f'"
            " AND has_function_privilege('analyst', oid, 'execute') AND proacl IS NOT NULL",
        )
    }
    assert {
        "vessels_at",
        "vessel_track",
        "vessel_position_at",
        "vessel_history",
        "closest_vessels",
        "crossings",
        "time_in_area",
        "encounters",
        "port_visits",
    } <= names
