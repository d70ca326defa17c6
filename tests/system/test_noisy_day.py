"""Interleaved stations, 1 % corrupt, 0.5 % lost fragments, clocks that jump: the account closes exactly.

A whole day takes minutes: `make noisy-day`.
"""

import pytest

from tests.soak import noisy_day


@pytest.mark.parametrize("seed", [1, 2])
def test_every_message_of_a_noisy_feed_is_accounted_for(seed: int) -> None:
    outcome = noisy_day.run(15_000, seed)

    assert noisy_day.check(outcome) == []
    assert outcome.damage.corrupt > 150
    assert all(outcome.damage.fates[fate] for fate in ("intact", "unstamped", "incomplete", "lost"))


def test_the_account_does_not_close_when_a_message_is_missing() -> None:
    outcome = noisy_day.run(2_000)
    outcome.arrived.stamped.count -= 1

    assert noisy_day.check(outcome)
