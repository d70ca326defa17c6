"""JSON of any layout from lines: a value a line, several on one, or one spread over many lines.

    {"mmsi":…}                 a line that is a value, or several of them, with commas or spaces between
    {                          a line that opens more than it closes begins a document: lines are gathered
        "mmsi": …              until everything is closed again, and only then is the text parsed
    }

JSON strings cannot hold a line end, so the depth of a line is known from the line alone.
"""

import json
import re
from collections.abc import Sequence

import msgspec

from services.ingest.nmea import is_quoted

STARTS = b"{["
WITHIN = frozenset(b'{}[]",:-0123456789tfnNI')  # what a line inside a document can begin with
BEFORE_A_VALUE = (b",", b"[", b":", b"{")  # what must end a line if the next one begins with { or [
BOM = b"\xef\xbb\xbf"
BLANKS = b" \t\r\n"
NOT_STANDARD = (b"NaN", b"Infinity")  # what Python and others write and JSON does not know: read as null

_fast = msgspec.json.Decoder()
_tolerant = json.JSONDecoder(parse_constant=lambda _: None)
_between = re.compile(r"[ \t\r\n,]*")
_check = msgspec.json.Encoder()


def begins(line: bytes) -> bool:
    """Whether its first character, but for blanks and a byte order mark, begins an object or a list.

    `[2021-11-01T13:26:28] !AIVDM,…` does not.
    """
    if line[:2] == b'{"' or line[:3] == b'[{"':
        return True
    return line.removeprefix(BOM).lstrip(BLANKS)[:1] in (b"{", b"[") and is_quoted(line.decode("latin-1"))


def values_of(text: bytes) -> list[object] | None:
    """The JSON values in `text`, with commas or blanks between; None when it is no JSON. Never raises."""
    try:
        return [_fast.decode(text)]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _several(text.removeprefix(BOM))


def _several(text: bytes) -> list[object] | None:
    """Slower, and more tolerant: of several values, of a comma at the end, of NaN."""
    try:
        found, rest, at = [], text.decode(), 0
        while True:
            at = _between.match(rest, at).end()  # type: ignore[union-attr]  # it matches nothing too
            if at == len(rest):
                break
            value, at = _tolerant.raw_decode(rest, at)
            found.append(value)
        _check.encode(found)  # halves of surrogate pairs, which Python lets pass, cannot travel on
    except (ValueError, RecursionError):
        return None
    return found


def depth(line: bytes) -> int | None:
    """How many objects and lists it opens and does not close (negative: the other way); None with a string left open."""
    if b"\\" in line:
        line = line.replace(b"\\\\", b"").replace(b'\\"', b"")
    parts = line.split(b'"')
    if len(parts) % 2 == 0:
        return None
    outside = b"".join(parts[::2])
    return outside.count(b"{") + outside.count(b"[") - outside.count(b"}") - outside.count(b"]")


class Gathering:
    """The lines of a document that is not closed yet; at most `longest` bytes."""

    def __init__(self, longest: int) -> None:
        self.is_open = False
        self._longest = longest
        self._lines: list[bytes] = []
        self._bytes = 0
        self._depth = 0

    @property
    def lines(self) -> Sequence[bytes]:
        return self._lines

    def fits(self, line: bytes) -> bool:
        """Whether `line` can be the next one of the document: a line that begins anew or is no JSON cannot."""
        start = line.lstrip(BLANKS)[:1]
        if not start:
            return True
        if start in (b"{", b"["):
            return self._lines[-1].rstrip(BLANKS).endswith(BEFORE_A_VALUE) or not self._lines[-1].strip(BLANKS)
        return start[0] in WITHIN

    def add(self, line: bytes) -> bool:
        """Whether the document can go on, or be whole, with it: False when a string is left open or it is too long."""
        change = depth(line)
        self.is_open = True
        self._lines.append(line)
        self._bytes += len(line) + 1
        if change is None or self._bytes > self._longest:
            return False
        self._depth += change
        return True

    @property
    def is_whole(self) -> bool:
        return self._depth <= 0

    def take(self) -> list[bytes]:
        """The lines, and begin anew."""
        lines, self._lines = self._lines, []
        self._bytes = self._depth = 0
        self.is_open = False
        return lines
