"""Each sink delivers every line in order, over real sockets on loopback and to real files."""

import gzip
import socket
import threading
from pathlib import Path

import pytest

from simulator.errors import BadOption, Unreachable
from simulator.sinks.destination import open_sink
from simulator.sinks.tcp import TcpListenSink

LINES = [b"!AIVDM,1,1,,A,%04d,0*00" % number for number in range(100)]
WIRE = b"".join(line + b"\r\n" for line in LINES)
SECONDS = 5  # far more than loopback needs


def never() -> bool:
    return False


def read_to_end(connection: socket.socket) -> bytes:
    connection.settimeout(SECONDS)
    return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.fixture
def udp_receiver() -> socket.socket:
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    receiver.settimeout(SECONDS)
    return receiver


def test_udp_sends_one_line_per_datagram(udp_receiver: socket.socket) -> None:
    with udp_receiver:
        sink = open_sink(f"udp://127.0.0.1:{udp_receiver.getsockname()[1]}")
        sink.send(LINES[:3])

        assert [udp_receiver.recv(2000) for _ in range(3)] == [line + b"\r\n" for line in LINES[:3]]
        sink.close()


def test_udp_can_put_several_whole_lines_in_a_datagram(udp_receiver: socket.socket) -> None:
    with udp_receiver:
        sink = open_sink(f"udp://127.0.0.1:{udp_receiver.getsockname()[1]}", lines_per_datagram=4)
        sink.send(LINES[:6])
        first = udp_receiver.recv(2000)
        sink.flush()
        second = udp_receiver.recv(2000)

        assert (first.count(b"\r\n"), second.count(b"\r\n")) == (4, 2)
        assert first + second == b"".join(line + b"\r\n" for line in LINES[:6])
        sink.close()


def test_udp_datagrams_fit_an_ethernet_frame(udp_receiver: socket.socket) -> None:
    with udp_receiver:
        sink = open_sink(f"udp://127.0.0.1:{udp_receiver.getsockname()[1]}", lines_per_datagram=100)
        sink.send(LINES)
        sink.close()
        received = [udp_receiver.recv(65_536)]
        while sum(map(len, received)) < len(WIRE):
            received.append(udp_receiver.recv(65_536))

        assert max(map(len, received)) <= 1400
        assert b"".join(received) == WIRE


def test_udp_does_not_mind_that_nobody_listens() -> None:
    sink = open_sink("udp://127.0.0.1:9")
    sink.send(LINES)
    sink.send(LINES)
    sink.close()


def test_tcp_connects_and_delivers_everything() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sink = open_sink(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        connection, _ = server.accept()
        sink.send(LINES)
        sink.close()

        with connection:
            assert read_to_end(connection) == WIRE


def test_tcp_says_when_nobody_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(Unreachable, match=f"cannot connect to 127.0.0.1:{port}"):
        open_sink(f"tcp://127.0.0.1:{port}")


def test_tcp_listen_sends_every_client_the_same() -> None:
    sink = TcpListenSink("127.0.0.1", 0)
    clients = [socket.create_connection(("127.0.0.1", sink.port), SECONDS) for _ in range(2)]
    sink.wait_until_ready(never)
    sink.flush()  # takes in a second client that came late
    sink.send(LINES)
    sink.close()

    for client in clients:
        with client:
            assert read_to_end(client) == WIRE


def test_tcp_listen_goes_on_when_a_client_leaves() -> None:
    sink = TcpListenSink("127.0.0.1", 0)
    stays = socket.create_connection(("127.0.0.1", sink.port), SECONDS)
    leaves = socket.create_connection(("127.0.0.1", sink.port), SECONDS)
    sink.wait_until_ready(never)
    sink.flush()
    leaves.close()
    for line in LINES:
        sink.send([line])
        sink.flush()
    sink.close()

    with stays:
        assert read_to_end(stays) == WIRE


def test_tcp_listen_waits_for_a_client_but_heeds_a_stop() -> None:
    sink = TcpListenSink("127.0.0.1", 0)
    asked = threading.Event()
    waiting = threading.Thread(target=sink.wait_until_ready, args=(asked.is_set,))
    waiting.start()
    asked.set()
    waiting.join(SECONDS)

    assert not waiting.is_alive()
    sink.close()


def test_a_file_has_every_line(tmp_path: Path) -> None:
    sink = open_sink(f"file:{tmp_path}/traffic.nmea")
    sink.send(LINES)
    sink.close()

    assert (tmp_path / "traffic.nmea").read_bytes() == WIRE


def test_a_compressed_file_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one.gz", "two.gz"):
        sink = open_sink(f"file:{tmp_path}/{name}")
        sink.send(LINES)
        sink.close()

    assert gzip.decompress((tmp_path / "one.gz").read_bytes()) == WIRE
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()


@pytest.mark.parametrize(
    "url",
    [
        "carrier-pigeon://coop:1",
        "127.0.0.1:10110",
        "udp://127.0.0.1",
        "udp://:10110",
        "tcp://127.0.0.1:99999",
        "udp://127.0.0.1:10110/path",
        "file:",
        "file:/no/such/folder/traffic.nmea",
        "",
    ],
)
def test_refuses_a_bad_destination_with_one_sentence(url: str) -> None:
    with pytest.raises(BadOption, match=r"^[^\n]+\.$|tandard output\.$"):
        open_sink(url)
