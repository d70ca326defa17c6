"""Reads decoded records, NDJSON, into rows; compiled from members.c. columns.py is what it is used through."""

from collections.abc import Iterable

# Where the value goes: how it is put there, and the offset in the row.
Output = tuple[int, int]
# Number of the name, what the value must be, whether it must be there, part of the label and rank among what is gathered (-1 for
# neither), outputs.
Member = tuple[int, int, bool, int, int, tuple[Output, ...]]
# A row of nulls; offsets of kind, body, line and label (-1 for nowhere); what the parts of a label are where a line does not say
# them, as int32; the offset of what is gathered, and whether it is gathered as pairs.
Shape = tuple[bytes, int, int, int, int, bytes, int, bool]
# The word, the number of its shape, whether members of unknown names are skipped, the members.
Kind = tuple[bytes, int, bool, tuple[Member, ...]]

class Reader:
    """Reads lines of some kinds. The first name is `kind`. Raises ValueError when a member or shape reaches out of its row."""

    def __init__(
        self, names: tuple[bytes, ...], shapes: tuple[Shape, ...], kinds: tuple[Kind, ...], seed: int, /
    ) -> None: ...
    def read(
        self, bodies: Iterable[bytes], /
    ) -> tuple[bytearray, tuple[bytearray, ...], tuple[bytearray, ...], bytearray, bytearray]:
        """The lines (see columns.LINE); by shape the rows and the parts of the labels; the texts, and where each ends."""
