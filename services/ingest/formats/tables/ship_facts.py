"""What the columns about a ship say only together: dimensions, the ETA, and whether there is anything at all."""

from itertools import chain
from typing import Any

from services.ingest.formats.tables import etas

_SIDES = (("to_bow", "to_stern", "length"), ("to_port", "to_starboard", "width"))
SETTLED = frozenset(
    ["eta", *(f"eta_{part}" for part in ("month", "day", "hour", "minute")), *chain.from_iterable(_SIDES)]
)
_NOT_ABOUT_SHIP = frozenset(["msg_type", "part"])


def settle(fields: dict[str, Any], event_time: str) -> None:
    """Spread the ETA; both sides 0 are no dimension; `length` and `width` only stand in for unknown sides."""
    etas.spread(fields, event_time)
    for one, other, whole in _SIDES:
        if not fields.get(one) and not fields.get(other):
            fields[one] = fields[other] = None
        elif fields.get(one) is not None and fields.get(other) is not None:
            fields[whole] = None


def is_hollow(fields: dict[str, Any]) -> bool:
    """Whether they say nothing about a ship."""
    return all(value is None for name, value in fields.items() if name not in _NOT_ABOUT_SHIP)
