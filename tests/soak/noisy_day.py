"""A day of a noisy national feed through framing and decoding, held to the simulator's account of what it spoiled.

    python -m tests.soak.noisy_day            a whole day, some minutes
    python -m tests.soak.noisy_day 50000      as many messages

Compared is the multiset of messages, by a sum of hashes, so that a day needs no more memory than a minute.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice, takewhile
from typing import Any

from fairway import clock
from fairway.records import Decoded, Raw, Rejected
from services.decoder.decoding import decode_batch
from services.ingest.event_time import EventTimes
from services.ingest.interpreter import Interpreter
from services.ingest.line_format import Moment, Tally, one_by_one
from simulator.fleet import make_fleet
from simulator.noise import Damage, Heard, Noise, noisy
from simulator.traffic import generate

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY_SECONDS = 86_400
VESSELS = 400
STATIONS = ("skagen", "anholt", "kullen", "stevns", "moen")
PATIENCE_LINES = 20_000
FUTURE_MS = 600_000
MODULUS = 1 << 64


@dataclass
class Multiset:
    """Adds up; equal multisets have equal sums, and unequal ones have not, but for one chance in 2⁶⁴."""

    count: int = 0
    total: int = 0

    def add(self, *values: Any) -> None:
        self.count += 1
        self.total = (self.total + hash(values)) % MODULUS


@dataclass
class Expectation:
    """What the simulator says must arrive."""

    stamped: Multiset = field(default_factory=Multiset)
    unstamped: Multiset = field(default_factory=Multiset)
    names: dict[tuple[int, bool], tuple[str, ...]] = field(default_factory=dict)  # of each type, and part B of 24

    def note(self, heard: Heard) -> None:
        sent = heard.sent
        is_part_b = sent.msg_type == 24 and "callsign" in sent.truth
        names = self.names.setdefault((sent.msg_type, is_part_b), tuple(sorted(sent.truth)))
        values = tuple(sent.truth[name] for name in names)
        if heard.fate == "intact":
            stamp = clock.to_text(heard.epoch_ms)
            self.stamped.add(sent.mmsi, sent.msg_type, heard.station, stamp, *values)
        elif heard.fate == "unstamped":
            self.unstamped.add(sent.mmsi, sent.msg_type, *values)


@dataclass
class Arrival:
    """What came out at the other end."""

    expectation: Expectation
    stamped: Multiset = field(default_factory=Multiset)
    unstamped: Multiset = field(default_factory=Multiset)
    rejected: Counter[str] = field(default_factory=Counter)

    def take(self, decoded: list[Decoded], rejected: list[Rejected]) -> None:
        self.rejected.update(record.reason for record in rejected)
        for record in decoded:
            names = self.expectation.names[record.msg_type or 0, getattr(record, "part", None) == "B"]
            values = tuple(getattr(record, name) for name in names)
            if record.time_source == "tag_block":
                self.stamped.add(record.mmsi, record.msg_type, record.station, record.event_time, *values)
            else:
                self.unstamped.add(record.mmsi, record.msg_type, *values)


@dataclass
class Outcome:
    """The two accounts."""

    damage: Damage
    tally: Tally
    expected: Expectation
    arrived: Arrival
    heard: int = 0


def run(messages: int | None, seed: int = 1, slice_lines: int = 1000) -> Outcome:
    """Plays `messages` messages, or a whole day, and returns both accounts."""
    expected = Expectation()
    traffic = generate(make_fleet(VESSELS, seed), START, tag_blocks=False)
    of_day = takewhile(lambda sent: (sent.event_time - START).total_seconds() < DAY_SECONDS, traffic)
    lines, damage = noisy(islice(of_day, messages), STATIONS, Noise(), seed, expected.note)
    interpreter = Interpreter(
        "coastal.noisy", patience=PATIENCE_LINES, times=EventTimes(FUTURE_MS), longest_document=1 << 20
    )
    arrived = Arrival(expected)
    for chunk in _slices(lines, slice_lines):
        taken = interpreter.read(chunk, Moment(clock.now_ms(), interpreter.tally.lines))
        arrived.take(*decode_batch([record for record in one_by_one(taken) if type(record) is Raw]))
    arrived.take(*decode_batch([record for record in one_by_one(interpreter.finish()) if type(record) is Raw]))
    return Outcome(damage, interpreter.tally, expected, arrived, sum(damage.fates.values()))


def check(outcome: Outcome) -> list[str]:
    """What does not add up; nothing when all does."""
    damage, tally, fates = outcome.damage, outcome.tally, outcome.damage.fates
    pairs = {
        "lines": (damage.lines, tally.lines),
        "sentences": (damage.sentences, tally.sentences),
        "foreign lines": (dict(damage.foreign), dict(tally.ignored)),
        "bad tag blocks": (damage.bad_tags, tally.bad_tag_blocks),
        "incomplete messages": (fates["incomplete"], tally.incomplete),
        "sentences of incomplete messages": (damage.orphans, tally.incomplete_sentences),
        "repeated parts": (0, tally.repeated_parts),
        "rejected": (
            {
                "checksum": damage.corrupt,
                "time_before_2000": fates["time_before_2000"],
                "time_in_future": fates["time_in_future"],
            },
            dict(outcome.arrived.rejected),
        ),
        "intact messages": (outcome.expected.stamped, outcome.arrived.stamped),
        "messages without a stamp": (outcome.expected.unstamped, outcome.arrived.unstamped),
    }
    return [f"{name}: sent {sent}, found {found}" for name, (sent, found) in pairs.items() if sent != found]


def _slices(lines: Iterator[bytes], size: int) -> Iterator[list[bytes]]:
    while chunk := list(islice(lines, size)):
        yield chunk


def main() -> int:
    """Prints the account as JSON; the exit status is 1 when it does not close."""
    started = time.monotonic()
    outcome = run(int(sys.argv[1]) if len(sys.argv) > 1 else None)
    wrong = check(outcome)
    account = {
        "messages_heard": outcome.heard,
        "lines": outcome.tally.lines,
        "fates": dict(outcome.damage.fates),
        "rejected": dict(outcome.arrived.rejected),
        "incomplete": outcome.tally.incomplete,
        "seconds": round(time.monotonic() - started, 1),
        "wrong": wrong,
    }
    print(json.dumps(account, indent=2))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
