"""Joins the parts of multi-part messages. Memory is bounded; a part waits `patience` ticks for the others.

Parts belong together when talker, channel, sequence id and number of parts agree, and besides the tag-block group and the
station as far as they are told. A part that names neither belongs to the message begun last: loggers often tell them on one line
only. Parts of one group may come by two stations of an aggregated feed, but then at the same time.

Sequence ids go round in seconds, so a part that has lost its companion must not wait for a stranger: a first part begins a new
message unless the later part came just before it, and stamps that are far apart never belong together.
"""

from collections import Counter
from collections.abc import Collection

from msgspec import Struct

from services.ingest.line_format import Tally
from services.ingest.nmea import Sentence
from services.ingest.source_lines import SourceLine

LONGEST_PART = 4_096  # bytes; no line has more
MAX_OPEN_MESSAGES = 2_000  # unfinished multi-part messages of one feed; a noisy national feed has a few hundred
MOST_WAITING = 1_000_000  # characters of their parts; ten times what that many messages have
REORDER_PARTS = (
    4  # of other messages before a first part that comes late, for each part it is before: neighbours turn round
)
MOST_APART_MS = 10_000  # between the stamps of a message's parts; they are sent in slots that follow each other
MOST_APART_BETWEEN_STATIONS_MS = 2_000

Base = tuple[str, str, str, int]
Key = tuple[str, str, str, int, str, str]  # base, group and station; empty where not told


# What a line says about its sentence: station, time in ms since 1970, one of records.TIME_SOURCES, tag block, tag-block group.
Told = tuple[str | None, int | None, str, str | None, str | None]


class Message(Struct):
    """A multi-part message; whole when it has all its parts."""

    key: Key
    tick: int
    begun: int  # which part of the feed, counted from 1, was its first to come
    received_ms: int  # when its first part came
    station: str | None
    event_ms: int | None
    time_source: str
    tag_block: str | None
    group: str | None
    parts: dict[int, str]
    source_line: SourceLine | None  # about the message, if its checksum says so once it is whole

    def sentences(self) -> tuple[str, ...]:
        """All of a whole message, in part order."""
        return tuple(map(self.parts.__getitem__, range(1, len(self.parts) + 1)))

    def told(self) -> Told:
        """What the lines of its parts say."""
        return self.station, self.event_ms, self.time_source, self.tag_block, self.group


class Unfinished(Struct):
    """The messages that wait for parts, oldest first, and those of them that a part without a name belongs to."""

    messages: list[Message] = []
    latest: list[Key] = []
    count: int = 0  # parts so far


class Parts:
    """The unfinished messages of one feed."""

    def __init__(self, patience: int, tally: Tally) -> None:
        self._patience = patience
        self._tally = tally
        self._open: dict[Key, Message] = {}  # oldest first
        self._latest: dict[Base, Key] = {}
        self._families = Counter[bytes]()
        self._count = 0
        self._waiting = 0  # characters

    def add(
        self, sentence: Sentence, told: Told, source_line: SourceLine | None, tick: int, received_ms: int
    ) -> Message | None:
        """The message that this part completes, or None. `source_line` came before the part."""
        self._forget_older_than(tick - self._patience)
        self._count += 1
        base = (sentence.talker, sentence.channel, sentence.sequence, sentence.total)
        key = _key(base, told)
        message = self._message_of(key, sentence, told)
        if message is None:
            parts = {sentence.number: sentence.text}
            self._begin(Message(key, tick, self._count, received_ms, *told, parts, source_line))
            self._latest[base] = key
            return None
        if sentence.number in message.parts:
            self._tally.repeated_parts += 1
            return None
        message.parts[sentence.number] = sentence.text
        self._waiting += len(sentence.text)
        _learn(message, told, is_first=sentence.number == 1)
        message.source_line = message.source_line or source_line
        if len(message.parts) < sentence.total:
            return None
        self._remove(message)
        return message

    def waiting(self) -> Collection[bytes] | None:
        """Talker, sequence id and channel (`AI5,A`) of every message that waits, of whose family none may be joined elsewhere.

        None when none at all may be, for want of room: then messages that wait may have to be given up.
        """
        if len(self._open) + 1 < MAX_OPEN_MESSAGES and self._waiting + LONGEST_PART < MOST_WAITING:
            return self._families
        return None

    def note(self, messages: int, tick: int) -> None:
        """So many messages of two parts, which came one right after the other, were joined elsewhere."""
        self._forget_older_than(tick - self._patience)
        self._count += 2 * messages

    def give_up(self) -> None:
        """Count all that never became whole."""
        for message in list(self._open.values()):
            self._give_up(message)
        self._count = 0

    def checkpoint(self) -> Unfinished:
        """What `restore` needs."""
        return Unfinished(list(self._open.values()), list(self._latest.values()), self._count)

    def restore(self, state: Unfinished) -> None:
        """Go on with these."""
        self._open, self._waiting = {}, 0
        self._families.clear()
        for message in state.messages:
            self._begin(message)
        self._latest = {key[:4]: key for key in state.latest}
        self._count = state.count

    def _message_of(self, key: Key, sentence: Sentence, told: Told) -> Message | None:
        """The open message that the sentence is a part of, perhaps one that it has already; None when it begins one."""
        message = self._open.get(key)
        if message is not None:
            if self._may_join(message, sentence, told):
                return message
            self._give_up(message)  # the sequence id went round
            return None
        latest = self._open.get(self._latest.get(key[:4], key))
        if latest is not None and _may_be_one(latest, told) and self._may_join(latest, sentence, told):
            return latest
        return None

    def _may_join(self, message: Message, sentence: Sentence, told: Told) -> bool:
        """Whether the sentence is a part that is missing, or once more one that is there."""
        there = message.parts.get(sentence.number)
        if there is not None:
            return there == sentence.text
        _, event_ms, _, _, group = told
        if group is not None and message.group == group:
            return True
        others = self._count - message.begun - len(message.parts)
        comes_late = sentence.number == 1 and others >= REORDER_PARTS * (sentence.total - 1)
        return not comes_late and not _apart(message, event_ms, MOST_APART_MS)

    def _forget_older_than(self, tick: int) -> None:
        while self._open:
            oldest = next(iter(self._open.values()))
            if oldest.tick >= tick and len(self._open) < MAX_OPEN_MESSAGES and self._waiting < MOST_WAITING:
                return
            self._give_up(oldest)

    def _give_up(self, message: Message) -> None:
        self._tally.incomplete += 1
        self._tally.incomplete_sentences += len(message.parts)
        self._remove(message)

    def _begin(self, message: Message) -> None:
        self._open[message.key] = message
        self._families[_family(message)] += 1
        self._waiting += _characters(message)

    def _remove(self, message: Message) -> None:
        del self._open[message.key]
        self._waiting -= _characters(message)
        family = _family(message)
        self._families[family] -= 1
        if not self._families[family]:
            del self._families[family]
        if self._latest.get(message.key[:4]) == message.key:
            del self._latest[message.key[:4]]


def _characters(message: Message) -> int:
    return sum(map(len, message.parts.values()))


def _family(message: Message) -> bytes:
    talker, channel, sequence, *_ = message.key
    return f"{talker}{sequence},{channel}".encode("latin-1")


def _key(base: Base, told: Told) -> Key:
    station, _, _, _, group = told
    return (*base, group or "", station or "")


def _may_be_one(message: Message, told: Told) -> bool:
    """Whether nothing that both sides tell of group and station speaks against it."""
    station, event_ms, _, _, group = told
    if message.group is not None and group is not None and message.group != group:
        return False
    if message.station is None or station is None or message.station == station:
        return True
    return (
        group is not None and message.group == group and not _apart(message, event_ms, MOST_APART_BETWEEN_STATIONS_MS)
    )


def _apart(message: Message, event_ms: int | None, most_ms: int) -> bool:
    return message.event_ms is not None and event_ms is not None and abs(message.event_ms - event_ms) > most_ms


def _learn(message: Message, told: Told, *, is_first: bool) -> None:
    """The first part's word counts; another's where the first says nothing or has not come yet."""
    station, event_ms, time_source, tag_block, _ = told
    if event_ms is not None and (is_first or message.event_ms is None):
        message.event_ms, message.time_source = event_ms, time_source
    if station is not None and (is_first or message.station is None):
        message.station = station
    if tag_block is not None and (is_first or message.tag_block is None):
        message.tag_block = tag_block
