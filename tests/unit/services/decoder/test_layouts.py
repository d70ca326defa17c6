"""The tables of fields, held against each other, the records and their own definition of a value."""

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway import records
from services.decoder import network, reports
from services.decoder.bits import Bits
from services.decoder.fields import Field, Form
from services.decoder.layout import Layout
from services.decoder.layouts import BY_CHOICE, BY_TYPE
from services.decoder.reading import read

VARIANTS = [network.flexible_binary(one, two, three) for one in (0, 1) for two in (0, 1) for three in (0, 1)]
LAYOUTS = [value for module in (reports, network) for value in vars(module).values() if isinstance(value, Layout)]
LAYOUTS += VARIANTS
FIELDS = [field for layout in LAYOUTS for field in layout.fields]
NUMBERS = [field for field in FIELDS if field.form not in (Form.TEXT, Form.FREE_TEXT)]

# Set by a rule or by the sentence rather than by a field of a layout
BY_RULE = {"eta", "utc_time", "part", "reserved", "data", "bits", "radio", "low_resolution", "application", "content"}
BY_SENTENCE = {"source", "station", "event_time", "received_at", "time_source", "msg_type", "channel", "talker"}
BY_SENTENCE |= {"own_ship", "digest", "time_shift", "missing"}
BY_PROVIDER = {"ais_class", "length", "width"}  # of data that came decoded
BY_FILTER = {"flags"}


def test_all_28_types_have_a_layout() -> None:
    assert sorted([*BY_TYPE, *BY_CHOICE]) == list(range(1, 29))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_two_fields_share_bits(layout: Layout) -> None:
    ordered = sorted((field for field in layout.fields if field.name != "turning"), key=lambda field: field.offset)
    assert all(one.end <= other.offset for one, other in pairwise(ordered))


@pytest.mark.parametrize("kind", get_args(records.AnyDecoded))
def test_every_field_of_a_record_is_read_by_some_layout(kind: type[records.Decoded]) -> None:
    read_by = {field.name for layout in LAYOUTS if layout.kind is kind for field in layout.fields}
    assert read_by <= set(kind.__struct_fields__)
    assert set(kind.__struct_fields__) <= read_by | BY_RULE | BY_SENTENCE | BY_PROVIDER | BY_FILTER


@given(st.sampled_from(NUMBERS), st.data())
def test_reading_gives_the_value_that_the_table_defines(field: Field, data: st.DataObject) -> None:
    raw = data.draw(st.integers(0, (1 << field.width) - 1))
    layout = Layout(records.Other, field.end, (field,))
    signed = raw - (1 << field.width) if field.signed and raw >> (field.width - 1) else raw
    assert read(layout, Bits(raw, field.end)) == {field.name: field.value(signed)}
