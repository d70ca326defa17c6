"""Inland AIS (DAC 200): CCNR Vessel Tracking and Tracing Standard 1.2, ECE/TRANS/SC.3/176, and the EU's bridge clearance."""

from services.decoder.applications import quantities as q
from services.decoder.applications.application import Application, Content, Records, Table, application
from services.decoder.fields import Field

VTT = "CCNR Vessel Tracking and Tracing Standard 1.2"
EU_BRIDGE = "IALA ASM collection, Present Bridge Clearance version 0"
LIGHTS = 9

SHIP_STATIC = application(
    "inland_static_voyage",
    f"{VTT}, Inland AIS message 10",
    q.text("eni", 0, 8),
    q.tenths("length_metres", 48, 13, 8000, low=1),
    q.tenths("beam_metres", 61, 10, 1000, low=1),
    q.code("eri_ship_type", 71, 14, null=0),
    q.code("blue_cones", 85, 3, null=5),
    q.hundredths("draught_metres", 88, 11, 2000, low=1),
    q.code("loaded", 99, 2, null=0),
    q.flag("speed_quality_high", 101),
    q.flag("course_quality_high", 102),
    q.flag("heading_quality_high", 103),
)

_LOCK = (
    q.text("country", 0, 2),
    q.text("location", 12, 3),
    q.text("fairway_section", 30, 5),
    q.text("terminal", 60, 5),
    q.text("fairway_hectometre", 90, 5),
)

ETA_AT_LOCK = application(
    "inland_eta",
    f"{VTT}, Inland AIS message 21",
    *_LOCK,
    *q.date_and_time(120, "eta_"),
    q.number("assisting_tugs", 140, 3, high=6),
    q.hundredths("air_draught_metres", 143, 12, 4000, low=1),
)

RTA_AT_LOCK = application(
    "inland_rta",
    f"{VTT}, Inland AIS message 22",
    *_LOCK,
    *q.date_and_time(120, "rta_"),
    q.code("status", 140, 2, null=3),
)


def _year(name: str, offset: int) -> Field:
    """1 to 255 from 2000; 0 is not available."""
    return q.number(name, offset, 8, low=1, bias=2000)


# Least and greatest value: ±254 means beyond ±253, ±255 unknown
EMMA_WARNING = application(
    "inland_emma_warning",
    f"{VTT}, Inland AIS message 23",
    _year("start_year", 0),
    q.month(8, "start_"),
    q.day(12, "start_"),
    _year("end_year", 17),
    q.month(25, "end_"),
    q.day(29, "end_"),
    q.hour(34, "start_"),
    q.minute(39, "start_"),
    q.hour(45, "end_"),
    q.minute(50, "end_"),
    *q.fine_place(56, "start_"),
    *q.fine_place(111, "end_"),
    q.code("weather", 166, 4, null=0),
    Field("least_value", 170, 9, signed=True, low=-254, high=254),
    Field("greatest_value", 179, 9, signed=True, low=-254, high=254),
    q.code("intensity", 188, 2, null=0),
    q.code("wind_direction", 190, 4, null=0),
)


def _read_level(content: Content) -> None:
    """The registrant's words: the least significant bit says above (1) or below (0) the reference, the others centimetres.

    In the one message that is public all levels are odd. Other decoders read a sign in the first bit, or two's complement,
    so the code is given besides.
    """
    code = content.get("level_code")
    if isinstance(code, int):
        content["water_level_metres"] = (code >> 1) / 100 * (1 if code & 1 else -1)


_GAUGE = Table(
    (q.code("gauge_id", 0, 11, null=0), q.code("level_code", 11, 14, null=0)),
    finish=_read_level,
    turns={"level_code": ("level_code", "water_level_metres")},
)

WATER_LEVELS = Application(
    "inland_water_levels",
    f"{VTT}, Inland AIS message 24",
    {0: Table((q.text("country", 0, 2),), (Records("gauges", 12, 25, 4, _GAUGE, key="gauge_id"),))},
)


def _list_lights(content: Content) -> None:
    """Nine decimal digits, one for each light, in the order of the signal's form."""
    digits = content.pop("lights", None)
    if isinstance(digits, int) and digits:
        content["lights"] = [digits // 10**place % 10 for place in reversed(range(LIGHTS))]


SIGNAL_STATUS = Application(
    "inland_signal_status",
    f"{VTT}, Inland AIS message 40",
    {
        0: Table(
            (
                *q.fine_place(0),
                q.number("form", 55, 4, low=1, high=14),
                q.direction("orientation", 59),
                q.code("impact", 68, 3, null=0),
                q.number("lights", 71, 30, high=10**LIGHTS - 1),
            ),
            finish=_list_lights,
        )
    },
)

PERSONS = application(
    "inland_persons_on_board",
    f"{VTT}, Inland AIS message 55",
    q.number("crew", 0, 8, high=254),
    q.number("passengers", 8, 13, high=8190),
    q.number("shipboard_personnel", 21, 8, high=254),
)

BRIDGE_CLEARANCE = application(
    "inland_bridge_clearance",
    EU_BRIDGE,
    q.code("version", 0, 3),
    q.text("country", 3, 2),
    q.number("fairway_section", 15, 17, low=1, high=99_999),
    q.text("object_code", 32, 5),
    q.number("fairway_hectometre", 62, 17, low=1, high=99_999),
    q.hundredths("clearance_metres", 79, 14, 9999, low=1),
    q.number("age_minutes", 93, 10, high=721),
    q.code("accuracy_centimetres", 103, 5, null=0),
)
