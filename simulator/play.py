"""Plays traffic into a sink until a limit is reached or somebody says stop."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from simulator.pacing import MAX_BURST, Pacer
from simulator.sinks.sink import Sink
from simulator.stopping import Stop
from simulator.traffic import Sent
from simulator.truth import NoTruth, TruthLog


@dataclass(slots=True)
class Tally:
    """What has been sent so far."""

    messages: int = 0
    sentences: int = 0
    speakers: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Limits:
    """When to end: after `count` messages, or before the first message at or after `until`; None never."""

    count: int | None = None
    until: datetime | None = None


def play(
    traffic: Iterator[Sent],
    sink: Sink,
    *,
    pacer: Pacer,
    limits: Limits,
    stop: Stop,
    truth: TruthLog | None = None,
    on_progress: Callable[[Tally], None] | None = None,
) -> Tally:
    """Sends burst after burst and returns the tally; the caller closes `sink` and `truth`."""
    tally = Tally()
    while tally.messages != limits.count:
        sink.wait_until_ready(stop)
        due = pacer.wait(sink.flush, stop)
        if stop():
            break
        # Made only now: a live message carries the time of this moment.
        burst = list(islice(traffic, min(due, _left(limits, tally))))
        in_time = burst if limits.until is None else [sent for sent in burst if sent.event_time < limits.until]
        _send(in_time, sink, truth or NoTruth(), tally)
        if on_progress is not None:
            on_progress(tally)
        if len(in_time) < len(burst):
            break
    sink.flush()
    return tally


def _left(limits: Limits, tally: Tally) -> int:
    return MAX_BURST if limits.count is None else limits.count - tally.messages


def _send(burst: Sequence[Sent], sink: Sink, truth: TruthLog, tally: Tally) -> None:
    lines = [sentence for sent in burst for sentence in sent.sentences]
    sink.send(lines)
    truth.write(tally.messages + 1, burst)
    tally.messages += len(burst)
    tally.sentences += len(lines)
    tally.speakers.update(sent.mmsi for sent in burst)
