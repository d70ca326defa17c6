"""Members of a line before they are put into tables: neighbours become one table as long as it stays small.

Fewer and wider look-ups are faster, up to what fits the cache that is next to a core.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from services.decoder.cells import Cell, Narrow, Span, table
from services.decoder.fields import Field
from services.decoder.reading import TABLE_BITS, converter


@dataclass(frozen=True)
class Draft:
    """Members not yet put into a table: one text for each number that the spans together can be."""

    spans: tuple[Span, ...]
    texts: tuple[bytes, ...]

    @property
    def bits(self) -> int:
        return sum(width for _offset, width in self.spans)

    def then(self, other: "Draft") -> "Draft":
        """These members, and the others behind them."""
        if self.spans == other.spans:
            return Draft(self.spans, tuple(one + two for one, two in zip(self.texts, other.texts, strict=True)))
        return Draft(self.spans + other.spans, tuple(one + two for one in self.texts for two in other.texts))


EMPTY = Draft((), (b"",))  # no member


def cells_of(drafts: Sequence[Draft | Cell]) -> Iterator[Cell]:
    """Drafts that are neighbours become one table as long as it stays small."""
    open_ = EMPTY
    for draft in drafts:
        if isinstance(draft, Draft) and (open_.bits + draft.bits <= TABLE_BITS or open_.spans == draft.spans):
            open_ = open_.then(draft)
            continue
        if open_ != EMPTY:
            yield _cell(open_)
        open_ = draft if isinstance(draft, Draft) else EMPTY
        if not isinstance(draft, Draft):
            yield draft
    if open_ != EMPTY:
        yield _cell(open_)


# The plans of different lengths share most of their tables, so that a length nobody has sent before costs little
@lru_cache(maxsize=256)
def _cell(draft: Draft) -> Narrow:
    return Narrow(draft.spans, table(draft.texts))


@lru_cache(maxsize=256)
def with_nothing(draft: Draft) -> Narrow:
    """As a table with an entry without text at its end."""
    return Narrow(draft.spans, table([*draft.texts, b""]))


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
