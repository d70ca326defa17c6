"""in = stored + dropped + rejected + dead + held, for real recordings, and each message type where an analyst looks for it."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pyais
import pytest

from tests.system.conftest import Pipeline, recording, until

SAMPLE = "raw_nmea/aishub_nmea_sample.log.gz"
MESSAGES = 82_752  # counted by an independent reader of the recording

HOLDING = """
rules:
  - {rule: duplicate, heard: true}
  - {rule: redundant, positions: track_error, hold_seconds: 20}
"""
HELD = "SELECT sum(held - released) FROM ops.ledger WHERE source = 'coastal.held'"
STORED_BY_TYPE = """
SELECT msg_type, count(*) FROM ais.positions WHERE source = %(source)s GROUP BY 1
UNION ALL SELECT msg_type, sum(reports) FROM ais.static_reports WHERE source = %(source)s AND msg_type <> 19 GROUP BY 1
UNION ALL SELECT msg_type, count(*) FROM ais.base_station_reports WHERE source = %(source)s GROUP BY 1
UNION ALL SELECT msg_type, count(*) FROM ais.aton_reports WHERE source = %(source)s GROUP BY 1
UNION ALL SELECT msg_type, count(*) FROM ais.sar_aircraft_positions WHERE source = %(source)s GROUP BY 1
UNION ALL SELECT msg_type, count(*) FROM ais.safety_messages WHERE source = %(source)s GROUP BY 1
UNION ALL SELECT msg_type, count(*) FROM ais.binary_messages WHERE source = %(source)s GROUP BY 1
UNION ALL SELECT msg_type, count(*) FROM ais.other_messages WHERE source = %(source)s GROUP BY 1
"""


def ingest(pipeline: Pipeline, tail: str, path: Path) -> dict[str, object]:
    status, output, errors = pipeline.run("ingest", "--wait", "--source", f"{tail}=file:{path}")
    assert status == 0, errors
    account: dict[str, object] = json.loads(output)
    return account


def total(account: dict[str, object]) -> int:
    dropped, rejected = account["dropped"], account["rejected"]
    assert isinstance(dropped, dict)
    assert isinstance(rejected, dict)
    counts = sum(int(str(account[name])) for name in ("stored", "dead", "held"))
    return counts + sum(dropped.values()) + sum(rejected.values())


def types_by_pyais(path: Path) -> Counter[int]:
    """Message types of a recording without tag blocks, by a reader that shares no code with ours."""
    counted: Counter[int] = Counter()
    parts: dict[bytes, dict[bytes, bytes]] = {}
    # pyais refuses the six fill bits that eight sound messages of type 6 claim; their type is read all the same.
    for line in gzip.decompress(path.read_bytes()).replace(b",6*", b",0*").splitlines():
        if line.startswith(b"!"):
            head, total, number, sequence, channel, *_rest = line.split(b",")
            key = b",".join((head, total, sequence, channel))
            parts.setdefault(key, {})[number] = line
            if len(parts[key]) == int(total):
                whole = [text for _, text in sorted(parts.pop(key).items())]
                counted[int(pyais.decode(*whole).msg_type)] += 1
    return counted


def test_without_a_filter_every_message_of_a_recording_is_stored_under_its_type(pipeline: Pipeline) -> None:
    path = recording(SAMPLE)
    pipeline.start(filter_rules="keep_all", insert_seconds="1")
    account = ingest(pipeline, "coastal.unfiltered", path)
    assert account["in"] == MESSAGES == total(account)
    assert (account["dropped"], account["dead"]) == ({}, 0)
    with_source = {int(row[0]): int(row[1]) for row in _ask(pipeline, "coastal.unfiltered")}
    expected = types_by_pyais(path)
    assert account["rejected"] == {}
    assert with_source == dict(expected)


def test_a_second_run_says_so_and_imports_nothing(pipeline: Pipeline) -> None:
    path = recording(SAMPLE)
    account = ingest(pipeline, "coastal.unfiltered", path)
    [source] = account["sources"]  # type: ignore[misc]
    assert source["imported_before"]
    assert account["in"] == 0
    assert sum(int(row[1]) for row in _ask(pipeline, "coastal.unfiltered")) == MESSAGES


def test_with_the_default_filter_the_account_of_a_recording_closes(pipeline: Pipeline) -> None:
    path = recording(SAMPLE)
    pipeline.stop_services()
    pipeline.start(filter_rules="default", insert_seconds="1")
    account = ingest(pipeline, "coastal.filtered", path)
    assert account["in"] == MESSAGES == total(account)
    assert 0 < int(str(account["stored"])) < MESSAGES
    assert sum(int(row[1]) for row in _ask(pipeline, "coastal.filtered")) == account["stored"]


@pytest.mark.parametrize(
    "name",
    [
        "timestamped/tagblock_kystverket_1000.nm4",
        "timestamped/gfw_ais_tools/errors.nmea",
        "raw_nmea/aisparser_unknown.log",
    ],
)
def test_the_account_closes_for_damaged_and_tagged_recordings(pipeline: Pipeline, name: str) -> None:
    path = recording(name)
    tail = "other." + path.stem.replace(".", "-").lower()
    account = ingest(pipeline, tail, path)
    assert account["in"] == total(account) > 0


def test_what_the_filter_holds_back_is_in_the_account_and_published_soon(pipeline: Pipeline, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(HOLDING)
    path = recording(SAMPLE)
    pipeline.stop_services()
    pipeline.start(filter_rules=str(rules), insert_seconds="1")
    account = ingest(pipeline, "coastal.held", path)
    assert account["in"] == MESSAGES == total(account)
    held, stored = int(str(account["held"])), int(str(account["stored"]))
    assert held > 0
    assert until(lambda: pipeline.ask(HELD) == [(0,)], 60)
    assert (
        sum(int(row[1]) for row in _ask(pipeline, "coastal.held")) == stored + held
    )  # of each ship the last: none is dropped
    dropped = account["dropped"]
    assert isinstance(dropped, dict)
    assert pipeline.ask("SELECT sum(copies) FROM ais.heard") == [(dropped["duplicate"],)]
    records = json.loads(pipeline.run("status", "--json")[1])["records"]
    assert records["in"] == sum(records[name] for name in ("stored", "dropped", "rejected"))
    assert records["held"] == 0


def test_nothing_is_dead(pipeline: Pipeline) -> None:
    status, output, _errors = pipeline.run("dead", "list")
    assert (status, output) == (0, "")


def _ask(pipeline: Pipeline, source: str) -> list[tuple[object, ...]]:
    return pipeline.ask(STORED_BY_TYPE.replace("%(source)s", f"'{source}'"))
