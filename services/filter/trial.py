"""What rules would do with records, batch after batch, without a broker: for tests, and for people who try rules."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairway.records import AnyDecoded
from services.filter.judge import HELD, KEPT, Explained, Filter
from services.filter.reports import Flags, Places, Reals, Reports, form_of, of_records
from services.filter.rules.rule import Bits

Said = tuple[Places, NDArray[np.float32]]  # rows, counted from the first batch's first, and a number for each


class Number(NamedTuple):
    """Which number of which rule: the rule's place, and the name that the rule gave it, with its unit."""

    place: int
    name: str


class Trial:
    """Judges batches; what is held back in one may be dropped or kept by a later one, and what is left in the end is kept.

    Of the first `explained` reports the rules also say what their judgements were about: `numbers`.
    """

    def __init__(self, rules: Filter, explained: int = 0) -> None:
        self.copies: Counter[str] = Counter()  # by the tail that they would go to
        self._rules = rules
        self._droppers: list[NDArray[np.int8]] = []
        self._flags: list[Bits] = []
        self._held: dict[tuple[str, int], tuple[int, int]] = {}  # by holder and key: batch and row
        self._numbers: dict[Number, list[Said]] = defaultdict(list)
        self._judged = 0
        self._explained = explained
        if explained:
            rules.explain()

    def judge(self, reports: Reports, tail: str = "", wanted: Flags | None = None) -> None:
        """Judge a batch, as one of a source of that name. Where not all are `wanted`, only those are counted and explained."""
        judged = self._rules.judge(reports, tail)
        self._rules.commit()
        for keys, outcome in ((judged.released, KEPT), (judged.superseded, judged.superseder)):
            for key in keys:
                batch, row = self._held.pop((judged.holder, key))
                self._droppers[batch][row] = outcome
        self._droppers.append(judged.droppers)
        self._flags.append(judged.flags)
        rows = np.flatnonzero(judged.droppers == HELD).tolist()
        for key, row in zip(judged.held, rows, strict=True):
            self._held[judged.holder, key] = len(self._droppers) - 1, row
        for to, copied in judged.routes.items():
            self.copies[to] += int((copied if wanted is None else copied & wanted).sum())
        if self._judged < self._explained:
            for each in judged.explained:
                self._note(each, wanted)
        self._judged += len(reports)

    def judge_records(self, records: Sequence[AnyDecoded], tail: str = "") -> None:
        """Judge a batch of records. Raises ValueError when an event_time is not of Fairway's form."""
        self.judge(of_records(records, form_of(self._rules.members)), tail)

    @property
    def names(self) -> Sequence[str]:
        """The name of the rule in each place."""
        return self._rules.names

    @property
    def members(self) -> frozenset[str]:
        """Which members of records the rules ask for, besides those of reports.ROW."""
        return self._rules.members

    @property
    def droppers(self) -> NDArray[np.int8]:
        """For each report so far the place of the rule that drops it, or KEPT."""
        droppers = _together(self._droppers, np.int8)
        return np.where(droppers == HELD, KEPT, droppers)

    @property
    def flags(self) -> Bits:
        """For each report so far its flags."""
        return _together(self._flags, np.int16)

    def numbers(self, rows: Places) -> Mapping[Number, Reals]:
        """What the judgement of these reports was about, counted from the first report; NaN where a number does not apply."""
        found = {}
        for number, parts in self._numbers.items():
            parts[:] = [(np.concatenate([rows for rows, _ in parts]), np.concatenate([values for _, values in parts]))]
            noted, values = parts[0]
            places = np.minimum(np.searchsorted(noted, rows), len(noted) - 1)
            found[number] = np.where(noted[places] == rows, values[places], np.nan)
        return found

    def _note(self, explained: Explained, wanted: Flags | None) -> None:
        for name, values in explained.numbers.items():
            says = ~np.isnan(values) if wanted is None else ~np.isnan(values) & wanted[explained.rows]
            if says.any():
                some = self._judged + explained.rows[says], values[says].astype(np.float32)
                self._numbers[Number(explained.place, name)].append(some)


def _together(columns: Sequence[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(columns) if columns else np.zeros(0, kind)
