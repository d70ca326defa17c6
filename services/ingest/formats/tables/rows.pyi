"""Reads usual rows of tables, many at once; compiled from rows.c."""

from collections.abc import Callable
from typing import Any

LITERAL: int  # steps of a kind of record: bytes,
MEMBER: int  # the first member of some readings that says something,
PAIR: int  # longitude and latitude

class RecentRows:
    """What recent_rows.RecentRows is, for rows one at a time as well."""

    def __init__(self, generation: int) -> None: ...
    def fresh(self, lines: list[bytes], /) -> list[bytes]: ...
    def forget(self) -> None: ...

class RowReader:
    """Reads the rows of one table.

    `readings` are (place of the column, what stands before a number of degrees, their limit in millionths or 0, how many cells
    are remembered); `mmsi`, `time`, `kind` and `station` are numbers of readings, the last two -1 for none. `kinds` are (the
    record up to its source, steps after its MMSI, whether it has a Static beside it), and `about_ship` the places of columns that
    may give one. `convert` gives the member of a reading's cell: JSON that is put into a record as it is, the digits of an MMSI,
    the text of a time (clock.py), the number of a kind as a byte, nothing for "not available"; None leaves the row over.
    """

    def __init__(
        self,
        *,
        width: int,
        delimiter: bytes,
        readings: tuple[tuple[int, bytes, int, int], ...],
        kinds: tuple[tuple[bytes, tuple[tuple[int, Any], ...], bool], ...],
        mmsi: int,
        time: int,
        kind: int,
        station: int,
        about_ship: tuple[int, ...],
        convert: Callable[[int, bytes], bytes | None],
        recent: RecentRows,
        most_ships: int,
        seed: bytes,
    ) -> None: ...
    def read(
        self,
        lines: list[bytes],
        start: int,
        longest: int,
        station: bytes,
        received_at: bytes,
        believed: tuple[int, int],
        /,
    ) -> tuple[int, list[bytes | None], list[int], int, int]:
        """Read from `start` up to the first line that is not surely a row of at most `longest` bytes.

        `station` is the member of a record whose row names none, and `received_at` the time of receipt as text. Gives the
        index of the first line that was not read; for each row that is no copy of a recent one its line of NDJSON, or None
        when it is left over; the indexes of those lines; how many copies there were; and the first time in milliseconds,
        or -1.
        """

    def settle(self, are_sound: bytes, /) -> None:
        """Say of each row that `read` left over whether Python made a record of it, which must be before the next is read."""

    def forget(self, mmsi: int, /) -> None:
        """A row of this ship was read elsewhere."""

    def forget_all(self) -> None:
        """Forget what ships said last."""
