"""Reports of sensors, 112 bits each: IMO SN.1/Circ.289 (1/26) and the US Coast Guard's release 3 of it (367/33).

Both begin a report alike: kind, day, hour, minute, site. The rest is by kind; the Coast Guard made some fields wider and
added the sensor's kind where it was missing.
"""

from services.decoder.applications import quantities as q
from services.decoder.applications.application import Application, Kinds, Records, Table
from services.decoder.fields import Field

CIRC_289 = "IMO SN.1/Circ.289, tables 12.1 to 12.15"
US_ENVIRONMENTAL = "US Coast Guard Environmental Message release 3, as in libais"
REPORT_BITS = 112
BODY = 27  # the first bit after the head that all reports have
MOST_REPORTS = 8


def _report(*fields: Field) -> Table:
    return Table((*q.day_and_time(4), q.code("site", 20, 7), *fields))


def _sensor(name: str, offset: int) -> Field:
    """How a value came about: 1 raw, 2 checked, 3 predicted, 4 forecast, 5 nowcast; 0 no data, 7 no sensor."""
    return q.code(f"{name}_sensor", offset, 3, null=0)


def _forecast(offset: int) -> tuple[Field, ...]:
    return (*q.day_and_time(offset, "forecast_"), _forecast_minutes(offset + 16))


def _forecast_minutes(offset: int) -> Field:
    """How long the forecast holds; 0 cancels it."""
    return q.number("forecast_minutes", offset, 8, high=254)


def _knots(name: str, offset: int) -> Field:
    """Whole knots; 121 means 121 or more, 122 not available."""
    return q.number(f"{name}_knots", offset, 7, high=121)


def _current(name: str, offset: int) -> Field:
    """1/10 knot; 24.6 means 24.6 or more."""
    return q.tenths(f"{name}_knots", offset, 8, 246)


def _depth(name: str, offset: int) -> Field:
    """Whole metres below the surface; 361 means 361 or more."""
    return q.number(f"{name}_metres", offset, 9, high=361)


def _height(name: str, offset: int) -> Field:
    return q.tenths(f"{name}_metres", offset, 8, 246)


def _seconds(name: str, offset: int) -> Field:
    return q.number(f"{name}_seconds", offset, 6, high=60)


def _salinity(offset: int) -> Field:
    """1/10 of a thousandth; 50.1 means 50.1 or more."""
    return q.tenths("salinity_permille", offset, 9, 501)


def _water_temperature(offset: int) -> Field:
    return q.tenths("water_temperature_celsius", offset, 10, 600, bias=-100)


def _water_level(name: str, offset: int) -> Field:
    return q.signed_hundredths(f"{name}_metres", offset, 16, -32767, 32767)


def _air_gap(name: str, offset: int) -> Field:
    """1/100 metre; 81.91 means 81.91 or more, 0 not available."""
    return q.hundredths(f"{name}_metres", offset, 13, 8191, low=1)


_STATION = _report(q.text("name", BODY, 14))
_WIND = _report(
    _knots("wind", BODY),
    _knots("wind_gust", BODY + 7),
    q.direction("wind_direction", BODY + 14),
    q.direction("wind_gust_direction", BODY + 23),
    _sensor("wind", BODY + 32),
    _knots("forecast_wind", BODY + 35),
    _knots("forecast_wind_gust", BODY + 42),
    q.direction("forecast_wind_direction", BODY + 49),
    *_forecast(BODY + 58),
)
_WATER_LEVEL = _report(
    q.flag("water_level_absolute", BODY),
    _water_level("water_level", BODY + 1),
    q.code("water_level_trend", BODY + 17, 2, null=3),
    q.code("vertical_datum", BODY + 19, 5, null=14),
    _sensor("water_level", BODY + 24),
    q.flag("forecast_water_level_absolute", BODY + 27),
    _water_level("forecast_water_level", BODY + 28),
    *_forecast(BODY + 44),
)


def _current_2d() -> Table:
    fields: list[Field] = []
    for place in (1, 2, 3):
        start = BODY + 26 * (place - 1)
        fields += [_current(f"current_{place}", start), q.direction(f"current_{place}_direction", start + 8)]
        fields += [_depth(f"current_{place}_depth", start + 17)]
    return _report(*fields, _sensor("current", BODY + 78))


_CURRENT_2D = _current_2d()


def _current_3d() -> Table:
    fields: list[Field] = []
    for place in (1, 2):
        start = BODY + 33 * (place - 1)
        parts = ((f"current_{place}_{part}", start + 8 * n) for n, part in enumerate(("north", "east", "up")))
        fields += [*(_current(name, offset) for name, offset in parts), _depth(f"current_{place}_depth", start + 24)]
    return _report(*fields, _sensor("current", BODY + 66))


def _us_current_3d() -> Table:
    """Components have a sign here: -24.6 to 24.6 knots."""
    fields: list[Field] = []
    for place in (1, 2):
        start = BODY + 36 * (place - 1)
        for n, part in enumerate(("north", "east", "up")):
            fields.append(q.signed_tenths(f"current_{place}_{part}_knots", start + 9 * n, 9, -246, 246))
        fields.append(_depth(f"current_{place}_depth", start + 27))
    return _report(*fields, _sensor("current", BODY + 72))


def _horizontal_current() -> Table:
    fields: list[Field] = []
    for place in (1, 2):
        start = BODY + 42 * (place - 1)
        fields += [
            q.direction(f"current_{place}_bearing", start),
            q.number(f"current_{place}_distance_metres", start + 9, 7, high=121),
            _current(f"current_{place}", start + 16),
            q.direction(f"current_{place}_direction", start + 24),
            _depth(f"current_{place}_depth", start + 33),
        ]
    return _report(*fields)


def _us_horizontal_current() -> Table:
    fields: list[Field] = [q.direction("current_bearing", BODY)]
    for place in (1, 2):
        start = BODY + 9 + 35 * (place - 1)
        fields += [
            q.number(f"current_{place}_distance_metres", start, 9, high=361),
            _current(f"current_{place}", start + 9),
            q.direction(f"current_{place}_direction", start + 17),
            _depth(f"current_{place}_depth", start + 26),
        ]
    return _report(*fields, _sensor("current", BODY + 79))


_SEA_STATE = _report(
    _height("swell_height", BODY),
    _seconds("swell_period", BODY + 8),
    q.direction("swell_direction", BODY + 14),
    q.number("sea_state_beaufort", BODY + 23, 4, high=12),
    _sensor("swell", BODY + 27),
    _water_temperature(BODY + 30),
    q.tenths("water_temperature_depth_metres", BODY + 40, 7, 121),
    _sensor("water_temperature", BODY + 47),
    _height("wave_height", BODY + 50),
    _seconds("wave_period", BODY + 58),
    q.direction("wave_direction", BODY + 64),
    _sensor("wave", BODY + 73),
    _salinity(BODY + 76),
)
_SALINITY = _report(
    _water_temperature(BODY),
    q.hundredths("conductivity_siemens_per_metre", BODY + 10, 10, 701),
    q.tenths("water_pressure_decibar", BODY + 20, 16, 60001),
    _salinity(BODY + 36),
    q.code("salinity_method", BODY + 45, 2),
    _sensor("salinity", BODY + 47),
)


def _weather(dew_point: Field) -> Table:
    return _report(
        q.signed_tenths("air_temperature_celsius", BODY, 11, -600, 600),
        _sensor("air_temperature", BODY + 11),
        q.code("precipitation", BODY + 14, 2, null=3),
        q.tenths("visibility_nautical_miles", BODY + 16, 8, 241),
        dew_point,
        _sensor("dew_point", BODY + 34),
        q.number("air_pressure_hpa", BODY + 37, 9, high=402, bias=799),
        q.code("air_pressure_tendency", BODY + 46, 2, null=3),
        _sensor("air_pressure", BODY + 48),
        _salinity(BODY + 51),
    )


_AIR_GAP = (
    _air_gap("air_draught", BODY),
    _air_gap("air_gap", BODY + 13),
    q.code("air_gap_trend", BODY + 26, 2, null=3),
    _air_gap("forecast_air_gap", BODY + 28),
    *q.day_and_time(BODY + 41, "forecast_"),
)

_SHARED = {
    1: ("station", _STATION),
    2: ("wind", _WIND),
    3: ("water_level", _WATER_LEVEL),
    4: ("current_2d", _CURRENT_2D),
    7: ("sea_state", _SEA_STATE),
    8: ("salinity", _SALINITY),
}

_REPORTS_289 = {
    **_SHARED,
    0: (
        "site_location",
        _report(
            *q.fine_place(BODY),
            q.tenths("altitude_metres", BODY + 55, 11, 2001),
            q.code("owner", BODY + 66, 4, null=0),
            q.code("timeout", BODY + 70, 3, null=0),
        ),
    ),
    5: ("current_3d", _current_3d()),
    6: ("current_horizontal", _horizontal_current()),
    9: ("weather", _weather(q.signed_tenths("dew_point_celsius", BODY + 24, 10, -200, 500))),
    10: ("air_gap", _report(*_AIR_GAP)),
}

_REPORTS_US = {
    **_SHARED,
    0: (
        "site_location",
        _report(
            q.code("version", BODY, 6),
            *q.fine_place(BODY + 6),
            q.code("precision", BODY + 61, 3),
            q.signed_tenths("altitude_metres", BODY + 64, 12, -2000, 2001),
            q.code("owner", BODY + 76, 4, null=0),
            q.code("timeout", BODY + 80, 3, null=0),
        ),
    ),
    5: ("current_3d", _us_current_3d()),
    6: ("current_horizontal", _us_horizontal_current()),
    9: ("weather", _weather(q.tenths("dew_point_celsius", BODY + 24, 10, 700, bias=-200))),
    10: ("air_gap", _report(*_AIR_GAP, _sensor("air_gap", BODY + 57))),
    11: (
        "wind_averaged",
        _report(
            _knots("wind", BODY),
            _knots("wind_gust", BODY + 7),
            q.direction("wind_direction", BODY + 14),
            q.code("averaging_minutes", BODY + 23, 6, null=0),
            _sensor("wind", BODY + 29),
            _knots("forecast_wind", BODY + 32),
            _knots("forecast_wind_gust", BODY + 39),
            q.direction("forecast_wind_direction", BODY + 46),
            q.hour(BODY + 55, "forecast_"),
            q.minute(BODY + 60, "forecast_"),
            _forecast_minutes(BODY + 66),
        ),
    ),
}


def _environment(name: str, source: str, reports: dict[int, tuple[str, Table]]) -> Application:
    records = Records("reports", 0, REPORT_BITS, MOST_REPORTS, Kinds("sensor", 0, 4, reports))
    return Application(name, source, {0: Table((), (records,))})


ENVIRONMENTAL = _environment("imo_environmental", CIRC_289, _REPORTS_289)
US_ENVIRONMENTAL_MESSAGE = _environment("us_environmental", US_ENVIRONMENTAL, _REPORTS_US)
