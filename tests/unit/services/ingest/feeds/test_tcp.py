"""Connecting to feeds: hosts that end, fail or fall silent, and what was open then."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

LINE = b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"
PART_1 = b"!AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0*3E"
PART_2 = b"!AIVDM,2,2,3,B,1@0000000000000,2*55"


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        yield server


def at(*servers: socket.socket, options: str = "retry=0.01") -> str:
    return "a=tcp://" + ",".join(f"127.0.0.1:{each.getsockname()[1]}" for each in servers) + "?" + options


def test_connects_again_when_a_feed_ends_and_hands_over_what_came_at_once(
    server: socket.socket, ingest: Callable[..., Any], until: Callable[..., bool]
) -> None:
    run = ingest(at(server), batch_linger_ms=5000)
    with server.accept()[0] as connection:
        connection.sendall(LINE + b"\r\n")
    assert until(lambda: len(run.raw) == 1)
    with server.accept()[0] as connection:
        connection.sendall(LINE + b"\r\n")
    assert until(lambda: len(run.raw) == 2)


def test_a_line_that_was_cut_is_not_glued_to_the_next_connections_first(
    server: socket.socket, ingest: Callable[..., Any], until: Callable[..., bool]
) -> None:
    run = ingest(at(server))
    with server.accept()[0] as connection:
        connection.sendall(LINE[:20])
    with server.accept()[0] as connection:
        connection.sendall(LINE[20:] + b"\n" + LINE + b"\n")
    assert until(lambda: LINE.decode() in run.sentences)
    assert [record.defect for record in run.raw][-1] is None
    assert run.sentences.count(LINE.decode()) == 1


def test_parts_of_a_message_from_two_connections_are_not_joined(
    server: socket.socket, ingest: Callable[..., Any], until: Callable[..., bool]
) -> None:
    run = ingest(at(server))
    with server.accept()[0] as connection:
        connection.sendall(PART_1 + b"\n")
    with server.accept()[0] as connection:
        connection.sendall(PART_2 + b"\n" + LINE + b"\n")
    assert until(lambda: run.raw)
    run.stop()
    assert run.sentences == [LINE.decode()]
    assert run.readings[0].tally.incomplete == 2


def test_goes_to_the_next_host_when_one_fails_and_round_again(
    ingest: Callable[..., Any], until: Callable[..., bool], free_port: int
) -> None:
    with ExitStack() as stack:
        one, two = (stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2))
        run = ingest(f"a=tcp://127.0.0.1:{free_port},{at(one, two).removeprefix('a=tcp://')}")
        for server, number in ((one, 1), (two, 2), (one, 3)):
            server.settimeout(5)
            with server.accept()[0] as connection:
                connection.sendall(LINE + b",%d\n" % number)
            assert until(lambda number=number: len(run.raw) == number)


def test_a_silent_feed_is_given_up_for_the_next_and_counted(
    ingest: Callable[..., Any], until: Callable[..., bool], metric: Callable[..., float]
) -> None:
    with ExitStack() as stack:
        silent, loud = (stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2))
        before = metric("fairway_feed_stalls_total", source="a")
        run = ingest(at(silent, loud, options="silence=0.05&retry=0.01"))
        loud.settimeout(5)
        with loud.accept()[0] as connection:
            connection.sendall(LINE + b"\n")
            assert until(lambda: run.raw)
    assert metric("fairway_feed_stalls_total", source="a") > before


def test_sends_a_login_and_never_logs_it(
    server: socket.socket, ingest: Callable[..., Any], tmp_path: Path, logs: list[dict[str, object]]
) -> None:
    (tmp_path / "login").write_text("user,s3cret\n")
    ingest(at(server, options=f"login_file={tmp_path}/login"), at(server, options="login=me%20s3cret"))
    said = set()
    for _ in range(2):
        with server.accept()[0] as connection:
            said.add(connection.recv(100))
    assert said == {b"user,s3cret\r\n", b"me s3cret\r\n"}
    assert "s3cret" not in str(logs)


def test_an_endless_line_is_cut_and_what_follows_is_read(
    server: socket.socket, ingest: Callable[..., Any], until: Callable[..., bool]
) -> None:
    run = ingest(at(server))
    with server.accept()[0] as connection:
        connection.sendall(b"x" * (3 << 20) + b"\n" + LINE + b"\n")
        assert until(lambda: run.raw)
    run.stop()
    assert run.readings[0].tally.ignored["too_long"] == 1


def test_reads_over_ipv6_and_by_name(ingest: Callable[..., Any], until: Callable[..., bool]) -> None:
    try:
        server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")
    with server:
        run = ingest(f"a=tcp://[::1]:{server.getsockname()[1]}")
        with server.accept()[0] as connection:
            connection.sendall(LINE + b"\n")
            assert until(lambda: run.raw)


def test_stops_while_it_waits_for_a_host_that_does_not_answer(
    ingest: Callable[..., Any], until: Callable[..., bool]
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as stack:
        for _ in range(3):  # connections beyond the backlog are not answered
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        assert ingest(at(full)).stop() < 1.5
