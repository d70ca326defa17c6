"""Which days get a partition ahead."""

from fairway.clock import to_ms
from services.db_inserter.partitions import days_ahead


def test_today_and_the_days_after_it_in_utc() -> None:
    assert days_ahead(to_ms("2026-02-27T23:59:59.999Z"), 2) == ["2026-02-27", "2026-02-28", "2026-03-01"]
