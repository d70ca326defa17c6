"""The envelope of a micro-batch: what one AMQP message carries besides its records.

Everything a stage must know to keep the account straight is in the headers, so that no body needs decoding for it:

    message_id    root id from ingest, one suffix a stage: 1f0c…  →  1f0c…/d  →  1f0c…/d/f
    type          <stage>/1, the version of the record format
    headers       records       lines in this body
                  in            records that ingest published under the root id
                  rejected      reason → how many of them ingest (rows) or the decoder (sentences) rejected
                  dropped       rule → how many of them the filter dropped
                  held          how many the filter holds back, to be published later; absent for none
                  released      how many here had been held back of batches before; absent for none
                  copy          of records that are in the flow elsewhere: not to be stored; absent if not
                  published_at  when ingest closed the batch, RFC 3339 UTC
                  partition     of a part of a decoded batch: which filter's part it is (partitioning.py)

At every stage: in + released = records + rejected + dropped + held.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from fairway.topics import PARTITION_HEADER, Stage, event_key, routing_key, tail_of

CONTENT_TYPE = "application/x-ndjson"
FORMAT_VERSION = 1

_SUFFIX = {Stage.DECODED: "/d", Stage.REJECTED: "/r", Stage.FILTERED: "/f"}


@dataclass(frozen=True)
class Account:
    """What became of the records that ingest published under one root id, so far."""

    received: int
    rejected: Mapping[str, int] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    held: int = 0
    released: int = 0

    @property
    def remaining(self) -> int:
        """Records that are neither rejected, dropped nor held back, and those that no longer are."""
        lost = sum(self.rejected.values()) + sum(self.dropped.values())
        return self.received + self.released - lost - self.held

    def with_rejected(self, counts: Mapping[str, int]) -> "Account":
        """The account after the decoder rejected `counts`."""
        return replace(self, rejected=_sum(self.rejected, counts))

    def with_dropped(self, counts: Mapping[str, int]) -> "Account":
        """The account after the filter dropped `counts`."""
        return replace(self, dropped=_sum(self.dropped, counts))

    def with_held(self, held: int, released: int) -> "Account":
        """The account after the filter held back some, and published others that it had held back before."""
        return replace(self, held=self.held + held, released=self.released + released)


@dataclass(frozen=True)
class Message:
    """One micro-batch on its way. `body` is NDJSON; see records.py."""

    key: str
    id: str
    body: bytes
    records: int
    account: Account
    published_at: str
    partition: str = ""
    is_copy: bool = False

    @property
    def source(self) -> str:
        """The tail of the routing key."""
        return tail_of(self.key)

    @property
    def root_id(self) -> str:
        """The id that ingest gave."""
        return self.id.partition("/")[0]

    def headers(self) -> dict[str, Any]:
        """The AMQP headers table."""
        if_any = {
            PARTITION_HEADER: self.partition,
            "held": self.account.held,
            "released": self.account.released,
            "copy": self.is_copy,
        }
        return {
            **{name: value for name, value in if_any.items() if value},
            "records": self.records,
            "in": self.account.received,
            "rejected": dict(self.account.rejected),
            "dropped": dict(self.account.dropped),
            "published_at": self.published_at,
        }

    def derive(self, stage: Stage, body: bytes, records: int, account: Account) -> "Message":
        """What a later stage makes of this message. The id follows from this one's: a redelivery derives the same id."""
        return Message(
            key=routing_key(stage, self.source),
            id=self.id + _SUFFIX[stage],
            body=body,
            records=records,
            account=account,
            published_at=self.published_at,
        )

    def copy(self, stage: Stage, tail: str, body: bytes, records: int) -> "Message":
        """Records of this message once more, for those who bind `tail`; they are in the flow elsewhere."""
        return Message(
            key=routing_key(stage, tail),
            id=f"{self.id}{_SUFFIX[stage]}@{tail}",
            body=body,
            records=records,
            account=Account(0),
            published_at=self.published_at,
            is_copy=True,
        )

    def event(self, kind: str, body: bytes, lines: int) -> "Message":
        """What a stage tells of this message beside its output: lines of its own, which no account counts."""
        return Message(
            key=event_key(kind, self.source),
            id=f"{self.id}/{kind}",
            body=body,
            records=lines,
            account=Account(0),
            published_at=self.published_at,
        )


def from_wire(key: str, message_id: str | None, headers: Mapping[str, Any] | None, body: bytes) -> Message:
    """The message of an AMQP delivery; whatever its headers hold, this never raises.

    A stranger's message counts its own lines, and its id follows from key and body, so that a redelivery is recognised.
    """
    headers = headers or {}
    records = _count(headers.get("records"), -1)
    if records < 0:
        records = body.count(b"\n")
    return Message(
        key=key,
        id=message_id or "stranger-" + sha256(key.encode() + b"\n" + body).hexdigest()[:32],
        body=body,
        records=records,
        account=Account(
            _count(headers.get("in"), records),
            _counts(headers.get("rejected")),
            _counts(headers.get("dropped")),
            _count(headers.get("held"), 0),
            _count(headers.get("released"), 0),
        ),
        published_at=str(headers.get("published_at", "")),
        partition=part if isinstance(part := headers.get(PARTITION_HEADER), str) else "",
        is_copy=headers.get("copy") is True,
    )


def _count(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) and value >= 0 else otherwise


def _counts(value: Any) -> dict[str, int]:
    table = value if isinstance(value, Mapping) else {}
    return {str(name): count for name, count in table.items() if isinstance(count, int)}


def _sum(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    return {name: left.get(name, 0) + right.get(name, 0) for name in {**left, **right}}
