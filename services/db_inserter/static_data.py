"""Static data out of whatever carries it: types 5 and 24 by nature, type 19 beside its position."""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

from fairway.records import AnyDecoded, Position, Static
from services.db_inserter.tables import STATIC_FIELDS_OF_POSITION

EXTENDED_CLASS_B = 19

_static_fields_of = attrgetter(*STATIC_FIELDS_OF_POSITION)
_NOTHING = (None,) * len(STATIC_FIELDS_OF_POSITION)
_SHARED = tuple(name for name in Position.__struct_fields__ if name in Static.__struct_fields__)


def static_data(records: Iterable[AnyDecoded]) -> Iterator[Static]:
    """Each record that says who a ship is, as a Static, in order. A type 19 counts even when it says nothing."""
    for record in records:
        if type(record) is Static:
            yield record
        elif type(record) is Position and _says_who(record):
            yield _of_position(record)


def _says_who(position: Position) -> bool:
    return position.msg_type == EXTENDED_CLASS_B or _static_fields_of(position) != _NOTHING


def _of_position(position: Position) -> Static:
    values: dict[str, Any] = {name: getattr(position, name) for name in _SHARED}
    return Static(**values)
