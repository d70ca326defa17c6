"""Whether the cost of a message depends on how many there are: of messages, of vessels, of files. Whole flow, in one run.

Microseconds per message are wall time; a straight line of costs is a column that stays the same. What a run costs whatever it
plays (starting `fairway ingest`, waiting for the last group) weighs on the small ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import fleet, whole_flow
from benchmarks.stack import DEFAULT_RULES, KEEP_ALL, start_services
from benchmarks.whole_flow import Flow
from fairway.local import Local

VESSELS = 5_000
HEADER = "seconds | µs per message | CPU µs | filter MB | inserter MB | ingest MB |\n|--:|--:|--:|--:|--:|--:|--:|"


def of_messages(local: Local, folder: Path, counts: Sequence[int]) -> Iterator[str]:
    """Every row kept, the same vessels."""
    yield f"| messages of {VESSELS:,} vessels | {HEADER}"
    flows = {}
    for count in counts:
        file = fleet.write(folder / "curve.nmea", count, VESSELS)
        flows[count] = _play(local, file, KEEP_ALL, f"messages-{count}")
        yield _row(f"{count:,}", flows[count])
    seconds, cpu = _each_more(flows)
    yield f"\nEach message more: {seconds * 1e6:.1f} µs, {cpu * 1e6:.1f} µs of CPU."


def of_vessels(local: Local, folder: Path, counts: Sequence[int], messages: int) -> Iterator[str]:
    """The same number of messages; with every row kept and with the default filter, which remembers each vessel."""
    yield f"| vessels of {messages:,} messages, filter | {HEADER}"
    for rules in (KEEP_ALL, DEFAULT_RULES):
        for count in counts:
            file = fleet.write(folder / "curve.nmea", messages, count)
            yield _row(f"{count:,}, {rules}", _play(local, file, rules, f"vessels-{count}.{rules}"))


def of_files(local: Local, folder: Path, counts: Sequence[int], messages: int) -> Iterator[str]:
    """The same number of messages in more and more files."""
    yield f"| files of {messages:,} messages | {HEADER}"
    flows = {}
    for count in counts:
        inside = folder / f"files_{count}"
        inside.mkdir()
        for number in range(count):  # not one file is like another, or it would be imported once
            fleet.write(inside / f"{number}.nmea", messages // count, VESSELS, fleet.FIRST_MMSI + number)
        flows[count] = _play(local, inside, KEEP_ALL, f"files-{count}")
        yield _row(f"{count:,}", flows[count])
    _seconds, cpu = _each_more(flows)  # of wall time too much is waiting for the last group
    yield f"\nEach file more: {cpu * 1e3:.1f} ms of CPU."


def _each_more(flows: Mapping[int, Flow]) -> tuple[float, float]:
    """Seconds, and CPU seconds, that each one more costs between the least and the most: what every run costs is not in it."""
    least, most = min(flows), max(flows)
    a, b = flows[least], flows[most]
    more = max(1, most - least)
    cpu = (b.cpu_us_of_all * b.records - a.cpu_us_of_all * a.records) / 1e6
    return (b.seconds - a.seconds) / more, cpu / more


def _play(local: Local, path: Path, rules: str, name: str) -> Flow:
    start_services(local, rules)
    return whole_flow.run(local, path, f"bench.curve.{name}")


def _row(name: str, flow: Flow) -> str:
    cost = flow.seconds / flow.records * 1e6
    peaks = " | ".join(f"{flow.peak_mb[process]:.0f}" for process in ("filter", "db_inserter", "ingest"))
    return f"| {name} | {flow.seconds:.1f} | {cost:.1f} | {flow.cpu_us_of_all:.1f} | {peaks} |"
