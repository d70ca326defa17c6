"""Questions to derived tables, and what every test does with them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg2.extensions import connection as Connection

from services.db_maintainer import density, rollups, tracks
from tests.integration.db_inserter import queries as of_inserter
from tests.integration.db_inserter.queries import query

DERIVED = ("positions_30min", "positions_12h", "vessel_days", "tracks", "density")
OPS = ("changed_periods", "stale_periods", "refreshed", "frozen_days", "forgotten")
MIDNIGHT = datetime(2026, 1, 3, tzinfo=UTC)
LONG_AFTER = MIDNIGHT + timedelta(days=30)


def empty(db: Connection) -> None:
    of_inserter.empty(db)
    query(db, "; ".join(f"DELETE FROM {name}" for name in (*map("ais.{}".format, DERIVED), *map("ops.{}".format, OPS))))


def refresh(connection: Connection, now: datetime = LONG_AFTER) -> int:
    """Bring everything up to date as at some time; how many rows were written."""
    return sum(module.refresh(connection, now) for module in (rollups, tracks, density))


def derived(db: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All that is derived, in an order that does not depend on how it came."""
    return {name: sorted(query(db, f"SELECT t::text FROM ais.{name} AS t")) for name in DERIVED}
