"""`fairway decode --stats`: what there is in some files, as a table."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table

from fairway import clock
from fairway.records import Decoded, Rejected, kind_of
from services.ingest.line_format import Tally

STATIONS_SHOWN = 20
MOST_STATIONS = 100_000  # names that are told apart: a line may claim any
MOST_VESSELS = 5_000_000  # there are fewer MMSIs in use, but a line may claim any


class Row(NamedTuple):
    """One line of the table. `section` is empty where it is the same as above."""

    section: str
    name: str
    value: str


class Statistics:
    """Counts records as they come and lines at the end of each file; `show` prints."""

    def __init__(self) -> None:
        self._files = 0
        self._tally = Tally()
        self._kinds: Counter[str] = Counter()
        self._types: Counter[int] = Counter()
        self._reasons: Counter[str] = Counter()
        self._time_sources: Counter[str] = Counter()
        self._stations: Counter[str] = Counter()
        self._vessels: set[int] = set()
        self._first: str | None = None
        self._last: str | None = None

    def take(self, decoded: Iterable[Decoded], rejected: Iterable[Rejected]) -> None:
        """Count records."""
        for refused in rejected:
            self._reasons[refused.reason] += 1
            self._time_sources[refused.time_source] += 1
            self._count_station(refused.station)
        for record in decoded:
            self._time_sources[record.time_source] += 1
            self._count_station(record.station)
            self._kinds[kind_of(record)] += 1
            self._types[record.msg_type or 0] += 1
            if len(self._vessels) < MOST_VESSELS:
                self._vessels.add(record.mmsi)
            if record.time_source != "received":
                self._first = min(self._first or record.event_time, record.event_time)
                self._last = max(self._last or record.event_time, record.event_time)

    def _count_station(self, name: str | None) -> None:
        if name is None or (len(self._stations) >= MOST_STATIONS and name not in self._stations):
            name = ""
        self._stations[name] += 1

    def end_file(self, tally: Tally) -> None:
        """Count what was seen of a file's lines."""
        total = self._tally
        self._files += 1
        for name in ("lines", "sentence_lines", "data_lines", "sentences", "messages", "decoded", "incomplete"):
            setattr(total, name, getattr(total, name) + getattr(tally, name))
        total.repeated_parts += tally.repeated_parts
        total.bad_tag_blocks += tally.bad_tag_blocks
        total.ignored.update(tally.ignored)
        total.rejected.update(tally.rejected)

    def show(self, seconds: float) -> None:
        """Print the table on standard output. `seconds` is how long the reading took."""
        table = Table("", "", box=box.SIMPLE, show_header=False)
        table.add_column(justify="right")
        for section, name, value in self.rows(seconds):
            table.add_row(section, name, value)
        Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100).print(table)

    def rows(self, seconds: float) -> list[Row]:
        """The table's content."""
        tally = self._tally
        return [
            Row("files", "", str(self._files)),
            Row("lines", "", str(tally.lines)),
            *_section(
                "formats", {"NMEA sentences, lines": tally.sentence_lines, "decoded data, lines": tally.data_lines}
            ),
            *_section("ignored lines", dict(tally.ignored.most_common())),
            Row("sentences", "", str(tally.sentences)),
            Row("messages", "incomplete", str(tally.incomplete)),
            Row("", "parts repeated", str(tally.repeated_parts)),
            Row("", "tag blocks not believed", str(tally.bad_tag_blocks)),
            Row("records", "decoded", str(self._kinds.total())),
            Row("", "rejected", str(self._reasons.total())),
            *_section("kinds", dict(self._kinds.most_common())),
            *_section("types", {str(type_ or "not said"): count for type_, count in sorted(self._types.items())}),
            *_section("rejected", dict(self._reasons.most_common())),
            *_section("time sources", dict(self._time_sources.most_common())),
            *self._times(),
            *self._rates(seconds),
            Row("vessels", "", str(len(self._vessels))),
            *self._station_rows(),
        ]

    def _times(self) -> Iterator[Row]:
        if self._first is not None and self._last is not None:
            yield Row("times", "first", self._first)
            yield Row("", "last", self._last)

    def _rates(self, seconds: float) -> Iterator[Row]:
        records = self._kinds.total() + self._reasons.total()
        yield Row("records/s", "of reading", f"{records / seconds:.0f}" if seconds else "")
        if self._first is not None and self._last is not None and self._last > self._first:
            spanned = (clock.to_ms(self._last) - clock.to_ms(self._first)) / 1000
            yield Row("", "of event time", f"{records / spanned:.2f}")

    def _station_rows(self) -> Iterator[Row]:
        named = Counter({name: count for name, count in self._stations.items() if name})
        yield Row("stations", "", str(len(named)))
        for name, count in named.most_common(STATIONS_SHOWN):
            yield Row("", name, str(count))
        if self._stations[""] and named:
            yield Row("", "without a name, or too many", str(self._stations[""]))


def _section(title: str, counts: dict[str, int]) -> Iterator[Row]:
    for number, (name, count) in enumerate((name, count) for name, count in counts.items() if count):
        yield Row("" if number else title, name, str(count))
