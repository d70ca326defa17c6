"""`fairway export WHAT FILE`: positions, tracks and vessels out of PostGIS into a file."""

import os
import signal
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from fairway import database
from fairway import settings as settings_module
from fairway.errors import BadSetting
from fairway.export import asked as words
from fairway.export import progress, subjects, target
from fairway.export.asked import Asked
from fairway.export.formats import choice
from fairway.export.formats.choice import Format
from fairway.export.reading import Reader, interruptible
from fairway.export.subjects import Subject
from fairway.local import surroundings
from fairway.settings import CommonSettings

What = Annotated[str, typer.Argument(help="positions, tracks, track (of one vessel) or vessels_now.")]
To = Annotated[str, typer.Argument(metavar="FILE", help="Its ending says the format; - is standard output.")]
From = Annotated[
    str | None, typer.Option("--from", help="First moment, such as 2026-01-02 or 2026-01-02T10:00Z (UTC).")
]
Until = Annotated[str | None, typer.Option("--to", help="First moment after; now if not given.")]
BoundingBox = Annotated[str | None, typer.Option("--bbox", help="west,south,east,north in degrees.")]
Mmsis = Annotated[list[str] | None, typer.Option("--mmsi", help="Vessels; again, or with commas, for several.")]
SourceName = Annotated[str | None, typer.Option("--source", help="Source of positions, such as coastal.denmark.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Write so many rows at most.")]
FormatName = Annotated[
    str | None,
    typer.Option("--format", help=f"{', '.join(each.name for each in choice.FORMATS)}; by the ending if not given."),
]

INTERRUPTED = 128 + signal.SIGINT


def export(
    what: What,
    to: To,
    from_: From = None,
    until: Until = None,
    bbox: BoundingBox = None,
    mmsi: Mmsis = None,
    source: SourceName = None,
    limit: Limit = None,
    format_: FormatName = None,
) -> None:
    """Write data out of PostGIS: CSV, GeoJSON, GeoParquet, and KML or GPX of tracks. The file appears when it is whole."""
    subject = subjects.named(what)
    given = {"from": from_, "to": until, "bbox": bbox, "mmsi": mmsi, "source": source}
    subject.check({option: value is not None for option, value in given.items()})
    as_format = choice.chosen(format_, to)
    _check(subject, as_format)
    asked = Asked(
        begin=words.time(from_, "--from") if from_ is not None else None,
        end=words.time(until, "--to") if until is not None else datetime.now(UTC),
        boxes=words.boxes(bbox) if bbox is not None else (),
        mmsis=words.mmsis(mmsi or ()),
        source=source,
        limit=limit,
    )
    if asked.begin and asked.end and asked.begin >= asked.end:
        raise BadSetting(f"--from {from_} is not before --to {until or 'now'}")
    if subject.is_of_one_vessel and len(asked.mmsis) != 1:
        raise BadSetting(f"--mmsi names {len(asked.mmsis)} vessels; {subject.sentence}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that no part of a file is left
    try:
        rows = _export(subject, asked, as_format, to)
    except KeyboardInterrupt:
        print("fairway: interrupted; the file is not whole and was not kept", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # head has seen enough; Python would complain once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    print(f"wrote {rows:,} rows of {subject.name} to {to}", file=sys.stderr)


def _check(subject: Subject, as_format: Format) -> None:
    if as_format.is_of_lines and not subject.has_lines:
        raise BadSetting(f"{as_format.name} is for track and tracks, not for {subject.name}")


def _export(subject: Subject, asked: Asked, as_format: Format, to: str) -> int:
    """How many rows were written."""
    address = settings_module.read(CommonSettings, surroundings("operator")).database_address
    rows = 0
    with (
        closing(database.connect(address, "fairway export", statement_seconds=None)) as connection,
        interruptible(),
        target.opened(to) as file,
    ):
        reader = Reader(connection, subject, asked)
        with progress.shown(subject.name) as count, as_format.writing(file, reader.table) as write:
            for batch in reader.batches():
                write(batch)
                count(len(batch))
                rows += len(batch)
    return rows
