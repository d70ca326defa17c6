"""Reads the fields of a layout out of a message's bits.

For each layout and length a plan is made once: shift, mask and what turns the raw number into its value. Fields that are
not wholly there are left out, so that they become null; of a text that is cut short, the whole characters are read. For
narrow fields the plan holds the values of all raw numbers, so that domain, sentinel and scale cost one look-up.
"""

from collections.abc import Callable
from functools import lru_cache, partial

from services.decoder.bits import Bits, six_bit_text
from services.decoder.fields import Field, Form, Value
from services.decoder.layout import Layout
from services.decoder.rules import Values

TABLE_BITS = 12  # 4,096 values for a course; wider fields are computed
CHARACTER_BITS = 6

Convert = Callable[[int], Value]
Step = tuple[str, int, int, Convert]


def read(layout: Layout, bits: Bits) -> Values:
    """Name to value of each field that is there."""
    value = bits.value
    return {name: convert((value >> shift) & mask) for name, shift, mask, convert in _plan(layout, bits.length)}


@lru_cache(maxsize=1024)  # some 60 lengths occur; the bound is for noise
def _plan(layout: Layout, length: int) -> tuple[Step, ...]:
    steps: list[Step] = []
    for field in layout.fields:
        width = _present(field, length)
        if width:
            steps.append((field.name, length - field.offset - width, (1 << width) - 1, _converter(field, width)))
    return tuple(steps)


def _present(field: Field, length: int) -> int:
    """How many bits of the field can be read from a message of `length` bits."""
    if field.end <= length:
        return field.width
    if field.form in (Form.TEXT, Form.FREE_TEXT):
        return max(0, length - field.offset) // CHARACTER_BITS * CHARACTER_BITS
    return 0


@lru_cache(maxsize=1024)
def _converter(field: Field, width: int) -> Convert:
    match field.form:
        case Form.TEXT:
            return partial(_text, width // CHARACTER_BITS)
        case Form.FREE_TEXT:
            return partial(_free_text, width // CHARACTER_BITS)
    if width <= TABLE_BITS:
        return tuple(field.value(_with_sign(field, raw)) for raw in range(1 << width)).__getitem__
    if field.signed and field.form is Form.DECIMAL:
        return _signed_decimal(field)
    return field.value if field.null or field.high is not None else int


def _with_sign(field: Field, raw: int) -> int:
    """Two's complement."""
    return raw - (1 << field.width) if field.signed and raw >> (field.width - 1) else raw


def _signed_decimal(field: Field) -> Convert:
    """The same as Field.value, three times as fast: two of these, a longitude and a latitude, are in most messages."""
    most, period = 1 << (field.width - 1), 1 << field.width
    low, high = field.low or 0, field.high or 0
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
