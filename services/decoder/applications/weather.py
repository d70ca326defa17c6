"""Weather and water: IMO SN/Circ.236 (1/11), SN.1/Circ.289 (1/31, 1/21), and the US satellite ship weather (367/23 to 25)."""

from services.decoder.applications import quantities as q
from services.decoder.applications.application import Application, Content, Table, application
from services.decoder.fields import Field

CIRC_236 = "IMO SN/Circ.236"
CIRC_289 = "IMO SN.1/Circ.289"
SHIP_WEATHER = "US Coast Guard satellite ship weather, IALA ASM collection, as in libais"


def _currents(offset: int, high: int) -> tuple[Field, ...]:
    """At the surface, then at two depths: 1/10 knot, degrees, metres."""
    fields = [
        q.tenths("surface_current_knots", offset, 8, high),
        q.direction("surface_current_direction", offset + 8),
    ]
    for level, start in ((2, offset + 17), (3, offset + 39)):
        fields += [
            q.tenths(f"current_{level}_knots", start, 8, high),
            q.direction(f"current_{level}_direction", start + 8),
            q.number(f"current_{level}_depth_metres", start + 17, 5, high=30),
        ]
    return tuple(fields)


def _waves(offset: int, high: int) -> tuple[Field, ...]:
    """Waves, then swell: 1/10 metre, seconds, degrees."""
    fields: list[Field] = []
    for name, start in (("wave", offset), ("swell", offset + 23)):
        fields += [
            q.tenths(f"{name}_height_metres", start, 8, high),
            q.number(f"{name}_period_seconds", start + 8, 6, high=60),
            q.direction(f"{name}_direction", start + 14),
        ]
    return tuple(fields)


def _wind(offset: int, high: int) -> tuple[Field, ...]:
    """Averages over ten minutes."""
    return (
        q.number("wind_knots", offset, 7, high=high),
        q.number("wind_gust_knots", offset + 7, 7, high=high),
        q.direction("wind_direction", offset + 14),
        q.direction("wind_gust_direction", offset + 23),
    )


def _forget_unknown_day(content: Content) -> None:
    """Circ.236: all bits set is not available, so day 31 means something only beside an hour or a minute."""
    if "utc_hour" not in content and "utc_minute" not in content:
        content.pop("utc_day", None)


# Circ.236: whatever has no value is sent as the greatest number there is
METEO_HYDRO_236 = Application(
    "imo_meteo_hydro_236",
    CIRC_236,
    {
        0: Table(
            (
                q.degrees("lat", 0, 24, 90, 60_000),
                q.degrees("lon", 24, 25, 180, 60_000),
                *q.day_and_time(49),
                *_wind(65, 126),
                q.tenths("air_temperature_celsius", 97, 11, 1200, bias=-600),
                q.number("humidity_percent", 108, 7, high=100),
                q.tenths("dew_point_celsius", 115, 10, 700, bias=-200),
                q.number("air_pressure_hpa", 125, 9, high=400, bias=800),
                q.code("air_pressure_tendency", 134, 2, null=3),
                q.tenths("visibility_nautical_miles", 136, 8, 250),
                q.tenths("water_level_metres", 144, 9, 400, bias=-100),
                q.code("water_level_trend", 153, 2, null=3),
                *_currents(155, 250),
                *_waves(216, 250),
                q.number("sea_state_beaufort", 262, 4, high=12),
                q.tenths("water_temperature_celsius", 266, 10, 600, bias=-100),
                q.code("precipitation", 276, 3, null=7),
                q.tenths("salinity_permille", 279, 9, 500),
                q.code("ice", 288, 2, null=3),
            ),
            finish=_forget_unknown_day,
        )
    },
)

METEO_HYDRO = application(
    "imo_meteo_hydro",
    CIRC_289,
    *q.place(0),
    q.flag("accuracy", 49),
    *q.day_and_time(50),
    *_wind(66, 126),
    q.signed_tenths("air_temperature_celsius", 98, 11, -600, 600),
    q.number("humidity_percent", 109, 7, high=100),
    q.signed_tenths("dew_point_celsius", 116, 10, -200, 500),
    q.number("air_pressure_hpa", 126, 9, high=402, bias=799),
    q.code("air_pressure_tendency", 135, 2, null=3),
    q.flag("visibility_greater", 137),
    q.tenths("visibility_nautical_miles", 138, 7, 126),
    q.hundredths("water_level_metres", 145, 12, 4000, bias=-1000),
    q.code("water_level_trend", 157, 2, null=3),
    *_currents(159, 251),
    *_waves(220, 251),
    q.number("sea_state_beaufort", 266, 4, high=12),
    q.signed_tenths("water_temperature_celsius", 270, 10, -100, 500),
    q.code("precipitation", 280, 3, null=7),
    q.tenths("salinity_permille", 283, 9, 501),
    q.code("ice", 292, 2, null=3),
)

_BY_SHIP = Table(
    (
        q.flag("wmo", 0),
        q.text("location", 1, 20),
        *q.place(121),
        *q.day_and_time(170),
        q.code("present_weather", 186, 4, null=8),
        q.flag("visibility_greater", 190),
        q.tenths("visibility_nautical_miles", 191, 7, 126),
        q.number("humidity_percent", 198, 7, high=100),
        q.number("wind_knots", 205, 7, high=126),
        q.direction("wind_direction", 212),
        q.number("air_pressure_hpa", 221, 9, high=402, bias=799),
        q.code("air_pressure_tendency_wmo", 230, 4, null=15),
        q.signed_tenths("air_temperature_celsius", 234, 11, -600, 600),
        q.signed_tenths("water_temperature_celsius", 245, 10, -100, 500),
        q.number("wave_period_seconds", 255, 6, high=60),
        q.tenths("wave_height_metres", 261, 8, 251),
        q.direction("wave_direction", 269),
        q.tenths("swell_height_metres", 278, 8, 251),
        q.direction("swell_direction", 286),
        q.number("swell_period_seconds", 295, 6, high=60),
    )
)


def _fives(name: str, offset: int) -> Field:
    """Steps of five degrees from 5 to 360; 0 is calm or stopped, 127 not available."""
    return q.number(f"{name}_degrees", offset, 7, low=1, high=72, step=5)


def _halves(name: str, offset: int, width: int, high: int) -> Field:
    """Halves of a metre, or of a metre a second."""
    return q.tenths(name, offset, width, high, step=5)


# Table 10.2, coded after WMO's BUFR. Codes of BUFR stay as sent
_BY_WMO_SHIP = Table(
    (
        q.flag("wmo", 0),
        q.hundredths("lon", 1, 16, 36_000, bias=-18_000),
        q.hundredths("lat", 17, 15, 18_000, bias=-9_000),
        q.month(32),
        q.number("utc_day", 36, 6, low=1, high=31),
        q.hour(42),
        q.number("utc_minute", 47, 3, high=5, step=10),
        _fives("cog", 50),
        _halves("sog_metres_per_second", 57, 5, 30),
        _fives("heading", 62),
        q.tenths("air_pressure_hpa", 69, 11, 2000, bias=9000),
        q.tenths("air_pressure_change_hpa", 80, 10, 1000, bias=-500),
        q.code("air_pressure_tendency_wmo", 90, 4, null=15),
        _fives("wind_direction", 94),
        _halves("wind_metres_per_second", 101, 8, 254),
        _fives("relative_wind_direction", 109),
        _halves("relative_wind_metres_per_second", 116, 8, 254),
        _halves("wind_gust_metres_per_second", 124, 8, 254),
        _fives("wind_gust_direction", 132),
        q.tenths("air_temperature_kelvin", 139, 10, 1000, bias=2230),
        q.number("humidity_percent", 149, 7, high=100),
        q.tenths("water_temperature_kelvin", 156, 9, 500, bias=2680),
        q.code("visibility_code", 165, 6, null=63),
        q.code("present_weather_bufr", 171, 9, null=511),
        q.code("past_weather_1_bufr", 180, 5, null=31),
        q.code("past_weather_2_bufr", 185, 5, null=31),
        q.number("cloud_cover_percent", 190, 4, high=10, step=10),
        q.code("low_cloud_amount_bufr", 194, 4, null=15),
        q.code("low_cloud_type_bufr", 198, 6, null=63),
        q.code("middle_cloud_type_bufr", 204, 6, null=63),
        q.code("high_cloud_type_bufr", 210, 6, null=63),
        q.code("cloud_base_code", 216, 7, null=127),
        q.number("wind_wave_period_seconds", 223, 5, high=30),
        _halves("wind_wave_height_metres", 228, 6, 60),
        q.number("swell_direction_degrees", 234, 6, low=1, high=36, step=10),
        q.number("swell_period_seconds", 240, 5, high=30),
        _halves("swell_height_metres", 245, 6, 60),
        q.number("swell_2_direction_degrees", 251, 6, low=1, high=36, step=10),
        q.number("swell_2_period_seconds", 257, 5, high=30),
        _halves("swell_2_height_metres", 262, 6, 60),
        q.number("ice_deposit_centimetres", 268, 7, high=126),
        q.code("ice_accretion_rate_bufr", 275, 3, null=7),
        q.code("ice_accretion_cause_bufr", 278, 3, null=7),
        q.code("sea_ice_concentration_bufr", 281, 5, null=31),
        q.code("ice_amount_bufr", 286, 4, null=15),
        q.code("ice_situation_bufr", 290, 5, null=31),
        q.code("ice_development_bufr", 295, 5, null=31),
        q.number("ice_edge_bearing_degrees", 300, 4, low=1, high=8, step=45),
    )
)

WEATHER_OF_SHIP = Application(
    "imo_weather_observation", f"{CIRC_289}, tables 10.1 and 10.2", {0: _BY_SHIP, 1: _BY_WMO_SHIP}, choice=(0, 1)
)

_PRESSURE_HIGH = 402  # 1201 hPa or more


def _pressure(offset: int) -> Field:
    return q.number("air_pressure_hpa", offset, 9, high=_PRESSURE_HIGH, bias=799)


SATELLITE_SHIP_WEATHER = application(
    "us_satellite_ship_weather",
    SHIP_WEATHER,
    q.code("version", 0, 3),
    *q.day_and_time(3),
    *q.place(19),
    _pressure(68),
    q.signed_tenths("air_temperature_celsius", 77, 11, -600, 600),
    q.number("wind_knots", 88, 7, high=126),
    q.number("wind_gust_knots", 95, 7, high=126),
    q.direction("wind_direction", 102),
)

SATELLITE_SHIP_WEATHER_SMALL = application(
    "us_satellite_ship_weather_small",
    SHIP_WEATHER,
    q.code("version", 0, 3),
    q.hour(3),
    q.minute(8),
    *q.place(14),
    _pressure(63),
)

SATELLITE_SHIP_WEATHER_TINY = application(
    "us_satellite_ship_weather_tiny",
    SHIP_WEATHER,
    q.code("version", 0, 3),
    q.hour(3),
    q.minute(8),
    _pressure(14),
    q.number("wind_knots", 23, 7, high=126),
    q.direction("wind_direction", 30),
)
