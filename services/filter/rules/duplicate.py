"""Drops a transmission that was heard before: by another station, another feed, or twice by the same."""

from typing import Literal

from msgspec import Struct
from pydantic import Field

from fairway.records import AnyDecoded
from services.filter.memory import Memory
from services.filter.rules.rule import Rule, RuleOptions


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

    def build(self) -> "Duplicate":
        return Duplicate(self)


class Duplicate(Rule):
    """Remembers payloads by (mmsi, msg_type, digest). Records without a digest never match."""

    def __init__(self, options: DuplicateOptions) -> None:
        self._within_ms = options.seconds * 1000
        self._memory_ms = max(options.seconds, options.memory_seconds) * 1000
        self.memory: Memory[int, _Heard] = Memory(options.max_payloads, self._is_stale)

    def judge(self, record: AnyDecoded, at: int) -> bool:
        if record.digest is None:
            return True
        key = record.mmsi << 37 | record.msg_type << 32 | record.digest  # 5 and 32 bits wide
        newest = self.memory.newest
        heard = _Heard(at, at if newest is None or at > newest.watermark else newest.watermark)
        before = self.memory.get(key)
        if before is not None and abs(at - before.at) <= self._within_ms and not self._is_stale(before, heard):
            return False
        self.memory.put(key, heard)
        return True

    def _is_stale(self, value: "_Heard", newest: "_Heard") -> bool:
        return newest.watermark - value.watermark > self._memory_ms


class _Heard(Struct, frozen=True, gc=False):
    """When a payload was sent, and the newest event_time the stream had reached when it came. Milliseconds since 1970.

    The second tells its age: an old recording replayed beside a live feed must not be forgotten as soon as it is heard.
    """

    at: int
    watermark: int
