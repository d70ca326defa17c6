"""What a record says, as one number: the same for the same content, whoever heard it and whenever.

For static data and aids, and for what a provider had decoded; a record of which the payload is known has a digest.
"""

from collections.abc import Callable
from hashlib import blake2b
from operator import attrgetter
from typing import Any

import msgspec

from fairway.records import DECODED_KINDS, AnyDecoded, Aton, Decoded, Position

# A fix takes another second each time it is told: of an aid, what it is counts, not when it was looked at.
IDENTITY = ("name", "ship_type", "to_bow", "to_stern", "to_port", "to_starboard", "fix_type", "dte")
ATON = ("aton_type", "name", "to_bow", "to_stern", "to_port", "to_starboard", "fix_type")
ATON_STATE = ("off_position", "aton_status", "virtual_aid")

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def said_by(record: AnyDecoded) -> int:
    """All that a record says besides its envelope and who sent it."""
    return _number(_ALL[type(record)](record))


def lasting(record: AnyDecoded) -> int:
    """What of a record stays the same until somebody changes it: of a position the identity, of an aid also its state."""
    return _number(_LASTING.get(type(record), _ALL[type(record)])(record))


def names_the_ship(position: Position) -> bool:
    """Whether static data come with the position."""
    return position.msg_type == 19 or (position.msg_type is None and _identity_of(position) != _NO_IDENTITY)


def _number(content: object) -> int:
    return int.from_bytes(blake2b(_encode(content), digest_size=8).digest(), "big", signed=True)


def _own_fields(kind: type[Decoded]) -> Callable[[Any], object]:
    return attrgetter(*(name for name in kind.__struct_fields__ if name not in Decoded.__struct_fields__))


_identity_of = attrgetter(*IDENTITY)
_NO_IDENTITY = (None,) * len(IDENTITY)
_ALL = {kind: _own_fields(kind) for kind in DECODED_KINDS}
_LASTING: dict[type[Decoded], Callable[[Any], object]] = {
    Position: _identity_of,
    Aton: attrgetter(*ATON, *ATON_STATE),
}
