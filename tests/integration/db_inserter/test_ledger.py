"""Every batch once, and its account beside its rows."""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread

from hypothesis import given
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from fairway import database, telemetry
from fairway.messages import Account, Message, from_wire
from fairway.records import Position, Static
from services.db_inserter import ledger
from services.db_inserter.stage import HOUSEKEEPING_SECONDS, Inserter
from tests.integration.db_inserter.queries import SLOW, empty, query, value
from tests.integration.db_inserter.reports import filtered, position, positions, static, statics


def test_the_account_of_a_batch_is_in_the_ledger(db: Connection, inserter: Inserter) -> None:
    account = Account(10, {"checksum": 3}, {"thinned": 5})
    inserter.handle([replace(filtered(position(1), position(2)), account=account)])
    assert query(db, "SELECT batch_id, source, received, stored, rejected, dropped FROM ops.ledger") == [
        ("a/d/f", "test.a", 10, 2, {"checksum": 3}, {"thinned": 5})
    ]


def test_an_empty_batch_still_closes_its_account(db: Connection, inserter: Inserter) -> None:
    inserter.handle([replace(filtered(), account=Account(4, {}, {"thinned": 4}))])
    assert query(db, "SELECT received, stored, dropped FROM ops.ledger") == [(4, 0, {"thinned": 4})]


def test_an_account_that_does_not_close_is_stored_and_counted(db: Connection, inserter: Inserter) -> None:
    before = telemetry.unbalanced_batches._value.get()
    inserter.handle([replace(filtered(position()), account=Account(7))])
    assert value(db, "SELECT count(*) FROM ais.positions") == 1
    assert telemetry.unbalanced_batches._value.get() == before + 1


def test_a_redelivered_batch_is_skipped_and_counted(db: Connection, inserter: Inserter) -> None:
    before = telemetry.duplicate_batches._value.get()
    inserter.handle([filtered(position(), static())])
    inserter.handle([filtered(position(), static()), filtered(position(), id="b/d/f")])
    assert value(db, "SELECT count(*) FROM ais.positions") == 2
    assert value(db, "SELECT sum(reports) FROM ais.static_reports") == 1
    assert telemetry.duplicate_batches._value.get() == before + 1


def test_the_same_id_twice_in_a_group_counts_once_and_the_first_wins(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(position(mmsi=1)), filtered(position(mmsi=2))])
    assert query(db, "SELECT mmsi FROM ais.positions") == [(1,)]


def test_a_strangers_message_is_stored_once(db: Connection, inserter: Inserter) -> None:
    sent = filtered(position())
    stranger = from_wire(sent.key, None, None, sent.body)
    for _ in range(2):
        inserter.handle([stranger])
    assert value(db, "SELECT count(*) FROM ais.positions") == 1
    assert value(db, "SELECT batch_id FROM ops.ledger").startswith("stranger-")


def test_two_inserters_racing_on_the_same_batches_store_each_once(db: Connection, writer_url: str) -> None:
    batches = [
        filtered(*(position(n % 60, mmsi=n, msg_type=19, name=f"S{n}") for n in range(b, b + 40)), id=f"{b}/d/f")
        for b in range(0, 400, 10)
    ]
    start = Barrier(2)

    def race(messages: Sequence[Message]) -> None:
        with closing(Inserter(writer_url, 14, 1)) as inserter:
            inserter.prepare()
            start.wait()
            for first in range(0, len(messages), 4):
                inserter.handle(messages[first : first + 4])

    threads = [Thread(target=race, args=(order,)) for order in (batches, batches[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value(db, "SELECT count(*) FROM ops.ledger") == 40
    assert value(db, "SELECT count(*) FROM ais.positions") == 1600
    assert value(db, "SELECT sum(reports) FROM ais.static_reports") == 1600
    assert (
        value(db, "SELECT count(*) FROM ais.vessels") == value(db, "SELECT count(*) FROM ais.latest_positions") == 430
    )


@SLOW
@given(groups=st.lists(st.lists(positions | statics, max_size=6), max_size=4))
def test_what_is_stored_of_each_type_is_what_came(
    db: Connection, inserter: Inserter, groups: list[list[Position | Static]]
) -> None:
    empty(db)
    for number, group in enumerate(groups):
        inserter.handle([filtered(*group, id=str(number))])
    came = Counter(record.msg_type for group in groups for record in group)
    stored = query(
        db,
        "SELECT msg_type, sum(n)::int FROM (SELECT msg_type, 1 FROM ais.positions"
        " UNION ALL SELECT msg_type, reports FROM ais.static_reports) AS t (msg_type, n) GROUP BY msg_type",
    )
    assert dict(stored) == dict(came)


def test_once_an_hour_the_ledger_forgets_what_is_old(db: Connection, writer_url: str) -> None:
    now = 0.0
    with closing(Inserter(writer_url, 14, 1, monotonic=lambda: now)) as inserter:
        inserter.handle([filtered(id="old"), filtered(id="new")])
        query(db, "UPDATE ops.ledger SET committed_at = now() - interval '15 days' WHERE batch_id = 'old'")
        now = HOUSEKEEPING_SECONDS - 1
        inserter.handle([filtered(id="within the hour")])
        assert value(db, "SELECT count(*) FROM ops.ledger") == 3
        now = HOUSEKEEPING_SECONDS + 1
        inserter.handle([filtered(id="after the hour")])
    rows = query(db, "SELECT batch_id FROM ops.ledger ORDER BY batch_id")
    assert rows == [("after the hour",), ("new",), ("within the hour",)]


def test_a_large_old_ledger_is_forgotten_in_parts(db: Connection, writer_url: str) -> None:
    query(
        db,
        "INSERT INTO ops.ledger (batch_id, source, received, stored, committed_at)"
        " SELECT n::text, 'a', 0, 0, now() - make_interval(days => 20 + n) FROM generate_series(1, 5) AS n",
    )
    with closing(database.connect(writer_url)) as connection, connection, connection.cursor() as cursor:
        assert ledger.prune(cursor, 14, most=3) == 3
    assert query(db, "SELECT batch_id FROM ops.ledger ORDER BY 1") == [("1",), ("2",)]


def test_what_was_stored_is_counted_by_kind_and_source(db: Connection, inserter: Inserter) -> None:
    before = telemetry.stored.labels("position")._value.get()
    inserter.handle([filtered(position(5), position(7))])
    assert telemetry.stored.labels("position")._value.get() == before + 2
    seven = datetime(2026, 1, 2, 3, 4, 7, tzinfo=UTC).timestamp()
    assert telemetry.newest_event.labels("test.a")._value.get() == seven
