"""Sends sentences as UDP datagrams, one or several lines in each."""

import socket
from collections.abc import Sequence

from simulator.errors import Unreachable
from simulator.sinks.sink import LINE_END, lines_of
from simulator.stopping import Stop

MAX_DATAGRAM_BYTES = 1_400  # fits an Ethernet frame with room for tunnels


class UdpSink:
    """At most `lines` lines per datagram."""

    def __init__(self, host: str, port: int, lines: int = 1) -> None:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        except OSError as error:
            raise Unreachable(f"cannot find the host {host!r}: {error.strerror}.") from error
        self._address = address
        self._socket = socket.socket(family, kind, protocol)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._lines = lines
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0

    def wait_until_ready(self, stop: Stop) -> None:
        pass

    def send(self, sentences: Sequence[bytes]) -> None:
        for sentence in sentences:
            if self._waiting_bytes + len(sentence) > MAX_DATAGRAM_BYTES - len(LINE_END):
                self.flush()
            self._waiting.append(sentence)
            self._waiting_bytes += len(sentence) + len(LINE_END)
            if len(self._waiting) >= self._lines:
                self.flush()

    def flush(self) -> None:
        if not self._waiting:
            return
        datagram = lines_of(self._waiting)
        self._waiting.clear()
        self._waiting_bytes = 0
        try:
            self._socket.sendto(datagram, self._address)
        except ConnectionRefusedError:
            pass  # nobody listens yet; with UDP that is nobody's fault
        except OSError as error:
            raise Unreachable(f"cannot send to {self._address[0]}: {error.strerror}.") from error

    def close(self) -> None:
        try:
            self.flush()
        finally:
            self._socket.close()
