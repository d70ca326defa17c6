"""`tcp://host:port`: connects to a feed, and again whenever it ends, fails or falls silent."""

import socket
import time
from random import Random
from threading import Event

import structlog

from fairway import backoff, telemetry
from services.ingest.feed import LiveFeed
from services.ingest.line_splitter import LineSplitter

log = structlog.get_logger()

CONNECT_SECONDS = 10.0
IDLE_SECONDS = 0.5
CHUNK_BYTES = 1 << 16


def read(host: str, port: int, feed: LiveFeed, stop: Event, silence_seconds: float) -> None:
    """Read lines until stopped; a feed that says nothing for `silence_seconds` is connected again."""
    pauses = backoff.delays(Random(), first=1.0, longest=30.0)
    connected = telemetry.feed_connected.labels(feed.tail)
    while not stop.is_set():
        try:
            with socket.create_connection((host, port), timeout=CONNECT_SECONDS) as connection:
                log.info("connected", source=feed.tail, host=host, port=port)
                connected.set(1)
                if _read_until_it_ends(connection, feed, stop, silence_seconds):
                    pauses = backoff.delays(Random(), first=1.0, longest=30.0)
        except OSError as error:
            log.warning("feed is away", source=feed.tail, host=host, port=port, error=str(error))
        connected.set(0)
        feed.hand_over()
        if not stop.is_set():
            telemetry.reconnects.labels(feed.tail).inc()
            stop.wait(next(pauses))


def _read_until_it_ends(connection: socket.socket, feed: LiveFeed, stop: Event, silence_seconds: float) -> bool:
    """Whether anything was read before the connection ended, fell silent or a stop was asked for."""
    splitter = LineSplitter()
    heard = time.monotonic()
    has_spoken = False
    while not stop.is_set():
        connection.settimeout(feed.patience_seconds(IDLE_SECONDS))
        try:
            chunk = connection.recv(CHUNK_BYTES)
        except TimeoutError:
            feed.idle()
            if time.monotonic() - heard > silence_seconds:
                log.warning("feed is silent", source=feed.tail, seconds=silence_seconds)
                return has_spoken
            continue
        if not chunk:
            feed.take(splitter.finish())
            log.warning("feed has ended", source=feed.tail)
            return has_spoken
        heard, has_spoken = time.monotonic(), True
        feed.take(splitter.split(chunk))
    return has_spoken
