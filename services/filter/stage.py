"""Makes one filtered batch of each decoded batch, also of one that keeps nothing: its account must reach the database."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from fairway import telemetry
from fairway.messages import Message
from fairway.topics import Stage
from services.filter.judge import KEPT, Filter
from services.filter.lines import reader_of
from services.filter.memory import Memory

REMEMBERED_BATCHES = 10_000  # far more than a queue can deliver again: those taken and not yet acknowledged


class FilterStage:
    """See fairway.worker.Stage. `handle` judges in a draft; `commit` is the only place where memory changes."""

    def __init__(self, rules: Filter, remembered_batches: int = REMEMBERED_BATCHES) -> None:
        self._rules = rules
        self._reader = reader_of(rules.members)
        self._done: Memory[str, bool] = Memory(remembered_batches)
        self._dropped: Counter[str] = Counter()

    def handle(self, messages: Sequence[Message]) -> Sequence[Message]:
        """One output for each input, except for one whose output is known to be safe."""
        self._rules.discard()
        self._done.discard()
        self._dropped.clear()
        return [self._filter(message) for message in messages if self._is_new(message)]

    def commit(self) -> None:
        """The output of the last `handle` is safe: remember its reports, its batches and its drops."""
        self._rules.commit()
        self._done.commit()
        for rule, count in self._dropped.items():
            telemetry.dropped.labels(rule).inc(count)
        self._dropped.clear()

    def _is_new(self, message: Message) -> bool:
        """Whether the batch was not done before. Its acknowledgement may have been lost after its output was confirmed."""
        if not message.id:
            return True  # a stranger's batch cannot be recognised
        if self._done.get(message.id):
            telemetry.duplicate_batches.inc()
            return False
        self._done.put(message.id, True)
        return True

    def _filter(self, message: Message) -> Message:
        if self._rules.keeps_all:
            return message.derive(Stage.FILTERED, message.body, message.records, message.account)
        lines = self._reader.read(message.body)
        droppers = self._rules.judge(lines.reports)
        counts = np.bincount(droppers + 1, minlength=len(self._rules.names) + 1).tolist()  # the first is of KEPT
        dropped = {name: count for name, count in zip(self._rules.names, counts[1:], strict=True) if count}
        self._dropped.update(dropped)
        body = lines.of(droppers == KEPT) if dropped else message.body
        return message.derive(Stage.FILTERED, body, counts[0], message.account.with_dropped(dropped))
