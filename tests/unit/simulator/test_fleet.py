"""A fleet is varied, well formed and the same for the same seed."""

import pytest

from simulator.fleet import ANCHORED, MOORED, UNDER_WAY, make_fleet
from simulator.identities import imo_with_check_digit
from simulator.turns import natural_rate


def test_the_same_seed_makes_the_same_fleet() -> None:
    assert make_fleet(50, seed=7) == make_fleet(50, seed=7)
    assert make_fleet(50, seed=7) != make_fleet(50, seed=8)


def test_no_two_stations_share_an_mmsi() -> None:
    fleet = make_fleet(3000)
    numbers = [ship.mmsi for ship in fleet.ships]
    numbers += [base.mmsi for base in fleet.base_stations]
    numbers += [aid.mmsi for aid in fleet.aids]

    assert len(set(numbers)) == len(numbers)


def test_names_are_unique_and_fit_their_field() -> None:
    names = [ship.name for ship in make_fleet(3000).ships]

    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 20


def test_a_small_fleet_has_a_bit_of_everything() -> None:
    fleet = make_fleet(20)

    assert {ship.is_class_a for ship in fleet.ships} == {True, False}
    assert {ship.has_heading for ship in fleet.ships} == {True, False}
    assert {ship.has_rot for ship in fleet.ships if ship.is_class_a} == {True, False}
    assert fleet.base_stations
    assert fleet.aids


def test_some_ships_lie_at_anchor_and_some_at_a_quay() -> None:
    statuses = {ship.nav_status for ship in make_fleet(200).ships}

    assert {UNDER_WAY, ANCHORED, MOORED} <= statuses


def test_stations_hear_ships_in_turn() -> None:
    fleet = make_fleet(6, stations=("west", "east"))

    assert [ship.station for ship in fleet.ships] == ["west", "east"] * 3


def test_an_imo_number_ends_in_its_check_digit() -> None:
    assert imo_with_check_digit(907472) == 9074729


def test_base_stations_and_aids_have_numbers_of_their_own_form() -> None:
    fleet = make_fleet(100)

    assert all(f"{base.mmsi:09}".startswith("00219") for base in fleet.base_stations)
    assert all(str(aid.mmsi).startswith("99219") and len(str(aid.mmsi)) == 9 for aid in fleet.aids)


def test_two_hundred_ships_speak_near_twenty_times_a_second() -> None:
    assert 10 < natural_rate(make_fleet(200)) < 40


@pytest.mark.parametrize("vessels", [0, -1, 1_000_000])
def test_refuses_a_fleet_of_impossible_size(vessels: int) -> None:
    with pytest.raises(ValueError, match="vessels must be"):
        make_fleet(vessels)
