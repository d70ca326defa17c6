"""Everything a fleet says, in the order of time."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from heapq import heapify, heapreplace
from random import Random
from typing import NamedTuple

from simulator.fields import Value
from simulator.fleet import Fleet
from simulator.sentences import SentenceWriter, TagUnit
from simulator.turns import turns_of

INTERVAL_JITTER = 0.1  # a slot is chosen within ±10 % of the nominal interval (M.1371-5 annex 2, 3.3.4.1)
MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Sent(NamedTuple):
    """One message: when, who, its sentences without line ends, and the values a decoder must find in it."""

    event_time: datetime
    mmsi: int
    msg_type: int
    station: str
    sentences: tuple[bytes, ...]
    truth: Mapping[str, Value]


def generate(
    fleet: Fleet,
    start: datetime,
    *,
    now: Callable[[], datetime] | None = None,
    tag_blocks: bool = True,
    tag_unit: TagUnit = "ms",
) -> Iterator[Sent]:
    """The endless traffic of `fleet` from `start`, which must be aware; event times never go back.

    Without `now` each message carries the time its station was due, and the same arguments give the same bytes.
    With `now`, a clock, the schedule only decides whose turn it is: each message carries the time it is asked
    for, and the ships are where they are at that time.
    """
    if start.tzinfo is None:
        raise ValueError("start must be an aware datetime")
    start = start.astimezone(UTC)
    whole_ms = start.replace(microsecond=start.microsecond // 1000 * 1000)
    return _traffic(fleet, whole_ms, now, SentenceWriter(tag_blocks, tag_unit))


def _traffic(
    fleet: Fleet, start: datetime, now: Callable[[], datetime] | None, writer: SentenceWriter
) -> Iterator[Sent]:
    rng = Random(fleet.seed)
    turns = turns_of(fleet)
    stations = [turn.station.encode() for turn in turns]
    start_ms = (start - EPOCH) // MILLISECOND
    queue = [(round(rng.random() * turn.first_within * 1000), index) for index, turn in enumerate(turns)]
    heapify(queue)
    at_ms = 0
    while True:
        due_ms, index = queue[0]
        at_ms = due_ms if now is None else max(at_ms, (now() - start) // MILLISECOND)
        event_time = start + timedelta(0, 0, at_ms * 1000)
        turn = turns[index]
        report = turn.speak(at_ms / 1000, event_time, rng)
        sentences = writer.write(report.armoured, stations[index], start_ms + at_ms)
        yield Sent(event_time, turn.mmsi, report.msg_type, turn.station, sentences, report.truth)
        interval = report.interval * (1 + INTERVAL_JITTER * (2 * rng.random() - 1))
        heapreplace(queue, (due_ms + round(interval * 1000), index))
