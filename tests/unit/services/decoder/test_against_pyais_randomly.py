"""Random messages of full length, field by field against pyais."""

import pyais
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyais.bit_vector import int_bit_vector
from pyais.messages import MessageType6Default, MessageType8Default

from services.decoder.bits import Bits
from services.decoder.layouts import BY_CHOICE, BY_TYPE
from tests.unit.services.decoder.pyais_fields import BY_TYPE as COMPARED
from tests.unit.services.decoder.pyais_fields import disagreements
from tests.unit.services.decoder.sentences import FULL_LENGTH, bits, decode, sentence


@pytest.mark.parametrize("msg_type", range(1, 29))
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_agrees_on_any_bits(msg_type: int, data: st.DataObject) -> None:
    length = FULL_LENGTH[msg_type]
    number = bits(msg_type) | data.draw(st.integers(0, (1 << length - 6) - 1))
    if msg_type == 24:
        number &= ~(1 << length - 39)  # parts 2 and 3 are reserved
    text = sentence(number, length)
    layout = BY_TYPE.get(msg_type) or BY_CHOICE[msg_type](Bits(number, length))
    assert layout is not None
    assert disagreements(decode(text), pyais.decode(text), layout, length) == []


@pytest.mark.parametrize("msg_type", [6, 8])
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_agrees_on_the_data_of_binary_messages(msg_type: int, data: st.DataObject) -> None:
    length = data.draw(st.integers(90, 900))
    text = sentence(bits(msg_type, length=length) | data.draw(st.integers(0, (1 << length - 6) - 1)), length)
    _, _, _, _, _, payload, end = text.split(",")
    kind = MessageType6Default if msg_type == 6 else MessageType8Default
    theirs = kind.from_vector(int_bit_vector(payload.encode(), int(end[0])))
    ours = decode(text)
    assert ours["data"] == theirs.data.hex()
    assert ours["bits"] == length - (88 if msg_type == 6 else 56)


def test_every_type_is_compared() -> None:
    assert set(COMPARED) == set(range(1, 29))
