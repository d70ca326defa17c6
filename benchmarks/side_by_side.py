"""From NMEA lines to decoded messages on one core: ours beside other decoders, all on the same lines in the same run.

Contenders take turns, each in a process of its own, and the fastest turn of each counts: other work on the machine only ever
makes a turn slower.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers import interpreter_of, run


@dataclass(frozen=True)
class Contender:
    """`module` of benchmarks.decoders; `library` is what must be importable for it."""

    name: str
    module: str
    library: str


@dataclass(frozen=True)
class Result:
    """Of the fastest turn."""

    seconds: float
    decoded: int
    refused: int
    version: str


OURS = Contender("Fairway, NDJSON", "fairway_ndjson", "fairway")
PEERS = (
    Contender("pyais, dictionaries", "pyais_dicts", "pyais"),
    Contender("pyais, JSON by to_json", "pyais_json", "pyais"),
    Contender("pyais, JSON by msgspec", "pyais_msgspec", "pyais"),
    Contender("libais, dictionaries", "libais_dicts", "ais"),
    Contender("aiscat, dictionaries", "aiscat_dicts", "aiscat"),
    Contender("aiscat, JSON", "aiscat_json", "aiscat"),
)


def rows(file: Path, origin: str, rounds: int) -> Iterator[str]:
    """A table of all contenders; ratio: how many times as long as ours."""
    lines = file.read_bytes().count(b"\n")
    pythons = {each: interpreter_of(each.library) for each in (OURS, *PEERS)}
    best = _take_turns(pythons, file, rounds)
    yield f"{lines:,} lines: {origin}.\n"
    yield "| decoder | version | messages | refused | µs a line | ratio |\n|---|---|--:|--:|--:|--:|"
    ours = best[OURS]
    for contender in pythons:
        result = best.get(contender)
        if result is None:
            yield f"| {contender.name} | not installed | | | | |"
            continue
        cost, ratio = result.seconds / lines * 1e6, result.seconds / ours.seconds
        yield (
            f"| {contender.name} | {result.version} | {result.decoded:,} | {result.refused:,} | {cost:.2f} | {ratio:.1f} |"
        )


def _take_turns(pythons: dict[Contender, str | None], file: Path, rounds: int) -> dict[Contender, Result]:
    best: dict[Contender, Result] = {}
    for _round in range(rounds):
        for contender, python in pythons.items():
            if python is None:
                continue
            result = _turn(contender, python, file)
            if contender not in best or result.seconds < best[contender].seconds:
                best[contender] = result
    return best


def _turn(contender: Contender, python: str, file: Path) -> Result:
    return Result(**json.loads(run(python, f"benchmarks.decoders.{contender.module}", str(file))))
