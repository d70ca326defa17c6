"""From lines to raw records: finds sentences, joins multi-part messages, gives each its times. Pure but for its memory.

A message is one raw record, also when it cannot be decoded: then it carries its defect and the decoder rejects it, so that
every message is accounted for in one place. Lines that are not AIS are counted here by reason.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from fairway import clock
from fairway.records import Raw
from services.ingest.nmea import Sentence, TagBlock, parse_sentence, parse_tag_block, split_tag_block

MAX_OPEN_MESSAGES = 2_000  # unfinished multi-part messages of one feed; a noisy national feed has a few hundred
MAX_OPEN_GROUPS = 1_000  # tag-block groups whose first line is remembered
LONGEST_LINE = 4_096  # bytes; a VDM has 82, a tag block about as many, some loggers add a little

IGNORED = {
    "blank": "an empty line",
    "comment": "a line that starts with #",
    "tag_block_only": "a tag block with no sentence behind it",
    "other_sentence": "an NMEA sentence that is not VDM or VDO",
    "text": "anything else",
    "repeated_part": "a part of a multi-part message that was already there",
    "too_long": f"a line of more than {LONGEST_LINE} bytes",
}


@dataclass
class Tally:
    """What framing saw. lines = sentences + ignored, and sentences = those of messages + those of incomplete messages."""

    lines: int = 0
    sentences: int = 0
    messages: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    incomplete: int = 0
    incomplete_sentences: int = 0
    bad_tag_blocks: int = 0


class _Key(NamedTuple):
    station: str | None
    talker: str
    channel: str
    sequence: str
    total: int


@dataclass
class _Open:
    """A multi-part message of which not all parts have come."""

    tick: int
    event_ms: int | None
    received_ms: int
    tag_block: str | None
    parts: dict[int, str]


class Framer:
    """Frames one feed. `patience` is how long a part waits for the others, in the unit of the ticks given to `frame`.

    Ticks are milliseconds for a live feed and line numbers for a file, so that a file is framed alike at every reading.
    """

    def __init__(self, source: str, *, patience: int, future_ms: int) -> None:
        self.tally = Tally()
        self._source = source
        self._patience = patience
        self._future_ms = future_ms
        self._open: dict[_Key, _Open] = {}
        self._groups: dict[str, TagBlock] = {}

    def frame(self, line: bytes, *, tick: int, received_ms: int, station: str | None = None) -> Raw | None:
        """The message that this line completes, or None. `station` is who the line came from when its tag block is silent."""
        self.tally.lines += 1
        bang = line.find(b"!")
        sentence = parse_sentence(line[bang:]) if bang >= 0 and len(line) <= LONGEST_LINE else None
        if sentence is None:
            self.tally.ignored[_why_ignored(line)] += 1
            return None
        self.tally.sentences += 1
        tag = self._tag_block(line[:bang]) if bang else None
        if tag is not None and tag.station:
            station = tag.station
        event_ms = _epoch_ms(tag.time) if tag is not None and tag.time else None
        if sentence.total == 1:
            text = tag.text if tag is not None else None
            return self._raw((sentence.text,), text, station, event_ms, received_ms, sentence.defect)
        return self._join(sentence, tag, station, event_ms, received_ms, tick)

    def finish(self) -> None:
        """The feed has ended: count what never became whole."""
        while self._open:
            self._give_up(next(iter(self._open)))

    def _tag_block(self, before: bytes) -> TagBlock | None:
        block, _ = split_tag_block(before)
        if block is None:
            return None
        tag = parse_tag_block(block)
        if not tag.is_sound:
            self.tally.bad_tag_blocks += (
                1  # its station and time cannot be trusted; the sentence has a checksum of its own
            )
            return None
        return self._inherit(tag) if tag.group else tag

    def _inherit(self, tag: TagBlock) -> TagBlock:
        """Later lines of a group often leave out s and c: they are the first line's (NMEA 4.00, 7.9)."""
        assert tag.group is not None
        name, number = tag.group
        if number == 1:
            self._groups[name] = tag
            if len(self._groups) > MAX_OPEN_GROUPS:
                self._groups.pop(next(iter(self._groups)))
            return tag
        first = self._groups.get(name)
        if first is None:
            return tag
        return tag._replace(station=tag.station or first.station, time=tag.time or first.time)

    def _join(
        self,
        sentence: Sentence,
        tag: TagBlock | None,
        station: str | None,
        event_ms: int | None,
        received_ms: int,
        tick: int,
    ) -> Raw | None:
        self._forget_older_than(tick - self._patience)
        key = _Key(station, sentence.talker, sentence.channel, sentence.sequence, sentence.total)
        message = self._open.get(key)
        if message is not None and sentence.number in message.parts:
            if message.parts[sentence.number] == sentence.text:
                self.tally.ignored["repeated_part"] += 1
                self.tally.sentences -= 1
                return None
            self._give_up(key)  # the sequence id went round: a new message begins
            message = None
        if message is None:
            text = tag.text if tag is not None else None
            message = self._open[key] = _Open(tick, event_ms, received_ms, text, {})
        message.parts[sentence.number] = sentence.text
        if message.event_ms is None:
            message.event_ms = event_ms
        if len(message.parts) < sentence.total:
            return None
        del self._open[key]
        texts = tuple(message.parts[number] for number in range(1, sentence.total + 1))
        return self._raw(texts, message.tag_block, station, message.event_ms, received_ms, None)

    def _forget_older_than(self, tick: int) -> None:
        while self._open:
            key = next(iter(self._open))
            if self._open[key].tick >= tick and len(self._open) < MAX_OPEN_MESSAGES:
                return
            self._give_up(key)

    def _give_up(self, key: _Key) -> None:
        self.tally.incomplete += 1
        self.tally.incomplete_sentences += len(self._open.pop(key).parts)

    def _raw(
        self,
        sentences: tuple[str, ...],
        tag_block: str | None,
        station: str | None,
        event_ms: int | None,
        received_ms: int,
        defect: str | None,
    ) -> Raw:
        self.tally.messages += 1
        time_source = "received" if event_ms is None else "tag_block"
        if event_ms is None:
            event_ms = received_ms
        elif defect is None:
            defect = self._time_defect(event_ms, received_ms)
        return Raw(
            source=self._source,
            station=station,
            event_time=_text(event_ms, received_ms),
            received_at=clock.to_text(received_ms),
            time_source=time_source,
            sentences=sentences,
            tag_block=tag_block,
            defect=defect,
        )

    def _time_defect(self, event_ms: int, received_ms: int) -> str | None:
        if event_ms < clock.EARLIEST_MS:
            return "time_before_2000"
        return "time_in_future" if event_ms > received_ms + self._future_ms else None


def _why_ignored(line: bytes) -> str:
    if len(line) > LONGEST_LINE:
        return "too_long"
    bare = line.strip()
    if not bare:
        return "blank"
    if bare[:1] == b"#":
        return "comment"
    if bare[:1] == b"\\" and bare[-1:] == b"\\":
        return "tag_block_only"
    return "other_sentence" if b"$" in bare or b"!" in bare else "text"


def _epoch_ms(text: str) -> int | None:
    """Seconds or, when longer than any second can be until the year 5138, milliseconds since 1970."""
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        return None
    return int(text) if len(text) > 11 else int(text) * 1000


def _text(event_ms: int, received_ms: int) -> str:
    try:
        return clock.to_text(event_ms)
    except ValueError:  # beyond the calendar: the record is rejected for it anyhow
        return clock.to_text(received_ms)
