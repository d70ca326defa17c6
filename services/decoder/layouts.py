"""Message type to layout: the visible list of everything that can be decoded."""

from collections.abc import Callable, Mapping

from services.decoder import network, reports
from services.decoder.bits import Bits
from services.decoder.layout import Layout

AUXILIARY_CRAFT = range(980_000_000, 990_000_000)  # MMSIs 98XXXYYYY: boats of a mother ship (ITU-R M.585)

UNADDRESSED_BITS = 72
PERSONS_ON_BOARD = 1 << 6 | 16  # DAC 1, FI 16

BY_TYPE: Mapping[int, Layout] = {
    1: reports.CLASS_A,
    2: reports.CLASS_A,
    3: reports.CLASS_A,
    4: reports.BASE_STATION,
    5: reports.STATIC,
    7: network.ACKNOWLEDGEMENT,
    8: network.BROADCAST_BINARY,
    9: reports.SAR_AIRCRAFT,
    10: network.INQUIRY,
    11: reports.BASE_STATION,
    12: network.ADDRESSED_SAFETY,
    13: network.ACKNOWLEDGEMENT,
    14: network.BROADCAST_SAFETY,
    15: network.INTERROGATION,
    16: network.ASSIGNMENT,
    17: network.CORRECTIONS,
    18: reports.CLASS_B,
    19: reports.CLASS_B_EXTENDED,
    20: network.RESERVATIONS,
    21: reports.ATON,
    23: network.GROUP_ASSIGNMENT,
    27: reports.LONG_RANGE,
    28: reports.ATON_SINGLE_SLOT,
}

STATIC_PARTS = reports.STATIC_A, reports.STATIC_B, reports.STATIC_B_AUXILIARY  # Message 24

_FLAGS = [(addressed, structured) for addressed in (False, True) for structured in (False, True)]
_SINGLE_SLOT = {flags: network.flexible_binary(*flags, with_state=False) for flags in _FLAGS}
_MULTI_SLOT = {flags: network.flexible_binary(*flags, with_state=True) for flags in _FLAGS}


def _addressed_binary(bits: Bits) -> Layout:
    """Of 72 bits and saying at bit 40 that it is about persons on board, it has no address (gpsd, pyais)."""
    room = 56 <= bits.length <= UNADDRESSED_BITS
    short = room and bits.number(40, 16) == PERSONS_ON_BOARD
    return network.UNADDRESSED_BINARY if short else network.ADDRESSED_BINARY


def _channel_management(bits: Bits) -> Layout:
    if bits.length < network.CHANNELS_OF_AREA.required:
        return network.CHANNELS_OF_AREA  # and too short for it
    return network.CHANNELS_OF_STATIONS if bits.number(139, 1) else network.CHANNELS_OF_AREA


def _static_part(bits: Bits) -> Layout | None:
    """Parts 2 and 3 are reserved: nothing says what is in them."""
    part = bits.number(38, 2)
    if part > 1:
        return None
    auxiliary = part == 1 and bits.number(8, 30) in AUXILIARY_CRAFT
    return STATIC_PARTS[2 if auxiliary else part]


def _single_slot(bits: Bits) -> Layout:
    return _SINGLE_SLOT[bits.number(38, 1) == 1, bits.number(39, 1) == 1]


def _multi_slot(bits: Bits) -> Layout:
    return _MULTI_SLOT[bits.number(38, 1) == 1, bits.number(39, 1) == 1]


# Types whose bits say which layout they have
BY_CHOICE: Mapping[int, Callable[[Bits], Layout | None]] = {
    6: _addressed_binary,
    22: _channel_management,
    24: _static_part,
    25: _single_slot,
    26: _multi_slot,
}
