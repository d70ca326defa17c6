"""Prints decoded records as NDJSON, straight from raw ones; compiled from printer.c."""

from collections.abc import Callable

from services.decoder.cells import Cell

class Program:
    """The cells of the lines of one layout and length. Raises ValueError when one reaches out of its message or table."""

    def __init__(self, length: int, cells: tuple[Cell, ...]) -> None: ...

class Printer:
    """Prints the lines of decoded records.

    `layouts` are pairs of how many bits a message must have, and from how many on a longer one says no more. The next three say
    which place among them each message type has, -1 for none: `of_type` for 0 to 63, `addressed` for long type 6, `static_parts`
    for type 24 A, B, and B of MMSIs from `auxiliary_start` up to `auxiliary_stop`. `make` is asked for a program, which may be
    None, by place and length, once messages of that length have come often.
    """

    def __init__(
        self,
        layouts: tuple[tuple[int, int], ...],
        of_type: tuple[int, ...],
        addressed: int,
        static_parts: tuple[int, ...],
        auxiliary_start: int,
        auxiliary_stop: int,
        make: Callable[[int, int], Program | None],
    ) -> None: ...
    def print(self, body: bytes, decode: Callable[[bytes], bytes]) -> tuple[bytes, int]:
        """The lines made of a message body, and how many of them are printed.

        `decode` is asked for the lines of each record that is not surely a usual one, by its own line without the end.
        """
