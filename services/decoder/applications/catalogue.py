"""The visible list of applications: message 6 (addressed) or 8 (broadcast), DAC and FI.

A structured Message 25 or 26 is looked up as the 6 or 8 that it is in all but length.
"""

from collections.abc import Mapping

from services.decoder.applications import (
    area_notice,
    environment,
    inland,
    port,
    regional,
    ship,
    system,
    traffic,
    weather,
)
from services.decoder.applications.application import Application

ADDRESSED, BROADCAST = 6, 8
Key = tuple[int, int, int]

CATALOGUE: Mapping[Key, Application] = {
    (6, 0, 0): regional.ZENI_LITE_BUOY,
    (6, 1, 0): system.TEXT,
    (8, 1, 0): system.TEXT,
    (6, 1, 1): system.OLD_ACKNOWLEDGEMENT,
    (6, 1, 2): system.INTERROGATION,
    (6, 1, 3): system.CAPABILITY_INTERROGATION,
    (6, 1, 4): system.CAPABILITY_REPLY,
    (6, 1, 5): system.ACKNOWLEDGEMENT,
    (8, 1, 11): weather.METEO_HYDRO_236,
    (6, 1, 12): ship.DANGEROUS_CARGO_236,
    (8, 1, 13): port.FAIRWAY_CLOSED,
    (6, 1, 14): port.TIDAL_WINDOW_236,
    (8, 1, 15): ship.AIR_DRAUGHT,
    (6, 1, 16): ship.PERSONS,
    (8, 1, 16): traffic.VTS_TARGETS,
    (8, 1, 17): traffic.SYNTHETIC_TARGETS,
    (6, 1, 18): port.CLEARANCE_TIME,
    (8, 1, 19): port.TRAFFIC_SIGNAL,
    (6, 1, 20): port.BERTHING,
    (8, 1, 20): port.BERTHING,
    (8, 1, 21): weather.WEATHER_OF_SHIP,
    (8, 1, 22): area_notice.AREA_NOTICE,
    (6, 1, 23): area_notice.AREA_NOTICE,
    (8, 1, 24): ship.EXTENDED_STATIC,
    (6, 1, 25): ship.DANGEROUS_CARGO,
    (8, 1, 26): environment.ENVIRONMENTAL,
    (8, 1, 27): traffic.ROUTE,
    (6, 1, 28): traffic.ROUTE,
    (8, 1, 29): traffic.TEXT_DESCRIPTION,
    (6, 1, 30): traffic.TEXT_DESCRIPTION,
    (8, 1, 31): weather.METEO_HYDRO,
    (6, 1, 32): port.TIDAL_WINDOW,
    (6, 1, 40): ship.PERSONS_1371_4,
    (8, 1, 40): ship.PERSONS_1371_4,
    (8, 200, 10): inland.SHIP_STATIC,
    (6, 200, 21): inland.ETA_AT_LOCK,
    (6, 200, 22): inland.RTA_AT_LOCK,
    (8, 200, 23): inland.EMMA_WARNING,
    (8, 200, 24): inland.WATER_LEVELS,
    (8, 200, 25): inland.BRIDGE_CLEARANCE,
    (8, 200, 40): inland.SIGNAL_STATUS,
    (6, 200, 55): inland.PERSONS,
    (8, 200, 55): inland.PERSONS,
    (6, 235, 10): regional.ATON_MONITORING,
    (8, 235, 10): regional.ATON_MONITORING,
    (6, 250, 10): regional.ATON_MONITORING,
    (8, 250, 10): regional.ATON_MONITORING,
    (6, 235, 20): regional.BUOY_POSITION,
    (6, 316, 1): regional.SEAWAY_STATIONS,
    (8, 316, 1): regional.SEAWAY_STATIONS,
    (6, 366, 1): regional.SEAWAY_STATIONS,
    (8, 366, 1): regional.SEAWAY_STATIONS,
    (8, 366, 56): regional.BLUE_FORCE,
    (8, 366, 57): regional.BLUE_FORCE,
    (8, 367, 22): area_notice.US_GEOGRAPHIC_NOTICE,
    (8, 367, 23): weather.SATELLITE_SHIP_WEATHER,
    (8, 367, 24): weather.SATELLITE_SHIP_WEATHER_SMALL,
    (8, 367, 25): weather.SATELLITE_SHIP_WEATHER_TINY,
    (8, 367, 29): regional.LINKED_TEXT,
    (8, 367, 33): environment.US_ENVIRONMENTAL_MESSAGE,
}


def find(message: int, dac: int, fid: int, bits: int) -> Application | None:
    """The application of a payload of `bits` bits, or None when it is not known."""
    found = CATALOGUE.get((message, dac, fid))
    return found if found and (found.lengths is None or bits in found.lengths) else None
