"""Drops a transmission that was heard before: by another station, another feed, or twice by the same.

It is known by the digest of its payload. A record that a provider had decoded has none: it is known by what it says and
the very moment it says it of, since a ship at rest may say the same again within seconds.
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from fairway.flags import BITS
from services.filter.last_seen import LastSeen
from services.filter.reports import NOTHING, POSITION, Numbers, Places, Reports
from services.filter.rules.rule import Bits, Copies, Rule, RuleOptions, found
from services.filter.said import said_by

NEVER = -(1 << 62)  # milliseconds; before any time
SWEEP_SHARE = 0.1  # of the memory's span: how far the stream goes on before what is too old is looked for
BARE = 0xFA1B  # begins the keys of what has no digest
TOLD = frozenset({"source", "station", "received_at"})  # of a copy, besides what all rules ask for

_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


class DuplicateOptions(RuleOptions):
    """The same payload heard twice is kept once."""

    rule: Literal["duplicate"] = "duplicate"
    seconds: float = Field(
        10.0, gt=0, le=3600, description="Seconds of event_time within which the same payload is the same transmission."
    )
    memory_seconds: float = Field(
        120.0,
        gt=0,
        description="Seconds of stream for which a payload is remembered, so that a feed that lags is recognised.",
    )
    max_payloads: int = Field(
        300_000, ge=1, description="Payloads remembered; the one heard longest ago is forgotten first."
    )

    heard: bool = Field(
        False, description="Whether it is told who heard what is dropped, under event.heard.<tail> and in ais.heard."
    )

    def build(self) -> "Duplicate":
        return Duplicate(self)


class Duplicate(Rule):
    """Remembers payloads by (mmsi, msg_type, digest), and what has no digest by (mmsi, event_time, what it says).

    Of each it remembers when it was sent, and the newest event_time that the stream had reached when it came. The latter tells
    its age: an old recording replayed beside a live feed must not be forgotten as soon as it is heard.
    """

    def __init__(self, options: DuplicateOptions) -> None:
        self._within_ms = options.seconds * 1000
        self._memory_ms = max(options.seconds, options.memory_seconds) * 1000
        self._memory = LastSeen({"at": np.int64, "watermark": np.int64}, options.max_payloads)
        self.memories = (self._memory,)
        self._newest = self._drafted = self._swept = NEVER
        self._tells = options.heard
        if options.heard:
            self.members = TOLD

    def judge(self, reports: Reports, rows: Places) -> Bits:
        times = reports.rows["event_time"][rows]
        watermarks = np.maximum.accumulate(np.maximum(times, self._drafted))
        draft = self._memory.take(_keys(reports, rows))
        dropped, kept_at = np.zeros(len(rows), np.bool_), np.empty_like(times)
        for some in draft.rounds:
            places, at, watermark = draft.which[some], times[some], watermarks[some]
            near = np.abs(at - draft.values["at"][places]) <= self._within_ms
            fresh = watermark - draft.values["watermark"][places] <= self._memory_ms
            copies = draft.is_known[places] & near & fresh
            kept_at[some] = draft.values["at"][places]
            draft.put(places[~copies], at=at[~copies], watermark=watermark[~copies])
            dropped[some] = copies
        if self.explains:
            self.numbers = {"after_the_first_copy_seconds": np.where(dropped, (times - kept_at) / 1000, np.nan)}
        self._drafted = int(watermarks[-1])
        self.copies = Copies(rows[dropped], kept_at[dropped]) if self._tells else None
        return found(dropped, BITS["duplicate"])

    @property
    def mark(self) -> int:
        return self._drafted

    def restored(self, mark: int) -> None:
        self._newest = self._drafted = mark

    def commit(self) -> None:
        super().commit()
        self._newest = self._drafted
        if self._newest - self._swept > self._memory_ms * SWEEP_SHARE:
            self._memory.forget(self._newest - self._memory.values()["watermark"] > self._memory_ms)
            self._swept = self._newest

    def discard(self) -> None:
        super().discard()
        self._drafted = self._newest


def _keys(reports: Reports, rows: Places) -> Numbers:
    """A number for each transmission, the same for its copies; two transmissions share one once in 10^13 times or more."""
    some = reports.of(rows)
    digest, mmsi = some["digest"], some["mmsi"]
    keys: Numbers = digest << 32 | mmsi << 2 | some["msg_type"] & 3  # the digest knows the type, too
    bare = digest == NOTHING
    if bare.any():
        keys[bare] = _mixed([np.full(int(bare.sum()), BARE), mmsi[bare], some["event_time"][bare], some["kind"][bare]])
        places = np.flatnonzero(bare & (some["kind"] == POSITION))
        located = some[places]
        keys[places] = _mixed([keys[places], located["lon"].view(np.int64), located["lat"].view(np.int64)])
        for place in np.flatnonzero(bare & (some["kind"] != POSITION)).tolist():
            keys[place] ^= said_by(reports.record(int(rows[place])))
    return keys


def _mixed(columns: Sequence[NDArray[Any]]) -> Numbers:
    """One number for each row of whole numbers (as splitmix64 mixes)."""
    mixed = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        mixed = (mixed ^ column.astype(np.int64).view(np.uint64)) * _FIRST
        mixed = (mixed ^ mixed >> np.uint64(29)) * _SECOND
        mixed ^= mixed >> np.uint64(32)
    return mixed.view(np.int64)
