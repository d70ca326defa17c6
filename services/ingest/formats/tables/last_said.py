"""What each ship said last of itself, so that a table that repeats it in every row gives it once.

Kept as hashes of the text, for economy alone: whoever forgets it gives the same facts once more.
"""

from collections.abc import Hashable, Iterable, Sequence

MOST_SHIPS = 200_000  # about as many as AIS knows in a day; some 25 MB
MOST_HOLLOW = 1_000  # different ways of saying nothing


class LastSaid:
    """Remembers a bounded number of ships; the one that came first is forgotten first."""

    def __init__(self) -> None:
        self.crowded_out = 0  # ships, so far
        self._digest_of: dict[int, int] = {}
        self._hollow: set[int] = set()

    def maybe_news(self, mmsis: Sequence[int], said: Iterable[Hashable]) -> list[tuple[int, int, int]]:
        """Which of these rows may have news: the place in the row, its MMSI and a digest of what it says.

        Left out are those that say nothing, and all of a ship that says only what it said last; `is_news` tells about the
        others.
        """
        last, hollow, digests = self._digest_of.get, self._hollow, list(map(hash, said))
        ships = {
            mmsi for mmsi, digest in zip(mmsis, digests, strict=True) if last(mmsi) != digest and digest not in hollow
        }
        if not ships:
            return []
        places = zip(range(len(digests)), mmsis, digests, strict=True)
        return [place for place in places if place[1] in ships and place[2] not in hollow]

    def is_news(self, mmsi: int, digest: int) -> bool:
        """Whether the ship has said something else last."""
        return self._digest_of.get(mmsi) != digest

    def keep(self, mmsi: int, digest: int) -> None:
        """The ship said this."""
        if mmsi not in self._digest_of and len(self._digest_of) >= MOST_SHIPS:
            self._digest_of.pop(next(iter(self._digest_of)))
            self.crowded_out += 1
        self._digest_of[mmsi] = digest

    def is_hollow(self, digest: int) -> None:
        """This says nothing, whoever says it."""
        if len(self._hollow) < MOST_HOLLOW:
            self._hollow.add(digest)

    def forget(self) -> None:
        """All of it."""
        self._digest_of.clear()
        self._hollow.clear()
