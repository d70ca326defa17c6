"""Keeps the database tidy, and what is derived from positions up to date."""
