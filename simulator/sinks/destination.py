"""Finds the sink that a destination URL names."""

from pathlib import Path
from urllib.parse import urlsplit

from simulator.errors import BadOption
from simulator.sinks.files import to_file, to_standard_output
from simulator.sinks.sink import Sink
from simulator.sinks.tcp import TcpListenSink, TcpSink
from simulator.sinks.udp import UdpSink

KNOWN = "udp://host:port, tcp://host:port, tcp-listen://host:port, file:path or - for standard output"
SOCKET_SCHEMES = ("udp", "tcp", "tcp-listen")
STANDARD_OUTPUT = "-"


def open_sink(url: str, lines_per_datagram: int = 1) -> Sink:
    """Opens the destination; raises BadOption or Unreachable."""
    if url == STANDARD_OUTPUT:
        return to_standard_output()
    if is_file(url):
        return to_file(_path(url))
    host, port = _host_and_port(url)
    match _scheme(url):
        case "udp":
            return UdpSink(host, port, lines_per_datagram)
        case "tcp":
            return TcpSink(host, port)
        case _:
            return TcpListenSink(host, port)


def is_socket(url: str) -> bool:
    """Whether somebody listens live at the other end."""
    return _scheme(url) in SOCKET_SCHEMES


def is_file(url: str) -> bool:
    """Whether the destination is a file on disk."""
    return _scheme(url) == "file"


def _scheme(url: str) -> str:
    return url.partition(":")[0]


def _path(url: str) -> Path:
    name = url.removeprefix("file:").removeprefix("//")
    if not name:
        raise BadOption(f"{url!r} names no file; write file:path.")
    return Path(name)


def _host_and_port(url: str) -> tuple[str, int]:
    if not is_socket(url):
        raise BadOption(f"{url!r} is not a destination; use {KNOWN}.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadOption(f"{url!r} has no usable host and port: {error}.") from error
    if not host or port is None or (port == 0 and parts.scheme != "tcp-listen"):
        raise BadOption(f"{url!r} needs a host and a port, for example {parts.scheme}://127.0.0.1:10110.")
    if parts.path not in ("", "/") or parts.query:
        raise BadOption(f"{url!r} has more than a host and a port.")
    return host, port
