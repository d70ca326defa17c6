"""What holds for any stream of records, any cut into batches, and any trouble on the way."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from fairway import clock, records
from fairway.messages import Message
from fairway.testing import START, message
from services.filter.judge import Filter
from services.filter.plausibility.crowds import PLACES_BITS
from services.filter.rule_file import parse
from services.filter.stage import FilterStage

RULES = [
    {"rule": "duplicate", "memory_seconds": 50},
    {"rule": "plausible", "action": "drop"},
    {"rule": "area", "boxes": [[-1, -1, 11, 61]]},
    {"rule": "redundant", "static_seconds": 90, "aton_seconds": 30, "base_station_seconds": 20},
]
TIGHT = [{**RULES[0], "max_payloads": 3}, {**RULES[1], "max_vessels": 2}, RULES[2], {**RULES[3], "max_vessels": 1}]

# Few values each, so that vessels meet themselves again; times are near each other and out of order.
TIMES = st.integers(0, 150).map(lambda second: clock.to_text(clock.to_ms(START) + 1000 * second))
ENVELOPE = {
    "source": st.sampled_from(["a", "b"]),
    "station": st.sampled_from([None, "x"]),
    "event_time": TIMES,
    "received_at": st.just(START),
    "time_source": st.just("tag_block"),
    "mmsi": st.sampled_from([219000001, 219000002, 970000003, 2190047]),
    "digest": st.none() | st.integers(0, 3),
}
PLACE = {"lon": st.sampled_from([None, 10.0, 10.001, 10.01, 50.0]), "lat": st.sampled_from([None, 55.0, 55.0001])}
POSITIONS = st.builds(
    records.Position,
    **ENVELOPE,
    **PLACE,
    msg_type=st.sampled_from([None, 1, 3, 18, 27]),
    ais_class=st.sampled_from([None, "A", "B"]),
    sog=st.sampled_from([None, 0.0, 10.0, 50.0]),
    cog=st.sampled_from([None, 0.0, 5.0, 90.0]),
    nav_status=st.sampled_from([None, 0, 0, 0, 5]),
)
STATICS = st.builds(
    records.Static,
    **ENVELOPE,
    msg_type=st.sampled_from([None, 5]),
    name=st.sampled_from([None, "A", "B"]),
    ship_type=st.sampled_from([None, 37, 70]),
)
PARTS = st.builds(records.Static, **ENVELOPE, msg_type=st.just(24), part=st.sampled_from("AB"))
STATIONS = st.builds(records.BaseStation, **ENVELOPE, **PLACE, msg_type=st.sampled_from([None, 4]))
ATONS = st.builds(records.Aton, **ENVELOPE, **PLACE, msg_type=st.sampled_from([None, 21]), off_position=st.booleans())
SAFETY = st.builds(records.Safety, **ENVELOPE, msg_type=st.just(14), text=st.just("MAYDAY"))
STREAMS = st.lists(POSITIONS | POSITIONS | POSITIONS | STATICS | PARTS | STATIONS | ATONS | SAFETY, max_size=60)
CUTS = st.lists(st.integers(0, 60), max_size=8).map(sorted)


def _stage(rules: list[dict[str, object]]) -> FilterStage:
    return FilterStage(Filter(parse(yaml.safe_dump({"rules": rules}), "test", Path())))


def _batches(stream: list[records.AnyDecoded], cuts: list[int]) -> list[Message]:
    edges = [0, *cuts, len(stream)]
    return [message(stream[start:end], id=f"b{number}") for number, (start, end) in enumerate(pairwise(edges))]


def _output(stage: FilterStage, batches: list[Message], tries: int = 1) -> list[Message]:
    output: list[Message] = []
    for batch in batches:
        for _ in range(tries):
            answer = stage.handle([batch])
        output += answer
        stage.commit()
    return output


@given(STREAMS, CUTS, st.sampled_from([RULES, TIGHT]))
def test_how_often_a_batch_is_tried_makes_no_difference(stream, cuts, rules):
    batches = _batches(stream, cuts)
    assert _output(_stage(rules), batches, tries=3) == _output(_stage(rules), batches)


@given(STREAMS, STREAMS, CUTS)
def test_a_batch_that_was_tried_and_given_up_leaves_no_trace(stream, given_up, cuts):
    disturbed = _stage(RULES)
    disturbed.handle([message(given_up, id="given up")])
    assert _output(disturbed, _batches(stream, cuts)) == _output(_stage(RULES), _batches(stream, cuts))


@given(STREAMS, CUTS)
def test_how_a_stream_is_cut_into_batches_makes_no_difference(stream, cuts):
    whole, cut = _output(_stage(RULES), _batches(stream, [])), _output(_stage(RULES), _batches(stream, cuts))
    assert b"".join(batch.body for batch in cut) == b"".join(batch.body for batch in whole)


@given(STREAMS, CUTS)
def test_every_record_is_kept_or_counted_as_dropped(stream, cuts):
    batches = _batches(stream, cuts)
    for before, after in zip(batches, _output(_stage(RULES), batches), strict=True):
        kept = records.decode_decoded(after.body)
        assert len(kept) == after.records == after.account.remaining
        assert before.records == after.records + sum(after.account.dropped.values())
        assert set(after.account.dropped) <= {"duplicate", "plausible", "area", "redundant"}


@given(STREAMS, CUTS)
def test_what_is_kept_is_what_came_in_the_same_order(stream, cuts):
    kept = iter(records.encode(stream).splitlines())
    for batch in _output(_stage(RULES), _batches(stream, cuts)):
        assert all(any(line == each for each in kept) for line in batch.body.splitlines())


@given(STREAMS, CUTS)
def test_how_a_stream_is_cut_makes_no_difference_to_its_flags(stream, cuts):
    rules = [{"rule": "plausible", "crowd_vessels": 3, "stations": {"x": [0, 0]}}]
    whole, cut = _output(_stage(rules), _batches(stream, [])), _output(_stage(rules), _batches(stream, cuts))
    assert b"".join(batch.body for batch in cut) == b"".join(batch.body for batch in whole)


EVERYTHING = [
    {**RULES[0], "heard": True},
    {"rule": "plausible", "crowd_vessels": 3, "stations": {"x": [0, 0]}},
    {"rule": "select", "kinds": ["static"], "action": "route", "to": "{source}.names"},
    {"rule": "area", "boxes": [[-1, -1, 11, 61]], "overrides": [{"tails": ["open"], "off": True}]},
    {"rule": "redundant", "static_seconds": 90},
]
HOLDING = [*EVERYTHING[:-1], {"rule": "redundant", "positions": "track_error", "hold_seconds": 100_000}]


@given(STREAMS, CUTS, st.randoms(), st.sampled_from([EVERYTHING, HOLDING]))
def test_what_is_taken_in_one_group_makes_no_difference(stream, cuts, random, rules):
    tails = [random.choice(["test", "test", "other", "open"]) for _ in range(len(cuts) + 1)]
    batches = [
        replace(batch, key=f"decoded.ais.{tail}") for batch, tail in zip(_batches(stream, cuts), tails, strict=True)
    ]
    alone = _output(_stage(rules), batches)
    assert list(_stage(rules).handle(batches)) == alone
    stage, at_hand = _stage(rules), list(batches)
    outputs: list[Message] = []
    while at_hand:
        some = random.randint(1, len(at_hand))
        outputs += stage.handle(at_hand[:some])
        stage.commit()
        at_hand = at_hand[some:]
    assert outputs == alone


@given(STREAMS)
def test_safety_messages_are_dropped_only_as_copies(stream):
    judge = Filter(parse(yaml.safe_dump({"rules": RULES}), "test", Path()))
    assert all(
        each.rule in (None, "duplicate") for each in judge.decide(stream) if isinstance(each.record, records.Safety)
    )


@given(STREAMS)
def test_memory_never_outgrows_its_bounds(stream):
    judge = Filter(parse(yaml.safe_dump({"rules": TIGHT}), "test", Path()))
    judge.decide(stream)
    judge.commit()
    limits = [3, 2, 2, 1 << PLACES_BITS, 3]  # of plausible: tracks, types of ships, points
    assert all(size <= limit for size, limit in zip(judge.memory_sizes(), limits, strict=True))
