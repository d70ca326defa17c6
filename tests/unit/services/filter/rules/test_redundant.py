"""Reports that tell nothing new."""

import pytest

from fairway import records
from fairway.errors import BadSetting
from services.filter.judge import Filter
from services.filter.rule_file import read

RULE = {"rule": "redundant"}


def test_keeps_the_first_report(dropped, position):
    assert dropped(RULE, position()) == [False]


def test_drops_a_report_that_tells_nothing_new(dropped, position):
    assert dropped(RULE, position(0), position(10)) == [False, True]


def test_keeps_one_position_a_minute(dropped, position):
    verdicts = dropped(RULE, *[position(at) for at in range(0, 181, 10)])
    assert [at for at, is_dropped in zip(range(0, 181, 10), verdicts, strict=True) if not is_dropped] == [
        0,
        60,
        120,
        180,
    ]


def test_keeps_a_ship_that_moved(dropped, position):
    assert dropped(RULE, position(0), position(50, lon=10.0078), position(55, lon=10.0079)) == [False, True, False]


def test_keeps_a_ship_that_turned(dropped, position):
    assert dropped(RULE, position(0, cog=355.0), position(5, cog=4.9), position(6, cog=5.0)) == [False, True, False]


def test_many_small_turns_add_up(dropped, position):
    assert dropped(RULE, *[position(at, cog=90.0 + at) for at in (0, 4, 8, 12)]) == [False, True, True, False]


def test_heading_tells_the_turn_when_there_is_no_course(dropped, position):
    reports = [position(0, cog=None, heading=10), position(5, cog=None, heading=15), position(6, cog=None, heading=20)]
    assert dropped(RULE, *reports) == [False, True, False]


def test_the_course_of_a_ship_at_rest_is_noise(dropped, position):
    assert dropped(RULE, position(0, sog=0.1, cog=10.0), position(5, sog=0.1, cog=200.0)) == [False, True]


def test_a_ship_without_course_and_heading_has_not_turned(dropped, position):
    assert dropped(RULE, position(0, cog=None), position(5, cog=None)) == [False, True]


def test_keeps_any_change_of_nav_status(dropped, position):
    assert (
        dropped(RULE, position(0, nav_status=0), position(1, nav_status=5), position(2, nav_status=None)) == [False] * 3
    )


def test_keeps_a_position_that_becomes_unavailable_and_available(dropped, position):
    gone = {"lon": None, "lat": None}
    assert dropped(RULE, position(0), position(1, **gone), position(2, **gone), position(3)) == [
        False,
        False,
        True,
        False,
    ]


def test_keeps_the_first_report_of_each_class(dropped, position):
    reports = [
        position(0),
        position(1, msg_type=27),
        position(2, msg_type=18),
        position(3, msg_type=3),
        position(4, msg_type=27),
    ]
    assert dropped(RULE, *reports) == [False, False, False, True, True]


def test_a_providers_position_is_compared_with_the_types_of_its_class(dropped, position):
    class_a, class_b = {"msg_type": None, "ais_class": "A"}, {"msg_type": None, "ais_class": "B", "nav_status": None}
    assert dropped(RULE, position(0), position(10, **class_a)) == [False, True]
    assert dropped(RULE, position(0, msg_type=18, nav_status=None), position(10, **class_b)) == [False, True]
    assert dropped(RULE, position(0), position(10, **class_b), position(20, **class_b)) == [False, False, True]
    assert dropped(RULE, position(0, msg_type=27), position(10, msg_type=None, low_resolution=True)) == [False, True]


def test_a_providers_position_of_no_class_is_a_class_of_its_own(dropped, position):
    assert dropped(RULE, position(0), position(1, msg_type=None), position(2, msg_type=None)) == [False, False, True]


def test_a_feed_without_nav_status_does_not_undo_the_thinning_of_another(dropped, position):
    bare = {"msg_type": None, "ais_class": "A", "nav_status": None}
    reports = [position(0), position(1, **bare), position(2), position(3, **bare)]
    assert dropped(RULE, *reports) == [False, False, True, True]


def test_keeps_a_providers_position_whose_name_changed(dropped, position):
    reports = [position(at, msg_type=None, name=name) for at, name in enumerate(["ASTRID", "ASTRID", "BIRTE"])]
    assert dropped(RULE, *reports) == [False, True, False]


def test_thins_other_reports_of_a_provider_that_does_not_say_the_type(dropped, static, base_station, aton):
    for report in static, base_station, aton:
        assert dropped(RULE, report(0, msg_type=None), report(60, msg_type=None)) == [False, True]
    assert dropped(RULE, static(0, msg_type=None), static(1, msg_type=None, length=9.5)) == [False, False]


def test_keeps_a_type_19_whose_name_changed(dropped, position):
    reports = [position(at, msg_type=19, name=name) for at, name in ((0, "ASTRID"), (1, "ASTRID"), (2, "BIRTE"))]
    assert dropped(RULE, *reports) == [False, True, False]


@pytest.mark.parametrize(("earlier", "is_dropped"), [(41, True), (40, False)])
def test_a_report_from_the_past_is_judged_by_the_time_between(dropped, position, earlier: int, is_dropped: bool):
    assert dropped(RULE, position(100), position(earlier)) == [False, is_dropped]


def test_compares_with_the_last_kept_report_not_the_last_heard(dropped, position):
    reports = [position(at, lon=10.0 + at / 5000) for at in (0, 15, 30, 45)]
    assert dropped(RULE, *reports) == [False, True, True, False]


def test_a_report_that_an_earlier_rule_drops_is_not_the_last_kept_one(a_filter, position):
    judge = a_filter({"rule": "area", "boxes": [[9, 54, 10, 56]]}, RULE)
    assert judge.droppers([position(0, lon=10.001), position(5, lon=10.0)]) == ["area", None]


def test_vessels_are_judged_each_by_itself(dropped, position):
    assert dropped(RULE, position(0), position(1, mmsi=219000002)) == [False, False]


def test_drops_static_data_that_did_not_change(dropped, static):
    assert dropped(RULE, static(0), static(360), static(3599), static(3600)) == [False, True, True, False]


@pytest.mark.parametrize(
    "change",
    [{"name": "BIRTE"}, {"destination": None}, {"draught": 7.1}, {"eta_minute": 1}, {"to_bow": 9}, {"dte": True}],
)
def test_keeps_static_data_that_changed(dropped, static, change):
    assert dropped(RULE, static(0), static(360, **change)) == [False, False]


def test_keeps_static_data_that_changed_and_changed_back(dropped, static):
    assert dropped(RULE, static(0), static(1, name="BIRTE"), static(2)) == [False] * 3


def test_static_data_heard_elsewhere_are_no_change(dropped, static):
    assert dropped(RULE, static(0), static(1, station="b", channel="B", repeat=1, source="aishub", digest=5)) == [
        False,
        True,
    ]


def test_the_parts_of_static_data_are_compared_each_by_itself(dropped, static):
    parts = [static(at, msg_type=24, part=part) for at, part in enumerate("ABAB")]
    assert dropped(RULE, *parts) == [False, False, True, True]


def test_thins_base_stations_whose_clock_alone_goes_on(dropped, base_station):
    reports = [base_station(at, utc_second=at % 60, radio=at) for at in (0, 10, 599, 600)]
    assert dropped(RULE, *reports) == [False, True, True, False]


def test_keeps_a_base_station_that_moved(dropped, base_station):
    assert dropped(RULE, base_station(0), base_station(10, lat=55.0004), base_station(20, lat=55.001)) == [
        False,
        True,
        False,
    ]


def test_thins_aids_to_navigation_and_keeps_one_that_left_its_place(dropped, aton):
    reports = [aton(0, second=1), aton(180, second=2), aton(360, off_position=True)]
    assert dropped(RULE, *reports) == [False, True, False]


def test_keeps_an_aid_whose_lights_fail(dropped, aton):
    assert dropped(RULE, aton(0, aton_status=0), aton(180, aton_status=8)) == [False, False]


def test_never_drops_a_distress_beacon(dropped, position):
    beacon = [position(at, mmsi=972219001) for at in (0, 1)]
    assert dropped(RULE, *beacon, position(2, nav_status=14), position(3, nav_status=14)) == [False] * 4


def test_never_drops_safety_messages_binary_data_aircraft_and_the_rest(dropped, position):
    usual = {"source": "test", "mmsi": 219000001, "event_time": position().event_time}
    usual |= {"received_at": position().received_at, "time_source": "tag_block"}
    kinds = [(records.Safety, 14), (records.Binary, 8), (records.SarAircraft, 9), (records.Other, 10)]
    kinds += [(kind, None) for kind, _ in kinds]
    reports = [kind(msg_type=msg_type, **usual) for kind, msg_type in kinds]
    assert dropped(RULE, *reports, *reports) == [False] * 16


def test_memory_is_bounded(a_filter, position):
    judge = a_filter({**RULE, "max_vessels": 100})
    judge.decide([position(mmsi=mmsi) for mmsi in range(1000)])
    judge.commit()
    assert judge.memory_sizes() == [300 * 9 // 10]  # a tenth is forgotten at once


CASES = [{"nav_status": [1, 5], "below_knots": 1, "seconds": 600, "metres": 50}, {"from_knots": 20, "seconds": 20}]


def test_cases_give_other_thresholds_to_some_positions(dropped, position):
    moored = [position(at, nav_status=5, sog=0.1) for at in (0, 300, 599, 600)]
    assert dropped({"rule": "redundant", "cases": CASES}, *moored) == [False, True, True, False]
    swings = [position(0, nav_status=1, sog=0.1), position(10, nav_status=1, sog=0.1, lat=55.0005)]
    assert dropped({"rule": "redundant", "cases": CASES}, *swings) == [False, False]
    fast = [position(at, sog=25.0) for at in (0, 10, 20)]
    assert dropped({"rule": "redundant", "cases": CASES}, *fast) == [False, True, False]
    usual = [position(at, sog=10.0) for at in (0, 20, 59, 60)]
    assert dropped({"rule": "redundant", "cases": CASES}, *usual) == [False, True, True, False]
    unknown = [position(at, sog=None) for at in (0, 20, 60)]
    assert dropped({"rule": "redundant", "cases": CASES}, *unknown) == [False, True, False]


def test_a_case_that_says_nothing_is_refused(a_filter):
    with pytest.raises(BadSetting, match="a case needs seconds, metres or degrees"):
        a_filter({"rule": "redundant", "cases": [{"nav_status": [5]}]})


def test_only_time_decides_as_in_aislib(position):
    rules = Filter(read("aislib"))
    ship = [position(at, lon=10 + at / 1000, cog=at, digest=at) for at in range(0, 70, 10)]
    assert [decision.kept for decision in rules.decide(ship)] == [True, *[False] * 5, True]


def test_an_aid_in_alarm_is_never_dropped(dropped, aton):
    in_alarm = {"off_position": True, "second": 30}, {"aton_status": 0b11100001}
    for said in in_alarm:
        assert dropped({"rule": "redundant"}, *(aton(at, **said) for at in (0, 180, 360))) == [False] * 3
    fine = {"off_position": False, "aton_status": 0b11100000}, {"off_position": True, "second": 61}
    for said in fine:
        assert dropped({"rule": "redundant"}, *(aton(at, **said) for at in (0, 180, 360))) == [False, True, True]


def test_odd_positions_are_thinned_among_themselves_and_hide_nothing(a_filter, position):
    rules = a_filter({"rule": "plausible"}, {"rule": "redundant"})
    ship = [position(0), position(10, lon=20.0), position(20), position(30)]
    assert [decision.kept for decision in rules.decide(ship)] == [True, True, False, False]
