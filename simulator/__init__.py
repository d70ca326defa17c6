"""Pretend ships on sea lanes that speak real NMEA 0183 AIS, with the truth beside."""
