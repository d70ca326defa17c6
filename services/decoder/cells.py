"""Columns of raw numbers to columns of JSON, by looking up text that was made beforehand.

A cell is one or more members of a record's line. It gives pieces: arrays of byte strings of one width, a row a record, filled
up with zero bytes. Side by side they are the lines, once the zero bytes are dropped. A piece is one look-up by a raw number,
so neither scale nor sentinel nor printing costs a step per record. A null is an entry without text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.decoder.fields import Field
from services.decoder.payload import Sender
from services.decoder.payload_columns import Mask, Numbers, PayloadColumns

Piece = NDArray[np.void]
Span = tuple[int, int]  # offset and width in bits

# A wide number is printed three digits at a time. Larger tables need fewer look-ups, but all tables of a position together
# would no longer fit the cache that is next to a core.
_GROUP = 1000
_NO_LEAD, _NOTHING = _GROUP, 2 * _GROUP  # where in a table the same without leading zeros begins, and where no text is


@dataclass(frozen=True)
class Columns:
    """The payloads of one layout and length, and what stands around them."""

    payloads: PayloadColumns
    envelopes: Sequence[bytes]  # of all rows of the chunk
    senders: Sequence[Sender]
    unsure: list[int] = field(default_factory=list)  # payloads that a cell leaves to the reader of one record


class Cell(Protocol):
    """One or more members of a line, each with a comma before it."""

    def pieces(self, columns: Columns) -> Iterator[Piece]:
        """Columns of text, from left to right. A single text is for all rows."""


def table(texts: Sequence[bytes]) -> Piece:
    """The texts, filled up with zero bytes to one width."""
    array = np.array(texts, np.bytes_)
    return array.view(f"V{array.itemsize}")


@dataclass(frozen=True)
class Narrow:
    """Members whose spans together are few bits: one look-up for all of them. Without spans, the same text in all rows."""

    spans: tuple[Span, ...]
    texts: Piece

    def pieces(self, columns: Columns) -> Iterator[Piece]:
        if not self.spans:
            yield self.texts[0:1]
            return
        numbers = (columns.payloads.number(*span) for span in self.spans)
        index = next(numbers)
        for number, (_offset, width) in zip(numbers, self.spans[1:], strict=True):
            index = index << width | number
        yield self.texts[index]


@dataclass(frozen=True)
class Wide:
    """An unsigned number of up to eleven digits."""

    span: Span
    digits: "Digits"
    low: int | None = None
    high: int | None = None
    null: tuple[int, ...] = ()

    def pieces(self, columns: Columns) -> Iterator[Piece]:
        numbers = columns.payloads.number(*self.span)
        return self.digits.pieces(numbers, outside(numbers, self.low, self.high, self.null))


@dataclass(frozen=True)
class Degrees:
    """A longitude or latitude with six decimals. A unit of the raw number is `parts` / `of` of 0.000001 degree."""

    span: Span
    most: int  # degrees
    parts: int
    of: int
    texts: Piece  # name, sign and whole degrees, of positive numbers and then of negative ones, then nothing

    def pieces(self, columns: Columns) -> Iterator[Piece]:
        width = self.span[1]
        numbers = columns.payloads.number(*self.span)
        negative = numbers >> (width - 1)
        numbers = np.abs(numbers - (negative << width))
        millionths = (numbers * (2 * self.parts) + self.of) // (2 * self.of)  # `of` is odd, so there is no tie
        hidden = outside(millionths, None, self.most * 1_000_000, ())
        thousandths = millionths // _GROUP
        whole = thousandths // _GROUP
        yield self.texts[unless(hidden, whole + negative * (self.most + 1), len(self.texts) - 1)]
        yield last_digits()[unless(hidden, thousandths - whole * _GROUP, _NOTHING)]
        yield last_digits()[unless(hidden, millionths - thousandths * _GROUP, _NOTHING)]


@dataclass(frozen=True)
class Pair:
    """Two numbers that are null when both are zero."""

    one: Narrow
    other: Narrow

    def pieces(self, columns: Columns) -> Iterator[Piece]:
        one, other = (columns.payloads.number(*cell.spans[0]) for cell in (self.one, self.other))
        nothing = (one | other) == 0
        yield self.one.texts[unless(nothing, one, len(self.one.texts) - 1)]
        yield self.other.texts[unless(nothing, other, len(self.other.texts) - 1)]


@dataclass(frozen=True)
class Hidden:
    """A number that means nothing where all of `keys` are null."""

    cell: Narrow
    keys: tuple[Field, ...]

    def pieces(self, columns: Columns) -> Iterator[Piece]:
        nothing = np.ones(len(columns.payloads), np.bool_)
        for key in self.keys:
            hidden = outside(columns.payloads.number(key.offset, key.width), key.low, key.high, key.null)
            nothing &= False if hidden is None else hidden
        index = columns.payloads.number(*self.cell.spans[0])
        yield self.cell.texts[unless(nothing, index, len(self.cell.texts) - 1)]


@dataclass(frozen=True)
class Digest:
    """The CRC-32 of the payload."""

    digits: "Digits"

    def pieces(self, columns: Columns) -> Iterator[Piece]:
        return self.digits.pieces(columns.payloads.digests(), None)


@dataclass(frozen=True)
class SenderCell:
    """Channel, talker, own ship."""

    def pieces(self, columns: Columns) -> Iterator[Piece]:
        yield table([_sender_text(sender) for sender in columns.senders])[columns.payloads.senders]


@dataclass(frozen=True)
class Digits:
    """Prints numbers, the last three or six digits behind the others and a name."""

    lead: Piece  # name and first digits, then nothing
    groups: int

    def pieces(self, numbers: Numbers, hidden: Mask | None) -> Iterator[Piece]:
        """The name and the digits; nothing where `hidden`."""
        above = numbers // _GROUP
        last = numbers - above * _GROUP
        if self.groups == 1:
            yield self.lead[unless(hidden, above, len(self.lead) - 1)]
        else:
            lead = above // _GROUP
            middle = above - lead * _GROUP
            yield self.lead[unless(hidden, lead, len(self.lead) - 1)]
            yield middle_digits()[unless(hidden, middle + (lead == 0) * _NO_LEAD, _NOTHING)]
        yield last_digits()[unless(hidden, last + (above == 0) * _NO_LEAD, _NOTHING)]


@lru_cache(maxsize=64)
def digits(before: bytes, most: int) -> Digits:
    """For numbers up to `most`, with `before` in front of each."""
    groups = 1 if most < 4 * _GROUP**2 else 2
    leads = [before + (b"%d" % lead if lead else b"") for lead in range(most // _GROUP**groups + 1)]
    return Digits(table([*leads, b""]), groups)


@lru_cache(maxsize=16)
def degree_texts(name: str, most: int) -> Piece:
    """Name, sign, whole degrees and the point, of positive numbers and then of negative ones, then nothing."""
    signs = b"", b"-"
    return table(
        [*(b',"%s":%s%d.' % (name.encode(), sign, number) for sign in signs for number in range(most + 1)), b""]
    )


@lru_cache(maxsize=1)
def middle_digits() -> Piece:
    """Three digits; the same without leading zeros, zero being nothing; nothing."""
    return table([b"%03d" % n for n in range(_GROUP)] + [b"%d" % n if n else b"" for n in range(_GROUP)] + [b""])


@lru_cache(maxsize=1)
def last_digits() -> Piece:
    """Three digits; the same without leading zeros; nothing."""
    return table([b"%03d" % n for n in range(_GROUP)] + [b"%d" % n for n in range(_GROUP)] + [b""])


def _sender_text(sender: Sender) -> bytes:
    channel = f',"channel":"{sender.channel}"' if sender.channel else ""
    return f'{channel},"talker":"{sender.talker}"{_OWN_SHIP if sender.own_ship else ""}'.encode()


_OWN_SHIP = ',"own_ship":true'


def outside(numbers: Numbers, low: int | None, high: int | None, null: tuple[int, ...]) -> Mask | None:
    """Where a number means nothing; None when none does."""
    if low is None and high is None and not null:
        return None
    hidden = np.zeros(len(numbers), np.bool_)
    if low is not None:
        hidden |= numbers < low
    if high is not None:
        hidden |= numbers > high
    for sentinel in null:
        hidden |= numbers == sentinel
    return hidden if hidden.any() else None


def unless(hidden: Mask | None, index: Numbers, nothing: int) -> Numbers:
    """The index, but `nothing` where hidden."""
    return index if hidden is None else np.where(hidden, nothing, index)
