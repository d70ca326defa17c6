"""The history of equal reports: what a late report does to it. A report here is a second and a word."""

from itertools import groupby, pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.db_inserter import runs
from services.db_inserter.runs import Run

Said = tuple[int, str]


def history(*reports: Said) -> list[Run]:
    found: list[Run] = []
    for number, (time, word) in enumerate(reports):
        runs.add(found, time, ord(word), number)
    return found


def told(found: list[Run]) -> str:
    """A run as `A1-3x2`: what it says, first and last second, how many reports."""
    return " ".join(f"{chr(run.fingerprint)}{run.first_time}-{run.last_time}x{run.reports}" for run in found)


def test_reports_that_say_the_same_are_one_run() -> None:
    assert told(history((1, "A"), (2, "A"), (3, "A"))) == "A1-3x3"


def test_what_comes_back_is_a_run_of_its_own() -> None:
    assert told(history((1, "A"), (2, "B"), (3, "A"))) == "A1-1x1 B2-2x1 A3-3x1"


def test_a_late_report_joins_the_run_it_belongs_to() -> None:
    assert told(history((1, "A"), (9, "A"), (5, "A"))) == "A1-9x3"
    assert told(history((1, "A"), (9, "B"), (5, "A"))) == "A1-5x2 B9-9x1"
    assert told(history((1, "A"), (9, "B"), (5, "B"))) == "A1-1x1 B5-9x2"


def test_a_late_report_between_two_runs_opens_its_own() -> None:
    assert told(history((1, "A"), (9, "B"), (5, "C"))) == "A1-1x1 C5-5x1 B9-9x1"


def test_a_late_contradiction_splits_the_run_around_it() -> None:
    assert told(history((1, "A"), (2, "A"), (9, "A"), (5, "B"))) == "A1-1x2 B5-5x1 A9-9x1"


def test_contradictions_of_the_same_moment_stay_beside_each_other() -> None:
    assert told(history((5, "A"), (5, "B"))) == "A5-5x1 B5-5x1"
    assert told(history((5, "A"), (9, "A"), (5, "B"))) == "B5-5x1 A5-9x2"


def test_the_other_half_of_a_split_row_refers_to_it() -> None:
    stored = [Run(1, 9, 3, ord("A"), id=7)]
    runs.add(stored, 5, ord("B"), 0)
    assert [(run.id, run.like, run.report, run.reports) for run in stored] == [
        (7, None, None, 2),
        (None, None, 0, 1),
        (None, 7, None, 1),
    ]


def test_halves_of_a_half_refer_to_the_same_row() -> None:
    stored = [Run(1, 9, 3, ord("A"), id=7)]
    for time, word in (3, "B"), (5, "A"), (7, "C"):
        runs.add(stored, time, ord(word), time)
    assert [run.like for run in stored if run.fingerprint == ord("A") and run.id is None] == [7, 7]


def test_both_halves_of_a_new_run_say_what_the_first_report_said() -> None:
    assert [run.report for run in history((1, "A"), (9, "A"), (5, "B"))] == [0, 2, 0]


said = st.lists(st.sampled_from("ABC"), min_size=1, max_size=12)


@given(said)
def test_in_order_of_time_the_history_is_the_runs_of_equal_reports(words: list[str]) -> None:
    found = history(*enumerate(words))
    expected = [(word, len(list(group))) for word, group in groupby(words)]
    assert [(chr(run.fingerprint), run.reports) for run in found] == expected


@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from("ABC")), max_size=15))
def test_in_any_order_no_report_is_lost_and_no_runs_overlap(reports: list[Said]) -> None:
    found = history(*reports)
    assert sum(run.reports for run in found) == len(reports)
    assert all(run.first_time <= run.last_time for run in found)
    assert all(left.last_time <= right.first_time for left, right in pairwise(found))
    assert all(reports[run.report][1] == chr(run.fingerprint) for run in found if run.report is not None)


@given(said, st.randoms(use_true_random=False))
def test_the_first_and_last_known_state_do_not_depend_on_the_order(words: list[str], random: Random) -> None:
    reports = list(enumerate(words))
    random.shuffle(reports)
    found = history(*reports)
    assert [chr(found[0].fingerprint), chr(found[-1].fingerprint)] == [words[0], words[-1]]
