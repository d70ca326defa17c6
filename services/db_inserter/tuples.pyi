"""Lays rows out as binary COPY reads them; compiled from tuples.c. binary_copy.py is what it is used through."""

from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray

# The number of a type in tables.py, the offset of the field, and of a point that of lat, else 0.
Column = tuple[int, int, int]

def columns_used(rows: NDArray[Any], row_size: int, columns: tuple[Column, ...], /) -> list[int]:
    """The places of the columns that have a value in any row. Raises ValueError where one reaches out of its row."""

def tuples_of(
    rows: NDArray[Any],
    row_size: int,
    order: NDArray[np.int64] | None,
    start: int,
    stop: int,
    columns: tuple[Column, ...],
    heap: bytearray,
    ends: array[int],
    /,
) -> bytes:
    """The tuples of rows from `start` up to `stop`, of the rows in `order` when there is one.

    The texts are one behind the other in `heap`; `ends` says where each ends. Raises IndexError where there is no such row,
    ValueError where a column reaches out of its row or a row has the number of no text.
    """
