"""Several filters that share the vessels find together what one finds."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest
import yaml

from fairway import records
from fairway.messages import Message
from fairway.partitioning import split
from services.filter.judge import Filter
from services.filter.rule_file import parse
from services.filter.stage import FilterStage
from tests.unit.services.filter.test_restart import _batches, _stream

NEAR_ZERO = [[[-2, -2], [2, -2], [2, 2], [-2, 2], [-2, -2]]]
RULES = [
    {"rule": "duplicate"},
    {
        "rule": "plausible",
        "checks": ["implied_speed", "null_island", "fast", "shared_mmsi", "out_of_range", "dimensions"],
        "stations": {f"s{number}": [10.0, 55.0] for number in range(0, 2000, 3)},
    },
    {"rule": "area", "polygons": [{"type": "Polygon", "coordinates": NEAR_ZERO}], "action": "flag"},
    {"rule": "select", "ship_types": ["80-89"], "action": "route", "to": "{source}.tankers"},
    {"rule": "expression", "where": "name = 'ASTRID' AND sog < 2 OR destination = 'KIEL'", "action": "flag"},
    {"rule": "redundant", "positions": "track_error", "hold_seconds": 100_000},
]


def _output(
    batches: list[Message], partitions: int, rules: list[dict[str, object]]
) -> tuple[Counter[tuple[str, bytes]], Counter[str]]:
    """What is published by all filters together, by tail, and what was dropped; what is held in the end is published then."""
    text = yaml.safe_dump({"rules": rules})
    stages = [FilterStage(Filter(parse(text, "test", Path()))) for _ in range(partitions)]
    outputs: list[Message] = []
    for batch in batches:
        for part in split(batch, partitions):
            stage = stages[int(part.id.rpartition("/p")[2][0]) - 1 if partitions > 1 else 0]
            outputs += stage.handle([part])
            stage.commit()
    for stage in stages:
        stage.use(Filter([]))  # which publishes what is held
        outputs += stage.due()
    lines: Counter[tuple[str, bytes]] = Counter()
    dropped: Counter[str] = Counter()
    for output in outputs:
        lines.update((output.key, line) for line in output.body.splitlines())
        dropped.update(output.account.dropped)
    return lines, dropped


@pytest.mark.parametrize("partitions", [2, 3, 8])
def test_together_they_keep_flag_drop_and_copy_what_one_does(partitions: int) -> None:
    stream = [record for seed in range(3) for record in _stream(seed)]
    batches = _batches(stream, 50, ("coastal.one", "coastal.two"))
    one, several = _output(batches, 1, RULES), _output(batches, partitions, RULES)
    assert several == one
    keys = Counter(key for key, _line in one[0])
    assert set(keys) == {f"filtered.ais.coastal.{tail}" for tail in ("one", "two", "one.tankers", "two.tankers")}
    found = Counter(name for _key, line in one[0] for name in _flags_of(line))
    assert len(found) > 2
    assert all(one[1][name] for name in ("duplicate", "redundant"))


def _flags_of(line: bytes) -> list[int]:
    [record] = records.decode_decoded(line)
    return [bit for bit in range(15) if (record.flags or 0) >> bit & 1]


def test_a_crowd_is_seen_by_one_filter_better_than_by_several(position) -> None:
    """What looks across vessels sees only those that a filter has."""
    crowd = [
        position(number, mmsi=219000000 + number * 7, digest=number, lon=12.5, lat=56.0, sog=7.3) for number in range(6)
    ]
    batches = _batches(crowd, 2)
    rules = [{"rule": "plausible", "checks": ["crowd"], "crowd_vessels": 5}]
    one, several = _output(batches, 1, rules), _output(batches, 2, rules)
    assert any(b'"flags"' in line for _key, line in one[0])
    assert not any(b'"flags"' in line for _key, line in several[0])


def test_vessels_are_shared_out_at_random_in_streams_of_tests() -> None:
    shares = Counter(
        part.id.rpartition("/")[2]
        for batch in _batches(_stream(Random(1).randrange(9)), 50)
        for part in split(batch, 2)
    )
    assert set(shares) == {"p1of2", "p2of2"}
