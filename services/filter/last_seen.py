"""What the filter remembers of vessels and payloads between batches: some numbers for each key, changed only when output is safe.

keys of a batch ─ take ─▶ a draft of their values ─ commit ─▶ the memory      the output was confirmed
                                    └───────────── discard ─▶ nothing        it was not: the batch will be judged again,
                                                                             without its own traces
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from services.filter.reports import Flags, Numbers, Places
from services.filter.rows import Rows, rows_at, set_rows

try:
    from services.filter.keys import Keys, group
except ImportError:  # no compiler was at hand
    from services.filter.plain_keys import PlainKeys as Keys  # type: ignore[assignment]
    from services.filter.plain_keys import group

Column = NDArray[Any]
Columns = dict[str, Column]

DType = type[np.generic] | np.dtype[Any]

FEWEST_SLOTS = 1024
DUMPED_TOGETHER = 8192  # keys
# When the memory is full, this share of it is forgotten at once: finding the oldest costs a look at all of them.
FORGOTTEN_SHARE = 0.1

_FREE = -1


@dataclass(frozen=True)
class Draft:
    """The values of a batch's keys, to be read and changed. `which` says for each key given where among them its own are.

    `values` at a place, by name, mean something where it `is_known`, which `put` makes it.
    """

    keys: Numbers  # each once
    which: Places
    rounds: "Rounds"
    slots: Places  # where the memory has them
    values: Rows
    is_known: Flags
    is_put: Flags

    def put_rows(self, places: Places, rows: Rows) -> None:
        """Remember all values of these, each place at most once."""
        set_rows(self.values, places, rows)
        self.is_known[places] = True
        self.is_put[places] = True

    def put(self, places: Places, **values: Column | float) -> None:
        """Remember these values, each place at most once."""
        for name, column in values.items():
            self.values[name][places] = column
        self.is_known[places] = True
        self.is_put[places] = True


@dataclass(frozen=True)
class Rounds:
    """Row numbers in rounds: the first of each key, then the second of each that has one, and so on.

    So a rule that goes from report to report of a vessel takes one step for all vessels at once.
    """

    order: Places
    ends: Places

    def __iter__(self) -> Iterator[Places]:
        begin = 0
        for end in self.ends.tolist():
            yield self.order[begin:end]
            begin = end


class Change(Struct, frozen=True, gc=False, omit_defaults=True):
    """Values of some keys, as bytes: what a journal keeps."""

    keys: bytes
    rows: bytes
    texts: list[str] = []  # for which numbers among the values stand


class Remembers(Protocol):
    """What a rule remembers by, as the filter sees it: drafts of a batch that become memory, and a journal of them."""

    def __len__(self) -> int: ...

    @property
    def layout(self) -> str:
        """What is remembered of a key. A journal's changes mean something to a memory of the same layout alone."""

    def commit(self) -> None:
        """Make the drafts the memory."""

    def discard(self) -> None:
        """Throw the drafts away."""

    def changes(self) -> Sequence[Change]:
        """The drafts: what will be remembered under which keys."""

    def apply(self, change: Change) -> None:
        """Remember what another memory of the same layout told as a change."""

    def dump(self) -> Iterator[Change]:
        """All that is remembered as changes, what was put longest ago first. Without drafts."""


class LastSeen:
    """Values by name for each of at most `limit` keys; those put longest ago are forgotten first.

    The limit is held at commit; a draft may exceed it. Keys are any 64-bit numbers.
    """

    def __init__(self, types: Mapping[str, DType], limit: int) -> None:
        self._limit = limit
        self._slots = Keys()
        # All values of a key are in one place, which one miss of the cache finds
        self.form = np.dtype(list(types.items()))
        self._values = np.zeros(FEWEST_SLOTS, self.form)
        self._keys = np.zeros(FEWEST_SLOTS, np.int64)
        self._put_at = np.full(FEWEST_SLOTS, _FREE, np.int64)  # number of the commit
        self._free: Places = np.arange(FEWEST_SLOTS)[::-1]
        self._commits = 0
        self.discard()

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def layout(self) -> str:
        """Names and types of the values."""
        return str(self.form.descr)

    def take(self, keys: Numbers) -> Draft:
        """A draft of the values of these keys, with what earlier drafts made of them."""
        distinct, which, rounds = _grouped(keys)
        slots = self._find(distinct)
        values = rows_at(self._values, slots)
        draft = Draft(distinct, which, rounds, slots, values, slots != _FREE, np.zeros(len(distinct), np.bool_))
        if self._drafts:
            self._carry_on(draft)
        self._drafts.append(draft)
        return draft

    def commit(self) -> None:
        """Make the drafts the memory."""
        for draft in self._drafts:
            self._keep(draft)
        self.discard()
        if len(self) > self._limit:
            self._forget_oldest(len(self) - int(self._limit * (1 - FORGOTTEN_SHARE)))

    def discard(self) -> None:
        """Throw the drafts away."""
        self._drafts: list[Draft] = []
        # Where each key is in all drafts but the last, counted through, in the latest that has it
        self._drafted = Keys()
        self._counted = [0]  # keys before each of these drafts and behind them

    def changes(self) -> list[Change]:
        """The drafts: what will be remembered under which keys."""
        changed = [(draft, np.flatnonzero(draft.is_put)) for draft in self._drafts]
        return [
            Change(draft.keys[put].tobytes(), rows_at(draft.values, put).tobytes())
            for draft, put in changed
            if len(put)
        ]

    def apply(self, change: Change) -> None:
        """Remember what another memory of the same values told as a change."""
        draft = self.take(np.frombuffer(change.keys, np.int64))
        draft.put_rows(draft.which, np.frombuffer(change.rows, self.form))
        self.commit()

    def dump(self) -> Iterator[Change]:
        """All that is remembered as changes, what was put longest ago first. Without drafts."""
        used = self._used()
        used = used[np.argsort(self._put_at[used], kind="stable")]
        for begin in range(0, len(used), DUMPED_TOGETHER):
            some = used[begin : begin + DUMPED_TOGETHER]
            yield Change(self._keys[some].tobytes(), rows_at(self._values, some).tobytes())

    def values(self) -> Rows:
        """What is remembered, in an order of its own, without drafts."""
        return rows_at(self._values, self._used())

    def change(self, name: str, function: Callable[[Column], Column]) -> None:
        """Put other values in the place of one name's, without drafts: what a number stands for has changed."""
        used = self._used()
        self._values[name][used] = function(self._values[name][used])

    def forget(self, are_stale: Flags) -> None:
        """Forget the keys at whose places in `values` a flag is set."""
        self._release(self._used()[are_stale])

    def _carry_on(self, draft: Draft) -> None:
        """What earlier drafts know of the same keys is what a later one begins with."""
        last, begin = self._drafts[-1], self._counted[-1]
        self._counted.append(begin + len(last.keys))
        self._drafted.add(last.keys, np.arange(begin, self._counted[-1]))
        places = np.empty_like(draft.keys)
        self._drafted.find(draft.keys, places)
        for earlier, (begin, end) in zip(self._drafts, pairwise(self._counted), strict=True):
            ours = np.flatnonzero((places >= begin) & (places < end))
            theirs = places[ours] - begin
            known = earlier.is_known[theirs]
            ours, theirs = ours[known], theirs[known]
            set_rows(draft.values, ours, rows_at(earlier.values, theirs))
            draft.is_known[ours] = True

    def _find(self, keys: Numbers) -> Places:
        slots = np.empty_like(keys)
        self._slots.find(keys, slots)
        return slots

    def _used(self) -> Places:
        return np.flatnonzero(self._put_at != _FREE)

    def _keep(self, draft: Draft) -> None:
        self._commits += 1
        put = np.flatnonzero(draft.is_put)
        keys, slots = draft.keys[put], draft.slots[put]
        new = np.flatnonzero(slots == _FREE)
        if len(new):
            slots[new] = self._find(keys[new])  # an earlier draft may have put them
            new = new[slots[new] == _FREE]
            while len(self._free) < len(new):
                self._grow()
            free = len(self._free) - len(new)
            slots[new], self._free = self._free[free:], self._free[:free]
            self._slots.add(keys[new], slots[new])
            self._keys[slots[new]] = keys[new]
        set_rows(self._values, slots, rows_at(draft.values, put))
        self._put_at[slots] = self._commits

    def _grow(self) -> None:
        size = len(self._put_at)
        self._values = np.resize(self._values, 2 * size)
        self._keys = np.resize(self._keys, 2 * size)
        self._put_at = np.concatenate((self._put_at, np.full(size, _FREE)))
        self._free = np.concatenate((np.arange(2 * size - 1, size - 1, -1), self._free))

    def _forget_oldest(self, count: int) -> None:
        used = self._used()
        self._release(used[np.argpartition(self._put_at[used], count - 1)[:count]])

    def _release(self, slots: Places) -> None:
        self._slots.remove(self._keys[slots])
        self._put_at[slots] = _FREE
        self._free = np.concatenate((self._free, slots))


def _grouped(keys: Numbers) -> tuple[Numbers, Places, Rounds]:
    """The distinct keys, for each key its place among them, and the rounds."""
    distinct, which, order, ends = (np.empty(len(keys), np.int64) for _ in range(4))
    count, rounds = group(np.ascontiguousarray(keys), distinct, which, order, ends)
    return distinct[:count], which, Rounds(order, ends[:rounds])
