"""Positions in the order in which they are stored."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.db_inserter.positions import MICROSECONDS_A_DAY, POSITIONS, days, in_order, keys_of

DAY = 20_455
MOMENTS = st.tuples(st.integers(0, 2), st.integers(0, MICROSECONDS_A_DAY // 1000 - 1), st.integers(0, 1_073_741_823))


@given(st.lists(MOMENTS, max_size=40), st.booleans())
def test_rows_are_by_day_then_mmsi_then_time(moments: list[tuple[int, int, int]], is_one_day: bool) -> None:
    rows = POSITIONS.rows(len(moments))
    told = [(DAY + (0 if is_one_day else day), mmsi, milliseconds) for day, milliseconds, mmsi in moments]
    for row, (day, mmsi, milliseconds) in zip(rows, told, strict=True):
        row["mmsi"], row["event_time"] = mmsi, day * MICROSECONDS_A_DAY + milliseconds * 1000
    keys = keys_of(rows)
    assert [told[place] for place in in_order(keys)] == sorted(told)
    assert days(keys) == sorted({day for day, _, _ in told})


def test_keys_are_the_columns_of_any_number_of_rows() -> None:
    for count in 0, 1, 1999, 2000, 2001, 5000:
        rows = POSITIONS.rows(count)
        rows["mmsi"], rows["label"] = np.arange(count), np.arange(count) * 2
        keys = keys_of(rows)
        assert all((keys[name] == rows[name]).all() for name in keys)
