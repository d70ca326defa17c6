"""Positions as GeoParquet files: how they are written, read back and restored."""
