import pytest

from benchmarks.samples import Series, Watch, is_flat, percentile, thirds


def test_thirds_are_means_of_the_three_parts_of_a_series() -> None:
    assert thirds([1, 1, 2, 2, 9, 9]) == (1, 2, 9)
    assert thirds([1, 2, 3, 4]) == (1, 2.5, 4)


def test_fewer_than_three_values_are_their_own_thirds() -> None:
    assert thirds([4, 6]) == (5, 5, 5)
    assert thirds([]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("values", "flat"), [([0, 5, 5], True), ([0, 5, 6], True), ([0, 5, 7], False), ([9, 5, 1], True)]
)
def test_a_series_is_flat_when_its_end_is_no_higher_than_its_middle_and_the_slack(
    values: list[float], flat: bool
) -> None:
    assert is_flat(values, slack=1) is flat


def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed() -> None:
    values = [float(value) for value in range(1, 101)]
    assert (percentile(values, 50), percentile(values, 99), percentile(values, 100)) == (50, 99, 100)
    assert percentile([3.0], 50) == 3
    assert percentile([], 99) == 0


def test_a_watch_looks_at_least_once() -> None:
    with Watch(lambda: {"a": 1.0}, lambda: {"b": 2.0}, seconds=60) as watch:
        pass
    assert watch.series == Series({"a": [1.0], "b": [2.0]})
