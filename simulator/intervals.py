"""How often each kind of station reports, in seconds (ITU-R M.1371-5 annex 1 tables 1 and 2, annex 7)."""

AT_REST = 180.0  # moored or at anchor, and slower than 3 knots; also class B up to 2 knots
STATIC = 360.0  # message 5, and both parts of message 24
CLASS_B = 30.0
BASE_STATION = 10.0
AID_TO_NAVIGATION = 180.0

AT_REST_MAX_KNOTS = 3.0
CLASS_B_SLOW_KNOTS = 2.0
SLOW_KNOTS = 14.0
FAST_KNOTS = 23.0
# A heading 5 degrees off its mean of the last 30 s is a change of course (annex 2, 4.3.1.1); in a steady
# turn that mean is 15 s old.
TURNING_DEGREES_PER_MINUTE = 20.0


def class_a_interval(sog: float, rot: float, at_rest: bool) -> float:
    """Seconds until the next position report of a class A ship at this speed and rate of turn."""
    if at_rest and sog <= AT_REST_MAX_KNOTS:
        return AT_REST
    is_turning = abs(rot) >= TURNING_DEGREES_PER_MINUTE
    if sog <= SLOW_KNOTS:
        return 10 / 3 if is_turning else 10.0
    if sog <= FAST_KNOTS:
        return 2.0 if is_turning else 6.0
    return 2.0


def class_b_interval(sog: float) -> float:
    """Seconds until the next position report of a class B carrier-sense ship."""
    return CLASS_B if sog > CLASS_B_SLOW_KNOTS else AT_REST
