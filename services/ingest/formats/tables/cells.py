"""Columns of text to columns of values, fast: a cell that has been seen is not read twice.

`Convert` makes a value of the text of one cell: None when that means "not available", ValueError when it is not of its kind.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from services.ingest.formats import values

Convert = Callable[[str], Any]

MOST_CELLS = 20_000  # remembered for one column; there are 3,601 courses and 86,400 seconds in a day
LONGEST_CELL = 64  # characters of a cell that is remembered
NOTHING = frozenset(
    ["", "Unknown", "Undefined", "Unknown value", "None", "none", "null", "NULL", "nan", "NaN", "NAN", "NA", "N/A"]
)
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_NOT_IN_NUMBERS = re.compile(r"[^0-9.eE+ ,-]")
_NEEDS_ROUNDING = re.compile(r"\.[0-9]{7}|[eE]")  # more than values.DEGREE_DIGITS decimals


class _Bad:
    """In place of a value: the cell is not of its kind."""


BAD: Final = _Bad()


class Cells(dict[str, Any]):
    """The values of one column by the text of its cells. `bad` is set when a cell was not of its kind, and stays so."""

    def __init__(self, convert: Convert, nothing: frozenset[str] = NOTHING) -> None:
        super().__init__()
        self.bad = False
        self._convert = convert
        self._nothing = nothing

    def column(self, cells: Sequence[str]) -> list[Any]:
        """A value for each cell; BAD for one that is not of its kind."""
        return list(map(self.__getitem__, cells))

    def __missing__(self, cell: str) -> Any:
        text = cell.strip()
        try:
            value = None if text in self._nothing else self._convert(text)
        except (ValueError, OverflowError):
            self.bad = True
            return BAD
        if len(cell) <= LONGEST_CELL:
            if len(self) >= MOST_CELLS:
                self.clear()
            self[cell] = value
        return value


class DegreeCells(Cells):
    """Longitudes or latitudes: nearly every cell is new, so none is remembered while all are plain numbers."""

    def __init__(self, convert: Convert, limit: float) -> None:
        super().__init__(convert)
        self._limit = limit

    def column(self, cells: Sequence[str]) -> list[Any]:
        letters = ",".join(cells)
        if _NOT_IN_NUMBERS.search(letters):  # float() takes inf, 1_0 and the digits of every script
            return super().column(cells)
        try:
            numbers = list(map(float, cells))
        except ValueError:
            return super().column(cells)
        limit, digits = self._limit, values.DEGREE_DIGITS
        if not _NEEDS_ROUNDING.search(letters) and -limit <= min(numbers) and max(numbers) <= limit:
            return numbers
        return [round(number, digits) if -limit <= number <= limit else None for number in numbers]


def number(text: str) -> float:
    """A decimal number in ASCII digits. Raises ValueError for anything else, infinity and NaN among it."""
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a number")
    return float(text)


def whole(text: str) -> int:
    """A whole number, also one written with a decimal point (31.0), as tables that once held a blank have them."""
    decimal = number(text)
    if not decimal.is_integer() or abs(decimal) > 1e15:
        raise ValueError(f"{text[:40]!r} is not a whole number")
    return int(decimal)
