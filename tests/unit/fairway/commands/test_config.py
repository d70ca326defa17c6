"""`fairway config check` and the other commands that read what a person wrote."""

import json
from pathlib import Path

import pytest

from fairway.commands import config, db
from fairway.errors import BadSetting
from fairway.local import Local
from fairway.stack.local import LocalStack


def test_the_defaults_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    config.check()
    assert "the settings are right" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["FAIRWAY_AMQP_URL", "FAIRWAY_DATABASE_URL"])
@pytest.mark.parametrize("address", ["nonsense", "http://host/", "postgresql://[::1/x"])
def test_a_bad_address_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, address: str) -> None:
    monkeypatch.setenv(name, address)
    with pytest.raises(BadSetting) as caught:
        config.check()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_password_that_cannot_be_read_is_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    for file in ("ingest", "writer"):
        if content is not None:
            (tmp_path / file).write_bytes(content)
    with pytest.raises(BadSetting, match=f"{tmp_path}/ingest, "):
        config.definitions(tmp_path)
    with pytest.raises(BadSetting, match=f"{tmp_path}/writer "):
        db.roles(writer_password_file=tmp_path / "writer")


def test_the_definitions_are_for_as_many_filters_as_the_setting_or_the_option_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FAIRWAY_FILTER_PARTITIONS", "2")
    config.definitions()
    assert {"filter.1", "filter.2"} == {name for name in _queues(capsys) if name.startswith("filter")}
    config.definitions(filter_partitions=1)
    assert "filter" in _queues(capsys)


def _queues(capsys: pytest.CaptureFixture[str]) -> set[str]:
    return {queue["name"] for queue in json.loads(capsys.readouterr().out)["queues"]}


def test_a_state_folder_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match=r"FAIRWAY_STATE_DIR, .*/file, cannot be used as a folder: Not a directory"):
        Local(LocalStack(tmp_path / "file"))
    with pytest.raises(BadSetting, match="File name too long"):
        Local(LocalStack(tmp_path / ("x" * 300)))
    assert not Local(LocalStack(tmp_path / "not yet")).is_running()
