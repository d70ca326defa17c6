"""The decoder as a stage: a batch of raw records in; its decoded records, and the rejected ones beside them, out."""

from collections import Counter
from collections.abc import Sequence

from fairway import records, telemetry
from fairway.messages import Account, Message
from fairway.topics import Stage
from services.decoder.decoding import decode_batch


class Decoder:
    """Remembers nothing but what it has still to count."""

    def __init__(self) -> None:
        self._uncounted: Counter[str] = Counter()

    def handle(self, messages: Sequence[Message]) -> list[Message]:
        """For each message its rejected records, if any, then its decoded ones, even none: they carry the account.

        Raises msgspec.MsgspecError when a body is not of raw records.
        """
        self._uncounted.clear()
        return [output for message in messages for output in self._decode(message)]

    def commit(self) -> None:
        """Count the rejected records, once the broker has them: a group that is tried again is counted once."""
        for reason, count in self._uncounted.items():
            telemetry.rejected.labels(reason).inc(count)
        self._uncounted.clear()

    def _decode(self, message: Message) -> list[Message]:
        decoded, rejected = decode_batch(records.decode_raw(message.body))
        counts = Counter(record.reason for record in rejected)
        self._uncounted.update(counts)
        account = message.account.with_rejected(counts)
        output = message.derive(Stage.DECODED, records.encode(decoded), len(decoded), account)
        if not rejected:
            return [output]
        aside = message.derive(Stage.REJECTED, records.encode(rejected), len(rejected), Account(len(rejected)))
        return [aside, output]
