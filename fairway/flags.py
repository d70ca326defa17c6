"""What the filter marks in a record instead of dropping it: a small set of bits, `flags`, each with a name.

In a record and in PostGIS `flags` is the sum of the bits; a record without any has none.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Flag(NamedTuple):
    """A bit of `flags`."""

    name: str
    bit: int
    sentence: str


FLAGS = tuple(
    Flag(name, 1 << place, sentence)
    for place, (name, sentence) in enumerate(
        (
            ("implied_speed", "No ship could have come here from its last believed position in that time"),
            ("fast", "The speed over ground is more than a ship of this type makes"),
            ("null_island", "The position is longitude 0, latitude 0: a receiver without a fix"),
            ("shared_mmsi", "Two ships use this MMSI: their tracks alternate"),
            ("out_of_range", "The sender is further from the receiving station than radio carries"),
            ("crowd", "Many vessels report this very point and speed: a broken receiver or a spoofed one"),
            ("dimensions", "The dimensions are those of no ship"),
            ("land", "The position is on land"),
            ("area", "An area rule that flags matched"),
            ("selected", "A select or expression rule that flags matched"),
            ("duplicate", "The same transmission was heard before, and a duplicate rule flags"),
            ("redundant", "It tells nothing new, and a redundant rule flags"),
            ("late", "It came after later reports of its vessel had been judged; its track is not simplified there"),
        )
    )
)
BITS = {flag.name: flag.bit for flag in FLAGS}


def names(flags: int | None) -> list[str]:
    """The names of the bits that are set, in their order."""
    return [flag.name for flag in FLAGS if (flags or 0) & flag.bit]


def bits(of: Iterable[str]) -> int:
    """The sum of the bits of these names. Raises KeyError for a name that is none."""
    return sum({BITS[name] for name in of})
