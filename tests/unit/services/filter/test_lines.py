"""Bodies read into columns say what their records say, and come out as they went in."""

from itertools import accumulate, pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway import records
from services.filter.lines import LineReader
from services.filter.reports import TIMES, TYPES, form_of, of_records
from tests.unit.services.filter.test_properties import STREAMS

KEPT = st.randoms()
MORE = (
    "name",
    "source",
    "received_at",
    "eta",
    "draught",
    "off_position",
    "virtual_aid",
    "text",
    "part",
    "to_bow",
    "low_resolution",
)
READER = LineReader(MORE)


def says_the_same(reader: LineReader, body: bytes, stream: list[records.AnyDecoded]) -> bool:
    found, _ = reader.read([body])
    wanted = of_records(stream, form_of(MORE))
    for name in form_of(MORE).names or ():
        got, want = found.rows[name], wanted.rows[name]
        if TYPES.get(name) is str and name not in TIMES:
            got, want = (
                [side.texts.text(n) if n >= 0 else None for n in side.rows[name].tolist()] for side in (found, wanted)
            )
        np.testing.assert_array_equal(got, want, name)
    assert [found.record(row) for row in range(len(stream))] == stream
    return True


@given(STREAMS)
def test_a_body_is_its_records(stream):
    assert says_the_same(READER, records.encode(stream), stream)


@given(STREAMS)
def test_a_body_of_another_form_is_its_records_too(stream):
    body = (
        records.encode(stream)
        .replace(b'":', b'" : ')
        .replace(b',"', b',\n"')
        .replace(b"\n", b"\n  \n")
        .removesuffix(b"\n")
    )
    assert says_the_same(READER, body, stream)


@given(STREAMS)
def test_without_a_compiler_a_body_is_its_records(stream):
    plain = LineReader(MORE)
    plain._reader._compiled = None
    assert says_the_same(plain, records.encode(stream), stream)


@given(STREAMS, KEPT)
def test_the_kept_lines_come_out_as_they_went_in(stream, random):
    kept = [random.random() < 0.7 for _ in stream]
    chosen = [record for record, is_kept in zip(stream, kept, strict=True) if is_kept]
    _, [lines] = READER.read([records.encode(stream)])
    assert lines.of(np.array(kept, np.bool_)) == records.encode(chosen)


@given(st.lists(STREAMS, min_size=1, max_size=4), KEPT)
def test_several_bodies_are_one_behind_the_other(streams, random):
    bodies = [records.encode(stream) for stream in streams]
    bodies = [body.replace(b',"', b',\n"') if random.random() < 0.3 else body for body in bodies]
    reports, lines = READER.read(bodies)
    assert [reports.record(row) for row in range(len(reports))] == [record for stream in streams for record in stream]
    edges = [0, *accumulate(map(len, streams))]
    assert [each.rows for each in lines] == [slice(begin, end) for begin, end in pairwise(edges)]
    everything = [each.of(np.ones(len(stream), np.bool_)) for each, stream in zip(lines, streams, strict=True)]
    assert [records.decode_decoded(body) for body in everything] == streams


@pytest.mark.parametrize("line", [b"{}", b'{"kind":"position"}', b'{"kind":"raw"}', b"[1]", b"\xff"])
def test_a_line_that_is_no_decoded_record_is_loud(line, position):
    with pytest.raises((msgspec.MsgspecError, ValueError)):
        READER.read([records.encode([position()]), records.encode([position()]) + line + b"\n"])


@pytest.mark.parametrize(
    "change", [{"msg_type": 1 << 40}, {"digest": -5}, {"mmsi": 1 << 62}, {"heading": 70_000}], ids=str
)
def test_numbers_that_no_field_can_be_are_as_good_as_unknown(position, change):
    (name,) = change
    reports, _ = READER.read([records.encode([position(**change)])])
    assert reports.rows[name].tolist() == [-1]
