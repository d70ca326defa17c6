"""The same transmission heard more than once."""

import pytest

from fairway import records

RULE = {"rule": "duplicate"}


def test_the_same_payload_heard_by_another_station_and_feed_is_dropped(dropped, position):
    first = position(digest=7, station="a", source="coastal.denmark")
    assert dropped(RULE, first, position(1, digest=7, station="b", source="aishub")) == [False, True]


def test_another_payload_is_kept(dropped, position):
    assert dropped(RULE, position(digest=7), position(digest=8)) == [False, False]


def test_the_same_digest_of_another_vessel_or_type_is_kept(dropped, position):
    others = [position(digest=7, mmsi=219000002), position(digest=7, msg_type=3)]
    assert dropped(RULE, position(digest=7), *others) == [False, False, False]


def test_a_row_of_two_archives_is_known_by_ship_moment_and_place(dropped, position):
    row = {"msg_type": None, "ais_class": "A"}
    copy = position(**row, source="archive.other", station="x", sog=None)
    assert dropped(RULE, position(**row), copy) == [False, True]


@pytest.mark.parametrize("change", [{"mmsi": 219000002}, {"lon": 10.00001}, {"lat": None}], ids=str)
def test_a_row_of_another_ship_or_place_is_kept(dropped, position, change):
    assert dropped(RULE, position(msg_type=None), position(msg_type=None, **change)) == [False, False]


def test_a_ship_at_rest_that_says_the_same_again_is_kept(dropped, position):
    assert dropped(RULE, position(0, msg_type=None), position(1, msg_type=None)) == [False, False]


def test_static_data_without_a_digest_are_known_by_all_that_they_say(dropped, static):
    reports = [static(), static(station="x", received_at="2026-01-02T03:09:00.000Z"), static(length=12.5)]
    assert dropped(RULE, *reports) == [False, True, False]


def test_binary_data_without_a_digest_are_known_by_their_content_too(dropped, position):
    usual = {"source": "test", "mmsi": 2190047, "time_source": "provider"}
    usual |= {"event_time": position().event_time, "received_at": position().received_at}
    reports = [records.Binary(**usual, dac=1, fid=31, content={"level_metres": level}) for level in (1, 1, 2)]
    assert dropped(RULE, *reports) == [False, True, False]


def test_a_record_with_a_digest_and_one_without_never_match(dropped, position):
    assert dropped(RULE, position(digest=7), position(), position(digest=0, msg_type=None)) == [False] * 3


@pytest.mark.parametrize(("later", "is_dropped"), [(9.999, True), (10.0, True), (10.001, False)])
def test_the_window_is_ten_seconds_of_event_time(dropped, position, later: float, is_dropped: bool):
    assert dropped(RULE, position(digest=7), position(later, digest=7)) == [False, is_dropped]


def test_a_copy_with_an_earlier_time_is_a_copy(dropped, position):
    assert dropped(RULE, position(5, digest=7), position(0, digest=7)) == [False, True]


def test_copies_do_not_make_the_window_longer(dropped, position):
    reports = [position(at, digest=7) for at in (0, 8, 16)]
    assert dropped(RULE, *reports) == [False, True, False]


def test_a_feed_that_lags_some_minutes_is_recognised(dropped, position):
    live = [position(at, digest=at) for at in range(0, 110, 10)]
    assert dropped(RULE, *live, position(0, digest=0))[-1] is True


def test_a_payload_is_forgotten_after_its_time(dropped, position):
    reports = [position(0, digest=7), position(61, digest=8), position(0, digest=7)]
    assert dropped({**RULE, "memory_seconds": 60}, *reports) == [False, False, False]


def test_an_old_recording_beside_a_live_feed_keeps_its_own_window(dropped, position):
    mixed = [position(86_400, digest=1), position(0, digest=7), position(86_401, digest=2), position(1, digest=7)]
    assert dropped(RULE, *mixed) == [False, False, False, True]


def test_memory_is_bounded_by_count(a_filter, position):
    judge = a_filter({**RULE, "max_payloads": 100})
    judge.decide([position(digest=digest) for digest in range(1000)])
    judge.commit()
    assert judge.memory_sizes() == [100 * 9 // 10]  # a tenth is forgotten at once


def test_memory_is_bounded_by_time(a_filter, position):
    judge = a_filter({**RULE, "memory_seconds": 60})
    for at in range(0, 3600, 10):
        judge.decide([position(at, digest=at)])
        judge.commit()
    assert judge.memory_sizes() == [7]
