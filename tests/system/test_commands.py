"""The `fairway` command on a running stack, and services that stop, spool and come back."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pika
import psycopg2
import pytest

from fairway.broker import RabbitBroker, connection_parameters
from fairway.messages import Account, Message
from fairway.topics import DEAD_EXCHANGE
from services.ingest.nmea import checksum
from tests.system.conftest import Pipeline, until

TAIL = "harbour.test"
LINE = "AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0"
DRAIN_SECONDS = 10
SETTINGS = {"filter_rules": "keep_all", "insert_seconds": "0.3"}


@pytest.fixture(scope="module")
def running(pipeline: Pipeline) -> Pipeline:
    port = pipeline.local.udp_port()
    pipeline.start([f"{TAIL}=udp://127.0.0.1:{port}"], **SETTINGS)
    assert until(lambda: pipeline.local.readiness("ingest") == "ready", 30)
    return pipeline


def send(pipeline: Pipeline, count: int, start: int = 1_760_000_000) -> None:
    """Datagrams of one message each, a second of event time apart."""
    address = ("127.0.0.1", pipeline.local.udp_port())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for number in range(count):
            sender.sendto(tagged(start + number), address)
            time.sleep(0.001)


def tagged(epoch: int) -> bytes:
    tags = f"c:{epoch}"
    return f"\\{tags}*{checksum(tags.encode()):02X}\\!{LINE}*{checksum(LINE.encode()):02X}\r\n".encode()


def times(pipeline: Pipeline) -> list[int]:
    """Event times stored for our source, in order of the time."""
    query = "SELECT extract(epoch FROM event_time)::int FROM ais.positions WHERE source = %s ORDER BY 1"
    return [int(row[0]) for row in pipeline.ask(query, TAIL)]


def test_a_datagram_becomes_a_row(running: Pipeline) -> None:
    send(running, 5)
    assert until(lambda: len(times(running)) == 5, 15)
    assert running.ask("SELECT time_source, msg_type FROM ais.positions WHERE source = %s", TAIL)[0] == ("tag_block", 1)


def test_tail_shows_live_records_for_a_wildcard(running: Pipeline) -> None:
    command = [sys.executable, "-m", "fairway.cli", "tail", "decoded.#.test", "--count", "3", "--json"]
    environment = {**os.environ, "FAIRWAY_STATE_DIR": str(running.stack.paths.root)}
    tail = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert until(lambda: bool(send(running, 2, 1_760_100_000)) or tail.poll() is not None, 20)
    assert tail.stdout is not None
    shown = [json.loads(line) for line in tail.stdout]
    assert tail.returncode == 0
    assert len(shown) == 3
    assert {record["mmsi"] for record in shown} == {244670316}


def test_status_and_env_tell_what_runs(running: Pipeline) -> None:
    status, output, _ = running.run("status", "--json")
    report = json.loads(output)
    states = {part["name"]: part["state"] for part in report["parts"]}
    assert status == 0
    assert states == dict.fromkeys(
        ("rabbitmq", "postgres", "ingest", "decoder", "filter", "db_inserter", "db_maintainer"), "ready"
    )
    assert report["records"]["in"] == report["records"]["stored"] > 0
    _, exports, _ = running.run("env")
    shell = subprocess.run(
        ["bash", "-c", f'{exports}\npsql -Atc "SELECT count(*) FROM ais.vessels_now"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(shell.stdout) >= 1


def test_while_the_broker_is_away_a_live_feed_is_spooled_and_then_stored_in_full(running: Pipeline) -> None:
    before = len(times(running))
    running.stack.rabbitmq.stop()
    send(running, 300, 1_760_200_000)
    spool = running.stack.paths.root / "ingest" / "spool-service-1.sqlite"
    assert spool.exists()
    running.stack.rabbitmq.start()
    assert until(lambda: len(times(running)) == before + 300, 60)


def test_every_service_drains_and_ends_with_0_within_ten_seconds(running: Pipeline) -> None:
    """Stopped in the middle of traffic; what they held is stored after they have been started again."""
    before = len(times(running))
    sender = subprocess.Popen(
        [sys.executable, "-c", _SENDER, str(running.local.udp_port()), str(Path(__file__).parents[2])]
    )
    assert until(lambda: len(times(running)) > before, 20)
    for name in ("ingest", "decoder", "filter", "db_inserter", "db_maintainer"):
        process = running.stack.services.process(name)
        assert process is not None
        began = time.monotonic()
        os.kill(process.pid, signal.SIGTERM)
        assert until(lambda name=name: running.stack.services.process(name) is None, DRAIN_SECONDS)  # type: ignore[misc]
        assert time.monotonic() - began < DRAIN_SECONDS
        log = running.stack.services.log(name).read_text()
        assert '"event": "stopped"' in log.splitlines()[-1]
    sender.kill()
    sender.wait()
    running.start(**SETTINGS)
    assert until(lambda: running.run("status", "--json")[1].count('"ready"') == 7, 30)
    assert until(lambda: sum(json.loads(running.run("status", "--json")[1])["queues"].values()) == 0, 30)
    assert len(times(running)) > before


_SENDER = """
import sys, time, socket
sys.path.insert(0, sys.argv[2])
from tests.system.test_commands import tagged
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(100000):
    out.sendto(tagged(1760300000 + number), ("127.0.0.1", int(sys.argv[1])))
    time.sleep(0.002)
"""


def test_an_inserter_that_waits_for_a_locked_table_still_ends_within_ten_seconds(running: Pipeline) -> None:
    with closing(psycopg2.connect(running.stack.database_url())) as connection, connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ops.ledger")
        send(running, 3, 1_760_400_000)
        time.sleep(1.5)
        process = running.stack.services.process("db_inserter")
        assert process is not None
        os.kill(process.pid, signal.SIGTERM)
        assert until(lambda: running.stack.services.process("db_inserter") is None, DRAIN_SECONDS)
    before = len(times(running))
    running.start(**SETTINGS)
    assert until(lambda: len(times(running)) == before + 3, 30)


def test_dead_batches_can_be_seen_given_back_and_forgotten(running: Pipeline) -> None:
    _kill_batch(running, "dead-1")
    _kill_batch(running, "dead-2")
    status, output, _ = running.run("dead", "list")
    assert status == 0
    assert [line.split()[0] for line in output.splitlines()] == ["dead-1", "dead-2"]
    assert running.run("dead", "show", "dead-1")[1] == "{}\n"
    assert running.run("dead", "show", "nobody")[0] == 2
    assert "1 requeued" in running.run("dead", "requeue", "dead-1")[1]
    assert running.run("dead", "purge")[0] == 2
    assert "1 purged" in running.run("dead", "purge", "dead-2")[1]
    assert running.run("dead", "list")[1] == ""


def _kill_batch(pipeline: Pipeline, id_: str) -> None:
    """A message as the broker moves it to the dead, but under a key that no stage takes."""
    url = pipeline.stack.amqp_url("operator")
    message = Message("rejected.ais.nobody", id_, b"{}\n", 1, Account(1), "")
    with closing(pika.BlockingConnection(connection_parameters(url, "test"))) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        properties = pika.BasicProperties(message_id=id_, headers=message.headers(), delivery_mode=2)
        channel.basic_publish(DEAD_EXCHANGE, message.key, message.body, properties)


def test_a_poisoned_batch_ends_among_the_dead_and_the_rest_goes_on(running: Pipeline) -> None:
    before = len(times(running))
    broker = RabbitBroker(running.stack.amqp_url("operator"))
    broker.connect()
    broker.publish(Message("raw.ais.harbour.test", "poison", b"not a record\n", 1, Account(1), ""))
    broker.close()
    send(running, 3, 1_760_500_000)
    assert until(lambda: len(times(running)) == before + 3, 30)
    assert until(lambda: "poison" in running.run("dead", "list")[1], 60)
    running.run("dead", "purge", "--all")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ingest"], "nothing to read"),
        (["ingest", "--source", "a=file:/no/such"], "/no/such is not a file"),
        (["ingest", "--source", "A=file:x"], "lower-case"),
        (["decode", "/no/such"], "/no/such cannot be read: No such file or directory"),
        (["config", "check"], "the settings are right"),
    ],
)
def test_a_mistake_is_one_sentence(running: Pipeline, arguments: list[str], sentence: str) -> None:
    status, output, errors = running.run(*arguments)
    assert status == (0 if "right" in sentence else 2)
    assert sentence in output + errors
    assert "Traceback" not in errors
