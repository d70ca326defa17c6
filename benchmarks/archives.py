"""Loading an archive: a large file of each usual kind to rows in PostGIS, every row kept, and the memory that takes over time."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import fleet, tables, whole_flow
from benchmarks.stack import KEEP_ALL, start_services
from fairway.local import Local

NMEA = "NMEA, bare lines"
KINDS = (NMEA, *tables.FORMS)
VESSELS = 20_000  # that a country's day has, about


def rows(local: Local, folder: Path, count: int, kinds: Sequence[str]) -> Iterator[str]:
    """A table of rates, one of CPU by process, and one of memory for each kind of file."""
    flows = {}
    for number, kind in enumerate(kinds):
        file = _write(folder / f"archive_{number}", kind, count)
        start_services(local, KEEP_ALL)
        flows[kind] = whole_flow.run(local, file, f"bench.archive-{number}")
        file.unlink()
    yield "| archive | rows | records | seconds | rows/s | CPU µs per row |\n|---|--:|--:|--:|--:|--:|"
    for name, flow in flows.items():
        cpu = flow.cpu_us_of_all * flow.records / count
        yield f"| {name} | {count:,} | {flow.records:,} | {flow.seconds:.1f} | {count / flow.seconds:,.0f} | {cpu:.1f} |"
    yield ""
    yield from whole_flow.rows(flows)
    for name, flow in flows.items():
        yield f"\nResident memory while loading {name}:\n"
        yield from whole_flow.memory_rows(flow.series)


def _write(path: Path, kind: str, count: int) -> Path:
    if kind == NMEA:
        return fleet.write(path, count, VESSELS)
    with path.open("wb") as file:
        file.writelines(line + b"\n" for line in tables.FORMS[kind](count))
    return path
