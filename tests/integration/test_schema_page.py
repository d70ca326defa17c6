"""docs/schema.md and docs/schema.sql say what a freshly migrated database is, and the joins of the page are true."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from psycopg2.extensions import connection as Connection

from fairway import database, reference
from fairway.schema import page, picture
from fairway.schema.catalogue import SCHEMAS, Relation, read, uncommented
from fairway.schema.dump import HEADING, schema_dump
from fairway.schema.joins import JOINS, Join
from tests.integration.db_inserter.queries import query

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def owner(migrated_url: str) -> Iterator[Connection]:
    """Whatever a test changes is rolled back."""
    with closing(database.connect(migrated_url)) as connection:
        yield connection


@pytest.fixture(scope="module")
def relations(migrated_url: str) -> dict[str, Relation]:
    with closing(database.connect(migrated_url)) as connection:
        return {relation.name: relation for schema in read(connection) for relation in schema.relations}


def test_the_page_is_what_a_migrated_database_says(owner: Connection) -> None:
    text = (DOCS / "schema.md").read_text(encoding="utf-8")
    assert reference.fill(text, page.parts(read(owner))) == text, "run `make schema`"
    assert set(re.findall(r"<!-- begin (\S+) -->", text)) == {*SCHEMAS, "contents", "joins"}


def test_the_dump_is_what_a_migrated_database_is(owner: Connection, migrated_url: str) -> None:
    text, major = (DOCS / "schema.sql").read_text(encoding="utf-8"), owner.server_version // 10_000
    heading = HEADING.format(major=major)
    if not text.startswith(heading):
        pytest.skip(f"PostgreSQL {major} writes views in words of its own; docs/schema.sql is of another version")
    assert heading + schema_dump(migrated_url) == text, "run `make schema`"


def test_the_page_is_the_same_with_data(owner: Connection) -> None:
    before = page.parts(read(owner))
    query(owner, "SELECT ais.ensure_partition(current_date), ais.ensure_month('tracks', current_date)")
    assert page.parts(read(owner)) == before


def test_everything_has_a_comment(owner: Connection) -> None:
    assert list(uncommented(read(owner))) == []


def test_what_has_no_comment_is_told(owner: Connection) -> None:
    query(owner, "CREATE TYPE ais.hue AS ENUM ('red', 'green'); CREATE VIEW ais.bare AS SELECT 1 AS x")
    query(owner, "CREATE FUNCTION ref.nothing(x integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'")
    assert list(uncommented(read(owner))) == ["ais.hue", "ais.bare", "ais.bare.x", "ref.nothing"]


def test_types_are_on_the_page(owner: Connection) -> None:
    query(owner, "CREATE TYPE ais.hue AS ENUM ('red', 'green'); COMMENT ON TYPE ais.hue IS 'What colour'")
    query(owner, "CREATE TYPE ais.pair AS (a integer, b text); COMMENT ON TYPE ais.pair IS 'Both'")
    written = page.parts(read(owner))["ais"]
    assert "- **`ais.hue`**: `red, green`. What colour.\n" in written
    assert "- **`ais.pair`**: `a integer, b text`. Both.\n" in written


@pytest.mark.parametrize("join", JOINS, ids=lambda join: f"{join.table}-{join.other}")
def test_a_join_can_be_asked_and_finds_one_row_or_says_several(
    owner: Connection, relations: dict[str, Relation], join: Join
) -> None:
    query(owner, f"SELECT FROM {join.sql} LIMIT 0")  # its columns are there, and can be compared
    key = f"PRIMARY KEY ({', '.join(join.columns(join.other))})"
    finds_one = key in relations[join.other].keys and " = " in join.condition
    assert finds_one is not join.several


def test_every_foreign_key_is_among_the_joins(relations: dict[str, Relation]) -> None:
    keys = {
        (relation.name, *found.groups())
        for relation in relations.values()
        for key in relation.keys
        if (found := re.match(r"FOREIGN KEY \((\w+)\) REFERENCES ([\w.]+)\((\w+)\)", key))
    }
    assert keys
    assert keys <= {
        (join.table, join.columns(join.table)[0], join.other, join.columns(join.other)[0]) for join in JOINS
    }


def test_the_picture_shows_columns_that_are_there(relations: dict[str, Relation]) -> None:
    for box in picture.boxes():
        assert set(box.columns) <= {column.name for column in relations[box.name].columns}
