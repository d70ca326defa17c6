"""Where the values of each key are remembered, asked and changed a column at a time; compiled from keys.c."""

from numpy import int64
from numpy.typing import NDArray

class Keys:
    """A slot, 0 or more, for each of many 64-bit keys. Columns are contiguous arrays of int64."""

    def __init__(self) -> None: ...
    def __len__(self) -> int: ...
    def find(self, keys: NDArray[int64], slots: NDArray[int64]) -> None:
        """Write the slot of each key into `slots`, -1 for one that is not there."""

    def add(self, keys: NDArray[int64], slots: NDArray[int64]) -> None:
        """Say the slot of each key, whether it was there or not."""

    def remove(self, keys: NDArray[int64]) -> None:
        """Forget these keys, as far as they are there."""

def group(
    keys: NDArray[int64],
    distinct: NDArray[int64],
    which: NDArray[int64],
    order: NDArray[int64],
    ends: NDArray[int64],
) -> tuple[int, int]:
    """Number the distinct keys in the order in which they appear; how many they are, and how many rounds there are.

    A round has of each key one row at most: the first round the first of each key, the second the second of each that has one,
    and so on. Writes the distinct keys, for each row the number of its key, the rows by round and in their order within it, and
    where in that each round ends. All columns are as long as `keys`.
    """
