"""`fairway filter explain` and `fairway filter simulate`: what filter rules make of files. They need no server.

This module stands above the services, as services.offline does.
"""

import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from services.filter.rule_file import read
from services.ingest.file_reader import DamagedFile, FileReader
from services.offline import FilesArgument, MappingFile, SourceName, lines_of, readers_of, until_seen_enough
from services.offline_tables import comparison_table, console, explanation_table, summary_table
from services.offline_trials import Trials, Tried

SHORT = 200  # records; of so few each is shown without being asked for
ALL = sys.maxsize

app = typer.Typer(no_args_is_help=True, help="Try filter rules on files; no server is needed.")


class Form(StrEnum):
    """For whom it is printed: people, or programs (NDJSON)."""

    TABLE = "table"
    JSON = "json"


Rules = Annotated[str, typer.Option("--rules", help="A preset, or a YAML file with rules.")]
Sets = Annotated[
    list[str], typer.Option("--rules", help="A preset, or a YAML file with rules; once for each that is compared.")
]
Mmsis = Annotated[list[int] | None, typer.Option("--mmsi", help="Tell only of this vessel; may be given again.")]
InForm = Annotated[Form, typer.Option("--format", help="A table for people, or NDJSON for programs.")]
All = Annotated[bool, typer.Option("--all", help=f"Show every record in the table, also if there are over {SHORT}.")]


@app.command()
def explain(
    files: FilesArgument,
    rules: Rules = "default",
    mmsi: Mmsis = None,
    form: InForm = Form.TABLE,
    every: All = False,
    source: SourceName = "file",
    mapping: MappingFile = None,
) -> None:
    """What rules make of each record, and why; then what they make of them all."""
    tells_all = every or bool(mmsi) or form is Form.JSON
    readers = readers_of(files, source, mapping)
    trials = Trials([read(rules)], source, mmsi or (), ALL if tells_all else SHORT)
    is_sound = _judge(readers, trials)
    [tried] = trials.tried()
    with until_seen_enough():
        if tells_all or len(tried.seen) <= SHORT:
            _show_each(tried, form)
        summary = tried.summary()
        if form is Form.JSON:
            _print_json({"summary": summary})
        else:
            console().print(summary_table(summary))
        _say_what_is_missing(summary.unstamped, summary.records.total, mmsi or ())
    if not is_sound:
        sys.exit(1)


@app.command()
def simulate(
    files: FilesArgument,
    rules: Sets,
    mmsi: Mmsis = None,
    form: InForm = Form.TABLE,
    source: SourceName = "file",
    mapping: MappingFile = None,
) -> None:
    """What several sets of rules make of the same records, side by side."""
    readers = readers_of(files, source, mapping)
    trials = Trials([read(each) for each in rules], source, mmsi or ())
    is_sound = _judge(readers, trials)
    summaries = [tried.summary() for tried in trials.tried()]
    with until_seen_enough():
        if form is Form.JSON:
            for name, summary in zip(rules, summaries, strict=True):
                _print_json({"rules": name, "summary": summary})
        else:
            console().print(comparison_table([Path(name).name for name in rules], summaries))
        _say_what_is_missing(summaries[0].unstamped, summaries[0].records.total, mmsi or ())
    if not is_sound:
        sys.exit(1)


def _judge(readers: Iterable[FileReader], trials: Trials) -> bool:
    """Whether all files were sound; of one that is not, what can be read of it is judged."""
    is_sound = True
    for reader in readers:
        try:
            for taken in reader:
                made = lines_of(taken)
                if made.records:
                    trials.take(made.body)
        except DamagedFile as error:
            print(f"fairway: {error}", file=sys.stderr)
            is_sound = False
    return is_sound


def _show_each(tried: Tried, form: Form) -> None:
    screen = console()
    for number, some in enumerate(tried.explanations()):
        if form is Form.JSON:
            sys.stdout.buffer.write(msgspec.json.Encoder().encode_lines(some))
        else:
            screen.print(explanation_table(some, is_first=number == 0))


def _print_json(value: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
    sys.stdout.flush()


def _say_what_is_missing(unstamped: int, records: int, mmsis: Iterable[int]) -> None:
    if not records:
        whose = f" of {', '.join(map(str, mmsis))}" if mmsis else ""
        print(f"fairway: there are no records{whose} in these files", file=sys.stderr)
    elif unstamped:
        print(
            f"fairway: {unstamped} of {records} records have no time stamp; they are judged by when they were read",
            file=sys.stderr,
        )
