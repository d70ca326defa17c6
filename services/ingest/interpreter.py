"""Whatever a stream of lines holds, to records: asks the formats in turn who reads the next line.

    NMEA ──────────── Framer       any line that no other format claims
    {"nmea": "!AIV…   JsonFormat
    # Timestamp,MMSI… TableFormat  a header that it knows, and the rows after it
    <VESSELS>…        XmlFormat

A stream may change its format at any line. A new format is one file in formats/ and one line below.
"""

from collections.abc import Sequence
from typing import Any

from services.ingest.event_time import EventTimes
from services.ingest.formats.json_lines import JsonFormat
from services.ingest.formats.tables.mapping import Mapping
from services.ingest.formats.tables.table import TableFormat
from services.ingest.formats.xml_vessels import XmlFormat
from services.ingest.framing import Framer
from services.ingest.line_format import LineFormat, Moment, Taken, Tally

NMEA_STARTS = (b"!", b"\\", b"$")


class Interpreter:
    """Reads the lines of one source, in order. `tally` grows along.

    `patience` is how long a part of a message waits for the others, in the unit of the moments' ticks. `longest_document`
    is how many bytes a JSON document that spans lines may have. `mapping` explains a table whose columns no layout knows.
    """

    def __init__(
        self,
        source: str,
        *,
        patience: int,
        times: EventTimes,
        longest_document: int,
        mapping: Mapping | None = None,
        tally: Tally | None = None,
    ) -> None:
        self.tally = Tally() if tally is None else tally
        self._framer = Framer(source, patience=patience, times=times, tally=self.tally, claims=self._is_claimed)
        self._others: tuple[LineFormat, ...] = (
            JsonFormat(source, times=times, tally=self.tally, framer=self._framer, longest_bytes=longest_document),
            XmlFormat(source, times=times, tally=self.tally),
            TableFormat(source, times=times, tally=self.tally, mapping=mapping),
        )
        self._current: LineFormat = self._framer

    def read(self, lines: Sequence[bytes], moment: Moment) -> list[Taken]:
        """The records that these lines complete, in order. Never raises on what a line says."""
        out: list[Taken] = []
        at = 0
        while at < len(lines):
            end = at
            if self._current is not self._framer:
                end = self._current.read(lines, at, moment, out)
            if end == at:
                self._current = self._reader_of(lines[at])
                end = self._current.read(lines, at, moment, out)
            at = end
        return out

    def finish(self) -> list[Taken]:
        """The records that were still open when the stream ended."""
        out: list[Taken] = []
        for each in (*self._others, self._framer):
            each.finish(out)
        self._current = self._framer
        return out

    def checkpoint(self) -> dict[str, Any]:
        """What another interpreter of the same source needs to go on from the next line; can be written as JSON."""
        formats = (self._framer, *self._others)
        return {"current": formats.index(self._current), "formats": [each.checkpoint() for each in formats]}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from the checkpoint of another. The tally begins anew."""
        formats = (self._framer, *self._others)
        for each, its_state in zip(formats, state["formats"], strict=True):
            each.restore(its_state)
        self._current = formats[state["current"]]

    def _reader_of(self, line: bytes) -> LineFormat:
        if line.startswith(NMEA_STARTS):
            return self._framer
        return next((each for each in self._others if each.begins(line)), self._framer)

    def _is_claimed(self, line: bytes) -> bool:
        return any(each.begins(line) for each in self._others)
