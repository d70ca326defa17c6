"""`fairway decode`: records, what they are from, and what there is, from every packing."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fairway.cli import application
from fairway.errors import BadSetting
from fairway.records import Rejected
from services.offline import decode, read_file
from services.offline_statistics import MOST_STATIONS, Statistics
from tests.unit.services.ingest.file_samples import PARTS, SINGLE, numbered, sentence, tagged, zipped

NOW = "2026-01-02T03:04:05.000Z"
REFUSED = {
    "source": "a",
    "event_time": NOW,
    "received_at": NOW,
    "time_source": "received",
    "sentences": (),
    "reason": "empty",
}


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    done = CliRunner().invoke(application(), ["decode", *arguments])
    if isinstance(done.exception, BadSetting):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def test_decodes_files_to_a_line_for_each_record(tmp_path: Path) -> None:
    (tmp_path / "day.log").write_bytes(gzip.compress(numbered(3) + SINGLE[:-1] + b"0\n"))
    status, output, errors = run(str(tmp_path / "day.log"))
    kinds = [json.loads(line)["kind"] for line in output.splitlines()]
    assert (status, kinds) == (0, ["position"] * 3 + ["rejected"])
    assert "4 lines = 4 with sentences" in errors
    assert "4 records = 3 decoded + 1 rejected (checksum 1)" in errors


def test_folders_patterns_and_archives_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "1.zip").write_bytes(zipped({"a": numbered(2), "b.gz": gzip.compress(numbered(3))}))
    (tmp_path / "logs" / "2.log").write_bytes(numbered(4))
    assert len(run(str(tmp_path / "logs"))[1].splitlines()) == 9
    assert len(run(str(tmp_path / "logs" / "*.zip"))[1].splitlines()) == 5


def test_each_record_can_be_traced_to_its_sentences(tmp_path: Path) -> None:
    parts = [sentence(part.format(3)) for part in PARTS]
    row = b"MMSI,BaseDateTime,LAT,LON\n219000001,2017-12-01T00:00:03,55.0,12.0"
    (tmp_path / "day.log").write_bytes(b"\n".join((tagged(SINGLE, "s:x,c:1671533231"), *parts, row)))
    first, second, third = map(json.loads, run("--raw", str(tmp_path / "day.log"))[1].splitlines())
    assert first["sentences"] == [SINGLE.decode()]
    assert first["tag_block"] == "s:x,c:1671533231"
    assert second["sentences"] == [part.decode() for part in parts]
    assert "tag_block" not in second
    assert third["mmsi"] == 219000001
    assert "sentences" not in third


def test_statistics_count_what_there_is(tmp_path: Path) -> None:
    lines = [tagged(SINGLE, f"s:st{number % 2},c:{1_671_533_231 + number}") for number in range(11)]
    (tmp_path / "day.log").write_bytes(b"\n".join([*lines, SINGLE[:-1] + b"0", b"# comment"]))
    status, output, _ = run("--stats", str(tmp_path / "day.log"))
    words = [line.split() for line in output.splitlines()]
    assert status == 0
    for row in (["lines", "13"], ["rejected", "checksum", "1"], ["ignored", "lines", "comment", "1"], ["st0", "6"]):
        assert row in words
    assert ["types", "1", "11"] in words
    assert ["times", "first", "2022-12-20T10:47:11.000Z"] in words
    assert ["of", "event", "time", "1.20"] in words


def test_of_a_damaged_file_the_rest_and_of_the_others_all_is_given(tmp_path: Path) -> None:
    (tmp_path / "1.gz").write_bytes(gzip.compress(numbered(3000))[:-30])
    (tmp_path / "2.log").write_bytes(numbered(5))
    status, output, errors = run(str(tmp_path / "1.gz"), str(tmp_path / "2.log"))
    assert status == 1
    assert len(output.splitlines()) > 2500
    assert f"fairway: {tmp_path}/1.gz is damaged or cut short: the end is missing" in errors
    assert run("--stats", str(tmp_path / "1.gz"))[0] == 1


def test_standard_input_is_read_also_when_it_is_packed(tmp_path: Path) -> None:
    (tmp_path / "day.log.gz").write_bytes(gzip.compress(numbered(7)))
    command = [sys.executable, "-m", "fairway.cli", "decode", "-"]
    with (tmp_path / "day.log.gz").open("rb") as file:
        done = subprocess.run(command, stdin=file, capture_output=True, text=True, timeout=60, check=True)
    assert len(done.stdout.splitlines()) == 7
    assert done.stderr.startswith("standard input: 7 lines")


def test_a_closed_standard_input_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(BadSetting, match="standard input is closed"):
        decode(["-"])


def test_a_mapping_explains_a_table_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text("columns: {who: mmsi, y: lat, x: lon}\n")
    (tmp_path / "own.csv").write_text("who,y,x\n219000001,55.0,12.0\n")
    output = run("--mapping", str(tmp_path / "mapping.yaml"), str(tmp_path / "own.csv"))[1]
    [record] = map(json.loads, output.splitlines())
    assert (record["mmsi"], record["lat"], record["lon"]) == (219000001, 55.0, 12.0)


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="no-such cannot be read: No such file or directory"):
        run(str(tmp_path / "no-such"))
    with pytest.raises(BadSetting, match="no file matches"):
        run(str(tmp_path / "*.log"))
    with pytest.raises(BadSetting, match="lower-case"):
        run("--source", "A", str(tmp_path))


def test_a_file_can_be_read_by_a_program(tmp_path: Path) -> None:
    (tmp_path / "day.log").write_bytes(numbered(3) + SINGLE[:-1] + b"0\n")
    reading = read_file(tmp_path / "day.log", source="here")
    assert (len(reading.decoded), len(reading.rejected), reading.tally.lines) == (3, 1, 4)
    assert {record.source for record in reading.decoded} == {"here"}


def test_statistics_tell_only_so_many_stations_apart() -> None:
    statistics = Statistics()
    for number in range(MOST_STATIONS + 10):
        statistics.take([], [Rejected(**{**REFUSED, "station": f"s{number}"})])
    stations = {row.name: row.value for row in statistics.rows(1.0) if row.name.startswith("without")}
    assert stations == {"without a name, or too many": "10"}
