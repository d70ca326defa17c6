"""What every rule is: options that a person writes in YAML, and a judge that they build."""

from abc import ABC, abstractmethod

from pydantic import BaseModel, ConfigDict

from services.filter.last_seen import LastSeen
from services.filter.reports import Flags, Places, Reports


class Rule(ABC):
    """Judges reports a batch at a time, in the order in which they came."""

    memory: LastSeen | None = None  # all that the rule remembers; it writes nothing elsewhere
    members: frozenset[str] = frozenset()  # of records that it asks for, besides those of reports.ROW

    @abstractmethod
    def judge(self, reports: Reports, rows: Places) -> Flags:
        """For each of these rows, which all rules before this one kept, whether to drop it.

        What it puts in memory stays a draft until the batch's output is safe.
        """

    def commit(self) -> None:
        """What was judged since the last commit is safe: remember it."""
        if self.memory is not None:
            self.memory.commit()

    def discard(self) -> None:
        """What was judged since the last commit never happened."""
        if self.memory is not None:
            self.memory.discard()


class RuleOptions(BaseModel, ABC):
    """What a person may write under one `- rule:`. Every option has a default, a unit and a sentence."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @abstractmethod
    def build(self) -> Rule:
        """The rule with these options. Raises BadSetting when a file that they name is not right."""
