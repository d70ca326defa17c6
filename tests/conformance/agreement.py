"""Whether another decoder's value says what ours says, after names and units are declared.

An expectation names our field, says which of their values mean "not available" (ours is null then, and only then), and how
far numbers may be apart: 32-bit floats and fewer digits are not disagreements.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fairway.records import Decoded, Raw, Rejected
from services.decoder.decoding import decode_one

CONFORMANCE = Path(__file__).resolve().parents[3] / "shared" / "data" / "conformance"
TIME = "2026-01-02T03:04:05.000Z"
LENGTH_BEFORE_HEX = re.compile(r"^\d+:(?=[0-9a-f]*$)")
ROT_COEFFICIENT = 4.733  # M.1371-5, Message 1


@dataclass(frozen=True)
class Expectation:
    """Our field, or a path into content such as content.wind_knots, and how to hold a value of theirs against it."""

    ours: str
    unknown: Callable[[Any], bool] = lambda value: False
    tolerance: float = 0.0
    inverted: bool = False
    as_ours: Mapping[Any, Any] | None = None  # their codes, where ours are words


@dataclass(frozen=True)
class Difference:
    """One value that is not the same."""

    source: str
    message: str  # the first sentence
    field: str
    ours: Any
    theirs: Any


def file(name: str) -> Path:
    """A file of expectations, or a skip that says what is missing."""
    path = CONFORMANCE / name
    if not path.exists():
        pytest.skip(
            f"no expectations of other decoders: {name} is not in shared/data/conformance beside the repository"
        )
    return path


def decode(sentences: list[str]) -> Decoded | Rejected:
    """Sentences as they stand in a file, perhaps with a tag block before them."""
    bare = tuple(sentence[sentence.index("!") :] for sentence in sentences)
    raw = Raw(source="test", event_time=TIME, received_at=TIME, time_source="received", sentences=bare)
    return decode_one(raw)


def ours(record: Decoded | Rejected, path: str) -> Any:
    """The value of a field, or of a path into the content; None when there is none."""
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
    return value


def agrees(record: Decoded | Rejected, expectation: Expectation, theirs: Any) -> bool:
    """Whether `theirs` is what we say. A rejected record agrees with nothing."""
    return not isinstance(record, Rejected) and same(ours(record, expectation.ours), expectation, theirs)


def same(value: Any, expectation: Expectation, theirs: Any) -> bool:
    """Whether our value and theirs say the same."""
    if expectation.as_ours:
        theirs = expectation.as_ours.get(theirs, theirs)
    if value is None:
        return theirs is None or expectation.unknown(theirs)
    if expectation.inverted:
        return bool(value) != bool(theirs)
    if isinstance(value, str) or isinstance(theirs, str):
        return trimmed(value) == trimmed(theirs)
    return theirs is not None and abs(float(value) - float(theirs)) <= expectation.tolerance + 1e-9


def trimmed(text: object) -> str:
    """Text up to its first padding, without spaces around it and without a count of bits before hex."""
    return LENGTH_BEFORE_HEX.sub("", str(text)).partition("@")[0].strip()


def agrees_on_turn(record: Decoded, raw: int) -> bool:
    """`raw` is the rate of turn as sent: both of our fields must be what the standard makes of it."""
    rot, turning = ours(record, "rot"), ours(record, "turning")
    if raw == -128:
        return rot is None and turning is None
    if abs(raw) == 127:
        return rot is None and turning == ("right" if raw > 0 else "left")
    size = round((raw / ROT_COEFFICIENT) ** 2, 2)
    return turning is None and rot == (-size if raw < 0 else size)


@dataclass
class Comparison:
    """Values held against each other, and those that are not the same."""

    source: str
    compared: int = 0
    differences: list[Difference] = field(default_factory=list)

    def hold(self, sentences: list[str], names: Mapping[str, Expectation], theirs: Mapping[str, Any]) -> None:
        """Decode the sentences and compare each of `theirs` for which there is an expectation."""
        record = decode(sentences)
        for name, value in theirs.items():
            if name in names:
                self.add(sentences, name, ours(record, names[name].ours), value, agrees(record, names[name], value))

    def add(self, sentences: list[str], name: str, mine: Any, theirs: Any, same: bool) -> None:
        """One value that has been compared."""
        self.compared += 1
        if not same:
            first = sentences[0][sentences[0].index("!") :].partition("*")[0]
            self.differences.append(Difference(self.source, first, name, mine, theirs))

    @property
    def agreement(self) -> float:
        """Share of the values that agree."""
        return 1 - len(self.differences) / self.compared
