"""`fairway ingest`: reads files or feeds once, shows how far it is, and can wait for what became of every record."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from fairway import settings as settings_module
from fairway import telemetry
from fairway.broker import RabbitBroker
from fairway.errors import BadSetting
from fairway.local import surroundings
from fairway.service import stop_on_signals
from fairway.settings import IngestSettings
from services.ingest.imports import known_to
from services.ingest.intake import Intake, Reading
from services.ingest.sources import Source, check_files, gather
from services.ingest.waiting import DatabaseLedger, DeadWatch, Outcome, RabbitDeadQueue, check_database, wait

PATIENCE_SECONDS = 120.0

Sources = Annotated[list[str] | None, typer.Option("--source", help="TAIL=URL, such as coastal.aishub=file:day.log.gz")]
SourcesFile = Annotated[Path | None, typer.Option(help="YAML file of sources.")]
Speed = Annotated[float | None, typer.Option(help="Replay files by event time, this many times faster than it went.")]
AsFast = Annotated[bool, typer.Option("--as-fast-as-possible", help="Read files without pauses (the default).")]
Again = Annotated[bool, typer.Option(help="Import files even if they have been imported before.")]
Wait = Annotated[bool, typer.Option(help="Wait until every record is accounted for; print the account as JSON.")]
Patience = Annotated[float, typer.Option(help="With --wait: give up after so many seconds without progress.")]


def ingest(
    source: Sources = None,
    sources_file: SourcesFile = None,
    speed: Speed = None,
    as_fast_as_possible: AsFast = False,
    again: Again = False,
    wait: Wait = False,
    patience: Patience = PATIENCE_SECONDS,
) -> None:
    """Read files or feeds into the pipeline."""
    if speed is not None and (speed <= 0 or as_fast_as_possible):
        raise BadSetting("--speed must be above 0 and does not go with --as-fast-as-possible")
    values = settings_module.read(IngestSettings, surroundings("ingest"))
    sources = gather(source or (), "", sources_file)
    if not sources:
        raise BadSetting("there is nothing to read: give --source TAIL=URL, such as coastal.aishub=file:day.log.gz")
    sys.exit(_Run(values, sources, speed=speed, again=again).run(patience if wait else None))


class _Run:
    def __init__(self, values: IngestSettings, sources: list[Source], *, speed: float | None, again: bool) -> None:
        telemetry.start_logging(
            values.log_format, "warning" if values.log_level == "info" else values.log_level, "ingest"
        )
        check_files(sources)
        self._values = values
        self._stop = stop_on_signals(cut_short_status=1)
        self._sources, self._speed, self._again = sources, speed, again

    def run(self, patience: float | None) -> int:
        """Read, publish and, with `patience`, wait; the exit status."""
        if patience is None:
            return status(self._take_in())
        check_database(self._values.database_address)
        with closing(DeadWatch(RabbitDeadQueue(self._values.broker_address))) as dead:
            return self._wait(self._take_in(), dead, patience)

    def _take_in(self) -> list[Reading]:
        with _progress(self._sources) as read_bytes:
            intake = Intake(
                self._sources,
                self._values,
                RabbitBroker(self._values.broker_address, name="fairway ingest"),
                self._stop,
                name="command",
                again=self._again,
                speed=self._speed,
                imported=known_to(self._values.database_address),
                read_bytes=read_bytes,
            )
            intake.run(until_read=True)
        for reading in intake.readings:
            _report(reading)
        return intake.readings

    def _wait(self, readings: list[Reading], dead: DeadWatch, patience: float) -> int:
        prefixes = {r.prefix: r.tally.messages for r in readings if r.prefix and not r.imported_at}
        with closing(DatabaseLedger(self._values.database_address)) as ledger:
            outcome = wait(prefixes, ledger, dead, self._stop, patience, _teller())
        print(json.dumps(_account(outcome, readings)))
        return status(readings) or (1 if outcome.outstanding else 0)


def status(readings: list[Reading]) -> int:
    """The exit status: 0 when all was read that has an end, and nothing failed."""
    return 1 if any(reading.error or _was_cut(reading) for reading in readings) else 0


def _was_cut(reading: Reading) -> bool:
    """Whether we were stopped before the end of it; a live source has none."""
    return not (reading.source.is_live or reading.is_whole or reading.imported_at)


def _report(reading: Reading) -> None:
    """One line on standard error about what was read."""
    name = reading.source.path or reading.source.tail
    if reading.error:
        print(f"{name}: {reading.error}", file=sys.stderr)
    elif reading.imported_at:
        print(
            f"{name}: imported before ({reading.imported_at}), nothing done; --again imports it again", file=sys.stderr
        )
    else:
        tally = reading.tally
        ignored = ", ".join(f"{count} {reason}" for reason, count in sorted(tally.ignored.items())) or "none"
        print(
            f"{name}: {tally.lines} lines, {tally.messages} messages, {tally.incomplete} incomplete, ignored lines: {ignored}",
            file=sys.stderr,
        )
        if _was_cut(reading):
            print(f"{name}: stopped before its end; the same command goes on with a file where it was", file=sys.stderr)


def _account(outcome: Outcome, readings: list[Reading]) -> dict[str, Any]:
    return {
        "in": outcome.received,
        "stored": outcome.stored,
        "dropped": dict(sorted(outcome.dropped.items())),
        "rejected": dict(sorted(outcome.rejected.items())),
        "dead": outcome.dead,
        "outstanding": outcome.outstanding,
        "sources": [_source_account(reading) for reading in readings],
    }


def _source_account(reading: Reading) -> dict[str, Any]:
    tally = reading.tally
    return {
        "source": reading.source.tail,
        "file": str(reading.source.path) if reading.source.path else None,
        "imported_before": reading.imported_at,
        "lines": tally.lines,
        "messages": tally.messages,
        "incomplete": tally.incomplete,
        "ignored": dict(sorted(tally.ignored.items())),
    }


@contextmanager
def _progress(sources: list[Source]) -> Iterator[Callable[[int], None]]:
    """A bar over the bytes of all files when standard error is a terminal; gives the function to call with bytes read."""
    sizes = [source.path.stat().st_size for source in sources if source.path is not None]
    if not sizes or not sys.stderr.isatty():
        yield lambda count: None
        return
    columns = (
        TextColumn("reading"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("reading", total=sum(sizes))
        yield lambda count: progress.update(task, advance=count)


def _teller() -> Callable[[Outcome], None]:
    """Shows on a terminal how many records are still on their way."""
    if not sys.stderr.isatty():
        return lambda outcome: None

    def tell(outcome: Outcome) -> None:
        print(f"\r\033[Kwaiting for {outcome.outstanding} of {outcome.received} records", end="", file=sys.stderr)
        if not outcome.outstanding:
            print("\r\033[K", end="", file=sys.stderr)

    return tell
