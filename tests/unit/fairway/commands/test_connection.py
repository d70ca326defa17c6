"""Whatever goes wrong with the broker is one sentence."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pika
import pytest

from fairway.broker import connection_parameters
from fairway.commands.connection import broker_errors, connect, connect_with
from fairway.errors import BadSetting, BrokerAway

START = pika.spec.Connection.Start(server_properties={}, mechanisms="PLAIN", locales="en_US")
REFUSAL = pika.spec.Connection.Close(
    403, "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN.", 0, 0
)


@pytest.mark.parametrize("place", ["127.0.0.1:1", "no.such.host.invalid:5672", "a..b:5672"])
def test_a_broker_out_of_reach_is_named_without_the_password(place: str) -> None:
    with pytest.raises(BadSetting, match=f"cannot reach RabbitMQ at {place}") as caught:
        connect(f"amqp://me:secret@{place}/", "test")
    assert "secret" not in str(caught.value)


def test_a_wrong_password_is_called_a_refused_login() -> None:
    with refusing_broker() as port, pytest.raises(BadSetting, match="RabbitMQ refuses the login"):
        connect(f"amqp://me:wrong@127.0.0.1:{port}/", "test")


def test_a_broker_that_does_not_answer_is_out_of_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        parameters = connection_parameters(f"amqp://me:secret@127.0.0.1:{silent.getsockname()[1]}/", "test")
        parameters.stack_timeout = 0.1
        with pytest.raises(BadSetting, match="cannot reach RabbitMQ"):
            connect_with(parameters)


def test_a_lost_connection_is_one_sentence() -> None:
    error = pika.exceptions.ConnectionClosedByBroker(320, "CONNECTION_FORCED - shutdown")
    with pytest.raises(BrokerAway, match=r"is lost \(CONNECTION_FORCED - shutdown\)"), broker_errors():
        raise error
    with pytest.raises(BrokerAway, match=r"is lost \(StreamLostError\)"), broker_errors():
        raise pika.exceptions.StreamLostError("Stream connection lost")


def test_what_the_broker_does_not_allow_is_said_in_its_words() -> None:
    error = pika.exceptions.ChannelClosedByBroker(404, "NOT_FOUND - no exchange 'ais' in vhost '/'")
    with pytest.raises(BadSetting, match="refuses this: NOT_FOUND - no exchange 'ais'"), broker_errors():
        raise error


@contextmanager
def refusing_broker() -> Iterator[int]:
    """The port of a broker that refuses every login, as RabbitMQ does: connection.start, then connection.close 403."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_refuse, args=(server,))
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def _refuse(server: socket.socket) -> None:
    client, _ = server.accept()
    with client:
        client.recv(8)  # the protocol header
        client.sendall(pika.frame.Method(0, START).marshal())
        client.recv(4096)  # connection.start-ok with user and password
        client.sendall(pika.frame.Method(0, REFUSAL).marshal())
        client.recv(4096)  # connection.close-ok
