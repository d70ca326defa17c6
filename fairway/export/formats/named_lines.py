"""What the formats of navigators have in common: lines with the name of their vessel, as XML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from fairway.export.table import LINE, Batch, Line, Table, line_of

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'

_NO_CHARACTERS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # of XML 1.0, 2.2


@dataclass(frozen=True)
class NamedLine:
    """A stretch of a vessel's way."""

    mmsi: int
    name: str | None
    line: Line

    @property
    def title(self) -> str:
        """As XML."""
        return text(f"{self.name} ({self.mmsi})" if self.name else str(self.mmsi))


def named_lines(batch: Batch, table: Table) -> Iterator[NamedLine]:
    """The lines of rows that have one."""
    numbers = [table.number(name) for name in ("mmsi", "name", LINE)]
    for row in batch:
        mmsi, name, wkb = (row[number] for number in numbers)
        line = line_of(wkb)
        if line is not None:
            yield NamedLine(mmsi, name, line)


def text(value: Any) -> str:
    """Text within an element; what XML has no characters for is left out."""
    return escape(_NO_CHARACTERS.sub("", str(value)))
