"""A database that is away or slow: pressure reaches ingest's disk, nothing grows beyond its bound, nothing is lost or reordered.

feed ─► ingest ─► decoder ─► filter ─► db_inserter ─► PostgreSQL
          spool ◄── full ◄── full ◄──── full ◄───────── away
"""

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pika
import psycopg2
import pytest

from fairway import records, topics
from fairway.broker import connection_parameters
from fairway.stack.ports import choose_port
from fairway.stack.state import StateFile
from tests.system.conftest import until
from tests.system.replicas import Replicas, servers

TAIL = "pressure.test"
RATE = 800  # messages a second; a busy coast
QUEUE_BYTES = 192 * 1024  # less than a second of that: an outage of seconds is here what hours are elsewhere
LONGEST_BATCH_BYTES = 128 * 1024  # a queue is full when it has reached its bound, not before it would pass it
AWAY_SECONDS = 4.0
SLOW_SECONDS = 2.0
DRAIN_SECONDS = 60.0
LIVE_SECONDS = 3.0  # the newest position in the database is not older than this on a good day
SERVICES = ("ingest", "decoder", "filter", "db_inserter")
FLOW = {"decoder": "raw", "filter": "decoded", "db_inserter": "filtered"}  # each queue and what is in it
HELD = {"prefetch": "2", "insert_batches": "10", "insert_seconds": "0.3"}  # beyond the queues, what a service holds
SERVICE_GROWTH_BYTES = 16 << 20
BROKER_GROWTH_BYTES = 128 << 20  # its garbage is collected now and then

ROWS = """
SELECT (SELECT count(*) FROM ais.positions) + (SELECT count(*) FROM ais.base_station_reports)
     + (SELECT count(*) FROM ais.aton_reports) + (SELECT coalesce(sum(reports), 0) FROM ais.static_reports)
"""
ACCOUNT = "SELECT coalesce(sum(received), 0), coalesce(sum(stored), 0) FROM ops.ledger"
NEWEST = "SELECT extract(epoch FROM now() - max(event_time)) FROM ais.latest_positions"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    with servers(tmp_path_factory.mktemp("pressure"), _small_queues()) as stack:
        for name in SERVICES[1:]:
            stack.run_one(name, name, filter_rules="keep_all", **HELD)
        yield stack


@pytest.fixture(scope="module")
def feed(stack: Replicas, watch: "Watch", tmp_path_factory: pytest.TempPathFactory) -> Iterator["Feed"]:
    """A feed that waits for nobody, and an ingest that hears it."""
    port = choose_port(StateFile(stack.stack.paths.run / "state.json"), "feed")
    stack.run_one("ingest", "ingest", sources=f"{TAIL}=tcp-listen://127.0.0.1:{port}", batch_linger_ms="150")
    assert until(lambda: stack.metric("ingest", "fairway_broker_connected") == 1, 20)
    feed = Feed(port, tmp_path_factory.mktemp("feed") / "truth.ndjson")
    yield feed
    feed.stop()


@pytest.fixture(scope="module")
def watch(stack: Replicas) -> "Watch":
    """What every stage publishes, heard through a queue that is never full. To be asked for before `feed`."""
    return Watch(stack)


class Watch:
    """Bodies by stage and id, in the order in which they were first published; a refused batch is published again."""

    def __init__(self, stack: Replicas) -> None:
        self._stack = stack
        self._heard: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        with self._channel() as channel:
            channel.queue_declare("watch", durable=True)
            channel.queue_bind("watch", topics.EXCHANGE, "*.ais.#")

    def bodies(self, stage: str) -> list[bytes]:
        """What a stage has published so far."""
        with self._channel() as channel:
            while (got := channel.basic_get("watch", auto_ack=True))[0] is not None:
                self._heard[got[0].routing_key.partition(".")[0]].setdefault(got[1].message_id, got[2])
        return list(self._heard[stage].values())

    def ready_bytes(self, queue: str, stage: str) -> float:
        """About how much waits in a queue: RabbitMQ tells only the number of messages in a quorum queue."""
        with self._channel() as channel:
            ready: int = channel.queue_declare(queue, passive=True).method.message_count
        sizes = [len(body) for body in self.bodies(stage)]
        return ready * sum(sizes) / len(sizes)

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        parameters = connection_parameters(self._stack.stack.amqp_url("operator"), "test")
        with closing(pika.BlockingConnection(parameters)) as connection:
            yield connection.channel()


class Feed:
    """Simulated ships that report without end until stopped."""

    def __init__(self, port: int, truth: Path) -> None:
        self._truth = truth
        command = [sys.executable, "-m", "simulator", "--to", f"tcp://127.0.0.1:{port}", "--rate", str(RATE)]
        self._process = subprocess.Popen([*command, "--vessels", "2000", "--truth", str(truth), "--quiet"])

    def is_on(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> int:
        """End the feed; how many messages it has sent."""
        self._process.terminate()
        self._process.wait(10)
        return sum(1 for _line in self._truth.open())


def test_with_the_database_away_ingest_spools_and_nothing_grows(stack: Replicas, feed: Feed, watch: Watch) -> None:
    assert until(lambda: _account(stack)[1] > 2 * RATE, 30), "the feed does not get through"
    stack.stack.postgres.stop()
    assert until(lambda: stack.metric("ingest", "fairway_spool_bytes") > 0, 30), "no pressure at ingest"
    before, began = _resident_bytes(stack), time.monotonic()
    assert stack.metric("ingest", "fairway_retries_total") > 0, "no queue refused a batch"
    time.sleep(AWAY_SECONDS)
    spooled, ready = stack.metric("ingest", "fairway_spool_bytes"), {}
    for name, stage in FLOW.items():
        ready[name] = watch.ready_bytes(name, stage)
        assert QUEUE_BYTES / 2 < ready[name] < QUEUE_BYTES + LONGEST_BATCH_BYTES
    _assert_flat(before, _resident_bytes(stack))
    print(f"spooled {spooled:.0f} bytes in {time.monotonic() - began:.1f} s, queues {ready}, memory {before}")


def test_when_it_is_back_the_backlog_drains_while_the_feed_goes_on(stack: Replicas, feed: Feed) -> None:
    before, began = _resident_bytes(stack), time.monotonic()
    stack.stack.postgres.start()
    ready_after = time.monotonic() - began
    stored_before, counted = _account(stack)[1], time.monotonic()
    assert _drains(stack), "the backlog did not get smaller"
    seconds = time.monotonic() - counted
    assert feed.is_on(), "the feed was over before the backlog was"
    rate = (_account(stack)[1] - stored_before) / seconds
    print(f"database ready in {ready_after:.1f} s, drained in {seconds:.1f} s at {rate:.0f} records/s; feed {RATE}/s")
    _assert_flat(before, _resident_bytes(stack))


def test_a_slow_database_is_pressure_too(stack: Replicas, feed: Feed) -> None:
    stored = _account(stack)[1]
    with closing(psycopg2.connect(stack.stack.database_url())) as connection, connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ais.latest_positions IN ACCESS EXCLUSIVE MODE")  # as a migration would hold it
        assert until(lambda: stack.metric("ingest", "fairway_spool_bytes") > 0, 30), "no pressure at ingest"
        before = _resident_bytes(stack)
        time.sleep(SLOW_SECONDS)
        _assert_flat(before, _resident_bytes(stack))
    assert _drains(stack), "the backlog did not get smaller"
    assert feed.is_on()
    assert _account(stack)[1] > stored


def test_at_the_end_every_message_is_stored_once_and_in_order(stack: Replicas, feed: Feed, watch: Watch) -> None:
    sent = feed.stop()
    assert until(lambda: _account(stack)[0] >= sent, 60), f"{_account(stack)[0]} of {sent} came through"
    assert _account(stack) == (sent, sent)
    assert int(stack.ask(ROWS)[0][0]) == sent
    assert stack.metric("ingest", "fairway_spool_dropped_records_total") == 0
    assert stack.run("dead", "list")[1] == ""
    times = [record.event_time for body in watch.bodies("raw") for record in records.decode_raw(body)]
    assert len(times) == sent
    assert times == sorted(times)


def _small_queues() -> dict[str, Any]:
    """Our topology with queues that are full soon."""
    made = topics.definitions()
    for queue in made["queues"]:
        if queue["arguments"].get("x-overflow") == "reject-publish" and queue["name"] != topics.DEAD_QUEUE:
            queue["arguments"]["x-max-length-bytes"] = QUEUE_BYTES
    return made


def _account(stack: Replicas) -> tuple[int, int]:
    """Received and stored, by the ledger."""
    received, stored = stack.ask(ACCOUNT)[0]
    return int(received), int(stored)


def _drains(stack: Replicas) -> bool:
    """Whether the spool empties in time, and what is stored is of now."""
    end = time.monotonic() + DRAIN_SECONDS
    while stack.metric("ingest", "fairway_spool_bytes") > 0 or _lag_seconds(stack) > LIVE_SECONDS:
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def _lag_seconds(stack: Replicas) -> float:
    """How old the newest position in the database is."""
    return float(stack.ask(NEWEST)[0][0])


def _resident_bytes(stack: Replicas) -> dict[str, int]:
    """Memory of each service and the broker."""
    pids = {name: process.pid for name in SERVICES if (process := stack.stack.services.process(name))}
    broker = stack.stack.rabbitmq.process()
    assert broker is not None
    assert set(pids) == set(SERVICES), "a service has died"
    return {name: _resident(pid) for name, pid in {**pids, "rabbitmq": broker.pid}.items()}


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _assert_flat(before: dict[str, int], after: dict[str, int]) -> None:
    growth = {name: after[name] - before[name] for name in before}
    print("growth", {name: f"{size / 1e6:.1f} MB" for name, size in growth.items()})
    for name, size in growth.items():
        assert size < (BROKER_GROWTH_BYTES if name == "rabbitmq" else SERVICE_GROWTH_BYTES), f"{name} grew by {size}"
