"""Sends sentences over TCP: to a server we connect to, or to every client that connects to us."""

import select
import socket
from collections.abc import Sequence

from simulator.errors import Unreachable
from simulator.sinks.sink import lines_of
from simulator.stopping import Stop

BUFFER_BYTES = 16_384  # at full speed many lines share one system call
CONNECT_SECONDS = 10.0
STALLED_SECONDS = 10.0  # a peer that takes nothing for so long is given up
POLL_SECONDS = 0.1  # how soon a stop is heeded while waiting for the first client


class TcpSink:
    """Connects as a client."""

    def __init__(self, host: str, port: int) -> None:
        self._peer = f"{host}:{port}"
        try:
            self._socket = socket.create_connection((host, port), timeout=CONNECT_SECONDS)
        except OSError as error:
            raise Unreachable(f"cannot connect to {self._peer}: {_reason(error)}.") from error
        self._socket.settimeout(STALLED_SECONDS)
        self._buffer = bytearray()

    def wait_until_ready(self, stop: Stop) -> None:
        pass

    def send(self, sentences: Sequence[bytes]) -> None:
        self._buffer += lines_of(sentences)
        if len(self._buffer) >= BUFFER_BYTES:
            self.flush()

    def flush(self) -> None:
        waiting, self._buffer = self._buffer, bytearray()
        try:
            self._socket.sendall(waiting)
        except OSError as error:
            raise Unreachable(f"lost the connection to {self._peer}: {_reason(error)}.") from error

    def close(self) -> None:
        try:
            self.flush()
        finally:
            self._socket.close()


class TcpListenSink:
    """Accepts clients at any time; each hears everything from the next whole line on.

    While nobody is connected nothing is sent, so the truth lists only what somebody could hear.
    """

    def __init__(self, host: str, port: int) -> None:
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self._server = socket.create_server((host, port), family=family)
        except OSError as error:
            raise Unreachable(f"cannot listen on {host}:{port}: {_reason(error)}.") from error
        self._clients: list[socket.socket] = []
        self._buffer = bytearray()

    @property
    def port(self) -> int:
        """The port in use, also when 0 was asked for."""
        port: int = self._server.getsockname()[1]
        return port

    def wait_until_ready(self, stop: Stop) -> None:
        while not self._clients and not stop():
            self._accept(POLL_SECONDS)

    def send(self, sentences: Sequence[bytes]) -> None:
        self._buffer += lines_of(sentences)
        if len(self._buffer) >= BUFFER_BYTES:
            self.flush()

    def flush(self) -> None:
        waiting, self._buffer = self._buffer, bytearray()
        self._clients = [client for client in self._clients if _delivered(client, waiting)]
        self._accept(0)

    def close(self) -> None:
        self.flush()
        for client in self._clients:
            client.close()
        self._server.close()

    def _accept(self, seconds: float) -> None:
        while select.select([self._server], [], [], seconds)[0]:
            client, _ = self._server.accept()
            client.settimeout(STALLED_SECONDS)
            self._clients.append(client)
            seconds = 0


def _delivered(client: socket.socket, waiting: bytearray) -> bool:
    """Whether the client took everything; one that left or stalled is closed."""
    try:
        client.sendall(waiting)
    except OSError:
        client.close()
        return False
    return True


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
