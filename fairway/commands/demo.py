"""`fairway demo`: the whole pipeline at work on simulated ships, in a minute, and then left running."""

import subprocess
import sys
import time
from contextlib import closing
from typing import Any

import psycopg2
from rich.console import Console

from fairway.commands.stack import ACCOUNT, Totals
from fairway.errors import FairwayError
from fairway.local import ANALYST, SERVICES, Local
from fairway.stack.files import last_lines
from fairway.stack.services import Service

TAIL = "simulated.denmark"
MESSAGES = 10_000
RATE = 2_000  # messages a second while the demo is watched
AFTERWARDS_RATE = 50  # messages a second that go on in the background, so that there is something to look at
VESSELS = 2_000
WAIT_SECONDS = 60

ACCOUNT_SINCE = f"{ACCOUNT} WHERE source = %s AND published_at >= %s"
VESSEL_COUNT = "SELECT count(*) FROM ais.latest_positions WHERE source = %s"


class DemoFailed(FairwayError):
    """The demo did not get through; the message says where to look."""


def demo() -> None:
    """Start everything, play simulated traffic through a real UDP socket, and say what to try next."""
    local, console = Local(), Console(stderr=True)
    began = time.monotonic()
    with console.status("starting RabbitMQ and PostgreSQL"):
        local.start_servers()
    url = f"udp://127.0.0.1:{local.udp_port()}"
    console.print("RabbitMQ and PostgreSQL run, private to this folder")
    with console.status("starting the services"):
        local.stack.services.stop("simulator")
        local.start_services([f"{TAIL}={url}"])
        _until_ready(local)
    console.print(f"{', '.join(SERVICES)} run")
    seed = str(int(time.time()))  # other ships each time: the same again would say nothing new
    since, played = _play(local, url, seed, console)
    with console.status("waiting until all of it can be queried"):
        account = _until_stored(local, since, MESSAGES)
    local.stack.services.start(Service("simulator", "simulator", {}, _traffic(seed, url, AFTERWARDS_RATE)))
    _tell(local, account, played, time.monotonic() - began)


def _traffic(seed: str, url: str, rate: int) -> list[str]:
    """The simulator's arguments."""
    return ["--seed", seed, "--to", url, "--rate", str(rate), "--vessels", str(VESSELS), "--quiet"]


def _until_ready(local: Local) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while waiting := [name for name in SERVICES if local.readiness(name) != "ready"]:
        dead = [name for name in SERVICES if not local.stack.services.process(name)]
        if dead or time.monotonic() > until:
            missing = dead or waiting
            log = local.stack.services.log(missing[0])
            raise DemoFailed(f"{', '.join(missing)} did not start; {log} ends with: {last_lines(log, 1)}")
        time.sleep(0.2)


def _play(local: Local, url: str, seed: str, console: Console) -> tuple[str, float]:
    """Send the traffic; when it began (database time) and how many seconds it took."""
    since = str(_ask(local, "SELECT now()", ())[0])
    traffic = _traffic(seed, url, RATE)
    began = time.monotonic()
    with console.status(f"{VESSELS} simulated ships send {MESSAGES:,} messages over UDP"):
        subprocess.run([sys.executable, "-m", "simulator", *traffic, "--count", str(MESSAGES)], check=True)
    return since, time.monotonic() - began


def _until_stored(local: Local, since: str, sent: int) -> Totals:
    """What the ledger says, once all that was sent is in it or nothing more comes."""
    until = time.monotonic() + WAIT_SECONDS
    last: Totals | None = None
    while True:
        account = Totals(*map(int, _ask(local, ACCOUNT_SINCE, (TAIL, since))))
        if account.received >= sent:
            return account
        if account != last:
            last, changed = account, time.monotonic()
        if account.received and time.monotonic() - changed > 15:
            return account  # datagrams can be lost where the kernel's buffer is small; what arrived is in
        if time.monotonic() > until:
            raise DemoFailed(f"no rows came within {WAIT_SECONDS} s; see {local.stack.paths.log}")
        time.sleep(0.3)


def _ask(local: Local, query: str, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    with closing(psycopg2.connect(local.stack.database_url(ANALYST))) as connection, connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return cursor.fetchone() or ()


def _tell(local: Local, account: Totals, played: float, seconds: float) -> None:
    vessels = _ask(local, VESSEL_COUNT, (TAIL,))[0]
    database = local.stack.database_url(ANALYST)
    print(
        f"""
Fairway is running. In {seconds:.0f} s it took in
  {account.received:>8,} messages of {MESSAGES:,} sent over UDP, at {account.received / played:,.0f} a second
  {account.stored:>8,} rows stored, {account.dropped:,} dropped by the filter as saying nothing new, {account.rejected:,} rejected
  {vessels:>8,} vessels on the map

Try next
  psql '{database}' -c 'SELECT mmsi, name, sog, lon, lat FROM ais.vessels_now LIMIT 10'
  .venv/bin/fairway tail 'filtered.#.denmark' --count 10
  .venv/bin/fairway status
  make down
"""
    )
