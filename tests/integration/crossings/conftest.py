"""Crossings with a real PostGIS, inserter and maintainer: a database a file, empty tables a test."""

from tests.integration.db_maintainer.conftest import db, inserter, maintainer, maintainer_url, owner_url, writer_url

__all__ = ["db", "inserter", "maintainer", "maintainer_url", "owner_url", "writer_url"]
