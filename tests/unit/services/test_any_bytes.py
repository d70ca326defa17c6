"""What must hold for any bytes; the long runs are `make fuzz` and `python -m tests.fuzz.mutate`."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import mutate, seeds, target

LINES = seeds.lines(60)


def test_spoiled_lines_never_raise_and_are_all_accounted_for() -> None:
    result = mutate.run(30_000, seed=3)

    assert result["lines"] == 30_000
    assert isinstance(result["records"], int)
    assert result["records"] > 10_000


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=60)), max_size=12))
def test_any_mixture_of_formats_is_accounted_for(lines: list[bytes]) -> None:
    target.check_whole(b"\n".join(lines))
