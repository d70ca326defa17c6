"""The visible list of everything that is measured; each part has a module of its own that says what it measures and how."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import (
    archives,
    budget,
    curves,
    framing,
    latency,
    live,
    loading,
    rules,
    side_by_side,
    storage,
    tables,
    traffic,
    usual_way,
    whole_flow,
)
from benchmarks.size import Size
from benchmarks.stack import DEFAULT_RULES, KEEP_ALL, start_services
from fairway.local import Local

FALLBACK_COST = 13.0  # CPU µs per record to reckon a live feed's rate from, when no file was played before
MOST_LIVE_LINES = 500_000  # that the sender holds; it sends them again and again


@dataclass
class Bench:
    """What parts need. `cost` is what the part with the whole flow found out: CPU µs per record, every row kept."""

    folder: Path
    size: Size
    local: Local | None = None
    cost: float = FALLBACK_COST

    @property
    def stack(self) -> Local:
        """The running servers."""
        assert self.local is not None
        return self.local


@dataclass(frozen=True)
class Part:
    """`lines` are Markdown."""

    name: str
    title: str
    lines: Callable[[Bench], Iterator[str]]
    needs_servers: bool = True


def _decoders(bench: Bench) -> Iterator[str]:
    lines = traffic.real_lines(bench.folder, bench.size.lines)
    yield from side_by_side.rows(lines.file, lines.origin, bench.size.decoder_rounds)


def _budget(bench: Bench) -> Iterator[str]:
    lines = traffic.real_lines(bench.folder, bench.size.lines)
    yield from budget.rows(lines.file)


def _forms(bench: Bench) -> Iterator[str]:
    yield "| lines | µs a line | bare split, µs | ratio |\n|---|--:|--:|--:|"
    yield from framing.rows(framing.made(framing.LINES), bench.size.form_turns)


def _rules(bench: Bench) -> Iterator[str]:
    yield from rules.rows(traffic.mix(bench.folder, bench.size.rules_messages).file)


def _tables(bench: Bench) -> Iterator[str]:
    yield "| table | rows/s | bare csv module, rows/s | cost ratio |\n|---|--:|--:|--:|"
    yield from tables.rows(bench.size.table_rows)


def _flow(bench: Bench) -> Iterator[str]:
    local, size = bench.stack, bench.size
    some = traffic.positions(bench.folder, size.usual_messages)
    usual = usual_way.all_variants(local, some.file)
    positions = traffic.positions(bench.folder, size.flow_messages)
    start_services(local, KEEP_ALL)
    kept = whole_flow.run(local, positions.file, "bench.positions")
    mixed = traffic.mix(bench.folder, size.mix_messages)
    start_services(local, DEFAULT_RULES)
    filtered = whole_flow.run(local, mixed.file, "bench.mix")
    bench.cost = kept.cpu_us_of_all
    yield "| | messages | seconds | messages/s | ratio | CPU µs per message |\n|---|--:|--:|--:|--:|--:|"
    yield from whole_flow.comparison(usual, {"every row kept": kept, "default filter": filtered})
    yield f"\nEvery row kept: {positions.origin}. Default filter: {mixed.origin}; {filtered.account['stored']:,} rows stored.\n"
    yield from whole_flow.rows({"every row kept": kept, "default filter": filtered})
    yield "\n" + "".join(storage.rows(local))
    yield "\nResident memory, every row kept:\n"
    yield from whole_flow.memory_rows(kept.series)


def _loading(bench: Bench) -> Iterator[str]:
    yield from loading.rows(bench.stack, traffic.mix(bench.folder, bench.size.loader_messages))


def _live(bench: Bench) -> Iterator[str]:
    size = bench.size
    positions = traffic.positions(bench.folder, min(MOST_LIVE_LINES, size.flow_messages))
    possible = len(os.sched_getaffinity(0)) / bench.cost * 1e6  # messages a second, if nobody ever waited
    yield from live.rows(bench.stack, positions, possible * size.live_share, size.live_seconds, size.live_tries)


def _latency(bench: Bench) -> Iterator[str]:
    yield from latency.rows(bench.stack, bench.folder, bench.size.latency_seconds)


def _archives(bench: Bench) -> Iterator[str]:
    yield from archives.rows(bench.stack, bench.folder, bench.size.archive_rows, bench.size.archive_kinds)


def _curves(bench: Bench) -> Iterator[str]:
    local, folder, size = bench.stack, bench.folder, bench.size
    yield from curves.of_messages(local, folder, size.curve_messages)
    if size.curve_vessels:
        yield ""
        yield from curves.of_vessels(local, folder, size.curve_vessels, size.vessel_messages)
    if size.curve_files:
        yield ""
        yield from curves.of_files(local, folder, size.curve_files, size.file_messages)


PARTS = (
    Part("decoders", "Lines to decoded messages, one core, beside other decoders", _decoders, needs_servers=False),
    Part("budget", "What a line costs step by step, one core", _budget, needs_servers=False),
    Part("forms", "Forms of lines, from line to raw record, one core", _forms, needs_servers=False),
    Part("tables", "Tables, from line to decoded records, one core", _tables, needs_servers=False),
    Part("rules", "What the filter's rules cost, one core", _rules, needs_servers=False),
    Part("flow", "End to end, RabbitMQ and PostGIS included, from a file", _flow),
    Part("loading", "A recording to PostgreSQL, beside AISdb's loader", _loading),
    Part("live", "A live feed over TCP, every row kept: the rate at which nothing grows", _live),
    Part("latency", "Latency of a thousand messages a second over UDP, default settings", _latency),
    Part("archives", "Archives to rows in PostGIS, every row kept", _archives),
    Part("curves", "Cost of a message as counts grow", _curves),
)
