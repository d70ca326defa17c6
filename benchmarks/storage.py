"""Bytes on disk per position, with indexes: of all partitions of positions, and the tables that their rows point to."""

from collections.abc import Iterator

from benchmarks.stack import ask
from fairway.local import Local

# Positions are in the partitions of whatever partitioned table of the schema has them; `ais.positions` counts their rows.
SIZE = """
SELECT coalesce(sum({size}(leaf.relid)), 0)
FROM pg_class parent
JOIN pg_namespace schema ON schema.oid = parent.relnamespace AND schema.nspname = 'ais'
CROSS JOIN LATERAL pg_partition_tree(parent.oid) leaf
WHERE parent.relkind = 'p' AND parent.relname LIKE '%%position%%' AND leaf.isleaf
"""


def rows(local: Local) -> Iterator[str]:
    """One line: bytes per position, and how many positions."""
    count = int(ask(local, "SELECT count(*) FROM ais.positions"))
    whole, heap = (
        float(ask(local, SIZE.format(size=size))) / max(1, count)
        for size in ("pg_total_relation_size", "pg_table_size")
    )
    yield f"Storage: {whole:.0f} bytes per position, {whole - heap:.0f} of them its indexes ({count:,} positions)."
