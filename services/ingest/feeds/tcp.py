"""`tcp://host:port,host:port`: connects to a feed, and to the next host whenever one ends, fails or falls silent."""

import errno
import os
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any

from fairway.settings import text_of
from services.ingest.addresses import Address, addresses_of
from services.ingest.feeds.keep_alive import keep_alive
from services.ingest.feeds.reading_again import Patience, read_again
from services.ingest.options import Options
from services.ingest.source import Feed, Means, Reading

CONNECT_SECONDS = 10.0
GLANCE_MS = 250  # how often a connection that is being made looks whether a stop was asked for
CHUNK_BYTES = 1 << 18


@dataclass(frozen=True)
class TcpClient:
    """Connects to one of several hosts that give the same feed; the first is tried first.

    `greeting` is sent as a line once connected, for servers that want a login.
    """

    hosts: tuple[Address, ...]
    patience: Patience = field(default_factory=Patience)
    greeting: str | None = field(default=None, repr=False)  # may hold a password
    greeting_file: Path | None = None
    is_live = True
    name = ""

    @staticmethod
    def parse(address: str, options: Options) -> list[Feed]:
        """Options: silence and retry (seconds), login or login_file (a line to send). Raises BadSetting."""
        patience = Patience.of(options)
        greeting = options.take("login", str, None)
        file = options.take("login_file", Path, None)
        return [TcpClient(addresses_of(address, "tcp"), patience, greeting, file)]

    def read(self, reading: Reading, means: Means) -> None:
        """Read lines until stopped. Raises BadSetting when the login cannot be read."""
        greeting = self.greeting
        if self.greeting_file is not None:
            greeting = text_of(self.greeting_file, f"the login_file {self.greeting_file}")
        patience = replace(self.patience, silence=self.patience.silence or means.settings.read_seconds)
        with means.live_feed(reading) as feed:
            read_again("tcp", [_Host(host, greeting) for host in self.hosts], feed, means.stop, patience)


@dataclass(frozen=True)
class _Host:
    address: Address
    greeting: str | None = field(repr=False)

    @contextmanager
    def open(self, stop: Event) -> Iterator["_Connection"]:
        with connect(self.address, stop) as connection:
            if self.greeting:
                connection.settimeout(CONNECT_SECONDS)
                connection.sendall(self.greeting.encode() + b"\r\n")
            yield _Connection(connection)

    def __str__(self) -> str:
        return f"tcp://{self.address}"


@dataclass(frozen=True)
class _Connection:
    socket: socket.socket

    def read(self, seconds: float) -> bytes | None:
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(CHUNK_BYTES)
        except TimeoutError:
            return None


def connect(address: Address, stop: Event) -> socket.socket:
    """A connection to the first of the host's addresses that answers; names are looked up anew. Raises OSError."""
    failure: OSError = OSError(f"{address.host} has no address")
    for family, kind, protocol, _, place in socket.getaddrinfo(*address, type=socket.SOCK_STREAM):
        connection = socket.socket(family, kind, protocol)
        try:
            _wait_for(connection, place, stop)
            keep_alive(connection)
            return connection
        except OSError as error:
            connection.close()
            failure = error
    raise failure


def _wait_for(connection: socket.socket, place: tuple[Any, ...], stop: Event) -> None:
    connection.setblocking(False)
    error = connection.connect_ex(place)
    if error == errno.EINPROGRESS:
        is_made = select.poll()
        is_made.register(connection, select.POLLOUT)
        until = time.monotonic() + CONNECT_SECONDS
        while not is_made.poll(GLANCE_MS):
            if stop.is_set() or time.monotonic() > until:
                raise TimeoutError("no answer")
        error = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, os.strerror(error))
