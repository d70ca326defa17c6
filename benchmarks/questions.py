"""How long questions take that analysts ask, over a month of positions, beside the same on a table of the usual design.

The usual design is that of the reference system: one row of texts and a geometry for each report, in partitions of seven days,
with indexes of time, of MMSI and time, and of the place.

    python -m benchmarks.questions                        100 million positions of 20,000 vessels: an hour or two, 60 GB of disk
    python -m benchmarks.questions --positions 3000000    a small try
    python -m benchmarks.questions --folder DIRECTORY     keeps the database there, and asks one that is there already anew

All days but the last are closed, as the maintainer does it.

Before the calls of each question the server is started anew, so that its own buffers are empty; what the kernel keeps of the
files is not emptied.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psycopg2
from psycopg2.extensions import cursor as Cursor

from benchmarks import month
from benchmarks.machine import heading
from fairway import database, topics
from fairway.clock import midnight
from fairway.stack.local import LocalStack
from services.db_maintainer import tracks
from services.db_maintainer.archiving import archive_day
from services.db_maintainer.close import Closing, close_partitions

CALLS = 200
WEEK_DAYS = 7
Arguments = dict[str, Any]

USUAL_TABLE = """
    CREATE TABLE public.pos_reports (
        mmsi text NOT NULL, navigation_status text, rot smallint, sog numeric(4, 1),
        longitude double precision NOT NULL, latitude double precision NOT NULL, position geometry(Point, 4326),
        cog numeric(4, 1), hdg numeric(4, 1), event_time timestamptz NOT NULL, server_time timestamptz NOT NULL,
        msg_type text, routing_key text
    ) PARTITION BY RANGE (event_time)
"""
USUAL_ROWS = """
    INSERT INTO public.pos_reports
    SELECT r.mmsi::text, r.nav_status::text, NULL, r.sog, r.lon / 1e7, r.lat / 1e7, st_point(r.lon / 1e7, r.lat / 1e7, 4326),
        r.cog, r.heading, r.event_time, r.received_at, r.msg_type::text, 'ais.bench.month'
    FROM ais.position_rows AS r WHERE r.event_time >= %s AND r.event_time < %s
"""
USUAL_INDEXES = (
    "CREATE INDEX ON public.pos_reports (event_time DESC)",
    "CREATE INDEX ON public.pos_reports (mmsi, event_time DESC)",
    "CREATE INDEX ON public.pos_reports USING gist (position)",
)


@dataclass(frozen=True)
class Question:
    """`ours` and `usual` ask the same; `milliseconds` is what 19 of 20 calls of ours should take at most."""

    name: str
    milliseconds: float
    ours: str
    usual: str
    arguments: Callable[[np.random.Generator, month.Fleet, int], Arguments]


def _box(random: np.random.Generator, ships: month.Fleet) -> Arguments:
    """A degree around a port."""
    lon, lat = ships.ports[random.integers(len(ships.ports))].tolist()
    return {"west": lon - 0.5, "south": lat - 0.5, "east": lon + 0.5, "north": lat + 0.5}


def _moment(random: np.random.Generator, days: int, hours_before: float = 0) -> datetime:
    start = midnight(month.FIRST_DAY)
    return start + timedelta(seconds=random.uniform(hours_before * 3600, days * 86_400))


def _in_a_box(random: np.random.Generator, ships: month.Fleet, days: int) -> Arguments:
    return {**_box(random, ships), "at": _moment(random, days, 1)}


def _of_a_vessel(random: np.random.Generator, ships: month.Fleet, days: int) -> Arguments:
    end = _moment(random, days, 24)
    return {"mmsi": month.FIRST_MMSI + int(random.integers(len(ships))), "begin": end - timedelta(days=1), "end": end}


def _of_a_line(random: np.random.Generator, ships: month.Fleet, days: int) -> Arguments:
    """Some 50 km across the middle of a lane."""
    vessel = int(random.integers(len(ships)))
    one, other = ships.ports[ships.begins[vessel]], ships.ports[ships.ends[vessel]]
    middle, across = (one + other) / 2, (other - one)[::-1] * (-1, 1)
    across = across / np.hypot(*across) * 0.25
    (x1, y1), (x2, y2) = middle - across, middle + across
    end = _moment(random, days, 24)
    return {"line": f"LINESTRING({x1} {y1}, {x2} {y2})", "begin": end - timedelta(days=1), "end": end}


def _of_a_month(random: np.random.Generator, ships: month.Fleet, days: int) -> Arguments:
    start = midnight(month.FIRST_DAY)
    return {
        "mmsi": month.FIRST_MMSI + int(random.integers(len(ships))),
        "begin": start,
        "end": start + timedelta(days=days),
    }


_ENVELOPE = "st_makeenvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)"
QUESTIONS = (
    Question(
        "latest positions in a box of one degree",
        30,
        f"SELECT * FROM ais.vessels_now WHERE geom && {_ENVELOPE}",
        # The usual design has no table of the latest ones: those of the last hour are looked through
        f"""SELECT * FROM (
            SELECT DISTINCT ON (mmsi) * FROM public.pos_reports
            WHERE event_time > (SELECT max(event_time) FROM public.pos_reports) - interval '1 hour' ORDER BY mmsi, event_time DESC
        ) AS p WHERE position && {_ENVELOPE}""",
        _in_a_box,
    ),
    Question(
        "one vessel's track of 24 hours",
        20,
        "SELECT * FROM ais.vessel_track(%(mmsi)s, %(begin)s, %(end)s)",
        """SELECT st_makeline(position ORDER BY event_time) FROM public.pos_reports
            WHERE mmsi = %(mmsi)s::text AND event_time >= %(begin)s AND event_time < %(end)s""",
        _of_a_vessel,
    ),
    Question(
        "vessels in a box of one degree at a past time",
        100,
        f"SELECT * FROM ais.vessels_at(%(at)s, '30 minutes', {_ENVELOPE})",
        f"""SELECT * FROM (
            SELECT DISTINCT ON (mmsi) * FROM public.pos_reports
            WHERE event_time > %(at)s - interval '30 minutes' AND event_time <= %(at)s ORDER BY mmsi, event_time DESC
        ) AS p WHERE position && {_ENVELOPE}""",
        _in_a_box,
    ),
    Question(
        "crossings of a line of 50 km in 24 hours",
        300,
        "SELECT * FROM ais.crossings(st_geomfromtext(%(line)s, 4326), %(begin)s, %(end)s)",
        """SELECT * FROM (
            SELECT mmsi, event_time, st_makeline(position, lead(position) OVER (PARTITION BY mmsi ORDER BY event_time)) AS step
            FROM public.pos_reports WHERE event_time >= %(begin)s AND event_time < %(end)s
                AND position && st_expand(st_geomfromtext(%(line)s, 4326), 0.2)
        ) AS s WHERE st_intersects(step, st_geomfromtext(%(line)s, 4326))""",
        _of_a_line,
    ),
    Question(
        "a vessel's visits to ports in a month",
        300,
        "SELECT * FROM ais.port_visits(%(mmsi)s, %(begin)s, %(end)s)",
        """SELECT p.name, min(event_time), max(event_time) FROM public.pos_reports
            JOIN LATERAL (
                SELECT name FROM ref.ports WHERE st_dwithin(geom, position, 0.05) ORDER BY geom <-> position LIMIT 1
            ) AS p ON true
            WHERE mmsi = %(mmsi)s::text AND event_time >= %(begin)s AND event_time < %(end)s AND sog < 3 GROUP BY p.name""",
        _of_a_month,
    ),
)


def measure(stack: LocalStack, ships: month.Fleet, days: int, calls: int = CALLS) -> Iterator[str]:
    """The lines of a table: 19 of 20 calls of each question take at most so long, in milliseconds."""
    yield "| question | goal, ms | rows | Fairway: p50, ms | p95, ms | usual design: p50, ms | p95, ms | ratio of p95 |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for question in QUESTIONS:
        random = np.random.default_rng(7)
        asked = [question.arguments(random, ships, days) for _ in range(calls)]
        rows, ours = _timed(stack, question.ours, asked)
        _, usual = _timed(stack, question.usual, asked[: max(calls // 10, 10)])
        p50, p95, usual_p50, usual_p95 = (np.percentile(times, share) for times in (ours, usual) for share in (50, 95))
        figures = f"{p50:.1f} | {p95:.1f} | {usual_p50:.1f} | {usual_p95:.1f} | {usual_p95 / p95:.1f}"
        yield f"| {question.name} | {question.milliseconds:.0f} | {rows:.0f} | {figures} |"


def _timed(stack: LocalStack, statement: str, asked: list[Arguments]) -> tuple[float, list[float]]:
    """Rows of a call, and milliseconds of each, by a server that was just started."""
    stack.stop()
    stack.start_servers(topics.definitions())
    times, rows = [], 0
    with closing(psycopg2.connect(stack.database_url())) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        for arguments in asked:
            began = time.perf_counter()
            cursor.execute(statement, arguments)
            rows += len(cursor.fetchall())
            times.append((time.perf_counter() - began) * 1000)
    return rows / len(asked), times


def _load_usual(cursor: Cursor, days: int) -> None:
    cursor.execute(USUAL_TABLE)
    for first in range(0, days, WEEK_DAYS):
        begin, end = month.day_of(first), month.day_of(first + WEEK_DAYS)
        bounds = f"FOR VALUES FROM ('{begin}') TO ('{end}')"
        cursor.execute(f"CREATE TABLE public.pos_reports_{first} PARTITION OF public.pos_reports {bounds}")
        cursor.execute(USUAL_ROWS, [begin, end])
    for index in USUAL_INDEXES:
        cursor.execute(index)
    cursor.execute("VACUUM ANALYZE public.pos_reports")


def _sizes(cursor: Cursor) -> Iterator[str]:
    for name, table in ("Fairway", "ais.position_rows"), ("usual design", "public.pos_reports"):
        cursor.execute(
            "SELECT c.relname, sum(pg_total_relation_size(c.oid)), sum(c.reltuples) FROM pg_inherits"
            " JOIN pg_class AS c ON c.oid = inhrelid WHERE inhparent = %s::regclass AND c.reltuples > 0"
            " GROUP BY ROLLUP (c.relname) ORDER BY c.relname",
            [table],
        )
        sizes = [float(size) / rows for _, size, rows in cursor.fetchall()]
        yield f"{name}: {sizes[-1]:.0f} bytes a position with its indexes; first partition {sizes[0]:.0f}, last {sizes[-2]:.0f}."


def _prepare(url: str, ships: month.Fleet, given: argparse.Namespace) -> Iterator[str]:
    """Load, and do what the maintainer does in a month; what it took."""
    began = time.monotonic()
    database.migrate(url)
    month.load(url, ships, given.positions, given.days)
    yield (
        f"{given.positions:,} positions of {given.vessels:,} vessels in {given.days} days, loaded in {_since(began):,} s."
    )
    with closing(psycopg2.connect(url)) as connection:
        began = time.monotonic()
        lines = tracks.refresh(connection)
        yield f"{lines:,} tracks made in {_since(began):,} s."
    with closing(psycopg2.connect(url)) as connection:
        began = time.monotonic()
        last_day = datetime.now(UTC) - midnight(month.day_of(given.days - 1))
        closed = close_partitions(connection, Closing(after=last_day, quiet=timedelta(0)))
        yield f"{closed} days closed in {_since(began):,} s."
    with closing(psycopg2.connect(url)) as connection, tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        began = time.monotonic()
        files = archive_day(connection, month.FIRST_DAY, Path(folder), noted=False)
        size, rows = sum(file.bytes for file in files), sum(file.contents.rows for file in files)
        yield f"A day archived in {_since(began):,} s: {size / rows:.1f} bytes a position."
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE")
        began = time.monotonic()
        _load_usual(cursor, given.days)
        yield f"The usual design filled and indexed in {_since(began):,} s."
        yield from _sizes(cursor)


def _since(began: float) -> int:
    return round(time.monotonic() - began)


def _run(stack: LocalStack, given: argparse.Namespace, account: Path) -> Iterator[str]:
    """`account` is what the making of the database said, when it is made."""
    ships = month.fleet(given.vessels)
    if account.exists():
        yield account.read_text()
    else:
        lines = []
        for line in _prepare(stack.database_url(), ships, given):
            lines.append(line)
            yield line
        account.write_text("\n".join(lines))
    yield ""
    yield from measure(stack, ships, given.days, given.calls)


def main() -> None:
    """Load and measure."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--positions", type=int, default=100_000_000)
    options.add_argument("--vessels", type=int, default=20_000)
    options.add_argument("--days", type=int, default=month.DAYS)
    options.add_argument("--calls", type=int, default=CALLS)
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    print("\n".join(heading(f"python -m benchmarks.questions {' '.join(sys.argv[1:])}")), end="\n\n")
    with ExitStack() as stays:
        folder = given.folder or Path(stays.enter_context(tempfile.TemporaryDirectory(dir=Path.cwd())))
        stack = LocalStack(folder.absolute() / ".fairway")
        stays.callback(stack.stop if given.folder else stack.clean)
        stack.start_servers(topics.definitions())
        for line in _run(stack, given, folder / "loaded.txt"):
            print(line, flush=True)


if __name__ == "__main__":
    main()
