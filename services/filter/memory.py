"""What the filter remembers between batches: bounded, and changed only when a batch's output is safe.

Both `put` and `get` work on a draft:

    draft ── commit ──► memory      the output was confirmed
      └───── discard ─► nothing     it was not: the same batch will be judged again, without its own traces
"""

from collections.abc import Callable, Hashable, Iterator
from typing import Generic, Protocol, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Draft(Protocol):
    """Changes that are waiting for the batch's output to be safe. Its length is what would be held after them."""

    def __len__(self) -> int: ...

    def commit(self) -> None:
        """Make the changes lasting."""

    def discard(self) -> None:
        """Throw the changes away."""


class Memory(Generic[K, V]):
    """At most `limit` values by key; the one put longest ago is forgotten first. Values are not None and never change.

    `is_stale(value, newest)` says that a value serves nothing any more beside the one put last. It only frees room, and
    only at commit: a reader must ask it too. The outcome never depends on how a stream is cut into batches.
    """

    def __init__(self, limit: int, is_stale: Callable[[V, V], bool] | None = None) -> None:
        self._limit = limit
        self._is_stale = is_stale
        self._kept: dict[K, V] = {}  # in the order of putting, as the draft is
        self._newest_kept: V | None = None
        self.newest: V | None = None  # the value put last under any key
        self.discard()

    def __len__(self) -> int:
        return self._size

    def keys(self) -> list[K]:
        """What is kept, in the order of putting, without the draft."""
        return list(self._kept)

    def get(self, key: K) -> V | None:
        """The value put last under `key`, or None."""
        value = self._draft.get(key)
        if value is not None:
            return value
        return None if key in self._forgotten else self._kept.get(key)

    def put(self, key: K, value: V) -> None:
        """Remember `value`, in the draft."""
        if self._draft.pop(key, None) is None and (key not in self._kept or key in self._forgotten):
            self._size += 1
        self._draft[key] = value
        self.newest = value
        if self._size > self._limit:
            self._forget_oldest()

    def discard(self) -> None:
        """Throw the draft away."""
        self._draft: dict[K, V] = {}
        self._forgotten: set[K] = set()  # keys that the draft hides in what is kept
        self._oldest: Iterator[K] | None = None
        self._size = len(self._kept)
        self.newest = self._newest_kept

    def commit(self) -> None:
        """Make the draft the memory."""
        kept = self._kept
        for key in self._forgotten:
            kept.pop(key, None)
        for key, value in self._draft.items():
            kept.pop(key, None)
            kept[key] = value
        self._newest_kept = self.newest
        self._drop_stale()
        self.discard()

    def _forget_oldest(self) -> None:
        if self._oldest is None:
            self._oldest = iter(self._kept)
        key = next((key for key in self._oldest if key not in self._draft), None)
        if key is None:
            key = next(iter(self._draft))
            del self._draft[key]
        self._forgotten.add(key)
        self._size -= 1

    def _drop_stale(self) -> None:
        newest = self.newest
        if self._is_stale is None or newest is None:
            return
        stale = []
        for key, value in self._kept.items():
            if not self._is_stale(value, newest):
                break
            stale.append(key)
        for key in stale:
            del self._kept[key]
