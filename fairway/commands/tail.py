"""`fairway tail KEY`: live records for a binding key, from a temporary queue that cannot slow the pipeline."""

import sys
from typing import Annotated, Any
from uuid import uuid4

import msgspec
import typer

from fairway import settings as settings_module
from fairway.commands.connection import connected
from fairway.local import surroundings
from fairway.settings import CommonSettings
from fairway.topics import EXCHANGE, PRIVATE_PREFIX

POLL_SECONDS = 0.5
COLUMNS = (
    "event_time",
    "kind",
    "msg_type",
    "ais_class",
    "mmsi",
    "lon",
    "lat",
    "sog",
    "cog",
    "name",
    "application",
    "reason",
)

Key = Annotated[str, typer.Argument(help="Binding key; * is one word, # is any number, such as 'decoded.#.denmark'.")]
Count = Annotated[int, typer.Option(help="Stop after so many records; 0 goes on until interrupted.")]
AsJson = Annotated[bool, typer.Option("--json", help="Whole records, one JSON object a line.")]


def tail(key: Key = "filtered.#", count: Count = 0, as_json: AsJson = False) -> None:
    """Show live records for a binding key."""
    values = settings_module.read(CommonSettings, surroundings("consumer"))
    with connected(values.broker_address, "fairway tail") as connection:
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
        except (KeyboardInterrupt, BrokenPipeError):
            sys.stderr.close()  # head or Ctrl-C has seen enough; Python would complain once more at exit

    def _show(self, _channel: object, method: Any, _properties: object, body: bytes) -> None:
        for line in body.splitlines()[: self._left]:
            print(line.decode(errors="replace") if self._as_json else row(method.routing_key, line))
            self._left -= 1
        sys.stdout.flush()


def row(key: str, line: bytes) -> str:
    """What a person sees of a record; a line that is none, from a stranger, is shown as it is."""
    try:
        record = msgspec.json.decode(line)
    except msgspec.DecodeError:
        record = None
    if not isinstance(record, dict):
        return f"{key} {line.decode(errors='replace')}"
    shown = (f"{name}={record[name]}" for name in COLUMNS[1:] if name in record)
    return f"{record.get('event_time', '')} {key} {' '.join(shown)}"
