"""Writes filtered records to PostGIS: the only writer, once for each batch."""
