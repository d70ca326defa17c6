"""The compiled parts are there, and named where they are missed."""

import tomllib
from pathlib import Path

from fairway import compiled

PROJECT = Path(__file__).parents[3] / "pyproject.toml"


def test_this_installation_has_all_compiled_parts() -> None:
    assert {service: compiled.missing(service) for service in compiled.PARTS} == {
        service: [] for service in compiled.PARTS
    }


def test_the_list_is_what_is_compiled() -> None:
    modules = tomllib.loads(PROJECT.read_text())["tool"]["setuptools"]["ext-modules"]
    assert {module["name"] for module in modules} == {part for parts in compiled.PARTS.values() for part in parts}
    assert all(module["optional"] for module in modules)


def test_a_part_that_was_not_compiled_is_named(monkeypatch) -> None:
    monkeypatch.setitem(compiled.PARTS, "decoder", ("services.decoder.not_compiled",))
    assert compiled.missing("decoder") == ["services.decoder.not_compiled"]
