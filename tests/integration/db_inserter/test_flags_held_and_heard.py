"""What the filter marks, holds back, copies for another tail, and tells of who heard it: in the database."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy
from threading import Event

import pytest
from psycopg2.extensions import connection as Connection

from fairway import database, flags, telemetry
from fairway.clock import to_ms, to_text
from fairway.commands.stack import ACCOUNT
from fairway.messages import Account, Message
from fairway.records import Aton, BaseStation, Binary, Decoded, Other, Safety, SarAircraft
from services.db_inserter.stage import Inserter
from services.filter import rule_file
from services.filter.judge import Filter
from services.filter.stage import FilterStage
from services.ingest.waiting import DatabaseLedger, wait
from tests.integration.db_inserter.queries import query, value
from tests.integration.db_inserter.reports import ENVELOPE, filtered, position, static

MIGRATION = "012_flags_and_held_reports"
LAND = flags.BITS["land"]
FAST = flags.BITS["fast"]
OTHERS: list[Decoded] = [
    BaseStation(**ENVELOPE, mmsi=2190047, flags=LAND),
    Aton(**ENVELOPE, mmsi=992190001, flags=LAND),
    SarAircraft(**ENVELOPE, mmsi=111219001, flags=LAND),
    Safety(**ENVELOPE, mmsi=219000001, text="MAYDAY", flags=LAND),
    Binary(**ENVELOPE, mmsi=219000001, flags=LAND),
    Other(**ENVELOPE, mmsi=219000001, flags=LAND),
]
DUPLICATE = "rules: [{rule: duplicate, heard: true}]"
KEPT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


class NobodyDied:
    def accounts(self) -> dict[str, Account]:
        return {}


@pytest.fixture
def unbalanced() -> Iterator[None]:
    """No account is found not to close."""
    before = telemetry.unbalanced_batches._value.get()
    yield
    assert telemetry.unbalanced_batches._value.get() == before


@pytest.mark.parametrize("view", ["positions", "position_reports", "latest_positions", "vessels_now"])
def test_a_position_has_the_flags_of_its_report_and_null_for_none(
    db: Connection, inserter: Inserter, view: str
) -> None:
    inserter.handle([filtered(position(mmsi=1), position(mmsi=2, flags=LAND | FAST), position(mmsi=3, flags=FAST))])
    assert query(db, f"SELECT mmsi, flags FROM ais.{view} ORDER BY 1") == [(1, None), (2, LAND | FAST), (3, FAST)]
    assert query(db, f"SELECT mmsi FROM ais.{view} WHERE flags IS NULL") == [(1,)]
    assert query(db, f"SELECT mmsi FROM ais.{view} WHERE 'land' = ANY (ais.flag_names(flags))") == [(2,)]
    assert query(db, f"SELECT mmsi FROM ais.{view} WHERE NOT 'fast' = ANY (ais.flag_names(flags))") == [(1,)]


def test_every_other_kind_has_flags_too(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(*OTHERS, static(name="ANNA", flags=flags.BITS["dimensions"]))])
    for table in ("base_station", "aton", "safety", "sar_aircraft", "binary", "other"):
        [name] = [name for (name,) in query(db, "SELECT relname FROM pg_class WHERE relname ~ %s", f"^{table}_[a-z]+$")]
        assert query(db, f"SELECT flags FROM ais.{name}") == [(LAND,)]
    assert query(db, "SELECT ais.flag_names(flags) FROM ais.static_reports") == [(["dimensions"],)]


def test_a_run_of_static_data_has_the_flags_of_the_report_that_opened_it(db: Connection, inserter: Inserter) -> None:
    late = flags.BITS["redundant"]
    inserter.handle([filtered(static(0, name="ANNA"), static(1, name="ANNA", flags=late), id="1")])
    inserter.handle([filtered(static(2, name="ANNA", flags=late), id="2")])
    assert query(db, "SELECT reports, flags FROM ais.static_reports") == [(3, None)]


@pytest.mark.usefixtures("unbalanced")
def test_the_ledger_tells_what_was_held_back_and_what_was_released(
    db: Connection, inserter: Inserter, owner_url: str
) -> None:
    first = replace(filtered(position(0), id="p-1/d/f"), account=Account(5, {}, {"redundant": 1}, held=3))
    second = replace(filtered(position(1), position(2), id="p-2/d/f"), account=Account(1, {}, {}, released=1))
    posted = replace(filtered(position(3), id="posted/d/f"), account=Account(0, {}, {"redundant": 1}, released=2))
    inserter.handle([first, second])
    with closing(DatabaseLedger(owner_url)) as ledger:
        outcome = wait({"p": 6}, ledger, NobodyDied(), Event(), 1, lambda outcome: None)
    assert (outcome.stored, outcome.held, outcome.outstanding) == (3, 2, 0)
    assert query(db, ACCOUNT) == [(6, 3, 1, 0, 2)]  # as `fairway status` asks
    inserter.handle([posted])
    assert query(db, "SELECT batch_id, received, stored, held, released FROM ops.ledger ORDER BY 1") == [
        ("p-1/d/f", 5, 1, 3, 0),
        ("p-2/d/f", 1, 2, 0, 1),
        ("posted/d/f", 0, 1, 0, 2),
    ]
    assert query(db, ACCOUNT) == [(6, 4, 2, 0, 0)]


@pytest.mark.usefixtures("unbalanced")
def test_copies_for_another_tail_are_counted_and_not_stored(db: Connection, inserter: Inserter) -> None:
    before = telemetry.copied._value.get()
    batch = filtered(position(0), position(1))
    inserter.handle([batch, replace(batch, key="filtered.ais.tankers", id="a/d/f@tankers", is_copy=True)])
    inserter.handle([replace(batch, key="filtered.ais.tankers", id="b/d/f@tankers", is_copy=True)])
    assert value(db, "SELECT count(*) FROM ais.positions") == 2
    assert query(db, "SELECT batch_id FROM ops.ledger") == [("a/d/f",)]
    assert telemetry.copied._value.get() == before + 4


def heard_by(stations: int) -> list[Decoded]:
    """One transmission, heard by so many stations, each 0.1 s later by its clock."""
    at = to_ms("2026-01-02T03:04:00.000Z")
    return [
        position(digest=7, station=f"s{number:02}", event_time=to_text(at + 100 * number)) for number in range(stations)
    ]


def filter_and_store(inserter: Inserter, reports: list[Decoded], id: str) -> list[Message]:
    """What the filter made of it, stored."""
    decoded = replace(filtered(*reports, id=id), key="decoded.ais.test.a")
    output = list(FilterStage(Filter(rule_file.parse(DUPLICATE, "test", Path()))).handle([decoded]))
    inserter.handle(output)
    return output


@pytest.mark.usefixtures("unbalanced")
def test_who_heard_a_kept_transmission_is_beside_it(db: Connection, inserter: Inserter) -> None:
    reports = [*heard_by(3), position(30, mmsi=2, digest=9), position(31, mmsi=2, digest=9, source="aishub")]
    filter_and_store(inserter, [*reports, position(50, mmsi=3)], "a/d")
    rows = query(
        db,
        "SELECT p.mmsi, p.station, h.copies, h.heard_by, h.heard_at"
        " FROM ais.positions AS p LEFT JOIN ais.heard AS h USING (mmsi, msg_type, event_time) ORDER BY 1",
    )
    assert rows == [
        (2, None, 1, ["aishub"], [KEPT + timedelta(seconds=31)]),
        (3, None, None, None, None),
        (219000001, "s00", 2, ["s01", "s02"], [KEPT + timedelta(milliseconds=ms) for ms in (100, 200)]),
    ]
    assert query(db, "SELECT batch_id, received, stored FROM ops.ledger ORDER BY 1") == [
        ("a/d/f", 6, 3),
        ("a/d/heard", 0, 0),
    ]


def test_of_many_who_heard_it_the_first_sixteen_are_told(db: Connection, inserter: Inserter) -> None:
    filter_and_store(inserter, heard_by(21), "a/d")
    [(copies, by, at)] = query(db, "SELECT copies, heard_by, heard_at FROM ais.heard")
    assert (copies, len(by), len(at), by[0], by[-1]) == (20, 16, 16, "s01", "s16")


def test_copies_heard_that_are_delivered_again_are_stored_once(db: Connection, inserter: Inserter) -> None:
    output = filter_and_store(inserter, heard_by(3), "a/d")
    inserter.handle(output)
    inserter.handle([*output, *output])
    assert value(db, "SELECT copies FROM ais.heard") == 2
    assert value(db, "SELECT count(*) FROM ops.ledger") == 2


def test_an_upgrade_keeps_what_is_stored_and_whatever_stands_on_the_views(database_url: str, tmp_path: Path) -> None:
    for path in sorted(database.sql_folder().glob("0*.sql")):
        if path.stem < MIGRATION:
            copy(path, tmp_path)
    database.migrate(database_url, tmp_path)
    with closing(database.connect(database_url)) as db:
        db.autocommit = True
        query(db, "SELECT ais.ensure_partition('2026-01-02')")
        query(
            db,
            "INSERT INTO ais.position_rows (event_time, received_at, mmsi, label) VALUES ('2026-01-02', now(), 1, 1);"
            " INSERT INTO ops.ledger (batch_id, source, received, stored) VALUES ('old', 'test.a', 1, 1);"
            " CREATE VIEW mine AS SELECT * FROM ais.positions",
        )
        assert database.migrate(database_url)[0] == MIGRATION
        assert query(db, "SELECT mmsi, flags FROM ais.positions") == [(1, None)]
        assert query(db, "SELECT mmsi FROM mine") == [(1,)]
        assert query(db, "SELECT held, released FROM ops.ledger") == [(0, 0)]
        sentence = "SELECT col_description(attrelid, attnum) FROM pg_attribute WHERE attname = 'flags' AND attrelid = "
        assert value(db, f"{sentence} 'ais.positions_20260102'::regclass") is not None
        with closing(Inserter(database_url, 14, 1)) as inserter:  # and it goes on
            inserter.handle([filtered(position(mmsi=2, flags=LAND))])
        assert query(db, "SELECT mmsi, flags FROM ais.positions ORDER BY 1") == [(1, None), (2, LAND)]
