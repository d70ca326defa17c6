"""Packs field values into an AIS message and armours its bits in six-bit ASCII."""

from binascii import b2a_base64
from collections.abc import Callable, Mapping
from typing import NamedTuple

from simulator.fields import Field, Value
from simulator.layouts import LAYOUTS

# Base64 cuts bits into sixes just as AIS does and is done in C; only the alphabet differs.
BASE64_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
AIS_ALPHABET = bytes(n + 48 if n < 40 else n + 56 for n in range(64))
TO_AIS = bytes.maketrans(BASE64_ALPHABET, AIS_ALPHABET)


class Armoured(NamedTuple):
    """A payload ready for a sentence; `fill_bits` of its last character mean nothing."""

    payload: bytes
    fill_bits: int


def encode(layout: str, values: Mapping[str, Value]) -> Armoured:
    """One message of a layout in `LAYOUTS`; a field absent or None is sent as not available.

    Raises ValueError when a value does not fit its field.
    """
    plan = PLANS[layout]
    return armour(_pack(plan, plan.slots, values), plan.bits)


class Template:
    """A message of which most stays the same: that is packed once, each report adds what varies."""

    def __init__(self, layout: str, unchanging: Mapping[str, Value], varying: tuple[str, ...]) -> None:
        plan = PLANS[layout]
        shifts = {slot.name: slot.shift for slot in plan.slots}
        self._word = _pack(plan, [slot for slot in plan.slots if slot.name not in varying], unchanging)
        self._shifts = tuple(shifts[name] for name in varying)
        self._bits = plan.bits

    def fill(self, *raws: int) -> Armoured:
        """The message with these raw values, in the order of `varying`; they must fit, nothing is checked here."""
        word = self._word
        for raw, shift in zip(raws, self._shifts, strict=True):
            word |= raw << shift
        return armour(word, self._bits)


def armour(word: int, bits: int) -> Armoured:
    """`bits` bits, most significant first, as six-bit ASCII characters."""
    padding = -bits % 24  # base64 works on whole groups of three bytes
    encoded = b2a_base64((word << padding).to_bytes((bits + padding) // 8, "big"), newline=False)
    return Armoured(encoded.translate(TO_AIS)[: -(-bits // 6)], -bits % 6)


class _Slot(NamedTuple):
    """A field with its place: how far its raw value is shifted from the message's last bit."""

    name: str
    shift: int
    width: int
    to_raw: Callable[..., int]
    missing: int


class _Plan(NamedTuple):
    """A layout made ready: the bits that never change are already in `constant`."""

    bits: int
    constant: int
    slots: list[_Slot]


def _pack(plan: _Plan, slots: list[_Slot], values: Mapping[str, Value]) -> int:
    word = plan.constant
    for name, shift, width, to_raw, missing in slots:
        value = values.get(name)
        raw = missing if value is None else to_raw(value)
        if raw >> width:
            raise ValueError(f"{name} {value!r} does not fit in {width} bits")
        word |= raw << shift
    return word


def _plan(layout: tuple[Field, ...]) -> _Plan:
    bits = shift = sum(field.width for field in layout)
    constant = 0
    slots = []
    for field in layout:
        shift -= field.width
        if field.name:
            slots.append(_Slot(field.name, shift, field.width, field.to_raw, field.missing))
        else:
            constant |= field.missing << shift
    return _Plan(bits, constant, slots)


PLANS = {name: _plan(layout) for name, layout in LAYOUTS.items()}
