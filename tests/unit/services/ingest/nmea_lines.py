"""Lines of NMEA for tests, and a framer that reads them."""

from collections.abc import Sequence

from fairway import clock
from fairway.records import Raw
from services.ingest import usual_lines
from services.ingest.event_time import EventTimes
from services.ingest.framing import Framer
from services.ingest.line_format import Moment, Taken, Tally, one_by_one
from services.ingest.nmea import checksum

NOW = clock.to_ms("2026-01-02T03:04:05.678Z")
SINGLE = "AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0"
FIRST = "AIVDM,2,1,5,A,53m66:800000h4l4000pu8LD000000000000000S2`t666JW0;hQDQiC,0"
SECOND = "AIVDM,2,2,5,A,P00000000000008,2"


def sentence(body: str) -> bytes:
    """`body` with its mark and checksum."""
    return f"!{body}*{checksum(body.encode()):02X}".encode()


def block(tags: str) -> bytes:
    """A tag block with its checksum."""
    return f"\\{tags}*{checksum(tags.encode()):02X}\\".encode()


def tagged(tags: str, body: str) -> bytes:
    """A sentence behind a tag block."""
    return block(tags) + sentence(body)


def pghp(sentence_sum: str, *, at: str = "2014,4,10,13,30,29,165", station: str = "2190067") -> bytes:
    """A $PGHP about the sentence with this checksum."""
    body = f"PGHP,1,{at},219,,{station},1,{sentence_sum}"
    return f"${body}*{checksum(body.encode()):02X}".encode()


class Feed:
    """A framer that reads every line at its own tick, or all of them at once, and one beside it that reads all one by one.

    They must agree.
    """

    def __init__(self, *, patience: int = 1000, future_ms: int = 60_000, correct: bool = False) -> None:
        self.tally = Tally()
        self.framer, self._slow = (
            Framer(
                "coastal.test",
                patience=patience,
                times=EventTimes(future_ms, correct=correct),
                tally=tally,
                read_usual=read_usual,
            )
            for tally, read_usual in ((self.tally, usual_lines.READ), (Tally(), None))
        )
        self._tick = 0

    def read(self, *lines: bytes, station: str | None = None) -> list[Raw]:
        """What the lines hold, read one by one."""
        records: list[Raw] = []
        for line in lines:
            records += self.read_at_once([line], station)
            self._tick += 1
        return records

    def read_at_once(self, lines: Sequence[bytes], station: str | None = None) -> list[Raw]:
        """What the lines hold, read together; no other format takes any."""
        moment = Moment(NOW, self._tick, station)
        records = read_all(self.framer, lines, moment)
        assert records == read_all(self._slow, lines, moment)
        return records


def read_all(framer: Framer, lines: Sequence[bytes], moment: Moment) -> list[Raw]:
    """The records of these lines; no other format takes any."""
    out: list[Taken] = []
    at = 0
    while at < len(lines):
        at = framer.read(lines, at, moment, out)
    return raws(out)


def raws(taken: Sequence[Taken]) -> list[Raw]:
    """All of them, which are raw records."""
    records = list(one_by_one(taken))
    assert all(type(each) is Raw for each in records)
    return [each for each in records if isinstance(each, Raw)]


def is_accounted_for(tally: Tally, records: Sequence[Raw]) -> bool:
    """Whether every line and every sentence is in one place of the tally."""
    parts = sum(len(record.sentences) for record in records)
    return (
        tally.lines == tally.sentence_lines + tally.data_lines + tally.ignored.total()
        and tally.sentences == parts + tally.incomplete_sentences + tally.repeated_parts
        and tally.messages == len(records)
    )
