"""Which rows of a batch say the same in some columns."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def groups(batch: pa.RecordBatch, names: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A row of each combination of values that there is in these columns, and for every row which of them it has."""
    which = np.zeros(batch.num_rows, np.int64)
    for name in names:
        encoded = batch.column(name).dictionary_encode(null_encoding="encode")
        codes = which * len(encoded.dictionary) + encoded.indices.to_numpy(zero_copy_only=False)
        _, which = np.unique(codes, return_inverse=True)
    _, first, which = np.unique(which, return_index=True, return_inverse=True)
    return first, which
