"""Feeders that connect to us: many at once, rude ones, silent ones."""

import errno
import socket
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any, NoReturn

import pytest

from fairway.errors import BadSetting
from fairway.settings import IngestSettings, read
from services.ingest.feeds.tcp_server import LONGEST_PEER_LINE, Doorway, TcpServer
from services.ingest.live_feed import LiveFeed
from services.ingest.outbox import Outbox
from services.ingest.sources import parse
from services.ingest.spool import Spool

LINE = b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"
PART_1 = b"!AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0*3E"
PART_2 = b"!AIVDM,2,2,3,B,1@0000000000000,2*55"
Ingest = Callable[..., Any]
Until = Callable[..., bool]


@pytest.fixture
def feeder(free_port: int, until: Until, logs: list[dict[str, object]]) -> Callable[..., socket.socket]:
    """Connects to the listening source, as soon as it listens."""

    def connect() -> socket.socket:
        assert until(lambda: any(entry["event"] == "listening" for entry in logs))
        return socket.create_connection(("127.0.0.1", free_port), timeout=5)

    return connect


def test_many_feeders_send_at_once_and_their_addresses_are_the_stations(
    ingest: Ingest, until: Until, free_port: int, feeder: Callable[..., socket.socket]
) -> None:
    run = ingest(f"a=tcp-listen://127.0.0.1:{free_port}", batch_linger_ms=200)
    with ExitStack() as stack:
        feeders = [stack.enter_context(feeder()) for _ in range(20)]
        for number, each in enumerate(feeders):
            each.sendall(LINE + b",%d\n" % number)
        assert until(lambda: len(run.raw) == 20)
    assert {record.station for record in run.raw} == {"127.0.0.1"}
    assert len(run.broker.published) < 20, "they share batches"


def test_parts_and_halves_of_lines_of_different_feeders_do_not_mix(
    ingest: Ingest, until: Until, free_port: int, feeder: Callable[..., socket.socket]
) -> None:
    run = ingest(f"a=tcp-listen://127.0.0.1:{free_port}")
    with feeder() as one, feeder() as two:
        one.sendall(PART_1 + b"\n" + LINE[:10])
        two.sendall(PART_2 + b"\n" + LINE + b"\n")
        assert until(lambda: run.sentences == [LINE.decode()])
        one.sendall(LINE[10:] + b"\n")
        assert until(lambda: run.sentences == [LINE.decode()] * 2)
    run.stop()
    assert run.readings[0].tally.incomplete == 2


def test_what_a_feeder_left_unfinished_is_handed_over_when_it_goes(
    ingest: Ingest, until: Until, free_port: int, feeder: Callable[..., socket.socket]
) -> None:
    run = ingest(f"a=tcp-listen://127.0.0.1:{free_port}")
    with feeder() as one:
        one.sendall(LINE)
    assert until(lambda: run.sentences == [LINE.decode()])


def test_a_feeder_that_sends_an_endless_line_does_not_grow_memory_or_stop_the_others(
    ingest: Ingest, until: Until, free_port: int, feeder: Callable[..., socket.socket]
) -> None:
    run = ingest(f"a=tcp-listen://127.0.0.1:{free_port}")
    with feeder() as rude, feeder() as polite:
        rude.sendall(b"!" * (4 * LONGEST_PEER_LINE))
        polite.sendall(LINE + b"\n")
        assert until(lambda: len(run.raw) == 1)


def test_one_feeder_too_many_is_turned_away(
    ingest: Ingest, until: Until, free_port: int, feeder: Callable[..., socket.socket], metric: Callable[..., float]
) -> None:
    run = ingest(f"many=tcp-listen://127.0.0.1:{free_port}?connections=1")
    with feeder() as first:
        first.sendall(LINE + b"\n")
        assert until(lambda: run.raw)
        assert metric("fairway_feed_peers", source="many") == 1
        with feeder() as second:
            assert second.recv(1) == b""
    assert until(lambda: metric("fairway_feed_peers", source="many") == 0)


def test_one_socket_listens_for_ipv6_and_ipv4(
    ingest: Ingest, until: Until, free_port: int, feeder: Callable[..., socket.socket]
) -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("no IPv6 here")
    run = ingest(f"a=tcp-listen://[::]:{free_port}")
    with feeder() as one:
        one.sendall(LINE + b"\n")
        assert until(lambda: run.raw)
    assert run.raw[0].station == "127.0.0.1"


def test_a_silent_feeder_is_closed_if_asked(
    ingest: Ingest, free_port: int, feeder: Callable[..., socket.socket]
) -> None:
    ingest(f"a=tcp-listen://127.0.0.1:{free_port}?silence=0.1")
    with feeder() as silent:
        assert silent.recv(1) == b""


def test_an_address_that_cannot_be_listened_on_is_one_sentence(ingest: Ingest, until: Until, free_port: int) -> None:
    with socket.create_server(("127.0.0.1", free_port)):
        run = ingest(f"a=tcp-listen://127.0.0.1:{free_port}")
        assert until(lambda: run.readings[0].error)
    assert f"cannot listen on tcp-listen://127.0.0.1:{free_port}: " in run.readings[0].error


def test_options_are_checked() -> None:
    with pytest.raises(BadSetting, match=r"connections .* a whole number from 1 to"):
        parse("a=tcp-listen://0.0.0.0:1?connections=0")


class OutOfDescriptors(socket.socket):
    """A listening socket whose connections this process has no descriptor left for."""

    tried = 0

    def accept(self) -> NoReturn:
        self.tried += 1
        raise OSError(errno.EMFILE, "Too many open files")


def test_when_no_descriptor_is_left_it_does_not_try_without_end(tmp_path: Path) -> None:
    settings = read(IngestSettings, {})
    spool = Spool(tmp_path / "spool.sqlite", 1 << 20)
    with (
        OutOfDescriptors() as server,
        LiveFeed("a", settings, Outbox(spool, Event())) as feed,
        Doorway([server], feed, TcpServer(())) as doorway,
    ):
        server.bind(("127.0.0.1", 0))
        server.listen()
        with socket.create_connection(server.getsockname()):
            for _ in range(50):
                doorway.serve(0.005)
    spool.close()
    assert server.tried == 1
