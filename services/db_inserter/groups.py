"""What a group of messages holds: batches of records, imports, and what is not ours to store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fairway import clock, records, topics
from fairway.messages import Message
from fairway.records import AnyDecoded
from services.db_inserter import imports
from services.db_inserter.imports import Imported

IMPORTS = "event.import.#"
RECORDS = f"{topics.Stage.FILTERED}.ais.#"


class ForeignBody(ValueError):
    """A message that the inserter has no place for: an unknown kind of event, or times that are not in our form."""


@dataclass(frozen=True)
class Batch:
    """The records of one message under the id that the ledger knows it by."""

    id: str
    message: Message
    records: list[AnyDecoded]


@dataclass(frozen=True)
class Group:
    """Everything to be written in one transaction."""

    batches: list[Batch]
    imports: list[Imported]


def open_group(messages: Sequence[Message]) -> Group:
    """Decode a group. Raises ForeignBody, or msgspec.MsgspecError, before anything has touched the database."""
    for message in messages:
        if not is_ours(message.key):
            raise ForeignBody(f"there is no place for messages with the key {message.key!r}")
    return Group(
        [open_batch(message) for message in messages if topics.matches(RECORDS, message.key)],
        [imports.decode(message.body) for message in messages if topics.matches(IMPORTS, message.key)],
    )


def is_ours(key: str) -> bool:
    """Whether messages with this routing key have a place in the database."""
    return topics.matches(RECORDS, key) or topics.matches(IMPORTS, key)


def open_batch(message: Message) -> Batch:
    """The records of a message."""
    decoded = records.decode_decoded(message.body)
    _check_times(decoded)
    return Batch(message.id, message, decoded)


def days(batches: Sequence[Batch]) -> set[str]:
    """The days, YYYY-MM-DD, for which positions need a partition."""
    return {record.event_time[:10] for batch in batches for record in batch.records if type(record) is records.Position}


def _check_times(decoded: list[AnyDecoded]) -> None:
    """Times of the fixed form sort as text, which merging and partitions rely on; COPY checks the milliseconds."""
    times = [record.event_time for record in decoded]
    for group in times, [record.received_at for record in decoded]:
        if not all(len(t) == len(clock.FORM) and t[10] == "T" and t[19] == "." and t[23] == "Z" for t in group):
            raise ForeignBody(f"a time is not of the form {clock.FORM}")
    for second in {t[:19] for t in times}:
        try:
            datetime.fromisoformat(second)
        except ValueError:
            raise ForeignBody(f"{second}Z is not a time") from None
