"""Who a vessel said it was, and when that changed: names, call signs and IMO numbers are rows, not what is there now."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg2.extensions import connection as Connection

from fairway import clock
from fairway.records import Static
from services.db_inserter.stage import Inserter
from tests.integration.db_inserter.queries import empty, query
from tests.integration.db_inserter.reports import filtered, static

BEGIN = datetime(2026, 1, 2, tzinfo=UTC)
SHIP = {"name": "ANNA", "callsign": "OX1", "imo": 9_000_001}
MMSI = 219000001


def at(hours: float, **fields: Any) -> Static:
    """A report so many hours after BEGIN."""
    time = clock.to_text(int((BEGIN + timedelta(hours=hours)).timestamp() * 1000))
    return static(**{"event_time": time, **fields})


def identities(db: Connection, *columns: str, mmsi: int = MMSI) -> list[tuple[Any, ...]]:
    """The columns, and first and last hour, of each period in order of time."""
    hours = "round(extract(epoch FROM {} - %s) / 3600.0, 1)::float8"
    return query(
        db,
        f"SELECT {', '.join(columns)}, {hours.format('first_time')}, {hours.format('last_time')}"
        " FROM ais.vessel_identities WHERE mmsi = %s ORDER BY first_time, last_time",
        BEGIN,
        BEGIN,
        mmsi,
    )


def changes(db: Connection, *columns: str) -> list[tuple[Any, ...]]:
    return query(
        db,
        "SELECT round(extract(epoch FROM change_time - %s) / 3600.0, 1)::float8, fact, from_value, to_value"
        + "".join(f", {column}" for column in columns)
        + " FROM ais.identity_changes ORDER BY mmsi, change_time, fact",
        BEGIN,
    )


def test_a_new_name_is_a_row_and_a_new_destination_is_none(db: Connection, inserter: Inserter) -> None:
    inserter.handle(
        [
            filtered(
                at(0, **SHIP, destination="KIEL"),
                at(1, **SHIP, destination="OSLO"),
                at(2, **{**SHIP, "name": "BERTA"}, destination="OSLO"),
                at(3, **{**SHIP, "name": "BERTA"}, destination="KIEL"),
            )
        ]
    )
    assert identities(db, "name", "callsign", "imo", "reports", "sources") == [
        ("ANNA", "OX1", 9_000_001, 2, ["test.a"], 0.0, 1.0),
        ("BERTA", "OX1", 9_000_001, 2, ["test.a"], 2.0, 3.0),
    ]
    assert changes(db, "both_for") == [(2.0, "name", "ANNA", "BERTA", timedelta(0))]


def test_everything_that_changes_at_once_is_told_of(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(at(0, **SHIP), at(1, name="BERTA", callsign="OX2", imo=9_000_002))])
    assert changes(db) == [
        (1.0, "callsign", "OX1", "OX2"),
        (1.0, "imo", "9000001", "9000002"),
        (1.0, "name", "ANNA", "BERTA"),
    ]


def test_parts_a_and_b_in_turn_are_one_identity(db: Connection, inserter: Inserter) -> None:
    reports = [
        report
        for hour in range(6)
        for report in (
            at(hour, msg_type=24, part="A", name="ANNA"),
            at(hour + 0.1, msg_type=24, part="B", callsign="OX1", ship_type=37),
            at(hour + 0.2, msg_type=19, name="ANNA", ship_type=37),
        )
    ]
    inserter.handle([filtered(*reports)])
    assert identities(db, "name", "callsign", "ship_type", "reports") == [("ANNA", "OX1", 37, 18, 0.0, 5.2)]
    assert changes(db) == []


def test_a_new_part_b_while_part_a_stays_begins_a_period(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(*(at(hour, msg_type=24, part="A", name="ANNA") for hour in range(10)))])
    inserter.handle([filtered(*(at(h, msg_type=24, part="B", callsign="OX1") for h in (0.5, 4.5)), id="b")])
    inserter.handle([filtered(*(at(h, msg_type=24, part="B", callsign="OX2") for h in (5.5, 8.5)), id="c")])
    assert identities(db, "name", "callsign") == [("ANNA", "OX1", 0.0, 4.5), ("ANNA", "OX2", 5.5, 9.0)]
    assert changes(db) == [(5.5, "callsign", "OX1", "OX2")]


def test_a_null_never_erases(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(at(0, **SHIP), at(1, name="ANNA"), at(2, destination="KIEL"), at(3, **SHIP))])
    assert identities(db, "name", "callsign", "imo", "reports") == [("ANNA", "OX1", 9_000_001, 3, 0.0, 3.0)]


def test_what_is_learned_late_is_no_change(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(at(0, name="ANNA"), at(40, name="ANNA", callsign="OX1"), at(90, **SHIP))])
    assert identities(db, "name", "callsign", "imo") == [("ANNA", "OX1", 9_000_001, 0.0, 90.0)]


def test_what_is_learned_after_a_change_is_not_said_of_the_time_before(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(at(0, name="ANNA"), at(40, name="BERTA"), at(90, name="BERTA", callsign="OX2"))])
    assert identities(db, "name", "callsign") == [("ANNA", None, 0.0, 0.0), ("BERTA", "OX2", 40.0, 90.0)]
    assert changes(db) == [(40.0, "name", "ANNA", "BERTA")]


def test_sources_of_which_one_lags_do_not_flicker(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(*(at(h, **SHIP) for h in (0, 9)), *(at(h, name="BERTA") for h in (10, 200)))])
    lagging = [at(h, **SHIP, source="test.b") for h in (0, 100)] + [
        at(h, name="BERTA", source="test.b") for h in (101, 210)
    ]
    inserter.handle([filtered(*lagging, id="b")])
    assert identities(db, "name", "sources") == [
        ("ANNA", ["test.a", "test.b"], 0.0, 100.0),
        ("BERTA", ["test.a", "test.b"], 10.0, 210.0),
    ]
    assert changes(db, "both_for") == [(10.0, "name", "ANNA", "BERTA", timedelta(hours=90))]


def test_two_ships_on_one_mmsi_are_two_periods_that_overlap(db: Connection, inserter: Inserter) -> None:
    other = {"name": "BERTA", "callsign": "OX2", "imo": 9_000_002}
    inserter.handle([filtered(*(at(0.1 * n, **(other if n % 2 else SHIP)) for n in range(40)))])
    assert query(db, "SELECT count(*) FROM ais.static_reports") == [(40,)]
    assert identities(db, "name", "imo", "reports") == [
        ("ANNA", 9_000_001, 20, 0.0, 3.8),
        ("BERTA", 9_000_002, 20, 0.1, 3.9),
    ]


def test_a_slip_of_the_pen_is_a_short_period_within_the_other(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(at(0, **SHIP), at(1, **{**SHIP, "name": "AMMA"}), at(2, **SHIP), at(300, **SHIP))])
    assert identities(db, "name", "reports") == [("ANNA", 3, 0.0, 300.0), ("AMMA", 1, 1.0, 1.0)]
    inserter.handle([filtered(at(400, **{**SHIP, "name": "BERTA"}), id="later")])
    assert changes(db, "reports") == [(1.0, "name", "ANNA", "AMMA", 1), (400.0, "name", "ANNA", "BERTA", 1)]


def test_a_name_that_returns_after_more_than_a_day_is_a_period_of_its_own(db: Connection, inserter: Inserter) -> None:
    names = ["ANNA", "ANNA", "BERTA", "BERTA", "ANNA", "ANNA"]
    inserter.handle([filtered(*(at(30 * n, name=name) for n, name in enumerate(names)))])
    assert identities(db, "name") == [("ANNA", 0.0, 30.0), ("BERTA", 60.0, 90.0), ("ANNA", 120.0, 150.0)]
    assert changes(db) == [(60.0, "name", "ANNA", "BERTA"), (120.0, "name", "BERTA", "ANNA")]


def test_a_ship_that_was_away_for_long_is_still_the_same(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(at(0, **SHIP), at(2000, **SHIP, destination="KIEL"), at(4000, **SHIP))])
    assert identities(db, "name") == [("ANNA", 0.0, 4000.0)]


def test_late_reports_end_in_the_same_periods(db: Connection, inserter: Inserter) -> None:
    reports = [at(30 * n, name=name) for n, name in enumerate("AABBBCA")]
    inserter.handle([filtered(*reports)])
    in_order = identities(db, "name", "reports")
    empty(db)
    for number, report in enumerate([reports[i] for i in (6, 0, 2, 4, 1, 3, 5)]):
        inserter.handle([filtered(report, id=str(number))])
    assert identities(db, "name", "reports") == in_order
    assert len(in_order) == 4


def test_every_report_that_says_who_it_is_is_counted_once(db: Connection, inserter: Inserter) -> None:
    reports = [
        at(n % 7 * 5 + n / 50, name=[None, "ANNA", "BERTA"][n % 3], callsign=[None, "OX1", None, "OX2"][n % 4])
        for n in range(60)
    ]
    inserter.handle([filtered(*reports)])
    said = sum(report.name is not None or report.callsign is not None for report in reports)
    # A run that ends early counts all the same, since its begin is a point of some period.
    assert query(db, "SELECT sum(reports) FROM ais.vessel_identities") == [(said,)]


def test_vessels_that_share_an_imo_number_are_found(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(at(0, **SHIP), at(1, **SHIP, mmsi=2), at(1, name="CLARA", imo=9_000_003, mmsi=3))])
    shared = query(
        db,
        "SELECT imo, array_agg(DISTINCT mmsi ORDER BY mmsi) FROM ais.vessel_identities GROUP BY imo"
        " HAVING count(DISTINCT mmsi) > 1",
    )
    assert shared == [(9_000_001, [2, MMSI])]
    assert changes(db) == []


def test_the_questions_of_the_page_are_answered(db: Connection, inserter: Inserter) -> None:
    page = (Path(__file__).parents[3] / "docs/reference-data.md").read_text().partition("## Who was who")[2]
    block = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)[0]
    of_one, renamed, shared = (statement for statement in block.split(";") if statement.strip())
    now = "date_trunc('month', now())"
    inserter.handle([filtered(*(at(h, **SHIP) for h in (0, 1)), *(at(h, **SHIP, mmsi=2) for h in (2, 3)))])
    inserter.handle([filtered(*(at(h, **{**SHIP, "name": "BERTA"}) for h in (4, 5)), id="later")])
    assert [row[0] for row in query(db, of_one)] == ["ANNA", "BERTA"]
    [change] = query(db, renamed.replace(now, "'2026-01-01'"))
    assert (change[0], change[2:]) == (MMSI, ("ANNA", "BERTA"))
    assert query(db, renamed.replace(now, "'2026-02-01'")) == []
    assert [row[:3] for row in query(db, shared)] == [
        (9_000_001, MMSI, "ANNA"),
        (9_000_001, 2, "ANNA"),
        (9_000_001, MMSI, "BERTA"),
    ]


@pytest.mark.parametrize("view", ["vessel_identities", "identity_changes"])
def test_a_question_about_a_vessel_reads_its_rows_alone(db: Connection, inserter: Inserter, view: str) -> None:
    inserter.handle([filtered(*(at(h, **SHIP, mmsi=m) for m in range(500) for h in (1, 2)))])
    query(db, "ANALYZE ais.static_reports")
    plan = "\n".join(line for (line,) in query(db, f"EXPLAIN (COSTS OFF) SELECT * FROM ais.{view} WHERE mmsi = 219"))
    assert "Seq Scan on static_reports" not in plan
    assert "Index Cond: (mmsi = 219)" in plan


REPORTS = """
    SELECT c.relname FROM pg_class AS c
    WHERE c.relnamespace = 'ais'::regnamespace AND c.relkind IN ('r', 'v', 'p') AND NOT c.relispartition
        AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'mmsi')
        AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname IN ('received_at', 'age'))
        AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'label')
"""
PROVENANCE = {"source", "station", "time_source", "flags"}


def test_every_report_tells_where_it_is_from(db: Connection) -> None:
    names = {name for (name,) in query(db, REPORTS)} - {"heard_copies"}  # not reports, but that they were heard again
    assert {
        "positions",
        "position_reports",
        "latest_positions",
        "vessels_now",
        "static_reports",
        "aton_reports",
    } <= names
    assert len(names) >= 11
    for name in names:
        columns = {
            column
            for (column,) in query(
                db, "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", f"ais.{name}"
            )
        }
        assert columns >= PROVENANCE, name
