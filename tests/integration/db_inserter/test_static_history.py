"""What ships said of themselves over time: a row for each change."""

from typing import Any

import pytest
from psycopg2.extensions import connection as Connection

from services.db_inserter.stage import Inserter
from tests.integration.db_inserter.queries import empty, query
from tests.integration.db_inserter.reports import filtered, static


def test_the_history_has_a_row_only_for_a_change(db: Connection, inserter: Inserter) -> None:
    for second, destination in enumerate(["KIEL", "KIEL", "OSLO", "KIEL", "KIEL"]):
        inserter.handle([filtered(static(second, destination=destination), id=str(second))])
    assert history(db) == [("KIEL", 0, 1, 2), ("OSLO", 2, 2, 1), ("KIEL", 3, 4, 2)]


def test_the_history_is_the_same_in_one_group_or_many(db: Connection, inserter: Inserter) -> None:
    reports = [static(second, destination=word) for second, word in enumerate("AABBBACAA")]
    inserter.handle([filtered(*reports)])
    at_once = history(db)
    empty(db)
    for second, report in enumerate(reports):
        inserter.handle([filtered(report, id=str(second))])
    assert history(db) == at_once


def test_a_late_contradiction_splits_a_stored_run(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(*(static(second, destination="KIEL", draught=5.5) for second in (1, 2, 9)))])
    inserter.handle([filtered(static(5, destination="OSLO"), id="late")])
    assert history(db) == [("KIEL", 1, 1, 2), ("OSLO", 5, 5, 1), ("KIEL", 9, 9, 1)]
    assert query(db, "SELECT DISTINCT draught FROM ais.static_reports WHERE destination = 'KIEL'") == [(5.5,)]


def test_sources_and_parts_have_histories_of_their_own(db: Connection, inserter: Inserter) -> None:
    inserter.handle(
        [
            filtered(
                static(1, msg_type=24, part="A", name="ANNA"),
                static(2, msg_type=24, part="B", callsign="OX1"),
                static(3, msg_type=24, part="A", name="ANNA"),
                static(4, msg_type=24, part="A", name="ANNA", source="test.b"),
            )
        ]
    )
    rows = query(db, "SELECT source, part, reports FROM ais.static_reports ORDER BY 1, 2")
    assert rows == [("test.a", "A", 2), ("test.a", "B", 1), ("test.b", "A", 1)]


def test_reports_without_a_message_type_are_a_series_of_their_own(db: Connection, inserter: Inserter) -> None:
    for second, msg_type in enumerate([None, 5, None, 5, None]):
        words = {"destination": "KIEL" if second < 4 else "OSLO"}
        inserter.handle([filtered(static(second, msg_type=msg_type, **words), id=str(second))])
    rows = query(db, "SELECT msg_type, destination, reports FROM ais.static_reports ORDER BY 1, first_time")
    assert rows == [(5, "KIEL", 2), (None, "KIEL", 2), (None, "OSLO", 1)]


@pytest.mark.parametrize("change", [{"length": 12.5}, {"width": 3.0}, {"ais_class": "B"}], ids=str)
def test_a_change_of_what_only_providers_say_is_a_change(
    db: Connection, inserter: Inserter, change: dict[str, Any]
) -> None:
    usual = {"msg_type": None, "length": 12.0, "width": 3.5, "ais_class": "A"}
    for second, fields in enumerate([usual, usual, {**usual, **change}]):
        inserter.handle([filtered(static(second, **fields), id=str(second))])
    assert query(db, "SELECT reports FROM ais.static_reports ORDER BY first_time") == [(2,), (1,)]


def history(db: Connection) -> list[tuple[Any, ...]]:
    return query(
        db,
        "SELECT destination, extract(second FROM first_time)::int, extract(second FROM last_time)::int, reports"
        " FROM ais.static_reports ORDER BY first_time, id",
    )
