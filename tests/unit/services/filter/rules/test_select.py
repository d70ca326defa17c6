"""Finding records by what they are, who sent them and who heard them."""

import csv
from pathlib import Path

import pytest

from fairway import records
from fairway.errors import BadSetting
from fairway.flags import BITS
from fairway.testing import START
from services.filter.reports import form_of, of_records
from services.filter.rules.select import BEFORE_MID

DATA = Path(__file__).parents[6] / "shared" / "data" / "reference"


def rule(**options: object) -> dict[str, object]:
    return {"rule": "select", **options}


def test_keeps_the_message_types_that_are_named(dropped, position, static):
    reports = [position(msg_type=1), position(msg_type=18), static(), position(msg_type=27)]
    assert dropped(rule(msg_types=[1, 5]), *reports) == [False, True, False, True]


def test_keeps_the_kinds_that_are_named(dropped, position, static, base_station, aton):
    reports = [position(), static(), base_station(), aton()]
    assert dropped(rule(kinds=["position", "aton"]), *reports) == [False, True, True, False]


def test_keeps_the_others_on_request(dropped, position, static):
    assert dropped(rule(kinds=["static"], keep="others"), position(), static()) == [False, True]


def test_keeps_the_vessels_that_are_named(dropped, position):
    reports = [position(mmsi=mmsi) for mmsi in (219000001, 219000002, 219000003, 211000001)]
    assert dropped(rule(mmsi=[219000001, 211000001]), *reports) == [False, True, True, False]


def test_a_prefix_is_that_of_nine_digits(dropped, position):
    reports = [position(mmsi=mmsi) for mmsi in (219000001, 2190047, 21900470, 992190001, 111219500)]
    assert dropped(rule(mmsi_prefixes=["219"]), *reports) == [False, True, True, True, True]
    assert dropped(rule(mmsi_prefixes=["00219"]), *reports) == [True, False, True, True, True]
    assert dropped(rule(mmsi_prefixes=["99", "111"]), *reports) == [True, True, True, False, False]


def test_a_country_is_found_wherever_its_mid_stands(dropped, position):
    danish = [219000001, 21900470, 2190047, 111219500, 821900001, 982190001, 992190001]
    others = [211219001, 970219001, 972219001, 974219001, 121900001, 219, 992110219, 112190001, 902190001]
    reports = [position(mmsi=mmsi) for mmsi in (*danish, *others)]
    assert dropped(rule(mids=[219]), *reports) == [False] * len(danish) + [True] * len(others)
    assert len(danish) == len(BEFORE_MID)


@pytest.mark.skipif(not DATA.is_dir(), reason="the reference tables are not there")
def test_every_mid_of_the_itu_is_one_and_finds_no_ship_of_another(a_filter, position):
    with (DATA / "itu_maritime_identification_digits.csv").open(encoding="utf-8-sig") as file:
        mids = {int(cell) for row in csv.reader(file) for cell in row[:1] if cell.strip().isdigit()}
    assert len(mids) > 200
    ships = [position(mmsi=mid * 1_000_000 + 123_456) for mid in sorted(mids)]
    for chosen in sorted(mids)[::40]:
        droppers = a_filter(rule(mids=[chosen])).droppers(ships)
        assert [ship.mmsi for ship, dropper in zip(ships, droppers, strict=True) if not dropper] == [
            chosen * 1_000_000 + 123_456
        ]


def test_all_conditions_must_hold_and_any_value_of_one(dropped, position, static):
    both = rule(mids=[219, 211], msg_types=[1, 18])
    reports = [
        position(),
        position(mmsi=211000001, msg_type=18),
        position(mmsi=265000001),
        position(msg_type=27),
        static(),
    ]
    assert dropped(both, *reports) == [False, False, True, True, True]


def test_a_position_is_of_the_ship_type_that_its_vessel_said_last(dropped, position, static):
    reports = [
        static(ship_type=82),
        position(1),
        static(2, ship_type=70),
        position(3),
        static(4, ship_type=52),
        position(5),
    ]
    assert dropped(rule(ship_types=["80-89", 52]), *reports) == [False, False, True, True, False, False]


def test_a_ship_of_a_type_that_nobody_knows_is_kept_unless_asked_otherwise(dropped, position):
    for keep in ("matching", "others"):
        assert dropped(rule(ship_types=[70], keep=keep), position()) == [False]
        assert dropped(rule(ship_types=[70], keep=keep, unknown="drop"), position()) == [True]


def test_a_ship_that_fails_another_condition_is_not_unknown(dropped, position):
    assert dropped(rule(ship_types=[70], mids=[211]), position()) == [True]
    assert dropped(rule(ship_types=[70], mids=[211], keep="others", unknown="drop"), position()) == [False]


def test_base_stations_and_aids_are_of_no_ship_type(dropped, base_station, aton):
    assert dropped(rule(ship_types=["0-255"]), base_station(), aton()) == [True, True]


def test_a_record_without_a_type_is_unknown(dropped, position):
    assert dropped(rule(msg_types=[1]), position(msg_type=None)) == [False]
    assert dropped(rule(msg_types=[1], unknown="drop"), position(msg_type=None)) == [True]


def test_sources_are_patterns_of_words(dropped, position):
    reports = [
        position(source=source) for source in ("coastal.denmark", "coastal.denmark.north", "satellite", "coastal")
    ]
    assert dropped(rule(sources=["coastal.*"]), *reports) == [False, True, True, True]
    assert dropped(rule(sources=["coastal.#", "satellite"]), *reports) == [False] * 4
    assert dropped(rule(sources=["#.denmark"], keep="others"), *reports) == [True, False, False, False]


def test_stations_are_names_or_patterns(dropped, position):
    reports = [position(station=station) for station in ("b003669705", "b003669706", "r3", "B003669705", None)]
    assert dropped(rule(stations=["b00366970?", "r*"]), *reports) == [False, False, False, True, False]
    assert dropped(rule(stations=["r3"], unknown="drop"), *reports) == [True, True, False, True, True]


@pytest.mark.parametrize(("keep", "found"), [("matching", [True, False]), ("others", [False, True])])
def test_flags_the_records_that_are_asked_for(a_filter, position, keep: str, found: list[bool]):
    decisions = a_filter(rule(mmsi=[219000001], keep=keep, action="flag")).decide(
        [position(), position(mmsi=219000002)]
    )
    assert all(decision.kept for decision in decisions)
    assert [decision.flags == BITS["selected"] for decision in decisions] == found


def test_routes_what_matches_and_not_what_may(a_filter, position, static):
    tankers = rule(ship_types=["80-89"], action="route", to="{source}.tankers")
    reports = [position(), static(1, ship_type=80), position(2), position(3, mmsi=219000002)]
    decisions = a_filter(tankers).decide(reports, "coastal.denmark")
    to = ("coastal.denmark.tankers",)
    assert [decision.routes for decision in decisions] == [(), to, to, ()]


def test_what_was_said_in_a_batch_that_was_given_up_is_not_known(a_filter, position, static):
    judge = a_filter(rule(ship_types=[80], unknown="drop"))
    judge.droppers([static(ship_type=80)])
    judge.discard()
    assert judge.droppers([position()]) == ["select"]
    judge.droppers([static(ship_type=80)])
    judge.commit()
    assert judge.droppers([position()]) == [None]


def test_explains_by_the_ship_type(a_filter, position, static):
    judge = a_filter(rule(ship_types=[80]))
    judge.explain()
    reports = of_records([static(ship_type=80), position(1), position(2, mmsi=219000002)], form_of(judge.members))
    [explained] = judge.judge(reports).explained
    assert [str(number) for number in explained.numbers["ship_type"].tolist()] == ["80.0", "80.0", "nan"]


def test_a_record_of_any_kind_can_be_selected(a_filter):
    envelope = {"source": "test", "event_time": START, "received_at": START, "time_source": "tag_block"}
    every = [kind(mmsi=219000001, msg_type=1, **envelope) for kind in records.DECODED_KINDS]
    options = rule(kinds=["other"], msg_types=[1], mids=[219], sources=["test"], keep="others")
    assert [decision.kept for decision in a_filter(options).decide(every)] == [
        kind is not records.Other for kind in records.DECODED_KINDS
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "give at least one of msg_types, kinds"),
        ({"kinds": ["positions"]}, "the kinds are position, static"),
        ({"msg_types": [29]}, "less than or equal to 28"),
        ({"mmsi_prefixes": [219]}, "in quotes"),
        ({"mmsi_prefixes": ["21x"]}, "up to nine digits"),
        ({"mids": [99]}, "greater than or equal to 200"),
        ({"ship_types": ["89-80"]}, "the lower first"),
        ({"ship_types": ["tanker"]}, "a range such as 80-89"),
        ({"ship_types": [256]}, "0 to 255"),
        ({"sources": ["Coastal.#"]}, "words with dots between"),
        ({"sources": ["coast*"]}, "words with dots between"),
        ({"mmsi": [2190000010]}, "less than 1000000000"),
    ],
)
def test_what_is_not_right_is_said_in_one_sentence(a_filter, options, said: str):
    with pytest.raises(BadSetting, match=said):
        a_filter(rule(**options))
