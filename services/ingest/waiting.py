"""`--wait`: follows batches through the pipeline until each of their records is stored, dropped, rejected or dead.

The ledger in the database holds what became of every batch that got there; what died on the way is seen at the exchange for
the dead, through a temporary queue.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from uuid import uuid4

import pika
from psycopg2.extensions import connection as Connection

from fairway.broker import connection_parameters
from fairway.messages import from_wire
from fairway.topics import DEAD_EXCHANGE, PRIVATE_PREFIX

POLL_SECONDS = 0.3

LEDGER = """
SELECT split_part(batch_id, '/', 1), received, stored, rejected, dropped
FROM ops.ledger WHERE batch_id LIKE %s
"""


@dataclass
class Outcome:
    """What became of the records that were published: in = stored + dropped + rejected + dead + outstanding."""

    received: int
    stored: int = 0
    dead: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)

    @property
    def outstanding(self) -> int:
        """Records of which nothing is known yet."""
        return self.received - self.stored - self.dead - self.dropped.total() - self.rejected.total()


class DeadWatch:
    """Hears of every batch that dies from now on."""

    def __init__(self, url: str) -> None:
        self._connection = pika.BlockingConnection(connection_parameters(url, "ingest --wait"))
        self._channel = self._connection.channel()
        queue = f"{PRIVATE_PREFIX}{uuid4().hex}"
        self._channel.queue_declare(queue, exclusive=True, auto_delete=True)
        self._channel.queue_bind(queue, DEAD_EXCHANGE, "#")
        self._channel.basic_consume(queue, self._hear, auto_ack=True)
        self.batches: dict[str, tuple[int, Counter[str], Counter[str]]] = {}

    def _hear(
        self, _channel: object, method: pika.spec.Basic.Deliver, properties: pika.BasicProperties, body: bytes
    ) -> None:
        message = from_wire(method.routing_key or "", properties.message_id, properties.headers, body)
        account = message.account
        self.batches[message.root_id] = (account.remaining, Counter(account.dropped), Counter(account.rejected))

    def listen(self, seconds: float) -> None:
        """Let what has died in the meantime be heard."""
        self._connection.process_data_events(time_limit=seconds)

    def close(self) -> None:
        """Remove the temporary queue."""
        self._connection.close()


def wait(
    prefixes: dict[str, int],
    database: Connection,
    dead: DeadWatch,
    stop: Event,
    patience_seconds: float,
    tell: Callable[[Outcome], None],
) -> Outcome:
    """The outcome of the batches whose ids begin with `prefixes` (each with the records published under it).

    Returns when nothing is outstanding, when nothing has changed for `patience_seconds`, or when stopped.
    """
    last, changed = -1, time.monotonic()
    while True:
        dead.listen(POLL_SECONDS)
        outcome = _outcome(prefixes, database, dead)
        tell(outcome)
        if outcome.outstanding != last:
            last, changed = outcome.outstanding, time.monotonic()
        if outcome.outstanding <= 0 or stop.is_set() or time.monotonic() - changed > patience_seconds:
            return outcome


def _outcome(prefixes: dict[str, int], database: Connection, dead: DeadWatch) -> Outcome:
    outcome = Outcome(received=sum(prefixes.values()))
    stored: set[str] = set()
    for prefix in prefixes:
        with database, database.cursor() as cursor:
            cursor.execute(LEDGER, (f"{prefix}-%",))
            for root, _received, count, rejected, dropped in cursor:
                stored.add(root)
                outcome.stored += count
                outcome.rejected.update(rejected)
                outcome.dropped.update(dropped)
    for root, (records, dropped, rejected) in dead.batches.items():
        if root not in stored and root.rpartition("-")[0] in prefixes:
            outcome.dead += records
            outcome.dropped.update(dropped)
            outcome.rejected.update(rejected)
    return outcome
