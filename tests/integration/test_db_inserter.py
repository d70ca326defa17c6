"""The inserter against a real PostGIS: everything once, nothing lost, the newest on top."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any, get_type_hints
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg2
import psycopg2.errors
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from fairway import database, records, telemetry
from fairway.clock import to_text
from fairway.errors import DatabaseAway
from fairway.messages import Account, Message, from_wire
from fairway.records import DECODED_KINDS, Decoded, Other, Position, Static, kind_of
from fairway.testing import message
from fairway.topics import Stage
from services.db_inserter import ledger
from services.db_inserter.groups import ForeignBody
from services.db_inserter.partitions import DAYS_AT_ONCE, Partitions
from services.db_inserter.stage import HOUSEKEEPING_SECONDS, Inserter
from services.db_inserter.tables import NOT_STORED, STATIC_FIELDS_OF_POSITION, TABLES

PASSWORD = "secret"
TIME = "2026-01-02T03:04:05.678Z"
ENVELOPE = {"source": "test.a", "event_time": TIME, "received_at": TIME, "time_source": "received"}
TABLES_OF_DATA = [table.name for table in TABLES.values()]
TABLES_OF_DATA += ["ais.latest_positions", "ais.vessels", "ais.static_reports", "ops.ledger", "ops.imports"]
SLOW = settings(
    deadline=None,
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink an example takes minutes with a database
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def owner_url(migrated_url: str) -> str:
    """A migrated database that the tests of this file share; each starts with empty tables."""
    return migrated_url


@pytest.fixture
def db(owner_url: str) -> Iterator[Connection]:
    with closing(database.connect(owner_url)) as connection:
        connection.autocommit = True
        empty(connection)
        yield connection


@pytest.fixture
def writer_url(owner_url: str) -> str:
    login = database.ensure_logins(owner_url, {"writer": PASSWORD})["writer"]
    parts = urlsplit(owner_url)
    return urlunsplit(parts._replace(netloc=f"{login}:{PASSWORD}@{parts.netloc.rpartition('@')[2]}"))


@pytest.fixture
def inserter(db: Connection, writer_url: str) -> Iterator[Inserter]:
    with closing(Inserter(writer_url, ledger_days=14, partition_days_ahead=1)) as inserter:
        yield inserter


def empty(db: Connection) -> None:
    query(db, "; ".join(f"DELETE FROM {table}" for table in TABLES_OF_DATA))  # a truncation waits for the disk


def query(connection: Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def value(connection: Connection, statement: str, *values: object) -> Any:
    return query(connection, statement, *values)[0][0]


def filtered(*batch: Decoded, id: str = "a/d/f") -> Message:
    return message(batch, stage=Stage.FILTERED, tail="test.a", id=id)


def position(second: int = 0, mmsi: int = 219000001, **fields: Any) -> Position:
    times = {"event_time": f"2026-01-02T03:04:{second:02}.000Z", "received_at": "2026-01-02T03:05:00.000Z"}
    return Position(**{**ENVELOPE, **times, "mmsi": mmsi, "msg_type": 1, "lon": 10.0, "lat": 55.0, **fields})


def static(second: int = 0, **fields: Any) -> Static:
    times = {"event_time": f"2026-01-02T03:04:{second:02}.000Z", "received_at": "2026-01-02T03:05:00.000Z"}
    return Static(**{**ENVELOPE, **times, "mmsi": 219000001, "msg_type": 5, **fields})


TIME_FIELDS = {"event_time", "received_at", "eta", "utc_time"}
RANGES = {"mmsi": 1_073_741_823, "radio": 524_287, "imo": 999_999_999, "vendor_serial": 1_048_575, "bits": 100_000}


def some_text() -> st.SearchStrategy[str]:
    awkward = st.sampled_from(["None", "\\N", "\\.", "A\tB", "A\nB", "\r", 'it\'s "so"', "{}", "Ærø", "😀", ""])
    return st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=12) | awkward


def values_of(name: str, hint: object) -> st.SearchStrategy[Any]:
    """Values that a field may have, by its name and type."""
    if name in TIME_FIELDS:
        return st.integers(946_684_800_000, 1_800_000_000_000).map(to_text)
    if name in ("lon", "lat", "ne_lon", "ne_lat", "sw_lon", "sw_lat"):
        return st.floats(-90, 90, allow_nan=False)
    if "float" in str(hint):
        return st.integers(-7200, 7200).map(lambda tenths: tenths / 10)
    if "bool" in str(hint):
        return st.booleans()
    if "int" in str(hint):
        return st.integers(0, RANGES.get(name, 1_073_741_823 if "mmsi" in name else 511))
    return some_text()


def any_record(kind: type[Decoded]) -> st.SearchStrategy[Decoded]:
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for name, hint in get_type_hints(kind).items():
        if name in kind.__struct_fields__:
            given_value = values_of(name, hint)
            fields[name] = given_value | st.none() if "None" in str(hint) else given_value
    if kind is Position:
        fields |= dict.fromkeys(STATIC_FIELDS_OF_POSITION, st.none())
    fields["event_time"] = st.integers(0, 86_399_999).map(lambda ms: to_text(1_767_312_000_000 + ms))
    return st.builds(kind, **fields)


def order(row: dict[str, Any]) -> str:
    return repr(sorted(row.items()))


def read_back(db: Connection, kind: type[Decoded]) -> list[dict[str, Any]]:
    """What the kind's table holds, each row as the record's fields."""
    table = TABLES[kind]
    located = table.derived == "geom"
    columns = [*table.plain, *(("st_x(geom)", "st_y(geom)") if located else (table.derived,))]
    names = [*table.plain, *(("lon", "lat") if located else (table.derived,))]
    rows = [dict(zip(names, row, strict=True)) for row in query(db, f"SELECT {', '.join(columns)} FROM {table.name}")]
    return [row.pop("fields", {}) | row for row in rows]


def expected(record: Decoded) -> dict[str, Any]:
    """The record's fields as a row holds them."""
    skip = {*NOT_STORED, *(STATIC_FIELDS_OF_POSITION if isinstance(record, Position) else ())}
    fields = {name: getattr(record, name) for name in record.__struct_fields__ if name not in skip}
    if "lon" in fields and (fields["lon"] is None or fields["lat"] is None):
        fields |= {"lon": None, "lat": None}
    if isinstance(record, Other):
        fields = {name: v for name, v in fields.items() if v is not None or name in TABLES[Other].columns}
    return {name: as_stored(name, v) for name, v in fields.items()}


def as_stored(name: str, v: Any) -> Any:
    return datetime.fromisoformat(v) if name in TIME_FIELDS and v is not None else v


@pytest.mark.parametrize("kind", [kind for kind in DECODED_KINDS if kind is not Static], ids=kind_of)
@SLOW
@given(data=st.data())
def test_every_field_of_every_kind_is_read_back(
    db: Connection, inserter: Inserter, kind: type[Decoded], data: st.DataObject
) -> None:
    empty(db)
    batch = data.draw(st.lists(any_record(kind), min_size=1, max_size=5))
    inserter.handle([filtered(*batch)])
    assert sorted(read_back(db, kind), key=order) == sorted(map(expected, batch), key=order)


@SLOW
@given(report=any_record(Static))
def test_every_field_of_static_data_is_read_back(db: Connection, inserter: Inserter, report: Static) -> None:
    empty(db)
    inserter.handle([filtered(report)])
    fields = [name for name in Static.__struct_fields__ if name not in {*NOT_STORED, "event_time"}]
    (row,) = query(db, f"SELECT first_time, last_time, reports, {', '.join(fields)} FROM ais.static_reports")
    time = as_stored("event_time", report.event_time)
    assert row == (time, time, 1, *(as_stored(name, getattr(report, name)) for name in fields))


def test_the_nul_character_which_postgresql_cannot_hold_is_left_out(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(static(name="AN\0NA"))])
    assert value(db, "SELECT name FROM ais.vessels") == "ANNA"


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


def test_an_older_position_never_replaces_a_newer_one(db: Connection, inserter: Inserter) -> None:
    for number, second in enumerate([5, 9, 7]):
        inserter.handle([filtered(position(second, sog=float(second)), id=str(number))])
    inserter.handle([filtered(position(10, lon=None, lat=None), id="without a position")])
    assert query(db, "SELECT extract(second FROM event_time)::int, sog, st_x(geom) FROM ais.latest_positions") == [
        (9, 9.0, 10.0)
    ]


positions = st.builds(
    position,
    st.integers(0, 3),
    lon=st.sampled_from([None, 10.0, 11.0]),
    source=st.sampled_from(["a", "B"]),
    station=st.sampled_from([None, "x", "Y"]),
)
statics = st.builds(
    static,
    st.integers(0, 3),
    source=st.sampled_from(["a", "B"]),
    station=st.sampled_from([None, "x", "Y"]),
    name=st.sampled_from([None, "anna", "BERTA", "Ærø"]),
    imo=st.sampled_from([None, 9_000_001, 9_000_002]),
    to_bow=st.sampled_from([None, 1, 2]),
    to_stern=st.sampled_from([None, 1, 2]),
    draught=st.sampled_from([None, 1.5, 2.5]),
    eta=st.sampled_from([None, "2026-03-01T00:00:00.000Z"]),
    eta_hour=st.sampled_from([None, 0, 5]),
    dte=st.sampled_from([None, True, False]),
)


def state_after(db: Connection, inserter: Inserter, groups: list[list[Decoded]]) -> list[list[tuple[Any, ...]]]:
    empty(db)
    for number, group in enumerate(groups):
        inserter.handle([filtered(*group, id=str(number))])
    return [query(db, "SELECT * FROM ais.vessels"), query(db, "SELECT * FROM ais.latest_positions")]


@SLOW
@given(batch=st.lists(positions | statics, min_size=1, max_size=5), random=st.randoms(use_true_random=False))
def test_any_order_and_grouping_of_arrival_gives_the_same_vessel_and_latest_position(
    db: Connection, inserter: Inserter, batch: list[Decoded], random: Any
) -> None:
    shuffled = list(batch)
    random.shuffle(shuffled)
    at_once = state_after(db, inserter, [batch])
    assert state_after(db, inserter, [[record] for record in shuffled]) == at_once


def test_the_message_types_complete_each_other(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(static(1, msg_type=24, part="A", name="ANNA"), id="1")])
    inserter.handle([filtered(static(2, msg_type=24, part="B", callsign="OX1", ship_type=36), id="2")])
    inserter.handle([filtered(position(3, msg_type=19, to_bow=5, to_stern=3, to_port=1, to_starboard=1), id="3")])
    inserter.handle([filtered(static(0, name="OLD", imo=9_000_001), id="4")])
    (row,) = query(
        db, "SELECT name, callsign, ship_type, to_bow, imo, extract(second FROM name_time)::int FROM ais.vessels"
    )
    assert row == ("ANNA", "OX1", 36, 5, 9_000_001, 1)


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


def history(db: Connection) -> list[tuple[Any, ...]]:
    return query(
        db,
        "SELECT destination, extract(second FROM first_time)::int, extract(second FROM last_time)::int, reports"
        " FROM ais.static_reports ORDER BY first_time, id",
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


@pytest.mark.parametrize(
    "body",
    [
        records.encode([position()]).replace(b'"lat":55.0', b'"lat":"abc"'),
        records.encode([position()]).replace(b"03:04:00.000Z", b"25:04:00.000Z"),
        records.encode([position()]).replace(b'"received_at":"2026-01-02', b'"received_at":"2026-02-31'),
        records.encode([position()]).replace(b'"msg_type":1', b'"msg_type":99999'),
        records.encode([position()]).replace(b'"mmsi":219000001', b'"mmsi":99999999999'),
        records.encode([position()]).replace(b"2026-01-02", b"1999-01-02"),
        b"not json\n",
    ],
    ids=[
        "text for a number",
        "impossible hour",
        "impossible day",
        "large type",
        "large mmsi",
        "before 2000",
        "not json",
    ],
)
def test_a_bad_record_is_an_error_of_its_batch_alone(db: Connection, inserter: Inserter, body: bytes) -> None:
    bad, good = replace(filtered(id="bad"), body=body), filtered(position(), id="good")
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is, it must not be taken for a broken world
        inserter.handle([good, bad])
    assert not isinstance(caught.value, DatabaseAway)
    with pytest.raises(type(caught.value)):
        inserter.handle([bad])
    inserter.handle([good])
    assert query(db, "SELECT batch_id FROM ops.ledger") == [("good",)]
    assert value(db, "SELECT count(*) FROM ais.positions") == 1


IMPORT = {
    "kind": "import",
    "content_hash": "ab12",
    "source": "test.a",
    "file": "day.nmea.gz",
    "bytes": 3_000_000_000,
    "lines": 12,
    "records": 10,
    "batches": 1,
    "batch_prefix": "ab12-",
    "published_at": TIME,
}


def imported(**fields: object) -> Message:
    body = json.dumps({**IMPORT, **fields}).encode() + b"\n"
    return Message("event.import.test.a", f"import-{uuid4()}", body, 1, Account(1), TIME)


def test_an_import_is_a_row_once_for_each_content_and_source(db: Connection, inserter: Inserter) -> None:
    inserter.handle([imported(), filtered(position()), imported(file="again.nmea")])
    inserter.handle([imported(source="test.b")])
    columns = ", ".join(name for name in IMPORT if name != "kind")
    rows = query(db, f"SELECT {columns} FROM ops.imports ORDER BY source")
    first = tuple(v for name, v in IMPORT.items() if name not in ("kind", "published_at"))
    assert rows[0] == (*first, datetime.fromisoformat(TIME))
    assert [row[1] for row in rows] == ["test.a", "test.b"]
    assert query(db, "SELECT batch_id FROM ops.ledger") == [("a/d/f",)]


def test_an_unknown_event_is_a_foreign_body_and_writes_nothing(db: Connection, inserter: Inserter) -> None:
    with pytest.raises(ForeignBody):
        inserter.handle([filtered(position()), replace(imported(), key="event.collision.kiel")])
    assert value(db, "SELECT count(*) FROM ops.ledger") == 0


def test_a_lost_connection_is_made_again(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(position(), id="1")])
    query(db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fairway db_inserter'")
    with pytest.raises(DatabaseAway):
        inserter.handle([filtered(position(), id="2")])
    inserter.handle([filtered(position(), id="2")])
    assert value(db, "SELECT count(*) FROM ais.positions") == 2


def test_a_missing_schema_is_said_in_one_sentence(database_url: str) -> None:
    with (
        closing(Inserter(database_url, 14, 1)) as inserter,
        pytest.raises(DatabaseAway, match="run `fairway db migrate`"),
    ):
        inserter.prepare()


def test_a_partition_that_someone_dropped_is_made_again(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(position(), id="1")])
    query(db, f"DROP TABLE {value(db, 'SELECT tableoid::regclass FROM ais.positions')}")
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
    names = query(db, "SELECT DISTINCT tableoid::regclass::text FROM ais.positions ORDER BY 1")
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


def test_a_database_without_room_for_a_groups_locks_turns_the_group_away(db: Connection, inserter: Inserter) -> None:
    """What the worker answers by trying the batches one by one; a wait would never end."""
    inserter.handle([filtered(position(), id="1")])
    query(
        db,
        "CREATE FUNCTION ais.fail() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'out of shared memory' USING ERRCODE = 'out_of_memory'; END $$;"
        "CREATE TRIGGER fail BEFORE INSERT ON ais.positions FOR EACH ROW EXECUTE FUNCTION ais.fail()",
    )
    with pytest.raises(psycopg2.errors.OutOfMemory):
        inserter.handle([filtered(position(), id="2")])
    query(db, "DROP FUNCTION ais.fail() CASCADE")
    inserter.handle([filtered(position(), id="2")])
    assert value(db, "SELECT count(*) FROM ais.positions") == 2


def test_a_wait_for_a_lock_ends_as_a_database_that_is_away(db: Connection, owner_url: str, writer_url: str) -> None:
    with closing(Inserter(writer_url, 14, 1, lock_seconds=1)) as inserter:
        inserter.prepare()
        with closing(database.connect(owner_url)) as holder:
            query(holder, "LOCK TABLE ops.ledger")
            with pytest.raises(DatabaseAway, match="lock timeout"):
                inserter.handle([filtered(position())])
        inserter.handle([filtered(position())])
    assert value(db, "SELECT count(*) FROM ais.positions") == 1


def test_a_statement_that_takes_too_long_ends_as_a_database_that_is_away(
    db: Connection, owner_url: str, writer_url: str
) -> None:
    with closing(Inserter(writer_url, 14, 1, statement_seconds=1)) as inserter:
        inserter.prepare()
        with closing(database.connect(owner_url)) as holder:
            query(holder, "LOCK TABLE ops.ledger")
            with pytest.raises(DatabaseAway, match="statement timeout"):
                inserter.handle([filtered(position())])
        inserter.handle([filtered(position())])
    assert value(db, "SELECT count(*) FROM ais.positions") == 1


def test_only_the_inserters_session_is_limited(owner_url: str) -> None:
    with closing(database.connect(owner_url)) as connection:
        assert query(connection, "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')") == [
            ("0", "0")
        ]


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
