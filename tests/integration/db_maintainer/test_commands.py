"""`fairway db maintain`, `archive` and `restore` as a person types them."""

import json
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from psycopg2.extensions import connection as Connection

from fairway import cli, database
from fairway.settings import MaintainerSettings
from services.db_maintainer.jobs import jobs
from services.db_maintainer.schedule import take_lock
from tests.integration.db_maintainer.days import content, days_ago, fill, query, value

Fairway = Callable[..., tuple[int, str, str]]


@pytest.fixture
def fairway(
    db: Connection,
    maintainer_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Fairway:
    """Runs `fairway db …`; its exit status, output and errors."""
    monkeypatch.setenv("FAIRWAY_DATABASE_URL", maintainer_url)
    monkeypatch.setenv("FAIRWAY_STATE_DIR", str(tmp_path))

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["fairway", "db", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        code = ended.value.code
        return code if isinstance(code, int) else 0, said.out, said.err

    return run


def test_jobs_run_now_and_the_status_tells_of_them(db: Connection, fairway: Fairway) -> None:
    name = fill(db, days_ago(9))
    status, out, _ = fairway("maintain", "--now", "ahead", "retain")
    assert (status, out.split()) == (0, ["ahead", "done", "retain", "done"])
    status, out, _ = fairway("maintain", "--status", "--json")
    report = json.loads(out)
    assert {job["name"]: job["last_finished"] is not None for job in report["jobs"]} == {
        job.name: job.name in ("ahead", "retain") for job in jobs(MaintainerSettings())
    }
    assert name in {partition["name"] for partition in report["partitions"]}
    status, out, _ = fairway("maintain", "--status")
    assert (status, name in out, "ahead" in out) == (0, True, True)


def test_the_status_of_a_new_database_is_empty(fairway: Fairway) -> None:
    assert fairway("maintain", "--status")[:2] == (0, "no jobs yet\nno partitions yet\nno watermarks yet\n")


def test_a_failed_job_is_one_sentence_and_exit_status_1(
    db: Connection, fairway: Fairway, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(db, days_ago(9))
    monkeypatch.setenv("FAIRWAY_CLOSE_QUIET_MINUTES", "0")
    query(db, "ALTER FUNCTION ops.watch_partition(text) RENAME TO gone")
    try:
        status, out, _ = fairway("maintain", "--now", "close")
        assert (status, "failed: " in out, out.count("\n")) == (1, True, 1)
    finally:
        query(db, "ALTER FUNCTION ops.gone(text) RENAME TO watch_partition")


def test_a_maintainer_at_work_is_asked_to_run_jobs_next(db: Connection, fairway: Fairway, maintainer_url: str) -> None:
    fairway("maintain", "--now", "ahead")
    with closing(database.connect(maintainer_url)) as other:
        assert take_lock(other)
        status, out, _ = fairway("maintain", "--now", "ahead")
    assert (status, "takes them next" in out) == (0, True)
    assert value(db, "SELECT next_due <= now() FROM ops.jobs WHERE name = 'ahead'")


def test_the_operator_changes_how_often_a_job_runs(db: Connection, fairway: Fairway) -> None:
    assert fairway("maintain", "close", "--every", "6h", "--disable")[0] == 0
    assert query(db, "SELECT every, enabled FROM ops.jobs WHERE name = 'close'") == [(timedelta(hours=6), False)]
    assert fairway("maintain", "close", "--enable")[0] == 0
    assert query(db, "SELECT every, enabled FROM ops.jobs WHERE name = 'close'") == [(timedelta(hours=6), True)]


def test_a_day_is_archived_by_hand_and_restored(
    db: Connection, fairway: Fairway, owner_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = days_ago(9)
    fill(db, day)
    before = content(db, day)
    status, out, _ = fairway("archive", str(day))
    assert (status, out.count("2,500 positions")) == (0, 2)
    assert value(db, "SELECT count(*) FROM ops.archives") == 2
    status, out, _ = fairway("archive", str(day), "--to", str(tmp_path / "elsewhere"))
    files = [str(path) for path in sorted((tmp_path / "elsewhere").rglob("*.parquet"))]
    assert (status, len(files), value(db, "SELECT count(*) FROM ops.archives")) == (0, 2, 2)
    monkeypatch.setenv("FAIRWAY_DATABASE_URL", owner_url)
    status, _, errors = fairway("restore", *files)
    assert (status, "give --replace" in errors, errors.count("\n")) == (2, True, 1)
    query(db, "DELETE FROM ais.position_rows")
    status, out, _ = fairway("restore", *files)
    assert (status, out.count("are back")) == (0, 2)
    assert content(db, day) == before


def test_a_restore_by_somebody_else_than_the_owner_is_one_sentence(
    db: Connection, fairway: Fairway, tmp_path: Path
) -> None:
    fill(db, days_ago(9))
    fairway("archive", str(days_ago(9)))
    file = value(db, "SELECT min(file) FROM ops.archives")
    query(db, "DELETE FROM ais.position_rows")
    status, _, errors = fairway("restore", str(tmp_path / "archive" / file))
    assert (status, "permission" in errors, errors.count("\n")) == (1, True, 1)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["maintain"], "say what to do"),
        (["maintain", "--now", "clsoe"], "'clsoe' is not a job; the jobs are runaways, ahead, rollups"),
        (["maintain", "close", "--every", "often"], "write 30s, 15m, 6h or 1d"),
        (["maintain", "--every", "1h"], "name the jobs"),
        (["archive", "yesterday"], "'yesterday' is not a day"),
        (["archive", "2001-01-01"], "there are no positions of 2001-01-01"),
        (["restore", "nothing.parquet"], "there is no file nothing.parquet"),
    ],
)
def test_a_mistake_is_one_sentence(fairway: Fairway, words: list[str], sentence: str) -> None:
    status, _, errors = fairway(*words)
    assert (status, errors.count("\n")) == (2, 1)
    assert sentence in errors
