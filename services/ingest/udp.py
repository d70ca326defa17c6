"""`udp://host:port`: datagrams of one or more lines; the sender's address is the station unless a tag block names one."""

import socket
from threading import Event

import structlog

from fairway import telemetry
from fairway.errors import BadSetting
from services.ingest.feed import LiveFeed

log = structlog.get_logger()

BUFFER_BYTES = 8 << 20  # asked of the kernel, for bursts while we are busy; it gives what its limit allows
LONGEST_DATAGRAM = 65_535
IDLE_SECONDS = 0.5


def read(host: str, port: int, feed: LiveFeed, stop: Event) -> None:
    """Read datagrams until stopped. Raises BadSetting when the address cannot be listened on."""
    with _bind(host, port) as server:
        log.info("listening", source=feed.tail, address=f"udp://{host}:{server.getsockname()[1]}")
        telemetry.feed_connected.labels(feed.tail).set(1)
        while not stop.is_set():
            server.settimeout(feed.patience_seconds(IDLE_SECONDS))
            try:
                datagram, (address, *_port) = server.recvfrom(LONGEST_DATAGRAM)
            except TimeoutError:
                feed.idle()
                continue
            feed.take(datagram.rstrip(b"\r\n\0").split(b"\n"), station=address)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.socket(family, socket.SOCK_DGRAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    try:
        server.bind((host, port))
    except OSError as error:
        server.close()
        raise BadSetting(f"cannot listen on udp://{host}:{port}: {error.strerror or error}") from error
    return server
