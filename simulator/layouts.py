"""The bit layout of every message the simulator sends, field by field (ITU-R M.1371-5 annex 8)."""

from simulator.fields import (
    COG_MISSING,
    HEADING_MISSING,
    SOG_MISSING,
    Field,
    count,
    fixed,
    latitude,
    longitude,
    rate_of_turn,
    tenths,
    text,
)

SOTDMA_STATE = 1 << 14  # in sync with UTC, slot kept for one more frame
CLASS_B_CS_STATE = 0b1_1100000000000000110  # what a carrier-sense unit must send, §3.16
GPS = 1  # type of electronic position fixing device


def _header(msg_type: int) -> tuple[Field, ...]:
    """Message type, repeat indicator 0, and who speaks."""
    return (fixed(6, msg_type), fixed(2, 0), count("mmsi", 30))


def _position(sog_bits: bool = True) -> tuple[Field, ...]:
    """Accuracy better than 10 m, then where."""
    speed = (tenths("sog", 10, SOG_MISSING),) if sog_bits else ()
    return (*speed, fixed(1, 1), longitude(), latitude())


def _course() -> tuple[Field, ...]:
    return (tenths("cog", 12, COG_MISSING), count("heading", 9, HEADING_MISSING), count("second", 6, missing=60))


def _dimensions() -> tuple[Field, ...]:
    return (count("to_bow", 9), count("to_stern", 9), count("to_port", 6), count("to_starboard", 6))


def _class_a_position(msg_type: int) -> tuple[Field, ...]:
    return (
        *_header(msg_type),
        count("nav_status", 4, missing=15),
        rate_of_turn(),
        *_position(),
        *_course(),
        fixed(2, 0),  # special manoeuvre: not available
        fixed(3, 0),
        fixed(1, 0),  # RAIM not in use
        fixed(19, SOTDMA_STATE),
    )


BASE_STATION = (
    *_header(4),
    count("year", 14),
    count("month", 4),
    count("day", 5),
    count("hour", 5, missing=24),
    count("minute", 6, missing=60),
    count("second", 6, missing=60),
    *_position(sog_bits=False),
    fixed(4, GPS),
    fixed(10, 0),
    fixed(1, 0),
    fixed(19, SOTDMA_STATE),
)

CLASS_A_STATIC = (
    *_header(5),
    fixed(2, 2),  # AIS version: M.1371-5
    count("imo", 30),
    text("callsign", 7),
    text("name", 20),
    count("ship_type", 8),
    *_dimensions(),
    fixed(4, GPS),
    count("eta_month", 4),
    count("eta_day", 5),
    count("eta_hour", 5, missing=24),
    count("eta_minute", 6, missing=60),
    tenths("draught", 8, missing=0),
    text("destination", 20),
    fixed(1, 0),  # data terminal ready
    fixed(1, 0),
)

CLASS_B_POSITION = (
    *_header(18),
    fixed(8, 0),
    *_position(),
    *_course(),
    fixed(2, 0),
    fixed(5, 0b10111),  # carrier sense, no display, DSC, whole band, obeys message 22
    fixed(1, 0),  # not in assigned mode
    fixed(1, 0),
    fixed(20, CLASS_B_CS_STATE),
)

AID_TO_NAVIGATION = (
    *_header(21),
    count("aid_type", 5),
    text("name", 20),
    *_position(sog_bits=False),
    *_dimensions(),
    fixed(4, 7),  # position surveyed
    count("second", 6, missing=60),
    fixed(1, 0),  # on position
    fixed(8, 0),
    fixed(1, 0),
    count("virtual_aid", 1),
    fixed(1, 0),
    fixed(1, 0),
)

CLASS_B_NAME = (*_header(24), fixed(2, 0), text("name", 20))

CLASS_B_STATIC = (
    *_header(24),
    fixed(2, 1),
    count("ship_type", 8),
    text("vendor", 3),
    fixed(4, 1),  # unit model code
    count("serial", 20),
    text("callsign", 7),
    *_dimensions(),
    fixed(4, GPS),
    fixed(2, 0),
)

# Message type, with the part for type 24, and its fields in the order they are sent.
LAYOUTS: dict[str, tuple[Field, ...]] = {
    "1": _class_a_position(1),
    "3": _class_a_position(3),
    "4": BASE_STATION,
    "5": CLASS_A_STATIC,
    "18": CLASS_B_POSITION,
    "21": AID_TO_NAVIGATION,
    "24A": CLASS_B_NAME,
    "24B": CLASS_B_STATIC,
}
