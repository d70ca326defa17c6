"""`fairway tail KEY`: live records for a binding key, from a temporary queue that cannot slow the pipeline."""

import sys
from typing import Annotated, Any
from uuid import uuid4

import msgspec
import pika
import typer

from fairway import settings as settings_module
from fairway.broker import connection_parameters
from fairway.errors import BadSetting
from fairway.local import surroundings
from fairway.settings import CommonSettings
from fairway.topics import EXCHANGE, PRIVATE_PREFIX

POLL_SECONDS = 0.5
COLUMNS = ("event_time", "kind", "msg_type", "mmsi", "lon", "lat", "sog", "cog", "name", "reason")

Key = Annotated[str, typer.Argument(help="Binding key; * is one word, # is any number, such as 'decoded.#.denmark'.")]
Count = Annotated[int, typer.Option(help="Stop after so many records; 0 goes on until interrupted.")]
AsJson = Annotated[bool, typer.Option("--json", help="Whole records, one JSON object a line.")]


def tail(key: Key = "filtered.#", count: Count = 0, as_json: AsJson = False) -> None:
    """Show live records for a binding key."""
    values = settings_module.read(CommonSettings, surroundings("consumer"))
    try:
        connection = pika.BlockingConnection(connection_parameters(values.broker_address, "fairway tail"))
    except (pika.exceptions.AMQPError, OSError):
        raise BadSetting("cannot reach RabbitMQ; is the stack up? See `fairway status`") from None
    _Tail(connection, count, as_json).run(key)


class _Tail:
    def __init__(self, connection: Any, count: int, as_json: bool) -> None:
        self._connection = connection
        self._left = count or sys.maxsize
        self._as_json = as_json

    def run(self, key: str) -> None:
        channel = self._connection.channel()
        queue = PRIVATE_PREFIX + uuid4().hex
        channel.queue_declare(queue, exclusive=True, auto_delete=True)
        channel.queue_bind(queue, EXCHANGE, key)
        channel.basic_consume(queue, self._show, auto_ack=True)
        try:
            while self._left > 0:
                self._connection.process_data_events(time_limit=POLL_SECONDS)
            self._connection.close()
        except (KeyboardInterrupt, BrokenPipeError):
            sys.stderr.close()  # head or Ctrl-C has seen enough; Python would complain once more at exit

    def _show(self, _channel: object, method: Any, _properties: object, body: bytes) -> None:
        for line in body.splitlines()[: self._left]:
            print(line.decode() if self._as_json else _row(method.routing_key, line))
            self._left -= 1
        sys.stdout.flush()


def _row(key: str, line: bytes) -> str:
    record = msgspec.json.decode(line)
    shown = (f"{name}={record[name]}" for name in COLUMNS[1:] if name in record)
    return f"{record.get('event_time', '')} {key} {' '.join(shown)}"
