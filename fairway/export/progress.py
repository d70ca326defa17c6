"""How far an export is, on standard error, where somebody may look."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text


class Counter(Protocol):
    """Is told of rows that were written."""

    def __call__(self, rows: int, /) -> object: ...


class _Rate(TextColumn):
    """Rows so far, and how many a second."""

    def render(self, task: Task) -> Text:
        rate = f", {task.speed:,.0f} rows/s" if task.speed else ""
        return Text(f"{task.completed:,.0f} rows{rate}")


@contextmanager
def shown(what: str) -> Iterator[Counter]:
    """Shows the rows that the counter is told of; nothing where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield lambda rows: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), _Rate(""), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda rows: progress.advance(task, rows)
