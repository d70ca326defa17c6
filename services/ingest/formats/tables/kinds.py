"""What a row becomes: which record, with which fields fixed, and whether there may be a Static about the ship beside it."""

from dataclasses import dataclass, field
from typing import Any

from fairway.records import Aton, BaseStation, Binary, Decoded, Other, Position, Safety, SarAircraft, Static


@dataclass(frozen=True)
class Kind:
    """One record a row, and with `has_static` a Static besides when the row says something new about the ship."""

    record: type[Decoded]
    constants: dict[str, Any] = field(default_factory=dict)
    has_static: bool = False


SHIP = Kind(Position, has_static=True)
DISTRESS = Kind(Position, {"nav_status": 14}, has_static=True)  # AIS-SART, man overboard device, EPIRB
ONLY_STATIC = Kind(Static)

KINDS = {
    "position": SHIP,
    "static": ONLY_STATIC,
    "base_station": Kind(BaseStation),
    "aton": Kind(Aton),
    "sar_aircraft": Kind(SarAircraft),
}

_RECORDS: dict[type[Decoded], tuple[int, ...]] = {
    Position: (1, 2, 3, 18, 19, 27),
    Static: (5, 24),
    BaseStation: (4, 11),
    SarAircraft: (9,),
    Aton: (21,),
    Safety: (12, 14),
    Binary: (6, 8, 17, 25, 26),
    Other: (7, 10, 13, 15, 16, 20, 22, 23),
}
_EXTENDED = 19  # carries static data itself
_LONG_RANGE = 27


def of_message(msg_type: int) -> Kind:
    """The kind of a row that holds one message of this type."""
    record = next(record for record, types in _RECORDS.items() if msg_type in types)
    constants: dict[str, Any] = {"msg_type": msg_type}
    if msg_type == _LONG_RANGE:
        constants["low_resolution"] = True
    return Kind(record, constants, has_static=record is Position and msg_type != _EXTENDED)


BY_MESSAGE = {str(number): of_message(number) for number in range(1, 28)}
