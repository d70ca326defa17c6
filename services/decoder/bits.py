"""The bits of a payload as one number, and the three things read from them: numbers, six-bit text, hex.

Bit 0 is the first one sent, as in the tables of ITU-R M.1371-5. The six-bit armour (IEC 61162-1, VDM) is base64 with
another alphabet, so the repacking is left to the standard library's C.
"""

from binascii import a2b_base64, b2a_base64
from typing import NamedTuple

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_ARMOUR = bytes((*range(0x30, 0x58), *range(0x60, 0x78)))  # 0 to W, then ` to w
_SIX_BIT = bytes((*range(0x40, 0x60), *range(0x20, 0x40)))  # M.1371-5 annex 8, 6-bit ASCII: @ A to _, then space to ?
_FROM_ARMOUR = bytes.maketrans(_ARMOUR, _BASE64)
_TO_SIX_BIT = bytes.maketrans(_BASE64, _SIX_BIT)
_PADDING = (b"", b"AAA", b"AA", b"A")  # base64 wants four characters at a time; A is six zero bits


class Bits(NamedTuple):
    """`length` bits, the first one sent being the most significant one of `value`."""

    value: int
    length: int

    def number(self, offset: int, width: int) -> int:
        """`width` bits from `offset` as an unsigned number. They must be there."""
        return (self.value >> (self.length - offset - width)) & ((1 << width) - 1)

    def hex(self, offset: int, width: int) -> str | None:
        """`width` bits from `offset` as hex, zero bits added to fill the last byte; None when there are none."""
        if width <= 0:
            return None
        size = (width + 7) // 8
        return (self.number(offset, width) << (size * 8 - width)).to_bytes(size, "big").hex()


def unarmour(text: bytes, fill: int) -> Bits | None:
    """The bits of armoured `text` without the last `fill` ones; None when a character is outside the alphabet."""
    if text.translate(None, _ARMOUR):
        return None
    odd = len(text) & 3
    value = int.from_bytes(a2b_base64(text.translate(_FROM_ARMOUR) + _PADDING[odd]), "big")
    added = (4 - odd) * 6 if odd else 0
    return Bits(value >> (added + fill), max(0, len(text) * 6 - fill))


def six_bit_text(value: int, characters: int) -> str:
    """`characters` six-bit characters held in `value`, the last one lowest; padding and all."""
    groups = (characters + 3) // 4
    packed = (value << (groups * 4 - characters) * 6).to_bytes(groups * 3, "big")
    return b2a_base64(packed).translate(_TO_SIX_BIT)[:characters].decode("ascii")
