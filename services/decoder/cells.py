"""The cells of a decoded record's line, as the compiled printer takes them (native/cells.h): a name, then what it needs.

A cell is one or more members, each with a comma before it. A narrow number is looked up in a table of the texts that it can
become, so that neither scale nor sentinel costs a step per record; wide numbers, degrees, texts and times are printed.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from services.decoder.fields import Field

Span = tuple[int, int]  # offset and width in bits
Texts = tuple[bytes, int]  # entries of one width, and that width
Cell = tuple[object, ...]
Content = Callable[[int, int, bytes, int], bytes | None]  # of area code, function, data and their bits; None: not sure

MOST_SPANS = 6  # of a table or text

ENVELOPE: Cell = ("envelope",)
SENDER: Cell = ("sender",)  # channel, talker, own ship
DIGEST: Cell = ("digest",)

_PADDING = bytes(16)  # is copied with the last text, though it is no part of it


def constant(text: bytes) -> Cell:
    """The same text in all lines."""
    return "constant", text


def table(spans: tuple[Span, ...], texts: tuple[bytes, ...]) -> Cell:
    """The text at the number that the spans make together, the first one highest."""
    return "table", spans, entries(texts)


def number(name: str, field: Field) -> Cell:
    """An unsigned number of up to 48 bits; nothing where it means nothing."""
    return "number", _before(name), _test(field)


def degrees(name: str, span: Span, whole: int, parts: int, of: int) -> Cell:
    """Up to `whole` degrees with six decimals. A unit of the signed number is `parts` / `of` of 0.000001 degree, `of` odd."""
    return "degrees", _before(name), span, whole, parts, of


def pair(one: Span, texts: tuple[bytes, ...], other: Span, other_texts: tuple[bytes, ...]) -> Cell:
    """Two numbers that are null when both are zero."""
    return "pair", one, entries(texts), other, entries(other_texts)


def hidden(span: Span, texts: tuple[bytes, ...], keys: Sequence[Field]) -> Cell:
    """A number that means nothing where all of `keys` do."""
    return "hidden", span, entries(texts), tuple(map(_test, keys))


def text(name: str, *spans: Span) -> Cell:
    """Six-bit text that stands in `spans`, each ended by its first @, without spaces at the end of the whole."""
    return "text", _before_text(name), spans


def clock(name: str, parts: Sequence[Field]) -> Cell:
    """The time that year, month, day, hour, minute and second tell; nothing unless all are known."""
    return "clock", _before_text(name), tuple(map(_test, parts))


def eta(name: str, parts: Sequence[Field]) -> Cell:
    """The time that month, day, hour and minute tell, in the year that puts it nearest to the event (fairway.calendar)."""
    return "eta", _before_text(name), tuple(map(_test, parts))


def data(offset: int, content: Content | None = None, application: tuple[Span, ...] = ()) -> Cell:
    """The bits from `offset` to the end, and the members that `content` finds in them by area code and function."""
    return "data", offset, content, application


@lru_cache(maxsize=256)  # lengths share most of their tables, so that one which nobody has sent before costs little
def entries(texts: tuple[bytes, ...]) -> Texts:
    """The texts behind their lengths, filled up to one width."""
    width = 2 + max(map(len, texts))
    filled = (len(text).to_bytes(2, "little") + text.ljust(width - 2, b"\0") for text in texts)
    return b"".join(filled) + _PADDING, width


def _before(name: str) -> bytes:
    return b',"%b":' % name.encode()


def _before_text(name: str) -> bytes:
    return _before(name) + b'"'


def _test(field: Field) -> tuple[object, ...]:
    return field.offset, field.width, field.low, field.high, field.null
