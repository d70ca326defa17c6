"""Stages put together in one process, without broker or database: what `fairway decode` does.

This module stands above the services; they do not know it, and still not each other.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from fairway import records
from fairway.errors import BadSetting
from fairway.raw_block import RawBlock
from fairway.records import Decoded, Raw, Rejected
from fairway.topics import BadTail, check_tail
from services.decoder.batches import Made as Lines
from services.decoder.batches import decode_rows
from services.decoder.decoding import decode_one
from services.ingest.batching import encode
from services.ingest.content.flow import FileFlow
from services.ingest.decoded_block import DecodedBlock
from services.ingest.event_time import EventTimes
from services.ingest.feeds import standard_input
from services.ingest.file_reader import DamagedFile, FileReader
from services.ingest.formats.tables import mapping as mapping_module
from services.ingest.formats.tables.mapping import Mapping
from services.ingest.line_format import One, Taken, Tally, one_by_one, records_in
from services.ingest.paths import files_at
from services.offline_statistics import Statistics

FUTURE_MS = 600_000
_encoder = msgspec.json.Encoder()
STANDARD_INPUT = "-"

FilesArgument = Annotated[
    list[str],
    typer.Argument(metavar="FILE...", help="Files, folders or patterns, also compressed; - is standard input."),
]
SourceName = Annotated[str, typer.Option("--source", help="What to call the source in the records.")]
RawToo = Annotated[
    bool, typer.Option("--raw", help="With each record the sentences and the tag block that it is from.")
]
Stats = Annotated[bool, typer.Option("--stats", help="Instead of the records a table of what there is.")]
MappingFile = Annotated[Path | None, typer.Option("--mapping", help="YAML file: what the columns of a table mean.")]

Made = tuple[Sequence[Decoded], list[Rejected]]


@dataclass
class Reading:
    """What a file gave. `decoded` and `rejected` are of all records, wherever in the flow they were decoded or rejected."""

    tally: Tally
    decoded: list[Decoded] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


@dataclass
class Totals:
    """What became of every record: messages + rows = decoded + rejected."""

    decoded: int = 0
    rejected: Counter[str] = field(default_factory=Counter)


def decode(
    files: FilesArgument,
    source: SourceName = "file",
    raw: RawToo = False,
    stats: Stats = False,
    mapping: MappingFile = None,
) -> None:
    """Decode files to NDJSON on standard output; needs no server. What happened to every line goes to standard error."""
    readers = readers_of(files, source, mapping)
    with until_seen_enough():
        soundness = [_count_all(readers)] if stats else [_print_one(reader, raw=raw) for reader in readers]
    if not all(soundness):
        sys.exit(1)


def readers_of(files: Iterable[str], source: str, mapping: Path | None) -> list[FileReader]:
    """A reader of each file that a person names, as records of this source. Raises BadSetting when one cannot be read."""
    try:
        check_tail(source)
    except BadTail as error:
        raise BadSetting(str(error)) from None
    columns = mapping_module.load(mapping) if mapping is not None else None
    return [_reader(path, source, columns) for path in _paths(files)]


@contextmanager
def until_seen_enough() -> Iterator[None]:
    """Ends the program quietly when who reads its output, such as head, has seen enough."""
    try:
        yield
    except BrokenPipeError:
        sys.stderr.close()  # Python would complain once more at exit
        sys.exit(0)


def read_file(path: Path, source: str = "file", mapping: Mapping | None = None) -> Reading:
    """All that a file holds. Raises BadSetting when it cannot be read."""
    reader = FileReader(path, source, times=EventTimes(FUTURE_MS), mapping=mapping)
    reading = Reading(reader.tally)
    for taken in reader:
        decoded, rejected = _made_of(taken)
        reading.decoded += decoded
        reading.rejected += rejected
    return reading


def _made_of(taken: Sequence[Taken]) -> Made:
    """What becomes of the records of a slice."""
    made = lines_of(taken)
    return records.decode_decoded(made.body), made.rejected


def lines_of(taken: Sequence[Taken]) -> Lines:
    """What becomes of the records of a slice, those that were decoded as NDJSON."""
    made = decode_rows([each for each in taken if isinstance(each, (Raw, RawBlock))])
    decoded = [each for each in taken if isinstance(each, (Decoded, DecodedBlock))]
    rejected = [each for each in taken if isinstance(each, Rejected)]
    if not (decoded or rejected):
        return made
    return Lines(made.body + encode(decoded), made.records + records_in(decoded), made.rejected + rejected)


def _paths(given: Iterable[str | Path]) -> list[Path]:
    paths = [path for each in given for path in ([Path("-")] if str(each) == "-" else files_at(str(each)))]
    for path in paths:
        if str(path) != STANDARD_INPUT and not path.is_fifo():
            _check(path)
    return paths


def _check(path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as error:
        raise BadSetting(f"{path} cannot be read: {error.strerror or error}") from None


def _reader(path: Path, source: str, mapping: Mapping | None) -> FileReader:
    times = EventTimes(FUTURE_MS)
    if str(path) == STANDARD_INPUT:
        flow = FileFlow(FileIO(standard_input.descriptor(), closefd=False))
        return FileReader(None, source, times=times, mapping=mapping, flow=flow)
    return FileReader(path, source, times=times, mapping=mapping)


def _print_one(reader: FileReader, *, raw: bool) -> bool:
    """Whether the file was sound; of one that is not, what can be read of it is printed."""
    output = sys.stdout.buffer
    totals = Totals()
    damage: DamagedFile | None = None
    try:
        for taken in reader:
            made = lines_of(taken)
            output.write(_traced(taken) if raw else made.body + records.encode(made.rejected))
            totals.decoded += made.records
            totals.rejected.update(record.reason for record in made.rejected)
    except DamagedFile as error:
        damage = error
    output.flush()
    print(summary(reader.name, reader.tally, totals), file=sys.stderr)
    if damage is not None:
        print(f"fairway: {damage}", file=sys.stderr)
    return damage is None


def _traced(taken: Sequence[Taken]) -> bytes:
    """Lines of records in the order of the file, with what each was made of."""
    return _encoder.encode_lines([_with_sentences(record) for record in one_by_one(taken)])


def _with_sentences(record: One) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.to_builtins(decode_one(record) if type(record) is Raw else record)
    if type(record) is Raw:
        values["sentences"] = record.sentences
        if record.tag_block is not None:
            values["tag_block"] = record.tag_block
    return values


def _count_all(readers: Iterable[FileReader]) -> bool:
    """Whether all files were sound; prints the table of them all."""
    statistics = Statistics()
    began = time.monotonic()
    is_sound = True
    for reader in readers:
        try:
            for taken in reader:
                statistics.take(*_made_of(taken))
        except DamagedFile as error:
            print(f"fairway: {error}", file=sys.stderr)
            is_sound = False
        statistics.end_file(reader.tally)
    statistics.show(time.monotonic() - began)
    return is_sound


def summary(name: str, tally: Tally, totals: Totals) -> str:
    """One line that accounts for every line of a file."""
    return (
        f"{name}: {tally.lines} lines = {tally.sentence_lines} with sentences + {tally.data_lines} with data"
        f" + {tally.ignored.total()} ignored ({_counts(tally.ignored)});"
        f" {tally.sentences} sentences; {tally.records} records = {totals.decoded} decoded"
        f" + {totals.rejected.total()} rejected ({_counts(totals.rejected)}); {tally.incomplete} incomplete"
        f" ({tally.incomplete_sentences} sentences), {tally.repeated_parts} parts repeated"
    )


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in sorted(counter.items())) or "none"
