"""JSON feeds, lines or documents, to records: sentences go to the framer, decoded objects through the shapes.

What an object is shows its keys (shapes/listing.py); lines with no AIS report that we know are ignored. Of a document that is
cut short or broken, lines that hold whole objects are read on their own; reading goes on with the line that showed it.
"""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import msgspec

from services.ingest.event_time import EventTimes
from services.ingest.formats import json_document
from services.ingest.formats.json_document import Gathering
from services.ingest.formats.json_sentences import SentenceReader, may_hold_sentences, read_sentences
from services.ingest.formats.shapes.listing import shape_of
from services.ingest.formats.shapes.opening import Found, objects
from services.ingest.formats.shapes.recording import Recorder
from services.ingest.line_format import Moment, Taken, Tally

LATIN = "latin-1"  # any bytes as text and back


class State(TypedDict):
    """A document that is being gathered. At most `longest_bytes`, so that of a live feed is small."""

    lines: list[str]
    moment: NotRequired[Moment | None]  # of the last of them


class JsonFormat:
    """A LineFormat. No line or document may have more than `longest_bytes`."""

    def __init__(
        self, source: str, *, times: EventTimes, tally: Tally, framer: SentenceReader, longest_bytes: int
    ) -> None:
        self._recorder = Recorder(source, times)
        self._tally = tally
        self._framer = framer
        self._longest = longest_bytes
        self._gathering = Gathering(longest_bytes)
        self._moment: Moment | None = None  # of the last line that was gathered

    def begins(self, line: bytes) -> bool:
        return json_document.begins(line)

    def read(self, lines: Sequence[bytes], start: int, moment: Moment, out: list[Taken]) -> int:
        for at in range(start, len(lines)):
            line = lines[at]
            if self._gathering.is_open and not self._gathering.fits(line):
                self._give_up(moment, out)
            if self._gathering.is_open:
                self._gather(line, moment, out)
            elif json_document.begins(line):
                self._begin(line, moment, out)
            else:
                return at
        return len(lines)

    def finish(self, out: list[Taken]) -> None:
        self._give_up(self._moment, out)

    def checkpoint(self) -> object:
        lines = [line.decode(LATIN) for line in self._gathering.lines]
        return State(lines=lines, moment=self._moment if lines else None)

    def restore(self, state: object) -> None:
        self._gathering.take()
        found = msgspec.convert(state, State)
        self._moment = found.get("moment")
        for line in found["lines"]:
            self._gathering.add(line.encode(LATIN))

    def _begin(self, line: bytes, moment: Moment, out: list[Taken]) -> None:
        if len(line) > self._longest:
            self._count(1, ignored="too_long")
            return
        values = json_document.values_of(line)
        if values is not None:
            self._take(values, [line], moment, out)
        elif (json_document.depth(line) or 0) > 0:
            self._moment = moment
            self._gathering.add(line)
        else:
            self._count(1, ignored="broken_json")

    def _gather(self, line: bytes, moment: Moment, out: list[Taken]) -> None:
        self._moment = moment
        if not self._gathering.add(line):
            self._give_up(moment, out)
        elif self._gathering.is_whole:
            lines = self._gathering.take()
            values = json_document.values_of(b"\n".join(lines))
            if values is None:
                self._salvage(lines, moment, out)
            else:
                self._take(values, lines, moment, out)

    def _give_up(self, moment: Moment | None, out: list[Taken]) -> None:
        self._salvage(self._gathering.take(), moment, out)

    def _salvage(self, lines: Sequence[bytes], moment: Moment | None, out: list[Taken]) -> None:
        """Read the lines of a broken document that are whole objects, as `{…},` in a list that was cut short."""
        for line in lines:
            begins = moment is not None and line.lstrip()[:1] == b"{" and len(line) <= self._longest
            values = json_document.values_of(line) if begins else None
            if values is None or moment is None:
                self._count(1, ignored="broken_json")
            else:
                self._take(values, [line], moment, out)

    def _take(self, values: list[object], lines: Sequence[bytes], moment: Moment, out: list[Taken]) -> None:
        with_sentences = any(may_hold_sentences(line) for line in lines)
        sentences = data = False
        for value in values:
            for found in objects(value):
                if with_sentences and self._take_sentences(found, moment, out):
                    sentences = True
                elif self._take_object(found, moment, out):
                    data = True
        if sentences:
            self._tally.lines += len(lines)
            self._tally.sentence_lines += len(lines)
        elif data:
            self._tally.lines += len(lines)
            self._tally.data_lines += len(lines)
        else:
            self._count(len(lines), ignored="unknown_json")

    def _take_sentences(self, found: Found, moment: Moment, out: list[Taken]) -> bool:
        return read_sentences(found.each, self._framer, _at(found, moment), found.event_ms, out)

    def _take_object(self, found: Found, moment: Moment, out: list[Taken]) -> bool:
        shape = shape_of(found.each)
        if shape is None:
            return False
        records = self._recorder.records(found.each, shape, _at(found, moment), found.event_ms)
        for record in records:
            self._tally.count(record)
        out += records
        return bool(records)

    def _count(self, lines: int, *, ignored: str) -> None:
        if lines:
            self._tally.lines += lines
            self._tally.ignored[ignored] += lines


def _at(found: Found, moment: Moment) -> Moment:
    """The moment, with the station of the envelope when there is one."""
    return moment._replace(station=found.station) if found.station else moment
