"""A month of positions of a simulated fleet that goes to and fro between ports, loaded by binary COPY.

Each vessel has a lane of its own between two ports. It lies in port for a quarter of the time of a leg, and sails the rest on a
straight line at one speed, so that it is known where it was at any moment.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import numpy as np
import psycopg2
from numpy.typing import NDArray
from psycopg2.extensions import connection as Connection

from fairway.clock import midnight

Reals = NDArray[np.float64]
Places = NDArray[np.int64]

FIRST_DAY = date(2026, 1, 1)
DAYS = 30
WEST, SOUTH, EAST, NORTH = -10.0, 40.0, 25.0, 62.0
PORTS = 200
FIRST_MMSI = 219_000_000
LABELS = 4  # sources
IN_PORT = 0.25  # of the time of a leg
SECONDS_A_DAY = 86_400
METRES_A_DEGREE = 111_195.0
MOORED, UNDER_WAY = 5, 0
SOURCE = "bench.month"

# A month whose first day has a partition of its own goes on in days, however long ago it is.
_FIRST_PARTITION = """
    CREATE TABLE ais.positions_{day:%Y%m%d} (LIKE ais.position_rows INCLUDING ALL);
    ALTER TABLE ais.position_rows ATTACH PARTITION ais.positions_{day:%Y%m%d}
        FOR VALUES FROM ('{day} 00:00+00') TO ('{day} 24:00+00')
"""
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # of timestamps in binary COPY
_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_COLUMNS = (
    ("event_time", ">i8"),
    ("received_at", ">i8"),
    ("mmsi", ">i4"),
    ("lon", ">i4"),
    ("lat", ">i4"),
    ("label", ">i4"),
    ("sog", ">f4"),
    ("cog", ">f4"),
    ("msg_type", ">i2"),
    ("heading", ">i2"),
    ("nav_status", ">i2"),
)
_ROW = np.dtype(
    [("fields", ">i2"), *(pair for name, kind in _COLUMNS for pair in ((f"{name} bytes", ">i4"), (name, kind)))]
)


@dataclass(frozen=True)
class Fleet:
    """Where each vessel is at any time. `begins` and `ends` are places of ports."""

    ports: Reals  # lon, lat
    begins: Places
    ends: Places
    leg_seconds: Reals
    offset: Reals  # legs that it had gone at the beginning

    def __len__(self) -> int:
        return len(self.begins)

    def at(self, vessels: Places, seconds: Reals) -> tuple[Reals, Reals, Reals, Reals]:
        """lon, lat, sog (knots) and cog (degrees) of some vessels, each so many seconds after the month's beginning."""
        legs = seconds / self.leg_seconds[vessels] + self.offset[vessels]
        goes_back = legs.astype(np.int64) % 2 == 1
        share = np.maximum(legs % 1 - IN_PORT, 0) / (1 - IN_PORT)
        one, other = self.ports[self.begins[vessels]], self.ports[self.ends[vessels]]
        start, end = np.where(goes_back[:, None], other, one), np.where(goes_back[:, None], one, other)
        lon, lat = (start + share[:, None] * (end - start)).T
        east = (end[:, 0] - start[:, 0]) * np.cos(np.radians((start[:, 1] + end[:, 1]) / 2))
        north = end[:, 1] - start[:, 1]
        metres = np.hypot(east, north) * METRES_A_DEGREE
        knots = metres / (self.leg_seconds[vessels] * (1 - IN_PORT)) * 3600 / 1852
        return lon, lat, np.where(share > 0, knots, 0.0), np.degrees(np.arctan2(east, north)) % 360


def fleet(vessels: int, seed: int = 1) -> Fleet:
    """So many vessels on lanes of 30 to 400 km, at 6 to 20 knots."""
    random = np.random.default_rng(seed)
    ports = np.column_stack((random.uniform(WEST, EAST, PORTS), random.uniform(SOUTH, NORTH, PORTS)))
    east = (ports[:, None, 0] - ports[None, :, 0]) * np.cos(np.radians(ports[:, 1]))[:, None]
    metres = np.hypot(east, ports[:, None, 1] - ports[None, :, 1]) * METRES_A_DEGREE
    pairs = np.argwhere((metres > 30_000) & (metres < 400_000))
    begins, ends = pairs[random.integers(0, len(pairs), vessels)].T
    knots = random.uniform(6, 20, vessels)
    leg_seconds = metres[begins, ends] / (knots * 1852 / 3600) / (1 - IN_PORT)
    return Fleet(ports, begins, ends, leg_seconds, random.uniform(0, 2, vessels))


def load(url: str, ships: Fleet, positions: int, days: int = DAYS) -> None:
    """Fill the tables of a migrated database: about so many positions, the latest ones, vessels and ports."""
    with closing(psycopg2.connect(url)) as connection:
        with connection, connection.cursor() as cursor:
            cursor.execute(_FIRST_PARTITION.format(day=FIRST_DAY))
        labels = _make_labels(connection)
        for day in range(days):
            _load_day(connection, ships, day, positions // days, labels)
        _make_vessels(connection, ships, days)
        _make_ports(connection, ships)
        connection.autocommit = True
        connection.cursor().execute("VACUUM ANALYZE")


def day_of(number: int) -> date:
    """The date of a day of the month, counted from 0."""
    return FIRST_DAY + timedelta(days=number)


def _load_day(connection: Connection, ships: Fleet, day: int, positions: int, labels: Sequence[int]) -> None:
    name = f"ais.positions_{day_of(day):%Y%m%d}"
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT ais.ensure_partition(%s)", [day_of(day)])
        columns = ", ".join(column for column, _ in _COLUMNS)
        for rows in _rows(ships, day, positions, labels):
            body = BytesIO(_SIGNATURE + rows.tobytes() + _END)
            cursor.copy_expert(f"COPY {name} ({columns}) FROM STDIN (FORMAT binary)", body, size=1 << 20)
        cursor.execute(
            "INSERT INTO ops.changed_periods (period) SELECT %s::date::timestamp AT TIME ZONE 'UTC' + n * interval '30 minutes'"
            " FROM generate_series(0, 47) AS n",
            [day_of(day)],
        )


def _rows(ships: Fleet, day: int, positions: int, labels: Sequence[int]) -> Iterator[NDArray[np.void]]:
    """The rows of a day hour by hour, in the order of time."""
    random = np.random.default_rng(1000 + day)
    for hour in range(24):
        count = positions // 24
        vessels = random.integers(0, len(ships), count)
        seconds = np.sort(np.floor(random.uniform(0, 3600, count) * 1000) / 1000) + day * SECONDS_A_DAY + hour * 3600
        lon, lat, sog, cog = ships.at(vessels, seconds)
        rows = np.zeros(count, _ROW)
        rows["fields"] = len(_COLUMNS)
        for column, kind in _COLUMNS:
            rows[f"{column} bytes"] = np.dtype(kind).itemsize
        rows["event_time"] = ((midnight(FIRST_DAY) - _EPOCH).total_seconds() + seconds) * 1e6
        rows["received_at"] = rows["event_time"] + 1_500_000
        rows["mmsi"] = FIRST_MMSI + vessels
        rows["lon"], rows["lat"] = np.round(lon * 1e7), np.round(lat * 1e7)
        rows["label"] = np.array(labels)[vessels % LABELS]
        rows["sog"], rows["cog"] = np.round(sog, 1), np.round(cog, 1)
        rows["heading"], rows["msg_type"] = cog.astype(np.int64), 1
        rows["nav_status"] = np.where(sog > 0, UNDER_WAY, MOORED)
        yield rows


def _make_labels(connection: Connection) -> list[int]:
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ais.position_labels (own_ship, low_resolution, source, time_source, channel, talker)"
            " SELECT false, false, %s || '.' || n, 'tag_block', 'A', 'AI' FROM generate_series(1, %s) AS n RETURNING id",
            [SOURCE, LABELS],
        )
        return [number for (number,) in cursor.fetchall()]


def _make_vessels(connection: Connection, ships: Fleet, days: int) -> None:
    end = day_of(days)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ais.vessels (mmsi, name, callsign, imo, ship_type, to_bow, to_stern, to_port, to_starboard,"
            " first_time, last_time, source)"
            " SELECT %s + n, 'VESSEL ' || n, 'OX' || n, 9000000 + n, 60 + n %% 30, 80, 20, 8, 8, %s, %s, %s"
            " FROM generate_series(0, %s) AS n",
            [FIRST_MMSI, FIRST_DAY, end, SOURCE, len(ships) - 1],
        )
        columns = ", ".join(column for column, _ in _COLUMNS)
        cursor.execute(
            f"INSERT INTO ais.latest_position_rows ({columns}) SELECT DISTINCT ON (mmsi) {columns}"
            " FROM ais.position_rows WHERE event_time >= %s ORDER BY mmsi, event_time DESC",
            [end - timedelta(days=1)],
        )


def _make_ports(connection: Connection, ships: Fleet) -> None:
    with connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO ref.sources (name, what) VALUES (%s, 'Ports of a simulated month')", [SOURCE])
        cursor.executemany(
            "INSERT INTO ref.ports (locode, name, country, geom, source) VALUES (%s, %s, 'XX', st_point(%s, %s, 4326), %s)",
            [(f"XX{n:03}", f"Port {n}", *place, SOURCE) for n, place in enumerate(ships.ports.tolist())],
        )
