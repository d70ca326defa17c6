"""What the upkeep of the database costs: `python -m benchmarks.upkeep [POSITIONS]`, a few minutes.

Positions of simulated ships go through the inserter's own code into a private PostgreSQL. Told are bytes for each before and
after their day is closed, and in the archive; seconds and memory for that; and how fast the inserter is alone and beside it.
"""

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from pathlib import Path

import psycopg2

from benchmarks import machine
from benchmarks.processes import peak_megabytes
from fairway import clock, database, topics
from fairway.messages import Account, Message
from fairway.stack.local import LocalStack
from services.db_inserter.stage import Inserter
from services.db_maintainer.__main__ import NICENESS
from services.db_maintainer.archiving import archive_expired
from services.db_maintainer.close import Closing, close_partitions
from services.db_maintainer.retain import delete_expired

POSITIONS = 1_000_000
VESSELS = 3000
TURNS = 3
BATCH_RECORDS, GROUP_BATCHES = 4000, 25
TODAY = datetime.now(UTC).date()
FIRST_DAY = TODAY - timedelta(days=60)
OLD_DAYS = 40  # from which on days are closed, archived and dropped
SPAWN = get_context("spawn")  # a fork would begin with all positions in its memory
AT_ONCE = Closing(timedelta(days=OLD_DAYS), timedelta(0))
SIZE = "SELECT table_bytes, index_bytes FROM ops.partitions WHERE name = %s"
_EVENT_TIME = re.compile(rb'"event_time":"([^"]+)","received_at":"[^"]+"')

Batches = Sequence[bytes]


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else POSITIONS
    print("\n".join(machine.heading("python -m benchmarks.upkeep")[1:]), f"Load {machine.load()}.")
    with tempfile.TemporaryDirectory() as folder:
        stack = LocalStack(Path(folder) / ".fairway")
        try:
            stack.start_servers(topics.definitions())
            url = stack.database_url()
            database.migrate(url)
            batches = list(_simulated(Path(folder), count))
            _sizes(url, batches, Path(folder) / "archive")
            _rates(url, batches, Path(folder) / "archive")
        finally:
            stack.clean()


def _sizes(url: str, batches: Batches, archive: Path) -> None:
    rows = _insert(url, batches, FIRST_DAY)[0]
    before = _ask(url, SIZE, f"positions_{FIRST_DAY:%Y%m%d}")
    close_seconds, _ = _in_a_process(_close, url)
    after = _ask(url, SIZE, f"positions_{FIRST_DAY:%Y%m%d}")
    _ask(
        url,
        "INSERT INTO ops.retention (table_name, days, archive) VALUES ('positions', %s, true) RETURNING days",
        OLD_DAYS,
    )
    archive_seconds, megabytes = _in_a_process(_archive, url, archive)
    [archived] = _ask(url, "SELECT sum(bytes) FROM ops.archives")
    for what, size in ("open", before), ("closed, with the spatial index", after):
        print(f"{what}: {sum(size) / rows:.1f} bytes a position, of which its indexes {size[1] / rows:.1f}")
    print(f"archived: {float(archived) / rows:.2f} bytes a position")
    print(
        f"closing {rows:,} positions: {close_seconds:.1f} s; archiving: {archive_seconds:.1f} s, at most {megabytes:.0f} MB"
    )


def _rates(url: str, batches: Batches, archive: Path) -> None:
    """The inserter alone, then beside a maintainer that closes, archives and drops the days before."""
    alone, beside = [], []
    for turn in range(TURNS):
        rows, seconds = _insert(url, batches, FIRST_DAY + timedelta(days=1 + turn))
        alone.append(rows / seconds)
        maintainer = SPAWN.Process(target=_all, args=(url, archive))
        maintainer.start()
        rows, seconds = _insert(url, batches, TODAY - timedelta(days=20 - turn), maintainer)
        maintainer.join()
        beside.append(rows / seconds)
    print("inserted a second, alone:", ", ".join(f"{rate:,.0f}" for rate in alone))
    print("beside upkeep:", ", ".join(f"{rate:,.0f}" for rate in beside), f"({sum(beside) / sum(alone):.0%})")


def _insert(url: str, batches: Batches, day: date, beside: SpawnProcess | None = None) -> tuple[int, float]:
    """How many rows in how many seconds; of those beside a process, while it lives."""
    rows, began = 0, time.monotonic()
    with closing(Inserter(url, ledger_days=14, partition_days_ahead=1)) as inserter:
        for start in range(0, len(batches), GROUP_BATCHES):
            if beside is not None and not beside.is_alive():
                break
            group = [
                _message(body, f"{day}/{start + n}", day)
                for n, body in enumerate(batches[start : start + GROUP_BATCHES])
            ]
            inserter.handle(group)
            rows += sum(message.records for message in group)
    return rows, time.monotonic() - began


def _message(body: bytes, id: str, day: date) -> Message:
    records = body.count(b"\n")
    moved = body.replace(FIRST_DAY.isoformat().encode(), day.isoformat().encode())
    return Message("filtered.ais.simulated.sea", id, moved, records, Account(records), clock.to_text(clock.now_ms()))


def _simulated(folder: Path, count: int) -> Iterator[bytes]:
    """Batches of positions, received some tenths of a second after they were sent."""
    sentences, chance = folder / "sentences.nmea", random.Random(1)
    command = [
        sys.executable,
        "-m",
        "simulator",
        "--to",
        f"file://{sentences}",
        "--vessels",
        str(VESSELS),
        "--rate",
        "0",
    ]
    subprocess.run(
        [*command, "--count", str(count * 11 // 10), "--start", f"{FIRST_DAY}T00:00:00Z", "--quiet"], check=True
    )

    def received(found: re.Match[bytes]) -> bytes:
        sent = found[1].decode()
        later = clock.to_text(clock.to_ms(sent) + chance.randrange(50, 450))
        return f'"event_time":"{sent}","received_at":"{later}"'.encode()

    decode = [sys.executable, "-m", "fairway.cli", "decode", str(sentences)]
    with subprocess.Popen(decode, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = (line for line in process.stdout if b'"kind":"position"' in line)
        batch: list[bytes] = []
        for _, line in zip(range(count), lines, strict=False):
            batch.append(_EVENT_TIME.sub(received, line))
            if len(batch) == BATCH_RECORDS:
                yield b"".join(batch)
                batch = []
        process.kill()


def _close(url: str) -> None:
    with closing(database.connect(url)) as connection:
        close_partitions(connection, AT_ONCE)


def _archive(url: str, archive: Path) -> None:
    with closing(database.connect(url)) as connection:
        archive_expired(connection, archive)


def _all(url: str, archive: Path) -> None:
    """As the maintainer does it."""
    os.nice(NICENESS)
    _close(url)
    _archive(url, archive)
    with closing(database.connect(url)) as connection:
        delete_expired(connection)


def _in_a_process(work: Callable[..., None], *arguments: object) -> tuple[float, float]:
    """Seconds, and the most memory in megabytes."""
    began, peak = time.monotonic(), 0.0
    process = SPAWN.Process(target=work, args=arguments)
    process.start()
    while process.is_alive():
        with suppress(OSError):  # it has just ended
            peak = max(peak, peak_megabytes(process.pid or 0))
        process.join(0.1)
    if process.exitcode:
        raise RuntimeError("the upkeep failed")
    return time.monotonic() - began, peak


def _ask(url: str, question: str, *values: object) -> tuple[int, ...]:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(question, values or None)
        row: tuple[int, ...] = cursor.fetchone() or ()
        return row


if __name__ == "__main__":
    main()
