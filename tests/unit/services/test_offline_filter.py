"""`fairway filter explain` and `simulate`: what rules make of files, for people and for programs."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fairway.errors import BadSetting
from services import offline_filter
from services.offline_tables import phrase
from tests.unit.services.ingest.file_samples import SINGLE

HEADER = "MMSI,BaseDateTime,LAT,LON,SOG,COG\n"
TRACK_ERROR = "rules: [{rule: duplicate}, {rule: plausible, action: flag}, {rule: redundant, positions: track_error}]"


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    done = CliRunner().invoke(offline_filter.app, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def line(second: int, *, mmsi: int = 219000001, lat: float = 55.0) -> str:
    """A position of a ship that steams east at twelve knots."""
    return f"{mmsi},2017-12-01T00:{second // 60:02}:{second % 60:02},{lat},{10 + second * 0.0001:.6f},12.0,90.0\n"


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """Two minutes of two ships, and a jump of the first."""
    file = tmp_path / "day.csv"
    lines = [line(second, mmsi=mmsi) for second in range(0, 120, 10) for mmsi in (219000001, 219000002)]
    file.write_text(HEADER + "".join(lines) + line(120, lat=56.0))
    return file


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Rules that hold reports back and flag."""
    file = tmp_path / "rules.yaml"
    file.write_text(TRACK_ERROR)
    return file


def test_each_record_is_explained_by_rule_and_numbers(day: Path, rules: Path):
    status, output, _ = run("explain", "--format", "json", "--rules", rules, day)
    *reports, last = map(json.loads, output.splitlines())
    assert status == 0
    assert len(reports) == 25
    of_first = [each for each in reports if each["mmsi"] == 219000001]
    assert [each["outcome"] for each in of_first] == ["kept"] + ["dropped"] * 10 + ["kept", "kept"]
    assert of_first[3] == {
        "event_time": "2017-12-01T00:00:30.000Z",
        "mmsi": 219000001,
        "kind": "position",
        "msg_type": None,
        "outcome": "dropped",
        "rule": "redundant",
        "flags": [],
        "numbers": {"redundant": {"off_the_line_metres": pytest.approx(0, abs=0.1), "after_the_last_kept_seconds": 30}},
    }
    assert of_first[-1]["flags"] == ["implied_speed"]
    assert last["summary"]["records"] == {"total": 25, "kept": 5}
    assert last["summary"]["flags"] == {"implied_speed": 1}


def test_a_person_reads_one_line_a_record_and_a_summary(day: Path, rules: Path):
    status, output, errors = run("explain", "--rules", rules, "--mmsi", "219000002", day)
    lines = [each.split() for each in output.splitlines() if " 219000002 " in each]
    assert (status, errors) == (0, "")
    assert len(lines) == 13  # and one of the summary
    assert " ".join(lines[4][2:]) == "position dropped redundant: 0.0 m off the line, 40 s after the last kept"
    assert "219000001" not in output
    assert ["all", "12", "2", "16.7", "%"] in [each.split() for each in output.splitlines()]


def test_a_long_file_is_summed_up_unless_all_is_asked_for(tmp_path: Path):
    file = tmp_path / "long.csv"
    file.write_text(HEADER + "".join(line(second) for second in range(0, 3000, 10)))
    assert "after the last kept" not in run("explain", file)[1]
    lines = run("explain", "--all", file)[1].splitlines()
    assert sum(" dropped " in each for each in lines) > 200


def test_the_summary_counts_by_rule_kind_type_and_vessel(day: Path):
    summary = json.loads(run("explain", "--format", "json", day)[1].splitlines()[-1])["summary"]
    assert summary["rules"] == {
        "duplicate": {"total": 25, "kept": 25},
        "plausible": {"total": 25, "kept": summary["rules"]["redundant"]["total"]},
        "redundant": {"total": summary["rules"]["redundant"]["total"], "kept": summary["records"]["kept"]},
    }
    assert summary["kinds"]["position"]["total"] == 25
    assert summary["types"]["not said"]["total"] == 25
    assert summary["top_vessels"]["219000001"]["total"] == 13
    assert summary["vessels"] == {"total": 2, "kept": 2}
    assert (summary["first"], summary["last"]) == ("2017-12-01T00:00:00.000Z", "2017-12-01T00:02:00.000Z")
    assert summary["track_error"]["max_metres"] < 1


def test_sets_of_rules_are_compared_side_by_side(day: Path, rules: Path):
    status, output, _ = run("simulate", "--rules", "keep_all", "--rules", rules, day)
    words = [each.split() for each in output.splitlines()]
    assert status == 0
    for row in (
        ["keep_all", "rules.yaml"],
        ["kept", "25", "100.0", "%", "5", "20.0", "%"],
        ["kept", "by", "kind", "position", "100.0", "%", "20.0", "%"],
        ["redundant", "-", "20"],
        ["flagged", "implied_speed", "-", "1"],
    ):
        assert row in words


def test_what_is_compared_is_what_is_explained(day: Path, rules: Path):
    compared = [json.loads(each) for each in run("simulate", "--rules", rules, "--format", "json", day)[1].splitlines()]
    explained = json.loads(run("explain", "--rules", rules, "--format", "json", day)[1].splitlines()[-1])
    assert [each["rules"] for each in compared] == [str(rules)]
    assert compared[0]["summary"] == explained["summary"]


def test_files_are_judged_as_one_stream(day: Path, tmp_path: Path):
    again = tmp_path / "again.csv"
    again.write_bytes(day.read_bytes())
    summary = json.loads(run("explain", "--format", "json", day, again)[1].splitlines()[-1])["summary"]
    assert summary["rules"]["duplicate"] == {"total": 50, "kept": 25}


def test_overrides_go_by_the_name_of_the_source(day: Path, tmp_path: Path):
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules: [{rule: redundant, overrides: [{tails: [coastal.#], off: true}]}]")
    kept = {}
    for source in ("coastal.a", "satellite.a"):
        output = run("simulate", "--rules", rules, "--format", "json", "--source", source, day)[1]
        kept[source] = json.loads(output)["summary"]["records"]["kept"]
    assert kept["coastal.a"] == 25 > kept["satellite.a"]


def test_of_a_damaged_file_what_can_be_read_is_judged(tmp_path: Path):
    text = HEADER + "".join(line(second % 3600, mmsi=219000001 + second) for second in range(5000))
    (tmp_path / "day.csv.gz").write_bytes(gzip.compress(text.encode())[:-30])
    status, output, errors = run("simulate", "--rules", "keep_all", "--format", "json", tmp_path / "day.csv.gz")
    assert status == 1
    assert json.loads(output)["summary"]["records"]["total"] > 3000
    assert "is damaged or cut short" in errors


def test_records_without_a_time_of_their_own_are_told_of(tmp_path: Path):
    (tmp_path / "bare.nmea").write_bytes(SINGLE + b"\n")
    assert "1 of 1 records have no time stamp" in run("explain", tmp_path / "bare.nmea")[2]


def test_a_vessel_that_is_not_there_is_told_of(day: Path):
    status, output, errors = run("explain", "--mmsi", "1", day)
    assert status == 0
    assert "there are no records of 1 in these files" in errors
    assert "all" in output


def test_what_cannot_be_used_is_one_sentence(day: Path, tmp_path: Path):
    with pytest.raises(BadSetting, match="no-such cannot be read: No such file or directory"):
        run("explain", tmp_path / "no-such")
    with pytest.raises(BadSetting, match="nor a preset; did you mean default"):
        run("explain", "--rules", "defalt", day)
    (tmp_path / "bad.yaml").write_text("rules: [")
    with pytest.raises(BadSetting, match="is not YAML"):
        run("simulate", "--rules", tmp_path / "bad.yaml", day)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("off_the_line_metres", 4.04, "4.0 m off the line"),
        ("after_the_last_kept_seconds", 12.3, "12 s after the last kept"),
        ("turned_degrees", 3.0, "3.0° turned"),
        ("implied_knots", 140.2, "140 kn implied"),
        ("copies", 3.0, "copies 3.0"),
    ],
)
def test_numbers_are_said_with_their_units(name: str, value: float, said: str):
    assert phrase(name, value) == said


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path: Path, form: str):
    file = tmp_path / "long.csv"
    file.write_text(HEADER + "".join(line(second) for second in range(3000)))
    code = "from services.offline_filter import app; app()"
    command = [sys.executable, "-c", code, "explain", "--all", "--format", form, "--rules", "keep_all", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
