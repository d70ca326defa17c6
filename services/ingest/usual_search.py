"""Decides how the usual lines of a feed are looked for, and when not at all. Whatever it decides, the records are the same."""

from collections.abc import Callable, Sequence

from services.ingest import surrounded_lines, usual_lines
from services.ingest.marks import Marks, marks_of
from services.ingest.usual_lines import UsualLines

FEWEST = 64  # lines; of fewer the calls of numpy cost more than the lines one by one
PASSED_OVER = 10  # calls after one that found hardly any: most feeds keep their form
FEWEST_IN_A_ROW = 3  # lines, usual or not, on average; of shorter rows the blocks cost more than they save

Find = Callable[[Marks, int, int], UsualLines | None]
FINDERS: tuple[Find, ...] = (usual_lines.find, surrounded_lines.find)


class UsualSearch:
    """Finds the usual lines of one feed, where that may be worth its price; what it does not find is read in another way."""

    def __init__(
        self,
        fewest: int = FEWEST,
        in_a_row: int = FEWEST_IN_A_ROW,
        passed_over: int = PASSED_OVER,
        finders: tuple[Find, ...] = FINDERS,
    ) -> None:
        self._fewest, self._in_a_row, self._passed_over = fewest, in_a_row, passed_over
        self._finders = finders  # the one that found any last is first
        self._pass_over = 0

    def find(self, lines: Sequence[bytes], longest: int) -> UsualLines | None:
        """Those among these lines; None when they are few, or hardly any is usual, and for a while after that."""
        if len(lines) < self._fewest:
            return None
        if self._pass_over:
            self._pass_over -= 1
            return None
        marks = marks_of(lines)
        for find in self._finders:
            found = None if marks is None else find(marks, longest, self._in_a_row)
            if found is not None:
                self._finders = (find, *(other for other in self._finders if other is not find))
                return found
        self._pass_over = self._passed_over
        return None
