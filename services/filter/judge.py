"""Judges records by rules in their order; the first that drops a record wins. Pure: no broker, no clock.

`Filter(rules).decide(records)` says of each record whether it is kept, or which rule dropped it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from fairway import clock
from fairway.records import AnyDecoded
from services.filter.rules.rule import Rule

_to_ms = lru_cache(maxsize=4096)(clock.to_ms)  # most stamps are whole seconds, each shared by many records


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
        self._judges = [(name, rule.judge) for name, rule in rules]
        self._remember = [rule.remember for _, rule in rules if type(rule).remember is not Rule.remember]
        self._memories = [rule.memory for _, rule in rules if rule.memory is not None]

    def decide(self, records: Sequence[AnyDecoded]) -> list[Decision]:
        """The decision on each record, in order. Raises ValueError when an event_time is not of Fairway's form."""
        return [
            Decision(record, rule is None, rule) for record, rule in zip(records, self.droppers(records), strict=True)
        ]

    def droppers(self, records: Sequence[AnyDecoded]) -> list[str | None]:
        """For each record the name of the rule that drops it, or None when it is kept. Raises ValueError as `decide` does."""
        return [self._dropper(record, _to_ms(record.event_time)) for record in records]

    def _dropper(self, record: AnyDecoded, at: int) -> str | None:
        for name, judge in self._judges:
            if not judge(record, at):
                return name
        for remember in self._remember:
            remember(record, at)
        return None

    def memory_sizes(self) -> list[int]:
        """Entries that each remembering rule holds, in the order of the rules."""
        return [len(memory) for memory in self._memories]

    def commit(self) -> None:
        """What was judged since the last commit is safe: remember it."""
        for memory in self._memories:
            memory.commit()

    def discard(self) -> None:
        """What was judged since the last commit never happened."""
        for memory in self._memories:
            memory.discard()
