"""Two of each service: the same rows as with one of each, every record once, whoever is killed."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pika
import pytest

from fairway import records, topics
from fairway.broker import connection_parameters
from fairway.clock import to_ms
from services.filter.judge import Filter
from services.filter.rule_file import read
from tests.system.conftest import until
from tests.system.replicas import Replicas, servers

PARTITIONS = 2
MESSAGES = 90_000  # so many that the fourth kill still finds work, on a fast machine too
BATCH_RECORDS = "50"  # many batches: many moments at which two could get in each other's way
TAIL = "scale.test"
TABLE = """\
# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading
06/02/2024 00:00:00,Class A,219000001,55.1,11.1,Under way using engine,0.0,10.0,90.0,90
06/02/2024 00:00:00,Class A,219000002,55.2,11.2,Under way using engine,0.0,10.0,90.0,90
06/02/2024 00:00:00,Class A,219000003,55.3,11.3,Under way using engine,0.0,10.0,90.0,90
06/02/2024 00:00:00,Class A,219000004,55.4,11.4,Under way using engine,0.0,10.0,90.0,90
06/02/2024 00:00:00,Class A,no number,55.5,11.5,Under way using engine,0.0,10.0,90.0,90
"""

STORED = """
SELECT msg_type, mmsi, event_time FROM ais.positions WHERE source = %s
UNION ALL SELECT msg_type, mmsi, event_time FROM ais.base_station_reports WHERE source = %s
UNION ALL SELECT msg_type, mmsi, event_time FROM ais.aton_reports WHERE source = %s
"""
STATIC = "SELECT msg_type, mmsi, sum(reports) FROM ais.static_reports WHERE source = %s GROUP BY 1, 2"
BATCHES = "SELECT batch_id, received FROM ops.ledger WHERE source = %s AND batch_id NOT LIKE '%%/import'"
TAKEN_IN = "SELECT coalesce(sum(received), 0) FROM ops.ledger WHERE source = %s"
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"

Rows = tuple[Counter[tuple[int, int, int]], dict[tuple[int, int], int]]


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    with servers(tmp_path_factory.mktemp("scale"), topics.definitions(partitions=PARTITIONS)) as replicas:
        _run(replicas, "decoder", "decoder")
        _run_filters(replicas, "default")
        for name in ("db_inserter", "db_inserter-2"):
            _run(replicas, name, "db_inserter", insert_seconds="0.3")
        yield replicas


@pytest.fixture(scope="module")
def traffic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of simulated messages with times."""
    file = tmp_path_factory.mktemp("traffic") / "traffic.nmea"
    command = [sys.executable, "-m", "simulator", "--to", f"file:{file}", "--count", str(MESSAGES)]
    subprocess.run([*command, "--vessels", "2000", "--seed", "11", "--quiet"], check=True)
    return file


@pytest.fixture(scope="module")
def decoded(replicas: Replicas, traffic: Path) -> list[records.AnyDecoded]:
    """The records of that file in their order, made without any server."""
    status, output, errors = replicas.run("decode", str(traffic))
    assert status == 0, errors
    return records.decode_decoded(output.encode())


def test_two_filters_keep_what_one_filter_keeps(
    replicas: Replicas, traffic: Path, decoded: list[records.AnyDecoded]
) -> None:
    account = _ingest(replicas, TAIL, traffic)
    droppers = Filter(read("default")).droppers(decoded)
    assert account["in"] == MESSAGES
    assert account["dropped"] == dict(sorted(Counter(rule for rule in droppers if rule).items()))
    kept = [record for record, dropper in zip(decoded, droppers, strict=True) if dropper is None]
    assert _stored(replicas, TAIL) == _rows(kept)
    shares = [replicas.metric(f"filter-{part}", "fairway_received_records_total") for part in (1, 2)]
    assert sum(shares) == MESSAGES
    assert min(shares) > MESSAGES * 0.4


@pytest.mark.parametrize("partitions", range(2, topics.MOST_PARTITIONS + 1))
def test_each_part_has_a_queue_of_its_own_however_many_filters_there_are(replicas: Replicas, partitions: int) -> None:
    parameters = connection_parameters(replicas.stack.amqp_url("operator"), "test")
    with closing(pika.BlockingConnection(parameters)) as connection:
        channel, exchange = connection.channel(), f"shares.{partitions}"
        channel.confirm_delivery()
        arguments = {"hash-header": topics.PARTITION_HEADER}
        channel.exchange_declare(exchange, "x-consistent-hash", auto_delete=True, arguments=arguments)
        queues = [channel.queue_declare("", exclusive=True).method.queue for _ in range(partitions)]
        for queue in queues:
            channel.queue_bind(queue, exchange, "1")
        for part in topics.PARTITIONS[:partitions]:
            properties = pika.BasicProperties(headers={topics.PARTITION_HEADER: part})
            channel.basic_publish(exchange, "any", b"", properties, mandatory=True)
        assert [channel.queue_declare(queue, passive=True).method.message_count for queue in queues] == [1] * partitions


def test_the_parts_of_a_batch_are_accounted_for_like_the_whole(replicas: Replicas) -> None:
    whole: Counter[str] = Counter()
    for batch_id, received in replicas.ask(BATCHES, TAIL):
        assert batch_id.split("/")[1:] in (["d", "p1of2", "f"], ["d", "p2of2", "f"])
        whole[batch_id.partition("/")[0]] += received
    assert whole.total() == MESSAGES


def test_batches_that_come_decoded_are_shared_out_as_well(
    replicas: Replicas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "table.csv"
    table.write_text(TABLE)
    monkeypatch.setenv("FAIRWAY_FILTER_PARTITIONS", str(PARTITIONS))
    account = _ingest(replicas, "scale.table", table)
    assert (account["in"], account["stored"], account["rejected"]) == (5, 4, {"bad_mmsi": 1})
    parts = Counter(batch_id.partition("/")[2] for batch_id, _received in replicas.ask(BATCHES, "scale.table"))
    assert parts == {"p1of2/f": 1, "p2of2/f": 1}


def test_two_of_each_store_every_record_once_whoever_is_killed(
    replicas: Replicas, traffic: Path, decoded: list[records.AnyDecoded]
) -> None:
    tail = "scale.killed"
    for part in range(1, PARTITIONS + 1):
        replicas.stack.services.stop(f"filter-{part}")
    _run_filters(replicas, "keep_all")
    _run(replicas, "decoder-2", "decoder")
    _run(replicas, "ingest", "ingest", sources=f"{tail}=file:{traffic}", batch_records=BATCH_RECORDS)
    work: Counter[str] = Counter()
    for number, name in enumerate(("db_inserter", "filter-2", "decoder", "db_inserter-2"), 1):
        assert until(lambda: _taken_in(replicas, tail) >= MESSAGES * number / 10, 60)  # noqa: B023
        assert _taken_in(replicas, tail) < MESSAGES, f"all was done before {name} could be killed"
        work.update(_work(replicas, name))
        replicas.kill(name)
        _again(replicas, name)
    assert until(lambda: _taken_in(replicas, tail) >= MESSAGES, 120), f"{_taken_in(replicas, tail)} came through"
    assert _stored(replicas, tail) == _rows(decoded)
    assert replicas.ask(DEADLOCKS) == [(0,)]
    for name in ("decoder", "decoder-2", "db_inserter", "db_inserter-2"):
        work.update(_work(replicas, name))
        assert work[name], f"{name} had no share of the work"
    assert replicas.run("dead", "list")[1] == ""


def _run(replicas: Replicas, name: str, module: str, **settings: str) -> None:
    replicas.run_one(name, module, filter_partitions=str(PARTITIONS), **settings)


def _run_filters(replicas: Replicas, rules: str) -> None:
    for part in range(1, PARTITIONS + 1):
        _run(replicas, f"filter-{part}", "filter", filter_partition=str(part), filter_rules=rules)


def _work(replicas: Replicas, name: str) -> dict[str, float]:
    """How many records this life of a service has stored or published."""
    verb = "stored" if name.startswith("db_inserter") else "published"
    return {name: replicas.metric(name, f"fairway_{verb}_records_total")}


def _again(replicas: Replicas, name: str) -> None:
    module, _, number = name.partition("-")
    extra = {"filter_partition": number, "filter_rules": "keep_all"} if module == "filter" else {}
    _run(replicas, name, module, **extra, **({"insert_seconds": "0.3"} if module == "db_inserter" else {}))


def _ingest(replicas: Replicas, tail: str, path: Path) -> dict[str, object]:
    os.environ["FAIRWAY_BATCH_RECORDS"] = BATCH_RECORDS
    try:
        status, output, errors = replicas.run("ingest", "--wait", "--source", f"{tail}=file:{path}")
    finally:
        del os.environ["FAIRWAY_BATCH_RECORDS"]
    assert status == 0, errors
    account: dict[str, object] = json.loads(output)
    return account


def _taken_in(replicas: Replicas, tail: str) -> int:
    return int(replicas.ask(TAKEN_IN, tail)[0][0])


def _stored(replicas: Replicas, tail: str) -> Rows:
    """What is stored: keys of rows, and how many static reports of each vessel."""
    rows = replicas.ask(STORED, tail, tail, tail)
    statics = {(row[0], row[1]): int(row[2]) for row in replicas.ask(STATIC, tail)}
    return Counter((row[0], row[1], round(row[2].timestamp() * 1000)) for row in rows), statics


def _rows(kept: list[records.AnyDecoded]) -> Rows:
    """What the database should hold of these records."""
    statics = Counter((record.msg_type or 0, record.mmsi) for record in kept if isinstance(record, records.Static))
    others = (record for record in kept if not isinstance(record, records.Static))
    return Counter((record.msg_type or 0, record.mmsi, to_ms(record.event_time)) for record in others), dict(statics)
