"""What rules would do, batch after batch, and the numbers that they went by."""

import numpy as np
import pytest

from services.filter.judge import KEPT
from services.filter.trial import Number, Trial

TRACK_ERROR = {"rule": "redundant", "positions": "track_error"}


def test_what_one_batch_holds_back_the_next_one_settles(a_filter, position):
    trial = Trial(a_filter(TRACK_ERROR))
    for number in range(4):
        trial.judge_records([position(10 * number, lon=10 + 0.001 * number)])
    assert trial.droppers.tolist() == [KEPT, 0, 0, KEPT]


def test_duplicates_tell_how_long_after_the_first_copy_they_came(a_filter, position):
    trial = Trial(a_filter({"rule": "duplicate"}), explained=10)
    trial.judge_records([position(0, digest=1), position(2, digest=2)])
    trial.judge_records([position(1.5, digest=1)])
    [(number, values)] = trial.numbers(np.arange(3)).items()
    assert number == Number(0, "after_the_first_copy_seconds")
    assert values == pytest.approx([np.nan, np.nan, 1.5], nan_ok=True)


def test_redundant_reports_tell_how_they_differ_from_the_last_kept_one(a_filter, position):
    trial = Trial(a_filter({"rule": "duplicate"}, {"rule": "redundant"}), explained=10)
    trial.judge_records([position(0, digest=1), position(1, digest=1), position(20, lat=55.001, cog=95.0, digest=2)])
    numbers = {number.name: values[2] for number, values in trial.numbers(np.arange(3)).items() if number.place == 1}
    assert numbers == pytest.approx(
        {"after_the_last_kept_seconds": 20, "from_the_last_kept_metres": 111.2, "turned_degrees": 5}, rel=1e-3
    )


def test_numbers_are_kept_of_as_many_reports_as_are_asked_for(a_filter, position):
    rules = {"rule": "redundant"}
    for explained, said in ((0, 0), (4, 3), (100, 5)):
        trial = Trial(a_filter(rules), explained)
        for number in range(3):
            trial.judge_records([position(20 * number), position(20 * number + 10)])
        numbers = trial.numbers(np.arange(6)).get(Number(0, "after_the_last_kept_seconds"), np.full(6, np.nan))
        assert int((~np.isnan(numbers)).sum()) == said


def test_explaining_changes_no_judgement(a_filter, position):
    rules = {"rule": "duplicate"}, {"rule": "plausible"}, {"rule": "redundant", "positions": "track_error"}
    reports = [position(at, lon=10 + at % 7 / 1000, digest=at // 2) for at in range(0, 600, 7)]
    plain, explained = Trial(a_filter(*rules)), Trial(a_filter(*rules), explained=1000)
    plain.judge_records(reports)
    explained.judge_records(reports)
    assert plain.droppers.tolist() == explained.droppers.tolist()


def test_copies_for_other_tails_are_counted(a_filter, position):
    trial = Trial(a_filter({"rule": "redundant", "action": "route", "to": "noise"}))
    trial.judge_records([position(0), position(10), position(20)])
    assert trial.copies == {"noise": 2}
