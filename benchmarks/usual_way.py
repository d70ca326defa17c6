"""The baseline: AIS through RabbitMQ to PostgreSQL the way it is usually written.

One JSON object per AMQP message with publisher confirms, pyais per message, psycopg2 `execute_values` of 500 rows; three
processes as with us. `python -m benchmarks.usual_way <part> <amqp url> <database url> <argument>` runs one part.
"""

import json
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pika
import psycopg2
import psycopg2.extras
import pyais

ROWS = 500
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


def run(amqp_url: str, database_url: str, file: Path) -> tuple[int, float]:
    """Play a file; the rows stored and the seconds from the first line to the last committed row."""
    records = file.read_bytes().count(b"\n")
    with closing(psycopg2.connect(database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(TABLE)
    with closing(pika.BlockingConnection(pika.URLParameters(amqp_url))) as broker:
        for queue in ("usual.raw", "usual.decoded"):
            broker.channel().queue_declare(queue, durable=True)
    began = time.monotonic()
    parts = [_part(name, amqp_url, database_url, str(argument)) for name, argument in _parts(file, records)]
    for part in parts:
        if part.wait(timeout=600):
            raise RuntimeError(f"{part.args!r} failed")
    return records, time.monotonic() - began


def _parts(file: Path, records: int) -> list[tuple[str, Any]]:
    return [("insert", records), ("decode", records), ("ingest", file)]


def _part(*arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "benchmarks.usual_way", *arguments])


def ingest(channel: Any, _database_url: str, file: str) -> None:
    """Each line becomes one message."""
    with Path(file).open() as lines:
        for line in lines:
            record = {"ais": line.strip(), "server_time": datetime.now(UTC).isoformat(), "source": "usual"}
            _publish(channel, "usual.raw", record)


def decode(channel: Any, _database_url: str, count: str) -> None:
    """Each message is decoded and published again."""
    for method, _properties, body in _take(channel, "usual.raw", int(count)):
        record = json.loads(body)
        record["decoded"] = {name: _plain(value) for name, value in pyais.decode(record["ais"]).asdict().items()}
        _publish(channel, "usual.decoded", record)
        channel.basic_ack(method.delivery_tag)


def insert(channel: Any, database_url: str, count: str) -> None:
    """Rows are gathered and inserted 500 at a time."""
    rows: list[tuple[Any, ...]] = []
    left = int(count)
    with closing(psycopg2.connect(database_url)) as connection:
        for method, _properties, body in _take(channel, "usual.decoded", left):
            rows.append(_row(json.loads(body)))
            left -= 1
            if len(rows) == ROWS or not left:
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


def _take(channel: Any, queue: str, count: int) -> Any:
    channel.basic_qos(prefetch_count=2 * ROWS)
    for number, delivery in enumerate(channel.consume(queue), 1):
        yield delivery
        if number == count:
            return


if __name__ == "__main__":
    name, amqp, database, argument = sys.argv[1:]
    with closing(pika.BlockingConnection(pika.URLParameters(amqp))) as broker:
        opened = broker.channel()
        opened.confirm_delivery()
        {"ingest": ingest, "decode": decode, "insert": insert}[name](opened, database, argument)
