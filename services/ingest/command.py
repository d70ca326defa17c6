"""`fairway ingest`: reads files or feeds once, shows how far it is, and can wait for what became of every record."""

import json
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from fairway import settings as settings_module
from fairway import telemetry
from fairway.broker import RabbitBroker
from fairway.errors import BadSetting
from fairway.local import surroundings
from fairway.service import stop_on_signals
from fairway.settings import IngestSettings
from services.ingest.display import Advance, shown
from services.ingest.feeds.files import Files
from services.ingest.feeds.follow import Follow
from services.ingest.feeds.pipe import Pipe
from services.ingest.feeds.rotation import is_packed, is_rotated
from services.ingest.formats.tables import mapping as mapping_module
from services.ingest.imports import known_to
from services.ingest.intake import Intake
from services.ingest.paths import check_readable
from services.ingest.source import Reading, Source
from services.ingest.sources import check_keys, gather
from services.ingest.waiting import DatabaseLedger, DeadWatch, Outcome, RabbitDeadQueue, check_database, wait

PATIENCE_SECONDS = 120.0
LEAST_SPEED, MOST_SPEED = 1e-6, 1e9  # a second that takes eleven days, and thirty years in one

Sources = Annotated[list[str] | None, typer.Option("--source", help="TAIL=URL, such as coastal.aishub=file:day.log.gz")]
SourcesFile = Annotated[Path | None, typer.Option(help="YAML file of sources.")]
Speed = Annotated[float | None, typer.Option(help="Replay files by event time, this many times faster than it went.")]
AsFast = Annotated[bool, typer.Option("--as-fast-as-possible", help="Read files without pauses (the default).")]
Again = Annotated[bool, typer.Option(help="Import files even if they have been imported before.")]
FollowThem = Annotated[
    bool, typer.Option("--follow", help="Go on reading files as they grow, through rotation, until stopped.")
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", help="YAML file: what the columns of tables in files mean.")
]
Wait = Annotated[bool, typer.Option(help="Wait until every record is accounted for; print the account as JSON.")]
Patience = Annotated[float, typer.Option(help="With --wait: give up after so many seconds without progress.")]


def ingest(
    source: Sources = None,
    sources_file: SourcesFile = None,
    speed: Speed = None,
    as_fast_as_possible: AsFast = False,
    again: Again = False,
    follow: FollowThem = False,
    mapping: MappingFile = None,
    wait: Wait = False,
    patience: Patience = PATIENCE_SECONDS,
) -> None:
    """Read files or feeds into the pipeline."""
    if speed is not None and (not LEAST_SPEED <= speed <= MOST_SPEED or as_fast_as_possible):
        raise BadSetting("--speed must be above 0, such as 60, and does not go with --as-fast-as-possible")
    if not patience > 0:
        raise BadSetting("--patience must be above 0 seconds")
    if follow and (speed is not None or wait or again):
        raise BadSetting(
            "--follow does not end and is never done again: it does not go with --speed, --wait and --again"
        )
    values = settings_module.read(IngestSettings, surroundings("ingest"))
    sources = gather(source or (), "", sources_file)
    if not sources:
        raise BadSetting("there is nothing to read: give --source TAIL=URL, such as coastal.aishub=file:day.log.gz")
    if wait and any(each.is_live and not isinstance(each.feed, Pipe) for each in sources):
        raise BadSetting("--wait is for what has an end, such as a file; a live feed has none")
    if follow:
        sources = [followed(each) for each in that_grow(sources)]
    if mapping is not None:
        sources = with_mapping(sources, mapping)
    for each in sources:
        if isinstance(each.feed, Files):
            check_readable(each.feed.path)
    check_keys(sources, values)
    sys.exit(_Run(values, sources, speed=speed, again=again).run(patience if wait else None))


def followed(source: Source) -> Source:
    """A file's source as one of a log that grows; others are as they are."""
    return replace(source, kind="follow", feed=Follow(source.feed.path)) if isinstance(source.feed, Files) else source


def that_grow(sources: list[Source]) -> list[Source]:
    """Without what rotation has left in a folder beside a log: its follower finds that by itself, if it needs to."""
    paths = {each.feed.path for each in sources if isinstance(each.feed, Files)}
    growing = []
    for source in sources:
        path = source.feed.path if isinstance(source.feed, Files) else None
        if path is None or len(paths) == 1:
            growing.append(source)
        elif is_packed(path) or any(is_rotated(path, log) for log in paths):
            print(f"{path}: not followed, since it does not grow; read it without --follow", file=sys.stderr)
        else:
            growing.append(source)
    if not growing:
        raise BadSetting("there is nothing to follow: all these files are compressed")
    return growing


def with_mapping(sources: list[Source], path: Path) -> list[Source]:
    """The mapping for all files that have none of their own. Raises BadSetting."""
    mapping = mapping_module.load(path)
    return [
        replace(source, mapping=mapping) if source.mapping is None and source.kind in ("file", "follow") else source
        for source in sources
    ]


class _Run:
    def __init__(self, values: IngestSettings, sources: list[Source], *, speed: float | None, again: bool) -> None:
        telemetry.start_logging(
            values.log_format, "warning" if values.log_level == "info" else values.log_level, "ingest"
        )
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
        intake = Intake(
            self._sources,
            self._values,
            RabbitBroker(self._values.broker_address, name="fairway ingest"),
            self._stop,
            name="command",
            again=self._again,
            speed=self._speed,
            imported=known_to(self._values.database_address),
            read_bytes=lambda count: advance.add(count),
        )
        advance = Advance(intake.readings)
        with shown(advance):
            intake.run(until_read=True)
        for reading in intake.readings:
            _report(reading)
        return intake.readings

    def _wait(self, readings: list[Reading], dead: DeadWatch, patience: float) -> int:
        prefixes = {r.prefix: r.tally.records for r in readings if r.prefix and not r.imported_at}
        with closing(DatabaseLedger(self._values.database_address)) as ledger:
            outcome = wait(prefixes, ledger, dead, self._stop, patience, _teller())
        if outcome.held > 0:
            print(f"held back by the filter: {outcome.held}, published within minutes", file=sys.stderr)
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
    name = reading.source.name
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
            f"{name}: {tally.lines} lines, {tally.records} records, {tally.incomplete} incomplete, ignored lines: {ignored}",
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
        "held": outcome.held,
        "outstanding": outcome.outstanding,
        "sources": [_source_account(reading) for reading in readings],
    }


def _source_account(reading: Reading) -> dict[str, Any]:
    tally = reading.tally
    return {
        "source": reading.source.tail,
        "file": None if reading.source.is_live else reading.source.name,
        "imported_before": reading.imported_at,
        "lines": tally.lines,
        "messages": tally.messages,
        "decoded": tally.decoded,
        "incomplete": tally.incomplete,
        "ignored": dict(sorted(tally.ignored.items())),
    }


def _teller() -> Callable[[Outcome], None]:
    """Shows on a terminal how many records are still on their way."""
    if not sys.stderr.isatty():
        return lambda outcome: None

    def tell(outcome: Outcome) -> None:
        print(f"\r\033[Kwaiting for {outcome.outstanding} of {outcome.received} records", end="", file=sys.stderr)
        if not outcome.outstanding:
            print("\r\033[K", end="", file=sys.stderr)

    return tell
