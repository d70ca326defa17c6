"""Applications of regions and makers: aids to navigation, the Saint Lawrence Seaway, encrypted reports of the US."""

from services.decoder.applications import quantities as q
from services.decoder.applications.application import Application, Records, Table, application
from services.decoder.fields import Field, Form

IALA = "IALA ASM collection"
SEAWAY = "Saint Lawrence Seaway AIS data messages, IALA ASM collection"
US_NATIONWIDE = "US Coast Guard Nationwide AIS"

# Zeni Lite Buoy Co. DAC 0 is for tests, so only payloads of just this length are taken for one
ZENI_LITE_BUOY = Application(
    "zeni_lite_aton_monitoring",
    f"{IALA}, Monitoring aids to navigation",
    {
        0: Table(
            (
                q.code("sub_application", 0, 16),
                q.tenths("supply_volts", 16, 12, 4095),
                q.tenths("drain_amperes", 28, 10, 1023),
                q.flag("direct_current", 38),
                q.flag("light_on", 39),
                q.flag("battery_low", 40),
                q.flag("off_position", 41),
            )
        )
    },
    lengths=frozenset({48}),
)


def _volts(name: str, offset: int) -> Field:
    """Steps of 0.05 V; 0 is not used."""
    return Field(name, offset, 10, Form.DECIMAL, low=1, high=1023, per_unit=20, digits=2)


ATON_MONITORING = application(
    "gla_aton_monitoring",
    f"{IALA}, Aids to Navigation monitoring data",
    _volts("internal_volts", 0),
    _volts("external_1_volts", 10),
    _volts("external_2_volts", 20),
    q.code("racon_status", 30, 2),
    q.code("light_status", 32, 2),
    q.flag("alarm", 34),
    q.code("digital_inputs", 35, 8),
    q.flag("off_position", 43),
)

BUOY_POSITION = application(
    "gla_buoy_position",
    f"{IALA}, Buoy position monitoring",
    q.text("station_name", 0, 34),
    *q.day_and_time(204),
    *q.fine_place(220),
    q.flag("off_position", 275),
)

_STATION = (*q.date_and_time(0), q.text("station_id", 20, 7), *q.place(62))
_SEAWAY_WIND = (
    q.tenths("wind_knots", 111, 10, 1022),
    q.tenths("wind_gust_knots", 121, 10, 1022),
    q.direction("wind_direction", 131),
)
_TEMPERATURE = (-511, 511)  # tenths; -512 is not available


def _reports(width: int, most: int, *fields: Field) -> Table:
    """A head of eight bits, whose low six are the message identifier, then reports of stations."""
    records = Records("reports", 8, width, most, Table((*_STATION, *fields)))
    return Table((q.code("message_id", 2, 6),), (records,))


# 1 weather, 2 wind, 3 water level, 6 water flow
SEAWAY_STATIONS = Application(
    "seaway_stations",
    SEAWAY,
    {
        1: _reports(
            192,
            4,
            *_SEAWAY_WIND,
            q.tenths("air_pressure_hpa", 140, 14, 16_382),
            q.signed_tenths("air_temperature_celsius", 154, 10, *_TEMPERATURE),
            q.signed_tenths("dew_point_celsius", 164, 10, *_TEMPERATURE),
            q.tenths("visibility_kilometres", 174, 8, 254),
            q.signed_tenths("water_temperature_celsius", 182, 10, *_TEMPERATURE),
        ),
        2: _reports(144, 6, *_SEAWAY_WIND),
        3: _reports(
            144,
            6,
            q.flag("water_depth", 111),
            q.signed_hundredths("water_level_metres", 112, 16, -32767, 32767),
            q.code("vertical_datum", 128, 2),
        ),
        6: _reports(144, 6, q.number("water_flow_cubic_metres_per_second", 111, 14, high=16_382)),
    },
    choice=(2, 6),
)

# Payloads that only the Coast Guard can read, or whose layout is not published as text: the name says what they are
BLUE_FORCE = Application("us_blue_force_encrypted", f"{US_NATIONWIDE}, encrypted reports", {})
LINKED_TEXT = Application("us_linked_text", f"{IALA}, Linked Text release 1a", {})
