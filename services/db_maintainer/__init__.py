"""Keeps the database tidy: partitions ahead, closed days in order, retention, archive."""
