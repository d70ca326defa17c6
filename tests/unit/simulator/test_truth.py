"""The truth file holds one object per message, complete and in order."""

import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from simulator.fleet import make_fleet
from simulator.traffic import generate
from simulator.truth import TruthFile, rfc3339

START = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
NAMES = {
    "seq", "msg_type", "mmsi", "event_time", "station", "sentences", "lon", "lat", "sog", "cog", "heading", "rot",
    "nav_status", "name", "callsign", "imo", "ship_type", "to_bow", "to_stern", "to_port", "to_starboard", "draught",
    "destination",
}  # fmt: skip


def test_one_object_per_message_with_what_was_sent(tmp_path: Path) -> None:
    burst = list(islice(generate(make_fleet(20), START), 500))
    truth = TruthFile(tmp_path / "truth.ndjson")
    truth.write(1, burst[:200])
    truth.write(201, burst[200:])
    truth.close()

    objects = [json.loads(line) for line in (tmp_path / "truth.ndjson").read_text().splitlines()]

    assert [each["seq"] for each in objects] == list(range(1, 501))
    for sent, written in zip(burst, objects, strict=True):
        assert written["mmsi"] == sent.mmsi
        assert written["sentences"] == len(sent.sentences)
        assert datetime.fromisoformat(written["event_time"]) == sent.event_time
        assert {name: written[name] for name in sent.truth} == dict(sent.truth)
    assert set().union(*objects) == NAMES


def test_times_have_exactly_three_digits_of_milliseconds() -> None:
    assert rfc3339(START) == "2026-01-02T03:04:05.678Z"
    assert rfc3339(START.replace(microsecond=0)) == "2026-01-02T03:04:05.000Z"
