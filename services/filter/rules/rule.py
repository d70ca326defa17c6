"""What every rule is: options that a person writes in YAML, and a judge that they build.

A rule finds something in some reports of a batch and says so in bits of fairway.flags. What becomes of those reports is the same
for all rules, and a person's to say: `action` drops them, flags them, or routes a copy of them to another tail.
"""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from fairway.topics import BadTail, check_tail
from services.filter.last_seen import Remembers
from services.filter.reports import Flags, Numbers, Places, Reals, Reports

Bits = NDArray[np.int16]  # of fairway.flags
Action = Literal["drop", "flag", "route"]

SOURCE = "{source}"  # in the tail of a route: that of the record


def from_folder(path: str, info: ValidationInfo) -> str:
    """A path that is written in a rules file, from the folder of that."""
    folder: Path = (info.context or {}).get("folder", Path())
    return str(folder / path)


class Rule(ABC):
    """Judges reports a batch at a time, in the order in which they came."""

    memories: tuple[Remembers, ...] = ()  # all that the rule remembers; it writes nothing elsewhere
    members: frozenset[str] = frozenset()  # of records that it asks for, besides those of reports.ROW
    explains: bool = False  # whether to leave in `numbers` what the last judgement was about
    numbers: dict[str, Reals]  # by a name with its unit, for each row judged; NaN where it does not apply
    holds: "Holds | None" = None  # by the last judgement; only of a rule that stands last and drops
    copies: "Copies | None" = None  # in the last judgement; only of a rule that tells of them
    hold_ms: float = 0.0  # how long a report is held back at most; 0 of a rule that never does

    @abstractmethod
    def judge(self, reports: Reports, rows: Places) -> Bits:
        """For each of these rows, which all rules before this one kept, what was found in it; 0 for nothing.

        What it puts in memory stays a draft until the batch's output is safe.
        """

    @property
    def mark(self) -> int:
        """One number that it remembers besides, such as how far the stream has come, with its draft. 0 for none."""
        return 0

    def restored(self, mark: int) -> None:
        """The memories have been filled from a journal, and the mark was this one. For a rule that has one."""
        return

    def release(self, keys: Numbers) -> None:
        """What is held under these keys is published; a draft, as all memory is. For a rule that holds."""
        raise NotImplementedError

    def commit(self) -> None:
        """What was judged since the last commit is safe: remember it."""
        for memory in self.memories:
            memory.commit()

    def discard(self) -> None:
        """What was judged since the last commit never happened."""
        for memory in self.memories:
            memory.discard()


class Holds(NamedTuple):
    """Rows that are neither kept nor dropped yet, each under a key; and which of those held before are so now."""

    rows: Places  # of the reports
    keys: Numbers
    released: Numbers  # keys: to be kept
    superseded: Numbers  # keys: to be dropped
    off_metres: Reals  # off the track, of some that are dropped; what is known yet of what the track will be


class Copies(NamedTuple):
    """Rows that are copies of a transmission, each with the event_time of the report of it that came first."""

    rows: Places  # of the reports
    kept_at: Numbers  # milliseconds since 1970 UTC

    def of(self, rows: slice) -> "Copies":
        """Those that are among some rows."""
        some = (self.rows >= rows.start) & (self.rows < rows.stop)
        return Copies(self.rows[some], self.kept_at[some])


def found(flags: Flags, bit: int) -> Bits:
    """The bit where a flag is set."""
    return np.where(flags, bit, 0).astype(np.int16)


class RuleOptions(BaseModel, ABC):
    """What a person may write under one `- rule:`. Every option has a default, a unit and a sentence."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    action: Action = Field(
        "drop", description="What becomes of what the rule finds: drop, flag, or route (a copy goes to another tail)."
    )
    to: str = Field("", description="With route: the tail that copies go to; {source} in it is the tail they are from.")

    def files(self) -> tuple[Path, ...]:
        """Files that the options name, whose content the rule is built from."""
        return ()

    @abstractmethod
    def build(self) -> Rule:
        """The rule with these options. Raises BadSetting when a file that they name is not right."""

    @model_validator(mode="after")
    def _route_has_a_tail(self) -> Any:
        if self.action != "route":
            if self.to:
                raise ValueError("`to` is for action: route")
            return self
        try:
            check_tail(self.to.replace(SOURCE, "source"))
        except BadTail:
            raise ValueError(
                f"route needs `to:` with a tail such as {SOURCE}.tankers or tankers, words of a-z, 0-9, _ and -"
            ) from None
        return self
