"""What it costs to keep derived tables up to date: `python -m benchmarks.rollups [--positions N] [--vessels N]`.

A day of positions, half of the vessels at rest and half under way at up to 20 knots, is copied as a live feed brings it: five
minutes at a time, in the order of MMSI. Timed are the first computation of that day, and its last half hour once more.
"""

import argparse
import io
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from psycopg2.extensions import connection as Connection

from benchmarks import machine
from benchmarks.stack import servers
from fairway import database
from services.db_maintainer import density, rollups, tracks

DAY = datetime(2026, 1, 2, tzinfo=UTC)
SECONDS_A_DAY = 86_400
GROUP_SECONDS = 300
FIRST_MMSI = 200_000_000
FASTEST = 20.0  # knots
DEGREES_IN_A_KNOT_SECOND = 1 / 60 / 3600
LONG_AFTER = DAY + timedelta(days=2)
JOBS = {"rollups": rollups.refresh, "tracks": tracks.refresh, "density": density.refresh}

_LABEL = "INSERT INTO ais.position_labels (own_ship, source, time_source) VALUES (false, 'a', 'received') RETURNING id"
_COPY = "COPY ais.position_rows (event_time, received_at, mmsi, lon, lat, label, sog, cog, msg_type) FROM STDIN"
_NOTE = (
    "INSERT INTO ops.changed_periods (period) SELECT %s + n * interval '30 minutes' FROM generate_series(%s, 47) AS n"
)
_SIZES = """
    SELECT table_name, (
        SELECT sum(pg_total_relation_size(part))::bigint
        FROM (SELECT inhrelid FROM pg_inherits WHERE inhparent = table_name UNION ALL SELECT table_name) AS parts (part)
    )
    FROM unnest('{position_rows,positions_30min,positions_12h,vessel_days,tracks,density}'::text[]) AS name
    CROSS JOIN LATERAL (VALUES (('ais.' || name)::regclass)) AS t (table_name)
"""


def main() -> None:
    """Start a database of its own, and print a table of seconds and rates and one of sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--positions", type=int, default=3_000_000)
    parser.add_argument("--vessels", type=int, default=20_000)
    options = parser.parse_args()
    print(machine.heading("python -m benchmarks.rollups")[1], flush=True)
    with TemporaryDirectory() as folder, servers(Path(folder)) as local:
        url = local.stack.database_url()
        database.migrate(url)
        with closing(database.connect(url, "fairway benchmark")) as connection:
            for line in _lines(connection, options.positions, options.vessels):
                print(line, flush=True)


def _lines(connection: Connection, positions: int, vessels: int) -> Iterator[str]:
    seconds = _load(connection, positions, vessels)
    yield f"\n{positions:,} positions of {vessels:,} vessels in one day, copied in {seconds:.0f} s."
    yield "\n| refresh | of | seconds | positions/s | rows written | rows/s |\n|---|---|--:|--:|--:|--:|"
    for first_half_hour, what, share in ((0, "the day", 1.0), (47, "its last half hour", 1 / 48)):
        _execute(connection, _NOTE, DAY, first_half_hour)
        for name, refresh in JOBS.items():
            begin = time.perf_counter()
            rows = refresh(connection, LONG_AFTER)
            seconds = time.perf_counter() - begin
            rates = f"{positions * share / seconds:,.0f} | {rows:,} | {rows / seconds:,.0f}"
            yield f"| {name} | {what} | {seconds:.1f} | {rates} |"
    yield "\n| table | MB |\n|---|--:|"
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        yield from (f"| {name} | {size / 1e6:.0f} |" for name, size in cursor.fetchall())


def _load(connection: Connection, positions: int, vessels: int) -> float:
    """Seconds that it took."""
    begin = time.perf_counter()
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT ais.ensure_partition(%s)", [DAY.date()])
        cursor.execute(_LABEL)
        [label] = cursor.fetchone() or [0]
        for group in _groups(positions, vessels, label):
            cursor.copy_expert(_COPY, group)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE ais.position_rows")
    connection.autocommit = False
    return time.perf_counter() - begin


def _groups(positions: int, vessels: int, label: int) -> Iterator[io.StringIO]:
    random = np.random.default_rng(6)
    interval = SECONDS_A_DAY * vessels / positions
    speed = np.where(random.random(vessels) < 0.5, 0, random.uniform(1, FASTEST, vessels)).round(1)
    course = random.uniform(0, 359.9, vessels).round(1)
    lon, lat = random.uniform(-5, 15, vessels), random.uniform(50, 60, vessels)
    phase = random.uniform(0, interval, vessels)
    for start in range(0, SECONDS_A_DAY, GROUP_SECONDS):
        first = np.ceil((start - phase) / interval)
        count = np.ceil((start + GROUP_SECONDS - phase) / interval) - first
        vessel = np.repeat(np.arange(vessels), count.astype(np.int64))
        turn = np.arange(len(vessel)) - np.repeat(np.cumsum(count) - count, count.astype(np.int64))
        second = phase[vessel] + (first[vessel] + turn) * interval
        way = speed[vessel] * second * DEGREES_IN_A_KNOT_SECOND
        turned = np.radians(course[vessel])
        north = lat[vessel] + way * np.cos(turned) + random.normal(0, 2e-5, len(vessel))
        east = (
            lon[vessel] + way * np.sin(turned) / np.cos(np.radians(lat[vessel])) + random.normal(0, 2e-5, len(vessel))
        )
        columns = (second, vessel + FIRST_MMSI, (east * 1e7).astype(int), (north * 1e7).astype(int))
        said = zip(
            *(column.tolist() for column in columns), speed[vessel].tolist(), course[vessel].tolist(), strict=True
        )
        rows = (
            f"{moment}\t{moment}\t{mmsi}\t{x}\t{y}\t{label}\t{sog}\t{cog}\t1\n"
            for seconds, mmsi, x, y, sog, cog in said
            for moment in (DAY + timedelta(milliseconds=round(seconds * 1000)),)
        )
        yield io.StringIO("".join(rows))


def _execute(connection: Connection, statement: str, *values: object) -> None:
    with connection, connection.cursor() as cursor:
        cursor.execute(statement, values)


if __name__ == "__main__":
    main()
