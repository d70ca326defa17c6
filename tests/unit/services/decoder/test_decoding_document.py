"""docs/decoding.md says what the tables say."""

import re

import pytest

from services.decoder.layouts import BY_CHOICE, BY_TYPE
from tests.unit.services.decoder.decoding_document import (
    DOCUMENT,
    MESSAGES,
    application_rows,
    content_rows,
    message_rows,
)

SECTIONS = {"messages": message_rows, "applications": application_rows, "content": content_rows}


def section(name: str) -> list[str]:
    """The rows between the marks of a section, without the two of its head."""
    text = DOCUMENT.read_text(encoding="utf-8")
    body = text[text.index(f"<!-- begin {name} -->") : text.index(f"<!-- end {name} -->")]
    return [line for line in body.splitlines() if line.startswith("|")][2:]


@pytest.mark.parametrize("name", SECTIONS)
def test_the_document_has_the_rows_of_the_tables(name: str) -> None:
    assert section(name) == list(SECTIONS[name]())


def test_every_type_is_documented() -> None:
    named = {int(number) for name, _ in MESSAGES for number in re.findall(r"\b\d{1,2}\b", name)}
    assert named == {*BY_TYPE, *BY_CHOICE}


def test_every_declared_disagreement_has_a_reason() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    used = {row.rsplit("|", 2)[1].strip() for row in section("disagreements")}
    assert used == set(re.findall(r"^- \*\*([a-z])\*\* ", text, flags=re.MULTILINE))
