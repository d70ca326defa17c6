"""The reports that the filter holds back until it knows whether they are needed; changed only when output is safe."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct


class Held(Struct, frozen=True, gc=False, array_like=True):
    """A report held back: its line of NDJSON, the tail of its batch, and until when, in milliseconds since 1970."""

    line: bytes
    tail: str
    until_ms: int


class HeldReports:
    """At most one report for each key of a holder, the identity of the rule that holds it. `put` and `take` work on a draft."""

    def __init__(self) -> None:
        self._kept: defaultdict[str, dict[int, Held]] = defaultdict(dict)  # in the order in which they came
        self.discard()

    def __len__(self) -> int:
        return sum(map(len, self._kept.values()))

    def put(self, holder: str, keys: Sequence[int], held: Sequence[Held]) -> None:
        """Hold these back, each under its key, where nothing is held any more."""
        self._draft[holder].update(zip(keys, held, strict=True))

    def take(self, holder: str, keys: Sequence[int]) -> list[Held]:
        """What is held under these keys, and no longer is then."""
        if not keys:
            return []
        draft, kept = self._draft[holder], self._kept[holder]
        found = [draft[key] if key in draft else kept.get(key) for key in keys]
        draft.update(dict.fromkeys(keys))
        return [each for each in found if each is not None]

    def due(self, now_ms: int) -> dict[str, list[int]]:
        """By holder the keys of what has been held long enough. Without the draft.

        A rule holds all that it does for the same time, and what came first stands first: what is not due ends the search.
        """
        found: dict[str, list[int]] = {}
        for holder, kept in self._kept.items():
            for key, held in kept.items():
                if held.until_ms > now_ms:
                    break
                found.setdefault(holder, []).append(key)
        return found

    def of_others(self, holders: Collection[str]) -> dict[str, list[int]]:
        """The keys of what was held by rules that are not among these."""
        return {holder: [*kept] for holder, kept in self._kept.items() if kept and holder not in holders}

    def changes(self) -> Mapping[str, Mapping[int, Held | None]]:
        """The draft: what will be held under these keys, None for nothing."""
        return self._draft

    def all(self) -> Mapping[str, Mapping[int, Held]]:
        """All that is held, without the draft."""
        return self._kept

    def apply(self, holder: str, changes: Mapping[int, Held | None]) -> None:
        """Hold what a journal says was held under these keys, without a draft."""
        kept = self._kept[holder]
        for key, held in changes.items():
            kept.pop(key, None)
            if held is not None:
                kept[key] = held

    def commit(self) -> None:
        """Make the draft what is held."""
        for holder, changes in self._draft.items():
            self.apply(holder, changes)
        self.discard()

    def discard(self) -> None:
        """Throw the draft away."""
        self._draft: defaultdict[str, dict[int, Held | None]] = defaultdict(dict)


@dataclass
class Debt:
    """What other tails are still to be told of what was held back of theirs."""

    released: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    lines: list[bytes] = field(default_factory=list)
