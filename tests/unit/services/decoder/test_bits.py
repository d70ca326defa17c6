"""Payload characters to numbers, texts and hex."""

from hypothesis import given
from hypothesis import strategies as st

from services.decoder.bits import Bits, six_bit_text, unarmour
from tests.unit.services.decoder.sentences import ARMOUR, SIX_BIT, six_bit


@given(st.lists(st.integers(0, 63), min_size=1, max_size=100), st.integers(0, 6))
def test_each_character_is_six_bits(characters: list[int], fill: int) -> None:
    bits = unarmour("".join(ARMOUR[number] for number in characters).encode(), fill)
    written = "".join(f"{number:06b}" for number in characters)[: len(characters) * 6 - fill]
    assert bits == Bits(int(written or "0", 2), len(written))


def test_a_character_outside_the_alphabet_has_no_bits() -> None:
    alphabet = ARMOUR.encode()
    for number in range(256):
        assert (unarmour(bytes((number,)), 0) is not None) == (number in alphabet)


@given(st.text(SIX_BIT, max_size=30))
def test_text_is_read_back(text: str) -> None:
    assert six_bit_text(six_bit(text), len(text)) == text


def test_hex_is_filled_up_with_zero_bits_at_its_end() -> None:
    bits = Bits(0b1010_1100_1110, 12)
    assert bits.hex(0, 12) == "ace0"
    assert bits.hex(4, 3) == "c0"
    assert bits.hex(12, 0) is None
