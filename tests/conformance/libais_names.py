"""The names of libais, each with our field and what it may hold."""

from typing import Any

from tests.conformance.agreement import Expectation as E


def _above(limit: float) -> Any:
    return lambda theirs: abs(theirs) > limit


def _at_least(limit: float) -> Any:
    return lambda theirs: theirs >= limit


def _is(*values: Any) -> Any:
    return lambda theirs: theirs in values


def _blank(theirs: Any) -> bool:
    return not str(theirs).partition("@")[0].strip()


_SHARED = {
    "id": E("msg_type"),
    "repeat_indicator": E("repeat"),
    "mmsi": E("mmsi"),
    "x": E("lon", _above(180), 2e-5),
    "y": E("lat", _above(90), 2e-5),
    "sog": E("sog", _at_least(102.29), 0.01),
    "cog": E("cog", _at_least(359.95), 0.01),
    "true_heading": E("heading", _at_least(360)),
    "nav_status": E("nav_status", _is(15)),
    "position_accuracy": E("accuracy"),
    "raim": E("raim"),
    "timestamp": E("second", _is(60)),
    "special_manoeuvre": E("maneuver", _is(0, 3)),
    "fix_type": E("fix_type", _is(0)),
    "dte": E("dte", inverted=True),
    "dac": E("dac"),
    "fi": E("fid"),
    "dest_mmsi": E("dest_mmsi", _is(0)),
    "mmsi_dest": E("dest_mmsi", _is(0)),
    "seq": E("seqno"),
    "seq_num": E("seqno"),
    "name": E("name", _blank),
    "callsign": E("callsign", _blank),
    "destination": E("destination", _blank),
    "text": E("text", _blank),
    "imo_num": E("imo", _is(0)),
    "ais_version": E("ais_version"),
    "draught": E("draught", _is(0), 0.01),
    "type_and_cargo": E("ship_type", _is(0)),
    "dim_a": E("to_bow", _is(0)),
    "dim_b": E("to_stern", _is(0)),
    "dim_c": E("to_port", _is(0)),
    "dim_d": E("to_starboard", _is(0)),
    "eta_month": E("eta_month", _is(0)),
    "eta_day": E("eta_day", _is(0)),
    "eta_hour": E("eta_hour", _at_least(24)),
    "eta_minute": E("eta_minute", _at_least(60)),
    "year": E("utc_year", _is(0)),
    "month": E("utc_month", _is(0, 13, 14, 15)),
    "day": E("utc_day", _is(0)),
    "hour": E("utc_hour", _at_least(24)),
    "minute": E("utc_minute", _at_least(60)),
    "second": E("utc_second", _at_least(60)),
    "transmission_ctl": E("long_range_control"),
    "alt": E("altitude", _is(4095)),
    "alt_sensor": E("altitude_barometric"),
    "assigned_mode": E("assigned"),
    "mode_flag": E("assigned"),
    "unit_flag": E("cs"),
    "display_flag": E("display"),
    "dsc_flag": E("dsc"),
    "band_flag": E("band"),
    "m22_flag": E("msg22"),
    "off_pos": E("off_position"),
    "aton_status": E("aton_status"),
    "aton_type": E("aton_type", _is(0)),
    "virtual_aton": E("virtual_aid"),
    "chan_a": E("channel_a", _is(0)),
    "chan_b": E("channel_b", _is(0)),
    "chan_a_bandwidth": E("band_a"),
    "chan_b_bandwidth": E("band_b"),
    "txrx_mode": E("txrx"),
    "power_low": E("power_low"),
    "zone_size": E("zone_size"),
    "x1": E("ne_lon", _above(180), 2e-5),
    "y1": E("ne_lat", _above(90), 2e-5),
    "x2": E("sw_lon", _above(180), 2e-5),
    "y2": E("sw_lat", _above(90), 2e-5),
    "station_type": E("station_type"),
    "interval_raw": E("interval"),
    "quiet": E("quiet", _is(0)),
    "part_num": E("part", as_ours={0: "A", 1: "B"}),
    "vendor_id": E("vendor_id", _blank),
    "mmsi_1": E("dest_mmsi_1", _is(0)),
    "mmsi_2": E("dest_mmsi_2", _is(0)),
    "msg_1_1": E("type_1_1", _is(0)),
    "slot_offset_1_1": E("offset_1_1"),
    "dest_msg_1_2": E("type_1_2", _is(0)),
    "slot_offset_1_2": E("offset_1_2", _is(0)),
    "msg_2": E("type_2_1", _is(0)),
    "slot_offset_2": E("offset_2_1", _is(0)),
    "dest_mmsi_a": E("dest_mmsi_1", _is(0)),
    "dest_mmsi_b": E("dest_mmsi_2", _is(0)),
    "offset_a": E("offset_1"),
    "offset_b": E("offset_2", _is(0)),
    "inc_a": E("increment_1"),
    "inc_b": E("increment_2", _is(0)),
}

BY_TYPE: dict[int, dict[str, E]] = {
    6: {"retransmit": E("retransmit", inverted=True)},  # libais says whether it is the first time
    9: {"sog": E("sog", _at_least(1023))},
    10: {"dest_mmsi": E("dest_mmsi_1", _is(0))},
    12: {"retransmitted": E("retransmit")},
    17: {"x": E("lon", _above(180), 2e-5), "y": E("lat", _above(90), 2e-5)},
    22: {"dest_mmsi_1": E("dest_mmsi_1", _is(0)), "dest_mmsi_2": E("dest_mmsi_2", _is(0))},
    27: {"sog": E("sog", _is(63)), "gnss": E("gnss")},
}


def _content(**names: E) -> dict[str, E]:
    return {name: E(f"content.{e.ours}", e.unknown, e.tolerance) for name, e in names.items()}


_SHIP_WEATHER = _content(
    version=E("version"),
    utc_day=E("utc_day"),
    utc_hour=E("utc_hour"),
    utc_min=E("utc_minute"),
    x=E("lon", tolerance=2e-5),
    y=E("lat", tolerance=2e-5),
    pressure=E("air_pressure_hpa"),
    air_temp=E("air_temperature_celsius", tolerance=0.01),
    wind_speed=E("wind_knots"),
    wind_gust=E("wind_gust_knots"),
    wind_dir=E("wind_direction_degrees"),
)

CONTENT: dict[tuple[int, int, int], dict[str, E]] = {
    (6, 1, 0): _content(text=E("text", _blank), msg_seq=E("text_sequence"), ack_required=E("acknowledgement_required")),
    (6, 1, 1): _content(ack_dac=E("acknowledged_dac"), msg_seq=E("text_sequence")),
    (6, 1, 2): _content(req_dac=E("requested_dac"), req_fi=E("requested_fid")),
    (6, 1, 3): _content(req_dac=E("requested_dac")),
    (6, 1, 4): _content(ack_dac=E("dac")),
    (8, 1, 11): _content(
        x=E("lon", _above(180), 2e-5),
        y=E("lat", _above(90), 2e-5),
        air_pres=E("air_pressure_hpa", _at_least(1201)),
        air_pres_trend=E("air_pressure_tendency", _is(3)),
        air_temp=E("air_temperature_celsius", _above(60), 0.01),
        cur_depth_2=E("current_2_depth_metres", _is(31)),
        cur_depth_3=E("current_3_depth_metres", _is(31)),
        cur_dir_2=E("current_2_direction_degrees", _at_least(360)),
        cur_dir_3=E("current_3_direction_degrees", _at_least(360)),
        cur_speed_2=E("current_2_knots", _at_least(25.05), 0.01),
        cur_speed_3=E("current_3_knots", _at_least(25.05), 0.01),
        dew_point=E("dew_point_celsius", _above(50), 0.01),
        horz_vis=E("visibility_nautical_miles", _at_least(25.05), 0.01),
        ice=E("ice", _is(3)),
        precip_type=E("precipitation", _is(7)),
        rel_humid=E("humidity_percent", _at_least(101)),
        sea_state=E("sea_state_beaufort", _at_least(13)),
        surf_cur_dir=E("surface_current_direction_degrees", _at_least(360)),
        surf_cur_speed=E("surface_current_knots", _at_least(25.05), 0.01),
        swell_dir=E("swell_direction_degrees", _at_least(360)),
        swell_height=E("swell_height_metres", _at_least(25.05), 0.01),
        swell_period=E("swell_period_seconds", _at_least(61)),
        water_level=E("water_level_metres", _above(30), 0.01),
        water_level_trend=E("water_level_trend", _is(3)),
        water_temp=E("water_temperature_celsius", _above(50), 0.01),
        wave_dir=E("wave_direction_degrees", _at_least(360)),
        wave_height=E("wave_height_metres", _at_least(25.05), 0.01),
        wave_period=E("wave_period_seconds", _at_least(61)),
        wind_ave=E("wind_knots", _is(127)),
        wind_dir=E("wind_direction_degrees", _at_least(360)),
        wind_gust=E("wind_gust_knots", _is(127)),
        wind_gust_dir=E("wind_gust_direction_degrees", _at_least(360)),
    ),
    (8, 200, 24): _content(country=E("country")),
    (8, 367, 23): _SHIP_WEATHER,
    (8, 367, 24): _SHIP_WEATHER,
    (8, 367, 25): _SHIP_WEATHER,
}

# Reports of 367/33, in our names
REPORT = {
    "utc_day": E("utc_day"),
    "utc_hr": E("utc_hour"),
    "utc_min": E("utc_minute"),
    "site_id": E("site"),
    "x": E("lon", tolerance=2e-5),
    "y": E("lat", tolerance=2e-5),
    "altitude": E("altitude_metres", tolerance=0.01),
    "owner": E("owner", _is(0)),
    "timeout": E("timeout", _is(0)),
    "wind_speed": E("wind_knots"),
    "wind_gust": E("wind_gust_knots"),
    "wind_dir": E("wind_direction_degrees"),
    "wind_gust_dir": E("wind_gust_direction_degrees"),
    "sensor_type": E("wind_sensor", _is(0)),
    "averaging_time": E("averaging_minutes"),
    "wind_forecast": E("forecast_wind_knots"),
    "wind_speed_forecast": E("forecast_wind_knots"),
    "wind_gust_forecast": E("forecast_wind_gust_knots"),
    "wind_dir_forecast": E("forecast_wind_direction_degrees"),
    "utc_day_forecast": E("forecast_day"),
    "utc_hour_forecast": E("forecast_hour"),
    "utc_min_forecast": E("forecast_minute"),
    "duration": E("forecast_minutes"),
    "air_temp": E("air_temperature_celsius", tolerance=0.01),
    "air_temp_sensor_type": E("air_temperature_sensor", _is(0)),
    "precip": E("precipitation", _is(3)),
    "horz_vis": E("visibility_nautical_miles", tolerance=0.01),
    "dew_point": E("dew_point_celsius", tolerance=0.01),
    "dew_point_type": E("dew_point_sensor", _is(0)),
    "air_pressure": E("air_pressure_hpa"),
    "air_pressure_trend": E("air_pressure_tendency", _is(3)),
    "air_pressure_sensor_type": E("air_pressure_sensor", _is(0)),
    "salinity": E("salinity_permille", tolerance=0.01),
}


def expectations(theirs: dict[str, Any]) -> dict[str, E]:
    """Their name to our field, for what they say of one message."""
    key = (theirs["id"], theirs.get("dac"), theirs.get("fi"))
    return {**_SHARED, **BY_TYPE.get(theirs["id"], {}), **CONTENT.get(key, {})}  # type: ignore[arg-type]
