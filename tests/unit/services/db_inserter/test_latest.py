"""The newest position of each ship within a group."""

from collections.abc import Iterable
from itertools import permutations

import numpy as np
from hypothesis import given as of_any
from hypothesis import strategies as st
from msgspec.structs import replace

from fairway.columns import Labels, Texts, rows_of
from fairway.flags import BITS
from fairway.records import Position
from services.db_inserter import latest, positions
from services.db_inserter.labels import labels_of


def position(
    second: int, mmsi: int = 1, lon: float | None = 10.0, received: int = 0, station: str | None = None
) -> Position:
    return Position(
        source="test",
        station=station,
        event_time=f"2026-01-02T03:04:{second:02}.000Z",
        received_at=f"2026-01-02T03:05:{received:02}.000Z",
        time_source="received",
        mmsi=mmsi,
        msg_type=1,
        lon=lon,
        lat=55.0,
    )


def newest(reports: Iterable[Position]) -> dict[int, Position]:
    """The newest report of each ship, of reports in the order given and in that of rows to be stored."""
    given, texts, labels = list(reports), Texts(), Labels()
    rows = rows_of(positions.SHAPE, given, texts, labels)
    keys, said = positions.keys_of(rows), labels_of(labels, texts)
    positions.empty_halves(rows, keys)
    first, second = (latest.newest(keys, order, said) for order in (np.arange(len(rows)), positions.in_order(keys)))
    assert [age(given[row]) for row in first] == [
        age(given[row]) for row in second
    ]  # no station and an empty one are one
    assert rows["mmsi"][first].tolist() == sorted(set(rows["mmsi"][first].tolist()))
    return {given[row].mmsi: given[row] for row in first}


def test_the_newest_by_event_time_wins_in_any_order() -> None:
    for order in permutations([position(1), position(3), position(2)]):
        assert newest(order) == {1: position(3)}


def test_reports_of_the_same_moment_have_one_winner_in_any_order() -> None:
    same = [position(1), position(1, received=1), position(1, received=1, station="B"), position(1, lon=11.0)]
    assert {str(newest(order)) for order in permutations(same)} == {str({1: same[2]})}


def test_a_report_without_a_position_does_not_hide_where_the_ship_is() -> None:
    assert newest([position(1), position(2, lon=None)]) == {1: position(1)}


def test_a_place_where_the_ship_cannot_be_does_not_hide_where_it_is() -> None:
    jump, on_land = replace(position(2), flags=BITS["implied_speed"]), replace(position(3), flags=BITS["land"])
    assert newest([position(1), jump]) == {1: position(1)}
    assert newest([position(1), jump, on_land]) == {1: on_land}


def test_a_provider_that_does_not_say_the_type_is_compared_too() -> None:
    untyped = replace(position(1), msg_type=None)
    for order in permutations([position(1), untyped]):
        assert newest(order) == {1: position(1)}


def test_a_ships_newest_is_found_across_days() -> None:
    yesterday = replace(position(9), event_time="2026-01-01T03:04:09.000Z")
    assert newest([position(1), yesterday, position(1, mmsi=2)]) == {1: position(1), 2: position(1, mmsi=2)}


def test_each_ship_has_its_own() -> None:
    assert set(newest([position(1, mmsi=1), position(1, mmsi=2)])) == {1, 2}


def age(report: Position) -> tuple[object, ...]:
    texts = (report.source, report.station or "")
    return report.event_time, report.received_at, *texts, report.msg_type or 0, report.lon


REPORTS = st.builds(
    position,
    st.integers(0, 2),
    mmsi=st.integers(1, 3),
    lon=st.sampled_from([None, 10.0, 11.0]),
    received=st.integers(0, 1),
    station=st.sampled_from([None, "", "A", "Æ", "a"]),
)


@of_any(st.lists(REPORTS, max_size=12))
def test_the_newest_is_the_greatest_of_a_total_order(reports: list[Position]) -> None:
    located = [report for report in reports if report.lon is not None]
    greatest = {mmsi: max(age(r) for r in located if r.mmsi == mmsi) for mmsi in {r.mmsi for r in located}}
    assert {mmsi: age(report) for mmsi, report in newest(reports).items()} == greatest
