"""What one field of a message cannot say alone: pairs that are null together, joined texts, dates, data up to the end.

A rule changes the values just read, in place, before they become a record.
"""

from collections.abc import Callable
from dataclasses import dataclass

from fairway.calendar import nearest_eta, station_clock
from fairway.records import Raw
from services.decoder.bits import Bits, six_bit_text
from services.decoder.fields import Json

Values = dict[str, Json]
Rule = Callable[[Values, Bits, Raw], None]

COMMUNICATION_STATE_BITS = 20  # selector flag and state, annex 8, Message 26
NAME_OFFSET, NAME_CHARACTERS = 43, 20  # annex 8, Message 21
EXTENSION_OFFSET, EXTENSION_CHARACTERS = 272, 14
DIMENSION_PAIRS = (("to_bow", "to_stern"), ("to_port", "to_starboard"))
VIRTUAL_STATION = 4  # M.1371-6, Message 28


def extension_characters(length: int) -> int:
    """How many characters of the name extension a Message 21 of `length` bits has."""
    return min(EXTENSION_CHARACTERS, max(0, length - EXTENSION_OFFSET) // 6)


def zero_dimensions_are_null(values: Values, bits: Bits, raw: Raw) -> None:
    """A = B = 0: no length is known. C = D = 0: no beam. One zero of a pair means the reference point is at that end."""
    for one, other in DIMENSION_PAIRS:
        if not values.get(one) and not values.get(other):
            values[one] = values[other] = None


def resolve_eta(values: Values, bits: Bits, raw: Raw) -> None:
    """A full ETA from its parts, when all four are known."""
    parts = _numbers(values, "eta_month", "eta_day", "eta_hour", "eta_minute")
    if parts:
        values["eta"] = nearest_eta(raw.event_time, *parts)


def assemble_utc(values: Values, bits: Bits, raw: Raw) -> None:
    """The station's clock from its parts, when all six are known."""
    values["utc_time"] = station_clock(values)


def join_name_extension(values: Values, bits: Bits, raw: Raw) -> None:
    """Message 21: the extension goes on where a name that fills its twenty characters stops, a space there included."""
    characters = extension_characters(bits.length)
    if not characters:
        return
    extension = six_bit_text(bits.number(EXTENSION_OFFSET, characters * 6), characters).partition("@")[0]
    name = six_bit_text(bits.number(NAME_OFFSET, NAME_CHARACTERS * 6), NAME_CHARACTERS).partition("@")[0]
    values["name"] = (name + extension).rstrip(" ") or None


@dataclass(frozen=True)
class KeepReserved:
    """Reserved bits at (offset, width), the first span highest, when not all zero."""

    spans: tuple[tuple[int, int], ...]

    def present(self, length: int) -> tuple[tuple[int, int], ...]:
        """The spans that a message of `length` bits has."""
        return tuple((offset, width) for offset, width in self.spans if length >= offset + width)

    def __call__(self, values: Values, bits: Bits, raw: Raw) -> None:
        number = 0
        for offset, width in self.present(bits.length):
            number = number << width | bits.number(offset, width)
        values["reserved"] = number or None


@dataclass(frozen=True)
class SayPart:
    """Message 24: which part it is."""

    part: str

    def __call__(self, values: Values, bits: Bits, raw: Raw) -> None:
        values["part"] = self.part


@dataclass(frozen=True)
class ForgetWithout:
    """Fields that mean nothing when all of `keys` are null: an acknowledgement to nobody, a reservation of no slot."""

    keys: tuple[str, ...]
    names: tuple[str, ...]

    def __call__(self, values: Values, bits: Bits, raw: Raw) -> None:
        if all(values.get(key) is None for key in self.keys):
            for name in self.names:
                values[name] = None


@dataclass(frozen=True)
class DataFrom:
    """The application's bits from `offset` to the end, but for `after` bits there."""

    offset: int
    after: int = 0

    def __call__(self, values: Values, bits: Bits, raw: Raw) -> None:
        width = max(0, bits.length - self.offset - self.after)
        values["data"], values["bits"] = bits.hex(self.offset, width), width


def communication_state_after(offset: int) -> Rule:
    """Message 26: its data has any length, so the communication state is counted from the end."""

    def rule(values: Values, bits: Bits, raw: Raw) -> None:
        if bits.length >= offset + COMMUNICATION_STATE_BITS:
            values["radio"] = bits.number(bits.length - COMMUNICATION_STATE_BITS, COMMUNICATION_STATE_BITS)
        else:
            add_missing(values, "radio")

    return rule


def add_missing(values: Values, *names: str) -> None:
    """Adds names to those that the message lacks."""
    known = values.get("missing")
    values["missing"] = ",".join([known, *names] if isinstance(known, str) else names)


def say_virtual(offset: int) -> Rule:
    """Message 28: of the three bits that say what the station is, 4 is an aid that exists only as this message."""

    def rule(values: Values, bits: Bits, raw: Raw) -> None:
        values["virtual_aid"] = bits.number(offset, 3) == VIRTUAL_STATION

    return rule


def mark_low_resolution(values: Values, bits: Bits, raw: Raw) -> None:
    """Message 27: tenths of a minute, whole knots and degrees."""
    values["low_resolution"] = True


def _numbers(values: Values, *names: str) -> list[int] | None:
    numbers = [value for name in names if isinstance(value := values.get(name), int)]
    return numbers if len(numbers) == len(names) else None
