"""The inserter: a group of messages becomes one transaction."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import structlog
from psycopg2.extensions import connection as Connection

from fairway import clock, telemetry
from fairway.database import connect, database_errors
from fairway.errors import DatabaseAway
from fairway.messages import Message
from services.db_inserter import imports, ledger, writing
from services.db_inserter.groups import NO_TIME, Batch, Group, days, open_group
from services.db_inserter.labels import LabelNumbers, labels_of
from services.db_inserter.partitions import Partitions, days_ahead

log = structlog.get_logger()

HOUSEKEEPING_SECONDS = 3600.0
# A stop is not seen while libpq waits for the server, so no wait may be without end.
LOCK_SECONDS = 30
STATEMENT_SECONDS = 300  # a group of a million records is copied in well under a minute


class Inserter:
    """A worker's Stage. Connects when it must; after any failure the transaction is undone and nothing is remembered."""

    def __init__(
        self,
        url: str,
        ledger_days: int,
        partition_days_ahead: int,
        now_ms: Callable[[], int] = clock.now_ms,
        monotonic: Callable[[], float] = time.monotonic,
        lock_seconds: int = LOCK_SECONDS,
        statement_seconds: int = STATEMENT_SECONDS,
    ) -> None:
        self._url = url
        self._ledger_days = ledger_days
        self._days_ahead = partition_days_ahead
        self._now_ms = now_ms
        self._monotonic = monotonic
        self._lock_seconds = lock_seconds
        self._statement_seconds = statement_seconds
        self._connection: Connection | None = None
        self._partitions = Partitions()
        self._labels = LabelNumbers()
        self._next_housekeeping = 0.0
        self._newest: dict[str, int] = {}

    def handle(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Store a group, each batch once; no output. Raises DatabaseAway, or what is wrong with the data."""
        group = open_group(messages)
        with self._session() as connection:
            self._keep_house(connection)
            self._partitions.ensure(connection, days(group))
            stored, counts = self._store(connection, group)
        self._report(group, stored, counts)
        return ()

    def commit(self) -> None:
        """Nothing: what there is to remember is in the database since handle()."""

    def prepare(self) -> None:
        """Connect and make the partitions ahead. Raises DatabaseAway."""
        with self._session() as connection:
            self._keep_house(connection)

    def close(self) -> None:
        """End the connection, if there is one. Never raises."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _store(self, connection: Connection, group: Group) -> tuple[list[Batch], dict[str, int]]:
        labels = labels_of(group.labels, group.texts)
        numbers = self._labels.of(connection, labels)
        with connection, connection.cursor() as cursor:
            new = ledger.claim(cursor, group.batches)
            claimed = {id(batch) for batch in new}
            wanted = np.array([id(batch) in claimed for batch in group.batches], dtype=np.bool_)
            counts = writing.write(cursor, group, wanted, labels, numbers)
            imports.insert(cursor, group.imports)
        return new, counts

    @contextmanager
    def _session(self) -> Iterator[Connection]:
        try:
            with database_errors():
                if self._connection is None:
                    self._connection = self._connect()
                yield self._connection
        except DatabaseAway:
            self.close()
            self._forget()
            self._next_housekeeping = 0.0
            raise
        except Exception:
            self._forget()
            raise

    def _forget(self) -> None:
        """Ask the database again for what was known of it."""
        self._partitions.forget()
        self._labels.forget()

    def _connect(self) -> Connection:
        connection = connect(self._url, "fairway db_inserter", self._lock_seconds, self._statement_seconds)
        try:
            with connection, connection.cursor() as cursor:
                for statement in writing.TEMPORARY_TABLES:
                    cursor.execute(statement)
        except BaseException:
            connection.close()
            raise
        return connection

    def _keep_house(self, connection: Connection) -> None:
        """Once an hour: partitions ahead, and a ledger that forgets."""
        if self._monotonic() < self._next_housekeeping:
            return
        self._partitions.ensure(connection, days_ahead(self._now_ms(), self._days_ahead))
        with connection, connection.cursor() as cursor:
            forgotten = ledger.prune(cursor, self._ledger_days)
        if forgotten:
            log.info("forgot old batches", batches=forgotten, days=self._ledger_days)
        self._next_housekeeping = self._monotonic() + HOUSEKEEPING_SECONDS

    def _report(self, group: Group, stored: list[Batch], counts: dict[str, int]) -> None:
        ledger.check_accounts(stored)
        telemetry.duplicate_batches.inc(len(group.batches) - len(stored))
        telemetry.copied.inc(group.copied)
        for kind, count in counts.items():
            telemetry.stored.labels(kind).inc(count)
        for batch in stored:
            self._note_newest(batch)

    def _note_newest(self, batch: Batch) -> None:
        source = batch.message.source
        if batch.newest > self._newest.get(source, NO_TIME):
            self._newest[source] = batch.newest
            telemetry.newest_event.labels(source).set(batch.newest / 1_000_000)
