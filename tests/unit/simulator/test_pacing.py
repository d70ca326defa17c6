"""Messages are spread evenly in time; time itself is a fake, so nothing here waits."""

from simulator.pacing import MAX_BURST, MAX_LATE_SECONDS, Pacer


class FakeTime:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sleeps: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


def never() -> bool:
    return False


def nothing() -> None:
    pass


def test_messages_at_a_low_rate_come_one_by_one_and_evenly() -> None:
    time = FakeTime()
    pacer = Pacer(10, time.clock, time.sleep)

    sent = [(pacer.wait(nothing, never), round(time.now - 100, 3)) for _ in range(5)]

    assert sent == [(1, 0.0), (1, 0.1), (1, 0.2), (1, 0.3), (1, 0.4)]


def test_a_high_rate_is_held_with_few_messages_at_a_time() -> None:
    time = FakeTime()
    pacer = Pacer(20_000, time.clock, time.sleep)

    messages = 0
    while time.now < 101.0:
        burst = pacer.wait(nothing, never)
        messages += burst
        time.now += 20e-6 * burst  # making and sending them takes time too
    assert abs(messages - 20_000) <= 200


def test_without_a_rate_nobody_waits() -> None:
    time = FakeTime()

    for rate in (None, 0):
        assert Pacer(rate, time.clock, time.sleep).wait(nothing, never) == MAX_BURST
    assert time.sleeps == []


def test_a_long_pause_is_not_made_up_for_in_a_burst() -> None:
    time = FakeTime()
    pacer = Pacer(100, time.clock, time.sleep)
    pacer.wait(nothing, never)
    time.now += 10 * MAX_LATE_SECONDS

    assert pacer.wait(nothing, never) == 1


def test_a_short_delay_is_made_up_for() -> None:
    time = FakeTime()
    pacer = Pacer(100, time.clock, time.sleep)
    pacer.wait(nothing, never)
    time.now += 0.055

    assert pacer.wait(nothing, never) == 5


def test_what_is_buffered_goes_out_before_a_sleep() -> None:
    time = FakeTime()
    flushed_at: list[float] = []
    pacer = Pacer(10, time.clock, time.sleep)
    pacer.wait(nothing, never)

    pacer.wait(lambda: flushed_at.append(time.now), never)

    assert flushed_at == [100.0]


def test_a_stop_is_heeded_within_a_tenth_of_a_second() -> None:
    time = FakeTime()
    pacer = Pacer(0.01, time.clock, time.sleep)
    pacer.wait(nothing, never)

    pacer.wait(nothing, lambda: time.now > 101)

    assert time.now < 101.2
