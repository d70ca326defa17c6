"""Datagrams: several ports, several lines, cut lines, groups, and what the kernel drops."""

import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fairway.errors import BadSetting
from services.ingest.addresses import Address
from services.ingest.feeds.udp_socket import Drops, listen

LINE = b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"
Ingest = Callable[..., Any]
Until = Callable[..., bool]


@pytest.fixture
def ports() -> list[int]:
    sockets = [socket.socket(type=socket.SOCK_DGRAM) for _ in range(2)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture
def sender() -> Any:
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        yield sender


def heard(until: Until, logs: list[dict[str, object]], count: int = 1) -> None:
    assert until(lambda: sum(entry["event"] == "listening" for entry in logs) >= count)


def test_listens_on_several_ports_for_datagrams_of_several_lines(
    ingest: Ingest, until: Until, ports: list[int], sender: socket.socket, logs: list[dict[str, object]]
) -> None:
    run = ingest("a=udp://" + ",".join(f"127.0.0.1:{port}" for port in ports))
    heard(until, logs, 2)
    for port in ports:
        sender.sendto(LINE + b"\r\n" + LINE + b"\r\n\0", ("127.0.0.1", port))
    assert until(lambda: len(run.raw) == 4)
    assert {record.station for record in run.raw} == {"127.0.0.1"}
    assert run.stop() < 1.5


def test_a_line_cut_over_two_datagrams_is_one(
    ingest: Ingest, until: Until, ports: list[int], sender: socket.socket, logs: list[dict[str, object]]
) -> None:
    run = ingest(f"a=udp://127.0.0.1:{ports[0]}")
    heard(until, logs)
    sender.sendto(LINE[:25], ("127.0.0.1", ports[0]))
    sender.sendto(LINE[25:] + b"\n" + LINE[:9], ("127.0.0.1", ports[0]))
    assert until(lambda: LINE.decode() in run.sentences)
    assert until(lambda: len(run.raw) == 2), "what nobody goes on with is a record of its own"
    assert [record.defect for record in run.raw] == [None, "malformed"]


def test_joins_a_multicast_group(
    ingest: Ingest, until: Until, ports: list[int], sender: socket.socket, logs: list[dict[str, object]]
) -> None:
    run = ingest(f"a=udp://239.192.0.4:{ports[0]}?interface=127.0.0.1")
    assert until(lambda: logs)
    if run.readings[0].error:
        pytest.skip(f"no multicast here: {run.readings[0].error}")
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, struct.pack("b", 1))
    assert until(lambda: sender.sendto(LINE + b"\n", ("239.192.0.4", ports[0])) and run.raw)


def test_hears_ipv6_and_names_ipv4_senders_as_they_are(
    ingest: Ingest, until: Until, ports: list[int], sender: socket.socket, logs: list[dict[str, object]]
) -> None:
    run = ingest(f"a=udp://[::]:{ports[0]}")
    assert until(lambda: logs)
    if run.readings[0].error:
        pytest.skip(f"no IPv6 here: {run.readings[0].error}")
    sender.sendto(LINE + b"\n", ("127.0.0.1", ports[0]))
    assert until(lambda: run.raw)
    assert run.raw[0].station == "127.0.0.1"


def test_tells_how_many_datagrams_the_kernel_dropped() -> None:
    with listen(Address("127.0.0.1", 0), None) as ear, socket.socket(type=socket.SOCK_DGRAM) as sender:
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        drops = Drops([ear])
        if not Path("/proc/net/udp").exists():
            pytest.skip("this system does not tell what it drops")
        for _ in range(100):
            sender.sendto(b"x" * 1000, ear.getsockname())
        kept = 0
        while True:
            try:
                ear.recv(2000)
            except BlockingIOError:
                break
            kept += 1
        assert drops.since_last() == 100 - kept > 0
        assert drops.since_last() == 0


def test_reads_the_kernels_table_of_the_sockets_it_was_given(tmp_path: Path) -> None:
    table = tmp_path / "udp"
    with socket.socket(type=socket.SOCK_DGRAM) as ear:
        row = "  1: 0100007F:1F90 00000000:0000 07 00000000:00000000 00:00000000 00000000  0  0 {} 2 0000 {}\n"
        inode = Drops([ear], [table])._inodes.copy().pop()
        drops = Drops([ear], [table, tmp_path / "missing"])
        table.write_text("  sl ...\n" + row.format(inode, 7) + row.format(int(inode) + 1, 5))
        assert drops.since_last() == 7


@pytest.mark.parametrize(("host", "interface"), [("192.0.2.1", None), ("239.1.1.1", "no-address")])
def test_an_address_that_cannot_be_listened_on_is_one_sentence(host: str, interface: str | None) -> None:
    with pytest.raises(BadSetting, match=f"cannot listen on udp://{host}:1: "):
        listen(Address(host, 1), interface)
