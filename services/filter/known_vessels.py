"""What vessels said last of who they are and where they go, for rules that ask it of every report.

A position tells neither name nor type of ship; it is asked what the vessel's last static data said. So a value is that of the
report itself, or else the last one that the same MMSI told before it, in this batch or an earlier one.

In memory texts are numbers of this process. In a journal they are texts, and only of vessels of which something has changed.
"""

from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from fairway.columns import NO_TEXT, Texts
from fairway.records import Decoded, Static
from services.filter.last_seen import Change, Column, Columns, Draft, LastSeen
from services.filter.reports import FALSE_UNLESS_SAID, TIMES, TYPES, Places, Reports
from services.filter.rows import Rows, rows_at

STATIC = (
    frozenset(Static.__struct_fields__) - frozenset(Decoded.__struct_fields__) - {"part"}
)  # what is said of a vessel
TEXTS_A_VESSEL = 4  # remembered before those that nobody has any more are forgotten


class KnownVessels:
    """The last value of each of some members of STATIC, for at most `limit` vessels. See services.filter.last_seen.Remembers."""

    def __init__(self, members: Collection[str], limit: int) -> None:
        self._members = sorted(members)
        self._limit = limit
        self._texts = Texts()
        self._memory = LastSeen({name: np.int64 if _is_text(name) else np.float64 for name in self._members}, limit)
        self._changed: list[tuple[NDArray[np.int64], Rows]] = []  # vessels and their values, in draft

    def __len__(self) -> int:
        return len(self._memory)

    @property
    def layout(self) -> str:
        """The members."""
        return ", ".join(self._members)

    def fill(self, reports: Reports, rows: Places) -> tuple[Columns, Texts]:
        """For each row the values that it or its vessel said last: numbers, NaN for null; texts by their numbers in Texts."""
        draft = self._memory.take(reports.rows["mmsi"][rows])
        order = np.argsort(draft.which, kind="stable")
        begins = np.flatnonzero(np.diff(draft.which[order], prepend=-1))
        begin_of = np.repeat(begins, np.diff(begins, append=len(order)))
        filled: Columns = {}
        last: Columns = {}
        for name in self._members:
            null = NO_TEXT if _is_text(name) else np.nan
            said = self._own(reports, rows, name)[order]
            before = np.where(draft.is_known, draft.values[name], null)[draft.which[order]]
            at = np.maximum.accumulate(np.where(_is_said(said), np.arange(len(order)), -1))
            values = np.where(at >= begin_of, said[at], before)
            filled[name] = np.empty_like(values)
            filled[name][order] = values
            last[name] = values[np.append(begins[1:], len(order)) - 1]
        changed = _have_changed(draft, last)
        draft.put(np.arange(len(draft.keys)), **last)
        if len(changed):
            self._changed.append((draft.keys[changed], rows_at(draft.values, changed)))
        return filled, self._texts

    def changes(self) -> list[Change]:
        """What was filled since the last commit, where it is another value than before."""
        return [self._change(vessels, values) for vessels, values in self._changed]

    def apply(self, change: Change) -> None:
        """Remember what was told as a change."""
        numbers = np.array([*map(self._texts.number, change.texts), NO_TEXT])  # the last is that of -1
        rows = np.frombuffer(change.rows, self._memory.form).copy()
        for name in filter(_is_text, self._members):
            rows[name] = numbers[rows[name]]
        self._memory.apply(Change(change.keys, rows.tobytes()))

    def dump(self) -> Iterator[Change]:
        """All that is remembered, as changes."""
        for change in self._memory.dump():
            yield self._change(np.frombuffer(change.keys, np.int64), np.frombuffer(change.rows, self._memory.form))

    def discard(self) -> None:
        """What was filled since the last commit never happened."""
        self._memory.discard()
        self._changed = []

    def commit(self) -> None:
        """What was filled since the last commit is safe: remember it."""
        self._memory.commit()
        self._changed = []
        if len(self._texts) > TEXTS_A_VESSEL * len(self._members) * self._limit:
            self._forget_texts()

    def _own(self, reports: Reports, rows: Places, name: str) -> Column:
        """What the rows themselves say."""
        if not _is_text(name):
            return numbers_of(reports, rows, name)
        return self._ours(reports.rows[name][rows], reports.texts)

    def _change(self, vessels: NDArray[np.int64], values: Rows) -> Change:
        """With the texts themselves, and their places among these as values."""
        texts: list[str] = []
        told = values.copy()
        for name in filter(_is_text, self._members):
            unique, which = np.unique(values[name], return_inverse=True)
            known = unique[unique != NO_TEXT].tolist()  # NO_TEXT is below all others, so it comes first
            which = which - (len(unique) - len(known))
            told[name] = np.where(which < 0, -1, which + len(texts))
            texts += [self._texts.text(number) for number in known]
        return Change(vessels.tobytes(), told.tobytes(), texts)

    def _forget_texts(self) -> None:
        old, self._texts = self._texts, Texts()
        for name in filter(_is_text, self._members):
            self._memory.change(name, lambda numbers: self._ours(numbers, old))

    def _ours(self, numbers: Column, texts: Texts) -> NDArray[np.int64]:
        """Our numbers of what other texts have under these numbers."""
        unique, which = np.unique(numbers, return_inverse=True)
        ours = [NO_TEXT if number == NO_TEXT else self._texts.number(texts.text(number)) for number in unique.tolist()]
        return np.array(ours, np.int64)[which]


def _have_changed(draft: Draft, last: Columns) -> Places:
    """The places of those that say other than before, or something for the first time."""
    changed = np.zeros(len(draft.keys), np.bool_)
    for name, values in last.items():
        is_other = values != draft.values[name]
        if values.dtype.kind == "f":
            is_other &= ~(np.isnan(values) & np.isnan(draft.values[name]))
        changed |= np.where(draft.is_known, is_other, _is_said(values))
    return np.flatnonzero(changed)


def numbers_of(reports: Reports, rows: Places, name: str) -> NDArray[np.float64]:
    """A column of numbers, flags or times (milliseconds since 1970), NaN for null."""
    column = reports.rows[name][rows]
    if column.dtype.kind == "f":
        return column.astype(np.float64)
    nothing = column == reports.null_of(name)
    numbers: NDArray[np.float64] = np.where(nothing & (name not in FALSE_UNLESS_SAID), np.nan, column)
    return numbers


def _is_text(name: str) -> bool:
    return TYPES[name] is str and name not in TIMES


def _is_said(values: Column) -> NDArray[np.bool_]:
    return ~np.isnan(values) if values.dtype.kind == "f" else values != NO_TEXT
