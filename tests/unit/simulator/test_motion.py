"""Ships sail where the lanes are, and their speed and course agree with their positions."""

import math

import pytest

from simulator.lanes import LANES, Lane
from simulator.motion import KNOT, AtAnchor, Moored, UnderWay
from simulator.route import METRES_PER_DEGREE, distance_m, route_along

Position = tuple[float, float]


def metres_from_leg(point: Position, here: Position, there: Position) -> float:
    """Distance to the nearest point of a leg, on a plane round `point`."""
    scale = math.cos(math.radians(point[1]))
    ends = [((lon - point[0]) * scale, lat - point[1]) for lon, lat in (here, there)]
    (x, y), (to_x, to_y) = ends
    length2 = (to_x - x) ** 2 + (to_y - y) ** 2
    share = min(1.0, max(0.0, -(x * (to_x - x) + y * (to_y - y)) / length2))
    return math.hypot(x + share * (to_x - x), y + share * (to_y - y)) * METRES_PER_DEGREE


def metres_from_lane(point: Position, lane: Lane) -> float:
    legs = zip(lane.waypoints, lane.waypoints[1:], strict=False)
    return min(metres_from_leg(point, here, there) for here, there in legs)


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.name)
def test_a_route_keeps_to_its_lane(lane: Lane) -> None:
    keep_right = max(lane.keep_right_m)
    route = route_along(lane, keep_right)

    for step in range(500):
        lon, lat, _, _ = route.at(step * route.length_m / 500)
        assert metres_from_lane((lon, lat), lane) < keep_right * 1.2 + 30


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.name)
def test_a_route_is_a_closed_loop_without_jumps(lane: Lane) -> None:
    route = route_along(lane, lane.keep_right_m[0])

    assert route.at(0.0)[:2] == pytest.approx(route.at(route.length_m - 1e-6)[:2], abs=1e-6)
    for metres in range(0, int(route.length_m), 997):
        here, there = route.at(metres), route.at(metres + 10)
        assert distance_m(here[:2], there[:2]) == pytest.approx(10, abs=1)


@pytest.mark.parametrize("lane", LANES, ids=lambda lane: lane.name)
def test_the_course_points_where_the_ship_goes(lane: Lane) -> None:
    route = route_along(lane, lane.keep_right_m[0])

    for metres in range(0, int(route.length_m), 997):
        (lon, lat, course, _), there = route.at(metres), route.at(metres + 10)
        east = (there[0] - lon) * math.cos(math.radians(lat))
        sailed = math.degrees(math.atan2(east, there[1] - lat))
        assert abs((sailed - course + 180) % 360 - 180) < 12  # a rounded corner is made of straight pieces


def test_distance_sailed_is_the_speed_over_time() -> None:
    ship = UnderWay(route_along(LANES[5], 500), 20_000.0, 15.0, 1800.0, 1.0)

    for second in range(0, 3600, 60):
        here, there = ship.at(second), ship.at(second + 10)
        metres = distance_m((here.lon, here.lat), (there.lon, there.lat))
        assert metres == pytest.approx(here.sog * KNOT * 10, rel=0.03)


def test_a_ship_keeps_to_its_starboard_side_of_the_lane() -> None:
    north = Lane("north", ("A", "B"), (500,), 1, ((10.0, 55.0), (10.0, 56.0)))

    lon, _, course, _ = route_along(north, 500).at(50_000)

    assert course == pytest.approx(0, abs=0.1)
    assert (lon - 10.0) * METRES_PER_DEGREE * math.cos(math.radians(55.45)) == pytest.approx(500, rel=0.02)


def test_a_turn_to_starboard_has_a_positive_rate() -> None:
    lane = Lane("turn", ("A", "B"), (10,), 1, ((10.0, 55.0), (10.0, 55.5), (10.5, 55.6)))
    ship = UnderWay(route_along(lane, 10), 0.0, 15.0, 1800.0, 0.0)

    first_leg = range(3000, 8000, 10)

    assert max(ship.at(second).rot for second in first_leg) > 5
    assert min(ship.at(second).rot for second in first_leg) >= 0


def test_a_ship_at_anchor_stays_near_it_and_hardly_moves() -> None:
    ship = AtAnchor(10.7, 57.7, 0.0)

    for second in range(0, 86_400, 1800):
        state = ship.at(second)
        assert distance_m((10.7, 57.7), (state.lon, state.lat)) < 100
        assert state.sog < 0.5


def test_a_moored_ship_does_not_move_and_has_no_course() -> None:
    ship = Moored(10.24, 56.15, 270.0)

    assert ship.at(0.0) == ship.at(1e6)
    assert ship.at(0.0).course is None
