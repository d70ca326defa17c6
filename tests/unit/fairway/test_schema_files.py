"""Migrations that have landed stay as they are, and the picture of the schema is drawn of today's joins."""

from pathlib import Path

from fairway import database
from fairway.schema import landed, picture
from fairway.schema.dump import normalised

DOCS = Path(__file__).parents[3] / "docs"


def test_no_migration_changes_after_it_has_landed() -> None:
    assert landed.complaints(database.sql_folder()) == []


def test_every_migration_has_a_checksum() -> None:
    assert list(landed.landed(database.sql_folder())) == list(landed.checksums(database.sql_folder())), (
        "run `make schema`"
    )


def test_a_migration_that_changes_or_goes_after_it_has_landed_is_told(tmp_path: Path) -> None:
    for name in ("001_a.sql", "002_b.sql", "003_c.sql"):
        (tmp_path / name).write_text(f"SELECT '{name}'")
    landed.note(tmp_path)
    assert landed.complaints(tmp_path) == []
    (tmp_path / "001_a.sql").write_text("SELECT 2")
    (tmp_path / "002_b.sql").unlink()
    (tmp_path / "004_d.sql").write_text("SELECT 4")  # new ones are welcome
    changed, gone = landed.complaints(tmp_path)
    assert "/001_a.sql has changed since it landed" in changed
    assert "/002_b.sql is gone since it landed" in gone


def test_the_picture_is_drawn_of_todays_joins() -> None:
    assert picture.svg() == (DOCS / "pictures/schema.svg").read_text(encoding="utf-8"), "run `make schema`"


def test_a_dump_says_nothing_of_versions_owners_and_settings() -> None:
    said = """\
--
-- PostgreSQL database dump
--

\\restrict sCUaBc0

-- Dumped from database version 17.2 (Debian)
-- Dumped by pg_dump version 17.2

SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

--
-- Name: f(); Type: FUNCTION; Schema: ais; Owner: -
--

CREATE FUNCTION ais.f() RETURNS integer
    LANGUAGE sql SET search_path TO ''
    AS $$
    -- one
    SELECT 1
$$;


ALTER DEFAULT PRIVILEGES FOR ROLE somebody IN SCHEMA ais GRANT SELECT ON TABLES  TO analyst;


--
-- PostgreSQL database dump complete
--

\\unrestrict sCUaBc0

"""
    assert (
        normalised(said)
        == """\
CREATE FUNCTION ais.f() RETURNS integer
    LANGUAGE sql SET search_path TO ''
    AS $$
    -- one
    SELECT 1
$$;

ALTER DEFAULT PRIVILEGES IN SCHEMA ais GRANT SELECT ON TABLES  TO analyst;
"""
    )
