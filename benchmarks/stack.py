"""The private servers and services that are measured; each measurement begins with services just started."""

import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pika
import psycopg2

from fairway.local import SERVICES, Local
from fairway.stack.local import LocalStack
from fairway.topics import QUEUES

READY_SECONDS = 60
FLOW_QUEUES = [queue.name for queue in QUEUES if queue.arguments.get("x-overflow") == "reject-publish"]
KEEP_ALL, DEFAULT_RULES = "keep_all", "default"


@contextmanager
def servers(folder: Path) -> Iterator[Local]:
    """Started, and in the end wiped away."""
    local = Local(LocalStack(folder / ".fairway"))
    try:
        local.start_servers()
        yield local
    finally:
        local.stack.clean()


def start_services(local: Local, rules: str, sources: Sequence[str] = ()) -> None:
    """Services that remember nothing, with all settings but the filter's rules as they are by default."""
    local.stack.services.stop_all()
    local.start_services(sources, extra={"FAIRWAY_FILTER_RULES": rules})
    until = time.monotonic() + READY_SECONDS
    while any(local.readiness(name) != "ready" for name in SERVICES):
        if time.monotonic() > until:
            raise RuntimeError(f"services are not ready after {READY_SECONDS} s")
        time.sleep(0.2)


def pids(local: Local) -> dict[str, int]:
    """Every process of the stack by name."""
    return {part.name: part.pid for part in local.stack.status() if part.pid}


def ask(local: Local, query: str, *arguments: Any) -> Any:
    """The first value of the first row."""
    with closing(psycopg2.connect(local.stack.database_url())) as connection, connection.cursor() as cursor:
        cursor.execute(query, arguments)
        row = cursor.fetchone()
        return row[0] if row else None


def accounted(local: Local, tail: str) -> int:
    """Records of a source of which the database knows what became."""
    return int(ask(local, "SELECT coalesce(sum(received), 0) FROM ops.ledger WHERE source = %s", tail))


class Queues:
    """How many messages wait in each queue of the flow; those a service holds are not counted, of which there are few."""

    def __init__(self, local: Local) -> None:
        self._connection = pika.BlockingConnection(pika.URLParameters(local.stack.amqp_url("operator")))
        self._channel = self._connection.channel()

    def look(self) -> Mapping[str, float]:
        """Messages by queue."""
        return {
            f"queue {name}": float(self._channel.queue_declare(name, passive=True).method.message_count)
            for name in FLOW_QUEUES
        }

    def close(self) -> None:
        self._connection.close()


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
