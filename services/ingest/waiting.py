"""`--wait`: follows batches through the pipeline until each of their records is stored, dropped, rejected, dead or held back.

The ledger in the database holds what became of every batch that got there; what died on the way is seen at the exchange for
the dead, through a temporary queue. Either server may be away for a while: that takes time, and nothing else.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from random import Random
from threading import Event, Lock, Thread
from typing import NamedTuple, Protocol
from uuid import uuid4

import pika
import structlog
from pika.adapters.blocking_connection import BlockingChannel
from psycopg2.extensions import connection as Connection

from fairway import backoff, database
from fairway.commands.connection import broker_errors, connect, end
from fairway.errors import BadSetting, DatabaseAway, FairwayError
from fairway.messages import Account, Message, from_wire
from fairway.topics import DEAD_EXCHANGE, PRIVATE_PREFIX

log = structlog.get_logger()

POLL_SECONDS = 0.3
CLOSE_SECONDS = 6.0  # a thread that is connecting gives up after five
EXPIRES_MS = 600_000  # how long our queue outlives its connection: a restart of the broker, but no kill of us for ever
NAME = "ingest --wait"

LEDGER = """
SELECT batch_id, stored, rejected, dropped, held, released
FROM ops.ledger WHERE batch_id LIKE %s
"""


@dataclass
class Outcome:
    """What became of the records that were published: in = stored + dropped + rejected + dead + held + outstanding.

    `held` is how many more the filter has held back of these batches than it has released in them. It is below zero where they
    released what batches before them had left. What is released later, or with another source, is in batches of other ids.
    """

    received: int
    stored: int = 0
    dead: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    held: int = 0

    @property
    def outstanding(self) -> int:
        """Records of which nothing is known yet."""
        return self.received - self.stored - self.dead - self.dropped.total() - self.rejected.total() - self.held


class Entry(NamedTuple):
    """What the ledger says of one batch, by the id under which it arrived."""

    id: str
    stored: int
    rejected: Mapping[str, int]
    dropped: Mapping[str, int]
    held: int = 0
    released: int = 0


class Ledger(Protocol):
    """Where it is written what became of a batch."""

    def read(self, prefixes: Collection[str]) -> list[Entry]:
        """All entries of batches whose ids begin with one of `prefixes`. Raises DatabaseAway."""


class Dead(Protocol):
    """What has been heard of the dead."""

    def accounts(self) -> dict[str, Account]:
        """Every batch heard of so far: the id under which it died, and its account then."""


class DeadQueue(Protocol):
    """A queue that receives every batch that dies. Its verbs raise FairwayError while the broker is away."""

    def open(self) -> None:
        """Make the queue."""

    def listen(self, seconds: float) -> list[Message]:
        """What died, waiting up to `seconds`; opens the queue again when its connection was lost."""

    def close(self) -> None:
        """Remove the queue. Never raises."""


def wait(
    prefixes: Mapping[str, int],
    ledger: Ledger,
    dead: Dead,
    stop: Event,
    patience_seconds: float,
    tell: Callable[[Outcome], None],
) -> Outcome:
    """The outcome of the batches whose ids begin with `prefixes` (each with the records published under it).

    Returns when nothing is outstanding, when nothing has changed for `patience_seconds`, or when stopped.
    """
    reader = _PatientReader(ledger, prefixes)
    last, changed = -1, time.monotonic()
    while True:
        outcome = _outcome(prefixes, reader.read(), dead.accounts())
        tell(outcome)
        if outcome.outstanding != last:
            last, changed = outcome.outstanding, time.monotonic()
        if outcome.outstanding <= 0 or stop.is_set() or time.monotonic() - changed > patience_seconds:
            return outcome
        stop.wait(reader.pause)


class _PatientReader:
    """Reads the ledger; while the database is away, what was read last. `pause` is how long to wait before the next."""

    def __init__(self, ledger: Ledger, prefixes: Collection[str]) -> None:
        self._ledger = ledger
        self._prefixes = prefixes
        self._entries: list[Entry] = []
        self._pauses = backoff.delays(Random())
        self.pause = POLL_SECONDS

    def read(self) -> list[Entry]:
        try:
            self._entries = self._ledger.read(self._prefixes)
        except DatabaseAway as error:
            log.warning("database is away", error=str(error))
            self.pause = next(self._pauses)
        else:
            self._pauses = backoff.delays(Random())
            self.pause = POLL_SECONDS
        return self._entries


def _outcome(prefixes: Mapping[str, int], entries: list[Entry], dead: Mapping[str, Account]) -> Outcome:
    outcome = Outcome(received=sum(prefixes.values()))
    for entry in entries:
        outcome.stored += entry.stored
        outcome.rejected.update(entry.rejected)
        outcome.dropped.update(entry.dropped)
        outcome.held += entry.held - entry.released
    stored = {entry.id for entry in entries}
    went_on = stored | _ancestors(stored) | _ancestors(dead)  # given back, and handled since
    for id_, account in dead.items():
        if id_ not in went_on and id_.partition("/")[0].rpartition("-")[0] in prefixes:
            outcome.dead += account.remaining
            outcome.rejected.update(account.rejected)
            outcome.dropped.update(account.dropped)
            outcome.held += account.held - account.released
    return outcome


def _ancestors(ids: Iterable[str]) -> set[str]:
    """The batches from which these were made: of `a/d/f` they are `a/d` and `a`."""
    return {id_[:at] for id_ in ids for at, sign in enumerate(id_) if sign == "/"}


class DeadWatch:
    """Hears of every batch that dies from now on, on a thread of its own, so that the broker never finds us silent.

    Raises BadSetting when the queue cannot be made at first; later it is made again for as long as it takes.
    """

    def __init__(self, queue: DeadQueue) -> None:
        queue.open()
        self._queue = queue
        self._accounts: dict[str, Account] = {}
        self._lock = Lock()
        self._closed = Event()
        self._thread = Thread(target=self._serve, daemon=True, name="dead watch")
        self._thread.start()

    def accounts(self) -> dict[str, Account]:
        """Every batch heard of so far: the id under which it died, and its account then."""
        with self._lock:
            return dict(self._accounts)

    def close(self) -> None:
        """End the thread and remove the queue."""
        self._closed.set()
        self._thread.join(CLOSE_SECONDS)

    def _serve(self) -> None:
        pauses = backoff.delays(Random())
        while not self._closed.is_set():
            try:
                self._keep(self._queue.listen(POLL_SECONDS))
                pauses = backoff.delays(Random())
            except (FairwayError, OSError) as error:
                log.warning("broker is away", error=str(error))
                self._closed.wait(next(pauses))
        self._queue.close()

    def _keep(self, messages: list[Message]) -> None:
        with self._lock:
            self._accounts.update({message.id: message.account for message in messages})


class RabbitDeadQueue:
    """A DeadQueue at RabbitMQ. It outlives its connection, so that nothing is missed while we connect again."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._name = f"{PRIVATE_PREFIX}{uuid4().hex}"
        self._connection: pika.BlockingConnection | None = None
        self._heard: list[Message] = []

    def open(self) -> None:
        self._connection = None
        connection = connect(self._url, NAME)
        with broker_errors():
            channel = connection.channel()
            channel.queue_declare(self._name, durable=True, arguments={"x-expires": EXPIRES_MS})
            channel.queue_bind(self._name, DEAD_EXCHANGE, "#")
            channel.basic_consume(self._name, self._hear)
        self._connection = connection

    def _hear(
        self,
        channel: BlockingChannel,
        method: pika.spec.Basic.Deliver,
        properties: pika.BasicProperties,
        body: bytes,
    ) -> None:
        self._heard.append(from_wire(method.routing_key or "", properties.message_id, properties.headers, body))
        channel.basic_ack(method.delivery_tag)

    def listen(self, seconds: float) -> list[Message]:
        if self._connection is None or not self._connection.is_open:
            self.open()
        assert self._connection is not None
        with broker_errors():
            self._connection.process_data_events(time_limit=seconds)
        heard, self._heard = self._heard, []
        return heard

    def close(self) -> None:
        if self._connection is None or not self._connection.is_open:
            return
        with suppress(pika.exceptions.AMQPError):
            self._connection.channel().queue_delete(self._name)
        end(self._connection)


class DatabaseLedger:
    """The Ledger in PostgreSQL; connects when it is asked, and again after a loss."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None

    def read(self, prefixes: Collection[str]) -> list[Entry]:
        try:
            return self._read(prefixes)
        except DatabaseAway:
            self.close()
            raise

    def _read(self, prefixes: Collection[str]) -> list[Entry]:
        if self._connection is None:
            self._connection = database.connect(self._url, NAME)
        entries: list[Entry] = []
        with database.database_errors(), self._connection, self._connection.cursor() as cursor:
            for prefix in prefixes:
                cursor.execute(LEDGER, (f"{prefix}-%",))
                entries.extend(Entry(*row) for row in cursor)
        return entries

    def close(self) -> None:
        """Give the connection up."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def check_database(url: str) -> None:
    """Raises BadSetting when there is no ledger to wait for: better before an import than after it."""
    database.check_url(url)
    try:
        with closing(DatabaseLedger(url)) as ledger:
            ledger.read(["nothing"])
    except DatabaseAway as error:
        raise BadSetting(f"--wait needs the database: {error}") from None
