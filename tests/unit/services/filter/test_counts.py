"""What the filter tells its watchers, and when."""

import pytest
from prometheus_client import REGISTRY

from fairway.testing import message
from services.filter import counts
from services.filter.rules.track import MEASURED
from services.filter.stage import FilterStage

TRACK_ERROR = {"rule": "redundant", "positions": "track_error"}


def _value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def _handle(stage: FilterStage, *batches) -> None:
    stage.handle(batches)
    stage.commit()


def test_what_is_kept_and_dropped_is_counted_by_source(a_filter, position):
    stage = FilterStage(a_filter({"rule": "redundant"}))
    _handle(stage, message([position(0), position(10)], tail="a", id="1"), message([position(70)], tail="b", id="2"))
    assert _value("fairway_kept_records_total", source="a") == 1
    assert _value("fairway_dropped_records_total", source="a", rule="redundant") == 1
    assert _value("fairway_kept_records_total", source="b") == 1
    assert _value("fairway_filter_remembered", rule="redundant") == 1


def test_without_rules_all_that_passes_is_counted(a_filter, position):
    _handle(FilterStage(a_filter()), message([position(0), position(0)], tail="whole", id="1"))
    assert _value("fairway_kept_records_total", source="whole") == 2


def test_flags_are_counted_by_name(a_filter, position):
    before = _value("fairway_flagged_records_total", flag="redundant")
    stage = FilterStage(a_filter({"rule": "redundant", "action": "flag"}))
    _handle(stage, message([position(0), position(10), position(20)]))
    assert _value("fairway_flagged_records_total", flag="redundant") == before + 2


def test_what_is_held_back_is_neither_kept_nor_dropped_before_it_is_settled(a_filter, position):
    stage = FilterStage(a_filter(TRACK_ERROR))
    _handle(stage, message([position(0), position(10)], tail="first", id="1"))
    assert _value("fairway_held_records") == 1
    assert _value("fairway_kept_records_total", source="first") == 1
    _handle(stage, message([position(20)], tail="first", id="2"))
    assert _value("fairway_held_records") == 1
    assert _value("fairway_dropped_records_total", source="first", rule="redundant") == 1


def test_what_is_settled_for_another_source_is_counted_once_it_is_posted(a_filter, position):
    stage = FilterStage(a_filter(TRACK_ERROR))
    _handle(stage, message([position(0), position(10)], tail="here", id="1"))
    _handle(stage, message([position(20)], tail="there", id="2"))
    assert _value("fairway_dropped_records_total", source="here", rule="redundant") == 0
    assert len(stage.due()) == 1
    assert _value("fairway_dropped_records_total", source="here", rule="redundant") == 1
    assert _value("fairway_kept_records_total", source="there") == 0


def test_the_distance_of_dropped_positions_from_the_track_is_measured(a_filter, position):
    before, sum_before = _value("fairway_track_error_metres_count"), _value("fairway_track_error_metres_sum")
    stage = FilterStage(a_filter(TRACK_ERROR))
    fixes = [position(10 * number, lat=lat) for number, lat in enumerate((55.0, 55.0001, 55.0))]
    for number, fix in enumerate(fixes):
        _handle(stage, message([fix], id=str(number)))
    assert _value("fairway_track_error_metres_count") == before + 1
    assert _value("fairway_track_error_metres_sum") - sum_before == pytest.approx(11.12, abs=0.01)


def test_of_a_batch_only_some_distances_are_measured(a_filter, position):
    before = _value("fairway_track_error_metres_count")
    stage = FilterStage(a_filter(TRACK_ERROR))
    fixes = [position(10 * number, mmsi=219000001 + ship) for number in range(3) for ship in range(500)]
    for number in range(3):
        _handle(stage, message(fixes[500 * number : 500 * (number + 1)], id=str(number)))
    assert 0 < _value("fairway_track_error_metres_count") - before <= 2 * MEASURED


def test_sources_beyond_a_bound_have_one_name(a_filter, position):
    stage = FilterStage(a_filter({"rule": "redundant"}))
    for number in range(counts.MOST_SOURCES + 5):
        _handle(stage, message([position(1000 * number)], tail=f"many.{number}", id=f"b{number}"))
    assert _value("fairway_kept_records_total", source=f"many.{counts.MOST_SOURCES - 1}") == 1
    assert _value("fairway_kept_records_total", source=f"many.{counts.MOST_SOURCES}") == 0
    assert _value("fairway_kept_records_total", source=counts.OTHERS) >= 5


def test_a_batch_that_is_tried_again_is_counted_once(a_filter, position):
    stage = FilterStage(a_filter({"rule": "redundant"}))
    for _ in range(3):
        stage.handle([message([position(0), position(10)], tail="again")])
    stage.commit()
    assert _value("fairway_kept_records_total", source="again") == 1
    assert _value("fairway_dropped_records_total", source="again", rule="redundant") == 1
