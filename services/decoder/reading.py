"""Reads the fields of a layout out of a message's bits.

For each layout and length a plan is made once: shift, mask and what turns the raw number into its value. Fields that are
not wholly there are left out, so that they become null, and named in `missing`; of a text that is cut short, the whole
characters are read. For narrow fields the plan holds the values of all raw numbers, so that domain, sentinel and scale cost
one look-up.
"""

from collections.abc import Callable
from functools import lru_cache, partial

from services.decoder.bits import Bits, six_bit_text
from services.decoder.fields import Field, Form, Value
from services.decoder.layout import Layout
from services.decoder.rules import Values

TABLE_BITS = 12  # 4,096 values for a course; wider fields are computed
CHARACTER_BITS = 6
PADDING_BITS = 7  # the most that fills a message up to whole bytes or characters

Convert = Callable[[int], Value]
Step = tuple[str, int, int, Convert]
Plan = tuple[tuple[Step, ...], str | None]


def read(layout: Layout, bits: Bits) -> Values:
    """Name to value of each field that is there; `missing` has the names of those that should be and are not."""
    value = bits.value
    steps, missing = _plan(layout, bits.length)
    values: Values = {name: convert((value >> shift) & mask) for name, shift, mask, convert in steps}
    if missing:
        values["missing"] = missing
    return values


@lru_cache(maxsize=1024)  # some 60 lengths occur; the bound is for noise
def _plan(layout: Layout, length: int) -> Plan:
    steps: list[Step] = []
    for field in layout.fields:
        width = present(field, length)
        if width:
            steps.append((field.name, length - field.offset - width, (1 << width) - 1, converter(field, width)))
    return tuple(steps), missing(layout, length)


def missing(layout: Layout, length: int) -> str | None:
    """The names of the fields that a message of `length` bits should have and has not, or not wholly."""
    end = min((start for start in layout.blocks if start + PADDING_BITS >= length), default=None)
    due = [field for field in layout.fields if end is None or field.offset < end]
    return ",".join(field.name for field in due if is_cut(field, length)) or None


def present(field: Field, length: int) -> int:
    """How many bits of the field can be read from a message of `length` bits."""
    if field.end <= length:
        return field.width
    if field.form in (Form.TEXT, Form.FREE_TEXT):
        return max(0, length - field.offset) // CHARACTER_BITS * CHARACTER_BITS
    return 0


def is_cut(field: Field, length: int) -> bool:
    """Whether a message of `length` bits lacks the field or a part of it. A free text is as long as its message."""
    return field.end > length and field.form is not Form.FREE_TEXT


@lru_cache(maxsize=4096)  # some 700 fields, and the texts among them cut short
def converter(field: Field, width: int) -> Convert:
    """What turns the `width` bits that are there of a field into its value."""
    match field.form:
        case Form.TEXT:
            return partial(_text, width // CHARACTER_BITS)
        case Form.FREE_TEXT:
            return partial(_free_text, width // CHARACTER_BITS)
    if width <= TABLE_BITS:
        return tuple(field.value(_with_sign(field, raw)) for raw in range(1 << width)).__getitem__
    if field.signed and field.form is Form.DECIMAL:
        return _signed_decimal(field)
    if field.signed:
        return lambda raw: field.value(_with_sign(field, raw))
    return field.value if _needs_more(field) else int


def _needs_more(field: Field) -> bool:
    """Whether an unsigned field's value is something else than its raw number."""
    plain = field.form is Form.INTEGER and not field.bias and field.step == 1
    return not plain or bool(field.null) or field.high is not None or field.low is not None


def _with_sign(field: Field, raw: int) -> int:
    """Two's complement."""
    return raw - (1 << field.width) if field.signed and raw >> (field.width - 1) else raw


def _signed_decimal(field: Field) -> Convert:
    """The same as Field.value, three times as fast: two of these, a longitude and a latitude, are in most messages."""
    if field.null or field.bias or field.step != 1 or field.low is None or field.high is None:
        return lambda raw: field.value(_with_sign(field, raw))
    most, period = 1 << (field.width - 1), 1 << field.width
    low, high = field.low, field.high
    per_unit, digits = field.per_unit, field.digits

    def convert(raw: int) -> float | None:
        number = raw - period if raw >= most else raw
        return round(number / per_unit, digits) if low <= number <= high else None

    return convert


def _text(characters: int, raw: int) -> str | None:
    """Six-bit text up to its first @: units are known that leave the end of a longer, older text behind it."""
    return six_bit_text(raw, characters).partition("@")[0].rstrip(" ") or None


def _free_text(characters: int, raw: int) -> str | None:
    return six_bit_text(raw, characters).rstrip("@ ") or None
