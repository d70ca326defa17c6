"""A tally becomes metrics: what was added since the last look, and nothing twice."""

from collections import Counter

from prometheus_client import REGISTRY

from services.ingest.line_format import Tally
from services.ingest.meter import Meter


def lines(tail: str) -> float:
    return REGISTRY.get_sample_value("fairway_ingest_lines_total", {"source": tail}) or 0.0


def test_each_reading_adds_what_has_come_since_the_one_before() -> None:
    meter, tally = Meter("meter.a"), Tally(lines=3, ignored=Counter(text=1))
    meter.read(tally)
    tally.lines += 4
    meter.read(tally)
    meter.read(tally)
    assert lines("meter.a") == 7


def test_what_an_earlier_process_has_counted_is_not_counted_again() -> None:
    tally = Tally(lines=500)
    meter = Meter("meter.b", before=tally)
    tally.lines += 2
    meter.read(tally)
    assert lines("meter.b") == 2
