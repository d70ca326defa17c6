"""`fairway ingest` killed again and again: in the middle of a file, plain or packed, and of a log that grows and is rotated."""

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pytest

from fairway.clock import to_ms
from tests.system.conftest import Pipeline, until

MESSAGES = 95_000  # in some 100,000 lines, read twice
LOGGED = 24_000  # lines of them in the log that grows
KILLS = 3
BATCH_RECORDS = 50  # small batches make many moments at which a kill can hurt
KILLED_AFTER = MESSAGES // BATCH_RECORDS // 12  # more batches confirmed; most of the file is left after the last kill
SETTINGS = {"filter_rules": "keep_all", "insert_seconds": "0.5"}

Keys = Counter[tuple[int, int, int]]  # type, MMSI, event time in ms

STORED = "SELECT msg_type, mmsi, event_time FROM ais.positions WHERE source = %s"
TAKEN_IN = "SELECT coalesce(sum(received), 0) FROM ops.ledger WHERE source = %s AND batch_id NOT LIKE '%%/import%%'"
CONFIRMED = "SELECT coalesce(sum(confirmed), 0) FROM import"
POSITION_TYPES = (1, 2, 3, 18, 19, 27)


class Traffic(NamedTuple):
    """Simulated lines, and what was sent in them, in their order."""

    lines: list[bytes]
    sent: list[dict[str, int | str]]

    def positions(self, messages: int) -> Keys:
        """Keys of the position reports among the first messages."""
        return Counter(
            (int(each["msg_type"]), int(each["mmsi"]), to_ms(str(each["event_time"])))
            for each in islice(self.sent, messages)
            if each["msg_type"] in POSITION_TYPES
        )


@pytest.fixture(scope="module")
def traffic(tmp_path_factory: pytest.TempPathFactory) -> Traffic:
    folder = tmp_path_factory.mktemp("traffic")
    file, truth = folder / "traffic.nmea", folder / "truth.ndjson"
    command = [sys.executable, "-m", "simulator", "--to", f"file:{file}", "--count", str(MESSAGES), "--quiet"]
    subprocess.run([*command, "--vessels", "2000", "--seed", "11", "--truth", str(truth)], check=True)
    return Traffic(file.read_bytes().splitlines(keepends=True), [json.loads(line) for line in truth.open()])


@pytest.fixture(scope="module")
def running(pipeline: Pipeline) -> Pipeline:
    pipeline.start(**SETTINGS)
    return pipeline


def ingest(pipeline: Pipeline, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "FAIRWAY_STATE_DIR": str(pipeline.stack.paths.root),
        "FAIRWAY_BATCH_RECORDS": str(BATCH_RECORDS),
    }
    command = [sys.executable, "-m", "fairway.cli", "ingest", *arguments]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def kill(process: subprocess.Popen[bytes]) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def state(pipeline: Pipeline, query: str) -> int:
    """A number from the file in which ingest keeps how far it is; 0 before there is one."""
    path = pipeline.stack.paths.root / "ingest" / "imports.sqlite"
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return int(database.execute(query).fetchone()[0] or 0)
    except sqlite3.Error:
        return 0


def taken_in(pipeline: Pipeline, tail: str) -> int:
    return int(pipeline.ask(TAKEN_IN, tail)[0][0])


def stored(pipeline: Pipeline, tail: str) -> Keys:
    return Counter((row[0], row[1], round(row[2].timestamp() * 1000)) for row in pipeline.ask(STORED, tail))


@pytest.mark.parametrize("packing", ["plain", "gzip"])
def test_a_file_is_stored_once_however_often_its_reading_is_killed(
    running: Pipeline, traffic: Traffic, tmp_path: Path, packing: str
) -> None:
    tail, path = f"resume.{packing}", tmp_path / "day.log"
    data = b"".join(traffic.lines)
    path.write_bytes(gzip.compress(data, 1) if packing == "gzip" else data)
    for _ in range(KILLS):
        before = state(running, CONFIRMED)
        process = ingest(running, "--source", f"{tail}=file:{path}")
        assert until_confirmed(running, before + KILLED_AFTER, process), "the file was over too soon"
        kill(process)
    checkpoint = state(running, "SELECT max(checkpoint_batches) FROM import WHERE finished_at IS NULL")
    assert checkpoint > KILLED_AFTER, "nothing to go on from"
    assert ingest(running, "--source", f"{tail}=file:{path}").wait(120) == 0
    assert until(lambda: taken_in(running, tail) >= MESSAGES, 60)
    assert taken_in(running, tail) == MESSAGES
    assert stored(running, tail) == traffic.positions(MESSAGES)


def until_confirmed(pipeline: Pipeline, batches: int, process: subprocess.Popen[bytes]) -> bool:
    """Whether so many batches were confirmed while the process still had work."""
    while process.poll() is None and state(pipeline, CONFIRMED) < batches:
        time.sleep(0.02)
    return process.poll() is None


def test_a_log_is_stored_once_through_rotation_and_kills(running: Pipeline, traffic: Traffic, tmp_path: Path) -> None:
    tail, path = "resume.log", tmp_path / "ais.log"
    lines, piece = traffic.lines[:LOGGED], LOGGED // 8
    pieces = [b"".join(lines[start : start + piece]) for start in range(0, LOGGED, piece)]
    process = ingest(running, "--follow", "--source", f"{tail}=file:{path}")
    for number, each in enumerate(pieces):
        half = len(each) // 2  # in the middle of a line
        append(path, each[:half])
        if number in (1, 4, 6):
            wait_for_segments(running)
            kill(process)
        if number in (3, 4):  # once while it is read and once while it is not
            append(path, each[half:])
            path.rename(path.with_name(f"ais.log.{9 - number}"))
            path.touch()
        else:
            append(path, each[half:])
        if number in (1, 4, 6):
            process = ingest(running, "--follow", "--source", f"{tail}=file:{path}")
    messages = Counter(b"AIVDM,2,1" not in line for line in lines)[
        True
    ]  # a message of two parts counts with its second
    assert until(lambda: taken_in(running, tail) >= messages, 60), f"{taken_in(running, tail)} of {messages}"
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) is not None
    assert taken_in(running, tail) == messages
    assert stored(running, tail) == traffic.positions(messages)


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def wait_for_segments(pipeline: Pipeline) -> None:
    """Until something of the log was read since the last look."""
    last = state(pipeline, "SELECT max(number) FROM segment")
    until(lambda: state(pipeline, "SELECT max(number) FROM segment") > last, 15)
