"""Usual positions are read out of their bytes, and mean what they mean as records; all else is left alone."""

from typing import Any, get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairway import records
from fairway.clock import to_text
from fairway.records import Position, Safety
from fairway.testing import START
from services.db_inserter import position_lines, position_rows
from services.db_inserter.position_rows import COLUMNS
from services.db_inserter.tables import STATIC_FIELDS_OF_POSITION

ENVELOPE = {"source": "test", "event_time": START, "received_at": START, "time_source": "received"}
USUAL = Position(**ENVELOPE, mmsi=219000001, msg_type=1, lon=10.5, lat=-55.123456, sog=0.0, cog=359.9, channel="A")
LINE = records.encode([USUAL])

texts = st.text(max_size=40) | st.sampled_from(
    ["A", "B", "AI", "", "A,", '"', "\\", "None", "Ærø", "x" * 30, "x" * 31, 'a","b":']
)
numbers = st.integers(-2, 70_000) | st.sampled_from([0, 9, 10, 99_999_999, 100_000_000, 1_073_741_823, 2_147_483_647])
reals = st.integers(-7200, 7200).map(lambda n: n / 10) | st.sampled_from(
    [-0.0, 1e-7, 1e16, 0.1 + 0.2, 12.345678, 100.0]
)
degrees = st.integers(-180_000_000, 180_000_000).map(lambda n: n / 1_000_000) | reals
times = st.integers(946_684_800_000, 1_800_000_000_000).map(to_text) | st.just(START)


def values_of(name: str, hint: object) -> st.SearchStrategy[Any]:
    if name in ("event_time", "received_at"):
        return times
    if name in ("lon", "lat"):
        return degrees.filter(lambda value: abs(value) < 200)
    if name == "mmsi":
        return st.integers(0, 1_073_741_823)
    for word, strategy in (("float", reals), ("bool", st.booleans()), ("int", numbers)):
        if word in str(hint):
            return strategy
    return texts


def any_position() -> st.SearchStrategy[Position]:
    fields = {}
    for name, hint in get_type_hints(Position).items():
        if name in Position.__struct_fields__ and name not in STATIC_FIELDS_OF_POSITION:
            given_value = values_of(name, hint)
            fields[name] = given_value | st.none() if "None" in str(hint) else given_value
    return st.builds(Position, **fields)


def as_told(rows: position_rows.Positions) -> list[tuple[object, ...]]:
    """Each row's values, null as None, and its label."""
    columns = [column for column in COLUMNS if column != "label"]
    told = []
    for row in rows.rows:
        values = [row[column].item() for column in columns]
        nulls = [position_rows.NULLS[column] for column in columns]
        plain = [None if v == null or v != v else v for v, null in zip(values, nulls, strict=True)]
        told.append((*plain, rows.labels[row["label"]]))
    return told


@settings(max_examples=150, deadline=None)
@given(st.lists(any_position(), max_size=6))
def test_what_is_read_of_a_line_is_what_its_record_says(batch: list[Position]) -> None:
    read = position_lines.read(records.encode(batch))
    chosen = [(batch[line], 0) for line in read.chosen]
    assert as_told(read.positions) == as_told(position_rows.of_records(chosen))
    assert sorted([*read.chosen, *read.left]) == list(range(len(batch)))
    assert [read.lines.text(line) for line in read.left] == [records.encode([batch[line]])[:-1] for line in read.left]


def test_a_usual_position_is_read() -> None:
    read = position_lines.read(LINE * 3)
    assert (len(read.positions), len(read.left)) == (3, 0)
    (row, *_) = read.positions.rows
    assert (row["mmsi"], row["lon"], row["lat"], row["cog"]) == (
        219000001,
        105_000_000,
        -551_234_560,
        np.float32(359.9),
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"station": "r3669930"},
        {"station": "192.168.100.200:12345"},
        {"station": "Ærø"},
        {"time_shift": -3.5, "time_source": "base_station"},
        {"ais_class": "B", "msg_type": None, "repeat": None},
        {"turning": "right", "own_ship": True, "rot": -720.0},
        {"low_resolution": True, "gnss": False, "msg_type": 27, "lon": 10.5, "lat": -55.1},
        {"cs": True, "display": False, "dsc": True, "band": True, "msg22": False, "assigned": True, "reserved": 3},
        {"lon": None},
        {"digest": 4_294_967_295, "radio": 524_287, "mmsi": 1, "heading": 0},
    ],
    ids=str,
)
def test_feeds_of_many_kinds_are_usual(fields: dict[str, Any]) -> None:
    position = Position(**{**ENVELOPE, "mmsi": 219000001, "msg_type": 1, "lon": 10.5, "lat": 55.25} | fields)
    read = position_lines.read(records.encode([USUAL, position]))
    assert len(read.left) == 0
    assert as_told(read.positions) == as_told(position_rows.of_records([(USUAL, 0), (position, 0)]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"kind":"position"', b'"kind":"other"'),
        (b'{"kind"', b'{ "kind"'),
        (b'"mmsi":219000001', b'"mmsi":0219000001'),
        (b'"mmsi":219000001', b'"mmsi":21900000x'),
        (b'"mmsi":219000001', b'"mmsi":'),
        (b'"mmsi":219000001', b'"mmsi": 219000001'),
        (b'"mmsi":219000001', b'"mmsi":2190000010000'),
        (b'"mmsi":219000001', b'"mmsi":2147483648'),
        (b'"mmsi":219000001', b'"mmsi":219000001,"mmsi":219000001'),
        (b'"mmsi":219000001,', b""),
        (b'"msg_type":1', b'"msg_type":19'),
        (b'"msg_type":1', b'"msg_type":32768'),
        (b'"msg_type":1', b'"msg_type":1,"news":1'),
        (b'"msg_type":1', b'"msg_type":1,"name":"ANNA"'),
        (b'"msg_type":1', b'"msg_type":null'),
        (b'"lat":-55.123456', b'"lat":-55.1.3456'),
        (b'"lat":-55.123456', b'"lat":-5.5e1'),
        (b'"lat":-55.123456', b'"lat":-55'),
        (b'"lat":-55.123456', b'"lat":-055.1'),
        (b'"lat":-55.123456', b'"lat":-55.12345678'),
        (b'"lat":-55.123456', b'"lat":-.5'),
        (b'"lat":-55.123456', b'"lat":5.'),
        (b'"lat":-55.123456', b'"lat":"1.5"'),
        (b'"sog":0.0', b'"sog":0.0]'),
        (b'"sog":0.0', b'"sog":0.0,"raim":truf'),
        (b'"sog":0.0', b'"sog":0.0,"digest":x'),
        (b'"sog":0.0', b'"sog":0.0,"digest":"1"'),
        (b'"sog":0.0', b'"sog":0.0,"raim":1'),
        (b'"channel":"A"', b'"channel":"\\u0041"'),
        (b'"channel":"A"', b'"channel":"A\x00"'),
        (b'"channel":"A"', b'"channel":"A\xff"'),
        (b'"channel":"A"', b'"channel":"ABCDEFGH"'),
        (b'"channel":"A"', b'"channel":A'),
        (b'"channel":"A"', b'"channel":'),
        (b'"channel":"A"', b'"channel":"A"\x00'),
        (b'"lat":-55.123456', b'"lat":-214.75'),
        (b'"lat":-55.123456', b'"lat":214.75'),
        (b'"channel":"A"', b'"channel":"A"A"'),
        (b'"event_time":"2026-01-02', b'"event_time":"2026-02-30'),
        (b'"event_time":"2026', b'"event_time":"0000'),
        (b'T03:04:05.000Z","received', b'T24:04:05.000Z","received'),
        (b'T03:04:05.000Z","received', b'T03:04:60.000Z","received'),
        (b'T03:04:05.000Z","received', b'T03:04:05.000+","received'),
        (b"}\n", b"} \n"),
        (b"}\n", b"\n"),
        (b"}\n", b"}}\n"),
        (b"}\n", b"},\n"),
        (b"}\n", b',"low_resolutionabtrue}\n'),
    ],
)
def test_a_line_that_is_not_quite_usual_is_left_to_others(old: bytes, new: bytes) -> None:
    odd = LINE.replace(old, new, 1)
    assert odd != LINE
    read = position_lines.read(LINE + odd + LINE)
    assert (read.chosen.tolist(), read.left.tolist()) == ([0, 2], [1])


def test_lines_of_other_kinds_are_left_to_others() -> None:
    safety = records.encode([Safety(**ENVELOPE, mmsi=1, text='{"kind":"position","mmsi":1}')])
    read = position_lines.read(b"\n" + safety + LINE + b"{}\n[]\nnull\n\n" + LINE[:-1])
    assert [read.lines.text(line)[:17] for line in read.left] == [b'{"kind":"safety",', b"{}", b"[]", b"null"]
    assert len(read.positions) == 2


@pytest.mark.parametrize(
    "body", [b"", b"\n", b"\n\n", b"}", b"{", b',"', b'{"kind":"position"', b'{"kind":"position"}\n']
)
def test_a_body_without_positions_is_left_to_others(body: bytes) -> None:
    read = position_lines.read(body)
    assert len(read.positions) == 0
    assert len(read.left) == len(read.lines)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(LINE)), st.integers(0, 30))
def test_whatever_the_bytes_nothing_is_raised_and_what_is_read_is_json(junk: bytes, place: int, cut: int) -> None:
    body = LINE[:place] + junk + LINE[place + cut :]
    read = position_lines.read(body)
    for line in read.chosen:
        assert records.decode_decoded(read.lines.text(line))
