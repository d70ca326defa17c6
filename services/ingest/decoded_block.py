"""Decoded records as the lines that they are published as: what the hot path hands on instead of one object a record."""

from collections.abc import Sequence

from msgspec import Struct

from fairway import records
from fairway.records import AnyDecoded


class DecodedBlock(Struct, frozen=True, gc=False):
    """NDJSON, the same that records.encode makes of `records()`, a line feed at the end of each line."""

    lines: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.lines)

    def part(self, start: int, end: int) -> "DecodedBlock":
        """Lines `start` up to `end`."""
        if start == 0 and end >= len(self):
            return self
        return DecodedBlock(self.lines[start:end])

    def encode(self) -> bytes:
        """As NDJSON."""
        return b"".join(self.lines)

    def records(self) -> list[AnyDecoded]:
        """The lines as records, for those who look into them."""
        return records.decode_decoded(self.encode())
