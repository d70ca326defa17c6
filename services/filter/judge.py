"""Judges batches of reports by rules in their order; the first that drops a report wins. Pure: no broker, no clock.

    reports ─▶ duplicate ─▶ plausible ─▶ redundant ─▶ kept
                   └────────────┴────────────┴──────▶ dropped, by the rule that did

Each rule sees what the rules before it kept. `Filter(rules).decide(records)` says of each record what becomes of it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairway.records import AnyDecoded
from services.filter.reports import Reports, form_of, of_records
from services.filter.rules.rule import Rule

KEPT = -1


class NamedRule(NamedTuple):
    """A rule with the name under which its drops are counted."""

    name: str
    rule: Rule


class Decision(NamedTuple):
    """What becomes of a record; `rule` names the one that dropped it."""

    record: AnyDecoded
    kept: bool
    rule: str | None


class Filter:
    """Rules with their memories. Judging changes drafts of these; `commit` makes them lasting, `discard` forgets them."""

    def __init__(self, rules: Sequence[NamedRule]) -> None:
        self.keeps_all = not rules
        self.names = [name for name, _ in rules]
        self._rules = [rule for _, rule in rules]
        self.members = frozenset[str]().union(
            *(rule.members for rule in self._rules)
        )  # that reports must have, besides ROW

    def judge(self, reports: Reports) -> NDArray[np.int8]:
        """For each report the place of the rule that drops it, or KEPT."""
        droppers = np.full(len(reports), KEPT, np.int8)
        rows = np.arange(len(reports))
        for place, rule in enumerate(self._rules):
            if not len(rows):
                break
            dropped = rule.judge(reports, rows)
            if dropped.any():
                droppers[rows[dropped]] = place
                rows = rows[~dropped]
        return droppers

    def decide(self, records: Sequence[AnyDecoded]) -> list[Decision]:
        """The decision on each record, in order. Raises ValueError when an event_time is not of Fairway's form."""
        return [
            Decision(record, rule is None, rule) for record, rule in zip(records, self.droppers(records), strict=True)
        ]

    def droppers(self, records: Sequence[AnyDecoded]) -> list[str | None]:
        """For each record the name of the rule that drops it, or None when it is kept. Raises ValueError as `decide` does."""
        names = [*self.names, None]  # the last is that of KEPT
        return [names[place] for place in self.judge(of_records(records, form_of(self.members))).tolist()]

    def memory_sizes(self) -> list[int]:
        """Entries that each remembering rule holds, in the order of the rules."""
        return [len(rule.memory) for rule in self._rules if rule.memory is not None]

    def commit(self) -> None:
        """What was judged since the last commit is safe: remember it."""
        for rule in self._rules:
            rule.commit()

    def discard(self) -> None:
        """What was judged since the last commit never happened."""
        for rule in self._rules:
            rule.discard()
