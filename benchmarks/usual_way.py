"""The baseline: AIS through RabbitMQ to PostgreSQL the way it is usually written.

Three processes as with us: one reads lines and publishes each as one JSON message; one decodes each with pyais and publishes it
again; one inserts rows with psycopg2's `execute_values`, 500 at a time. Queues are durable and messages persistent, and a message
is acknowledged when it is done with. What such programs differ in is measured as variants, and the fastest is the baseline.
`python -m benchmarks.usual_way PART AMQP_URL DATABASE_URL VARIANT ARGUMENT` runs one part.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pika
import psycopg2
import psycopg2.extras
import pyais

from benchmarks.processes import cpu_seconds
from benchmarks.stack import pids
from fairway.local import SERVICES, Local

ROWS = 500
QUEUES = ("usual.raw", "usual.decoded")
TABLE = """
CREATE TABLE IF NOT EXISTS public.usual_positions (
    mmsi text NOT NULL, event_time timestamptz NOT NULL, msg_type text, navigation_status text, rot real, sog real, cog real,
    heading real, longitude double precision, latitude double precision, position geometry(Point, 4326), source text
);
CREATE INDEX IF NOT EXISTS usual_positions_mmsi_time ON public.usual_positions (mmsi, event_time);
TRUNCATE public.usual_positions
"""
INSERT = "INSERT INTO public.usual_positions VALUES %s"
TEMPLATE = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, ST_SetSRID(ST_MakePoint(%s, %s), 4326), %s)"


@dataclass(frozen=True)
class Variant:
    """`confirms`: each publish waits until the broker has the message safe, as we do for each batch."""

    name: str
    confirms: bool
    prefetch: int


VARIANTS = (
    Variant("each publish confirmed", confirms=True, prefetch=2 * ROWS),
    Variant("no confirms", confirms=False, prefetch=2 * ROWS),
    Variant("no confirms, small prefetch", confirms=False, prefetch=50),
)


@dataclass(frozen=True)
class Run:
    """Rows stored, seconds from starting the three processes to the last committed row, CPU of them and both servers."""

    variant: Variant
    records: int
    seconds: float
    cpu_us: float  # per row

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.records / self.seconds


def all_variants(local: Local, file: Path) -> list[Run]:
    """Every variant with the same file of position sentences."""
    return [run(local, file, variant) for variant in VARIANTS]


def run(local: Local, file: Path, variant: Variant) -> Run:
    """Play a file of position sentences. Raises RuntimeError when a part fails."""
    amqp_url, database_url = local.stack.amqp_url("operator"), local.stack.database_url()
    servers = {name: pid for name, pid in pids(local).items() if name not in SERVICES}
    records = file.read_bytes().count(b"\n")
    with closing(psycopg2.connect(database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(TABLE)
    with closing(pika.BlockingConnection(pika.URLParameters(amqp_url))) as broker:
        for queue in QUEUES:
            broker.channel().queue_declare(queue, durable=True)
    before = {pid: cpu_seconds(pid) for pid in servers.values()}
    began = time.monotonic()
    arguments = (("insert", records), ("decode", records), ("ingest", file))
    parts = [_part(name, amqp_url, database_url, variant.name, str(argument)) for name, argument in arguments]
    try:
        used = sum(_end(part) for part in reversed(parts))  # a part that fails leaves those behind it waiting
    finally:
        for part in parts:
            part.kill()
    seconds = time.monotonic() - began
    used += sum(cpu_seconds(pid) - already for pid, already in before.items())
    return Run(variant, records, seconds, used / records * 1e6)


def _end(part: "subprocess.Popen[bytes]") -> float:
    """CPU seconds of a process that has ended well."""
    _pid, status, usage = os.wait4(part.pid, 0)
    part.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise RuntimeError(f"{part.args!r} failed")
    return usage.ru_utime + usage.ru_stime


def _part(*arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "benchmarks.usual_way", *arguments])


def ingest(channel: Any, _database_url: str, _variant: Variant, file: str) -> None:
    """Each line becomes one message."""
    with Path(file).open() as lines:
        for line in lines:
            record = {"ais": line.strip(), "server_time": datetime.now(UTC).isoformat(), "source": "usual"}
            _publish(channel, "usual.raw", record)


def decode(channel: Any, _database_url: str, variant: Variant, count: str) -> None:
    """Each message is decoded and published again."""
    for method, _properties, body in _take(channel, "usual.raw", variant, int(count)):
        record = json.loads(body)
        record["decoded"] = {name: _plain(value) for name, value in pyais.decode(record["ais"]).asdict().items()}
        _publish(channel, "usual.decoded", record)
        channel.basic_ack(method.delivery_tag)


def insert(channel: Any, database_url: str, variant: Variant, count: str) -> None:
    """Rows are gathered and inserted 500 at a time, or as many as the prefetch lets come."""
    rows: list[tuple[Any, ...]] = []
    left, size = int(count), min(ROWS, variant.prefetch)
    with closing(psycopg2.connect(database_url)) as connection:
        for method, _properties, body in _take(channel, "usual.decoded", variant, left):
            rows.append(_row(json.loads(body)))
            left -= 1
            if len(rows) == size or not left:
                with connection, connection.cursor() as cursor:
                    psycopg2.extras.execute_values(cursor, INSERT, rows, template=TEMPLATE, page_size=ROWS)
                channel.basic_ack(method.delivery_tag, multiple=True)
                rows = []


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _row(record: dict[str, Any]) -> tuple[Any, ...]:
    d = record["decoded"]
    lon, lat = d.get("lon"), d.get("lat")
    values = (d["mmsi"], record["server_time"], d["msg_type"], d.get("status"), d.get("turn"), d.get("speed"))
    return (*values, d.get("course"), d.get("heading"), lon, lat, lon, lat, record["source"])


def _publish(channel: Any, queue: str, record: dict[str, Any]) -> None:
    properties = pika.BasicProperties(content_type="application/json", delivery_mode=2)
    channel.basic_publish("", queue, json.dumps(record).encode(), properties)


def _take(channel: Any, queue: str, variant: Variant, count: int) -> Iterator[tuple[Any, Any, bytes]]:
    channel.basic_qos(prefetch_count=variant.prefetch)
    for number, delivery in enumerate(channel.consume(queue), 1):
        yield delivery
        if number == count:
            return


def main() -> None:
    """Run one part."""
    name, amqp, database, variant_name, argument = sys.argv[1:]
    [variant] = [each for each in VARIANTS if each.name == variant_name]
    with closing(pika.BlockingConnection(pika.URLParameters(amqp))) as broker:
        channel = broker.channel()
        if variant.confirms:
            channel.confirm_delivery()
        {"ingest": ingest, "decode": decode, "insert": insert}[name](channel, database, variant, argument)


if __name__ == "__main__":
    main()
