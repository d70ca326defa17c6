"""What a file of places gave: the places, what was left out, and what was taken with something missing."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from fairway.errors import BadSetting

P = TypeVar("P")


@dataclass
class Findings(Generic[P]):
    """The places of a file in their order; how many rows were left out, or taken with a remark, by reason."""

    places: list[P] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)

    def check(self, path: Path) -> None:
        """Raises BadSetting when the file gave nothing, for then it would only delete what is there."""
        if not self.places:
            reasons = listed(self.left_out) if self.left_out else "it has no rows"
            raise BadSetting(f"{path} has nothing that can be loaded: {reasons}")


def listed(counts: Counter[str]) -> str:
    """Counts and what they are of, the most first."""
    return ", ".join(f"{count} {reason}" for reason, count in counts.most_common())
