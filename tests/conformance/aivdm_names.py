"""The names that gpsd, pyais and AIS-catcher share (those of the AIVDM document), each with ours and what it may hold.

By message type, since a name such as `second` or `month` means another field in another message.
"""

from collections.abc import Callable
from typing import Any

from tests.conformance.agreement import Expectation as E


def _is(*values: Any) -> Callable[[Any], bool]:
    return lambda theirs: theirs in values


def _above(limit: float) -> Callable[[Any], bool]:
    return lambda theirs: abs(theirs) > limit


def _at_least(limit: float) -> Callable[[Any], bool]:
    return lambda theirs: theirs >= limit


def _outside(low: float, high: float) -> Callable[[Any], bool]:
    return lambda theirs: not low <= theirs <= high


_NEVER = _is()
_PLACE = {"lon": E("lon", _above(180), 2e-5), "lat": E("lat", _above(90), 2e-5)}
# A pair of zeros is no dimension; one zero beside a number is the end of the ship
_SIDES = {name: E(name, _is(0)) for name in ("to_bow", "to_stern", "to_port", "to_starboard")}
_HEAD = {"type": E("msg_type"), "repeat": E("repeat"), "mmsi": E("mmsi")}
_FLAGS = {name: E(name) for name in ("accuracy", "raim")}
_TEXT = _is("", "@" * 20, "@" * 7)


def _blank(theirs: Any) -> bool:
    return not str(theirs).partition("@")[0].strip()


_MOVING = {
    **_FLAGS,
    **_PLACE,
    "speed": E("sog", _at_least(102.29), 0.051),
    "course": E("cog", _at_least(359.95), 0.051),
    "heading": E("heading", _at_least(360)),
    "second": E("second", _is(60)),
}
_CLASS_A = {
    **_MOVING,
    "status": E("nav_status", _is(15)),
    "maneuver": E("maneuver", _is(0, 3)),
    "radio": E("radio"),
}
_CLOCK = {
    **_FLAGS,
    **_PLACE,
    "year": E("utc_year", _outside(1, 9999)),
    "month": E("utc_month", _outside(1, 12)),
    "day": E("utc_day", _is(0)),
    "hour": E("utc_hour", _at_least(24)),
    "minute": E("utc_minute", _at_least(60)),
    "second": E("utc_second", _at_least(60)),
    "epfd": E("fix_type", _is(0)),
    "radio": E("radio"),
}
_VOYAGE = {
    **_SIDES,
    "ais_version": E("ais_version"),
    "imo": E("imo", _is(0)),
    "callsign": E("callsign", _blank),
    "shipname": E("name", _blank),
    "shiptype": E("ship_type", _is(0)),
    "ship_type": E("ship_type", _is(0)),
    "epfd": E("fix_type", _is(0)),
    "month": E("eta_month", _outside(1, 12)),
    "day": E("eta_day", _is(0)),
    "hour": E("eta_hour", _at_least(24)),
    "minute": E("eta_minute", _at_least(60)),
    "draught": E("draught", _is(0), 0.01),
    "destination": E("destination", _blank),
    "dte": E("dte", inverted=True),
}
_ADDRESS = {"seqno": E("seqno"), "dest_mmsi": E("dest_mmsi", _is(0)), "retransmit": E("retransmit")}
_APPLICATION = {"dac": E("dac"), "fid": E("fid"), "data": E("data")}
_FLEXIBLE = {"dest_mmsi": E("dest_mmsi", _is(0)), **_APPLICATION}
_ACKS = {f"mmsi{n}": E(f"dest_mmsi_{n}", _is(0)) for n in range(1, 5)}
_ACKS |= {f"mmsiseq{n}": E(f"seqno_{n}", _NEVER) for n in range(1, 5)}
_CORNERS = {f"{corner}_lon": E(f"{corner}_lon", _above(180), 2e-5) for corner in ("ne", "sw")}
_CORNERS |= {f"{corner}_lat": E(f"{corner}_lat", _above(90), 2e-5) for corner in ("ne", "sw")}
_SLOTS = {f"{name}{n}": E(f"{name}_{n}", _is(0)) for name in ("offset", "number", "timeout") for n in range(1, 5)}
_SLOTS |= {f"increment{n}": E(f"increment_{n}", _is(0)) for n in range(1, 5)}

NAMES: dict[int, dict[str, E]] = {
    **dict.fromkeys((1, 2, 3), _CLASS_A),
    **dict.fromkeys((4, 11), _CLOCK),
    5: _VOYAGE,
    6: {**_ADDRESS, **_APPLICATION},
    **dict.fromkeys((7, 13), _ACKS),
    8: _APPLICATION,
    9: {
        **_FLAGS,
        **_PLACE,
        "alt": E("altitude", _is(4095)),
        "speed": E("sog", _at_least(1023)),
        "course": E("cog", _at_least(359.95), 0.051),
        "second": E("second", _is(60)),
        "dte": E("dte", inverted=True),
        "assigned": E("assigned"),
        "alt_sensor": E("altitude_barometric"),
        "radio": E("radio"),
    },
    10: {"dest_mmsi": E("dest_mmsi_1", _is(0))},
    12: {**_ADDRESS, "text": E("text", _blank)},
    14: {"text": E("text", _blank)},
    15: {
        "mmsi1": E("dest_mmsi_1", _is(0)),
        "mmsi2": E("dest_mmsi_2", _is(0)),
        **{f"type{n}": E(f"type_{n}", _is(0)) for n in ("1_1", "1_2")},
        "offset1_1": E("offset_1_1"),
        # Beside a type or a station that is nobody they mean nothing, and are null
        "offset1_2": E("offset_1_2", _is(0)),
        "type2_1": E("type_2_1", _is(0)),
        "offset2_1": E("offset_2_1", _is(0)),
    },
    16: {
        **{f"mmsi{n}": E(f"dest_mmsi_{n}", _is(0)) for n in (1, 2)},
        **{f"offset{n}": E(f"offset_{n}", _is(0)) for n in (1, 2)},
        **{f"increment{n}": E(f"increment_{n}", _is(0)) for n in (1, 2)},
    },
    17: {
        "lon": E("lon", _above(180), 0.051),
        "lat": E("lat", _above(90), 0.051),
        "data": E("data"),
    },  # gpsd: one decimal
    18: {
        **_MOVING,
        **{name: E(name) for name in ("cs", "display", "dsc", "band", "msg22", "assigned", "radio")},
    },
    19: {**_MOVING, **_VOYAGE, **_FLAGS, "dte": E("dte", inverted=True), "assigned": E("assigned")},
    20: _SLOTS,
    21: {
        **_FLAGS,
        **_PLACE,
        **_SIDES,
        "aid_type": E("aton_type", _is(0)),
        "name": E("name", _blank),
        "full_name": E("name", _blank),
        "shipname": E("name", _blank),
        "epfd": E("fix_type", _is(0)),
        "second": E("second", _is(60)),
        "off_position": E("off_position"),
        "aton_status": E("aton_status"),
        "regional": E("aton_status"),
        "virtual_aid": E("virtual_aid"),
        "assigned": E("assigned"),
    },
    22: {
        **_CORNERS,
        "channel_a": E("channel_a", _is(0)),
        "channel_b": E("channel_b", _is(0)),
        "txrx": E("txrx"),
        "power": E("power_low"),
        "dest1": E("dest_mmsi_1", _is(0)),
        "dest2": E("dest_mmsi_2", _is(0)),
        "addressed": E("addressed"),
        "band_a": E("band_a"),
        "band_b": E("band_b"),
        "zonesize": E("zone_size"),
    },
    23: {
        **_CORNERS,
        "station_type": E("station_type"),
        "stationtype": E("station_type"),
        "shiptype": E("ship_type", _is(0)),
        "ship_type": E("ship_type", _is(0)),
        "txrx": E("txrx"),
        "interval": E("interval"),
        "quiet": E("quiet", _is(0)),
    },
    24: {
        **_SIDES,
        "partno": E("part", as_ours={0: "A", 1: "B"}),
        "shipname": E("name", _blank),
        "callsign": E("callsign", _blank),
        "shiptype": E("ship_type", _is(0)),
        "ship_type": E("ship_type", _is(0)),
        "vendorid": E("vendor_id", _blank),
        "model": E("vendor_model"),
        "serial": E("vendor_serial"),
        "mothership_mmsi": E("mothership_mmsi", _is(0)),
        "epfd": E("fix_type", _is(0)),
    },
    25: _FLEXIBLE,
    26: _FLEXIBLE,
    27: {
        **_FLAGS,
        "lon": E("lon", _above(180), 0.051),
        "lat": E("lat", _above(90), 0.051),
        "status": E("nav_status", _is(15)),
        "speed": E("sog", _is(63)),
        "course": E("cog", _at_least(360)),
        "gnss": E("gnss", inverted=True),
    },
    28: {**_PLACE, "second": E("second", _is(60)), "aton_status": E("aton_status")},
}
NAMES = {msg_type: {**_HEAD, **names} for msg_type, names in NAMES.items()}


def _content(**names: E) -> dict[str, E]:
    return {name: E(f"content.{e.ours}", e.unknown, e.tolerance) for name, e in names.items()}


_WATER = {
    **{f"c{'speed' + n}": E(f"current_{n}_knots", _at_least(25.15), 0.051) for n in ("2", "3")},
    **{f"cdir{n}": E(f"current_{n}_direction_degrees", _at_least(360)) for n in ("2", "3")},
    **{f"cdepth{n}": E(f"current_{n}_depth_metres", _is(31)) for n in ("2", "3")},
    "cspeed": E("surface_current_knots", _at_least(25.15), 0.051),
    "cdir": E("surface_current_direction_degrees", _at_least(360)),
    "waveheight": E("wave_height_metres", _at_least(25.15), 0.051),
    "waveperiod": E("wave_period_seconds", _at_least(61)),
    "wavedir": E("wave_direction_degrees", _at_least(360)),
    "swellheight": E("swell_height_metres", _at_least(25.15), 0.051),
    "swellperiod": E("swell_period_seconds", _at_least(61)),
    "swelldir": E("swell_direction_degrees", _at_least(360)),
    "seastate": E("sea_state_beaufort", _at_least(13)),
    "wspeed": E("wind_knots", _is(127)),
    "wgust": E("wind_gust_knots", _is(127)),
    "wdir": E("wind_direction_degrees", _at_least(360)),
    "wgustdir": E("wind_gust_direction_degrees", _at_least(360)),
    "humidity": E("humidity_percent", _at_least(101)),
    "pressure": E("air_pressure_hpa", _at_least(1202)),
    "preciptype": E("precipitation", _is(7)),
    "ice": E("ice", _is(3)),
    "lon": E("lon", _above(180), 1e-4),
    "lat": E("lat", _above(90), 1e-4),
    "day": E("utc_day", _is(0, 31)),
    "hour": E("utc_hour", _at_least(24)),
    "minute": E("utc_minute", _at_least(60)),
    "leveltrend": E("water_level_trend", _is(3)),
    "pressuretend": E("air_pressure_tendency", _is(3)),
    "visibility": E("visibility_nautical_miles", _at_least(12.65), 0.051),
}

# Applications, by message type, DAC and FI
CONTENT: dict[tuple[int, int, int], dict[str, E]] = {
    (6, 0, 0): _content(
        asm_sub_app_id=E("sub_application"),
        asm_voltage_data=E("supply_volts", tolerance=0.01),
        asm_current_data=E("drain_amperes", tolerance=0.01),
        asm_power_supply_type=E("direct_current"),
        asm_light_status=E("light_on"),
        asm_battery_status=E("battery_low"),
        asm_off_position_status=E("off_position"),
    ),
    (6, 1, 2): _content(requested_dac=E("requested_dac"), requested_fid=E("requested_fid")),
    (6, 1, 3): _content(requested_dac=E("requested_dac")),
    (6, 1, 40): _content(persons=E("persons", _is(0))),
    (6, 235, 10): _content(
        ana_int=E("internal_volts", _is(0), 0.001),
        ana_ext1=E("external_1_volts", _is(0), 0.001),
        ana_ext2=E("external_2_volts", _is(0), 0.001),
        racon=E("racon_status"),
        health=E("alarm"),
        stat_ext=E("digital_inputs"),
        off_position=E("off_position"),
    ),
    (8, 1, 11): _content(
        **{
            **_WATER,
            "visibility": E("visibility_nautical_miles", _at_least(25.05), 0.051),
            "airtemp": E("air_temperature_celsius", _above(60), 0.051),
            "dewpoint": E("dew_point_celsius", _above(50), 0.051),
            "waterlevel": E("water_level_metres", _above(30), 0.051),
            "watertemp": E("water_temperature_celsius", _above(50), 0.051),
            "salinity": E("salinity_permille", _above(50), 0.051),
        }
    ),
    (8, 1, 31): _content(
        **{
            **_WATER,
            "accuracy": E("accuracy"),
            "visgreater": E("visibility_greater"),
            "airtemp": E("air_temperature_celsius", _above(60), 0.051),
            "dewpoint": E("dew_point_celsius", _above(50), 0.051),
            "waterlevel": E("water_level_metres", _at_least(30.0), 0.051),
            "watertemp": E("water_temperature_celsius", _above(50), 0.051),
            "salinity": E("salinity_permille", _above(50.2), 0.051),
        }
    ),
    (8, 200, 10): _content(
        vin=E("eni", _blank),
        length=E("length_metres", _is(0), 0.051),
        beam=E("beam_metres", _is(0), 0.051),
        shiptype=E("eri_ship_type", _is(0)),
        hazard=E("blue_cones", _is(5)),
        draught=E("draught_metres", _is(0), 0.0051),
        loaded=E("loaded", _is(0)),
        speed_q=E("speed_quality_high"),
        course_q=E("course_quality_high"),
        heading_q=E("heading_quality_high"),
    ),
}


def expectations(msg_type: int | None, dac: int | None = None, fid: int | None = None) -> dict[str, E]:
    """Their name to our field, for a message and its application."""
    names = NAMES.get(msg_type or 0, {})
    if msg_type is None or dac is None or fid is None:
        return names
    return {**names, **CONTENT.get((msg_type, dac, fid), {})}
