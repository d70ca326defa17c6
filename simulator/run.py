"""Carries out an order: makes the fleet, opens the destination, plays until the end."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from simulator.errors import BadOption
from simulator.fleet import Fleet, make_fleet
from simulator.order import DEFAULT_START, Order
from simulator.pacing import Pacer
from simulator.play import Limits, Tally, play
from simulator.sinks.destination import open_sink
from simulator.sinks.sink import Sink
from simulator.stopping import Stop
from simulator.traffic import generate
from simulator.truth import NoTruth, TruthFile, TruthLog
from simulator.turns import natural_rate

BATCHING_RATE = 1_000.0  # from here on several sentences share a datagram
BATCHED_LINES = 15  # tagged sentences, near what fits an Ethernet frame


def utc_now() -> datetime:
    """The time of day, aware."""
    return datetime.now(UTC)


def run(
    order: Order, stop: Stop, on_progress: Callable[[Tally], None] | None = None, now: Callable[[], datetime] = utc_now
) -> Tally:
    """Sends what `order` asks for until its end or until `stop()`; raises a SimulatorError."""
    order.check()
    fleet = make_fleet(order.vessels, order.seed, order.stations)
    rate = natural_rate(fleet) if order.rate is None and order.is_live else order.rate
    with (
        closing(_open_truth(order.truth)) as truth,
        closing(open_sink(order.to, _lines_per_datagram(order, rate))) as sink,
    ):
        sink.wait_until_ready(stop)
        return _play(order, fleet, rate, sink, truth, stop, on_progress, now)


def _play(
    order: Order,
    fleet: Fleet,
    rate: float | None,
    sink: Sink,
    truth: TruthLog,
    stop: Stop,
    on_progress: Callable[[Tally], None] | None,
    now: Callable[[], datetime],
) -> Tally:
    start = now() if order.is_live else order.start or DEFAULT_START
    clock = now if order.is_live else None
    traffic = generate(fleet, start, now=clock, tag_blocks=order.tag_blocks, tag_unit=order.tag_unit)
    until = None if order.duration is None else start + timedelta(seconds=order.duration)
    return play(
        traffic,
        sink,
        pacer=Pacer(rate, time.monotonic, time.sleep),
        limits=Limits(order.count, until),
        stop=stop if until is None or clock is None else _stop_at(until, clock, stop),
        truth=truth,
        on_progress=on_progress,
    )


def _stop_at(until: datetime, now: Callable[[], datetime], stop: Stop) -> Stop:
    """A live run ends on time even when no message is due."""
    return lambda: stop() or now() >= until


def _open_truth(path: Path | None) -> TruthLog:
    if path is None:
        return NoTruth()
    try:
        return TruthFile(path)
    except OSError as error:
        raise BadOption(f"cannot write the truth to {str(path)!r}: {error.strerror}.") from error


def _lines_per_datagram(order: Order, rate: float | None) -> int:
    if order.lines_per_datagram is not None:
        return order.lines_per_datagram
    return 1 if rate and rate < BATCHING_RATE else BATCHED_LINES
