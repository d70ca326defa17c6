"""Every service killed several times, RabbitMQ restarted, PostgreSQL away for half a minute: each record once in the database."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairway.clock import to_ms
from fairway.flags import BITS
from fairway.records import AnyDecoded, Position
from tests.system.conftest import Pipeline, until
from tests.system.fresh_stack import FreshStack
from tests.unit.services.filter.rules.track_checker import check

MESSAGES = 300_000
TAIL = "kill.test"
DATABASE_AWAY_SECONDS = 30
ROUNDS = 3
SERVICES = ("ingest", "decoder", "filter", "db_inserter")

KEYS = """
SELECT msg_type, mmsi, event_time FROM ais.positions
UNION ALL SELECT msg_type, mmsi, event_time FROM ais.base_station_reports
UNION ALL SELECT msg_type, mmsi, event_time FROM ais.aton_reports
"""
PUBLISHED = "SELECT 1 FROM ops.imports"  # written once the file is published whole
STATIC = "SELECT msg_type, mmsi, sum(reports) FROM ais.static_reports GROUP BY 1, 2"
TAKEN_IN = "SELECT coalesce(sum(received), 0) FROM ops.ledger WHERE source = %s AND batch_id NOT LIKE '%%/import%%'"
FLAGS = "SELECT msg_type, mmsi, event_time, flags FROM ais.positions"
STATIC_TYPES = (5, 24)
POSITION_TYPES = (1, 2, 3, 18)
ROUNDING_METRES = 0.5  # of what the simulator says to what it sends
SETTINGS = {"filter_rules": "keep_all", "insert_seconds": "0.5", "batch_records": "50"}
RULES = """
rules:
  - {rule: duplicate, heard: true}
  - {rule: plausible}
  - {rule: area, boxes: [[8, 54, 13, 58]], action: flag}
  - {rule: land, mask: land.geojson, coast_metres: 500}
  - {rule: select, ship_types: ["80-89"], action: route, to: "{source}.tankers"}
  - {rule: expression, where: "sog > 12 AND ship_type BETWEEN 70 AND 79", action: flag}
  - {rule: redundant, positions: track_error, hold_seconds: 3}
"""
# Across the Great Belt, so that ships are on it.
LAND = '{"type": "Polygon", "coordinates": [[[10.5, 54.5], [11.5, 54.5], [11.5, 56], [10.5, 56], [10.5, 54.5]]]}'
OFF_THE_TRACK = BITS["implied_speed"] | BITS["null_island"]
NOT_SETTLED = "SELECT coalesce(sum(held - released), 0) FROM ops.ledger"
DROPPED = "SELECT coalesce(sum(n::int), 0) FROM ops.ledger, jsonb_each_text(dropped) AS d(rule, n)"
UNBALANCED = """
SELECT count(*) FROM ops.ledger WHERE received + released <> stored + held
    + (SELECT coalesce(sum(n::int), 0) FROM jsonb_each_text(dropped) AS d(rule, n))
    + (SELECT coalesce(sum(n::int), 0) FROM jsonb_each_text(rejected) AS r(reason, n))
"""


@pytest.fixture
def pipeline(stack_of_worker: FreshStack) -> Iterator[Pipeline]:
    """A stack for each test in which nothing has happened yet."""
    yield Pipeline(stack_of_worker.renewed())
    stack_of_worker.local.stack.services.stop_all()


@pytest.fixture(scope="module")
def traffic(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A file of simulated messages with times, and what was sent in it."""
    folder = tmp_path_factory.mktemp("traffic")
    file, truth = folder / "traffic.nmea", folder / "truth.ndjson"
    command = [sys.executable, "-m", "simulator", "--to", f"file:{file}", "--count", str(MESSAGES)]
    subprocess.run([*command, "--vessels", "2000", "--seed", "7", "--truth", str(truth), "--quiet"], check=True)
    return file, truth


def test_every_record_is_stored_once_whatever_is_killed(pipeline: Pipeline, traffic: tuple[Path, Path]) -> None:
    file, truth = traffic
    # Small batches and groups make many moments at which a kill can hurt.
    _play_and_torment(pipeline, file, SETTINGS)
    positions, statics = _expected(truth)
    stored = Counter((row[0], row[1], round(row[2].timestamp() * 1000)) for row in pipeline.ask(KEYS))
    assert stored == positions
    assert {(row[0], row[1]): int(row[2]) for row in pipeline.ask(STATIC)} == statics
    assert pipeline.run("dead", "list")[1] == ""


def test_every_record_is_stored_or_dropped_once_by_all_the_rules_whatever_is_killed(
    pipeline: Pipeline, traffic: tuple[Path, Path], tmp_path: Path
) -> None:
    file, truth = traffic
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES)
    (tmp_path / "land.geojson").write_text(LAND)
    _play_and_torment(pipeline, file, {**SETTINGS, "filter_rules": str(rules)})
    assert until(lambda: pipeline.ask(NOT_SETTLED) == [(0,)], 60), f"still held: {pipeline.ask(NOT_SETTLED)}"
    assert pipeline.ask(UNBALANCED) == [(0,)]
    positions, statics = _expected(truth)
    stored = Counter((row[0], row[1], round(row[2].timestamp() * 1000)) for row in pipeline.ask(KEYS))
    kept_statics = {(row[0], row[1]): int(row[2]) for row in pipeline.ask(STATIC)}
    assert not stored - positions, "a record is stored twice"
    assert all(count <= statics[key] for key, count in kept_statics.items())
    [(dropped,)] = pipeline.ask(DROPPED)
    assert dropped > MESSAGES / 3
    assert stored.total() + sum(kept_statics.values()) + dropped == MESSAGES
    [(found,)] = pipeline.ask("SELECT bit_or(flags) FROM ais.positions")
    assert found & BITS["area"]
    assert found & BITS["land"]
    assert found & BITS["selected"], "the expression"
    tracks = _tracks(
        truth, {(row[0], row[1], round(row[2].timestamp() * 1000)): row[3] or 0 for row in pipeline.ask(FLAGS)}
    )
    # A killed decoder's batches overtake each other, so only the line can be held to the promise, not the order.
    errors = check(tracks, off_the_track=OFF_THE_TRACK, late=BITS["late"], error_metres=25 + ROUNDING_METRES)
    assert len(errors.metres) > MESSAGES / 3
    assert not [each for each in errors.broken if "m off" in each]
    assert pipeline.run("dead", "list")[1] == ""


def _tracks(truth: Path, stored: dict[tuple[int, int, int], int]) -> list[tuple[AnyDecoded, bool, int]]:
    """The positions that were sent, each with whether it is stored, and its flags."""
    tracks: list[tuple[AnyDecoded, bool, int]] = []
    for line in truth.open():
        sent = json.loads(line)
        if sent["msg_type"] in POSITION_TYPES:
            members = {
                name: sent[name]
                for name in ("event_time", "mmsi", "msg_type", "lon", "lat", "nav_status")
                if name in sent
            }
            fix = Position(source=TAIL, received_at=sent["event_time"], time_source="tag_block", **members)
            key = sent["msg_type"], sent["mmsi"], to_ms(sent["event_time"])
            tracks.append((fix, key in stored, stored.get(key, 0)))
    return tracks


def _play_and_torment(pipeline: Pipeline, file: Path, settings: dict[str, str]) -> None:
    pipeline.start([f"{TAIL}=file:{file}"], **settings)
    kills = _torment(pipeline, settings)
    assert until(lambda: _taken_in(pipeline) >= MESSAGES, 180), f"{_taken_in(pipeline)} of {MESSAGES} came through"
    assert all(kills[name] >= 3 for name in SERVICES), f"the file was over too soon: {kills}"


def _torment(pipeline: Pipeline, settings: dict[str, str]) -> Counter[str]:
    """Kill and restart while the file plays; how often each service was killed while it had work left."""
    kills: Counter[str] = Counter()
    for round_ in range(ROUNDS):
        for name in SERVICES:
            has_work = not pipeline.ask(PUBLISHED) if name == "ingest" else _taken_in(pipeline) < MESSAGES
            _kill(pipeline, name)
            kills[name] += has_work
            pipeline.start(**settings)
            time.sleep(0.5)
        if round_ == 0:
            pipeline.stack.rabbitmq.restart()
    pipeline.stack.postgres.stop()
    time.sleep(DATABASE_AWAY_SECONDS / 2)
    for name in SERVICES:
        _kill(pipeline, name)
    pipeline.start(**settings)
    time.sleep(DATABASE_AWAY_SECONDS / 2)
    pipeline.stack.postgres.start()
    return kills


def _kill(pipeline: Pipeline, name: str) -> None:
    process = pipeline.stack.services.process(name)
    assert process is not None, f"{name} died by itself"
    os.kill(process.pid, signal.SIGKILL)
    assert until(lambda: pipeline.stack.services.process(name) is None, 10)


def _taken_in(pipeline: Pipeline) -> int:
    return int(pipeline.ask(TAKEN_IN, TAIL)[0][0])


def _expected(truth: Path) -> tuple[Counter[tuple[int, int, int]], dict[tuple[int, int], int]]:
    """Keys of the messages sent: (type, mmsi, event time in ms) of those that are rows, counts of static data."""
    rows: Counter[tuple[int, int, int]] = Counter()
    statics: Counter[tuple[int, int]] = Counter()
    for line in truth.open():
        sent = json.loads(line)
        if sent["msg_type"] in STATIC_TYPES:
            statics[(sent["msg_type"], sent["mmsi"])] += 1
        else:
            rows[(sent["msg_type"], sent["mmsi"], to_ms(sent["event_time"]))] += 1
    return rows, dict(statics)
