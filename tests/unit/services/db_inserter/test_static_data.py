"""Which records say who a ship is."""

from fairway.records import Position, Safety, Static
from fairway.testing import START
from services.db_inserter.static_data import static_data

ENVELOPE = {"source": "test", "event_time": START, "received_at": START, "time_source": "received", "mmsi": 219000001}


def test_types_5_and_24_are_static_data_as_they_are() -> None:
    report = Static(**ENVELOPE, msg_type=5, name="ANNA")
    assert list(static_data([report])) == [report]


def test_a_type_19_is_both_a_position_and_static_data() -> None:
    position = Position(**ENVELOPE, msg_type=19, lon=1.0, lat=2.0, channel="B", name="ANNA", ship_type=36, dte=True)
    assert list(static_data([position])) == [
        Static(**ENVELOPE, msg_type=19, channel="B", name="ANNA", ship_type=36, dte=True)
    ]


def test_a_type_19_that_says_nothing_still_counts() -> None:
    assert list(static_data([Position(**ENVELOPE, msg_type=19)])) == [Static(**ENVELOPE, msg_type=19)]


def test_a_providers_position_with_a_name_keeps_it() -> None:
    assert [report.name for report in static_data([Position(**ENVELOPE, msg_type=1, name="ANNA")])] == ["ANNA"]


def test_other_records_are_not_static_data() -> None:
    assert list(static_data([Position(**ENVELOPE, msg_type=1), Safety(**ENVELOPE, msg_type=14)])) == []
