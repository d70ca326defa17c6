"""Reading a few lines of a table, as the tests do."""

from collections.abc import Iterable

from fairway import clock
from fairway.records import Aton, Position, Rejected, Static
from services.ingest.event_time import EventTimes
from services.ingest.formats.tables.mapping import Mapping
from services.ingest.formats.tables.table import TableFormat
from services.ingest.line_format import Moment, One, Taken, Tally, one_by_one

NOW_MS = clock.to_ms("2026-06-01T00:00:00.000Z")
MOMENT = Moment(NOW_MS, 0)


class Reader:
    """A table format with its tally."""

    def __init__(self, mapping: Mapping | None = None, *, is_quick: bool = True) -> None:
        self.tally = Tally()
        self.table = TableFormat(
            "archive.test", times=EventTimes(600_000), tally=self.tally, mapping=mapping, is_quick=is_quick
        )

    def read(self, *lines: str | bytes, station: str | None = None) -> list[One]:
        """What all the lines give; the table must take each of them."""
        out: list[Taken] = []
        raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
        assert self.table.read(raw, 0, MOMENT._replace(station=station), out) == len(lines)
        return list(one_by_one(out))


def read(*lines: str | bytes, mapping: Mapping | None = None) -> list[One]:
    """The records of a table: the same, however they are read."""
    found, quick = Reader(mapping, is_quick=False).read(*lines), Reader(mapping)
    assert [record for line in lines for record in quick.read(line)] == found
    return found


def position(records: Iterable[One]) -> Position:
    """The only position among the records."""
    (found,) = (record for record in records if isinstance(record, Position))
    return found


def static(records: Iterable[One]) -> Static:
    """The only static record among them."""
    (found,) = (record for record in records if isinstance(record, Static))
    return found


def aton(records: Iterable[One]) -> Aton:
    """The only aid to navigation among them."""
    (found,) = (record for record in records if isinstance(record, Aton))
    return found


def rejected(records: Iterable[One]) -> Rejected:
    """The only rejected row among them."""
    (found,) = (record for record in records if isinstance(record, Rejected))
    return found
