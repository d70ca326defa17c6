"""What rules cost a record: the filter's stage with its journal, fed with the bodies that the decoder makes of a real mix."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from math import cos, radians, sin
from pathlib import Path

import yaml

from benchmarks.cpu import least_seconds
from benchmarks.framed import encoded, framed
from fairway.messages import Account, Message
from services.decoder.batches import decode_body
from services.filter.journal import Journal
from services.filter.judge import Filter
from services.filter.lines import reader_of
from services.filter.rule_file import PRESETS, parse, read
from services.filter.stage import FilterStage

BATCH_LINES = 4000
RUNS = 3
VERTICES = 2000  # of each area
AREAS = (
    (4.0, 52.0),
    (12.0, 56.0),
    (-80.0, 28.0),
    (120.0, 31.0),
    (139.0, 35.0),
)  # lon, lat of their middles: busy waters
RADIUS_DEGREES = 4.0
QUESTIONS = (
    "ship_type BETWEEN 80 AND 89 AND sog > 10",
    "casei(name) LIKE 'pilot%'",
    "nav_status = 7 AND sog > 12 OR draught > 20",
)
HEAVY = f"default, {len(AREAS)} areas of {VERTICES:,} vertices and {len(QUESTIONS)} expressions that flag"


def rows(file: Path) -> Iterator[str]:
    """A table: rules, microseconds of CPU a record, how many times the bare reading, share kept."""
    bodies = [decode_body(encoded(batch)) for batch in framed(file.read_bytes().splitlines(), BATCH_LINES)]
    messages = [_message(number, made.body, made.records) for number, made in enumerate(bodies)]
    count = sum(message.records for message in messages)
    reader = reader_of()
    unit = least_seconds(lambda: [reader.read([message.body]) for message in messages], RUNS) / count * 1e6
    yield f"{count:,} records in batches of up to {BATCH_LINES:,}; to read them into columns alone takes {unit:.2f} µs each.\n"
    yield "| rules | µs a record, reading and journal included | in bare readings | kept |\n|---|--:|--:|--:|"
    for name, rules in _rules():
        kept: list[int] = []
        cost = min(_stage(rules, messages, kept) for _run in range(RUNS)) / count * 1e6
        yield f"| {name} | {cost:.2f} | {cost / unit:.1f} | {kept[-1] / count:.1%} |"


def _rules() -> Iterator[tuple[str, Callable[[], Filter]]]:
    for preset in PRESETS:
        yield preset, lambda preset=preset: Filter(read(preset))  # type: ignore[misc]
    yield HEAVY, lambda: Filter([*read("default")[:-1], *parse(_heavy(), "heavy", Path()), read("default")[-1]])


def _heavy() -> str:
    areas = [{"rule": "area", "action": "flag", "polygons": [_star(lon, lat)]} for lon, lat in AREAS]
    asked = [{"rule": "expression", "action": "flag", "where": question} for question in QUESTIONS]
    return yaml.safe_dump({"rules": [*areas, *asked]})


def _star(lon: float, lat: float) -> dict[str, object]:
    """A coast-like ring: in and out at each vertex, with a few large bays."""
    ring = []
    for number in range(VERTICES):
        angle = radians(360 * number / VERTICES)
        radius = RADIUS_DEGREES * (0.7 + 0.25 * sin(7 * angle) + 0.03 * (number % 2))
        ring.append([lon + radius * cos(angle), lat + 0.6 * radius * sin(angle)])
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _stage(rules: Callable[[], Filter], messages: Sequence[Message], kept: list[int]) -> float:
    """CPU seconds of one run by a stage that remembers nothing yet."""
    with tempfile.TemporaryDirectory() as folder:
        stage = FilterStage(rules(), journal=Journal(Path(folder)))
        began = time.process_time()
        records = 0
        for message in messages:
            records += sum(made.records for made in stage.handle([message]) if not made.is_copy)
            stage.commit()
        kept.append(records)
        return time.process_time() - began


def _message(number: int, body: bytes, records: int) -> Message:
    return Message(
        "decoded.ais.bench.rules", f"{number}/d", body, records, Account(records), "2026-01-01T00:00:00.000Z"
    )
