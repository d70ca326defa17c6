"""Messages that are shorter or longer than the standard has them."""

import pytest

from tests.unit.services.decoder.sentences import FULL_LENGTH, bits, decode_bits, reason, sentence, six_bit

# The least number of bits that a message of each type must have
LEAST = {1: 116, 2: 116, 3: 116, 4: 134, 5: 232, 6: 88, 7: 72, 8: 56, 9: 116, 10: 70, 11: 134, 12: 71, 13: 72, 14: 40}
LEAST |= {
    15: 88,
    16: 92,
    17: 75,
    18: 112,
    19: 112,
    20: 70,
    21: 219,
    22: 145,
    23: 154,
    24: 160,
    25: 40,
    26: 40,
    27: 79,
    28: 166,
}


@pytest.mark.parametrize("msg_type", range(1, 29))
def test_a_bit_less_than_the_least_is_too_short(msg_type: int) -> None:
    least = LEAST[msg_type]
    assert decode_bits(msg_type, length=least)["msg_type"] == msg_type
    assert reason(sentence(bits(msg_type, length=least - 1), least - 1)) == "too_short"


@pytest.mark.parametrize("msg_type", range(1, 29))
def test_bits_after_a_full_message_change_nothing(msg_type: int) -> None:
    full = FULL_LENGTH[msg_type]
    mmsi = (8, 30, 219000001)
    longer = decode_bits(msg_type, mmsi, length=full + 36)
    exact = decode_bits(msg_type, mmsi, length=full)
    its_own = {"digest", "data", "bits"}
    assert {name: longer[name] for name in longer if name not in its_own} == {
        name: exact[name] for name in exact if name not in its_own
    }


def test_a_static_report_may_lack_the_end_of_its_destination() -> None:
    spans = ((302, 60, six_bit("COPENHAGEN")), (362, 60, six_bit(" OUTER PRT")))
    number = bits(5, *spans)
    for length, destination in (
        (424, "COPENHAGEN OUTER PRT"),
        (422, "COPENHAGEN OUTER PRT"),
        (420, "COPENHAGEN OUTER PR"),
    ):
        fields = decode_bits(5, (0, length, number >> 424 - length), length=length)
        assert fields["destination"] == destination
        assert fields["dte"] == (True if length > 422 else None)


def test_a_position_without_its_end_has_null_there() -> None:
    fields = decode_bits(1, (61, 28, 600_000), (89, 27, 1_200_000), length=120)
    assert (fields["lon"], fields["lat"]) == (1.0, 2.0)
    assert [fields[name] for name in ("cog", "heading", "second", "raim", "radio")] == [None] * 5


def test_acknowledgements_are_one_to_four() -> None:
    spans = [(40 + 32 * place, 30, 219000000 + place) for place in range(4)]
    for count in range(1, 5):
        fields = decode_bits(7, *spans[:count], length=40 + 32 * count)
        assert [fields[f"dest_mmsi_{place}"] is not None for place in range(1, 5)] == [
            place <= count for place in range(1, 5)
        ]
        assert [fields[f"seqno_{place}"] is not None for place in range(1, 5)] == [
            place <= count for place in range(1, 5)
        ]


def test_a_reservation_of_nothing_is_null_and_an_increment_of_zero_is_not() -> None:
    fields = decode_bits(20, (40, 12, 750), (52, 4, 1), (56, 3, 5), length=104)
    assert (fields["offset_1"], fields["increment_1"], fields["increment_2"], fields["increment_3"]) == (
        750,
        0,
        None,
        None,
    )


def test_an_assignment_is_for_one_station_or_two() -> None:
    one = decode_bits(16, (40, 30, 219000001), (70, 12, 100), length=96)
    assert [one[name] for name in ("dest_mmsi_1", "offset_1", "dest_mmsi_2", "offset_2")] == [
        219000001,
        100,
        None,
        None,
    ]
    two = decode_bits(16, (40, 30, 219000001), (92, 30, 219000002), length=144)
    assert [two[name] for name in ("dest_mmsi_2", "offset_2", "increment_2")] == [219000002, 0, 0]


@pytest.mark.parametrize("length", [88, 110, 160])
def test_an_interrogation_asks_one_to_three_things(length: int) -> None:
    spans = [(40, 30, 219000001), (70, 6, 5), (90, 6, 24), (110, 30, 219000002), (140, 6, 3)]
    fields = decode_bits(15, *[span for span in spans if span[0] + span[1] <= length], length=length)
    asked = [fields[name] for name in ("type_1_1", "type_1_2", "type_2_1")]
    assert asked == {88: [5, None, None], 110: [5, 24, None], 160: [5, 24, 3]}[length]


def test_a_part_that_is_reserved_is_undecodable() -> None:
    for part in (2, 3):
        assert reason(sentence(bits(24, (38, 2, part)), 168)) == "undecodable"


@pytest.mark.parametrize("msg_type", [0, *range(29, 64)])
def test_other_types_are_unknown(msg_type: int) -> None:
    assert reason(sentence(bits(msg_type, length=168), 168)) == "unknown_type"


@pytest.mark.parametrize(
    ("msg_type", "length", "missing"),
    [
        (1, 168, None),
        (1, 149, "radio"),
        (1, 120, "cog,heading,second,maneuver,raim,radio"),
        (5, 424, None),
        (5, 423, None),  # one spare bit
        (5, 422, "dte"),
        (5, 420, "destination,dte"),
        (5, 300, "draught,destination,dte"),
        (18, 140, "cs,display,dsc,band,msg22,assigned,raim,radio"),
        (24, 160, None),  # part A: the spare bits at its end
        (27, 94, "gnss"),
        (28, 168, None),
    ],
)
def test_a_message_cut_short_names_what_it_lacks(msg_type: int, length: int, missing: str | None) -> None:
    assert decode_bits(msg_type, length=length)["missing"] == missing


@pytest.mark.parametrize(
    ("msg_type", "length", "missing"),
    [
        *((7, length, None) for length in (72, 78, 104, 136, 168)),
        (7, 90, "dest_mmsi_2,seqno_2"),
        *((20, length, None) for length in (72, 104, 136, 160)),
        (20, 96, "increment_2"),
        *((15, length, None) for length in (88, 112, 160)),
        (15, 104, "offset_1_2"),
        *((16, length, None) for length in (96, 144)),
        (16, 140, "increment_2"),
        *((14, length, None) for length in (40, 46, 1008)),
        *((8, length, None) for length in (56, 57)),
    ],
)
def test_what_the_standard_lets_a_message_do_without_is_not_missing(
    msg_type: int, length: int, missing: str | None
) -> None:
    assert decode_bits(msg_type, length=length)["missing"] == missing


def test_an_addressed_type_26_may_end_within_its_head() -> None:
    fields = decode_bits(26, (38, 2, 3), length=80)
    assert (fields["dest_mmsi"], fields["missing"]) == (None, "dac,fid,radio")


def test_a_type_6_of_72_bits_is_too_short_unless_it_is_about_persons() -> None:
    assert reason(sentence(bits(6, (40, 10, 1), (50, 6, 17), length=72), 72)) == "too_short"
