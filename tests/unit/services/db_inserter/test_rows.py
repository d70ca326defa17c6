"""Lines for COPY: nulls, escapes, and texts that try to break out of their column."""

import pytest

from fairway.records import BaseStation, Binary, Other, Position, Safety
from fairway.testing import START
from services.db_inserter.rows import lines, may_say_null, table_rows
from services.db_inserter.tables import TABLES, content_json, geometry, remaining_fields

ENVELOPE = {"source": "test", "event_time": START, "received_at": START, "time_source": "received", "mmsi": 219000001}


def safety(text: str | None) -> Safety:
    return Safety(**ENVELOPE, msg_type=14, text=text)


def test_a_null_is_the_null_marker() -> None:
    assert lines([(1, None, "a")], careful=False) == "1\tNone\ta\n"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("A\tB", "A\\tB"),
        ("A\nB", "A\\nB"),
        ("A\rB", "A\\rB"),
        ("A\\B", "A\\\\B"),
        ("\\N", "\\\\N"),
        ("A\0B", "AB"),
        ("None", "Non\\145"),
        ("No\0ne", "Non\\145"),
        ("ÆØÅ \"quoted\" 'so'", "ÆØÅ \"quoted\" 'so'"),
    ],
)
def test_a_text_is_escaped_where_copy_would_read_it_otherwise(text: str, escaped: str) -> None:
    assert lines([(text,)], careful=True) == f"{escaped}\n"


@pytest.mark.parametrize("text", ["A\tB", "A\nB", "A\\B", "A\0B", "A\rB", "\\."])
def test_one_odd_text_among_plain_ones_is_found_and_escaped(text: str) -> None:
    table = TABLES[Safety]
    found = table_rows(table, [safety("plain"), safety(text)], careful=False)
    assert found == table_rows(table, [safety("plain"), safety(text)], careful=True)
    assert found.splitlines()[1].endswith(lines([(text,)], careful=True)[:-1])


def test_plain_rows_are_the_same_by_the_quick_and_the_careful_way() -> None:
    report = BaseStation(**ENVELOPE, msg_type=4, lon=12.5, lat=-55.25, raim=True, station="X")
    table = TABLES[BaseStation]
    assert table_rows(table, [report], careful=False) == table_rows(table, [report], careful=True)


def test_a_body_in_which_a_text_may_be_the_null_marker_is_noticed() -> None:
    assert may_say_null(b'{"text":"None"}')
    assert may_say_null(b'{"text":"\\u004eone"}')
    assert not may_say_null(b'{"text":"Nonesuch"}')


def test_a_position_is_a_wgs_84_point() -> None:
    position = Position(**ENVELOPE, msg_type=1, lon=1.0, lat=2.0)
    assert geometry(position) == "0101000020e6100000000000000000f03f0000000000000040"


@pytest.mark.parametrize("where", [{}, {"lon": 1.0}, {"lat": 1.0}])
def test_half_a_position_is_none(where: dict[str, float]) -> None:
    assert geometry(Binary(**ENVELOPE, msg_type=8, **where)) is None


def test_fields_without_a_column_are_kept_as_json_without_nulls() -> None:
    other = Other(**ENVELOPE, msg_type=22, channel_a=2087, power_low=False, ne_lon=12.5, dest_mmsi_1=2190001)
    assert remaining_fields(other) == '{"channel_a":2087,"power_low":false,"ne_lon":12.5}'


def test_an_applications_content_is_json_in_a_column_of_its_own() -> None:
    table = TABLES[Binary]
    said = Binary(**ENVELOPE, msg_type=8, content={"text": 'a"b', "values": [1, None]})
    unknown = Binary(**ENVELOPE, msg_type=8, lon=1.0, lat=2.0)
    first, second = (line.split("\t") for line in table_rows(table, [said, unknown], careful=False).splitlines())
    place = table.columns.index("content")
    assert (first[place], second[place]) == ('{"text":"a\\\\"b","values":[1,null]}', "None")
    assert second[table.columns.index("geom")] == geometry(unknown)


@pytest.mark.parametrize(
    ("content", "stored"),
    [
        ({"a\0": ["b\0", {"c": "\0d"}], "n": 1.5}, '{"a":["b",{"c":"d"}],"n":1.5}'),
        ({"a": "\\u0000"}, '{"a":"\\\\u0000"}'),  # a backslash and letters, no NUL
    ],
)
def test_a_nul_in_an_applications_content_is_left_out(content: dict[str, object], stored: str) -> None:
    assert content_json(Binary(**ENVELOPE, msg_type=8, content=content)) == stored


def test_no_rows_are_no_lines() -> None:
    assert lines([], careful=False) == ""
