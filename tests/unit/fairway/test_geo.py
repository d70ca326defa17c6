"""Distance, bearing, speed, angles."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway import geo

LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


@pytest.mark.parametrize(
    ("start", "end", "metres"),
    [
        ((0.0, 0.0), (1.0, 0.0), 111_195),
        ((0.0, 60.0), (1.0, 60.0), 55_597),  # half of a degree on the equator
        ((179.5, 0.0), (-179.5, 0.0), 111_195),
        ((0.0, 90.0), (123.0, 90.0), 0),
        ((0.0, 0.0), (180.0, 0.0), math.pi * geo.EARTH_RADIUS_METRES),
    ],
)
def test_distances_are_those_of_the_sphere(start, end, metres: float):
    assert geo.distance_metres(*start, *end) == pytest.approx(metres, rel=1e-3, abs=0.01)


@given(LON, LAT, st.floats(-0.049, 0.049), st.floats(-0.049, 0.049))
def test_near_positions_are_within_a_thousandth_of_a_percent_of_the_haversine(
    lon: float, lat: float, east: float, north: float
):
    exact = float(geo.distances_metres(*(np.array([value]) for value in (lon, lat, lon + east, lat + north)))[0])
    assert geo.distance_metres(lon, lat, lon + east, lat + north) == pytest.approx(exact, rel=1e-5, abs=1e-3)


@given(st.lists(st.tuples(LON, LAT, LON, LAT), min_size=1))
def test_the_distances_of_columns_are_those_of_single_positions(pairs):
    columns = geo.distances_metres(*np.array(pairs).T)
    assert columns == pytest.approx([geo.distance_metres(*pair) for pair in pairs], rel=1e-5, abs=1e-3)


def test_the_distance_of_an_unknown_position_is_unknown():
    assert np.isnan(geo.distances_metres(np.array([np.nan]), np.array([1.0]), np.array([1.0]), np.array([1.0])))[0]


@given(LON, LAT, LON, LAT)
def test_there_is_as_far_as_back(lon1: float, lat1: float, lon2: float, lat2: float):
    back = geo.distance_metres(lon2, lat2, lon1, lat1)
    assert geo.distance_metres(lon1, lat1, lon2, lat2) == pytest.approx(back, rel=1e-5, abs=1e-3)


@pytest.mark.parametrize(
    ("end", "bearing"), [((0.0, 1.0), 0), ((1.0, 0.0), 90), ((0.0, -1.0), 180), ((-1.0, 0.0), 270)]
)
def test_bearings_go_clockwise_from_north(end, bearing: float):
    assert geo.bearing_degrees(0.0, 0.0, *end) == pytest.approx(bearing)


def test_the_bearing_across_the_antimeridian_is_the_short_way():
    assert geo.bearing_degrees(179.0, 0.0, -179.0, 0.0) == pytest.approx(90)


@given(LON, LAT, LON, LAT)
def test_bearings_are_below_360(lon1: float, lat1: float, lon2: float, lat2: float):
    assert 0 <= geo.bearing_degrees(lon1, lat1, lon2, lat2) < 360


def test_a_nautical_mile_in_an_hour_is_a_knot():
    assert geo.implied_speed_knots(1852, 3600) == pytest.approx(1)


def test_speed_does_not_ask_which_report_was_first():
    assert geo.implied_speed_knots(1852, -3600) == pytest.approx(1)


def test_a_jump_in_no_time_is_infinitely_fast_and_rest_is_not():
    assert (geo.implied_speed_knots(1, 0), geo.implied_speed_knots(0, 0)) == (math.inf, 0)


@pytest.mark.parametrize(
    ("first", "second", "difference"), [(10, 350, 20), (350, 10, 20), (0, 180, 180), (5, 5, 0), (360, 0, 0)]
)
def test_the_difference_of_two_directions_is_the_smaller_angle(first: float, second: float, difference: float):
    assert geo.angle_difference_degrees(first, second) == difference
