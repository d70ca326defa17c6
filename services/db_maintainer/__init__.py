"""Keeps what is derived from positions up to date."""
