"""RabbitMQ through pika: connect, take, publish with confirms, ack.

One connection, one channel, one thread. `MemoryBroker` in testing.py has the same verbs. Whatever goes wrong with the
connection is a BrokerAway: the caller waits, calls `connect` again, and unacknowledged deliveries come again.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlsplit, urlunsplit

import pika
import pika.exceptions
from pika.adapters.blocking_connection import BlockingChannel
from pika.adapters.utils.connection_workflow import AMQPConnectorException

from fairway.amqp_frames import FramedConnection
from fairway.errors import BadSetting, BrokerAway, Refused
from fairway.messages import CONTENT_TYPE, FORMAT_VERSION, Message, from_wire
from fairway.topics import EXCHANGE, Stage

HEARTBEAT_SECONDS = 30  # RabbitMQ gives a silent client up after two of them
BLOCKED_SECONDS = 60  # a broker out of memory or disk blocks publishers; then reconnect rather than wait for ever
CONNECT_SECONDS = 5
ADDRESS_HINT = (
    "the broker's address must look like amqp://user:password@host:5672/, special characters of the password as %XX"
)

# AMQPConnectorException: a server that accepts and then says nothing. UnicodeError: a host name such as a..b.
CONNECTION_ERRORS = (pika.exceptions.AMQPError, AMQPConnectorException, OSError, UnicodeError)


@dataclass(frozen=True)
class Delivery:
    """A message taken from a queue and not yet acknowledged."""

    tag: int
    message: Message


class Broker(Protocol):
    """The verbs that a worker needs of a broker."""

    def connect(self) -> None:
        """Make the connection anew. Raises BrokerAway."""

    def take(self, seconds: float) -> Delivery | None:
        """The next delivery of the queue, or None when none came in `seconds`. Serves heartbeats. Raises BrokerAway."""

    def publish(self, message: Message) -> None:
        """Hand a message to the exchange and wait until the broker has it safe. Raises Refused, BrokerAway."""

    def ack(self, deliveries: list[Delivery]) -> None:
        """Tell the broker that these are done with. Raises BrokerAway."""

    def give_back(self, delivery: Delivery) -> None:
        """Put a delivery back; after the delivery limit it is dead. Raises BrokerAway."""

    def wait(self, seconds: float) -> None:
        """Let time pass while heartbeats are served. Raises BrokerAway."""

    def close(self) -> None:
        """End the connection; what is not acknowledged goes back to its queue. Never raises."""


class RabbitBroker:
    """A Broker on one RabbitMQ connection. Without `queue` it only publishes."""

    def __init__(self, url: str, *, queue: str | None = None, prefetch: int = 10, name: str = "fairway") -> None:
        self._parameters = connection_parameters(url, name)
        self._queue = queue
        self._prefetch = prefetch
        self._inbox: deque[Delivery] = deque()
        self._taken: set[int] = set()  # tags that are neither acknowledged nor given back
        self._connection: pika.BlockingConnection | None = None
        self._channel: BlockingChannel | None = None

    def connect(self) -> None:
        self.close()
        with _broker_errors():
            self._connection = pika.BlockingConnection(self._parameters, _impl_class=FramedConnection)
            self._channel = self._connection.channel()
            self._channel.confirm_delivery()
            if self._queue:
                self._subscribe(self._channel, self._queue)

    def _subscribe(self, channel: BlockingChannel, queue: str) -> None:
        channel.basic_qos(prefetch_count=self._prefetch)
        channel.basic_consume(queue, self._receive)
        channel.add_on_cancel_callback(lambda _frame: self.close())  # the queue was deleted under us

    def _receive(self, _channel: Any, method: Any, properties: Any, body: bytes) -> None:
        message = from_wire(method.routing_key, properties.message_id, properties.headers, body)
        self._inbox.append(Delivery(method.delivery_tag, message))

    def take(self, seconds: float) -> Delivery | None:
        if not self._inbox:
            self.wait(seconds)
        if not self._inbox:
            return None
        delivery = self._inbox.popleft()
        self._taken.add(delivery.tag)
        return delivery

    def publish(self, message: Message) -> None:
        properties = pika.BasicProperties(
            content_type=CONTENT_TYPE,
            delivery_mode=2,  # persistent
            type=f"{message.key.partition('.')[0]}/{FORMAT_VERSION}",
            message_id=message.id,
            headers=message.headers(),
        )
        with _broker_errors():
            try:
                self._open_channel().basic_publish(
                    EXCHANGE, message.key, message.body, properties, mandatory=_must_arrive(message.key)
                )
            except pika.exceptions.NackError as error:
                raise Refused(f"RabbitMQ refused a batch for {message.key}: a queue is full") from error
            except pika.exceptions.UnroutableError as error:
                raise Refused(f"no queue takes {message.key}: load the definitions") from error

    def ack(self, deliveries: list[Delivery]) -> None:
        self._taken.difference_update(delivery.tag for delivery in deliveries)
        with _broker_errors():
            channel = self._open_channel()
            last = max((delivery.tag for delivery in deliveries), default=0)
            if deliveries and not any(tag < last for tag in self._taken):
                # One is enough: pika reads after each what has come meanwhile, and to a quorum queue each is an entry in its log.
                channel.basic_ack(last, multiple=True)
                return
            for delivery in deliveries:
                channel.basic_ack(delivery.tag)

    def give_back(self, delivery: Delivery) -> None:
        self._taken.discard(delivery.tag)
        with _broker_errors():
            self._open_channel().basic_nack(delivery.tag, requeue=True)

    def wait(self, seconds: float) -> None:
        self._open_channel()
        with _broker_errors():
            assert self._connection is not None
            self._connection.process_data_events(time_limit=seconds)

    def close(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        self._inbox.clear()
        self._taken.clear()
        if connection is not None and connection.is_open:
            try:
                connection.close()
            except CONNECTION_ERRORS:
                return  # it is gone, which is what was wanted

    def _open_channel(self) -> BlockingChannel:
        if self._channel is None or not self._channel.is_open:
            raise BrokerAway("not connected to RabbitMQ")
        return self._channel


def _must_arrive(key: str) -> bool:
    """Whether a message that no queue takes would be lost: a rejected one is for whoever cares to listen."""
    return not key.startswith(f"{Stage.REJECTED}.")


def connection_parameters(url: str, name: str) -> pika.URLParameters:
    """pika's parameters for an AMQP URL. Raises BadSetting when it is not one."""
    try:
        if urlsplit(url).scheme not in ("amqp", "amqps"):
            raise ValueError
        parameters = pika.URLParameters(url)
    except ValueError as error:
        raise BadSetting(ADDRESS_HINT) from error  # pika's text may quote a part of the password
    parameters.heartbeat = HEARTBEAT_SECONDS
    parameters.blocked_connection_timeout = BLOCKED_SECONDS
    parameters.socket_timeout = parameters.stack_timeout = CONNECT_SECONDS
    parameters.client_properties = {"connection_name": name}
    return parameters


def with_password(url: str, password: str | None) -> str:
    """`url` with another password, so that the secret can come from a file. Raises ValueError for what is no URL."""
    if not password:
        return url
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username or ''}:{quote(password, safe='')}@{host}"))


@contextmanager
def _broker_errors() -> Iterator[None]:
    try:
        yield
    except CONNECTION_ERRORS as error:
        raise BrokerAway(f"RabbitMQ is away: {error!r}") from error
