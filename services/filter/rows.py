"""Rows of several fields, some of them taken or put at once: as plain bytes, since numpy copies others field by field."""

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.void]


def rows_at(rows: Rows, places: NDArray[np.int64]) -> Rows:
    """The rows at these places."""
    return _plain(rows).take(places).view(rows.dtype)


def set_rows(rows: Rows, places: NDArray[np.int64], others: Rows) -> None:
    """Put other rows in these places."""
    _plain(rows)[places] = _plain(others)


def _plain(rows: Rows) -> Rows:
    return rows.view(f"V{rows.dtype.itemsize}")
