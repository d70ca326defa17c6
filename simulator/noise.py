r"""What a national feed does to good traffic: several stations, mixed lines, damage, loss and clocks that jump.

\g:1-2-17,s:sim-2,c:1767225600021*60\!AIVDM,2,1,3,A,53e4<lh01wP`q;NQ0>tqlGn00400,0*24      heard by station sim-2
\s:sim-1,c:1767225600021*60\!AIVDM,1,1,,A,13e4<lh01wP`q;NQ0>tq|Gn00400,0*24               one byte is wrong

What was done to each message is told beside, so that a test can hold the receiver to it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random
from typing import Literal, NamedTuple

from simulator.sentences import GROUP_IDS, tag_block
from simulator.traffic import EPOCH, MILLISECOND, Sent

Fate = Literal["intact", "unstamped", "incomplete", "lost", "time_before_2000", "time_in_future"]

LONGEST_DELAY_LINES = 40  # how far the lines of one message come apart
GPS_EPOCH_MS = 315_964_800_000  # 1980-01-06: what a receiver says that has never seen a satellite
YEARS_AHEAD_MS = 20 * 365 * 86_400_000
SMALL_JUMP_MS = 3_600_000
JUMP_MESSAGES = 200  # how many messages of a station its wrong clock lasts
NO_SUM = b"*00\\"  # how some writers say that they compute no sum: damage would not be seen
PRINTABLE = bytes(range(0x21, 0x7F))


@dataclass(frozen=True)
class Noise:
    """Shares between 0 and 1."""

    corrupt: float = 0.01  # of sentences: one byte of the sentence is another one
    corrupt_tag: float = 0.002  # of single sentences: one byte of the tag block is another one
    lost_parts: float = 0.005  # of the sentences of multi-part messages
    heard_again: float = 0.3  # of messages: by each further station
    clock_jumps: float = 0.0005  # of a station's messages: from then on its clock is wrong for a while
    foreign: float = 0.01  # of messages: another NMEA sentence, a comment or an empty line stands before


class Heard(NamedTuple):
    """One message as one station heard it, and what became of it. `epoch_ms` is the station's stamp."""

    sent: Sent
    station: str
    epoch_ms: int
    fate: Fate


@dataclass
class Damage:
    """What the receiver must find, besides the messages."""

    lines: int = 0
    sentences: int = 0
    corrupt: int = 0  # sentences that do not match their checksum
    bad_tags: int = 0
    orphans: int = 0  # sound sentences of messages that are incomplete
    fates: Counter[str] = field(default_factory=Counter)
    foreign: Counter[str] = field(default_factory=Counter)


def noisy(
    traffic: Iterator[Sent], stations: Sequence[str], noise: Noise, seed: int, tell: Callable[[Heard], None]
) -> tuple[Iterator[bytes], Damage]:
    """The lines of `traffic` (made without tag blocks) as `stations` pass them on, and the damage done so far.

    `tell` is called with each message before its first line comes.
    """
    damage = Damage()
    return _Spoiler(stations, noise, Random(seed), tell, damage).lines(traffic), damage


class _Station:
    def __init__(self, name: str, group: int) -> None:
        self.name = name
        self.group = group
        self.jump_ms: int | None = None
        self.left = 0  # messages until the clock is right again

    def next_group(self) -> int:
        self.group = self.group % GROUP_IDS + 1
        return self.group


class _Spoiler:
    def __init__(
        self, stations: Sequence[str], noise: Noise, rng: Random, tell: Callable[[Heard], None], damage: Damage
    ) -> None:
        # Each numbers its groups for itself; they may meet, but not for long.
        self._stations = [_Station(name, rng.randrange(GROUP_IDS)) for name in stations]
        self._noise = noise
        self._rng = rng
        self._tell = tell
        self._damage = damage
        self._queue: list[tuple[int, int, bytes]] = []  # line number at which it is due, order, line
        self._made = 0

    def lines(self, traffic: Iterator[Sent]) -> Iterator[bytes]:
        for sent in traffic:
            first, *others = self._rng.sample(self._stations, len(self._stations))
            self._hear(sent, first)
            for station in others:
                if self._rng.random() < self._noise.heard_again:
                    self._hear(sent, station)
            while self._queue and self._queue[0][0] <= self._damage.lines:
                yield self._next()
        while self._queue:
            yield self._next()

    def _next(self) -> bytes:
        self._damage.lines += 1
        return heappop(self._queue)[2]

    def _hear(self, sent: Sent, station: _Station) -> None:
        if self._rng.random() < self._noise.foreign:
            self._push(self._foreign())
        epoch_ms, fate = self._stamp(sent, station)
        if len(sent.sentences) == 1:
            fate = self._hear_single(sent, station, epoch_ms, fate)
        else:
            fate = self._hear_parts(sent, station, epoch_ms, fate)
        self._damage.fates[fate] += 1
        self._tell(Heard(sent, station.name, epoch_ms, fate))

    def _hear_single(self, sent: Sent, station: _Station, epoch_ms: int, fate: Fate) -> Fate:
        tag, sentence = tag_block(b"s:%b,c:%d" % (station.name.encode(), epoch_ms)), sent.sentences[0]
        self._damage.sentences += 1
        if self._rng.random() < self._noise.corrupt:
            sentence, fate = self._corrupt(sentence), "lost"
            self._damage.corrupt += 1
        elif self._rng.random() < self._noise.corrupt_tag and not tag.endswith(NO_SUM):
            tag, fate = b"\\%b\\" % self._with_other_byte(tag[1:-1], 0, len(tag) - 5), "unstamped"
            self._damage.bad_tags += 1
        self._push(tag + sentence)
        return fate

    def _hear_parts(self, sent: Sent, station: _Station, epoch_ms: int, fate: Fate) -> Fate:
        group, total, sound = station.next_group(), len(sent.sentences), 0
        for number, sentence in enumerate(sent.sentences, 1):
            if self._rng.random() < self._noise.lost_parts:
                continue
            self._damage.sentences += 1
            if self._rng.random() < self._noise.corrupt:
                sentence = self._corrupt(sentence)
                self._damage.corrupt += 1
            else:
                sound += 1
            body = b"g:%d-%d-%d,s:%b,c:%d" % (number, total, group, station.name.encode(), epoch_ms)
            self._push(tag_block(body) + sentence)
        if sound == total:
            return fate
        self._damage.orphans += sound
        return "incomplete" if sound else "lost"

    def _stamp(self, sent: Sent, station: _Station) -> tuple[int, Fate]:
        epoch_ms = (sent.event_time - EPOCH) // MILLISECOND
        if station.left:
            station.left -= 1
        elif self._rng.random() < self._noise.clock_jumps:
            jumps = (GPS_EPOCH_MS - epoch_ms, YEARS_AHEAD_MS, SMALL_JUMP_MS, -SMALL_JUMP_MS)
            station.jump_ms, station.left = self._rng.choice(jumps), JUMP_MESSAGES
        else:
            station.jump_ms = None
        if station.jump_ms is None:
            return epoch_ms, "intact"
        fate: Fate = "intact"
        if station.jump_ms < -SMALL_JUMP_MS:
            fate = "time_before_2000"
        elif station.jump_ms > SMALL_JUMP_MS:
            fate = "time_in_future"
        return epoch_ms + station.jump_ms, fate

    def _corrupt(self, sentence: bytes) -> bytes:
        """One byte between the commas around the payload is another one, so that it still is a sentence."""
        start = sentence.index(b",", len("!AIVDM,1,1,")) + 3
        return self._with_other_byte(sentence, start, sentence.rindex(b",") - 1)

    def _with_other_byte(self, text: bytes, start: int, end: int) -> bytes:
        at = self._rng.randrange(start, end)
        choices = [byte for byte in PRINTABLE if byte != text[at] and byte not in b",*!\\$"]
        return text[:at] + bytes((self._rng.choice(choices),)) + text[at + 1 :]

    def _foreign(self) -> bytes:
        reason, line = self._rng.choice(
            (
                ("other_sentence", b"$GPRMC,092211.00,A,5759.09700,N,01144.34344,E,5.257,28.27,200715,,,A*58"),
                ("comment", b"# the operator went for coffee"),
                ("blank", b""),
            )
        )
        self._damage.foreign[reason] += 1
        return line

    def _push(self, line: bytes) -> None:
        self._made += 1
        due = self._made + self._rng.randrange(LONGEST_DELAY_LINES)
        heappush(self._queue, (due, self._made, line))
