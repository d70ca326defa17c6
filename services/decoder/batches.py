"""Whole batches decoded: raw records in, lines of decoded records out, without an object a record.

    body ─▶ printer (programs.py) ─▶ lines ─▶ NDJSON
      └─ what is unusual, damaged or rare ─▶ decoding.decode_one ─▶ in its place among them

decoding.py stays the one that says what a record means: it reads whatever the printer does not, rejects whatever is rejected,
and the tests hold both against each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from fairway import records
from fairway.raw_block import RawBlock
from fairway.records import Raw, Rejected
from services.decoder import programs
from services.decoder.decoding import decode_batch

if TYPE_CHECKING:
    from services.decoder.printer import Printer


@dataclass(frozen=True)
class Made:
    """`body` is NDJSON of the decoded records, `records` of them; both keep the order of the raw records."""

    body: bytes
    records: int
    rejected: list[Rejected]


_printer = lru_cache(maxsize=1)(programs.make_printer)


def decode_rows(rows: Iterable[Raw | RawBlock]) -> Made:
    """The raw records decoded, those of a block one by one, or rejected with their reasons."""
    return decode_body(b"".join(row.encode() if isinstance(row, RawBlock) else records.encode([row]) for row in rows))


def decode_body(body: bytes) -> Made:
    """The raw records of a message body decoded. Raises msgspec.MsgspecError when a line is not a raw record."""
    return decode_with(_printer(), body)


def decode_with(printer: "Printer | None", body: bytes) -> Made:
    """The same by a printer, or without one."""
    if printer is not None:
        singly = _Singly()
        try:
            lines, printed = printer.print(body, singly.decode)
            return Made(lines, printed + singly.records, singly.rejected)
        except (msgspec.MsgspecError, ValueError):  # a record over several lines, or what is no record
            pass
    singly = _Singly()
    return Made(singly.decode(body), singly.records, singly.rejected)


@dataclass
class _Singly:
    """What was decoded one by one so far."""

    records: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def decode(self, body: bytes) -> bytes:
        """Lines of the decoded records. Raises msgspec.MsgspecError when a line is not a raw record."""
        decoded, rejected = decode_batch(records.decode_raw(body))
        self.records += len(decoded)
        self.rejected += rejected
        return records.encode(decoded)
