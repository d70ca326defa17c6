"""Partitions for the days at hand."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import psycopg2
import psycopg2.errors
import pytest
from psycopg2.extensions import connection as Connection

from fairway import database
from services.db_inserter.partitions import DAYS_AT_ONCE, Partitions
from services.db_inserter.stage import Inserter
from tests.integration.db_inserter.queries import query, value
from tests.integration.db_inserter.reports import filtered, position


def test_a_partition_that_someone_dropped_is_made_again(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(position(), id="1")])
    query(db, f"DROP TABLE {value(db, 'SELECT tableoid::regclass FROM ais.position_rows')}")
    with pytest.raises(psycopg2.errors.CheckViolation):
        inserter.handle([filtered(position(), id="2")])
    inserter.handle([filtered(position(), id="2")])
    assert query(db, "SELECT batch_id FROM ops.ledger JOIN ais.positions ON true") == [("1",), ("2",)]


def test_partitions_are_made_ahead_at_the_start(db: Connection, inserter: Inserter) -> None:
    inserter.prepare()
    for day in ("current_date", "current_date + 1"):
        name = value(db, f"SELECT 'ais.positions_' || to_char({day}, 'YYYYMMDD')")
        assert value(db, "SELECT to_regclass(%s) IS NOT NULL", name)


def test_a_group_with_thousands_of_days_is_stored_at_once(db: Connection, inserter: Inserter) -> None:
    first = date(2001, 1, 1)
    days = [first + timedelta(days=n) for n in range(2000)]
    inserter.handle([filtered(*(position(event_time=f"{day}T03:04:05.000Z") for day in days))])
    assert value(db, "SELECT count(DISTINCT event_time) FROM ais.positions") == len(days)
    names = query(db, "SELECT DISTINCT tableoid::regclass::text FROM ais.position_rows ORDER BY 1")
    assert names[0] == ("ais.positions_200101",)
    assert len(names) == 66  # months


def test_partitions_are_made_in_transactions_of_few_days(db: Connection, writer_url: str) -> None:
    first = datetime.now(UTC).date() - timedelta(days=300)
    days = [(first + timedelta(days=n)).isoformat() for n in range(DAYS_AT_ONCE + 10)]
    with closing(database.connect(writer_url)) as connection:
        with pytest.raises(psycopg2.errors.DatetimeFieldOverflow):
            Partitions().ensure(connection, [*days, "2999-01-01"])
        made = [value(db, "SELECT to_regclass(%s) IS NOT NULL", f"ais.positions_{d.replace('-', '')}") for d in days]
        assert made == [True] * DAYS_AT_ONCE + [False] * 10
        Partitions().ensure(connection, days)
    assert value(db, "SELECT to_regclass(%s) IS NOT NULL", f"ais.positions_{days[-1].replace('-', '')}")
