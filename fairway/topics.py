"""Routing keys, exchanges, queues, users, policies: the broker's whole topology in one table.

`deploy/rabbitmq/definitions.json` is generated from this file (`fairway definitions`) and a test holds them equal.
Keys go from least to most specific, `<stage>.ais.<network>.<place>[.<more>]`; the part after `ais.` is a source's *tail*.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any

EXCHANGE = "ais"  # topic, durable: every stage publishes here
DEAD_EXCHANGE = "ais.dead"  # topic: what failed again and again, under its own routing key
DEAD_QUEUE = "ais.dead"
FILTER_EXCHANGE = "ais.filter"  # consistent hash: shares the decoded batches out where there are several filters
PARTITION_HEADER = "partition"  # of a part of a batch: holds what that exchange hashes
# Its values. A text's place among N queues is a jump hash (Lamping and Veach 2014): it moves,
# when a queue is added, to that queue or not at all. So these, which lie apart among eight, lie apart among any fewer:
# each part has a queue of its own. Which one is the broker's to say, and may change when it starts.
PARTITIONS = ("1a", "2a", "3a", "4q", "5d", "6u", "7fc", "8h")  # measured with RabbitMQ 3.10
MOST_PARTITIONS = len(PARTITIONS)
RAW_LOG = "raw.log"  # stream: the last days as they arrived, to be decoded again after a fix
PRIVATE_PREFIX = "tail."  # temporary queues that people's commands make

DELIVERY_LIMIT = 20  # deliveries before a batch is dead; each kill of a service that holds it costs one
FLOW_MAX_BYTES = 1 << 30  # 1 GiB a queue, then publishers are refused and pressure reaches ingest's spool
DEAD_MAX_BYTES = 1 << 28
RAW_LOG_MAX_BYTES = 20 << 30
RAW_LOG_MAX_AGE = "7D"
STRANGER_MAX_BYTES = 1 << 28  # 256 MiB for a queue that is not ours, then its oldest messages go
STRANGER_EXPIRES_MS = 24 * 3600 * 1000  # a queue that nobody reads for a day is deleted


class Stage(StrEnum):
    """First word of a routing key: what has been done to the records."""

    RAW = "raw"
    DECODED = "decoded"
    FILTERED = "filtered"
    REJECTED = "rejected"


class BadTail(ValueError):
    """A source's tail is not lower-case words of a-z, 0-9, _ and - with dots between, such as coastal.denmark."""


LONGEST_TAIL = 200  # a routing key holds 255 bytes at most (AMQP 0-9-1, 4.2.5.3)
_TAIL = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


def check_tail(tail: str) -> str:
    """`tail` itself when it may be part of a routing key. Raises BadTail."""
    if not _TAIL.fullmatch(tail) or len(tail) > LONGEST_TAIL:
        raise BadTail(
            f"{tail!r} is not a source name: use lower-case words of a-z, 0-9, _ and - with dots between, such as coastal.denmark"
        )
    return tail


def routing_key(stage: Stage, tail: str) -> str:
    """`decoded.ais.coastal.denmark` for stage decoded and tail coastal.denmark."""
    return f"{stage.value}.ais.{tail}"


def event_key(kind: str, tail: str) -> str:
    """`event.import.coastal.denmark` for kind import and tail coastal.denmark: what a stage tells beside its records."""
    return f"event.{kind}.{tail}"


def tail_of(key: str) -> str:
    """`coastal.denmark` of `decoded.ais.coastal.denmark`; empty when the key has no tail."""
    return key.split(".", 2)[2] if key.count(".") >= 2 else ""


def matches(binding: str, key: str) -> bool:
    """Whether a topic binding catches a key, as AMQP 0-9-1 has it: `*` is exactly one word, `#` is zero or more."""
    return _matches(binding.split("."), key.split("."))


def _matches(binding: list[str], words: list[str]) -> bool:
    if not binding:
        return not words
    head, rest = binding[0], binding[1:]
    if head == "#":
        return any(_matches(rest, words[skip:]) for skip in range(len(words) + 1))
    return bool(words) and head in ("*", words[0]) and _matches(rest, words[1:])


@dataclass(frozen=True)
class Queue:
    """A queue of ours: what it is bound to and its declaration arguments."""

    name: str
    bindings: tuple[str, ...]
    exchange: str = EXCHANGE
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class User:
    """A broker account: regular expressions of what it may configure, write and read."""

    name: str
    configure: str
    write: str
    read: str


def _flow_queue(name: str, *bindings: str) -> Queue:
    return Queue(
        name,
        bindings,
        arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": DEAD_EXCHANGE,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
            "x-max-length-bytes": FLOW_MAX_BYTES,
        },
    )


DECODED = "decoded.ais.#"

QUEUES = (
    _flow_queue("decoder", "raw.ais.#"),
    _flow_queue("filter", DECODED),
    _flow_queue("db_inserter", "filtered.ais.#", "event.#"),
    Queue(
        DEAD_QUEUE,
        ("#",),
        DEAD_EXCHANGE,
        {"x-queue-type": "quorum", "x-overflow": "reject-publish", "x-max-length-bytes": DEAD_MAX_BYTES},
    ),
    Queue(
        RAW_LOG,
        ("raw.ais.#",),
        arguments={
            "x-queue-type": "stream",
            "x-max-age": RAW_LOG_MAX_AGE,
            "x-max-length-bytes": RAW_LOG_MAX_BYTES,
            "x-stream-max-segment-size-bytes": 100_000_000,
        },
    ),
)

_PRIVATE = re.escape(PRIVATE_PREFIX) + ".*"


def filter_queue(partition: int | None = None) -> str:
    """The queue of the only filter, or of one of several, counted from 1."""
    return "filter" if partition is None else f"filter.{partition}"


def queues(partitions: int = 1) -> tuple[Queue, ...]:
    """All our queues where so many filters share the vessels."""
    if partitions == 1:
        return QUEUES
    # To this type of exchange the binding's key is the queue's weight
    parts = tuple(
        replace(_flow_queue(filter_queue(part), "1"), exchange=FILTER_EXCHANGE) for part in range(1, partitions + 1)
    )
    return tuple(part for queue in QUEUES for part in (parts if queue.name == filter_queue() else (queue,)))


def users(partitions: int = 1) -> tuple[User, ...]:
    """The broker's accounts where so many filters share the vessels."""
    ours = _ours(partitions)
    exchanges = EXCHANGE if partitions == 1 else f"{EXCHANGE}|{re.escape(FILTER_EXCHANGE)}"
    not_ours = f"^(?!({ours}|{exchanges}|amq\\.default)$).+"
    filters = "filter" if partitions == 1 else r"filter\.\d+"
    return (
        User("ingest", f"^{_PRIVATE}$", f"^({EXCHANGE}|{_PRIVATE})$", f"^({re.escape(DEAD_EXCHANGE)}|{_PRIVATE})$"),
        User("decoder", "^$", f"^{EXCHANGE}$", "^decoder$"),
        User("filter", "^$", f"^{EXCHANGE}$", f"^{filters}$"),
        User("db_inserter", "^$", "^$", "^db_inserter$"),
        # A consumer makes queues of its own and binds them; it can neither read nor change ours, nor publish.
        User("consumer", not_ours, not_ours, f"^(?!({ours})$).*"),
        User("operator", ".*", ".*", ".*"),
    )


def _ours(partitions: int) -> str:
    return "|".join(re.escape(queue.name) for queue in queues(partitions))


USERS = users()


def definitions(passwords: Mapping[str, str] | None = None, partitions: int = 1) -> dict[str, Any]:
    """The topology in RabbitMQ's definitions format, for so many filters that share the vessels.

    Users without a password given cannot log in with one. More than one filter takes the plugin
    rabbitmq_consistent_hash_exchange, which comes with RabbitMQ.
    """
    ours = queues(partitions)
    return {
        "vhosts": [{"name": "/"}],
        "users": [_user(user, (passwords or {}).get(user.name)) for user in users(partitions)],
        "permissions": [
            {"user": user.name, "vhost": "/", "configure": user.configure, "write": user.write, "read": user.read}
            for user in users(partitions)
        ],
        "policies": [_stranger_policy(partitions)],
        "exchanges": [_exchange(EXCHANGE), _exchange(DEAD_EXCHANGE), *([_filter_exchange()] if partitions > 1 else ())],
        "queues": [
            {"name": q.name, "vhost": "/", "durable": True, "auto_delete": False, "arguments": dict(q.arguments)}
            for q in ours
        ],
        "bindings": [
            *(_binding(queue.exchange, queue.name, key) for queue in ours for key in queue.bindings),
            *([_binding(EXCHANGE, FILTER_EXCHANGE, DECODED, "exchange")] if partitions > 1 else ()),
        ],
    }


def _stranger_policy(partitions: int) -> dict[str, Any]:
    """Bounds every queue that is not ours, so that a slow consumer of somebody else's never stalls the flow."""
    return {
        "vhost": "/",
        "name": "strangers-are-bounded",
        "pattern": f"^(?!({_ours(partitions)})$).*",
        "apply-to": "queues",
        "priority": 0,
        "definition": {
            "max-length-bytes": STRANGER_MAX_BYTES,
            "overflow": "drop-head",
            "expires": STRANGER_EXPIRES_MS,
        },
    }


def _user(user: User, password: str | None) -> dict[str, Any]:
    return {
        "name": user.name,
        "password_hash": password_hash(user.name, password) if password else "",
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": ["administrator"] if user.name == "operator" else [],
    }


def password_hash(user: str, password: str) -> str:
    """RabbitMQ's salted SHA-256; the salt is derived so that the same secrets give the same definitions."""
    salt = sha256(f"{user}:{password}".encode()).digest()[:4]
    return b64encode(salt + sha256(salt + password.encode()).digest()).decode()


def _exchange(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "vhost": "/",
        "type": "topic",
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": {},
    }


def _filter_exchange() -> dict[str, Any]:
    exchange = _exchange(FILTER_EXCHANGE)
    return {**exchange, "type": "x-consistent-hash", "internal": True, "arguments": {"hash-header": PARTITION_HEADER}}


def _binding(source: str, destination: str, key: str, kind: str = "queue") -> dict[str, Any]:
    return {
        "source": source,
        "vhost": "/",
        "destination": destination,
        "destination_type": kind,
        "routing_key": key,
        "arguments": {},
    }
