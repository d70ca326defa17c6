"""Every service killed several times, RabbitMQ restarted, PostgreSQL away for half a minute: each record once in the database."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from fairway.clock import to_ms
from tests.system.conftest import Pipeline, until

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
STATIC_TYPES = (5, 24)
SETTINGS = {"filter_rules": "keep_all", "insert_seconds": "0.5", "batch_records": "50"}


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
    pipeline.start([f"{TAIL}=file:{file}"], **SETTINGS)
    kills = _torment(pipeline)
    assert until(lambda: _taken_in(pipeline) >= MESSAGES, 180), f"{_taken_in(pipeline)} of {MESSAGES} came through"
    assert all(kills[name] >= 3 for name in SERVICES), f"the file was over too soon: {kills}"
    positions, statics = _expected(truth)
    stored = Counter((row[0], row[1], round(row[2].timestamp() * 1000)) for row in pipeline.ask(KEYS))
    assert stored == positions
    assert {(row[0], row[1]): int(row[2]) for row in pipeline.ask(STATIC)} == statics
    assert pipeline.run("dead", "list")[1] == ""


def _torment(pipeline: Pipeline) -> Counter[str]:
    """Kill and restart while the file plays; how often each service was killed while it had work left."""
    kills: Counter[str] = Counter()
    for round_ in range(ROUNDS):
        for name in SERVICES:
            has_work = not pipeline.ask(PUBLISHED) if name == "ingest" else _taken_in(pipeline) < MESSAGES
            _kill(pipeline, name)
            kills[name] += has_work
            pipeline.start(**SETTINGS)
            time.sleep(0.5)
        if round_ == 0:
            pipeline.stack.rabbitmq.restart()
    pipeline.stack.postgres.stop()
    time.sleep(DATABASE_AWAY_SECONDS / 2)
    for name in SERVICES:
        _kill(pipeline, name)
    pipeline.start(**SETTINGS)
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
