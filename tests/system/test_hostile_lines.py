"""Nothing that a sender puts in a line makes us hold more and more. The long run is part of `make fuzz`."""

import pytest

from tests.fuzz import hostile

LINES = 8_000


@pytest.mark.parametrize("kind", [kind for kind in hostile.KINDS if kind != "rows"])
def test_lines_made_to_fill_memory_do_not(kind: str) -> None:
    half, whole = hostile.held(kind, LINES)

    assert whole < half * 1.2 + 2


def test_a_table_of_ships_that_are_never_the_same_holds_little_for_each() -> None:
    """Its last word of 200,000 ships is remembered, by a number of a few bytes; the long run shows the bound."""
    _, whole = hostile.held("rows", LINES)

    assert whole < 40
