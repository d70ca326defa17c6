"""Playing ends when it should and counts what it sent."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from simulator.fleet import make_fleet
from simulator.pacing import Pacer
from simulator.play import Limits, Tally, play
from simulator.sinks.sink import Sink
from simulator.stopping import Stop
from simulator.traffic import generate

START = datetime(2026, 1, 1, tzinfo=UTC)
FLEET = make_fleet(20)


class Notebook(Sink):
    """A sink that remembers."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.flushes = 0

    def wait_until_ready(self, stop: Stop) -> None:
        pass

    def send(self, sentences: Sequence[bytes]) -> None:
        self.lines += sentences

    def flush(self) -> None:
        self.flushes += 1

    def close(self) -> None:
        pass


def unpaced() -> Pacer:
    return Pacer(None, lambda: 0.0, lambda seconds: None)


def test_stops_after_the_count() -> None:
    sink = Notebook()

    tally = play(generate(FLEET, START), sink, pacer=unpaced(), limits=Limits(count=1000), stop=lambda: False)

    expected = [line for sent in islice(generate(FLEET, START), 1000) for line in sent.sentences]
    assert sink.lines == expected
    assert (tally.messages, tally.sentences) == (1000, len(expected))


def test_stops_before_the_first_message_after_the_end() -> None:
    sink = Notebook()
    until = START + timedelta(minutes=5)

    tally = play(generate(FLEET, START), sink, pacer=unpaced(), limits=Limits(until=until), stop=lambda: False)

    early = [sent for sent in islice(generate(FLEET, START), 5000) if sent.event_time < until]
    assert tally.messages == len(early)
    assert sink.lines == [line for sent in early for line in sent.sentences]


def test_a_stop_ends_it_with_everything_flushed() -> None:
    sink = Notebook()

    tally = play(generate(FLEET, START), sink, pacer=unpaced(), limits=Limits(), stop=lambda: len(sink.lines) > 300)

    assert tally.sentences == len(sink.lines) > 300
    assert sink.flushes == 1


def test_progress_is_told_as_it_goes() -> None:
    seen: list[int] = []

    def note(tally: Tally) -> None:
        seen.append(tally.messages)

    play(
        generate(FLEET, START),
        Notebook(),
        pacer=unpaced(),
        limits=Limits(count=600),
        stop=lambda: False,
        on_progress=note,
    )

    assert seen == [256, 512, 600]


def test_counts_each_speaker_once() -> None:
    tally = play(generate(FLEET, START), Notebook(), pacer=unpaced(), limits=Limits(count=2000), stop=lambda: False)

    assert len(tally.speakers) == len(FLEET.ships) + len(FLEET.base_stations) + len(FLEET.aids)
