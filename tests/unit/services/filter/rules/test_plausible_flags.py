"""What cannot be true of a ship is flagged, and kept."""

import numpy as np
import pytest

from fairway import records
from fairway.flags import names
from fairway.testing import START
from services.filter.reports import form_of, of_records
from services.filter.rules.plausible import FROM_THE_STATION, PlausibleOptions

FAR = 11.0  # degrees east, where no ship from 10.0 can be within minutes


@pytest.fixture
def flags(a_filter):
    """The flags of each report by one rule with the given options."""

    def judge(options, *reports: records.AnyDecoded) -> list[list[str]]:
        return [names(decision.flags) for decision in a_filter({"rule": "plausible", **options}).decide(reports)]

    return judge


def test_nothing_is_dropped_unless_asked(a_filter, position):
    decisions = a_filter({"rule": "plausible"}).decide([position(0), position(60, lon=FAR), position(lon=0.0, lat=0.0)])
    assert [(each.kept, names(each.flags)) for each in decisions] == [
        (True, []),
        (True, ["implied_speed"]),
        (True, ["null_island"]),
    ]


def test_only_what_is_under_checks_is_looked_for(flags, position):
    reports = [position(0), position(60, lon=FAR, sog=90.0), position(lon=0.0, lat=0.0, sog=90.0)]
    assert flags({"checks": ["fast"]}, *reports) == [[], ["fast"], ["fast"]]
    assert flags({"checks": ["null_island"]}, *reports) == [[], [], ["null_island"]]


# Two ships on one MMSI


def _two_ships(position, times, *, each: float = 10.0):
    """One at 10° east, and one at 11° in every second report."""
    return [position(at * each, lon=FAR if at % 2 else 10.0 + at * 1e-4) for at in range(times)]


def test_both_ships_are_flagged_once_each_has_come_back_after_the_other(flags, position):
    shared = ["shared_mmsi" in each for each in flags({}, *_two_ships(position, 10))]
    assert shared == [False] * 5 + [True] * 5


def test_the_ship_that_is_not_followed_jumps(flags, position):
    jumps = ["implied_speed" in each for each in flags({}, *_two_ships(position, 10))]
    assert jumps == [False, True] * 5


def test_bad_fixes_that_agree_with_nothing_make_no_second_ship(flags, position):
    bad = [position(at, lon=lon) for at, lon in ((10, 20.0), (30, 40.0), (50, 60.0), (70, 80.0))]
    good = [position(at) for at in (0, 20, 40, 60, 80)]
    found = flags({}, *sorted([*good, *bad], key=lambda each: each.event_time))
    assert found == [[], ["implied_speed"]] * 4 + [[]]


def test_an_mmsi_is_no_longer_shared_some_hours_after_its_tracks_alternated_last(flags, position):
    reports = [*_two_ships(position, 10), position(2 * 3600), position(3 * 3600 + 200), position(3 * 3600 + 210)]
    assert flags({}, *reports)[-3:] == [["shared_mmsi"], [], []]
    assert flags({"shared_hours": 1}, *reports)[-3:] == [[], [], []]


def test_a_second_ship_is_known_again_within_a_day(flags, position):
    reports = [*_two_ships(position, 10), position(20 * 3600), position(20 * 3600 + 10, lon=FAR)]
    assert flags({}, *reports)[-2:] == [[], ["implied_speed", "shared_mmsi"]]


def test_a_fix_belongs_to_the_track_that_it_is_nearer_to(flags, position):
    """An hour is enough to sail from one to the other, and yet no report is taken for one of the wrong ship."""
    reports = [
        position(at, lon=lon)
        for at, lon in ((0, 10.0), (1800, FAR), (3600, 10.0), (7200, FAR), (10_800, 10.0), (14_400, FAR))
    ]
    found = flags({"max_knots": 60}, *reports)
    assert ["implied_speed" in each for each in found] == [False, True] * 3


# Speeds


@pytest.mark.parametrize(
    ("ship_type", "sog", "is_fast"),
    [
        (70, 39.9, False),
        (70, 40.0, True),
        (89, 45.0, True),
        (30, 41.0, True),
        (40, 60.0, False),  # high-speed craft
        (55, 60.0, False),  # police
        (37, 60.0, False),  # a yacht
        (60, 57.8, False),  # a passenger ship: many are catamarans
        (55, 90.0, True),
        (25, 102.2, False),  # wing in ground: it flies
        (None, 79.9, False),
        (None, 80.0, True),
        (255, 80.0, True),
    ],
)
def test_a_speed_is_too_high_for_a_type_of_ship(flags, position, static, ship_type, sog, is_fast):
    found = flags({}, static(ship_type=ship_type), position(1, sog=sog))[1]
    assert found == (["fast"] if is_fast else [])


def test_the_type_is_the_one_that_was_said_last_before(flags, position, static):
    reports = [
        position(0, sog=50.0),
        static(ship_type=70),
        position(1, sog=50.0),
        static(),  # which does not say it
        position(2, sog=50.0),
        static(ship_type=40),
        position(3, sog=50.0),
    ]
    assert flags({}, *reports) == [[], [], ["fast"], [], ["fast"], [], []]


def test_the_type_is_remembered_from_batch_to_batch(a_filter, position, static):
    judge = a_filter({"rule": "plausible"})
    judge.decide([static(ship_type=70)])
    judge.commit()
    judge.decide([static(ship_type=40)])
    judge.discard()
    assert names(judge.decide([position(1, sog=50.0)])[0].flags) == ["fast"]


def test_a_search_and_rescue_aircraft_may_be_fast(flags, position):
    assert flags({}, position(mmsi=111219001, sog=102.2)) == [[]]


# The station that heard it

STATIONS = {"stations": {"kiel": [10.1, 54.3]}}


def test_a_position_beyond_the_range_of_its_station_is_flagged(flags, position):
    near, far = position(station="kiel"), position(mmsi=219000002, station="kiel", lat=57.0)
    assert flags(STATIONS, near, far) == [[], ["out_of_range"]]
    assert flags({**STATIONS, "range_km": 400}, near, far) == [[], []]


def test_a_station_of_which_no_place_is_given_hears_everything(flags, position):
    reports = [position(station=name, mmsi=number, lat=-40.0) for number, name in enumerate(("hull", None), 219000001)]
    assert flags(STATIONS, *reports) == [[], []]


# Crowds


def _crowd(position, size, **given):
    usual = {"sog": 7.3, "lon": 10.123451, "lat": 55.0}
    return [position(at, mmsi=219000001 + at, **{**usual, **given}) for at in range(size)]


def test_many_vessels_at_one_point_with_one_speed_are_a_crowd_from_the_fifth_on(flags, position):
    found = [each == ["crowd"] for each in flags({}, *_crowd(position, 20))]
    assert not any(found[:4])
    assert all(found[7:])  # two MMSIs may share a bit


def test_vessels_that_sail_in_company_are_none(flags, position):
    some = _crowd(position, 20)
    apart = [position(at, mmsi=each.mmsi, sog=7.3, lon=10 + at * 0.001) for at, each in enumerate(some)]
    faster = [position(at, mmsi=each.mmsi, sog=7 + at / 10) for at, each in enumerate(some)]
    assert flags({}, *apart) == flags({}, *faster) == [[]] * 20


def test_moored_vessels_side_by_side_are_none(flags, position):
    moored = [position(at, mmsi=219000001 + at, sog=0.0, lon=10 + at * 0.000002) for at in range(20)]
    assert flags({}, *moored) == [[]] * 20


def test_vessels_at_rest_at_the_very_same_coordinates_are_one(flags, position):
    assert flags({}, *_crowd(position, 20, sog=0.0))[-1] == ["crowd"]


def test_a_minute_later_it_is_another_crowd(flags, position):
    late = [position(at * 30, mmsi=219000001 + at) for at in range(20)]
    assert flags({}, *late) == [[]] * 20


def test_one_vessel_that_repeats_itself_is_none(flags, position):
    assert flags({}, *[position(at) for at in range(20)]) == [[]] * 20


def test_long_range_reports_are_too_coarse_to_tell(flags, position):
    assert flags({}, *_crowd(position, 20, msg_type=27, low_resolution=True)) == [[]] * 20


def test_a_crowd_in_the_making_is_not_forgotten_for_other_points(flags, position):
    """Ten times as many points as there are places, in between."""
    others = [position(3, mmsi=219100000 + n, lon=n % 1000 / 10, lat=n / 1e4) for n in range(1, 100_000)]
    found = flags({"checks": ["crowd"]}, *_crowd(position, 2), *others, *_crowd(position, 20)[2:])
    assert found[-1] == ["crowd"]
    assert sum(each == ["crowd"] for each in found) <= 18


# Dimensions


@pytest.mark.parametrize(
    ("sides", "are_possible"),
    [
        ((100, 20, 10, 10), True),
        ((458, 2, 30, 39), True),  # as Seawise Giant
        ((153, 12, 44, 44), True),  # a crane vessel as Thialf
        ((250, 20, 5, 6), True),  # barges, pushed in line
        ((0, 0, 0, 0), True),  # not known
        ((0, 300, 0, 0), True),
        ((4, 3, 4, 5), True),  # a small boat, rounded
        ((511, 302, 20, 20), False),
        ((250, 100, 63, 63), False),
        ((20, 5, 30, 30), False),  # wider than long
        ((300, 20, 1, 1), False),
    ],
)
def test_dimensions_are_those_of_a_ship(flags, static, sides, are_possible):
    said = dict(zip(("to_bow", "to_stern", "to_port", "to_starboard"), sides, strict=True))
    assert flags({}, static(**said)) == [[] if are_possible else ["dimensions"]]


def test_length_and_width_of_a_provider_are_looked_at_too(flags, static):
    given = [{"length": 500.0}, {"width": 130.0}, {"length": 10.0, "width": 40.0}, {"length": 200.0, "width": 30.0}]
    assert flags({}, *[static(msg_type=None, **each) for each in given]) == [["dimensions"]] * 3 + [[]]


def test_a_class_b_report_tells_its_dimensions_itself(flags, position):
    assert flags({}, position(msg_type=19, to_bow=20, to_stern=5, to_port=30, to_starboard=30)) == [["dimensions"]]


def test_an_aid_to_navigation_may_be_of_any_size(flags, aton):
    assert flags({}, aton(to_bow=1, to_stern=1, to_port=60, to_starboard=60)) == [[]]


# What the judgement was about


def test_it_tells_the_numbers_that_it_went_by(position):
    rule = PlausibleOptions(**STATIONS).build()
    rule.explains = True
    reports = of_records([position(0, station="kiel"), position(50, lon=10.1)], form_of(rule.members))
    rule.judge(reports, np.arange(2))
    assert rule.numbers["from_the_last_believed_metres"][1] == pytest.approx(6378, rel=1e-3)
    assert rule.numbers["after_the_last_believed_seconds"].tolist()[1] == 50
    assert rule.numbers["implied_knots"][1] == pytest.approx(6378 / 60 / 0.5144, rel=1e-3)  # with the slack
    assert rule.numbers[FROM_THE_STATION][0] == pytest.approx(78.1, rel=1e-2)
    assert np.isnan(rule.numbers["implied_knots"][0])
    assert np.isnan(rule.numbers[FROM_THE_STATION][1])


def test_batches_of_any_size_give_the_same_flags(a_filter, position):
    reports = [*_two_ships(position, 30), *_crowd(position, 20), position(400, received_at=START)]
    whole, cut = a_filter({"rule": "plausible"}), a_filter({"rule": "plausible"})
    piecemeal = []
    for report in reports:
        piecemeal += cut.decide([report])
        cut.commit()
    assert [each.flags for each in piecemeal] == [each.flags for each in whole.decide(reports)]


def test_what_it_remembers_goes_on_from_a_journal(position, static):
    reports = [
        static(ship_type=70),
        *_two_ships(position, 30),
        *_crowd(position, 20, sog=50.0),
        position(400, sog=50.0),
    ]
    first, second = PlausibleOptions().build(), PlausibleOptions().build()
    form = form_of(first.members)
    first.judge(of_records(reports[:40], form), np.arange(40))
    for ours, theirs in zip(first.memories, second.memories, strict=True):
        for change in ours.changes():
            theirs.apply(change)
    first.commit()
    rest = of_records(reports[40:], form)
    found = first.judge(rest, np.arange(len(rest))).tolist()
    assert second.judge(rest, np.arange(len(rest))).tolist() == found
    assert {name for flags in found for name in names(flags)} == {"shared_mmsi", "fast", "crowd"}
