"""Which tables belong together, as people join them: foreign keys are few, since rows must go in fast and in any order.

A test asks the database every one of these, and whether they meet the one row that they are said to.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Join:
    """Rows of `table` and what belongs to them in `other`: at most one row, or several where `several` says so."""

    table: str
    other: str
    condition: str
    meaning: str
    several: bool = False

    @property
    def sql(self) -> str:
        return f"{self.table} JOIN {self.other} ON {self.condition}"

    def columns(self, table: str) -> list[str]:
        """The columns of one of the two that the condition speaks of."""
        return re.findall(rf"\b{re.escape(table)}\.(\w+)", self.condition)


def _by(column: str, table: str, other: str, meaning: str, key: str = "") -> Join:
    return Join(table, other, f"{table}.{column} = {other}.{key or column}", meaning)


JOINS = (
    _by("mmsi", "ais.positions", "ais.vessels", "who the ship is, as far as is known today"),
    _by("nav_status", "ais.positions", "ref.nav_statuses", "navigation status in words"),
    _by("msg_type", "ais.positions", "ref.msg_types", "type of message in words"),
    Join("ais.positions", "ref.mids", "ref.mid_of(ais.positions.mmsi) = ref.mids.mid", "country of the MMSI"),
    Join(
        "ais.heard",
        "ais.positions",
        "ais.heard.mmsi = ais.positions.mmsi AND ais.heard.event_time = ais.positions.event_time"
        " AND ais.heard.msg_type = ais.positions.msg_type",
        "the report that others heard too",
        several=True,
    ),
    _by("label", "ais.fixes", "ais.position_labels", "source, station and channel of a fix", key="id"),
    _by("mmsi", "ais.fixes", "ais.vessels", "who the ship is"),
    _by("mmsi", "ais.latest_positions", "ais.vessels", "who the ship is; `ais.vessels_now` has both"),
    _by("mmsi", "ais.static_reports", "ais.vessels", "what it says of itself today, beside what it once said"),
    _by("mmsi", "ais.positions_30min", "ais.vessels", "who the ship is"),
    _by("mmsi", "ais.positions_12h", "ais.vessels", "who the ship is"),
    _by("mmsi", "ais.vessel_days", "ais.vessels", "who the ship is"),
    _by("mmsi", "ais.tracks", "ais.vessels", "who the ship is"),
    _by("mmsi", "ais.trips", "ais.vessels", "who the ship is"),
    _by("mmsi", "ais.events", "ais.vessels", "who the ship is; `other_mmsi` is the other one"),
    _by("ship_type", "ais.vessels", "ref.ship_types", "type of ship in words, and its class"),
    Join("ais.vessels", "ref.mids", "ref.mid_of(ais.vessels.mmsi) = ref.mids.mid", "country of the MMSI"),
    _by("label", "ais.position_rows", "ais.position_labels", "the rest of a stored position", key="id"),
    _by("label", "ais.latest_position_rows", "ais.position_labels", "the rest of a newest position", key="id"),
    _by("source", "ref.ports", "ref.sources", "where a port is from, and its licence", key="name"),
    _by("source", "ref.areas", "ref.sources", "where an area is from, and its licence", key="name"),
    Join(
        "ops.imports",
        "ops.ledger",
        "starts_with(ops.ledger.batch_id, ops.imports.batch_prefix)",
        "the batches of a file",
        several=True,
    ),
    _by("name", "ops.stale_periods", "ops.refreshed", "how far the derived table can be believed meanwhile"),
    _by("name", "ops.partitions", "ops.partition_upkeep", "what the maintainer did with a partition"),
    _by("partition_name", "ops.late_rows", "ops.partition_upkeep", "the partition that a row came late to", key="name"),
)
