"""Reports that change little or not at all: names and sizes of ships, buoys, and the time from ashore."""

from datetime import datetime

from simulator.encode import encode
from simulator.fields import Value, degrees_to_raw, raw_to_degrees
from simulator.fleet import Aid, BaseStation, Ship
from simulator.intervals import AID_TO_NAVIGATION, BASE_STATION, STATIC
from simulator.report import Report

CLASS_B_VENDOR = "FWY"
AID_RADIUS_M = 1


def class_a_static(ship: Ship) -> Report:
    """Message 5; the estimated time of arrival is left empty, as on many ships."""
    truth: dict[str, Value] = {
        "name": ship.name,
        "callsign": ship.callsign,
        "imo": ship.imo,
        "ship_type": ship.ship_type,
        **_dimensions(ship.to_bow, ship.to_stern, ship.to_port, ship.to_starboard),
        "draught": ship.draught,
        "destination": ship.destination,
    }
    return Report(5, encode("5", {**truth, "mmsi": ship.mmsi}), truth, STATIC)


def class_b_name(ship: Ship) -> Report:
    """Message 24 part A."""
    truth: dict[str, Value] = {"name": ship.name}
    return Report(24, encode("24A", {**truth, "mmsi": ship.mmsi}), truth, STATIC)


def class_b_static(ship: Ship) -> Report:
    """Message 24 part B."""
    truth: dict[str, Value] = {
        "callsign": ship.callsign,
        "ship_type": ship.ship_type,
        **_dimensions(ship.to_bow, ship.to_stern, ship.to_port, ship.to_starboard),
    }
    unit: dict[str, Value] = {"mmsi": ship.mmsi, "vendor": CLASS_B_VENDOR, "serial": ship.mmsi % 1_000_000}
    return Report(24, encode("24B", {**truth, **unit}), truth, STATIC)


def base_station_report(base: BaseStation, event_time: datetime) -> Report:
    """Message 4: the time and the place."""
    truth = _place(base.lon, base.lat)
    time: dict[str, Value] = {
        "year": event_time.year,
        "month": event_time.month,
        "day": event_time.day,
        "hour": event_time.hour,
        "minute": event_time.minute,
        "second": event_time.second,
    }
    return Report(4, encode("4", {**truth, **time, "mmsi": base.mmsi}), truth, BASE_STATION)


def aid_report(aid: Aid) -> Report:
    """Message 21; a surveyed position has no second of its own."""
    truth: dict[str, Value] = {
        **_place(aid.lon, aid.lat),
        "name": aid.name,
        **_dimensions(AID_RADIUS_M, AID_RADIUS_M, AID_RADIUS_M, AID_RADIUS_M),
    }
    aid_only: dict[str, Value] = {"mmsi": aid.mmsi, "aid_type": aid.aid_type, "virtual_aid": int(aid.is_virtual)}
    return Report(21, encode("21", {**truth, **aid_only}), truth, AID_TO_NAVIGATION)


def _place(lon: float, lat: float) -> dict[str, Value]:
    return {"lon": raw_to_degrees(degrees_to_raw(lon)), "lat": raw_to_degrees(degrees_to_raw(lat))}


def _dimensions(to_bow: int, to_stern: int, to_port: int, to_starboard: int) -> dict[str, Value]:
    return {"to_bow": to_bow, "to_stern": to_stern, "to_port": to_port, "to_starboard": to_starboard}
