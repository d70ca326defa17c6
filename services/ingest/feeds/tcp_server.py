"""`tcp-listen://host:port`: many feeders connect and send lines; its address is the station unless the lines say better."""

import selectors
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass, field

import structlog

from fairway import telemetry
from fairway.errors import BadSetting
from services.ingest.addresses import Address, addresses_of
from services.ingest.feeds.keep_alive import keep_alive
from services.ingest.feeds.reading_again import GATHER_SECONDS
from services.ingest.feeds.stations import station_of
from services.ingest.line_splitter import LineSplitter
from services.ingest.live_feed import MOST_SENDERS, LiveFeed
from services.ingest.options import Options, seconds, whole_number
from services.ingest.source import Feed, Means, Reading

log = structlog.get_logger()

MOST_CONNECTIONS = 500
LONGEST_PEER_LINE = 1 << 16  # bytes, also of a JSON document: five hundred of them are 32 MiB
IDLE_SECONDS = 0.5
DEAF_SECONDS = 1.0
CHUNK_BYTES = 1 << 16
BACKLOG = 64


@dataclass(frozen=True)
class TcpServer:
    """Listens on one or more addresses. A feeder that says nothing for `silence` seconds is closed, if that is given."""

    listening: tuple[Address, ...]
    connections: int = MOST_CONNECTIONS
    silence: float | None = None
    is_live = True
    name = ""

    @staticmethod
    def parse(address: str, options: Options) -> list[Feed]:
        """Options: connections (the most at once), silence (seconds). Raises BadSetting."""
        connections = options.take("connections", whole_number(1, MOST_SENDERS), MOST_CONNECTIONS)
        return [TcpServer(addresses_of(address, "tcp-listen"), connections, options.take("silence", seconds, None))]

    def read(self, reading: Reading, means: Means) -> None:
        """Read what feeders send until stopped. Raises BadSetting when an address cannot be listened on."""
        with ExitStack() as stack:
            servers = [stack.enter_context(_listen(address)) for address in self.listening]
            feed = stack.enter_context(means.live_feed(reading, longest_document=LONGEST_PEER_LINE))
            doorway = stack.enter_context(Doorway(servers, feed, self))
            telemetry.feed_connected.labels(feed.tail).set(1)
            while not means.stop.is_set():
                doorway.serve(feed.patience_seconds(IDLE_SECONDS))
                feed.idle()
        telemetry.feed_connected.labels(reading.source.tail).set(0)


@dataclass(eq=False)
class _Peer:
    """A feeder that is connected. What it leaves unfinished must not meet what another sends."""

    connection: socket.socket
    station: str
    heard: float = field(default_factory=time.monotonic)
    splitter: LineSplitter = field(default_factory=lambda: LineSplitter(LONGEST_PEER_LINE))


class Doorway:
    """All sockets of one source. A peer gives a chunk at a time, so that a loud one cannot keep the others from being heard."""

    def __init__(self, servers: list[socket.socket], feed: LiveFeed, limits: TcpServer) -> None:
        self._feed = feed
        self._limits = limits
        self._peers: set[_Peer] = set()
        self._gauge = telemetry.feed_peers.labels(feed.tail)
        self._selector = selectors.DefaultSelector()
        self._looked = time.monotonic()
        self._servers = servers
        self._deaf_until: float | None = None
        self._listen()
        for server in servers:
            log.info("listening", source=feed.tail, address=f"tcp-listen://{Address(*server.getsockname()[:2])}")

    def serve(self, patience: float) -> None:
        """Accept, read and close once, waiting at most `patience` seconds for something to happen."""
        ready = self._selector.select(patience)
        for key, _ in ready:
            if isinstance(key.data, _Peer):
                self._read(key.data)
            elif isinstance(key.fileobj, socket.socket):
                self._accept(key.fileobj)
        if ready:
            time.sleep(GATHER_SECONDS)
        now = time.monotonic()
        if self._deaf_until is not None and now >= self._deaf_until:
            self._listen()
        if self._limits.silence is not None and now - self._looked > IDLE_SECONDS:
            self._looked = now
            self._close_the_silent(now - self._limits.silence)

    def __enter__(self) -> "Doorway":
        return self

    def __exit__(self, *_error: object) -> None:
        for peer in list(self._peers):
            self._close(peer, None)
        self._selector.close()

    def _accept(self, server: socket.socket) -> None:
        try:
            connection, place = server.accept()
        except OSError as error:  # it is gone again, or this process has no file descriptor left
            self._failed("accept", error=str(error))
            self._be_deaf()
            return
        if len(self._peers) >= self._limits.connections:
            connection.close()
            self._failed("too_many", connections=len(self._peers))
            return
        connection.setblocking(False)
        keep_alive(connection)
        peer = _Peer(connection, station_of(place[0]))
        self._peers.add(peer)
        self._selector.register(connection, selectors.EVENT_READ, peer)
        self._gauge.set(len(self._peers))
        log.info("feeder connected", source=self._feed.tail, station=peer.station)

    def _listen(self) -> None:
        self._deaf_until = None
        for server in self._servers:
            self._selector.register(server, selectors.EVENT_READ, None)

    def _be_deaf(self) -> None:
        """Leave those who wish to connect waiting for a moment, or they would wake us again at once, and for ever."""
        if self._deaf_until is None:
            self._deaf_until = time.monotonic() + DEAF_SECONDS
            for server in self._servers:
                self._selector.unregister(server)

    def _read(self, peer: _Peer) -> None:
        try:
            chunk = peer.connection.recv(CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._close(peer, error.strerror)
            return
        if not chunk:
            self._close(peer, "it has ended")
            return
        lines = peer.splitter.split(chunk)
        if lines:
            peer.heard = time.monotonic()
            self._feed.take(lines, peer.station, sender=peer)

    def _close_the_silent(self, heard_before: float) -> None:
        for peer in [peer for peer in self._peers if peer.heard < heard_before]:
            telemetry.feed_stalls.labels(self._feed.tail).inc()
            self._close(peer, "it is silent")

    def _close(self, peer: _Peer, why: str | None) -> None:
        self._selector.unregister(peer.connection)
        peer.connection.close()
        self._peers.discard(peer)
        self._gauge.set(len(self._peers))
        self._feed.take(peer.splitter.finish(), peer.station, sender=peer)
        self._feed.end_stream(peer)
        if why:
            log.info("feeder is gone", source=self._feed.tail, station=peer.station, why=why)

    def _failed(self, reason: str, **what: object) -> None:
        telemetry.feed_errors.labels("tcp-listen", reason).inc()
        log.warning("feeder refused", source=self._feed.tail, reason=reason, **what)


def _listen(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    is_all = address.host == "::" and socket.has_dualstack_ipv6()  # then of IPv4 too, as UDP does
    try:
        server = socket.create_server(address, family=family, backlog=BACKLOG, dualstack_ipv6=is_all)
    except OSError as error:  # Python adds its own view of the address to the text
        reason = (error.strerror or str(error)).partition(" (while")[0]
        raise BadSetting(f"cannot listen on tcp-listen://{address}: {reason}") from error
    server.setblocking(False)
    return server
