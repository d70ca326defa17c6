"""Whole batches decoded: raw records in, lines of decoded records out, without an object a record.

    body ─▶ printer (programs.py) ─▶ lines ─▶ NDJSON
      └─ what is unusual, damaged or rare ─▶ decoding.decode_one ─▶ in its place among them

decoding.py stays the one that says what a record means: it reads whatever the printer does not, rejects whatever is rejected,
and the tests hold both against each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

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
    pieces = _Pieces()
    if printer is None:
        pieces.add_records(records.decode_raw(body))
    else:
        pieces.add_printed(body, *printer.print(body))
    return pieces.made()


@dataclass
class _Pieces:
    bodies: list[bytes] = field(default_factory=list)
    records: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def add_printed(self, body: bytes, lines: bytes, printed: int, left: Sequence[tuple[int, int, int]]) -> None:
        """The lines of a body, with those of the records that were left at their places among them."""
        done = 0
        for at, begin, end in left:
            self.bodies.append(lines[done:at])
            self.add_records(records.decode_raw(body[begin:end]))
            done = at
        self.bodies.append(lines[done:] if done else lines)
        self.records += printed

    def add_records(self, raws: Sequence[Raw]) -> None:
        """Records that are decoded one by one."""
        decoded, rejected = decode_batch(raws)
        self.bodies.append(records.encode(decoded))
        self.records += len(decoded)
        self.rejected += rejected

    def made(self) -> Made:
        return Made(b"".join(self.bodies), self.records, self.rejected)
