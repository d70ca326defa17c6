"""AISHub's XML: <VESSELS><vessel MMSI="…" TIME="…" LONGITUDE="…" …/>…</VESSELS>, read element by element.

XML with other elements is text. A document type is refused, since entities could make text grow without bound; so are tags
longer than any of AISHub's. After a fault the same line is tried as the beginning of a document.

The parser is given whole tags only: newer versions of it put off what they have seen the beginning of. And it cannot be written
down, so a checkpoint, also for the reader that gives it, begins a new one, with the elements that are open and the text since
the last `>`.
"""

from collections.abc import Sequence
from typing import TypedDict
from xml.etree.ElementTree import ParseError, XMLParser

import msgspec

from services.ingest.event_time import EventTimes
from services.ingest.formats.shapes.aishub import AISHUB
from services.ingest.formats.shapes.recording import Recorder
from services.ingest.line_format import Moment, Taken, Tally
from services.ingest.nmea import is_quoted

ELEMENTS = frozenset({"VESSELS", "VESSEL"})  # in any case
LONGEST_TAIL = 4_096  # characters since the last `>`; a vessel has some five hundred
DEEPEST = 4  # elements within each other
BLANKS = b" \t\r\xef\xbb\xbf"  # a byte order mark among them
REFUSED = ("<!DOCTYPE", "<!ENTITY")

Attributes = dict[str, str]


class State(TypedDict):
    """The names of the elements that are open, and the text since the last `>`."""

    open: list[str]
    tail: str


class _Elements:
    """What the parser calls: keeps the names of the elements that are open, and the attributes of vessels."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.vessels: list[Attributes] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        name = tag.upper()
        if name not in ELEMENTS or len(self.open) >= DEEPEST:
            raise ParseError("not AISHub's")
        self.open.append(name)
        if attributes and name == "VESSEL":
            self.vessels.append({key.upper(): value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        self.open.pop()

    def close(self) -> None:
        """Nothing is built."""


class XmlFormat:
    """A LineFormat. Remembers one unfinished tag at most."""

    def __init__(self, source: str, *, times: EventTimes, tally: Tally) -> None:
        self._recorder = Recorder(source, times)
        self._tally = tally
        self._begin([], "")

    def begins(self, line: bytes) -> bool:
        return line.lstrip(BLANKS)[:1] == b"<" and is_quoted(line.decode("latin-1"))

    def read(self, lines: Sequence[bytes], start: int, moment: Moment, out: list[Taken]) -> int:
        for at in range(start, len(lines)):
            line = lines[at]
            if not (self._is_open and self._feed(line)):
                self._begin([], "")
                if not self.begins(line):
                    return at
                self._open_with(line)
            self._count(moment, out)
        return len(lines)

    def finish(self, out: list[Taken]) -> None:
        self._begin([], "")

    def checkpoint(self) -> object:
        state = State(open=list(self._elements.open), tail=self._tail)
        self.restore(state)
        return state

    def restore(self, state: object) -> None:
        found = msgspec.convert(state, State)
        self._begin(found["open"], found["tail"])

    @property
    def _is_open(self) -> bool:
        return bool(self._elements.open)

    def _begin(self, names: list[str], tail: str) -> None:
        self._elements = _Elements()
        self._parser = XMLParser(target=self._elements)
        self._tail = tail
        self._in_document = False
        if names:
            self._parse("".join(f"<{name}>" for name in names))

    def _open_with(self, line: bytes) -> None:
        """A document begins with this line; if it is none of ours, only the line is text."""
        if not self._feed(line):
            self._begin([], "")

    def _feed(self, line: bytes) -> bool:
        """Whether `line` goes on soundly; vessels of a line with a fault are forgotten."""
        text = line.decode("utf-8", "replace") + "\n"
        is_between_tags = not self._tail.strip()
        if is_between_tags and not (self.begins(line) or (self._is_open and not line.strip())):
            return False
        before, end, self._tail = (self._tail + text).rpartition(">")
        whole = before + end
        if len(self._tail) > LONGEST_TAIL or any(refused in whole for refused in REFUSED):
            return False
        was_open = self._is_open
        is_sound = self._parse(whole)
        self._in_document = is_sound and (was_open or self._is_open or bool(self._elements.vessels))
        return is_sound

    def _parse(self, text: str) -> bool:
        try:
            self._parser.feed(text)
            flush = getattr(self._parser, "flush", None)  # a `>` within a value is not a tag's end
            if flush is not None:
                flush()
        except (ParseError, ValueError, IndexError):
            return False
        return True

    def _count(self, moment: Moment, out: list[Taken]) -> None:
        self._tally.lines += 1
        if not self._in_document:
            self._tally.ignored["text"] += 1
            return
        self._tally.data_lines += 1
        vessels, self._elements.vessels = self._elements.vessels, []
        for vessel in vessels:
            self._take(vessel, moment, out)
        if not self._is_open:
            self._begin([], "")

    def _take(self, vessel: Attributes, moment: Moment, out: list[Taken]) -> None:
        records = self._recorder.records(vessel, AISHUB, moment)
        for record in records:
            self._tally.count(record)
        out += records
