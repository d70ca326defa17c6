"""Traffic is the same for the same seed, in order of time, and its truth is what a decoder reads."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice, pairwise
from typing import Any

import pyais
import pytest

from simulator.fleet import ANCHORED, MOORED, make_fleet
from simulator.intervals import class_a_interval
from simulator.traffic import Sent, generate

START = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
FLEET = make_fleet(40, seed=3, stations=("west", "east"))

TRUTH_TO_PYAIS = {"sog": "speed", "cog": "course", "rot": "turn", "nav_status": "status", "name": "shipname"}
NOT_AVAILABLE = {"cog": 360, "heading": 511, "rot": pyais.constants.TurnRate.NO_TI_DEFAULT, "imo": 0}


def hour() -> Iterator[Sent]:
    for sent in generate(FLEET, START):
        if sent.event_time >= START + timedelta(hours=1):
            return
        yield sent


def decoded(sent: Sent) -> dict[str, Any]:
    return pyais.decode(*(sentence.rpartition(b"\\")[2] for sentence in sent.sentences)).asdict()


def test_the_same_arguments_give_the_same_traffic() -> None:
    assert list(islice(generate(FLEET, START), 2000)) == list(islice(generate(FLEET, START), 2000))


def test_another_seed_gives_other_traffic() -> None:
    other = make_fleet(40, seed=4)

    assert next(generate(other, START)).sentences != next(generate(FLEET, START)).sentences


def test_event_times_never_go_back_and_are_whole_milliseconds() -> None:
    times = [sent.event_time for sent in hour()]

    assert all(earlier <= later for earlier, later in pairwise(times))
    assert times[0] >= START
    assert all(time.microsecond % 1000 == 0 for time in times)


def test_every_kind_of_message_is_sent() -> None:
    assert {sent.msg_type for sent in hour()} == {1, 3, 4, 5, 18, 21, 24}


def test_the_truth_is_what_pyais_decodes() -> None:
    for sent in islice(hour(), 5000):
        fields = decoded(sent)
        assert (fields["mmsi"], fields["msg_type"]) == (sent.mmsi, sent.msg_type)
        for name, value in sent.truth.items():
            there = "name" if sent.msg_type == 21 and name == "name" else TRUTH_TO_PYAIS.get(name, name)
            expected = NOT_AVAILABLE.get(name, "" if name == "destination" else 0) if value is None else value
            if name == "rot" and value is not None:
                expected = round(value)  # pyais gives whole degrees a minute
            assert fields[there] == expected, (sent, name)


def test_some_values_are_not_available() -> None:
    missing = {name for sent in hour() for name, value in sent.truth.items() if value is None}

    assert {"cog", "heading", "rot", "imo", "destination"} <= missing


def test_the_second_sent_is_that_of_the_event_time() -> None:
    for sent in islice(hour(), 500):
        if sent.msg_type in (1, 3, 4, 18):
            assert decoded(sent)["second"] == sent.event_time.second


def test_a_base_station_sends_the_time() -> None:
    sent = next(sent for sent in hour() if sent.msg_type == 4)
    fields = decoded(sent)

    time = {part: fields[part] for part in ("year", "month", "day", "hour", "minute", "second")}
    assert datetime(**time, tzinfo=UTC) == sent.event_time.replace(microsecond=0)


def test_ships_report_within_a_tenth_of_their_interval() -> None:
    positions = defaultdict(list)
    for sent in hour():
        if sent.msg_type in (1, 3):
            positions[sent.mmsi].append(sent)
    at_rest = {ship.mmsi for ship in FLEET.ships if ship.nav_status in (ANCHORED, MOORED)}
    for mmsi, reports in positions.items():
        fastest = 2.0 if mmsi not in at_rest else 180.0
        slowest = max(class_a_interval(float(sent.truth["sog"] or 0), 0.0, mmsi in at_rest) for sent in reports)
        gaps = [(later.event_time - earlier.event_time).total_seconds() for earlier, later in pairwise(reports)]
        assert min(gaps) >= fastest * 0.9 - 0.001
        assert max(gaps) <= slowest * 1.1 + 0.001


def test_names_come_within_the_first_minute_and_then_every_six() -> None:
    statics = defaultdict(list)
    for sent in hour():
        if sent.msg_type == 5:
            statics[sent.mmsi].append((sent.event_time - START).total_seconds())

    assert len(statics) == sum(ship.is_class_a for ship in FLEET.ships)
    for times in statics.values():
        assert times[0] <= 60
        assert all(324 <= later - earlier <= 396 for earlier, later in pairwise(times))


def test_no_ship_is_faster_than_the_fastest_ferry() -> None:
    assert all(0 <= float(sent.truth.get("sog") or 0) < 40 for sent in hour())


def test_messages_are_heard_by_the_stations_of_the_fleet() -> None:
    assert {sent.station for sent in islice(hour(), 500)} == {"west", "east"}


def test_live_messages_carry_the_time_they_are_asked_for() -> None:
    clock = [START]
    traffic = generate(FLEET, START, now=lambda: clock[0])

    for seconds in (0, 1, 5, 600):
        clock[0] = START + timedelta(seconds=seconds)
        assert next(traffic).event_time == clock[0]


def test_live_time_never_goes_back_with_the_clock() -> None:
    clock = [START + timedelta(seconds=10)]
    traffic = generate(FLEET, START, now=lambda: clock[0])
    next(traffic)
    clock[0] = START

    assert next(traffic).event_time == START + timedelta(seconds=10)


def test_live_ships_are_where_they_would_be_at_that_time_however_often_they_report() -> None:
    clock = [START]
    ship = next(ship for ship in FLEET.ships if ship.is_class_a and ship.nav_status == 0)
    traffic = generate(FLEET, START, now=lambda: clock[0])
    for sent in islice(traffic, 300):
        clock[0] += timedelta(seconds=1)
        if sent.mmsi == ship.mmsi and sent.msg_type in (1, 3):
            state = ship.motion.at((sent.event_time - START).total_seconds())
            assert sent.truth["lon"] == pytest.approx(state.lon, abs=2e-6)
            assert sent.truth["lat"] == pytest.approx(state.lat, abs=2e-6)


def test_start_may_be_in_any_time_zone_but_must_have_one() -> None:
    elsewhere = START.astimezone(timezone(timedelta(hours=5)))

    assert list(islice(generate(FLEET, elsewhere), 50)) == list(islice(generate(FLEET, START), 50))
    with pytest.raises(ValueError, match="aware"):
        generate(FLEET, START.replace(tzinfo=None))
