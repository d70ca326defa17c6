"""Sentences joined to a payload."""

import pytest

from services.decoder.payload import Payload, join

ONE = "!BSVDM,1,1,,B,15M67FC000G?ufbE`FepT@3n00Sa,0*5F"
TWO = ("!AIVDM,2,1,8,A,53l3sj42A590,0*5B", "!AIVDM,2,2,8,,888880,2*2C")


def test_a_single_sentence_says_who_what_and_where() -> None:
    assert join((ONE,)) == Payload(b"15M67FC000G?ufbE`FepT@3n00Sa", 0, "BS", False, "B")


def test_the_parts_are_joined_and_the_last_one_has_the_fill_bits() -> None:
    assert join(TWO) == Payload(b"53l3sj42A590888880", 2, "AI", False, "A")


def test_vdo_is_the_own_ship() -> None:
    payload = join(("!AIVDO,1,1,,,15M67FC,0*00",))
    assert isinstance(payload, Payload)
    assert (payload.own_ship, payload.channel) == (True, None)


def test_what_follows_the_checksum_does_not_matter() -> None:
    payload = join(("!AIVDM,1,1,,A,15M67FC,2*44,d-080,S2118,1325394060",))
    assert isinstance(payload, Payload)
    assert (payload.text, payload.fill) == (b"15M67FC", 2)


def test_a_whole_character_of_fill_bits_is_known_from_shore_stations() -> None:
    payload = join(("!AIVDM,1,1,,2,601uEP19bi7P04810,6*5D",))
    assert isinstance(payload, Payload)
    assert payload.fill == 6


@pytest.mark.parametrize(
    "sentences",
    [
        (),
        ("",),
        ("!AIVDM",),
        ("!AIVDM,1,1,,A,15M67FC",),  # no fill bits
        ("!AIVDM,1,1,,A,15M67FC,7*00",),
        ("!AIVDM,1,1,,A,15M67FC,x*00",),
        ("!AIVDM,1,1,1,,13aI8e?P00PGpU:NR6s00?vT2000,0,0*1C",),  # one field too many: a known device
        ("!AIABM,1,1,,A,15M67FC,0*00",),
        ("$AIVDM,1,1,,A,15M67FC,0*00",),
        ("!VDM,1,1,,A,15M67FC,0*00",),
        ("!AIVDM,2,1,8,A,53l3sj42A590,0*5B",),  # the second part is not there
        (TWO[1], TWO[0]),
        (TWO[0], TWO[0]),
        (ONE, ONE),
    ],
)
def test_what_has_not_the_fields_is_malformed(sentences: tuple[str, ...]) -> None:
    assert join(sentences) == "malformed"


def test_no_payload_is_empty() -> None:
    assert join(("!AIVDM,1,1,,B,,0*25",)) == "empty"


def test_a_channel_that_is_none_is_null() -> None:
    payload = join(("!AIVDM,1,1,,A\x00,15M67FC,0*00",))
    assert isinstance(payload, Payload)
    assert payload.channel is None


def test_a_second_part_may_be_empty() -> None:
    assert join(("!AIVDM,2,1,8,A,53l3sj42A590,0*5B", "!AIVDM,2,2,8,A,,0*2C")) == Payload(
        b"53l3sj42A590", 0, "AI", False, "A"
    )


def test_letters_of_the_talker_may_be_small_and_those_of_the_payload_are_as_sent() -> None:
    assert join(("!aivdm,1,1,,b,15M67FC000g,0*5f",)) == Payload(b"15M67FC000g", 0, "AI", False, "b")


def test_fill_bits_may_be_left_out() -> None:
    payload = join(("!AIVDM,1,1,,A,15M67FC,*44",))
    assert isinstance(payload, Payload)
    assert payload.fill == 0
