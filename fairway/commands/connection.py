"""A command's connection to RabbitMQ: whatever goes wrong with it is one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pika

from fairway.broker import CONNECTION_ERRORS, connection_parameters
from fairway.errors import BadSetting, BrokerAway

LOGIN_REFUSED = "ACCESS_REFUSED"  # RabbitMQ's reply code 403; while connecting it means the user or the password
PLACE_REFUSED = "NOT_ALLOWED"  # its reply code 530: no such virtual host, or none for this user


@contextmanager
def connected(url: str, name: str) -> Iterator[pika.BlockingConnection]:
    """A connection that ends with the block. Raises BadSetting when it cannot be made, BrokerAway when it is lost."""
    connection = connect(url, name)
    try:
        with broker_errors():
            yield connection
    finally:
        end(connection)


def connect(url: str, name: str) -> pika.BlockingConnection:
    """A new connection; `name` shows in RabbitMQ's list. Raises BadSetting with what a person can do about it."""
    return connect_with(connection_parameters(url, name))


def connect_with(parameters: pika.URLParameters) -> pika.BlockingConnection:
    """The same with pika's parameters."""
    try:
        return pika.BlockingConnection(parameters)
    except CONNECTION_ERRORS as error:
        raise BadSetting(_why_not(error, f"{parameters.host}:{parameters.port}")) from None


def end(connection: pika.BlockingConnection) -> None:
    """Close a connection that may be lost already. Never raises."""
    if connection.is_open:
        with suppress(pika.exceptions.AMQPError):
            connection.close()


@contextmanager
def broker_errors() -> Iterator[None]:
    """Turns pika's errors into a sentence. An OSError goes through: it may come from what a command writes to."""
    try:
        yield
    except pika.exceptions.ChannelClosedByBroker as error:
        raise BadSetting(f"RabbitMQ refuses this: {error.reply_text}") from None
    except pika.exceptions.AMQPError as error:
        reason = getattr(error, "reply_text", None) or type(error).__name__
        raise BrokerAway(f"the connection to RabbitMQ is lost ({reason}); see `fairway status`") from None


def _why_not(error: Exception, place: str) -> str:
    # pika wraps the broker's answer in errors that are called probable; only the text tells it from a lost connection.
    if LOGIN_REFUSED in str(error) or isinstance(error, pika.exceptions.AuthenticationError):
        return f"RabbitMQ refuses the login at {place}; check user and password in FAIRWAY_AMQP_URL and FAIRWAY_AMQP_PASSWORD"
    if PLACE_REFUSED in str(error):
        return f"RabbitMQ at {place} has no virtual host of this name for this user; check the path of FAIRWAY_AMQP_URL"
    return f"cannot reach RabbitMQ at {place}; is the stack up? See `fairway status`"
