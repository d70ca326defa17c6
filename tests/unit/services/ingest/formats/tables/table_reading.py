"""Reading a few lines of a table, as the tests do."""

from collections.abc import Iterable

from fairway import clock
from fairway.records import Aton, Position, Rejected, Static
from services.ingest.event_time import EventTimes
from services.ingest.formats.tables.mapping import Mapping
from services.ingest.formats.tables.table import TableFormat
from services.ingest.line_format import Moment, Taken, Tally

NOW_MS = clock.to_ms("2026-06-01T00:00:00.000Z")
MOMENT = Moment(NOW_MS, 0)


class Reader:
    """A table format with its tally."""

    def __init__(self, mapping: Mapping | None = None) -> None:
        self.tally = Tally()
        self.table = TableFormat("archive.test", times=EventTimes(600_000), tally=self.tally, mapping=mapping)

    def read(self, *lines: str | bytes, station: str | None = None) -> list[Taken]:
        """What all the lines give; the table must take each of them."""
        out: list[Taken] = []
        raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
        assert self.table.read(raw, 0, MOMENT._replace(station=station), out) == len(lines)
        return out


def read(*lines: str | bytes, mapping: Mapping | None = None) -> list[Taken]:
    """The records of a table."""
    return Reader(mapping).read(*lines)


def position(records: Iterable[Taken]) -> Position:
    """The only position among the records."""
    (found,) = (record for record in records if isinstance(record, Position))
    return found


def static(records: Iterable[Taken]) -> Static:
    """The only static record among them."""
    (found,) = (record for record in records if isinstance(record, Static))
    return found


def aton(records: Iterable[Taken]) -> Aton:
    """The only aid to navigation among them."""
    (found,) = (record for record in records if isinstance(record, Aton))
    return found


def rejected(records: Iterable[Taken]) -> Rejected:
    """The only rejected row among them."""
    (found,) = (record for record in records if isinstance(record, Rejected))
    return found
