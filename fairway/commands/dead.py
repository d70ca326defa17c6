"""`fairway dead list|show|requeue|purge`: the batches that failed again and again."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from fairway import settings as settings_module
from fairway.commands.connection import connected
from fairway.errors import BadSetting
from fairway.local import surroundings
from fairway.settings import CommonSettings
from fairway.topics import DEAD_QUEUE, EXCHANGE

app = typer.Typer(no_args_is_help=True, help="Batches that failed again and again: look, try again, forget.")

Id = Annotated[str, typer.Argument(help="Id of a batch, as `fairway dead list` shows it.")]
Ids = Annotated[list[str] | None, typer.Argument(help="Ids of batches; none with --all.")]
All = Annotated[bool, typer.Option("--all", help="Every dead batch.")]


class _Dead:
    """One message of the dead queue, held unacknowledged while looked at."""

    def __init__(self, method: Any, properties: Any, body: bytes) -> None:
        self.tag: int = method.delivery_tag
        self.key: str = method.routing_key
        self.id: str = properties.message_id or ""
        self.properties = properties
        self.body = body

    def line(self) -> str:
        headers = self.properties.headers or {}
        deaths = headers.get("x-death") or [{}]
        return f"{self.id}  {self.key}  {headers.get('records', '?')} records  from queue {deaths[0].get('queue', '?')}"


@app.command("list")
def list_() -> None:
    """List the dead batches, oldest first."""
    with _dead_letters() as (_channel, letters):
        for letter in letters:
            print(letter.line())
        print(f"{len(letters)} dead", file=sys.stderr)


@app.command()
def show(batch_id: Id) -> None:
    """Print a dead batch's records, as they are, to standard output."""
    with _dead_letters() as (_channel, letters):
        found = [letter for letter in letters if letter.id == batch_id]
        if not found:
            raise BadSetting(f"there is no dead batch {batch_id}; see `fairway dead list`")
        sys.stdout.buffer.write(found[0].body)


@app.command()
def requeue(batch_ids: Ids = None, every: All = False) -> None:
    """Give dead batches back to the exchange under their own keys and ids, after a fix."""

    def again(channel: Any, letter: _Dead) -> None:
        headers = {name: value for name, value in (letter.properties.headers or {}).items() if not _is_brokers(name)}
        letter.properties.headers = headers
        channel.basic_publish(EXCHANGE, letter.key, letter.body, letter.properties)
        channel.basic_ack(letter.tag)

    print(f"{_for_each(batch_ids, every, again)} requeued")


@app.command()
def purge(batch_ids: Ids = None, every: All = False) -> None:
    """Forget dead batches for ever."""
    print(f"{_for_each(batch_ids, every, lambda channel, letter: channel.basic_ack(letter.tag))} purged")


def _is_brokers(header: str) -> bool:
    return header.startswith(("x-death", "x-first-death", "x-delivery-count", "x-last-death"))


def _for_each(ids: list[str] | None, every: bool, do: Callable[[Any, _Dead], None]) -> int:
    if bool(ids) == every:
        raise BadSetting("name the batches, or give --all")
    with _dead_letters() as (channel, letters):
        chosen = [letter for letter in letters if every or letter.id in (ids or ())]
        for letter in chosen:
            do(channel, letter)
        return len(chosen)


@contextmanager
def _dead_letters() -> Iterator[tuple[Any, list[_Dead]]]:
    """All dead messages; those not acknowledged inside go back to their place."""
    values = settings_module.read(CommonSettings, surroundings("operator"))
    with connected(values.broker_address, "fairway dead") as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        letters = []
        while (got := channel.basic_get(DEAD_QUEUE))[0] is not None:
            letters.append(_Dead(*got))
        yield channel, letters
