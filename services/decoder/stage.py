"""The decoder as a stage: a batch of raw records in; its decoded records, and the rejected ones beside them, out."""

from collections import Counter
from collections.abc import Sequence

from fairway import partitioning, records, telemetry
from fairway.messages import Account, Message
from fairway.topics import Stage
from services.decoder.batches import Made, decode_body


class Decoder:
    """Remembers nothing but what it has still to count. Decoded batches are shared out among so many filters."""

    def __init__(self, partitions: int = 1) -> None:
        self._partitions = partitions
        self._uncounted: Counter[str] = Counter()

    def handle(self, messages: Sequence[Message]) -> list[Message]:
        """For each message its rejected records, if any, then its decoded ones, even none: they carry the account.

        Raises msgspec.MsgspecError when a body is not of raw records.
        """
        self._uncounted.clear()
        return [output for message in messages for output in self._messages(message, decode_body(message.body))]

    def commit(self) -> None:
        """Count the rejected records, once the broker has them: a group that is tried again is counted once."""
        for reason, count in self._uncounted.items():
            telemetry.rejected.labels(reason).inc(count)
        self._uncounted.clear()

    def _messages(self, message: Message, made: Made) -> list[Message]:
        counts = Counter(record.reason for record in made.rejected)
        self._uncounted.update(counts)
        account = message.account.with_rejected(counts)
        output = message.derive(Stage.DECODED, made.body, made.records, account)
        if not made.rejected:
            return [*partitioning.split(output, self._partitions)]
        rejected = len(made.rejected)
        aside = message.derive(Stage.REJECTED, records.encode(made.rejected), rejected, Account(rejected))
        return [aside, *partitioning.split(output, self._partitions)]
