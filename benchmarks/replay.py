"""Sends lines to a socket at an even rate: `python -m benchmarks.replay URL FILE LINES_A_SECOND SECONDS`.

A file that is too short is sent again from its start. In the end one JSON line is printed: lines sent, and seconds that took,
which are more than asked for when the hearer did not keep up.
"""

import json
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

BURSTS = 100  # a second
CONNECT_SECONDS = 30.0


class Sent(NamedTuple):
    """`sent_at`: of each burst the count of lines until then and the monotonic clock, which all processes share."""

    lines: int
    seconds: float
    sent_at: list[tuple[int, float]]


def main() -> None:
    """Connect, send, and say how it went."""
    url, file, rate, seconds = sys.argv[1:]
    lines = Path(file).read_bytes().splitlines(keepends=True)
    address = urlsplit(url)
    with _connect(address.scheme, address.hostname or "127.0.0.1", address.port or 0) as hearer:
        is_datagrams = address.scheme == "udp"
        print(json.dumps(send(hearer, lines, float(rate), float(seconds), is_datagrams=is_datagrams)))


def send(hearer: socket.socket, lines: list[bytes], rate: float, seconds: float, *, is_datagrams: bool) -> Sent:
    """As many lines each hundredth of a second as are due; one line a datagram."""
    began = time.monotonic()
    sent, total, sent_at = 0, int(rate * seconds), []
    while sent < total:
        due = min(total, int((time.monotonic() - began) * rate) + 1)
        burst = [lines[at % len(lines)] for at in range(sent, due)]
        for piece in burst if is_datagrams else [b"".join(burst)]:
            hearer.sendall(piece)
        sent = due
        sent_at.append((sent, time.monotonic()))
        time.sleep(max(0.0, min(1 / BURSTS, began + sent / rate - time.monotonic())))
    return Sent(sent, time.monotonic() - began, sent_at)


def _connect(scheme: str, host: str, port: int) -> socket.socket:
    if scheme == "udp":
        hearer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        hearer.connect((host, port))
        return hearer
    for _try in _tries(CONNECT_SECONDS):
        try:
            return socket.create_connection((host, port), timeout=CONNECT_SECONDS)
        except ConnectionRefusedError:
            continue
    raise RuntimeError(f"nobody listens on port {port}")


def _tries(seconds: float) -> Iterator[None]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield
        time.sleep(0.2)


if __name__ == "__main__":
    main()
