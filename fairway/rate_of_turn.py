"""The rate of turn as it is sent, a number whose square tells it (ITU-R M.1371-5, annex 8, Message 1)."""

ROT_MOST = 126  # 708 degrees a minute or more; 127 says that there is no turn indicator
ROT_COEFFICIENT = 4.733  # the raw value is 4.733 times the root of the rate of turn


def rate_of_turn(raw: float) -> float:
    """Degrees a minute, positive to starboard. Two digits keep every raw value apart: 1 is 0.04, 2 is 0.18."""
    degrees = round((raw / ROT_COEFFICIENT) ** 2, 2)
    return -degrees if raw < 0 else degrees
