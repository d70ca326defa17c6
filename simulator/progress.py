"""Shows on a terminal how far a simulation has come."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from simulator.play import Tally

REFRESH_SECONDS = 0.1


@contextmanager
def progress_line(count: int | None, clock: Callable[[], float] = time.monotonic) -> Iterator[Callable[[Tally], None]]:
    """A line on standard error that vanishes at the end; call what it yields now and then."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as line:
        task = line.add_task("waiting", total=count)
        started_at = shown_at = clock()

        def show(tally: Tally) -> None:
            nonlocal shown_at
            time_now = clock()
            if time_now - shown_at >= REFRESH_SECONDS:
                shown_at = time_now
                rate = tally.messages / (time_now - started_at)
                line.update(task, completed=tally.messages, description=f"{tally.messages:,} messages, {rate:,.0f}/s")

        yield show
