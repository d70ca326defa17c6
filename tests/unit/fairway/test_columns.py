"""Rows that are read out of bytes say what records say that are made of the same bytes; what is not sure is left."""

import gzip
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairway import columns, records
from fairway.columns import NO_TEXT, Labels, Misfit, Read, Reader, Rows, Shape, Texts, rows_of
from fairway.records import DECODED_KINDS, AnyDecoded, Binary, Decoded, Other, Position, Safety, Static, kind_of
from tests.unit.fairway.any_records import ENVELOPE, TIMES, any_record

DATA = Path(__file__).parents[4] / "shared" / "data" / "raw_nmea"
KINDS = tuple(map(kind_of, DECODED_KINDS))
FORMS = {int: np.int64, float: np.float64, bool: np.int8, str: np.int32, dict: np.int32}
TEXTS = {
    name
    for kind in DECODED_KINDS
    for name, hint in get_type_hints(kind).items()
    if name not in TIMES and ("str" in str(hint) or "dict" in str(hint))
}
FALSE = ("own_ship", "low_resolution")
PARTS = {"source": NO_TEXT, "station": NO_TEXT, "channel": NO_TEXT, "own_ship": 0}

pytestmark = pytest.mark.skipif(columns.compiled is None, reason="fairway.members is not compiled")


def null_of(form: np.dtype[Any]) -> float:
    return float("nan") if form.kind == "f" else int(np.iinfo(form).min)


def shape(kinds: Sequence[type[Decoded]], fields: Sequence[tuple[str, Any]], **more: Any) -> Shape:
    row = np.dtype(list(fields))
    nulls = np.array([tuple(0 if name in FALSE else null_of(row[name]) for name in row.names or ())], row)
    return Shape(tuple(map(kind_of, kinds)), row, nulls, **more)


def whole(kind: type[Decoded]) -> Shape:
    """All that a kind says, every number twice: as wide as can be, and narrow."""
    fields: list[tuple[str, Any]] = [("body", np.int32), ("kind", np.int8), ("line", np.int32), ("label", np.int32)]
    members = {}
    for name, hint in get_type_hints(kind).items():
        if name in kind.__struct_fields__:
            plain = next(each for each in (*get_args(hint), hint) if each in FORMS or "dict" in str(each))
            form = np.int64 if name in TIMES else FORMS.get(plain, np.int32)
            fields.append((name, form))
            narrow = {np.float64: np.float32, np.int64: np.int32}.get(form)
            if narrow and name not in TIMES and name not in ("digest", "radio"):
                fields.append((f"narrow {name}", narrow))
                members[f"narrow {name}"] = name
            if name in ("lon", "lat"):
                fields.append((f"units of {name}", np.int32))
                members[f"units of {name}"] = name
    marks = {"kind": "kind", "body": "body", "line": "line", "label": "label"}
    return shape([kind], fields, members=members, parts=PARTS, **marks)


def said(kind: type[Decoded], pairs: bool) -> Shape:
    """What a kind says besides what all say, as one text."""
    said_by_all = (*Decoded.__struct_fields__, *FALSE, "content")
    gathers = [name for name in kind.__struct_fields__ if name not in said_by_all]
    return shape([kind], [("said", np.int32)], gathered="said", gathers=gathers, gathers_pairs=pairs)


WHOLE = Reader(*map(whole, DECODED_KINDS))
GATHERED = {pairs: Reader(*(said(kind, pairs) for kind in DECODED_KINDS)) for pairs in (True, False)}
FEW = [("mmsi", np.int32), ("msg_type", np.int16), ("event_time", np.int64), ("lon", np.float64), ("sog", np.float32)]
FEW_SHAPE = shape(DECODED_KINDS, [("kind", np.int8), *FEW, ("source", np.int32)], kind="kind")
LENIENT = Reader(FEW_SHAPE)
STRICT = Reader(
    shape([Position], [*FEW, ("channel", np.int32), ("raim", np.int8)], passes_over=(*ENVELOPE, "lat", "digest"))
)


def told(texts: Texts, labels: Labels, shape: Shape, rows: Rows) -> dict[str, list[Any]]:
    """Rows in words: texts for their numbers, values for labels; without the marks of where a row was."""
    combinations = list(labels)

    def of_label(number: int) -> list[str | int]:
        values = zip(shape.parts, combinations[number], strict=True)
        return [part if part < 0 or name in FALSE else texts.text(part) for name, part in values]

    def of_text(number: int) -> str | None:
        return texts.text(number) if number >= 0 else None

    found = {}
    for name in {*(rows.dtype.names or ())} - {shape.body, shape.line, shape.kind}:
        is_text = name == shape.gathered or (rows.dtype[name] == np.int32 and name in TEXTS)
        words = of_label if name == shape.label else of_text if is_text else repr
        found[name] = list(map(words, rows[name].tolist()))
    return found


def check(reader: Reader, bodies: Sequence[bytes]) -> Read:
    """What was understood is what records say."""
    read = reader.read(bodies)
    lines = [line for body in bodies for line in body.split(b"\n") if line]
    assert [read.line(number) for number in range(len(read.lines))] == lines
    assert read.lines["body"].tolist() == [n for n, body in enumerate(bodies) for line in body.split(b"\n") if line]
    understood = np.flatnonzero(read.lines["row"] >= 0)
    for kind, word in enumerate(reader.kinds):
        numbers = understood[read.lines["kind"][understood] == kind]
        of_kind = [records.decode_decoded(lines[number])[0] for number in numbers]
        assert {kind_of(record) for record in of_kind} <= {word}
        check_rows(reader, read, kind, numbers, of_kind)
    assert sum(map(len, read.rows)) == len(understood)
    return read


def check_rows(reader: Reader, read: Read, kind: int, numbers: Rows, of_kind: Sequence[Decoded]) -> None:
    """The rows of lines of a kind are those of their records."""
    which = columns._kinds(reader._shapes)[1][kind]
    form, places, texts, labels = reader._shapes[which], read.lines["row"][numbers], Texts(), Labels()
    assert (np.diff(places) > 0).all()
    rows = read.rows[which][places]
    expected = told(texts, labels, form, rows_of(form, of_kind, texts, labels))
    assert told(read.texts, read.labels[which], form, rows) == expected
    for mark, values in ((form.kind, kind), (form.body, read.lines["body"][numbers]), (form.line, numbers)):
        assert mark is None or (rows[mark] == values).all()


JUNK = [bytes([byte]) for byte in b'"\\,{}[]:-.01e \n\0\xff'] + [
    b"",
    b"\xc3\xa6",
    b"null",
    b"true",
    b'"kind":"position",',
]
READERS = st.sampled_from([WHOLE, LENIENT, STRICT, *GATHERED.values()])
BATCHES = st.lists(any_record, max_size=6)


@settings(max_examples=300, deadline=None)
@given(READERS, st.lists(BATCHES, max_size=3))
def test_what_is_read_of_a_line_is_what_its_record_says(reader: Reader, batches: list[list[AnyDecoded]]) -> None:
    check(reader, [records.encode(batch) for batch in batches])


@settings(max_examples=300, deadline=None)
@given(READERS, BATCHES, st.randoms(use_true_random=False), st.integers(1, 4))
def test_damaged_lines_are_left_or_still_what_their_record_says(
    reader: Reader, batch: list[AnyDecoded], random: Any, times: int
) -> None:
    body = bytearray(records.encode(batch))
    for _ in range(times if body else 0):
        place, cut = random.randrange(len(body)), random.choice([0, 0, 1, 1, 2, 7])
        some = random.randrange(len(body))
        body[place : place + cut] = random.choice([*JUNK, bytes(body[some : some + random.randrange(1, 30)])])
    check(reader, [bytes(body)])


@settings(max_examples=300, deadline=None)
@given(
    READERS,
    st.lists(
        st.binary(max_size=80) | st.sampled_from([b'{"kind":"position"', b'{"kind":"', b'","', b"\n"]), max_size=6
    ),
)
def test_whatever_the_bytes_nothing_is_raised(reader: Reader, bodies: list[bytes]) -> None:
    check(reader, bodies)
    check(reader, [b"".join(bodies)])


USUAL = Position(
    **ENVELOPE, mmsi=219000001, msg_type=1, lon=10.5, lat=-55.123456, sog=0.5, channel="A", digest=4_294_967_295
)
LINE = records.encode([USUAL])


def test_a_usual_line_is_read() -> None:
    (rows,) = STRICT.read([LINE]).rows
    assert rows[0].item()[:5] == (219000001, 1, 1_767_323_045_000_000, 10.5, 0.5)


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n", b"\n" + LINE, b"\nx", b"\n" + b"x" * 40])
def test_where_a_line_ends_makes_no_difference(end: bytes) -> None:
    for size in range(len(LINE) - 60, len(LINE)):  # the last line of a body is read where its end is near
        check(STRICT, [LINE + LINE[:size] + end])
        assert len(STRICT.read([LINE[:-1] + end]).rows[0]) == 1 + end.count(LINE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"kind":"position"', b'"kind":"pposition"'),
        (b'"kind":"position"', b'"kind":"positio"'),
        (b'"kind":"position"', b'"kind":"safety"'),
        (b'{"kind"', b'{ "kind"'),
        (b'"mmsi":219000001', b'"mmsi":0219000001'),
        (b'"mmsi":219000001', b'"mmsi":21900000x'),
        (b'"mmsi":219000001', b'"mmsi":'),
        (b'"mmsi":219000001', b'"mmsi": 219000001'),
        (b'"mmsi":219000001', b'"mmsi":2190000010000'),
        (b'"mmsi":219000001', b'"mmsi":2147483648'),
        (b'"mmsi":219000001', b'"mmsi":-2147483648'),
        (b'"mmsi":219000001', b'"mmsi":18446744073709551617'),
        (b'"mmsi":219000001', b'"mmsi":-0'),
        (b'"mmsi":219000001', b'"mmsi":1.0'),
        (b'"mmsi":219000001', b'"mmsi":1e3'),
        (b'"mmsi":219000001', b'"mmsi":219000001,"mmsi":219000001'),
        (b'"mmsi":219000001', b'"mmsi":219000001,"kind":"position"'),
        (b'"mmsi":219000001,', b""),
        (b'"source":"test",', b""),
        (b'"time_source":"received",', b""),
        (b'"msg_type":1', b'"msg_type":32768'),
        (b'"msg_type":1', b'"msg_type":1,"name":"ANNA"'),
        (b'"msg_type":1', b'"msg_type":null'),
        (b'"msg_type":1', b'"msg_type":true'),
        (b'"lon":10.5', b'"lon":1.0.5'),
        (b'"lon":10.5', b'"lon":1.05e1'),
        (b'"lon":10.5', b'"lon":010.5'),
        (b'"lon":10.5', b'"lon":.5'),
        (b'"lon":10.5', b'"lon":5.'),
        (b'"lon":10.5', b'"lon":-'),
        (b'"lon":10.5', b'"lon":--1'),
        (b'"lon":10.5', b'"lon":"1.5"'),
        (b'"lon":10.5', b'"lon":9007199254740993.5'),
        (b'"sog":0.5', b'"sog":0.5]'),
        (b'"sog":0.5', b'"sog":0.5,"raim":truf'),
        (b'"sog":0.5', b'"sog":0.5,"raim":1'),
        (b'"sog":0.5', b'"sog":0.5,"raim":falsehood'),
        (b'"sog":0.5', b'"sog":0.5,"digest":"1"'),
        (b'"channel":"A"', b'"channel":"\\u0041"'),
        (b'"channel":"A"', b'"channel":"A\x00"'),
        (b'"channel":"A"', b'"channel":"A\x1f"'),
        (b'"channel":"A"', b'"channel":"A\xff"'),
        (b'"channel":"A"', b'"channel":"\xc0\x80"'),
        (b'"channel":"A"', b'"channel":"\xed\xa0\x80"'),
        (b'"channel":"A"', b'"channel":"\xf4\x90\x80\x80"'),
        (b'"channel":"A"', b'"channel":"\xe2\x82"'),
        (b'"channel":"A"', b'"channel":A'),
        (b'"channel":"A"', b'"channel":'),
        (b'"channel":"A"', b'"channel":"A"\x00'),
        (b'"channel":"A"', b'"channel":"A"A"'),
        (b'"event_time":"2026-01-02', b'"event_time":"2026-02-30'),
        (b'"event_time":"2026-01-02', b'"event_time":"2025-02-29'),
        (b'"event_time":"2026-01-02', b'"event_time":"2026-13-02'),
        (b'"event_time":"2026-01-02', b'"event_time":"2026-00-02'),
        (b'"event_time":"2026-01-02', b'"event_time":"2026-01-00'),
        (b'"event_time":"2026', b'"event_time":"0000'),
        (b'T03:04:05.000Z","received', b' 03:04:05.000Z","received'),
        (b'T03:04:05.000Z","received', b'T24:04:05.000Z","received'),
        (b'T03:04:05.000Z","received', b'T03:60:05.000Z","received'),
        (b'T03:04:05.000Z","received', b'T03:04:60.000Z","received'),
        (b'T03:04:05.000Z","received', b'T03:04:05.000+","received'),
        (b'T03:04:05.000Z","received', b'T03:04:05.00Z","received'),
        (b'"2026-01-02T03:04:05.000Z","received', b'"' + b"\0" * 24 + b'","received'),
        (b"}\n", b"} \n"),
        (b"}\n", b"}\r\n"),
        (b"}\n", b"\n"),
        (b"}\n", b"}}\n"),
        (b"}\n", b",}\n"),
        (b"}\n", b"},\n"),
        (b"}\n", b',"raimabtrue}\n'),
        (b"}\n", b',"raim"true}\n'),
        (b"}\n", b',"raim":}\n'),
        (b"}\n", b',"":1}\n'),
        (b"}\n", b',"' + b"x" * 40 + b'":1}\n'),
        (b"}\n", b',"digest' + b" " * 20 + b'":1}\n'),
    ],
)
def test_a_line_that_is_not_quite_usual_is_left_to_others(old: bytes, new: bytes) -> None:
    odd = LINE.replace(old, new, 1)
    assert odd != LINE
    for body in LINE + odd + LINE, LINE + LINE + odd:
        read = STRICT.read([body])
        assert read.left() == [[1], [2]][body.endswith(odd)]
        assert read.line(read.left()[0]) == odd[:-1]


@pytest.mark.parametrize("text", ["", "Ærø", "日本", "😀", "\x7f", "x" * 16_000])
def test_texts_of_any_length_and_language_are_usual(text: str) -> None:
    read = check(STRICT, [records.encode([msgspec.structs.replace(USUAL, channel=text)])])
    assert read.texts.text(int(read.rows[0]["channel"][0])) == text


@pytest.mark.parametrize(("size", "is_read"), [(16_384, True), (16_385, False)])
def test_a_line_that_is_too_long_is_left(size: int, is_read: bool) -> None:
    odd = msgspec.structs.replace(USUAL, channel="x" * (size - len(LINE) + 2))
    body = records.encode([odd])
    assert len(body) == size + 1
    assert (STRICT.read([body]).left() == []) is is_read


def test_members_that_nobody_asks_for_are_passed_over_or_leave_the_line() -> None:
    more = LINE.replace(b"}\n", b',"name":"ANNA","heading":5}\n')
    unknown = LINE.replace(b"}\n", b',"new":[1,{"a":[],"b":{}},"x",null,-1.5,true],"newer":{"kind":"x"}}\n')
    assert STRICT.read([more + unknown]).left() == [0, 1]
    assert LENIENT.read([more + unknown]).left() == []


@pytest.mark.parametrize("value", ['"5"', "5.0", "true", "null", ""])
def test_a_member_of_another_type_leaves_the_line_also_when_it_is_passed_over(value: str) -> None:
    assert LENIENT.read([LINE.replace(b"}\n", f',"heading":{value}}}\n'.encode())]).left() == [0]


UNSOUND = (
    """ : [ [1,] [1_] {"a"} {"a":1,} {a:1} ] [} {] [1 [[1] {"a":[} 01 - nul tru falsy 1e5 "\\n" " "x {,} [,] [1:2]"""
)
TOO_MUCH = ["[" * 61 + "]" * 61, "[" * 70, "1" + "0" * 18]


@pytest.mark.parametrize("value", [*UNSOUND.split(" "), *TOO_MUCH, "[1, 2]", '{"a": 1}', "1 "])
def test_what_is_passed_over_is_still_looked_at(value: str) -> None:
    for name in "new", "name of more than thirty-two characters":
        assert LENIENT.read([LINE.replace(b"}\n", f',"{name}":{value}}}\n'.encode())]).left() == [0]


def test_objects_may_be_deep() -> None:
    assert LENIENT.read([LINE.replace(b"}\n", b',"new":' + b"[" * 60 + b"]" * 60 + b"}\n")]).left() == []


@settings(deadline=None)
@given(st.decimals(-200, 200, places=9) | st.decimals(allow_nan=False, allow_infinity=False), st.integers(0, 9))
def test_numbers_are_read_to_the_last_bit(number: Any, places: int) -> None:
    text = f"{number:.{places}f}".encode()
    line = LINE.replace(b'"lon":10.5', b'"lon":' + text)
    reader = Reader(shape([Position], [("lon", np.float64), ("narrow", np.float32)], members={"narrow": "lon"}))
    (rows,) = reader.read([line]).rows
    for row in rows:
        assert msgspec.json.encode(row["lon"].item()) == msgspec.json.encode(float(text))
        assert row["narrow"] == np.float32(float(text))
    digits = text.lstrip(b"-").replace(b".", b"")
    if int(digits) < 1 << 53 and len(digits) <= 18 and text != b"-0":
        assert len(rows) == 1


@pytest.mark.parametrize(
    ("text", "units"),
    [
        (b"10.5", 105_000_000),
        (b"-55.1234567", -551_234_567),
        (b"7", 70_000_000),
        (b"-0.0", 0),
        (b"214.7483647", 2_147_483_647),
        (b"0.00000005", None),
        (b"214.7483648", None),
        (b"-214.7483648", None),
    ],
)
def test_degrees_are_whole_numbers_of_ten_millionths(text: bytes, units: int | None) -> None:
    reader = Reader(shape([Position], [("lon", np.int32)]))
    (rows,) = reader.read([LINE.replace(b"10.5", text)]).rows
    assert rows["lon"].tolist() == ([] if units is None else [units])


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", ""]), st.sampled_from([None, "x", "ab"]), st.booleans()), max_size=30)
)
def test_labels_are_the_different_combinations(values: list[tuple[str, str | None, bool]]) -> None:
    reader = Reader(shape([Position], [("label", np.int32)], label="label", parts=PARTS))
    batch = [msgspec.structs.replace(USUAL, source=a, station=b, own_ship=c) for a, b, c in values]
    read = reader.read([records.encode(batch)])
    combinations = list(read.labels[0])
    assert len(set(combinations)) == len(combinations) == len(set(values))
    texts = {NO_TEXT: None, **{n: read.texts.text(n) for n in range(len(read.texts))}}
    meant = [
        (texts[a], texts[b], bool(own)) for a, b, _channel, own in (combinations[n] for n in read.rows[0]["label"])
    ]
    assert meant == values


def test_many_texts_have_a_number_each() -> None:
    batch = [Safety(**ENVELOPE, mmsi=n, text=f"text {n % 5000}") for n in range(6000)]
    reader = Reader(shape([Safety], [("mmsi", np.int32), ("text", np.int32)]))
    read = reader.read([records.encode(batch[:100]), records.encode(batch[100:])])
    assert [read.texts.text(n) for n in read.rows[0]["text"].tolist()] == [record.text for record in batch]
    assert len(read.texts) == 5000


def test_a_text_has_its_number_also_when_it_is_told_later() -> None:
    texts = STRICT.read([LINE]).texts
    known, new = texts.number("A"), texts.number("ny")
    assert (texts.text(known), texts.text(new), texts.number("ny"), len(texts)) == ("A", "ny", new, 2)


def test_what_is_gathered_is_in_the_order_of_the_record() -> None:
    line = records.encode([Static(**ENVELOPE, mmsi=1, imo=7, name="Ærø", draught=3.0, dte=True)])
    turned = line.replace(b'"imo":7,"name":"\xc3\x86r\xc3\xb8"', b'"name":"\xc3\x86r\xc3\xb8","imo":7')
    other_form = line.replace(b"3.0", b"3.00")
    for pairs, text in (
        (True, '[["imo",7],["name","Ærø"],["draught",3.0],["dte",true]]'),
        (False, '{"imo":7,"name":"Ærø","draught":3.0,"dte":true}'),
    ):
        read = check(GATHERED[pairs], [line + turned + other_form])
        assert (read.left(), read.texts.text(0)) == ([1, 2], text)
        assert check(GATHERED[pairs], [records.encode([Other(**ENVELOPE, mmsi=1)])]).texts.text(0) == (
            "[]" if pairs else "{}"
        )


@pytest.mark.parametrize(
    "content", [b'{"a":1.50}', b'{"a":1e5}', b'{"a":-0}', b'{"a":0.00001}', b"[]", b"null", b'{"a":1.', b"{"]
)
def test_an_object_that_our_encoder_would_write_otherwise_is_left(content: bytes) -> None:
    usual = records.encode([Binary(**ENVELOPE, mmsi=1, content={"a": 1.5, "b": {"c": [1, "x"]}})])
    reader = Reader(shape([Binary], [("content", np.int32)]))
    read = check(reader, [usual + usual.replace(b'{"a":1.5,"b":{"c":[1,"x"]}}', content)])
    assert (read.left(), read.texts.text(0)) == ([1], '{"a":1.5,"b":{"c":[1,"x"]}}')


@given(BATCHES, st.booleans())
def test_what_is_left_is_taken_in_as_records(batch: list[AnyDecoded], is_compiled: bool) -> None:
    reader = Reader(*WHOLE._shapes)
    if not is_compiled:
        reader._compiled = None
    body = b"\n" + records.encode(batch).replace(b'"kind":', b'"kind": ', 2) + b"  \n"
    read = reader.read([b"", body])
    left = [number for number in read.left() if read.line(number).strip()]
    assert is_compiled or len(left) == len(batch)
    try:
        read.take_in(left, [records.decode_decoded(read.line(number))[0] for number in left])
    except Misfit:
        return
    assert [read.line(number) for number in read.left()] == [b"  "]
    for kind, word in enumerate(reader.kinds):
        of_kind = [(number, record) for number, record in enumerate(batch) if kind_of(record) == word]
        for number, record in of_kind:  # those that are taken in stand behind the others
            check_rows(reader, read, kind, np.array([number]), [record])


@pytest.mark.parametrize(
    "fields",
    [
        {"msg_type": 32_768},
        {"mmsi": 1 << 31},
        {"sog": 1e300},
        {"event_time": "2026-01-02T03:04:05Z"},
        {"event_time": ""},
    ],
)
def test_a_value_that_no_row_can_hold_is_a_misfit(fields: dict[str, Any]) -> None:
    with pytest.raises(Misfit, match=next(iter(fields))):
        rows_of(FEW_SHAPE, [msgspec.structs.replace(USUAL, **fields)], Texts(), Labels())


SOUND_SHAPE: tuple[Any, ...] = (b"\0" * 8, -1, -1, -1, -1, b"", -1, False)


@pytest.mark.parametrize(
    ("shape", "member"),
    [
        ((b"", *SOUND_SHAPE[1:]), None),
        ((b"\0" * 8, 8, -1, -1, -1, b"", -1, False), None),
        ((b"\0" * 8, -1, 5, -1, -1, b"", -1, False), None),
        ((b"\0" * 8, -1, -1, -2, -1, b"", -1, False), None),
        ((b"\0" * 8, -1, -1, -1, 0, b"\0" * 68, -1, False), None),
        ((b"\0" * 8, -1, -1, -1, 0, b"\0" * 3, -1, False), None),
        (SOUND_SHAPE, (1, 1, False, -1, -1, ((3, 1),))),
        (SOUND_SHAPE, (1, 1, False, -1, -1, ((2, -1),))),
        (SOUND_SHAPE, (1, 1, False, -1, -1, ((10, 0),))),
        (SOUND_SHAPE, (1, 1, False, -1, -1, ((7, 0),))),
        (SOUND_SHAPE, (1, 1, False, -1, -1, ((2, 1 << 40),))),
        (SOUND_SHAPE, (1, 6, False, -1, -1, ())),
        (SOUND_SHAPE, (2, 1, False, -1, -1, ())),
        (SOUND_SHAPE, (1, 4, False, 0, -1, ())),
        (SOUND_SHAPE, (1, 4, False, -1, 0, ())),
        (SOUND_SHAPE, (1, 4, False, -1, -1, 5)),
    ],
)
def test_a_plan_that_reaches_out_of_its_row_is_refused(shape: Any, member: Any) -> None:
    members = () if member is None else (member,)
    with pytest.raises((ValueError, TypeError)):
        columns.compiled.Reader((b"kind", b"mmsi"), (shape,), ((b"position", 0, True, members),), 1)


@pytest.mark.parametrize("names", [(b"",), (b"x" * 31,), (b'a"',), (b"a b",), ("kind",)])
def test_names_are_plain(names: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        columns.compiled.Reader(names, (), (), 1)


def test_a_body_is_bytes() -> None:
    for bodies in ["x"], [None], 5, [bytearray(LINE)]:
        with pytest.raises((ValueError, TypeError)):
            STRICT.read(bodies)  # type: ignore[arg-type]


@pytest.mark.parametrize("file", ["aishub_nmea_sample.log.gz", "aisdb_201201.nmea", "opencpn_hakefjord.log.gz"])
def test_lines_of_recordings(file: str) -> None:
    path = DATA / file
    if not path.exists():
        pytest.skip(f"no recording here: {path}")
    decoding = pytest.importorskip("services.decoder.decoding")
    sentences = (gzip.open if path.suffix == ".gz" else open)(path, "rb")
    with sentences:
        singles = (line.split(b"*")[0] for line in sentences if line.startswith((b"!AIVDM,1,1", b"!BSVDM,1,1")))
        raws = [
            records.Raw(**ENVELOPE, station=f"r{n % 60}", sentences=(with_checksum(line),))
            for n, line in enumerate(islice(singles, 20_000))
        ]
    decoded = [record for record in map(decoding.decode_one, raws) if isinstance(record, Decoded)]
    body = records.encode(decoded)
    assert len(check(WHOLE, [body]).left()) <= 1 + len(decoded) / 20
    assert len(check(LENIENT, [body]).left()) <= 1 + len(decoded) / 500


def with_checksum(sentence: bytes) -> str:
    checksum = 0
    for character in sentence[1:]:
        checksum ^= character
    return f"{sentence.decode()}*{checksum:02X}"
