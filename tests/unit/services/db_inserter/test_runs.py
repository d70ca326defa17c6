"""The history of equal reports: what a late report does to it."""

from itertools import groupby, pairwise

from hypothesis import given
from hypothesis import strategies as st

from fairway.records import Static
from fairway.testing import START
from services.db_inserter import runs
from services.db_inserter.runs import Run
from services.db_inserter.static_reports import fingerprint


def static(time: int, destination: str = "A", **fields: object) -> Static:
    envelope = {"source": "test", "received_at": START, "time_source": "received", "mmsi": 1, "msg_type": 5}
    event_time = f"2026-01-02T03:{time // 60:02}:{time % 60:02}.000Z"
    return Static(**{**envelope, "event_time": event_time, "destination": destination, **fields})


def history(*reports: Static) -> list[Run]:
    found: list[Run] = []
    for report in reports:
        runs.add(found, report, fingerprint(report))
    return found


def told(found: list[Run]) -> str:
    """A run as `A1-3x2`: what it says, first and last second, how many reports."""
    return " ".join(
        f"{run.content.destination}{int(run.first_time[17:19])}-{int(run.last_time[17:19])}x{run.reports}"
        for run in found
        if isinstance(run.content, Static)
    )


def test_reports_that_say_the_same_are_one_run() -> None:
    assert told(history(static(1), static(2), static(3))) == "A1-3x3"


def test_what_comes_back_is_a_run_of_its_own() -> None:
    assert told(history(static(1, "A"), static(2, "B"), static(3, "A"))) == "A1-1x1 B2-2x1 A3-3x1"


def test_a_late_report_joins_the_run_it_belongs_to() -> None:
    assert told(history(static(1), static(9), static(5))) == "A1-9x3"
    assert told(history(static(1, "A"), static(9, "B"), static(5, "A"))) == "A1-5x2 B9-9x1"
    assert told(history(static(1, "A"), static(9, "B"), static(5, "B"))) == "A1-1x1 B5-9x2"


def test_a_late_report_between_two_runs_opens_its_own() -> None:
    assert told(history(static(1, "A"), static(9, "B"), static(5, "C"))) == "A1-1x1 C5-5x1 B9-9x1"


def test_a_late_contradiction_splits_the_run_around_it() -> None:
    assert told(history(static(1), static(2), static(9), static(5, "B"))) == "A1-1x2 B5-5x1 A9-9x1"


def test_contradictions_of_the_same_moment_stay_beside_each_other() -> None:
    assert told(history(static(5, "A"), static(5, "B"))) == "A5-5x1 B5-5x1"
    assert told(history(static(5, "A"), static(9, "A"), static(5, "B"))) == "B5-5x1 A5-9x2"


def test_the_other_half_of_a_split_row_refers_to_it() -> None:
    stored = [Run(static(1).event_time, static(9).event_time, 3, fingerprint(static(1)), content=7, id=7)]
    runs.add(stored, static(5, "B"), fingerprint(static(5, "B")))
    assert [(run.id, run.content if run.content == 7 else "new", run.reports) for run in stored] == [
        (7, 7, 2),
        (None, "new", 1),
        (None, 7, 1),
    ]


def test_the_guessed_year_of_an_eta_is_no_change() -> None:
    sent = {"eta_month": 3, "eta_day": 1}
    assert fingerprint(static(1, eta="2026-03-01T00:00:00.000Z", **sent)) == fingerprint(
        static(2, eta="2027-03-01T00:00:00.000Z", **sent)
    )
    assert fingerprint(static(1, eta="2026-03-01T00:00:00.000Z")) != fingerprint(static(1))


def test_what_only_providers_say_counts_and_fields_without_a_value_do_not() -> None:
    for said in {"length": 12.5}, {"width": 3.5}, {"ais_class": "B"}:
        assert fingerprint(static(1, **said)) != fingerprint(static(1))
    before_there_were_such_fields = -7699102641631857538  # runs that are stored must go on
    assert fingerprint(static(1, name="ANNA", imo=9_000_001)) == before_there_were_such_fields


def test_who_received_a_report_is_no_change() -> None:
    assert fingerprint(static(1, station="a", channel="A")) == fingerprint(static(1, station="b", channel="B"))


said = st.lists(st.sampled_from("ABC"), min_size=1, max_size=12)


@given(said)
def test_in_order_of_time_the_history_is_the_runs_of_equal_reports(words: list[str]) -> None:
    found = history(*(static(second, word) for second, word in enumerate(words)))
    assert [(run.content.destination, run.reports) for run in found if isinstance(run.content, Static)] == [
        (word, len(list(group))) for word, group in groupby(words)
    ]


@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from("ABC")), max_size=15))
def test_in_any_order_no_report_is_lost_and_no_runs_overlap(reports: list[tuple[int, str]]) -> None:
    found = history(*(static(time, word) for time, word in reports))
    assert sum(run.reports for run in found) == len(reports)
    assert all(run.first_time <= run.last_time for run in found)
    assert all(left.last_time <= right.first_time for left, right in pairwise(found))


@given(said, st.randoms(use_true_random=False))
def test_the_first_and_last_known_state_do_not_depend_on_the_order(words: list[str], random: object) -> None:
    reports = [static(second, word) for second, word in enumerate(words)]
    random.shuffle(reports)  # type: ignore[attr-defined]
    found = history(*reports)
    ends = [run.content.destination for run in (found[0], found[-1]) if isinstance(run.content, Static)]
    assert ends == [words[0], words[-1]]
