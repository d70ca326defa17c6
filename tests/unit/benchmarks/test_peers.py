import sys
from pathlib import Path

import pytest

from benchmarks.peers import VARIABLE, interpreter_of


def test_a_library_of_ours_is_found_without_being_told_where() -> None:
    assert interpreter_of("pyais") == sys.executable


def test_what_is_not_installed_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, f"{tmp_path}:/nowhere")
    assert interpreter_of("no_such_library") is None
