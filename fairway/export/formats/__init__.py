"""The formats of an export, one file for each."""
