"""`fairway up`, `down`, `status`, `env`: the local stack."""

import json
import os
import shlex
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Annotated, Any, NamedTuple

import typer
from rich.console import Console
from rich.table import Table

from fairway import database, topics
from fairway.commands.connection import connected
from fairway.errors import FairwayError
from fairway.local import ANALYST, SERVICES, Local
from fairway.stack.local import Status

ACCOUNT = """
SELECT coalesce(sum(received), 0), coalesce(sum(stored), 0),
       coalesce(sum((SELECT sum(n::bigint) FROM jsonb_each_text(dropped) AS d(rule, n))), 0),
       coalesce(sum((SELECT sum(n::bigint) FROM jsonb_each_text(rejected) AS r(reason, n))), 0),
       coalesce(sum(held - released), 0)
FROM ops.ledger
"""
VESSELS = "SELECT count(*), max(event_time) FROM ais.latest_positions"

Sources = Annotated[list[str] | None, typer.Option("--source", help="TAIL=URL that ingest reads; default: a UDP port.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")]


class Totals(NamedTuple):
    """What ACCOUNT asks for, in records."""

    received: int = 0
    stored: int = 0
    dropped: int = 0
    rejected: int = 0
    held: int = 0


def up(source: Sources = None) -> None:
    """Start the local stack: private RabbitMQ and PostgreSQL, then the five services."""
    local = Local()
    console = Console(stderr=True)
    with console.status("starting RabbitMQ and PostgreSQL"):
        local.start_servers()
    local.start_services(source or ())
    console.print(f"The stack is up: {', '.join(SERVICES)}. See `fairway status`; stop it with `fairway down`.")


def down(clean: Annotated[bool, typer.Option("--clean", help="Also delete data, logs and passwords.")] = False) -> None:
    """Stop what `fairway up` or `make demo` has started, and nothing else."""
    stack = Local().stack
    running = [part.name for part in stack.status() if part.pid]
    if clean:
        stack.clean()
    else:
        stack.stop()
    print(f"stopped {', '.join(running)}" if running else "nothing was running")


def env() -> None:
    """Print shell exports for the running local stack: eval "$(fairway env)"."""
    local = Local()
    if not local.is_running():
        sys.exit("fairway: the local stack does not run; start it with `fairway up`")
    for name, value in _exports(local).items():
        print(f"export {name}={shlex.quote(value)}")


def status(as_json: AsJson = False) -> None:
    """What runs, what waits in the queues, what is in the database."""
    report = _report(Local())
    if as_json:
        print(json.dumps(report))
    else:
        _show(report)
    for problem in report["problems"]:
        print(f"fairway: {problem}", file=sys.stderr)
    sys.exit(0 if report["running"] and not report["problems"] else 1)


def _exports(local: Local) -> dict[str, str]:
    return {
        **local.environment("operator"),
        **database.client_environment(local.stack.database_url(ANALYST)),
        "AIS_UDP_PORT": str(local.udp_port()),
    }


def _report(local: Local) -> dict[str, Any]:
    running = local.is_running()
    parts = local.stack.status() if local.stack.paths.run.exists() else []
    problems: list[str] = []
    return {
        "running": running,
        "parts": [_part(local, part) for part in parts],
        "queues": _ask(_queues, local, problems) if running else {},
        "records": _ask(_records, local, problems) if running else {},
        "problems": problems,
    }


def _ask(question: Callable[[Local], dict[str, Any]], local: Local, problems: list[str]) -> dict[str, Any]:
    """The answer; nothing, and one problem more, when a server runs but does not answer."""
    try:
        return question(local)
    except FairwayError as error:
        problems.append(str(error))
        return {}


def _part(local: Local, part: Status) -> dict[str, Any]:
    is_service = part.name in SERVICES
    state = "stopped" if not part.pid else local.readiness(part.name) if is_service else "ready"
    port = local.metrics_port(part.name) if is_service else part.port
    return {"name": part.name, "state": state, "pid": part.pid, "port": port, "log": str(part.log)}


def _queues(local: Local) -> dict[str, int]:
    """Messages ready in each of our queues."""
    with connected(local.stack.amqp_url("operator"), "fairway status") as connection:
        channel = connection.channel()
        return {
            queue.name: channel.queue_declare(queue.name, passive=True).method.message_count
            for queue in topics.QUEUES
            if queue.name != topics.RAW_LOG  # a stream does not tell its length this way
        }


def _records(local: Local) -> dict[str, Any]:
    url = local.stack.database_url(ANALYST)
    with (
        closing(database.connect(url, "fairway status")) as connection,
        database.database_errors(),
        connection.cursor() as cursor,
    ):
        cursor.execute(ACCOUNT)
        totals = Totals(*map(int, cursor.fetchone() or ()))
        cursor.execute(VESSELS)
        vessels, newest = cursor.fetchone() or (0, None)
    return {
        "in": totals.received,
        "stored": totals.stored,
        "dropped": totals.dropped,
        "rejected": totals.rejected,
        "held": totals.held,
        "vessels": int(vessels),
        "newest": newest.isoformat() if newest else None,
    }


def _show(report: dict[str, Any]) -> None:
    if not report["parts"]:
        print("nothing runs here; start it with `fairway up` or `make demo`")
        return
    table = Table("part", "state", "pid", "port", "log", box=None)
    for part in report["parts"]:
        log = os.path.relpath(part["log"])
        table.add_row(part["name"], part["state"], str(part["pid"] or ""), str(part["port"] or ""), log)
    Console().print(table)
    for title in ("queues", "records"):
        if report[title]:
            print(f"{title:<8} " + ", ".join(f"{name} {value}" for name, value in report[title].items()))
