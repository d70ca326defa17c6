"""Rows that came just before, so that exact copies are told. Kept as hashes, for economy alone."""

from collections.abc import Sequence

GENERATION = 10_000  # rows; two generations are remembered: more than a minute of a national archive


class RecentRows:
    """Remembers the last 10,000 to 20,000 different rows."""

    def __init__(self) -> None:
        self._young: set[int] = set()
        self._old: set[int] = set()

    def fresh(self, lines: Sequence[bytes]) -> list[bytes]:
        """The lines that are not copies of recent ones."""
        digests = list(map(hash, lines))
        if self._are_new(digests):
            self._young.update(digests)
            return list(lines)
        fresh = []
        young, old = self._young, self._old
        for line, digest in zip(lines, digests, strict=True):
            if digest in young or digest in old:
                continue
            fresh.append(line)
            young.add(digest)
            if len(young) >= GENERATION:
                old, young = young, set()
        self._young, self._old = young, old
        return fresh

    def _are_new(self, digests: Sequence[int]) -> bool:
        """Whether no line is a copy, and all go into the young generation: a look at all of them at once."""
        if len(self._young) + len(digests) >= GENERATION:
            return False
        different = set(digests)
        return len(different) == len(digests) and different.isdisjoint(self._young) and different.isdisjoint(self._old)

    def forget(self) -> None:
        """All of them."""
        self._young, self._old = set(), set()
