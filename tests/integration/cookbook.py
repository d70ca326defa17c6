"""The sample of docs/sql-cookbook.md: ten ships around the Great Belt, from 10:00 to 14:00 on 2 January 2026."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg2.extensions import connection as Connection

from fairway import clock
from fairway.flags import BITS
from fairway.records import Decoded, Position, Static
from services.db_inserter.stage import Inserter
from services.db_maintainer import density, rollups, tracks
from tests.integration.db_inserter.queries import query
from tests.integration.db_inserter.reports import filtered

BEGIN = datetime(2026, 1, 2, 10, 0, tzinfo=UTC)
LONG_AFTER = BEGIN + timedelta(days=30)
EVERY_MINUTES = 10
COAST, ORBIT = "coastal.belt", "satellite.orbit"
UNDER_WAY, AT_ANCHOR, RESTRICTED, MOORED = 0, 1, 3, 5
DARK_HOURS = (1.0, 3.5)

Way = Callable[[float], tuple[float, float]]  # from hours after BEGIN to lon and lat


@dataclass(frozen=True)
class Ship:
    """What a ship says: `says` of itself, from so many minutes after BEGIN on."""

    sog: float
    way: Way
    says: dict[int, dict[str, Any]] = field(default_factory=dict)
    nav_status: int = UNDER_WAY
    positions: int = 25
    silent_hours: tuple[float, float] = (0, 0)
    position: dict[str, Any] = field(default_factory=dict)


def to_and_fro(hours: float, leg_hours: float) -> float:
    """0 at one end, 1 at the other, where it is after a leg."""
    return abs((hours / leg_hours + 1) % 2 - 1)


SHIPS = {
    219000001: Ship(
        5.1,
        lambda h: (10.6 + 0.15 * h, 55.3),
        {
            0: {
                "name": "ASTRID",
                "ship_type": 70,
                "destination": "KALUNDBORG",
                "eta": "2026-01-02T17:00:00.000Z",
                "draught": 7.5,
            }
        },
    ),
    219000002: Ship(
        5.1,
        lambda h: (11.4 - 0.15 * h, 55.31),
        {0: {"name": "BODIL", "ship_type": 80, "imo": 9000002, "destination": "GDANSK", "draught": 11.2}},
    ),
    219000003: Ship(0.0, lambda h: (11.09, 55.679), {0: {"name": "CLARA", "ship_type": 60}}, nav_status=MOORED),
    219000004: Ship(2.4, lambda h: (10.7, 55.1 + 0.04 * h), {0: {"name": "DAGNY", "ship_type": 52}}, positions=22),
    219000005: Ship(3.4, lambda h: (10.5 + 0.1 * h, 55.1), {0: {"name": "ESTER", "ship_type": 30}}, positions=20),
    219000006: Ship(
        0.1,
        lambda h: (11.0, 55.62),
        {
            0: {
                "name": "FRIGG",
                "ship_type": 80,
                "destination": "DK KAL",
                "eta": "2026-01-02T21:30:00.000Z",
                "draught": 9.8,
            }
        },
        nav_status=AT_ANCHOR,
    ),
    219000007: Ship(
        2.7,
        lambda h: (10.9 + 0.08 * to_and_fro(h, 1), 55.75),
        {0: {"name": "GORM", "ship_type": 33}},
        nav_status=RESTRICTED,
    ),
    211000008: Ship(
        3.2,
        lambda h: (10.9 - 0.02 * h, 55.45 - 0.05 * h),
        {0: {"name": "HELGE", "ship_type": 30}, 210: {"name": "HOLGER", "ship_type": 30, "imo": 9000002}},
        silent_hours=DARK_HOURS,
    ),
    257000009: Ship(
        6.0,
        lambda h: (10.3, 55.2 + 0.1 * h),
        position={"msg_type": 18, "source": ORBIT, "time_source": "received"},
    ),
    219000010: Ship(
        32.0,
        lambda h: (10.75, 55.55 + 0.355 * to_and_fro(h, 2 / 3)),
        {0: {"name": "INGRID", "ship_type": 40}},
    ),
}


def fill(owner: Connection, inserter: Inserter, ships: Mapping[int, Ship] = SHIPS) -> None:
    """Store the sample as the inserter does, load a port, and compute what is derived."""
    inserter.handle([filtered(*_reports(ships), id="sample")])
    query(owner, "INSERT INTO ref.sources (name, what) VALUES ('cookbook', 'A port')")
    query(
        owner,
        "INSERT INTO ref.ports (locode, name, country, geom, source)"
        " VALUES ('DKKAL', 'Kalundborg', 'DK', st_point(11.09, 55.68, 4326), 'cookbook')",
    )
    for derived in (rollups, tracks, density):
        derived.refresh(owner, LONG_AFTER)


def _reports(ships: Mapping[int, Ship]) -> Iterator[Decoded]:
    for mmsi, ship in ships.items():
        for minutes, said in ship.says.items():
            yield Static(**_envelope(mmsi, minutes), msg_type=5, **said)
        for minutes in range(0, ship.positions * EVERY_MINUTES, EVERY_MINUTES):
            if not ship.silent_hours[0] < minutes / 60 < ship.silent_hours[1]:
                lon, lat = ship.way(minutes / 60)
                place = {"lon": round(lon, 6), "lat": round(lat, 6), "sog": ship.sog, "nav_status": ship.nav_status}
                yield Position(**{**_envelope(mmsi, minutes), "msg_type": 1, **place, **ship.position})
    yield Position(
        **_envelope(219000005, 125),
        msg_type=1,
        lon=14.0,
        lat=57.0,
        nav_status=UNDER_WAY,
        flags=BITS["implied_speed"],
    )


def _envelope(mmsi: int, minutes: int) -> dict[str, Any]:
    at = BEGIN + timedelta(minutes=minutes)
    return {
        "mmsi": mmsi,
        "source": COAST,
        "time_source": "tag_block",
        "event_time": clock.to_text(round(at.timestamp() * 1000)),
        "received_at": clock.to_text(round(at.timestamp() * 1000) + 800),
    }
