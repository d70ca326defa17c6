"""Rules in their order."""

import pytest
from msgspec.structs import replace

AREA = {"rule": "area", "boxes": [[9, 54, 11, 56]]}


def test_says_of_each_record_what_became_of_it(a_filter, position):
    inside, outside = position(), position(lon=20.0)
    kept, dropped = a_filter(AREA).decide([inside, outside])
    assert (kept.record, kept.kept, kept.rule) == (inside, True, None)
    assert (dropped.record, dropped.kept, dropped.rule) == (outside, False, "area")


def test_the_first_rule_that_drops_wins(a_filter, position):
    both = [position(0, digest=1), position(1, digest=1)]
    assert a_filter({"rule": "duplicate"}, {"rule": "redundant"}).droppers(both) == [None, "duplicate"]
    assert a_filter({"rule": "redundant"}, {"rule": "duplicate"}).droppers(both) == [None, "redundant"]


def test_without_rules_everything_is_kept(a_filter, position):
    assert a_filter().droppers([position(), position()]) == [None, None]


def test_a_discarded_judgement_never_happened(a_filter, position):
    judge = a_filter({"rule": "redundant"})
    judge.decide([position()])
    judge.discard()
    assert judge.droppers([position()]) == [None]


def test_a_committed_judgement_lasts(a_filter, position):
    judge = a_filter({"rule": "redundant"})
    judge.decide([position()])
    judge.commit()
    judge.discard()
    assert judge.droppers([position()]) == ["redundant"]


def test_a_time_that_is_not_of_our_form_is_loud(a_filter, position):
    with pytest.raises(ValueError, match="not a time of the form"):
        a_filter(AREA).decide([replace(position(), event_time="noon")])
