"""Printing whole batches says the same as decoding one by one, whatever the records are."""

import json
from random import Random

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fairway import records
from fairway.records import Raw
from services.decoder.batches import Made, decode_body, decode_rows, decode_with
from services.decoder.decoding import decode_batch
from tests.unit.services.decoder.random_raws import as_rows, random_raws
from tests.unit.services.decoder.sentences import raw

SENTENCE = "!AIVDM,1,1,,B,181:Kjh01ewHFRPDK1s3IRcn06sd,0*08"


def says_the_same(made: Made, raws: list[Raw]) -> bool:
    decoded, rejected = decode_batch(raws)
    assert made.records == len(decoded)
    assert made.rejected == rejected
    assert records.decode_decoded(made.body) == decoded
    assert members(made.body) == members(records.encode(decoded))
    return True


def is_as_good_as_msgspec_finds(body: bytes) -> bool:
    try:
        raws = records.decode_raw(body)
    except (msgspec.MsgspecError, ValueError) as error:
        with pytest.raises(type(error)):
            decode_body(body)
        return True
    return says_the_same(decode_body(body), raws)


def members(body: bytes) -> list[list[tuple[str, object]]]:
    """Names and values of each line, in their order."""
    return [list(json.loads(line).items()) for line in body.splitlines()]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1 << 32), st.sampled_from((1, 79, 80, 300, 300, 500)))
def test_rows_are_decoded_as_one_by_one(seed: int, count: int) -> None:
    random = Random(seed)
    raws = random_raws(random, count)
    assert says_the_same(decode_rows(raws), raws)
    assert says_the_same(decode_rows(as_rows(random, raws)), raws)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1 << 32), st.sampled_from((0, 1, 80, 300, 500)))
def test_a_body_is_decoded_as_one_by_one(seed: int, count: int) -> None:
    raws = random_raws(Random(seed), count)
    assert says_the_same(decode_body(records.encode(raws)), raws)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b'{"kind":"raw"}',
        b'{"kind":"position","sentences":["x"]}',
        b'{"kind":"raw","source":"a","event_time":"b","received_at":"c","time_source":"d","sentences":["x\x01"]}',
        b'{"kind":"raw","source":"a","event_time":"b","received_at":"c","time_source":"d","sentences":["x"],"tag_block":1}',
        b'{"kind":"raw","source":"a","event_time":"b","received_at":"c","time_source":"d","sentences":["x"]',
        b'{"kind":"raw","source":"a","event_time":"b","received_at":"c","time_source":"d","time_shift":01.0,"sentences":["x"]}',
        b'{"kind":"raw","source":"a","event_time":"b","time_source":"d","sentences":["x"]}',
        b'{"kind":"raw","source":"a","event_time":"b","received_at":"c","time_source":"d","sentences":["\xff"]}',
    ],
)
@pytest.mark.parametrize("place", [0, 60, 120])
def test_a_body_with_a_line_that_is_not_a_raw_record_is_as_good_as_msgspec_finds_it(line: bytes, place: int) -> None:
    lines = records.encode([raw(SENTENCE)] * 120).splitlines()
    body = b"\n".join([*lines[:place], line, *lines[place:], b""])
    assert is_as_good_as_msgspec_finds(body)


@settings(max_examples=150, deadline=None)
@example(0, b"\n")
@example(68, b"\\\\")
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=3))
def test_a_body_with_damage_anywhere_is_as_good_as_msgspec_finds_it(place: int, damage: bytes) -> None:
    whole = records.encode([raw(SENTENCE), raw(SENTENCE, SENTENCE)] * 50)
    body = whole[: place % len(whole)] + damage + whole[place % len(whole) + len(damage) :]
    assert is_as_good_as_msgspec_finds(body)


def test_a_body_with_other_members_or_spaces_is_read_all_the_same() -> None:
    body = records.encode([raw(SENTENCE)] * 120).replace(b'"station"', b'"later":[{"sentences":["y"]}],"station"')
    assert says_the_same(decode_body(body.replace(b'":', b'": ')), records.decode_raw(body))


def test_without_a_compiler_a_body_is_decoded_all_the_same() -> None:
    raws = random_raws(Random(2), 300)
    assert says_the_same(decode_with(None, records.encode(raws)), raws)
