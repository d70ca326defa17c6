"""Static data of several types and times merged into one vessel."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from fairway.records import Static
from services.db_inserter.vessels import FACTS, Vessel, merge_reports


def static(second: int, **fields: object) -> Static:
    envelope = {"source": "test", "received_at": "2026-01-02T03:05:00.000Z", "time_source": "received", "mmsi": 1}
    return Static(**{"msg_type": 5, **envelope, "event_time": f"2026-01-02T03:04:{second:02}.000Z", **fields})


def value(vessel: Vessel, fact: str) -> object:
    found = vessel.facts[list(FACTS).index(fact)]
    return None if found is None else found[1] if len(found[1]) > 1 else found[1][0]


def test_parts_a_and_b_complete_each_other() -> None:
    vessel = merge_reports(
        [static(1, msg_type=24, part="A", name="ANNA"), static(2, msg_type=24, part="B", callsign="OX1")]
    )[1]
    assert (value(vessel, "name"), value(vessel, "callsign")) == ("ANNA", "OX1")


def test_a_newer_null_does_not_erase() -> None:
    assert value(merge_reports([static(1, name="ANNA"), static(2)])[1], "name") == "ANNA"


def test_an_older_value_does_not_replace_a_newer_one() -> None:
    assert (
        value(merge_reports([static(2, destination="KIEL"), static(1, destination="OSLO")])[1], "destination") == "KIEL"
    )


def test_the_dimensions_are_replaced_together() -> None:
    reports = [static(1, to_bow=90, to_stern=10, to_port=5, to_starboard=5), static(2, to_bow=70, to_stern=30)]
    assert value(merge_reports(reports)[1], "dimensions") == (70, 30, None, None)


def test_length_and_width_are_told_by_parts_or_as_a_whole() -> None:
    for fields, expected in (
        ({"to_bow": 90, "to_stern": 10, "to_port": 5, "to_starboard": 8}, (100, 13)),
        ({"length": 99.5, "width": 12.5}, (99.5, 12.5)),
        ({"to_bow": 0, "to_stern": 10, "length": 99.5}, (10, None)),  # the ship's own word before the provider's
        ({"to_bow": 90, "length": 99.5}, (99.5, None)),
    ):
        vessel = merge_reports([static(1, **fields)])[1]
        assert (value(vessel, "length"), value(vessel, "width")) == expected


def test_the_newest_length_counts_whoever_said_it() -> None:
    vessel = merge_reports([static(1, to_bow=90, to_stern=10), static(2, msg_type=None, length=99.5)])[1]
    assert (value(vessel, "length"), value(vessel, "dimensions")) == (99.5, (90, 10, None, None))


def test_first_and_last_time_and_the_newest_source_are_kept() -> None:
    for order in permutations([static(3, source="b"), static(1, source="c"), static(3, source="a")]):
        vessel = merge_reports(order)[1]
        assert (vessel.first_time[17:19], vessel.newest[0][17:19], vessel.newest[1]) == ("01", "03", "b")


reports = st.builds(
    static,
    st.integers(0, 3),
    name=st.sampled_from([None, "ANNA", "BERTA"]),
    to_bow=st.sampled_from([None, 1, 2]),
    to_stern=st.sampled_from([None, 1, 2]),
    length=st.sampled_from([None, 2.5, 3.0]),
    draught=st.sampled_from([None, 1.5, 2.5]),
    ais_class=st.sampled_from([None, "A", "B"]),
    dte=st.sampled_from([None, True, False]),
)


@given(st.lists(reports, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_vessel(group: list[Static], random: object) -> None:
    shuffled = list(group)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge_reports(shuffled) == merge_reports(group)
