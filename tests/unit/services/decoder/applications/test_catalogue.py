"""All applications at once: names, tables, and what no payload may do."""

import json
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyais import messages as pyais

from fairway.applications import APPLICATIONS
from services.decoder.applications.application import Kinds, Table
from services.decoder.applications.catalogue import CATALOGUE
from services.decoder.applications.reading import read_content
from services.decoder.bits import Bits
from services.decoder.fields import Field, Form
from tests.unit.services.decoder.sentences import bits, decode, sentence

KEYS = sorted(CATALOGUE)
LONGEST = 1008  # bits of a message of five slots
HEADS = {6: 88, 8: 56}


def tables(table: Table) -> Iterator[Table]:
    """A table and those of its lists."""
    yield table
    for records in table.lists:
        if isinstance(records.table, Kinds):
            for _, chosen in records.table.tables.values():
                yield from tables(chosen)
        else:
            yield from tables(records.table)


EVERY_TABLE = {id(t): t for app in CATALOGUE.values() for top in app.tables.values() for t in tables(top)}.values()


def test_every_application_has_a_sentence_and_no_sentence_is_of_none() -> None:
    assert {application.name for application in CATALOGUE.values()} == set(APPLICATIONS)


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_no_two_fields_of_a_table_share_bits_or_a_name(table: Table) -> None:
    ordered = sorted(table.fields, key=lambda field: field.offset)
    assert all(one.end <= other.offset for one, other in pairwise(ordered))
    names = [field.name for field in table.fields] + [records.name for records in table.lists]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("key", KEYS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_payload_is_read_without_raising_and_can_be_written_as_json(
    key: tuple[int, int, int], data: st.DataObject
) -> None:
    kind, dac, fid = key
    length = data.draw(st.integers(HEADS[kind], LONGEST))
    identifier = (HEADS[kind] - 16, 10, dac), (HEADS[kind] - 6, 6, fid)
    number = bits(kind, *identifier, length=length)
    number |= data.draw(st.integers(0, (1 << length - HEADS[kind]) - 1))
    fields = decode(sentence(number, length))
    assert fields["application"] in (CATALOGUE[key].name, None)
    said = fields["content"]
    assert json.loads(json.dumps(said)) == said
    for value in values(said or {}):
        assert value is not None
        assert not isinstance(value, str) or (value.isprintable() and value == value.strip())
    assert fields["bits"] == length - HEADS[kind]


def values(said: object) -> Iterator[object]:
    """All values of a content, those in lists and records among them."""
    if isinstance(said, dict):
        for value in said.values():
            yield from values(value)
    elif isinstance(said, list):
        for value in said:
            yield from values(value)
    else:
        yield said


@pytest.mark.parametrize("key", KEYS)
def test_a_payload_of_nothing_has_no_content_and_names_what_it_lacks(key: tuple[int, int, int]) -> None:
    application = CATALOGUE[key]
    content, missing = read_content(application, Bits(0, 0))
    assert all(value == [] for value in content.values())
    if 0 in application.tables and application.choice is None:
        due = [field.name for field in application.tables[0].fields if field.form is not Form.FREE_TEXT]
        assert list(missing) == due + [records.name for records in application.tables[0].lists]


def pyais_layout(message: type[pyais.Payload], head: int) -> dict[int, int]:
    """Offset to width of each field that pyais has after the application identifier."""
    layout, offset = {}, 0
    for field in message.fields():
        layout[offset - head] = field.metadata["width"]
        offset += field.metadata["width"]
    return {place: width for place, width in layout.items() if place >= 0}


# Fields that pyais splits or joins in another way than we do
ELSEWHERE = {"gauges", "areas", "reports", "targets", "waypoints", "cargoes"}
VARIANTS = {
    **{(6, *key): variant for key, variant in pyais._MSG6_VARIANTS.items()},
    **{(8, *key): variant for key, variant in pyais._MSG8_VARIANTS.items()},
}
VARIANTS[8, 1, 21] = pyais.MessageType8Dac1Fid21NonWmo


@pytest.mark.parametrize("key", sorted(VARIANTS))
def test_fields_lie_where_pyais_has_them(key: tuple[int, int, int]) -> None:
    theirs = pyais_layout(VARIANTS[key], HEADS[key[0]])
    fields: tuple[Field, ...] = CATALOGUE[key].tables[0].fields
    for field in fields:
        if field.form is not Form.FREE_TEXT:
            assert theirs.get(field.offset) == field.width, field.name
    for records in CATALOGUE[key].tables[0].lists:
        assert records.offset in theirs, records.name
