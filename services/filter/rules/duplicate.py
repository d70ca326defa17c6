"""Drops a transmission that was heard before: by another station, another feed, or twice by the same.

It is known by the digest of its payload. A record that a provider had decoded has none: it is known by what it says and
the very moment it says it of, since a ship at rest may say the same again within seconds.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Literal

from msgspec import Struct
from pydantic import Field

from fairway.records import DECODED_KINDS, AnyDecoded, Binary, Decoded, Position
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
    """Remembers payloads by (mmsi, msg_type, digest), and what has no digest by (mmsi, event_time, what it says)."""

    def __init__(self, options: DuplicateOptions) -> None:
        self._within_ms = options.seconds * 1000
        self._memory_ms = max(options.seconds, options.memory_seconds) * 1000
        self.memory: Memory[int, _Heard] = Memory(options.max_payloads, self._is_stale)

    def judge(self, record: AnyDecoded, at: int) -> bool:
        if record.digest is None:
            key = _content_key(record, at)
        else:
            key = record.mmsi << 37 | (record.msg_type or 0) << 32 | record.digest  # 5 and 32 bits wide
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


def _said(kind: type[Decoded]) -> Callable[[Any], object]:
    """What tells one transmission from another of the same ship at the same moment."""
    if kind is Position:
        return attrgetter("lon", "lat")  # no ship is at one moment in two ways at one place
    fields = [name for name in kind.__struct_fields__ if name not in Decoded.__struct_fields__ and name != "content"]
    plain = attrgetter(*fields)
    if kind is Binary:
        return lambda record: (plain(record), str(record.content))  # a dict
    return plain


_SAID = {kind: _said(kind) for kind in DECODED_KINDS}


def _content_key(record: AnyDecoded, at: int) -> int:
    """A 64-bit hash, below zero so that it is never the key of a digest. It misleads once in 10^13 records."""
    return -1 - abs(hash((record.mmsi, at, type(record), _SAID[type(record)](record))))
