"""A record of a decoded feed before it has its times, and what a provider's shape gives."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from fairway.records import Aton, BaseStation, Binary, Decoded, Other, Position, Safety, SarAircraft, Static
from services.ingest.formats.shapes.conversions import Object, forget_zero_dimensions


class Draft(NamedTuple):
    """`values` are fields of `kind`, mmsi among them. `event_ms` is None when the object says no time."""

    kind: type[Decoded]
    values: dict[str, object]
    event_ms: int | None = None
    station: str | None = None


class Shape(NamedTuple):
    """How a provider's objects are known and read. `drafts` raises Unreadable; an empty list says that nothing is in it."""

    name: str
    claims: Callable[[Object], bool]  # cheap, and of no two shapes the same object; never raises
    drafts: Callable[[Object], list[Draft]]


KIND_OF_TYPE: Mapping[int, type[Decoded]] = {
    **dict.fromkeys((1, 2, 3, 18, 19, 27), Position),
    **dict.fromkeys((5, 24), Static),
    **dict.fromkeys((4, 11), BaseStation),
    9: SarAircraft,
    21: Aton,
    **dict.fromkeys((12, 14), Safety),
    **dict.fromkeys((6, 8, 17, 25, 26), Binary),
    **dict.fromkeys((7, 10, 13, 15, 16, 20, 22, 23), Other),
}

_HEAD = frozenset({"mmsi", "repeat", "channel", "ais_class"})
_STATIC = frozenset(Static.__struct_fields__) - _HEAD - {"msg_type"}
_DYNAMIC = frozenset(Position.__struct_fields__) - _STATIC - _HEAD - {"msg_type"}
_OF_POSITION = _DYNAMIC | _HEAD
_OF_TYPE_19 = frozenset({"name", "ship_type", "to_bow", "to_stern", "to_port", "to_starboard", "fix_type", "dte"})


def by_kind(facts: dict[str, object], msg_type: int | None, event_ms: int | None, station: str | None) -> list[Draft]:
    """Drafts of what a provider knows of a vessel, whatever message it came from.

    With the type of another than a ship's message it is that one's record. Else the position makes a Position and the
    static data, if any, a Static; each carries the message type only if that message has such data.
    """
    forget_zero_dimensions(facts)
    kind = KIND_OF_TYPE.get(msg_type) if msg_type else None
    if kind is not None and kind not in (Position, Static):
        known = {name: value for name, value in facts.items() if name in kind.__struct_fields__}
        return [Draft(kind, {**known, "msg_type": msg_type}, event_ms, station)]
    return _of_ship(facts, msg_type, kind, event_ms, station)


def _of_ship(
    facts: dict[str, object],
    msg_type: int | None,
    kind: type[Decoded] | None,
    event_ms: int | None,
    station: str | None,
) -> list[Draft]:
    if kind is Position and msg_type not in (19, 27) and facts.keys() <= _OF_POSITION:  # nearly all: nothing to sort
        facts["msg_type"] = msg_type
        return [Draft(Position, facts, event_ms, station)]
    head = {name: facts[name] for name in _HEAD if name in facts}
    with_position = _DYNAMIC | _OF_TYPE_19 if msg_type == 19 else _DYNAMIC
    dynamic = {name: value for name, value in facts.items() if name in with_position}
    static = {name: value for name, value in facts.items() if name in _STATIC and name not in dynamic}
    drafts = []
    if dynamic or kind is Position:
        of_position = {"msg_type": msg_type} if kind is Position else {}
        if msg_type == 27:
            dynamic["low_resolution"] = True
        drafts.append(Draft(Position, {**head, **of_position, **dynamic}, event_ms, station))
    if static or kind is Static:
        of_static = {"msg_type": msg_type} if kind is Static or msg_type == 19 else {}
        drafts.append(Draft(Static, {**head, **of_static, **static}, event_ms, station))
    return drafts
