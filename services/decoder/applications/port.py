"""What a port or fairway authority tells ships, and ships ask of it: IMO SN/Circ.236 and SN.1/Circ.289."""

from services.decoder.applications import quantities as q
from services.decoder.applications.application import Application, Records, Table, application
from services.decoder.fields import Field

CIRC_236 = "IMO SN/Circ.236"
CIRC_289 = "IMO SN.1/Circ.289"
MOST_WINDOWS = 3

FAIRWAY_CLOSED = application(
    "imo_fairway_closed",
    CIRC_236,
    q.text("reason", 0, 20),
    q.text("closed_from", 120, 20),
    q.text("closed_to", 240, 20),
    q.number("radius", 360, 10, high=1000),
    q.code("radius_unit", 370, 2),
    q.day(372, "from_"),
    q.month(377, "from_"),
    q.hour(381, "from_"),
    q.minute(386, "from_"),
    q.day(392, "to_"),
    q.month(397, "to_"),
    q.hour(401, "to_"),
    q.minute(406, "to_"),
)


def _window(place: tuple[Field, Field], speed_bits: int, speed_high: int) -> Table:
    """When the tide lets a ship pass at a point, and the current then."""
    after = place[0].end if place[0].offset else place[1].end
    return Table(
        (
            *place,
            q.hour(after, "from_"),
            q.minute(after + 5, "from_"),
            q.hour(after + 11, "to_"),
            q.minute(after + 16, "to_"),
            q.direction("current_direction", after + 22),
            q.tenths("current_knots", after + 31, speed_bits, speed_high),
        )
    )


def _tidal_window(name: str, source: str, window: Table, width: int) -> Application:
    windows = Records("windows", 9, width, MOST_WINDOWS, window)
    return Application(name, source, {0: Table((q.month(0), q.day(4)), (windows,))})


# Circ.236 has the latitude first, finer positions and a coarser current
_PLACE_236 = (q.degrees("lon", 27, 28, 180, 600_000), q.degrees("lat", 0, 27, 90, 600_000))
TIDAL_WINDOW_236 = _tidal_window("imo_tidal_window_236", CIRC_236, _window(_PLACE_236, 7, 126), 93)
TIDAL_WINDOW = _tidal_window("imo_tidal_window", CIRC_289, _window(q.place(0), 8, 251), 88)

CLEARANCE_TIME = application(
    "imo_clearance_time",
    CIRC_289,
    q.linkage(0),
    *q.date_and_time(10),
    q.text("port", 30, 20),
    q.text("destination", 150, 5),
    *q.place(180),
)

# Two bits each, from bit 51: 1 available, 2 no data; 0 is not available or requested
SERVICES = (
    *("agent", "fuel", "chandler", "stevedore", "electricity", "water", "customs", "cartage", "crane", "lift"),
    *("medical", "navigation_repair", "provisions", "ship_repair", "surveyor", "steam", "tugs", "solid_waste"),
    *("liquid_waste", "hazardous_waste", "ballast_exchange", "additional", "regional_1", "regional_2"),
    *("future_1", "future_2"),
)

BERTHING = application(
    "imo_berthing",
    CIRC_289,
    q.linkage(0),
    q.code("berth_length_metres", 10, 9, null=0),
    q.tenths("berth_depth_metres", 19, 8, 255, low=1),
    q.code("mooring_position", 27, 3, null=0),
    *q.date_and_time(30),
    q.flag("services_known", 50),
    *(q.code(f"{name}_service", 51 + 2 * place, 2, null=0) for place, name in enumerate(SERVICES)),
    q.text("berth", 103, 20),
    *q.place(223),
)

# 258 bits of a message are enough; what follows is spare
TRAFFIC_SIGNAL = application(
    "imo_traffic_signal",
    CIRC_289,
    q.linkage(0),
    q.text("station_name", 10, 20),
    *q.place(130),
    q.code("status", 179, 2, null=0),
    q.code("signal", 181, 5, null=0),
    q.hour(186),
    q.minute(191),
    q.code("next_signal", 197, 5, null=0),
)
