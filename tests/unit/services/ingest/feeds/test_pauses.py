"""How soon a lost feed is connected again."""

from random import Random

from services.ingest.feeds.pauses import GOOD_SECONDS, Pauses
from services.ingest.feeds.retry_after import retry_after


class Latest(Random):
    """Draws the largest number."""

    def uniform(self, a: float, b: float) -> float:
        return b


def test_pauses_double_up_to_the_longest() -> None:
    pauses = Pauses(Latest(), 1.0, 5.0)
    assert [pauses.after(0.0) for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]


def test_a_pause_may_be_anything_below_its_step() -> None:
    drawn = [Pauses(Random(seed), 8.0, 8.0).after(0.0) for seed in range(200)]
    assert min(drawn) < 1.0
    assert max(drawn) > 7.0


def test_other_hosts_are_tried_at_once_and_only_a_whole_round_of_failures_counts() -> None:
    pauses = Pauses(Latest(), 1.0, 30.0, hosts=3)
    assert [pauses.after(0.0) for _ in range(7)] == [0.0, 0.0, 1.0, 0.0, 0.0, 2.0, 0.0]


def test_only_lines_for_a_while_end_the_growth() -> None:
    pauses = Pauses(Latest(), 1.0, 30.0)
    assert [pauses.after(each) for each in (0.0, GOOD_SECONDS - 1, 0.0)] == [1.0, 2.0, 4.0]
    assert [pauses.after(each) for each in (GOOD_SECONDS, 0.0, 0.0)] == [1.0, 1.0, 2.0]


def test_the_least_pause_is_always_kept() -> None:
    assert Pauses(Random(1), 1.0, 5.0, least=60.0).after(100.0) >= 60.0


def test_understands_how_long_a_server_wants_us_to_wait() -> None:
    assert retry_after("120", 0.0) == 120.0
    assert retry_after("Thu, 01 Jan 1970 00:01:40 GMT", 40.0) == 60.0
    assert retry_after("Thu, 01 Jan 1970 00:00:00 GMT", 40.0) == 0.0
    assert [retry_after(text, 0.0) for text in (None, "", "soon", "-5", "1e400")] == [0.0] * 5
    assert retry_after("9" * 400, 0.0) in (0.0, 3600.0)
