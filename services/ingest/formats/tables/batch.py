"""The rows of one call on their way to records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fairway import clock
from fairway.records import Decoded, Rejected, Static
from services.ingest.formats.tables.column import Lists, Table
from services.ingest.formats.tables.layout import Fields
from services.ingest.line_format import Moment, Taken, Tally

RowText = Callable[[int], str]  # a row as it came


@dataclass
class Batch:
    """`bad` has a reason for each row that gives no record; whatever was made of such a row does not count."""

    table: Table
    moment: Moment
    alike: Fields  # of every record
    lists: Lists = field(default_factory=dict)  # of every record, but not alike: a value for each row
    bad: dict[int, str] = field(default_factory=dict)
    made: list[Decoded | None] = field(default_factory=list)  # a record for each row
    beside: dict[int, Static] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.table[0])

    def note(self, reasons: dict[int, str]) -> None:
        """These rows are bad, for these reasons unless others are known."""
        self.bad |= reasons | self.bad

    def give(self, row_text: RowText, tally: Tally, out: list[Sequence[Taken]]) -> None:
        """Append what became of each row, and count it."""
        rows: list[Sequence[Taken]] = [(record,) if record is not None else () for record in self.made]
        for row in {*self.bad, *self.beside}:
            rows[row] = self._of_row(row, self.made[row], row_text)
        for reason in self.bad.values():
            tally.rejected[reason] += 1
        tally.decoded += sum(map(len, rows)) - len(self.bad)
        out += rows

    def _of_row(self, row: int, record: Decoded | None, row_text: RowText) -> list[Taken]:
        if row in self.bad:
            source, station = self.alike["source"], self.moment.station
            return [rejected(row_text(row), self.bad[row], source, station, self.moment.received_ms)]
        static = self.beside.get(row)
        return [each for each in (record, static) if each is not None]


def rejected(text: str, reason: str, source: str, station: str | None, received_ms: int) -> Rejected:
    """A row that gives no record, as it came."""
    received_at = clock.to_text(received_ms)
    return Rejected(
        source=source,
        station=station,
        event_time=received_at,
        received_at=received_at,
        time_source="received",
        sentences=(text,),
        reason=reason,
    )
