"""Data out of PostGIS into files: what can be asked for, how it is read a few rows at a time, and the formats."""
