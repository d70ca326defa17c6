"""Members of a line before they are put into tables: neighbours become one table as long as it stays small.

Fewer and wider look-ups are faster, up to what fits the cache that is next to a core.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from services.decoder import cells
from services.decoder.cells import MOST_SPANS, Cell, Span
from services.decoder.fields import Field
from services.decoder.reading import TABLE_BITS, converter

LONGEST_CONSTANT = 64  # bytes that are put into all texts of a table beside them, rather than printed by themselves


@dataclass(frozen=True)
class Draft:
    """Members not yet put into a table: one text for each number that the spans together can be."""

    spans: tuple[Span, ...]
    texts: tuple[bytes, ...]

    @property
    def bits(self) -> int:
        return sum(width for _offset, width in self.spans)

    def goes_with(self, other: "Draft") -> bool:
        """Whether both are better one table."""
        if self.spans == other.spans:
            return True
        if any(not draft.spans and len(draft.texts[0]) > LONGEST_CONSTANT for draft in (self, other)):
            return False
        return self.bits + other.bits <= TABLE_BITS and len(self.spans) + len(other.spans) <= MOST_SPANS

    def then(self, other: "Draft") -> "Draft":
        """These members, and the others behind them."""
        if self.spans == other.spans:
            return Draft(self.spans, tuple(one + two for one, two in zip(self.texts, other.texts, strict=True)))
        return Draft(self.spans + other.spans, tuple(one + two for one in self.texts for two in other.texts))

    def cell(self) -> Cell:
        return cells.table(self.spans, self.texts) if self.spans else cells.constant(self.texts[0])


EMPTY = Draft((), (b"",))  # no member


def cells_of(drafts: Sequence[Draft | Cell]) -> Iterator[Cell]:
    """Drafts that are neighbours become one table as long as it stays small."""
    open_ = EMPTY
    for draft in drafts:
        if isinstance(draft, Draft) and open_.goes_with(draft):
            open_ = open_.then(draft)
            continue
        if open_ != EMPTY:
            yield open_.cell()
        open_ = draft if isinstance(draft, Draft) else EMPTY
        if not isinstance(draft, Draft):
            yield draft
    if open_ != EMPTY:
        yield open_.cell()


@lru_cache(maxsize=256)
def narrow(field: Field) -> Draft:
    """A field of at most TABLE_BITS that is wholly there."""
    convert = converter(field, field.width)
    texts = tuple(member_text(field.name, convert(raw)) for raw in range(1 << field.width))
    return Draft(((field.offset, field.width),), texts)


def constant(name: str, value: object) -> Draft:
    """The same member in all rows."""
    return Draft((), (member_text(name, value),))


def member_text(name: str, value: object) -> bytes:
    """A member with a comma before it; nothing for null."""
    return b"" if value is None else b',"%s":%s' % (name.encode(), msgspec.json.encode(value))
