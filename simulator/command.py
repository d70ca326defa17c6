"""The command that starts a simulation: `fairway simulate` and `python -m simulator`."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from simulator.errors import BadOption, HearerLeft, SimulatorError
from simulator.fleet import DEFAULT_STATIONS
from simulator.order import DEFAULT_DESTINATION, Clock, Order
from simulator.play import Tally
from simulator.progress import progress_line
from simulator.run import run
from simulator.sentences import TagUnit
from simulator.sinks.destination import KNOWN, STANDARD_OUTPUT
from simulator.stopping import stop_on_signals

EXIT_FAILED = 1
EXIT_BAD_OPTION = 2


To = Annotated[str, typer.Option(metavar="URL", help=f"Where to: {KNOWN}.")]
Vessels = Annotated[int, typer.Option(help="Ships; base stations and buoys come beside.")]
Rate = Annotated[
    float | None,
    typer.Option(help="Messages per second; 0 is as fast as possible. Live default: the fleet's natural rate."),
]
Count = Annotated[int | None, typer.Option(help="Stop after this many messages.")]
Duration = Annotated[float | None, typer.Option(help="Stop after this many seconds by the clock in use.")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same fleet and traffic.")]
Start = Annotated[
    str | None, typer.Option(help="First moment of simulated time, RFC 3339; default 2026-01-01T00:00:00Z.")
]
TagBlocks = Annotated[bool, typer.Option(help="Put station and time before each message.")]
TagTime = Annotated[TagUnit, typer.Option(help="Unit of the tag block's time.")]
Stations = Annotated[
    list[str] | None, typer.Option(help="Name of a receiving station; repeat for several. Default: sim-1.")
]
Truth = Annotated[Path | None, typer.Option(help="Write what was sent here, one JSON object per line.")]
WhichClock = Annotated[
    Clock | None, typer.Option(help="Times of messages; default live for sockets, simulated otherwise.")
]
LinesPerDatagram = Annotated[int | None, typer.Option(help="UDP; default 1 below 1,000 messages per second, else 15.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")]


def simulate(
    to: To = DEFAULT_DESTINATION,
    vessels: Vessels = 200,
    rate: Rate = None,
    count: Count = None,
    duration: Duration = None,
    seed: Seed = 1,
    start: Start = None,
    tag_blocks: TagBlocks = True,
    tag_unit: TagTime = "ms",
    station: Stations = None,
    truth: Truth = None,
    clock: WhichClock = None,
    lines_per_datagram: LinesPerDatagram = None,
    quiet: Quiet = False,
) -> None:
    """Send the AIS of pretend ships on real sea lanes."""
    with _errors_as_sentences():
        order = Order(
            to=to,
            vessels=vessels,
            rate=rate,
            count=count,
            duration=duration,
            seed=seed,
            start=_parse_start(start),
            tag_blocks=tag_blocks,
            tag_unit=tag_unit,
            stations=tuple(station or DEFAULT_STATIONS),
            truth=truth,
            clock=clock,
            lines_per_datagram=lines_per_datagram,
        )
        _carry_out(order, quiet)


@contextmanager
def _errors_as_sentences() -> Iterator[None]:
    try:
        yield
    except SimulatorError as error:
        typer.echo(f"simulate: {error}", err=True)
        raise typer.Exit(EXIT_BAD_OPTION if isinstance(error, BadOption) else EXIT_FAILED) from None


def _carry_out(order: Order, quiet: bool) -> None:
    order.check()
    shows_progress = sys.stderr.isatty() and not quiet and order.to != STANDARD_OUTPUT
    tally = Tally()
    started_at = time.monotonic()
    with stop_on_signals() as stop, progress_line(order.count) if shows_progress else nullcontext() as on_progress:
        try:
            tally = run(order, stop, on_progress)
        except HearerLeft:
            return
    if not quiet:
        typer.echo(_summary(tally, time.monotonic() - started_at), err=True)


def _summary(tally: Tally, seconds: float) -> str:
    rate = tally.messages / seconds if seconds else 0
    return (
        f"sent {tally.messages} messages in {tally.sentences} sentences "
        f"from {len(tally.speakers)} stations in {seconds:.1f} s ({rate:.0f}/s)"
    )


def _parse_start(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        raise BadOption(f"--start {text!r} is not a time like 2026-01-01T00:00:00Z.") from None
    if start.tzinfo is None:
        raise BadOption(f"--start {text!r} needs a time zone, for example {text}Z.")
    return start
