"""The views that people read first: words beside codes that cost nothing when not asked for, and ships found by name."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from fairway import database
from tests.integration.db_inserter.queries import SLOW, query, value

WORDS_NOW = "country, ship_class, ship_subclass, ship_type_text, nav_status_text"


@pytest.fixture(scope="module")
def shared(migrated_url: str) -> Iterator[Connection]:
    with closing(database.connect(migrated_url)) as connection:
        connection.autocommit = True
        query(connection, "SELECT ais.ensure_partition('2026-01-02')")
        query(
            connection,
            "INSERT INTO ais.position_labels (own_ship, source, time_source) VALUES (false, 'a', 'received')",
        )
        yield connection


@pytest.fixture
def db(shared: Connection) -> Connection:
    query(shared, "DELETE FROM ais.position_rows; DELETE FROM ais.latest_position_rows; DELETE FROM ais.vessels")
    return shared


def heard(db: Connection, mmsi: int, nav_status: int | None = None) -> None:
    for table in "ais.position_rows", "ais.latest_position_rows":
        query(
            db,
            f"INSERT INTO {table} (event_time, received_at, mmsi, lon, lat, label, msg_type, nav_status)"
            " SELECT '2026-01-02 03:04:05+00', now(), %s, 100000000, 550000000, min(id), 1, %s FROM ais.position_labels",
            mmsi,
            nav_status,
        )


def said(db: Connection, mmsi: int, name: str | None = None, ship_type: int | None = None) -> None:
    query(
        db,
        "INSERT INTO ais.vessels (first_time, last_time, mmsi, source, name, ship_type, length, width)"
        " VALUES ('2026-01-02', '2026-01-02', %s, 'a', %s, %s, 199.6, 5000)",
        mmsi,
        name,
        ship_type,
    )


def test_a_vessel_has_words_for_its_codes(db: Connection) -> None:
    heard(db, 219000001, nav_status=5)
    said(db, 219000001, ship_type=81)
    assert query(db, f"SELECT ship_type, nav_status, {WORDS_NOW} FROM ais.vessels_now") == [
        (
            81,
            5,
            "Denmark",
            "tanker",
            "hazard category X",
            "Tanker, carrying dangerous or harmful goods or marine pollutants of category X",
            "moored",
        )
    ]
    assert query(db, "SELECT country, nav_status_text FROM ais.position_reports") == [("Denmark", "moored")]


@pytest.mark.parametrize("ship_type", [None, 100, 200, 255])
def test_a_code_without_a_meaning_stays_and_has_no_words(db: Connection, ship_type: int | None) -> None:
    heard(db, 970000001)
    said(db, 970000001, ship_type=ship_type)
    nothing = (None, None, None, None, None)
    assert query(db, f"SELECT ship_type, {WORDS_NOW} FROM ais.vessels_now") == [(ship_type, *nothing)]
    assert query(db, "SELECT nav_status, country, nav_status_text FROM ais.position_reports") == [(None, None, None)]


def test_a_vessel_that_said_nothing_has_its_country(db: Connection) -> None:
    heard(db, 257000001)
    assert query(db, f"SELECT name, {WORDS_NOW} FROM ais.vessels_now") == [(None, "Norway", None, None, None, None)]


def test_age_is_the_time_since_the_position(db: Connection) -> None:
    heard(db, 219000001)
    assert query(db, "SELECT age = now() - event_time, age > interval '300 days' FROM ais.vessels_now") == [
        (True, True)
    ]


def tables_of(db: Connection, question: str) -> set[str]:
    """Which tables a plan reads; a partition goes by the name of its table."""
    nodes: list[dict[str, Any]] = [value(db, f"EXPLAIN (VERBOSE, FORMAT JSON) {question}")[0]["Plan"]]
    names: set[str] = set()
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if name := node.get("Relation Name"):
            names.add(f"{node['Schema']}.{'position_rows' if name.startswith('positions_') else name}")
    return names


@pytest.mark.parametrize(
    ("columns", "tables"),
    [
        ("mmsi, lon, lat, geom, sog, nav_status, msg_type", set()),
        ("count(*)", set()),
        ("lon, source", {"ais.position_labels"}),
        ("lon, country", {"ref.mids"}),
        ("lon, nav_status_text", {"ref.nav_statuses"}),
        ("*", {"ais.position_labels", "ref.mids", "ref.nav_statuses"}),
    ],
)
def test_a_question_about_reports_reads_only_the_tables_of_its_columns(
    db: Connection, columns: str, tables: set[str]
) -> None:
    question = f"SELECT {columns} FROM ais.position_reports WHERE mmsi = 219000001 AND event_time >= '2026-01-02'"
    assert tables_of(db, question) == {"ais.position_rows", *tables}


@pytest.mark.parametrize(
    ("columns", "tables"),
    [
        ("mmsi, lon, lat, geom, sog, nav_status, age", set()),
        ("name, ship_type", {"ais.vessels"}),
        ("country", {"ref.mids"}),
        ("nav_status_text", {"ref.nav_statuses"}),
        ("ship_class", {"ais.vessels", "ref.ship_types"}),
        ("*", {"ais.position_labels", "ais.vessels", "ref.mids", "ref.ship_types", "ref.nav_statuses"}),
    ],
)
def test_a_question_about_vessels_reads_only_the_tables_of_its_columns(
    db: Connection, columns: str, tables: set[str]
) -> None:
    assert tables_of(db, f"SELECT {columns} FROM ais.vessels_now") == {"ais.latest_position_rows", *tables}


def test_an_upgrade_adds_columns_at_the_end_and_keeps_what_stands_on_the_views(
    database_url: str, tmp_path: Path
) -> None:
    new = ("013_reference.sql", "014_labelled_views.sql")
    views = ("ais.vessels_now", "ais.position_reports")
    files = [path for path in sorted(database.sql_folder().glob("*.sql")) if path.name < new[0]]
    for path in files:
        copy(path, tmp_path)
    database.migrate(database_url, tmp_path)
    with closing(database.connect(database_url)) as db:
        db.autocommit = True
        query(db, "SELECT ais.ensure_partition('2026-01-02')")
        query(db, "INSERT INTO ais.position_labels (own_ship, source, time_source) VALUES (false, 'a', 'received')")
        heard(db, 219000001, nav_status=0)
        said(db, 219000001, name="ANNA", ship_type=70)
        before = {view: columns_of(db, view) for view in views}
        for view in views:
            query(db, f"CREATE VIEW public.mine_{view[4:]} AS SELECT * FROM {view}")
        for name in new:
            copy(database.sql_folder() / name, tmp_path)
        database.migrate(database_url, tmp_path)
        for view in views:
            assert columns_of(db, view)[: len(before[view])] == before[view]
            assert query(db, f"SELECT mmsi FROM public.mine_{view[4:]}") == [(219000001,)]
        added = {view: [name for name, _ in columns_of(db, view)[len(before[view]) :]] for view in views}
        assert added == {views[0]: [*WORDS_NOW.split(", "), "age"], views[1]: ["country", "nav_status_text"]}
        assert query(db, "SELECT name, country, ship_class FROM ais.vessels_now") == [("ANNA", "Denmark", "cargo")]
        assert value(db, "SELECT count(*) FROM ais.fuzzy_name_search('anna')") == 1


def columns_of(db: Connection, view: str) -> list[tuple[str, str]]:
    return query(
        db,
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
        view,
    )


def found(db: Connection, name: str | None, *n: int) -> list[str]:
    arguments = ", ".join(["%s"] * (1 + len(n)))
    return [each for (each,) in query(db, f"SELECT name FROM ais.fuzzy_name_search({arguments})", name, *n)]


def test_a_misspelt_name_and_a_part_of_one_find_the_ship_first(db: Connection) -> None:
    names = ("EVER GIVEN", "EVER GREAT", "EMMA MAERSK", "MAERSK", "STENA LINE", "NORDIC", None)
    for mmsi, name in enumerate(names):
        said(db, 219000000 + mmsi, name=name)
    assert found(db, "EVER GIVEN")[0] == "EVER GIVEN"
    assert found(db, "evergiven")[0] == "EVER GIVEN"
    assert found(db, "ever givn", 1) == ["EVER GIVEN"]
    assert found(db, "maersk") == ["MAERSK", "EMMA MAERSK"]
    assert found(db, "sstena")[0] == "STENA LINE"
    assert [found(db, name) for name in ("xyz", "", "%", None)] == [[], [], [], []]


def test_a_found_ship_comes_with_what_is_known_of_it(db: Connection) -> None:
    said(db, 219000001, name="ANNA", ship_type=36)
    assert query(
        db,
        "SELECT mmsi, name, callsign, imo, country, ship_type_text, length, width, last_time::date::text, similarity"
        " FROM ais.fuzzy_name_search('anna')",
    ) == [(219000001, "ANNA", None, None, "Denmark", "Sailing vessel", 200, None, "2026-01-02", 1.0)]


@SLOW
@given(
    st.lists(st.text("ABE 1", min_size=1, max_size=12), min_size=1, max_size=40, unique=True),
    st.text("ABE 1", min_size=1, max_size=8),
    st.integers(0, 10),
)
def test_the_best_are_those_that_looking_at_every_name_finds(
    db: Connection, names: list[str], asked: str, most: int
) -> None:
    query(db, "DELETE FROM ais.vessels")
    for mmsi, name in enumerate(names):
        said(db, mmsi, name=name)
    likeness = query(
        db, "SELECT word_similarity(%s, name), similarity(%s, name), name FROM unnest(%s) AS name", asked, asked, names
    )
    best = sorted(likeness, key=lambda row: (-row[0], -row[1], names.index(row[2])))
    alike = [name for likeness_of_a_part, _, name in best if likeness_of_a_part >= 0.3]
    assert found(db, asked, most) == alike[:most]


def test_names_are_found_by_index(db: Connection) -> None:
    query(
        db,
        "INSERT INTO ais.vessels (first_time, last_time, mmsi, source, name)"
        " SELECT now(), now(), n, 'a', upper(md5(n::text)) FROM generate_series(1, 20000) AS n",
    )
    query(db, "VACUUM ANALYZE ais.vessels")  # new names wait in a list until then
    plan = str(query(db, "EXPLAIN SELECT FROM ais.vessels AS v WHERE 'EVER GIVEN' <% v.name"))
    assert "vessels_name_trigrams" in plan


def test_a_vessel_that_is_heard_again_does_not_touch_the_index_of_names(db: Connection) -> None:
    said(db, 219000001, name="ANNA")
    before = updates_without_index(db)
    query(db, "UPDATE ais.vessels SET last_time = now(), name = name")
    assert updates_without_index(db) == before + 1
    query(db, "UPDATE ais.vessels SET name = 'ANNE'")
    assert updates_without_index(db) == before + 1


def updates_without_index(db: Connection) -> int:
    query(db, "SELECT pg_stat_force_next_flush()")
    return int(value(db, "SELECT pg_stat_get_tuples_hot_updated('ais.vessels'::regclass)"))


def test_the_questions_of_the_documentation_can_be_asked(db: Connection) -> None:
    page = (database.sql_folder().parent / "docs" / "reference-data.md").read_text(encoding="utf-8")
    block = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)[0]
    questions = [line for line in block.split(";\n") if line]
    assert len(questions) == 3
    for question in questions:
        query(db, question)
