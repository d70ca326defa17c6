"""What a person asks an export for, read from words: times, boxes, MMSIs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fairway.errors import BadSetting

GREATEST_MMSI = (1 << 30) - 1  # it has 30 bits in AIS


@dataclass(frozen=True)
class Box:
    """West, south, east and north in degrees; one over the 180th meridian is two."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Asked:
    """What is to be in the file; what is None or empty is not asked about."""

    begin: datetime | None = None  # the first moment, aware
    end: datetime | None = None  # the first moment after
    boxes: tuple[Box, ...] = ()
    mmsis: tuple[int, ...] = ()
    source: str | None = None
    limit: int | None = None  # of rows


def time(word: str, option: str) -> datetime:
    """A day or a time; without an offset it is UTC. Raises BadSetting."""
    try:
        moment = datetime.fromisoformat(word.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadSetting(
            f"{option} {word} is not a time; write it as 2026-01-02 or 2026-01-02T10:00:00Z (UTC)"
        ) from None


def boxes(word: str) -> tuple[Box, ...]:
    """The box that `west,south,east,north` means. Raises BadSetting."""
    try:
        west, south, east, north = map(float, word.split(","))
    except ValueError:
        raise BadSetting(
            f"--bbox {word} is not a box; write west,south,east,north in degrees, such as 10.5,55,11.5,56"
        ) from None
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= 90 and -90 <= north <= 90):
        raise BadSetting(f"--bbox {word}: longitudes are -180 to 180 and latitudes -90 to 90, as west,south,east,north")
    if south > north:
        raise BadSetting(f"--bbox {word}: its south is north of its north")
    if west <= east:
        return (Box(west, south, east, north),)
    return (Box(west, south, 180.0, north), Box(-180.0, south, east, north))


def mmsis(words: Sequence[str]) -> tuple[int, ...]:
    """MMSIs, each in a word of its own or with commas between. Raises BadSetting."""
    return tuple(sorted({_mmsi(part.strip()) for word in words for part in word.split(",")}))


def _mmsi(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= 10 and int(word) <= GREATEST_MMSI):
        raise BadSetting(f"--mmsi {word} is not an MMSI, which are whole numbers up to {GREATEST_MMSI}")
    return int(word)
