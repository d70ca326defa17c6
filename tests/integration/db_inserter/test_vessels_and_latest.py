"""Who and where each ship is now: the newest on top, in any order of arrival."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from fairway.records import Decoded
from services.db_inserter.stage import Inserter
from tests.integration.db_inserter.queries import SLOW, empty, query
from tests.integration.db_inserter.reports import filtered, position, positions, static, statics


def test_an_older_position_never_replaces_a_newer_one(db: Connection, inserter: Inserter) -> None:
    for number, second in enumerate([5, 9, 7]):
        inserter.handle([filtered(position(second, sog=float(second)), id=str(number))])
    inserter.handle([filtered(position(10, lon=None, lat=None), id="without a position")])
    assert query(db, "SELECT extract(second FROM event_time)::int, sog, st_x(geom) FROM ais.latest_positions") == [
        (9, 9.0, 10.0)
    ]


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


def test_a_vessel_has_one_length_and_width_whoever_said_it_last(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(static(1, to_bow=100, to_stern=20, to_port=8, to_starboard=7, width=99.0), id="1")])
    inserter.handle([filtered(static(2, msg_type=None, length=121.4, ais_class="A"), id="2")])
    inserter.handle([filtered(static(0, length=77.0), position(), id="3")])
    assert query(db, "SELECT length::text, width, to_bow, ais_class FROM ais.vessels") == [("121.4", 15.0, 100, "A")]
    assert query(db, "SELECT length, width FROM ais.vessels_now") == [(121, 15)]


@pytest.mark.parametrize("length", [1e30, -5.0])
def test_a_length_that_no_ship_has_breaks_no_view(db: Connection, inserter: Inserter, length: float) -> None:
    inserter.handle([filtered(static(length=length), position())])
    assert query(db, "SELECT length FROM ais.vessels_now") == [(None,)]


def test_the_class_of_a_unit_is_told_by_its_type_or_its_provider(db: Connection, inserter: Inserter) -> None:
    said: list[tuple[int | None, str | None]] = [(1, None), (19, None), (27, None), (None, "B"), (None, None)]
    reports = [
        position(mmsi=n, msg_type=msg_type, ais_class=said_class) for n, (msg_type, said_class) in enumerate(said)
    ]
    inserter.handle([filtered(*reports)])
    for view in "ais.position_reports", "ais.vessels_now":
        assert query(db, f"SELECT ais_class FROM {view} ORDER BY mmsi") == [("A",), ("B",), (None,), ("B",), (None,)]


def test_the_message_types_complete_each_other(db: Connection, inserter: Inserter) -> None:
    inserter.handle([filtered(static(1, msg_type=24, part="A", name="ANNA"), id="1")])
    inserter.handle([filtered(static(2, msg_type=24, part="B", callsign="OX1", ship_type=36), id="2")])
    inserter.handle([filtered(position(3, msg_type=19, to_bow=5, to_stern=3, to_port=1, to_starboard=1), id="3")])
    inserter.handle([filtered(static(0, name="OLD", imo=9_000_001), id="4")])
    (row,) = query(
        db, "SELECT name, callsign, ship_type, to_bow, imo, extract(second FROM name_time)::int FROM ais.vessels"
    )
    assert row == ("ANNA", "OX1", 36, 5, 9_000_001, 1)
