"""The ledger: the ids of the batches that are in the database, written in the transaction that writes their rows."""

from collections.abc import Iterable, Sequence

import structlog
from psycopg2.extensions import cursor as Cursor
from psycopg2.extras import Json, execute_values

from fairway import telemetry
from services.db_inserter.groups import Batch

log = structlog.get_logger()

# A concurrent transaction with the same id makes this wait, and skip when it commits. Sorted, so that two cannot wait
# for each other.
_CLAIM = """
    INSERT INTO ops.ledger (batch_id, source, received, stored, rejected, dropped, held, released, published_at)
    VALUES %s
    ON CONFLICT (batch_id) DO NOTHING
    RETURNING batch_id
"""
MOST_FORGOTTEN = 500_000  # at once; a few seconds. Years of ledger would outlast the session's limit for a statement
_PRUNE = """
    DELETE FROM ops.ledger WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ops.ledger WHERE committed_at < now() - make_interval(days => %s) ORDER BY committed_at LIMIT %s
    ))
"""


def claim(cursor: Cursor, batches: Sequence[Batch]) -> list[Batch]:
    """Enter the batches; those that were not there yet, in the order given. The first of several with one id counts."""
    first = {batch.id: batch for batch in reversed(batches)}
    entries = [_entry(first[id]) for id in sorted(first)]
    claimed = execute_values(cursor, _CLAIM, entries, page_size=len(entries), fetch=True) if entries else []
    new = {id for (id,) in claimed}
    return [batch for batch in batches if batch.id in new and first[batch.id] is batch]


def prune(cursor: Cursor, days: int, most: int = MOST_FORGOTTEN) -> int:
    """Forget batches that were written more than `days` days ago, at most `most`, the oldest first; how many."""
    cursor.execute(_PRUNE, [days, most])
    return cursor.rowcount


def check_accounts(batches: Iterable[Batch]) -> None:
    """Say loudly where an account does not close with what was stored: an earlier stage has lost or invented records."""
    for batch in batches:
        if batch.message.account.remaining != batch.stored:
            telemetry.unbalanced_batches.inc()
            log.error("account does not close", batch=batch.id, stored=batch.stored, **_account(batch))


def _entry(batch: Batch) -> tuple[object, ...]:
    message, account = batch.message, batch.message.account
    return (
        batch.id,
        message.source,
        account.received,
        batch.stored,
        Json(dict(account.rejected)),
        Json(dict(account.dropped)),
        account.held,
        account.released,
        message.published_at or None,
    )


def _account(batch: Batch) -> dict[str, object]:
    account = batch.message.account
    return {
        "received": account.received,
        "released": account.released,
        "rejected": dict(account.rejected),
        "dropped": dict(account.dropped),
        "held": account.held,
    }
