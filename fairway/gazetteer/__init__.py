"""Ports and maritime areas, from files that people download, to schema ref of the database."""
