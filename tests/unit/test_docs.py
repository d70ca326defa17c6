"""The documentation says what the code does."""

import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import typer

from fairway import cli, records, reference
from services.ingest import line_format

ROOT = Path(__file__).parents[2]
DOCS = "\n".join(path.read_text() for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))])


def test_the_tables_of_records_and_reasons_are_those_of_the_code() -> None:
    text = (ROOT / "docs/messages.md").read_text()
    assert reference.fill(text) == text, "run `make docs`"
    for kind in (records.Raw, *records.DECODED_KINDS, records.Rejected):
        assert f"<!-- begin {records.kind_of(kind)} -->" in text


def test_every_field_of_every_record_has_a_sentence() -> None:
    for kind in (records.Raw, *records.DECODED_KINDS, records.Rejected):
        assert all(records.field_sentences(kind).values())


def test_every_reason_for_ignoring_a_line_is_documented() -> None:
    text = (ROOT / "docs/messages.md").read_text()
    assert all(f"`{reason}`" in text for reason in line_format.IGNORED)


@pytest.mark.parametrize("name", sorted(typer.main.get_command(cli.application()).commands))  # type: ignore[attr-defined]
def test_every_command_is_documented(name: str) -> None:
    assert f"fairway {name}" in DOCS


def test_every_entry_point_can_be_loaded() -> None:
    for group in ("fairway.commands", "fairway.checks"):
        for entry in entry_points(group=group):
            assert callable(entry.load())


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "services/README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)[)#]", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"
