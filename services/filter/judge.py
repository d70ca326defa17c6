"""Judges batches of reports by rules in their order; the first that drops a report wins. Pure: no broker, no clock.

    reports ─▶ duplicate ─▶ plausible ─▶ redundant ─▶ kept, with the flags that rules put on it
                   └────────────┴────────────┴──────▶ dropped, by the rule that did

Each rule sees what the rules before it kept. `Filter(rules).decide(records)` says of each record what becomes of it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fairway.records import AnyDecoded
from fairway.topics import matches
from services.filter.reports import Flags, Places, Reals, Reports, form_of, of_records
from services.filter.rules.rule import SOURCE, Action, Bits, Copies, Holds, Rule

KEPT, HELD = -1, -2


class NamedRule(NamedTuple):
    """A rule with the name under which it is counted, and what becomes of what it finds.

    For a batch whose tail matches one of the patterns of an override, the first such is the rule instead. `rule` is None in an
    override that switches it off.
    """

    name: str
    rule: Rule | None
    action: Action = "drop"
    to: str = ""
    files: tuple[Path, ...] = ()  # that it was built from
    overrides: tuple["Override", ...] = ()
    identity: str = ""  # the same for the same options: whose memory is whose

    def of(self, tail: str) -> "NamedRule":
        """What it is for batches of this tail."""
        return next((each.rule for each in self.overrides if any(matches(one, tail) for one in each.tails)), self)


class Override(NamedTuple):
    """Another rule for tails that match one of these patterns (`*` one word, `#` any number)."""

    tails: tuple[str, ...]
    rule: NamedRule


class Judgement(NamedTuple):
    """Of each report the place of the rule that drops it, KEPT or HELD; its flags; and by tail which ones are copied there.

    `held` are the keys of the rows that are HELD, in their order, of the rule whose identity is `holder`; of those that it held
    before, `released` are to be published before this batch's, and `superseded` are dropped, by the rule in the place
    `superseder`. `copies` are rows that were dropped as such, of rules that tell of them. `off_metres` is how far some of the
    dropped positions are off the track, as far as is known yet.
    """

    droppers: NDArray[np.int8]
    flags: Bits
    routes: dict[str, Flags]
    holder: str = ""
    held: Sequence[int] = ()
    released: Sequence[int] = ()
    superseded: Sequence[int] = ()
    superseder: int = KEPT
    copies: Sequence[Copies] = ()
    off_metres: Reals | None = None
    explained: Sequence["Explained"] = ()

    def of(self, rows: slice) -> "Judgement":
        """Of one of several bodies that were judged together. Not of rules that hold reports back."""
        routes = {tail: some[rows] for tail, some in self.routes.items() if some[rows].any()}
        copies = [copies.of(rows) for copies in self.copies]
        return Judgement(self.droppers[rows], self.flags[rows], routes, copies=copies)


class Explained(NamedTuple):
    """What the judgement of these rows by the rule in this place was about; see Rule.numbers."""

    place: int
    rows: Places
    numbers: Mapping[str, Reals]


class Decision(NamedTuple):
    """What becomes of a record; `rule` names the one that dropped it."""

    record: AnyDecoded
    kept: bool
    rule: str | None
    flags: int = 0
    routes: tuple[str, ...] = ()


class Filter:
    """Rules with their memories. Judging changes drafts of these; `commit` makes them lasting, `discard` forgets them."""

    def __init__(self, rules: Sequence[NamedRule]) -> None:
        self.keeps_all = not rules
        self.names = [named.name for named in rules]
        self._named = rules
        everywhere = [each for named in rules for each in (named, *(other.rule for other in named.overrides))]
        self.rules = _by_identity(everywhere)
        self._rules = list(self.rules.values())
        self._identities = {id(rule): identity for identity, rule in self.rules.items()}
        # that reports must have, besides ROW
        self.members = frozenset[str]().union(*(rule.members for rule in self._rules))
        self._steps_of = cache(self._steps)

    def judge(self, reports: Reports, tail: str = "") -> Judgement:
        """What becomes of the reports of a batch from this source. Puts flags into the reports."""
        droppers = np.full(len(reports), KEPT, np.int8)
        routes: dict[str, Flags] = {}
        copies: list[Copies] = []
        explained: list[Explained] = []
        rows = np.arange(len(reports))
        for place, rule, action, to in self._steps_of(tail):
            if not len(rows):
                break
            bits = rule.judge(reports, rows)
            if rule.explains:
                explained.append(Explained(place, rows, rule.numbers))
                rule.numbers = {}
            hit = bits != 0
            if action == "flag":
                reports.flags[rows] |= bits
            elif action == "route" and hit.any():
                routes.setdefault(to, np.zeros(len(reports), np.bool_))[rows[hit]] = True
            elif hit.any():
                droppers[rows[hit]] = place
                rows = rows[~hit]
                if rule.copies is not None:
                    copies.append(rule.copies)
            if rule.holds is not None:
                judged = self._holding(droppers, reports, routes, place, rule, rule.holds)
                return judged._replace(copies=copies, explained=explained)
        return Judgement(droppers, reports.flags, routes, copies=copies, explained=explained)

    @property
    def holds(self) -> bool:
        """Whether a rule may hold reports back."""
        return any(rule.hold_ms > 0 for rule in self._rules)

    def judges_alike(self, tail: str, other: str) -> bool:
        """Whether reports of these tails meet the same rules, so that they may be judged together, in their order."""
        return self._steps_of(tail) == self._steps_of(other)

    def explain(self) -> None:
        """From now on say what each judgement was about."""
        for rule in self._rules:
            rule.explains, rule.numbers = True, {}

    def release(self, holder: str, keys: Sequence[int]) -> None:
        """What the rule of this identity holds under these keys is published: it takes note, in its draft."""
        if holder in self.rules:
            self.rules[holder].release(np.array(keys, np.int64))

    def decide(self, records: Sequence[AnyDecoded], tail: str = "") -> list[Decision]:
        """The decision on each record, in order. Raises ValueError when an event_time is not of Fairway's form."""
        judged = self.judge(of_records(records, form_of(self.members)), tail)
        names = [*self.names, None, None]  # the last are those of HELD and KEPT
        rules = [names[place] for place in judged.droppers.tolist()]
        to = [tuple(sorted(name for name, rows in judged.routes.items() if rows[row])) for row in range(len(records))]
        every = zip(records, rules, judged.flags.tolist(), to, strict=True)
        return [Decision(record, rule is None, rule, flags, routes) for record, rule, flags, routes in every]

    def droppers(self, records: Sequence[AnyDecoded]) -> list[str | None]:
        """For each record the name of the rule that drops it, or None when it is kept. Raises ValueError as `decide` does."""
        return [decision.rule for decision in self.decide(records)]

    def memory_sizes(self) -> list[int]:
        """Entries that each remembering rule holds, in the order of the rules."""
        return [len(memory) for rule in self._rules for memory in rule.memories]

    def with_memories_of(self, other: "Filter") -> "Filter":
        """These rules; of those that remember, the very ones of `other` where these are the same. Nothing is in draft."""
        same = {
            id(rule): other.rules[identity]
            for identity, rule in self.rules.items()
            if rule.memories and identity in other.rules
        }
        return Filter([_replaced(named, same) for named in self._named])

    def remembered(self) -> Counter[str]:
        """Entries that rules hold, by the name of the rule."""
        sizes = Counter[str]()
        for identity, rule in self.rules.items():
            sizes[identity.partition(".")[0].partition("#")[0]] += sum(map(len, rule.memories))
        return sizes

    def commit(self) -> None:
        """What was judged since the last commit is safe: remember it."""
        for rule in self._rules:
            rule.commit()

    def discard(self) -> None:
        """What was judged since the last commit never happened."""
        for rule in self._rules:
            rule.discard()

    def _holding(
        self,
        droppers: NDArray[np.int8],
        reports: Reports,
        routes: dict[str, Flags],
        place: int,
        rule: Rule,
        holds: Holds,
    ) -> Judgement:
        droppers[holds.rows] = HELD
        return Judgement(
            droppers,
            reports.flags,
            routes,
            holder=self._identities[id(rule)],
            held=holds.keys.tolist(),
            released=holds.released.tolist(),
            superseded=holds.superseded.tolist(),
            superseder=place,
            off_metres=holds.off_metres,
        )

    def _steps(self, tail: str) -> list[tuple[int, Rule, Action, str]]:
        """The place of each rule that batches of a tail meet, the rule, and what becomes of what it finds."""
        found = [(place, named.of(tail)) for place, named in enumerate(self._named)]
        return [(place, each.rule, each.action, each.to.replace(SOURCE, tail)) for place, each in found if each.rule]


def _replaced(named: NamedRule, others: Mapping[int, Rule]) -> NamedRule:
    """With other rules in place of some, by their id()."""
    overrides = tuple(each._replace(rule=_replaced(each.rule, others)) for each in named.overrides)
    return named._replace(rule=named.rule and others.get(id(named.rule), named.rule), overrides=overrides)


def _by_identity(everywhere: Sequence[NamedRule]) -> dict[str, Rule]:
    """The rules, told apart where they are twice the same."""
    found: dict[str, Rule] = {}
    for named in everywhere:
        if named.rule is not None:
            identity = named.identity or named.name
            again = sum(each.partition("#")[0] == identity for each in found)
            found[f"{identity}#{again}" if again else identity] = named.rule
    return found
