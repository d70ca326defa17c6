"""Which commands there are."""

import pytest
import typer

from fairway import cli


def _names(asked: str | None) -> set[str]:
    return set(typer.main.get_command(cli.application(asked)).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("asked", ["tail", "db"])
def test_a_command_of_ours_loads_no_service(asked: str) -> None:
    assert asked in _names(asked)
    assert "ingest" not in _names(asked)


def test_a_services_command_is_loaded_when_it_is_asked_for() -> None:
    assert "decode" in _names("decode")


@pytest.mark.parametrize("asked", [None, "ingst"])
def test_all_are_known_to_the_help_and_to_who_mistypes(asked: str | None) -> None:
    assert {"ingest", "decode", "simulate", "tail", "db"} <= _names(asked)
