"""Boxes and their names, as people write them."""

from typing import Any

import pytest

from services.ingest.feeds.zones import Box, Zone, zones_of

DENMARK = Box(54.0, 7.0, 58.0, 16.0)
NORWAY = Box(57.5, 4.0, 72.0, 32.0)


@pytest.mark.parametrize(
    "value",
    [
        "dk:54,7,58,16;no:57.5,4,72,32",
        {"dk": [[54, 7], [58, 16]], "no": [[[57.5, 4], [72, 32]]]},
        {"dk": [[58, 7], [54, 16]], "no": [[[72, 32], [57.5, 4]]]},
    ],
)
def test_a_zone_is_a_name_and_boxes_with_any_two_opposite_corners(value: Any) -> None:
    assert zones_of(value) == (Zone("dk", (DENMARK,)), Zone("no", (NORWAY,)))


def test_boxes_without_names_are_one_zone() -> None:
    both = (Zone("", (DENMARK, NORWAY)),)
    assert zones_of([[[54, 7], [58, 16]], [[57.5, 4], [72, 32]]]) == both
    assert zones_of("54,7,58,16;57.5,4,72,32") == both
    assert zones_of([[54, 7], [58, 16]]) == (Zone("", (DENMARK,)),)


def test_edges_belong_to_a_box() -> None:
    assert DENMARK.holds(54.0, 16.0)
    assert not DENMARK.holds(53.999, 16.0)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("dk:54,7,58", "lat,lon,lat,lon"),
        ("dk:a,7,58,16", "not a box"),
        ([[54, 7]], "not a box"),
        ([], r"a zone is \[\["),
        ({"dk": "everything"}, r"a zone is \[\["),
        ({"dk": [[7, 54], [158, 16]]}, "latitude before longitude"),
        ({"dk": [[7, 154], [16, 158], [1, 2]]}, "not a box"),
        ({"D K": [[54, 7], [58, 16]]}, "lower-case"),
        ([[float("nan"), 7], [58, 16]], "not on the globe"),
    ],
)
def test_what_is_no_zone_is_said(value: Any, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        zones_of(value)
