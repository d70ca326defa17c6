"""What sails: the kinds of ship, how fast, how big and how deep, and how common."""

from typing import NamedTuple

Range = tuple[float, float]


class ShipKind(NamedTuple):
    """Typical values of one kind; `ship_type` is the first code of those it uses (ITU-R M.1371-5 table 53)."""

    name: str
    ship_type: int
    knots: Range
    length_m: Range
    draught_m: Range
    share: int  # relative number
    bow_share: float  # how far aft of the bow the antenna stands, as a share of the length


CLASS_A_KINDS: tuple[ShipKind, ...] = (
    ShipKind("cargo", 70, (9.5, 15.5), (80, 300), (4.0, 13.5), 44, 0.82),
    ShipKind("tanker", 80, (9.0, 14.0), (100, 330), (5.5, 16.0), 22, 0.80),
    ShipKind("passenger", 60, (15.0, 22.0), (90, 230), (4.5, 7.2), 12, 0.25),
    ShipKind("high speed craft", 40, (26.0, 36.0), (35, 110), (1.5, 4.0), 4, 0.30),
    ShipKind("fishing", 30, (3.0, 9.5), (16, 60), (2.5, 6.0), 8, 0.40),
    ShipKind("tug", 52, (6.0, 11.0), (20, 45), (3.0, 6.0), 5, 0.40),
    ShipKind("dredger", 33, (6.0, 10.5), (60, 140), (3.5, 8.0), 3, 0.70),
    ShipKind("pilot", 50, (12.0, 24.5), (12, 25), (1.0, 2.0), 2, 0.40),
)

CLASS_B_KINDS: tuple[ShipKind, ...] = (
    ShipKind("sailing", 36, (3.0, 7.5), (8, 18), (1.4, 2.8), 55, 0.60),
    ShipKind("pleasure", 37, (5.0, 22.0), (7, 24), (0.7, 1.8), 35, 0.55),
    ShipKind("fishing", 30, (3.0, 8.0), (8, 15), (1.0, 2.5), 10, 0.50),
)

# Kinds whose ship type's second digit says what they carry; 0 is all ships of the type, 9 no more to say.
CARGO_DIGITS = {"cargo": (0, 0, 0, 1, 2, 9), "tanker": (0, 0, 1, 2, 3, 9), "passenger": (0, 0, 9)}
BIG_KINDS = frozenset({"cargo", "tanker", "passenger", "high speed craft"})  # they have IMO numbers and every sensor
ROOMY_KINDS = frozenset({"cargo", "tanker"})  # they wait at anchor
FISHING_MAX_KNOTS = 5.0  # faster ones are on passage, not fishing
