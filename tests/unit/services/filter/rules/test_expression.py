"""What an expression says of reports and their vessels."""

from collections import ChainMap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairway import records
from services.filter.rules.expression import PROPERTIES
from tests.unit.services.filter.test_properties import CUTS, STREAMS, _batches, _output, _stage


def rule(where: str) -> dict[str, object]:
    return {"rule": "expression", "where": where}


def test_drops_what_it_says_and_keeps_the_rest(dropped, position, static):
    assert dropped(rule("sog > 9"), position(sog=8.0), position(sog=10.0), position(sog=None), static()) == [
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "where",
    [
        "kind = 'position' AND mmsi / 1000000 >= 219",
        "S_INTERSECTS(position, BBOX(9, 54, 11, 56))",
        "event_time > TIMESTAMP('2026-01-01T00:00:00Z') AND received_at IS NOT NULL",
        "source = 'test' AND station IS NULL AND own_ship = false",
        "nav_status IN (0, 1) AND heading IS NULL AND msg_type = 1",
        "time_source = 'tag_block' AND low_resolution = false AND draught IS NULL",
    ],
)
def test_any_field_can_be_asked_for(dropped, position, where: str):
    assert dropped(rule(where), position()) == [True]


def test_a_position_is_asked_what_its_vessel_said_last(dropped, position, static):
    tanker, other = static(ship_type=82, name="ASTRID"), {"mmsi": 219000002}
    reports = [position(), tanker, position(1), position(2, **other), static(3, ship_type=70), position(4)]
    assert dropped(rule("ship_type BETWEEN 80 AND 89 AND kind = 'position'"), *reports) == [
        False,
        False,
        True,
        False,
        False,
        False,
    ]
    assert dropped(rule("name = 'ASTRID' AND sog > 9"), *reports) == [False, False, True, False, False, True]


def test_a_part_that_says_nothing_of_a_field_leaves_it_as_it_was(dropped, position, static):
    reports = [static(msg_type=24, part="A", name="ASTRID"), static(1, msg_type=24, part="B", name=None), position(2)]
    assert dropped(rule("name = 'ASTRID' AND sog > 9"), *reports) == [False, False, True]


def test_what_was_said_in_a_batch_that_was_given_up_is_not_known(a_filter, position, static):
    judge = a_filter(rule("ship_type = 82 AND sog > 9"))
    judge.decide([static(ship_type=82)])
    judge.discard()
    assert judge.droppers([position()]) == [None]
    judge.decide([static(ship_type=82)])
    judge.commit()
    assert judge.droppers([position()]) == ["expression"]


def test_names_that_nobody_has_any_more_are_forgotten(a_filter, position, static):
    judge = a_filter({**rule("name = 'SHIP 99' AND sog > 9"), "max_vessels": 10})
    for number in range(100):
        judge.decide([static(mmsi=219000000 + number % 3, name=f"SHIP {number}")])
        judge.commit()
    assert judge.droppers([position(mmsi=219000000), position(mmsi=219000001)]) == ["expression", None]
    assert len(judge._rules[0]._vessels._texts) <= 40


NAMES = st.sampled_from([None, "A", "B"])


@given(STREAMS)
def test_what_is_known_of_a_vessel_is_what_it_said_last(a_filter, stream):
    said: dict[int, str] = {}
    wanted = []
    for record in stream:
        own = getattr(record, "name", None)
        said = {**said, record.mmsi: own} if own else said
        wanted.append("expression" if ChainMap(said).get(record.mmsi) == "A" else None)
    assert a_filter(rule("name = 'A'")).droppers(stream) == wanted


@settings(max_examples=25)
@given(STREAMS, CUTS)
def test_how_a_stream_is_cut_into_batches_makes_no_difference(stream, cuts):
    rules = [rule("name = 'A' AND (part = 'B' OR lon > 10 OR text LIKE 'MAY%')"), rule("off_position = true")]
    whole, cut = _output(_stage(rules), _batches(stream, [])), _output(_stage(rules), _batches(stream, cuts))
    assert b"".join(batch.body for batch in cut) == b"".join(batch.body for batch in whole)


@pytest.mark.parametrize("options", [{}, {"where": " "}, {"where": "sgo > 1"}, {"where": "sog >"}])
def test_an_expression_that_says_nothing_is_refused(a_filter, options):
    with pytest.raises(Exception, match="expression"):
        a_filter({"rule": "expression", **options})


def test_every_plain_field_of_every_kind_is_a_property():
    fields = {name for kind in records.DECODED_KINDS for name in kind.__struct_fields__}
    assert fields - set(PROPERTIES) == {"content"}
