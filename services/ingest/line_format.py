"""The verbs that every format of lines has, so that a stream may change its format from one line to the next."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from fairway.raw_block import RawBlock
from fairway.records import Decoded, Raw, Rejected
from services.ingest.decoded_block import DecodedBlock

One = Raw | Decoded | Rejected
Block = RawBlock | DecodedBlock
Taken = One | Block

IGNORED = {
    "blank": "an empty line",
    "comment": "a line that starts with #",
    "tag_block_only": "a tag block with no sentence behind it",
    "time_only": "a line that holds a time stamp and nothing else",
    "source_line": "a $PGHP or $PSHI sentence, which tells the time of the sentence after it",
    "other_sentence": "an NMEA sentence that is not VDM or VDO",
    "header": "the line with a table's column names",
    "duplicate_row": "a row equal to one that came just before, byte for byte",
    "unknown_json": "JSON that holds no AIS report of a known shape",
    "broken_json": "JSON that ends too early or breaks its own rules",
    "text": "anything else",
    "too_long": "a line longer than its format allows",
}


class Moment(NamedTuple):
    """When, and from whom, lines came in."""

    received_ms: int  # our clock, milliseconds since 1970
    tick: int  # in the unit of the framer's patience: milliseconds of a live feed, line numbers of a file
    station: str | None = None  # who sent the line, unless the line itself says so


@dataclass
class Tally:
    """What has been seen.

    lines = sentence_lines + data_lines + ignored, and
    sentences = those of messages + incomplete_sentences + repeated_parts.
    """

    lines: int = 0
    sentence_lines: int = 0  # lines that hold at least one VDM or VDO
    data_lines: int = 0  # lines of decoded data: rows of tables, lines of JSON
    sentences: int = 0
    messages: int = 0  # raw records that came of the sentences
    decoded: int = 0  # records that came of decoded data
    rejected: Counter[str] = field(default_factory=Counter)  # rows and objects that cannot be used, by reason
    ignored: Counter[str] = field(default_factory=Counter)
    incomplete: int = 0
    incomplete_sentences: int = 0
    repeated_parts: int = 0
    bad_tag_blocks: int = 0

    def count(self, record: Taken, number: int = 1) -> None:
        """Add a record to those of its sort, or with -1 take it away again."""
        if type(record) is RawBlock:
            self.messages += number * len(record)
        elif type(record) is DecodedBlock:
            self.decoded += number * len(record)
        elif type(record) is Raw:
            self.messages += number
        elif type(record) is Rejected:
            self.rejected[record.reason] += number
        else:
            self.decoded += number

    @property
    def records(self) -> int:
        """All that is published: raw, decoded and rejected records."""
        return self.messages + self.decoded + self.rejected.total()


def records_in(taken: Sequence[Taken]) -> int:
    """How many records they are, those of blocks counted one by one."""
    return sum(map(size_of, taken))


def size_of(each: Taken) -> int:
    """How many records it is."""
    return len(each) if isinstance(each, (RawBlock, DecodedBlock)) else 1


def one_by_one(taken: Iterable[Taken]) -> Iterator[One]:
    """The records in order, those of blocks as objects of their own."""
    for each in taken:
        if isinstance(each, RawBlock):
            yield from each.raws()
        elif isinstance(each, DecodedBlock):
            yield from each.records()
        else:
            yield each


class LineFormat(Protocol):
    """Reads the lines of one format and leaves the others alone. All formats of a stream share one Tally."""

    def begins(self, line: bytes) -> bool:
        """Whether this line, which no format is in the middle of, is for us. Cheap; never raises."""

    def read(self, lines: Sequence[bytes], start: int, moment: Moment, out: list[Taken]) -> int:
        """Append what lines[start:] hold, up to the first line of another format; its index, or len(lines).

        Never raises on what a line says. Lines come without line feed; a carriage return may be left at the end.
        """

    def finish(self, out: list[Taken]) -> None:
        """The stream has ended: append or count what was still open."""

    def checkpoint(self) -> object:
        """Forget what was kept for economy alone, and give the rest in a form that msgspec can write as JSON.

        A format that is restored from it reads the lines that follow exactly as this one will.
        """

    def restore(self, state: object) -> None:
        """Go on from what `checkpoint` of another instance gave."""
