"""What every rule is: options that a person writes in YAML, and a judge that they build."""

from abc import ABC, abstractmethod

from pydantic import BaseModel, ConfigDict

from fairway.records import AnyDecoded
from services.filter.memory import Draft


class Rule(ABC):
    """Judges records one at a time. `at` is the record's event_time in milliseconds since 1970."""

    memory: Draft | None = None  # all that the rule remembers; it writes nothing elsewhere

    @abstractmethod
    def judge(self, record: AnyDecoded, at: int) -> bool:
        """Whether to keep the record. What it puts in memory stays a draft until the batch's output is safe."""

    def remember(self, record: AnyDecoded, at: int) -> None:  # noqa: B027
        """The record was kept by this rule and by all others. Rules that compare with the last kept report note it here."""


class RuleOptions(BaseModel, ABC):
    """What a person may write under one `- rule:`. Every option has a default, a unit and a sentence."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @abstractmethod
    def build(self) -> Rule:
        """The rule with these options. Raises BadSetting when a file that they name is not right."""
