"""The compiled parts of the hot path: which there are, and which this installation lacks."""

from importlib.util import find_spec

# By the service that needs them; docs/decisions/0025-the-hot-path-is-compiled.md
PARTS = {
    "ingest": ("services.ingest.usual", "services.ingest.formats.tables.rows"),
    "decoder": ("services.decoder.printer",),
    "filter": ("services.filter.keys", "fairway.members"),
    "db_inserter": ("fairway.members", "services.db_inserter.tuples"),
}


def missing(service: str) -> list[str]:
    """The compiled parts that a service has to do without: no compiler was at hand when Fairway was installed."""
    return [part for part in PARTS.get(service, ()) if find_spec(part) is None]
