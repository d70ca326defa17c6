"""The sample of docs/sql-cookbook.md: five ships around the Great Belt, from 10:00 to 14:00 on 2 January 2026."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

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
SOURCE = "coastal.belt"
UNDER_WAY, MOORED = 0, 5

Way = Callable[[float], tuple[float, float]]  # from hours after BEGIN to lon and lat

# name, ship_type, nav_status, sog, positions, way
SHIPS: dict[int, tuple[str, int, int, float, int, Way]] = {
    219000001: ("ASTRID", 70, UNDER_WAY, 5.1, 25, lambda h: (10.6 + 0.15 * h, 55.3)),
    219000002: ("BODIL", 80, UNDER_WAY, 5.1, 25, lambda h: (11.4 - 0.15 * h, 55.31)),
    219000003: ("CLARA", 60, MOORED, 0.0, 25, lambda h: (11.09, 55.679)),
    219000004: ("DAGNY", 52, UNDER_WAY, 2.4, 22, lambda h: (10.7, 55.1 + 0.04 * h)),
    219000005: ("ESTER", 30, UNDER_WAY, 3.4, 20, lambda h: (10.5 + 0.1 * h, 55.1)),
}


def fill(owner: Connection, inserter: Inserter) -> None:
    """Store the sample as the inserter does, load a port, and compute what is derived."""
    inserter.handle([filtered(*_reports(), id="sample")])
    query(owner, "INSERT INTO ref.sources (name, what) VALUES ('cookbook', 'A port')")
    query(
        owner,
        "INSERT INTO ref.ports (locode, name, country, geom, source)"
        " VALUES ('DKKAL', 'Kalundborg', 'DK', st_point(11.09, 55.68, 4326), 'cookbook')",
    )
    for derived in (rollups, tracks, density):
        derived.refresh(owner, LONG_AFTER)


def _reports() -> Iterator[Decoded]:
    for mmsi, (name, ship_type, nav_status, sog, positions, way) in SHIPS.items():
        said = {"source": SOURCE, "mmsi": mmsi, "time_source": "tag_block"}
        yield Static(**said, **_times(0), msg_type=5, name=name, ship_type=ship_type)
        for number in range(positions):
            minutes = number * EVERY_MINUTES
            lon, lat = way(minutes / 60)
            yield Position(
                **said,
                **_times(minutes),
                msg_type=1,
                lon=round(lon, 6),
                lat=round(lat, 6),
                sog=sog,
                nav_status=nav_status,
            )
    yield Position(
        **said, **_times(125), msg_type=1, lon=14.0, lat=57.0, nav_status=UNDER_WAY, flags=BITS["implied_speed"]
    )


def _times(minutes: int) -> dict[str, str]:
    at = BEGIN + timedelta(minutes=minutes)
    return {
        "event_time": clock.to_text(round(at.timestamp() * 1000)),
        "received_at": clock.to_text(round(at.timestamp() * 1000) + 800),
    }
