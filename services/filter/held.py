"""The reports that the filter holds back until it knows whether they are needed; changed only when output is safe."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from services.filter.judge import HeldKey


class Held(Struct, frozen=True, gc=False, array_like=True):
    """A report held back: its line of NDJSON, the tail of its batch, and until when, in milliseconds since 1970."""

    line: bytes
    tail: str
    until_ms: int


class HeldReports:
    """At most one report for each key. `put` and `take` work on a draft."""

    def __init__(self) -> None:
        self._kept: dict[HeldKey, Held] = {}  # in the order in which they came
        self._draft: dict[HeldKey, Held | None] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, keys: Sequence[HeldKey], held: Sequence[Held]) -> None:
        """Hold these back, each under its key, where nothing is held any more."""
        self._draft.update(zip(keys, held, strict=True))

    def take(self, keys: Sequence[HeldKey]) -> list[Held]:
        """What is held under these keys, and no longer is then."""
        if self._draft:
            found = [self._draft[key] if key in self._draft else self._kept.get(key) for key in keys]
        else:
            found = list(map(self._kept.get, keys))
        self._draft.update(dict.fromkeys(keys))
        return [each for each in found if each is not None]

    def due(self, now_ms: int, shortest_ms: float) -> Iterator[HeldKey]:
        """The keys of what has been held long enough, where nothing is held for less than `shortest_ms`. Without the draft.

        What came first stands first: with one rule that holds, the first that is not due ends the search.
        """
        latest = now_ms + shortest_ms
        for key, held in self._kept.items():
            if held.until_ms > latest:
                return
            if held.until_ms <= now_ms:
                yield key

    def of_others(self, holders: set[str]) -> list[HeldKey]:
        """The keys of what was held by rules that are not among these."""
        return [key for key in self._kept if key.holder not in holders]

    def changes(self) -> Mapping[HeldKey, Held | None]:
        """The draft: what will be held under these keys, None for nothing."""
        return self._draft

    def all(self) -> Mapping[HeldKey, Held]:
        """All that is held, without the draft."""
        return self._kept

    def apply(self, holder: str, changes: Mapping[int, Held | None]) -> None:
        """Hold what a journal says was held under these keys, without a draft."""
        for number, held in changes.items():
            key = HeldKey(holder, number)
            self._kept.pop(key, None)
            if held is not None:
                self._kept[key] = held

    def commit(self) -> None:
        """Make the draft what is held."""
        kept = self._kept
        for key, held in self._draft.items():
            kept.pop(key, None)
            if held is not None:
                kept[key] = held
        self._draft = {}

    def discard(self) -> None:
        """Throw the draft away."""
        self._draft = {}


@dataclass
class Debt:
    """What other tails are still to be told of what was held back of theirs."""

    released: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    lines: list[bytes] = field(default_factory=list)
