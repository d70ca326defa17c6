"""How long a message takes: from its datagram to a consumer of `filtered.#`, and to a row that others can see in PostGIS.

A thousand datagrams a second, a sentence each, every one of another vessel, so that the filter keeps all of them and each can be
told apart: their MMSIs count up. All settings are the default ones. The database is asked every twentieth of a second for the
highest MMSI it has; those below are there too, since batches come in order.
"""

import json
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import msgspec
import pika
import psycopg2

from benchmarks import fleet
from benchmarks.samples import percentile
from benchmarks.stack import DEFAULT_RULES, accounted, start_services
from fairway.local import Local
from fairway.settings import InserterSettings
from fairway.topics import EXCHANGE

RATE = 1000  # messages a second
POLL_SECONDS = 0.05
PATIENCE_SECONDS = 30.0
FIRST_MMSI = 700_000_000
TAIL = "bench.latency"
HIGHEST = "SELECT max(mmsi) FROM ais.positions WHERE mmsi >= %s AND mmsi < %s"


class _Line(msgspec.Struct):
    mmsi: int


_lines = msgspec.json.Decoder(_Line)


def rows(local: Local, folder: Path, seconds: float) -> Iterator[str]:
    """A table of percentiles in milliseconds."""
    count = int(RATE * seconds)
    file = fleet.write(folder / "latency.nmea", count, count, FIRST_MMSI)
    start_services(local, DEFAULT_RULES, [f"{TAIL}=udp://127.0.0.1:{local.udp_port()}"])
    sent, heard, seen = _play(local, file, count, seconds)
    period = InserterSettings.model_fields["insert_seconds"].default
    yield f"{count:,} datagrams at {RATE:,} a second; a group is inserted every {period:g} s at the latest.\n"
    yield "| from the datagram to | messages | p50, ms | p99, ms | most, ms |\n|---|--:|--:|--:|--:|"
    for name, arrived in (("a consumer of filtered.#", heard), ("a row in PostGIS", seen)):
        late = [(at - sent[number]) * 1000 for number, at in arrived.items()]
        most = max(late, default=0.0)
        yield f"| {name} | {len(late):,} | {percentile(late, 50):,.0f} | {percentile(late, 99):,.0f} | {most:,.0f} |"


def _play(
    local: Local, file: Path, count: int, seconds: float
) -> tuple[list[float], dict[int, float], dict[int, float]]:
    """When each message was sent, heard and seen, by the monotonic clock; messages are numbers from 0."""
    end = Event()
    heard: dict[int, float] = {}
    seen: dict[int, float] = {}
    listeners = [
        Thread(target=_hear, args=(local.stack.amqp_url("consumer"), heard, end)),
        Thread(target=_see, args=(local.stack.database_url(), count, seen, end)),
    ]
    for listener in listeners:
        listener.start()
    time.sleep(0.5)  # both are connected
    command = [sys.executable, "-m", "benchmarks.replay", f"udp://127.0.0.1:{local.udp_port()}", str(file)]
    run = subprocess.run([*command, str(RATE), str(seconds)], stdout=subprocess.PIPE, check=True)
    _wait_for(local, count, seen)
    end.set()
    for listener in listeners:
        listener.join()
    return _moments(json.loads(run.stdout)[2], count), heard, seen


def _moments(sent_at: list[tuple[int, float]], count: int) -> list[float]:
    """When each message was sent: with the burst in which the count passed it."""
    counts = [until for until, _at in sent_at]
    return [sent_at[bisect_left(counts, number + 1)][1] for number in range(count)]


def _wait_for(local: Local, count: int, seen: Mapping[int, float]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while len(seen) < count and time.monotonic() < until:
        if accounted(local, TAIL) >= count and len(seen) >= count:
            return
        time.sleep(0.1)


def _hear(url: str, heard: dict[int, float], end: Event) -> None:
    with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, EXCHANGE, f"filtered.ais.{TAIL}")
        for method, _properties, body in channel.consume(queue, inactivity_timeout=0.1):
            if method is not None:
                now = time.monotonic()
                heard.update((line.mmsi - FIRST_MMSI, now) for line in _lines.decode_lines(body))
                channel.basic_ack(method.delivery_tag)
            if end.is_set():
                return


def _see(url: str, count: int, seen: dict[int, float], end: Event) -> None:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        while not end.is_set():
            cursor.execute(HIGHEST, (FIRST_MMSI, FIRST_MMSI + count))
            highest = (cursor.fetchone() or (None,))[0]
            now = time.monotonic()
            if highest is not None:
                seen.update((number, now) for number in range(len(seen), highest - FIRST_MMSI + 1))
            end.wait(POLL_SECONDS)
