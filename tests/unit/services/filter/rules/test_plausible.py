"""Positions that no ship could have reached, dropped where that is asked for."""

from fairway import records

RULE = {"rule": "plausible", "action": "drop", "checks": ["implied_speed", "null_island"]}


def test_rejects_a_position_that_needs_a_thousand_knots(dropped, position):
    assert dropped(RULE, position(0), position(60, lon=11.0)) == [False, True]


def test_keeps_a_fast_ferry(dropped, position):
    assert dropped(RULE, position(0), position(60, lon=10.02)) == [False, False]


def test_a_vessel_is_followed_again_when_the_next_report_agrees_with_the_rejected_one(dropped, position):
    reports = [position(0), position(60, lon=11.0), position(70, lon=11.001), position(80, lon=11.002)]
    assert dropped(RULE, *reports) == [False, True, False, False]


def test_one_bad_fix_does_not_move_the_vessel(dropped, position):
    reports = [position(0), position(10, lon=11.0), position(20), position(30, lon=11.0), position(40)]
    assert dropped(RULE, *reports) == [False, True, False, True, False]


def test_two_bad_fixes_that_disagree_are_both_dropped(dropped, position):
    assert dropped(RULE, position(0), position(10, lon=11.0), position(20, lon=12.0)) == [False, True, True]


def test_a_bad_first_fix_costs_one_good_report(dropped, position):
    assert dropped(RULE, position(0, lon=50.0), position(10), position(20)) == [False, True, False]


def test_time_stamps_may_be_off_by_some_seconds(dropped, position):
    assert dropped(RULE, position(0), position(0, lon=10.003)) == [False, False]


def test_without_slack_a_ship_cannot_be_in_two_places_at_once(dropped, position):
    assert dropped({**RULE, "slack_seconds": 0}, position(0), position(0, lon=10.003), position(0)) == [
        False,
        True,
        False,
    ]


def test_a_report_from_the_past_is_judged_by_the_time_between(dropped, position):
    assert dropped(RULE, position(3600), position(0, lon=11.0)) == [False, False]


def test_vessels_are_judged_each_by_itself(dropped, position):
    assert dropped(RULE, position(0), position(1, mmsi=219000002, lon=20.0)) == [False, False]


def test_crossing_the_antimeridian_is_no_jump(dropped, position):
    assert dropped(RULE, position(0, lon=179.999), position(60, lon=-179.999)) == [False, False]


def test_rescue_aircraft_may_fly(dropped, position):
    times = {"event_time": position().event_time, "received_at": position().received_at, "time_source": "tag_block"}
    flight = [
        records.SarAircraft(mmsi=111219001, msg_type=9, lon=lon, lat=55.0, source="test", **times)
        for lon in (1.0, 50.0)
    ]
    assert dropped(RULE, *flight, position(0, mmsi=111219001), position(1, mmsi=111219001, lon=50.0)) == [False] * 4


def test_a_distress_beacon_is_never_doubted(dropped, position):
    beacon = [position(0, mmsi=970219001), position(1, mmsi=970219001, lon=50.0)]
    active = [position(0, nav_status=14), position(1, nav_status=14, lon=50.0)]
    assert dropped(RULE, *beacon, *active) == [False] * 4


def test_null_island_is_no_place_for_a_ship(dropped, position):
    assert dropped(RULE, position(lon=0.0, lat=0.0), position(lon=0.0, lat=51.5)) == [True, False]


def test_a_fix_at_null_island_moves_nobody(dropped, position):
    fixes = [position(0), position(10, lon=0.0, lat=0.0), position(20, lon=0.0, lat=0.0), position(30)]
    assert dropped(RULE, *fixes) == [False, True, True, False]


def test_a_distress_beacon_without_a_fix_is_kept(dropped, position):
    assert dropped(RULE, position(mmsi=974219001, lon=0.0, lat=0.0)) == [False]


def test_records_without_a_position_pass(dropped, position, static):
    assert dropped(RULE, position(0), position(1, lon=None, lat=None), static()) == [False] * 3


def test_memory_is_bounded(a_filter, position):
    judge = a_filter({**RULE, "max_vessels": 100})
    judge.decide([position(mmsi=mmsi) for mmsi in range(1000)])
    judge.commit()
    assert judge.memory_sizes() == [100 * 9 // 10]  # a tenth is forgotten at once


def test_a_ship_that_comes_back_from_an_excursion_is_believed_at_once(dropped, position):
    before = [position(at) for at in range(0, 60, 10)]
    excursion = [position(60, lon=11.0), position(70, lon=11.0), position(80, lon=11.0)]
    assert dropped(RULE, *before, *excursion, position(90), position(100)) == [*[False] * 6, True, *[False] * 4]
