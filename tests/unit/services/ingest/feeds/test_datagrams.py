"""Datagrams that wait are taken with their senders, whether the system gives them one by one or many at once."""

import socket
from collections.abc import Iterator

import pytest

from services.ingest.feeds.datagrams import MOST_AT_ONCE, OneByOne, Receiver, receiver_of, sender_of

KINDS = {"one by one": OneByOne, "the best there is": receiver_of}


@pytest.fixture(params=[socket.AF_INET, socket.AF_INET6])
def ear(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    with socket.socket(request.param, socket.SOCK_DGRAM) as ear:
        try:
            ear.bind(("::1" if request.param == socket.AF_INET6 else "127.0.0.1", 0))
        except OSError as error:
            pytest.skip(f"no such address here: {error}")
        ear.setblocking(False)
        yield ear


@pytest.fixture(params=KINDS)
def receiver(request: pytest.FixtureRequest, ear: socket.socket) -> Receiver:
    return KINDS[request.param](ear)


def test_they_come_in_order_with_those_who_sent_them(ear: socket.socket, receiver: Receiver) -> None:
    with socket.socket(ear.family, socket.SOCK_DGRAM) as one, socket.socket(ear.family, socket.SOCK_DGRAM) as other:
        sent = [(one, b"a"), (other, b"b" * 60_000), (one, b""), (one, b"c\n"), (other, b"d")]
        for sender, datagram in sent:
            sender.sendto(datagram, ear.getsockname())
        host = ear.getsockname()[0]
        assert receiver.take() == [(datagram, (host, sender.getsockname()[1])) for sender, datagram in sent]
    assert receiver.take() == []


def test_of_more_than_are_taken_at_once_the_others_stay(ear: socket.socket, receiver: Receiver) -> None:
    with socket.socket(ear.family, socket.SOCK_DGRAM) as sender:
        for number in range(MOST_AT_ONCE + 10):
            sender.sendto(str(number).encode(), ear.getsockname())
    taken = receiver.take()
    assert len(taken) == MOST_AT_ONCE
    assert [int(datagram) for datagram, _ in taken + receiver.take()] == list(range(MOST_AT_ONCE + 10))


def test_a_sender_by_ipv4_is_called_the_same_on_a_socket_for_both() -> None:
    name = bytes.fromhex("0a00 1f90 00000000 00000000000000000000ffff c0000207 00000000")
    assert sender_of(name, socket.AF_INET6) == ("192.0.2.7", 8080)
    assert sender_of(bytes.fromhex("0200 1f90 c0000207 0000000000000000"), socket.AF_INET) == ("192.0.2.7", 8080)
